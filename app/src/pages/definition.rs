//! The manifests that declare a component, as they are stored.

use leptos::prelude::*;
use model::path;

use crate::{
    context::Ask,
    pages::tabs,
    parts::{command, fold, icon, things, yaml},
    screen,
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let component = tabs::component(&ask).await?;
        let (project, name) = (&component.project, &component.name);
        let parts = ask
            .ports
            .components
            .definition(&ask.viewer, project, name)
            .await?;
        let texts: Vec<AnyView> = parts
            .iter()
            .enumerate()
            .map(|(at, (identity, text))| {
                let id = format!("manifest-{at}");
                let inside = view! {
                    <p class="says">{things::link(identity)}</p>
                    {yaml::yaml(&format!("yaml-{at}"), text)}
                };
                fold(
                    &id,
                    &format!("{} {}", identity.kind, identity.name),
                    at < 4,
                    inside,
                )
            })
            .collect();
        let body = view! {
            <section class="band" aria-labelledby="manifests">
                <header>
                    <h2 id="manifests">"Manifests"</h2>
                    <div class="acts">
                        <a class="btn" data-size="small" href=path::edit_component(project, name)>{icon("gear")}"Edit in a form"</a>
                        <a class="btn" data-size="small" href=path::apply()>{icon("ship")}"Apply a change"</a>
                    </div>
                </header>
                <div class="folds">{texts}</div>
            </section>
            {command::same_by_cli(&[format!("troupe get component {name} -p {project} -o yaml")])}
        };
        Ok(tabs::within(&ask, &component, "definition", (), body))
    })
}
