//! What became of a component and its parts: who changed what, and when.

use leptos::prelude::*;

use crate::{
    context::Ask,
    pages::tabs,
    parts::{empty, timeline},
    screen,
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let component = tabs::component(&ask).await?;
        let (project, name) = (&component.project, &component.name);
        let rows = ask
            .ports
            .components
            .history(&ask.viewer, project, name)
            .await?;
        let list = if rows.is_empty() {
            empty::nothing("book", "Nothing was changed yet.", ())
        } else {
            timeline::history(ask.now(), &rows, true)
        };
        let body = view! {
            <section class="band" aria-labelledby="history">
                <header><h2 id="history">"History"</h2><p>"Every change, newest first"</p></header>
                <div data-live="history">{list}</div>
            </section>
        };
        Ok(tabs::within(&ask, &component, "history", (), body))
    })
}
