//! A component's releases: what an artifact became in each environment.

use leptos::prelude::*;
use model::{
    path,
    view::{ComponentView, ReleaseRow},
};

use crate::{
    context::Ask,
    pages::tabs,
    parts::{empty, hash, moment, pager, state, version},
    screen,
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let component = tabs::component(&ask).await?;
        let paging = ask.paging();
        let environment = ask.query("environment");
        let (project, name) = (&component.project, &component.name);
        let found = ask
            .ports
            .components
            .releases(&ask.viewer, project, name, &environment, &paging)
            .await?;
        let base = path::component_tab(project, name, "releases", "");
        let more = if environment.is_empty() {
            String::new()
        } else {
            path::query("environment", &environment)
        };
        let list = if found.items.is_empty() {
            empty::nothing(
                "doc",
                "No release yet. One is rendered when an artifact is bound to an environment.",
                (),
            )
        } else {
            table(&ask, &component, &found.items)
        };
        let body = view! {
            <section class="band" aria-labelledby="releases">
                <header><h2 id="releases">"Releases"</h2>{choice(&component, &environment)}</header>
                <div class="stack" data-live="releases">{list}</div>
                {pager::pager(&base, &paging, &found, &more)}
            </section>
        };
        Ok(tabs::within(&ask, &component, "releases", (), body))
    })
}

/// All environments, or one.
fn choice(component: &ComponentView, environment: &str) -> AnyView {
    let all = path::component_tab(&component.project, &component.name, "releases", "");
    let links: Vec<AnyView> = component
        .environments
        .iter()
        .map(|card| {
            let name = &card.environment.name;
            let address = path::component_tab(&component.project, &component.name, "releases", name);
            let current = (name == environment).then_some("true");
            view! { <a href=address aria-current=current>{card.environment.display_name.clone()}</a> }.into_any()
        })
        .collect();
    view! {
        <nav class="pick" aria-label="Environment">
            <a href=all aria-current=environment.is_empty().then_some("true")>"All"</a>{links}
        </nav>
    }
    .into_any()
}

fn table(ask: &Ask, component: &ComponentView, rows: &[ReleaseRow]) -> AnyView {
    let rows: Vec<AnyView> = rows
        .iter()
        .map(|row| {
            let address = path::release(&component.project, &component.name, &row.environment, row.number);
            let current = row.current.then(|| state::named("healthy", "s-ok", "Should run"));
            view! {
                <tr>
                    <th scope="row"><a href=address>{format!("Release {}", row.number)}</a></th>
                    <td>{row.environment.clone()}</td>
                    <td>{version(&row.version)}" "<small>{format!("artifact {}", row.artifact)}</small></td>
                    <td>{hash(&row.hash)}</td>
                    <td class="num">{row.objects}</td>
                    <td>{current}</td>
                    <td>{moment::ago(ask.now(), row.created)}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="boxed" tabindex="0" role="group" aria-labelledby="releases">
            <table class="table">
                <thead><tr>
                    <th scope="col">"Release"</th><th scope="col">"Environment"</th>
                    <th scope="col">"Version"</th><th scope="col">"Content"</th>
                    <th scope="col" class="num">"Objects"</th><th scope="col">"State"</th>
                    <th scope="col">"Made"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
