//! All projects, searched by name.

use leptos::prelude::*;
use model::path;

use crate::{
    context::Ask,
    pages::home::{card, first_steps, projects},
    parts::{empty, icon, pager},
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let paging = ask.paging();
        let found = ask.ports.projects.list(&ask.viewer, &paging).await?;
        if found.total == 0 && paging.search.is_empty() {
            return Ok(Screen::new("Projects", Place::Projects, first_steps()));
        }
        let rows = if found.items.is_empty() {
            let all = view! { <a class="btn" href=path::projects()>"All projects"</a> };
            empty::nothing(
                "search",
                &format!("No project is called “{}”.", paging.search),
                all,
            )
        } else {
            let kept = ask.ports.find.favourites(&ask.viewer).await?;
            let cards = found.items.iter().map(|row| card(&ask, row, &kept));
            let cards: Vec<AnyView> = cards.collect();
            view! { <h2 class="sr">"Projects by name"</h2>
            <ul class="grid" data-at="wide" data-live="projects">{cards}</ul> }
            .into_any()
        };
        let body = view! {
            <header class="head">
                <div><h1>"Projects"</h1><p class="sub">{projects(found.total)}</p></div>
                <div class="acts"><a class="btn" href=path::new_project()>{icon("plus")}"New project"</a></div>
            </header>
            <form class="filters" action=path::projects()>
                <div class="field">
                    <label for="of">"Name contains"</label>
                    <input class="input" type="search" id="of" name="search" value=paging.search.clone()/>
                </div>
                <button class="btn">"Search"</button>
            </form>
            {rows}
            {pager::pager(&path::projects(), &paging, &found, "")}
        };
        Ok(Screen::new("Projects", Place::Projects, body).live(&["home".into()]))
    })
}
