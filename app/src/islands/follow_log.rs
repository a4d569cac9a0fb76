//! A log as it grows.

#![expect(missing_docs, reason = "the macro makes a struct of the arguments")]

use leptos::prelude::*;

use super::browser;

/// Appends what a stream sends to the log with the id `log`; pauses, wraps, and stays at the end.
#[island]
pub fn FollowLog(
    /// The stream's address.
    address: String,
    /// The mark of the last line on the page; empty without one.
    after: String,
) -> impl IntoView {
    browser::follow(&address, &after);
    view! {
        <span class="acts needs-script">
            <button class="btn" type="button" data-size="small" id="log-follow" aria-pressed="false">
                "Follow"
            </button>
            <button class="btn" type="button" data-size="small" id="log-wrap" aria-pressed="true">
                "Wrap lines"
            </button>
            <span class="live" id="log-state" role="status"></span>
        </span>
    }
}
