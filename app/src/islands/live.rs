//! A page stays as true as its server: what changed is fetched and put in place, the rest stays.

#![expect(missing_docs, reason = "the macro makes a struct of the arguments")]

use leptos::prelude::*;

use super::browser;

/// Listens to topics, and says honestly how fresh the page is.
#[island]
pub fn Live(
    /// The topics, joined by commas.
    topics: String,
    /// The stream's address.
    address: String,
    /// When the page was drawn, as people read it.
    as_of: String,
) -> impl IntoView {
    browser::keep_fresh(&topics, &address);
    view! {
        <span class="live" id="live" role="status" title="How fresh this page is">
            {format!("as of {as_of}")}
        </span>
    }
}
