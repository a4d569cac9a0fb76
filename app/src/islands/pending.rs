//! Buttons answer at once: a form that was sent says so until the next page is here.

use leptos::prelude::*;

use super::browser;

/// Marks the button that sent a form as busy, and lets a form be sent once.
#[island]
pub fn Pending() -> impl IntoView {
    browser::mark_pending();
    view! { <span hidden></span> }
}
