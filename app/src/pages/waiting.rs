//! What waits for something that isn't there yet.

use leptos::prelude::*;
use model::{moment::Moment, path, view::WaitingRow};

use crate::{
    context::Ask,
    parts::{empty, icon, moment, things},
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let rows = ask.ports.overview.waiting(&ask.viewer).await?;
        let list = if rows.is_empty() {
            empty::nothing(
                "s-ok",
                "Nothing waits. What names something that isn't there yet would stand here, and \
                 go on by itself when it arrives.",
                (),
            )
        } else {
            let rows: Vec<AnyView> = rows.iter().map(|each| row(ask.now(), each)).collect();
            view! { <ul class="list">{rows}</ul> }.into_any()
        };
        let says = match rows.len() {
            0 => "All that was declared is complete".to_owned(),
            1 => "One thing was declared that names something missing".to_owned(),
            more => format!("{more} things were declared that name something missing"),
        };
        let body = view! {
            <header class="head">
                <div><h1>"Waiting"</h1><p class="sub">{says}</p></div>
                <div class="acts"><a class="btn" href=path::apply()>{icon("ship")}"Apply what is missing"</a></div>
            </header>
            <div class="stack" data-live="waiting">{list}</div>
        };
        Ok(Screen::new("Waiting", Place::Waiting, body).live(&["waiting".into()]))
    })
}

/// One thing that waits, in a list.
pub fn row(now: Moment, row: &WaitingRow) -> AnyView {
    let why = row.why.clone();
    let why = (!why.is_empty()).then(|| view! { {why}", " });
    view! {
        <li data-state="waiting">
            {icon("s-clock")}
            <div>
                <p>{things::link(&row.who)}" waits for "<b>{row.for_what.clone()}</b></p>
                <p class="says">{why}"for "{moment::age(now, row.since)}</p>
            </div>
            <div class="acts"></div>
        </li>
    }
    .into_any()
}
