//! What the browser loads: every island of the portal, and nothing else.

// Naming the islands is what links them.
pub use app::islands;

/// Wakes every island on the page. The page's bootstrap script calls it once.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
