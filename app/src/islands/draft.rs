//! The preview beside a form keeps up while people type.

use leptos::prelude::*;

use super::browser;

/// Sends the form `[data-draft]` to be previewed whenever typing rests, and puts the preview that
/// comes back in the place of the old one.
#[island]
pub fn Draft() -> impl IntoView {
    browser::keep_preview();
    view! { <span hidden></span> }
}
