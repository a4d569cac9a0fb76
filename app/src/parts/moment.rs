//! Time is relative in the text, exact on hover, and machine-readable.

use jiff::Timestamp;
use leptos::prelude::*;
use model::moment::Moment;

use crate::islands::clock::span;

fn stamp(moment: Moment) -> Timestamp {
    Timestamp::from_microsecond(moment.0).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// To the minute, with its zone.
pub fn exact(moment: Moment) -> String {
    stamp(moment)
        .strftime("%a %-d %b %Y, %H:%M UTC")
        .to_string()
}

/// The hour and minute.
pub fn clock(moment: Moment) -> String {
    stamp(moment).strftime("%H:%M UTC").to_string()
}

fn machine(moment: Moment) -> String {
    stamp(moment).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// "12 min ago".
pub fn ago(now: Moment, moment: Moment) -> AnyView {
    time(now, moment, "ago")
}

/// "12 min", for what lasts.
pub fn age(now: Moment, moment: Moment) -> AnyView {
    time(now, moment, "age")
}

fn time(now: Moment, moment: Moment, form: &'static str) -> AnyView {
    if moment == Moment::default() {
        return view! { <span class="quiet">"never"</span> }.into_any();
    }
    let words = words(now.seconds_since(moment), form);
    view! {
        <time datetime=machine(moment) title=exact(moment) data-form=form>{words}</time>
    }
    .into_any()
}

fn words(seconds: i64, form: &str) -> String {
    crate::islands::clock::words(seconds, form)
}

/// How long something took.
pub fn took(from: Moment, to: Moment) -> String {
    let seconds = to.seconds_since(from).max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 if seconds % 60 != 0 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => span(seconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        let at = Moment(1_773_325_200_000_000);
        assert_eq!(exact(at), "Thu 12 Mar 2026, 14:20 UTC");
        assert_eq!(clock(at), "14:20 UTC");
        assert_eq!(words(5, "ago"), "just now");
        assert_eq!(words(12 * 60, "ago"), "12 min ago");
        assert_eq!(words(26 * 3600, "age"), "26 h");
        assert_eq!(words(-600, "ago"), "in 10 min");
        assert_eq!(took(at, at.plus_seconds(192)), "3 min 12 s");
    }
}
