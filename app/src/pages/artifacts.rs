//! A component's artifacts: numbered, immutable, and where each runs.

use leptos::prelude::*;
use model::{path, view::ArtifactRow};

use crate::{
    context::Ask,
    pages::tabs,
    parts::{empty, hash, moment, pager, version},
    screen,
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let component = tabs::component(&ask).await?;
        let paging = ask.paging();
        let (project, name) = (&component.project, &component.name);
        let found = ask
            .ports
            .components
            .artifacts(&ask.viewer, project, name, &paging)
            .await?;
        let base = path::component_tab(project, name, "artifacts", "");
        let body = if found.items.is_empty() {
            empty::nothing(
                "image",
                "No artifact yet. One is made when a Workload, its declaration and a class are there.",
                view! { <a class="btn" href=path::apply()>"Apply a manifest"</a> },
            )
        } else {
            let rows: Vec<AnyView> = found.items.iter().map(|row| artifact(&ask, row)).collect();
            view! {
                <section class="band" aria-labelledby="artifacts">
                    <header><h2 id="artifacts">"Artifacts"</h2><p>"Same content, same artifact: applying twice makes nothing new"</p></header>
                    <div class="boxed" tabindex="0" role="group" aria-labelledby="artifacts" data-live="artifacts">
                        <table class="table">
                            <thead><tr>
                                <th scope="col">"Artifact"</th><th scope="col">"Version"</th>
                                <th scope="col">"Images"</th><th scope="col">"Class"</th>
                                <th scope="col">"Runs in"</th><th scope="col">"Made"</th>
                            </tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                    {pager::pager(&base, &paging, &found, "")}
                </section>
            }
            .into_any()
        };
        Ok(tabs::within(&ask, &component, "artifacts", (), body))
    })
}

fn artifact(ask: &Ask, row: &ArtifactRow) -> AnyView {
    let images: Vec<AnyView> = row
        .images
        .iter()
        .map(|(container, image)| {
            view! { <div><small>{container.clone()}</small>" "<code>{image.clone()}</code></div> }
                .into_any()
        })
        .collect();
    let environments: Vec<AnyView> = row
        .environments
        .iter()
        .map(|name| view! { <span class="chip">{name.clone()}</span> }.into_any())
        .collect();
    let (class, number) = &row.class;
    view! {
        <tr>
            <th scope="row">{row.number}" "{hash(&row.hash)}</th>
            <td>{version(&row.version)}</td>
            <td>{images}</td>
            <td>{format!("{class} v{number}")}</td>
            <td><span class="chips">{environments}</span></td>
            <td>{moment::ago(ask.now(), row.created)}<br/><small>{format!("by {}", row.by)}</small></td>
        </tr>
    }
    .into_any()
}
