//! A component at a glance: where it runs and how, what failed, what it offers and whom it calls.

use leptos::prelude::*;
use model::{
    health::Health,
    kind::component::ComponentType,
    path,
    view::{Action, ComponentView, ConnectionRow, EndpointRow, EnvironmentCard},
};

use crate::{
    context::Ask,
    pages::{new_version, tabs, waiting},
    parts::{acts, behind, command, icon, log, moment, remedy, state, timeline, version},
    screen::{self, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let component = tabs::component(&ask).await?;
        Ok(draw(&ask, &component))
    })
}

fn draw(ask: &Ask, component: &ComponentView) -> Screen {
    let cards: Vec<AnyView> = component
        .environments
        .iter()
        .map(|card| environment(ask, component, card))
        .collect();
    let note = component.note.clone().map(|note| {
        view! { <div class="banner">{icon("note")}<p>{note}</p></div> }
    });
    let before = view! {
        {note}
        <section aria-labelledby="environments">
            <h2 class="sr" id="environments">"Environments"</h2>
            <ul class="envs" data-live="environments">{cards}</ul>
        </section>
        <div class="stack" data-live="failures">{failures(ask, component)}</div>
    };
    let body = view! {
        <div class="cols">
            <div class="stack" data-gap="wide" data-live="overview">
                {waits(ask, component)}
                {deployments(ask, component)}
            </div>
            <div class="stack">
                {new_version::card(ask, component)}
                <div class="stack" data-live="aside">
                {newest(ask, component)}
                {endpoints(&component.endpoints)}
                {connections(&component.connections)}
                </div>
            </div>
        </div>
        {command::same_by_cli(&[
            format!("troupe deploy {} -p {} --image IMAGE", component.name, component.project),
            acts::command(&component.project, &component.name,
                tabs::chosen(ask, component).map_or("development", |card| &card.environment.name),
                if component.component_type == ComponentType::ScheduledTask { Action::Run } else { Action::Restart }),
            format!("troupe get component {} -p {} -o yaml", component.name, component.project),
            format!("troupe logs {} -p {} --environment {}", component.name, component.project,
                tabs::chosen(ask, component).map_or("development", |card| &card.environment.name)),
        ])}
    };
    tabs::within(ask, component, "", before, body)
}

fn environment(ask: &Ask, component: &ComponentView, card: &EnvironmentCard) -> AnyView {
    let name = card.environment.display_name.clone();
    let Some(artifact) = card.artifact else {
        return view! {
            <li class="env" data-state="none">
                <header><h3>{name}</h3>{state::named("none", "s-none", "Nothing here")}{acts::menu(&ask.viewer, component, card, false)}</header>
                <p class="says">"No artifact is bound to this environment yet."</p>
            </li>
        }
        .into_any();
    };
    let (tone, _) = state::look(card.health);
    let word = state::wanted(card.state).map_or_else(
        || state::state(card.health),
        |word| state::says(Health::Suspended, word),
    );
    let release = card.release.map(|number| {
        let address = path::release(
            &component.project,
            &component.name,
            &card.environment.name,
            number,
        );
        view! { <a href=address>{format!("release {number}")}</a>", " }
    });
    let pods = (card.wanted > 0).then(|| format!("{} of {} pods ready, ", card.ready, card.wanted));
    let sentence = if card.health == Health::Healthy {
        String::new()
    } else {
        card.sentence.clone()
    };
    let sentence = (!sentence.is_empty()).then(|| view! { <p>{sentence}</p> });
    let blocked: Vec<AnyView> = card
        .blocked
        .iter()
        .map(|why| {
            view! { <p class="why" data-state="changed">{icon("s-warn")}<span>{why.clone()}</span></p> }.into_any()
        })
        .collect();
    let simulated = card
        .simulated
        .then(|| view! { <span class="chip">"simulated"</span> });
    view! {
        <li class="env" data-state=tone>
            <header><h3>{name}</h3>{word}{acts::menu(&ask.viewer, component, card, false)}</header>
            <p class="row">{version(&card.version)}<small>{format!("artifact {artifact}")}</small>{behind(card.behind)}</p>
            {sentence}
            <p class="says">{release}{pods}"for "{moment::age(ask.now(), card.since)}</p>
            {blocked}
            <footer>{addresses(&card.addresses)}<span class="row">{icon("server")}{card.plane.clone()}{simulated}</span></footer>
        </li>
    }
    .into_any()
}

/// Addresses from outside; only such as a browser opens.
fn addresses(all: &[String]) -> Vec<AnyView> {
    all.iter()
        .map(|address| {
            let bare = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest).to_owned();
            if address.starts_with("http://") || address.starts_with("https://") {
                view! {
                    <a class="chip" href=address.clone() rel="external noreferrer">{icon("open")}{bare}</a>
                }
                .into_any()
            } else {
                view! { <span class="chip">{address.clone()}</span> }.into_any()
            }
        })
        .collect()
}

/// Each environment where it fails: the sentence, the last lines, the next step.
pub fn failures(ask: &Ask, component: &ComponentView) -> Vec<AnyView> {
    let failing = |card: &&EnvironmentCard| {
        card.artifact.is_some() && matches!(card.health, Health::Degraded | Health::Missing)
    };
    component
        .environments
        .iter()
        .filter(failing)
        .map(|card| failure(ask, component, card, true))
        .collect()
}

/// Why it fails in one environment, in plain words; with the way to its objects from elsewhere.
pub fn failure(
    ask: &Ask,
    component: &ComponentView,
    card: &EnvironmentCard,
    elsewhere: bool,
) -> AnyView {
    let environment = &card.environment.name;
    let id = format!("failure-{environment}");
    let tab = |tab| path::component_tab(&component.project, &component.name, tab, environment);
    let lines = (!card.last_lines.is_empty()).then(|| {
        view! {
            <h3>"Its last lines"</h3>
            {log::log("Last lines of the failing container", &card.last_lines)}
        }
    });
    let objects = elsewhere.then(|| {
        view! { <a class="btn" data-size="small" href=tab("runtime")>{icon("cube")}"What is on the plane"</a> }
    });
    view! {
        <section class="plain" aria-labelledby=id.clone()>
            <div>
                <h2 id=id.clone()>{format!("In {}: {}", card.environment.display_name, card.sentence)}</h2>
                <p class="says">
                    "For "{moment::age(ask.now(), card.since)}", with "{version(&card.version)}
                    {format!(" (artifact {}).", card.artifact.unwrap_or_default())}
                </p>
                {lines}
            </div>
            <div>
                <p><b>"Next step: "</b>{remedy::remedy(&card.sentence)}</p>
                <div class="acts">
                    {objects}
                    <a class="btn" data-size="small" href=tab("logs")>{icon("term")}"Log"</a>
                    <a class="btn" data-size="small" data-kind="bare" href=tab("events")>{icon("bell")}"Events"</a>
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn waits(ask: &Ask, component: &ComponentView) -> Option<AnyView> {
    if component.waiting.is_empty() {
        return None;
    }
    let rows: Vec<AnyView> = component
        .waiting
        .iter()
        .map(|row| waiting::row(ask.now(), row))
        .collect();
    Some(
        view! {
            <section class="band" aria-labelledby="waits">
                <header><h2 id="waits">"Waits for"</h2></header>
                <ul class="list">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

fn deployments(ask: &Ask, component: &ComponentView) -> AnyView {
    let all = path::component_tab(&component.project, &component.name, "releases", "");
    let content = if component.deployments.is_empty() {
        view! { <p class="says">"Nothing was deployed yet. The first artifact goes to the first environment by itself."</p> }
            .into_any()
    } else {
        timeline::deployments(ask.now(), &component.deployments, false)
    };
    view! {
        <section class="band" aria-labelledby="deployments">
            <header><h2 id="deployments">"Deployments"</h2><a href=all class="says">"All releases"</a></header>
            {content}
        </section>
    }
    .into_any()
}

fn newest(ask: &Ask, component: &ComponentView) -> Option<AnyView> {
    let artifact = component.artifacts.first()?;
    let all = path::component_tab(&component.project, &component.name, "artifacts", "");
    let images: Vec<AnyView> = artifact
        .images
        .iter()
        .map(|(container, image)| {
            view! { <dt>{container.clone()}</dt><dd><code>{image.clone()}</code></dd> }.into_any()
        })
        .collect();
    Some(
        view! {
            <section class="card" aria-labelledby="newest">
                <header><h2 id="newest">{format!("Artifact {}", artifact.number)}</h2><a class="says" href=all>"All"</a></header>
                <p class="row">{version(&artifact.version)}{crate::parts::hash(&artifact.hash)}</p>
                <dl class="facts">
                    {images}
                    <dt>"Made"</dt><dd>{moment::ago(ask.now(), artifact.created)}" by "{artifact.by.clone()}</dd>
                </dl>
            </section>
        }
        .into_any(),
    )
}

fn endpoints(rows: &[EndpointRow]) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let rows: Vec<AnyView> = rows
        .iter()
        .map(|row| {
            view! {
                <dt>{row.name.clone()}</dt>
                <dd>
                    <code>{row.uri.clone()}</code><br/>
                    <span class="quiet">{format!("{}, {}, in {}", row.endpoint_type, reach(row), row.environment)}</span>
                </dd>
            }
            .into_any()
        })
        .collect();
    Some(
        view! {
            <section class="card" aria-labelledby="endpoints">
                <header><h2 id="endpoints">"Endpoints"</h2></header>
                <dl class="facts">{rows}</dl>
            </section>
        }
        .into_any(),
    )
}

fn reach(row: &EndpointRow) -> &'static str {
    use model::kind::value::Exposure;
    match row.exposure {
        Exposure::Project => "seen by its project only",
        Exposure::Organization => "seen by the organization",
        Exposure::Public => "seen by the internet",
    }
}

fn connections(rows: &[ConnectionRow]) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let rows: Vec<AnyView> = rows
        .iter()
        .map(|row| {
            let address = path::component(&row.project, &row.component);
            let inject: Vec<AnyView> = row
                .inject
                .iter()
                .map(|(name, template)| {
                    view! { <code title=template.clone()>{name.clone()}</code>" " }.into_any()
                })
                .collect();
            view! {
                <li>
                    {icon("arrow")}
                    <span>
                        <a href=address>{row.component.clone()}</a>
                        <span class="quiet">{format!(" {}", row.endpoint)}</span>" "{inject}
                    </span>
                </li>
            }
            .into_any()
        })
        .collect();
    Some(
        view! {
            <section class="card" aria-labelledby="calls">
                <header><h2 id="calls">"Calls"</h2></header>
                <ul class="words">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}
