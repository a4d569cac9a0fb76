//! Lists of suggestions keep up while people type.

use leptos::prelude::*;

use super::browser;

/// Fills each `<datalist data-suggest>` anew with what fits what is typed into a field that uses it.
#[island]
pub fn Suggest() -> impl IntoView {
    browser::suggest();
    view! { <span hidden></span> }
}
