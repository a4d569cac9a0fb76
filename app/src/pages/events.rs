//! What a component's plane says about it.

use leptos::prelude::*;
use model::view::EventRow;

use crate::{
    context::Ask,
    pages::tabs,
    parts::{empty, moment, state},
    screen,
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let component = tabs::component(&ask).await?;
        let Some(card) = tabs::chosen(&ask, &component) else {
            let body = empty::nothing(
                "layers",
                "The project's pipeline has no environment yet.",
                (),
            );
            return Ok(tabs::within(&ask, &component, "events", (), body));
        };
        if card.artifact.is_none() {
            let body = tabs::not_there(&component, "events", &card.environment);
            return Ok(tabs::within(&ask, &component, "events", (), body));
        }
        let environment = &card.environment.name;
        let rows = ask
            .ports
            .components
            .events(
                &ask.viewer,
                &component.project,
                &component.name,
                environment,
            )
            .await?;
        let list = if rows.is_empty() {
            empty::nothing(
                "bell",
                "Nothing was said lately. Planes forget events after an hour.",
                (),
            )
        } else {
            table(&ask, &rows)
        };
        let body = view! {
            <section class="band" aria-labelledby="events">
                <header><h2 id="events">"Events"</h2>{tabs::pick(&component, "events", environment)}</header>
                <div class="stack" data-live="events">{list}</div>
            </section>
        };
        Ok(tabs::within(&ask, &component, "events", (), body))
    })
}

fn table(ask: &Ask, rows: &[EventRow]) -> AnyView {
    let rows: Vec<AnyView> = rows
        .iter()
        .map(|row| {
            let word = if row.warning {
                state::named("degraded", "s-warn", &row.reason)
            } else {
                state::named("unknown", "s-ok", &row.reason)
            };
            let often = (row.count > 1)
                .then(|| view! { <span class="chip">{format!("{} times", row.count)}</span> });
            view! {
                <tr>
                    <td>{moment::ago(ask.now(), row.at)}</td>
                    <td>{word}</td>
                    <td>{row.message.clone()}" "{often}</td>
                    <td><code>{row.object.clone()}</code></td>
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="boxed" tabindex="0" role="group" aria-labelledby="events">
            <table class="table">
                <thead><tr>
                    <th scope="col">"When"</th><th scope="col">"What"</th>
                    <th scope="col">"It says"</th><th scope="col">"About"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
