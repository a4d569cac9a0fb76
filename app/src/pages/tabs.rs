//! What all parts of a component's page share: its head, its tabs, its environments to choose from.

use leptos::prelude::*;
use model::{
    health::Health,
    identity::Identity,
    kind::Kind,
    path,
    port::Answer,
    view::{ComponentView, EnvironmentCard, EnvironmentName},
};

use crate::{
    context::Ask,
    parts::{empty, icon, state, things},
    screen::{Place, Screen},
};

/// A tab: the last part of its address, and its word.
pub const TABS: [(&str, &str); 8] = [
    ("", "Overview"),
    ("artifacts", "Artifacts"),
    ("releases", "Releases"),
    ("runtime", "Runtime"),
    ("events", "Events"),
    ("logs", "Logs"),
    ("definition", "Definition"),
    ("history", "History"),
];

/// The component that the address names.
///
/// # Errors
/// When it isn't there, or isn't theirs to see.
pub async fn component(ask: &Ask) -> Answer<ComponentView> {
    let (project, name) = (ask.param("project"), ask.param("component"));
    ask.ports
        .components
        .find(&ask.viewer, &project, &name)
        .await
}

/// The worst of what should run somewhere.
pub fn worst(component: &ComponentView) -> Option<Health> {
    let placed = component
        .environments
        .iter()
        .filter(|card| card.artifact.is_some());
    placed.map(|card| card.health).max()
}

/// A tab's content under the component's head.
pub fn within(
    ask: &Ask,
    component: &ComponentView,
    tab: &str,
    before_tabs: impl IntoView + 'static,
    body: impl IntoView + 'static,
) -> Screen {
    let word = TABS
        .iter()
        .find(|(own, _)| *own == tab)
        .map_or("Overview", |(_, word)| *word);
    let links: Vec<AnyView> = TABS
        .iter()
        .map(|(own, word)| {
            let address = match *own {
                "" => path::component(&component.project, &component.name),
                own => path::component_tab(&component.project, &component.name, own, ""),
            };
            let current = (*own == tab).then_some("page");
            view! { <a href=address aria-current=current>{*word}</a> }.into_any()
        })
        .collect();
    let whole = view! {
        {head(ask, component)}
        {before_tabs.into_any()}
        <nav class="tabs" aria-label=component.name.clone()>{links}</nav>
        {body.into_any()}
    };
    let mark = state::mark(worst(component));
    let own = path::component(&component.project, &component.name);
    let screen = if tab.is_empty() {
        Screen::new(&component.display_name, Place::Projects, whole)
            .titled(format!("{mark}{}", component.display_name))
    } else {
        Screen::new(word, Place::Projects, whole)
            .under(&component.display_name, own)
            .titled(format!(
                "{mark}{}, {}",
                component.display_name,
                word.to_lowercase()
            ))
    };
    screen
        .under_first(
            &component.project_display_name,
            path::project(&component.project),
        )
        .live(&[format!(
            "component/{}/{}",
            component.project, component.name
        )])
}

fn head(ask: &Ask, component: &ComponentView) -> AnyView {
    let organization = &ask.viewer.organization;
    let own = Identity::in_project(
        Kind::Component,
        organization,
        &component.project,
        &component.name,
    );
    let class = component
        .component_type
        .class()
        .zip(component.class.as_ref());
    let class = class.map(|(kind, (name, version))| {
        let address = path::resource(&Identity::in_organization(kind, organization, name));
        view! { <a class="row" href=address>{icon("stencil")}{format!("{name} v{version}")}</a> }
    });
    let health = worst(component).map(state::state);
    let deleting = component
        .deleting
        .then(|| state::named("denied", "s-no", "Being deleted"));
    let says = component.description.clone();
    let says = (!says.is_empty()).then(|| view! { <p class="says">{says}</p> });
    view! {
        <header class="head" data-live="head">
            <div>
                <h1>{component.display_name.clone()}</h1>
                <p class="sub">
                    {health}{deleting}
                    <span class="row">{icon(things::sign(component.component_type))}{component.component_type.label()}</span>
                    {class}
                </p>
                {says}
            </div>
            <div class="acts">
                <a class="btn" href=path::edit_component(&component.project, &component.name)>{icon("gear")}"Edit"</a>
                <button
                    class="btn" type="button" data-only="icon" popovertarget="more" id="more-button"
                    aria-label="More"
                >{icon("more")}</button>
            </div>
        </header>
        <div class="menu" id="more" popover>
            <a href=path::resource(&own)>{icon("doc")}"Manifest"</a>
            <a href=path::resource_delete(&own)>{icon("bin")}"Delete"</a>
        </div>
    }
    .into_any()
}

/// The environment asked for, else the first that fails, else the first where something should run.
pub fn chosen<'a>(ask: &Ask, component: &'a ComponentView) -> Option<&'a EnvironmentCard> {
    let asked = ask.query("environment");
    let all = &component.environments;
    let named = |card: &&EnvironmentCard| card.environment.name == asked;
    let failing =
        |card: &&EnvironmentCard| card.artifact.is_some() && card.health == Health::Degraded;
    all.iter()
        .find(named)
        .or_else(|| all.iter().find(failing))
        .or_else(|| all.iter().find(|card| card.artifact.is_some()))
        .or_else(|| all.first())
}

/// What a tab shows of an environment that the component was never brought to.
pub fn not_there(component: &ComponentView, tab: &str, environment: &EnvironmentName) -> AnyView {
    let sentence = format!(
        "It isn't in {} yet, so there is nothing to see here.",
        environment.display_name
    );
    view! {
        <div class="row">{pick(component, tab, &environment.name)}</div>
        <div class="stack" data-live=tab.to_owned()>{empty::nothing("layers", &sentence, ())}</div>
    }
    .into_any()
}

/// Links to the same tab in each environment.
pub fn pick(component: &ComponentView, tab: &str, environment: &str) -> AnyView {
    let links: Vec<AnyView> = component
        .environments
        .iter()
        .map(|card| {
            let name = &card.environment.name;
            let address = path::component_tab(&component.project, &component.name, tab, name);
            let (tone, shape) = match card.artifact {
                Some(_) => state::look(card.health),
                None => ("none", "s-none"),
            };
            view! {
                <a href=address aria-current=(name == environment).then_some("true")>
                    <span class="state" data-state=tone>{icon(shape)}</span>
                    {card.environment.display_name.clone()}
                </a>
            }
            .into_any()
        })
        .collect();
    view! { <nav class="pick" aria-label="Environment" data-live="pick">{links}</nav> }.into_any()
}
