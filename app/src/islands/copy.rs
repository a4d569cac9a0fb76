//! A button that copies what another element says.

#![expect(missing_docs, reason = "the macro makes a struct of the arguments")]

use leptos::prelude::*;

use super::browser;

/// Not written into the element: what never changes is taken as text, and this is markup.
const SIGN: &str = "<use href=\"/icons.svg#copy\"></use>";

/// Copies the text of the element with the id `of`.
#[island]
pub fn Copy(
    /// The element's id.
    of: String,
    /// What the button says it does.
    label: String,
) -> impl IntoView {
    let done = RwSignal::new(false);
    let said = label.clone();
    let words = move || {
        if done.get() {
            "Copied".to_owned()
        } else {
            said.clone()
        }
    };
    let copy = move |_| browser::copy(&of, move || done.set(true));
    view! {
        <button
            class="btn copy" type="button" data-kind="bare" data-size="small" data-only="icon"
            aria-label=words title=label data-done=move || done.get().then_some("") on:click=copy
        >
            <svg class="i" aria-hidden="true" inner_html=SIGN></svg>
        </button>
    }
}
