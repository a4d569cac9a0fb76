//! A text of code gets numbers beside its lines, marks on those that are wrong, and the fields that
//! may stand where the caret is.

#![expect(missing_docs, reason = "the macro makes a struct of the arguments")]

use leptos::prelude::*;

use super::browser;

/// Watches the textarea with the id `of`.
#[island]
pub fn Editor(
    /// The textarea's id.
    of: String,
    /// The page that lists fields, up to the path that is asked for.
    fields: String,
    /// The lines that are wrong, with commas between them.
    wrong: String,
) -> impl IntoView {
    browser::edit(&of, &fields, &wrong);
    view! { <span hidden></span> }
}
