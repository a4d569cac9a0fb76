//! Relative times stay true while a page is open.

use leptos::prelude::*;

use super::browser;

/// How long, in the one unit that says enough.
pub fn span(seconds: i64) -> String {
    let seconds = seconds.abs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// The words for a time so many seconds ago, in the form `ago` or `age`.
pub fn words(seconds: i64, form: &str) -> String {
    match (form, seconds) {
        ("age", _) => span(seconds),
        (_, 0..45) => "just now".into(),
        (_, 0..) => format!("{} ago", span(seconds.max(60))),
        (_, _) => format!("in {}", span(seconds)),
    }
}

/// Renews every `<time data-form>` of the page once a minute.
#[island]
pub fn Clock() -> impl IntoView {
    browser::keep_time();
    view! { <span hidden></span> }
}
