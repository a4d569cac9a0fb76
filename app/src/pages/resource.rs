//! One resource: its manifest, what became of it, and who refers to it.

use leptos::prelude::*;
use model::{identity::Identity, kind::Kind, path, problem::Problem, view::ResourceView};

use crate::{
    context::Ask,
    pages::{
        resource_compare,
        resources::{links, named, place},
    },
    parts::{command, count, icon, moment, timeline, yaml},
    screen::{self, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let identity = asked(&ask)?;
        let found = ask.ports.manifests.find(&ask.viewer, &identity).await?;
        Ok(draw(&ask, &found))
    })
}

/// The resource that the address names.
///
/// # Errors
/// When there is no such kind.
pub fn asked(ask: &Ask) -> Result<Identity, Problem> {
    let kind = named(ask)?;
    Ok(Identity::in_component(
        kind,
        &ask.viewer.organization,
        &ask.query("project"),
        &ask.query("component"),
        &ask.param("name"),
    ))
}

fn draw(ask: &Ask, found: &ResourceView) -> Screen {
    let own = &found.row.identity;
    let page_of = match own.kind {
        Kind::Project => Some(path::project(&own.name)),
        Kind::Component => Some(path::component(&own.project, &own.name)),
        kind if kind.is_class() => Some(path::class(own)),
        Kind::DeploymentPipeline => Some(path::pipeline(&own.name)),
        Kind::Environment => Some(path::environment(&own.name)),
        _ if !own.component.is_empty() => Some(path::component(&own.project, &own.component)),
        _ => None,
    };
    let own_page = match own.kind {
        Kind::DataPlane | Kind::BuildPlane => {
            Some((path::plane(own.kind, &own.name), "See the plane"))
        }
        Kind::ConfigurationGroup => Some((path::configuration_group(&own.name), "See the matrix")),
        kind if kind.is_class() => Some((path::class(own), "See who uses it")),
        _ => page_of.map(|address| (address, "See it run")),
    };
    let open = own_page
        .map(|(address, words)| view! { <a class="btn" href=address>{icon("arrow")}{words}</a> });
    let note = found
        .note
        .clone()
        .map(|note| view! { <div class="banner">{icon("note")}<p>{note}</p></div> });
    let history = if found.history.is_empty() {
        view! { <p class="says">"Nothing is known of its past."</p> }.into_any()
    } else {
        timeline::history(ask.now(), &found.history, false)
    };
    let compare = match found.history.as_slice() {
        [newest, before, ..] => Some(resource_compare::choose(
            own,
            &found.history,
            before.sequence,
            newest.sequence,
        )),
        _ => None,
    };
    let body = view! {
        <header class="head">
            <div>
                <h1>{own.name.clone()}</h1>
                <p class="sub">
                    <span>{own.kind.as_str()}</span>
                    <span>{format!("generation {}", found.row.generation)}</span>
                    <span>"changed "{moment::ago(ask.now(), found.row.updated)}" by "{found.row.by.clone()}</span>
                </p>
            </div>
            <div class="acts">
                {open}
                <a class="btn" href=path::resource_edit(own)>{icon("doc")}"Edit as YAML"</a>
                <a class="btn" data-kind="bad" href=path::resource_delete(own)>{icon("bin")}"Delete"</a>
            </div>
        </header>
        {note}
        <div class="cols">
            <div class="stack" data-gap="wide">
                <section class="band" aria-labelledby="manifest">
                    <header><h2 id="manifest">"Manifest"</h2><p>"Secrets are masked"</p></header>
                    {yaml::yaml("yaml", &found.yaml)}
                </section>
                <section class="band" aria-labelledby="history">
                    <header><h2 id="history">"History"</h2></header>{compare}{history}
                </section>
            </div>
            <div class="stack">{used_by(found)}{versions(ask, found)}</div>
        </div>
        {command::same_by_cli(&commands(own))}
    };
    Screen::new(&own.name, place(own.kind), body)
        .titled(format!("{} {}", own.kind, own.name))
        .under("All resources", path::resource_kinds())
        .under(own.kind.as_str(), path::resources(own.kind))
}

fn commands(own: &Identity) -> Vec<String> {
    let thing = format!(
        "{} {}{}",
        own.kind.as_str().to_lowercase(),
        own.name,
        command::owner(own)
    );
    vec![
        format!("troupe get {thing} -o yaml"),
        format!("troupe edit {thing}"),
        format!("troupe history {thing}"),
    ]
}

fn used_by(found: &ResourceView) -> AnyView {
    let number = i64::try_from(found.used_by.len()).unwrap_or_default();
    let content = if found.used_by.is_empty() {
        view! { <p class="says">"Nothing refers to it."</p> }.into_any()
    } else {
        links(&found.used_by)
    };
    view! {
        <section class="card" aria-labelledby="used-by">
            <header><h2 id="used-by">"Used by"</h2><span class="quiet">{count(number, "resource")}</span></header>
            {content}
        </section>
    }
    .into_any()
}

fn versions(ask: &Ask, found: &ResourceView) -> Option<AnyView> {
    if found.versions.is_empty() {
        return None;
    }
    let rows: Vec<AnyView> = found
        .versions
        .iter()
        .map(|(number, at)| {
            view! { <dt>{format!("v{number}")}</dt><dd>{moment::ago(ask.now(), *at)}</dd> }
                .into_any()
        })
        .collect();
    Some(
        view! {
            <section class="card" aria-labelledby="versions">
                <header><h2 id="versions">"Versions"</h2></header>
                <p class="says">"Each edit makes a version. An artifact pins one, so an edit changes nothing that runs."</p>
                <dl class="facts">{rows}</dl>
            </section>
        }
        .into_any(),
    )
}
