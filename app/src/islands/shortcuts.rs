//! Keys for what people do often, and a dialog that names them.

use leptos::prelude::*;

use super::browser;

/// What is pressed, and what it does.
const KEYS: [(&str, &str); 11] = [
    ("/", "Search, or jump to something"),
    ("Ctrl K", "The same, also while typing (⌘ K on a Mac)"),
    ("g h", "Go home"),
    ("g p", "Go to projects"),
    ("g e", "Go to environments"),
    ("g w", "Go to what waits"),
    ("g l", "Go to planes"),
    ("g c", "Go to classes"),
    ("g r", "Go to all resources"),
    ("g a", "Go to apply"),
    ("?", "Show these keys"),
];

/// Takes keys that are pressed outside of fields.
#[island]
pub fn Shortcuts() -> impl IntoView {
    browser::take_keys();
    let rows: Vec<_> = KEYS
        .into_iter()
        .map(|(keys, does)| {
            let keys: Vec<_> = keys
                .split(' ')
                .map(|key| view! { <kbd>{key}</kbd> })
                .collect();
            view! { <dt>{keys}</dt><dd>{does}</dd> }
        })
        .collect();
    view! {
        <dialog class="keys-dialog" id="keys" aria-labelledby="keys-title">
            <h2 id="keys-title">"Keys"</h2>
            <dl class="facts">{rows}</dl>
            <form method="dialog"><button class="btn">"Close"</button></form>
        </dialog>
    }
}
