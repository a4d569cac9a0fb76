//! Go anywhere, do anything: a dialog over the page. Without a script there is the search page.

#![expect(missing_docs, reason = "the macro makes a struct of the arguments")]

use leptos::prelude::*;

use super::browser;

/// Not written into the element: what never changes is taken as text, and this is markup.
const SIGN: &str = "<use href=\"/icons.svg#search\"></use>";

/// Opens with Ctrl or Cmd and K, and with `/`.
#[island]
pub fn Palette(
    /// Where its options come from.
    address: String,
    /// Whose pages are remembered as recent.
    viewer: String,
) -> impl IntoView {
    browser::open_palette(&address, &viewer);
    view! {
        <dialog class="palette" id="palette" aria-label="Search or jump to">
            <form action="/search" role="search">
                <svg class="i" aria-hidden="true" inner_html=SIGN></svg>
                <input
                    id="palette-field" name="q" type="text" role="combobox" aria-expanded="true"
                    aria-controls="hits" aria-autocomplete="list" aria-label="Search or jump to"
                    placeholder="Search or jump to" autocomplete="off" spellcheck="false"
                />
                <kbd>"esc"</kbd>
            </form>
            <div class="hits" id="hits" role="listbox" aria-label="Results" tabindex="-1"></div>
            <footer class="keys">
                <span><kbd>"↑"</kbd><kbd>"↓"</kbd>" choose"</span>
                <span><kbd>"↵"</kbd>" go"</span>
                <span><kbd>"Ctrl"</kbd><kbd>"↵"</kbd>" new tab"</span>
            </footer>
        </dialog>
    }
}
