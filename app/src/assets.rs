//! Where the browser finds the style sheet and the islands; the server knows, pages only link.

/// The addresses of the files that belong to this build.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assets {
    /// The one style sheet.
    pub css: String,
    /// The islands' script; without it pages are links and forms.
    pub js: Option<String>,
    /// The wasm that the script loads.
    pub wasm: Option<String>,
    /// A name for the whole set; a page of another build reloads itself.
    pub build: String,
}
