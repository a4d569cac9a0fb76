//! All that is declared: the kinds, and the resources of one kind.

use leptos::prelude::*;
use model::{
    kind::{Kind, Scope},
    path,
    problem::Problem,
    view::{KindCount, Paging, ResourceRow},
};

use crate::{
    context::Ask,
    parts::{command, count, empty, icon, moment, pager, things},
    screen::{self, Place, Screen},
};

/// All kinds, with how many there are of each.
pub fn kinds() -> AnyView {
    screen::page(|ask: Ask| async move {
        let counts = ask.ports.manifests.kinds(&ask.viewer).await?;
        let groups: Vec<AnyView> = [
            ("Platform", Scope::Organization),
            ("Projects", Scope::Project),
            ("Components", Scope::Component),
        ]
        .into_iter()
        .map(|(title, scope)| group(title, scope, &counts))
        .collect();
        let all: i64 = counts.iter().map(|row| row.count).sum();
        let body = view! {
            <header class="head">
                <div><h1>"All resources"</h1><p class="sub">{count(all, "resource")}", by kind"</p></div>
                <div class="acts"><a class="btn" href=path::apply()>{icon("ship")}"Apply manifests"</a></div>
            </header>
            {groups}
        };
        Ok(Screen::new("All resources", Place::Resources, body))
    })
}

fn group(title: &'static str, scope: Scope, counts: &[KindCount]) -> AnyView {
    let own = |row: &&KindCount| {
        row.kind.scope() == scope
            || (row.kind.scope() == Scope::Root && scope == Scope::Organization)
    };
    let rows: Vec<AnyView> = counts
        .iter()
        .filter(own)
        .map(|row| {
            view! {
                <li>
                    <a href=path::resources(row.kind) data-none=(row.count == 0).then_some("")>
                        <b>{row.kind.as_str()}</b><span class="count">{row.count}</span>
                    </a>
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <section class="band" aria-labelledby=title>
            <header><h2 id=title>{title}</h2></header>
            <ul class="kinds">{rows}</ul>
        </section>
    }
    .into_any()
}

/// The entry of the rail that a kind belongs to.
pub fn place(kind: Kind) -> Place {
    match kind {
        Kind::ConfigurationGroup => Place::Configuration,
        Kind::DeploymentPipeline => Place::Pipelines,
        Kind::DataPlane | Kind::BuildPlane => Place::Planes,
        Kind::Environment => Place::Environments,
        kind if kind.is_class() => Place::Classes,
        _ => Place::Resources,
    }
}

/// The kind that the address names.
///
/// # Errors
/// When there is no such kind.
pub fn named(ask: &Ask) -> Result<Kind, Problem> {
    let word = ask.param("kind");
    let kind = Kind::ALL.iter().copied().find(|kind| kind.plural() == word);
    kind.ok_or_else(|| Problem::NotFound {
        what: "kind".into(),
        near: Kind::guessed(&word)
            .map(|kind| kind.plural().to_owned())
            .into_iter()
            .collect(),
        name: word,
    })
}

/// The resources of one kind.
pub fn of_kind() -> AnyView {
    screen::page(|ask: Ask| async move {
        let kind = named(&ask)?;
        let project = ask.query("project");
        let paging = ask.paging();
        let found = ask
            .ports
            .manifests
            .list(&ask.viewer, kind, &project, &paging)
            .await?;
        let more = if project.is_empty() {
            String::new()
        } else {
            path::query("project", &project)
        };
        let list = if found.items.is_empty() {
            nobody(kind, &paging)
        } else {
            table(&ask, kind, &found.items)
        };
        let note = kind
            .note()
            .map(|note| view! { <div class="banner">{icon("note")}<p>{note}</p></div> });
        let title = plural(kind);
        let body = view! {
            <header class="head">
                <div><h1>{title.clone()}</h1><p class="sub">{found.total}" in all"</p></div>
                <div class="acts"><a class="btn" href=path::resource_new(kind)>{icon("plus")}{format!("New {kind}")}</a></div>
            </header>
            {note}
            {kind.is_class().then(|| classes(kind))}
            {filters(kind, &project, &paging)}
            <section class="stack" aria-label=title.clone()>
                {list}{pager::pager(&path::resources(kind), &paging, &found, &more)}
            </section>
            {command::same_by_cli(&[format!("troupe get {}", kind.plural())])}
        };
        Ok(Screen::new(&title, place(kind), body).under("All resources", path::resource_kinds()))
    })
}

/// The kind's name for several.
fn plural(kind: Kind) -> String {
    let name = kind.as_str();
    if name.ends_with('s') {
        format!("{name}es")
    } else {
        format!("{name}s")
    }
}

/// The kinds of classes beside each other.
fn classes(own: Kind) -> AnyView {
    let links: Vec<AnyView> = Kind::ALL
        .iter()
        .copied()
        .filter(|kind| kind.is_class())
        .map(|kind| {
            let word = kind.as_str().trim_end_matches("Class");
            let current = (kind == own).then_some("true");
            view! { <a href=path::resources(kind) aria-current=current>{word}</a> }.into_any()
        })
        .collect();
    view! { <div><nav class="pick" aria-label="Kind of class">{links}</nav></div> }.into_any()
}

fn filters(kind: Kind, project: &str, paging: &Paging) -> AnyView {
    let owned = matches!(kind.scope(), Scope::Project | Scope::Component);
    let project = owned.then(|| {
        view! {
            <div class="field">
                <label for="project">"Project"</label>
                <input class="input" id="project" name="project" value=project.to_owned()/>
            </div>
        }
    });
    view! {
        <form class="filters" action=path::resources(kind)>
            <div class="field">
                <label for="of">"Name contains"</label>
                <input class="input" type="search" id="of" name="search" value=paging.search.clone()/>
            </div>
            {project}
            <button class="btn">{icon("filter")}"Filter"</button>
        </form>
    }
    .into_any()
}

fn nobody(kind: Kind, paging: &Paging) -> AnyView {
    let sentence = if paging.search.is_empty() {
        format!("There is no {kind} here yet. Declare one in a manifest, and apply it.")
    } else {
        format!("No {kind} is called “{}”.", paging.search)
    };
    let next = view! { <a class="btn" href=path::apply()>{icon("ship")}"Apply a manifest"</a> };
    empty::nothing("doc", &sentence, next)
}

fn table(ask: &Ask, kind: Kind, rows: &[ResourceRow]) -> AnyView {
    let owned = matches!(kind.scope(), Scope::Project | Scope::Component);
    let rows: Vec<AnyView> = rows
        .iter()
        .map(|row| {
            let owner = owned.then(|| {
                let own = &row.identity;
                let component = if own.component.is_empty() { String::new() } else { format!(" / {}", own.component) };
                view! { <td><a href=path::project(&own.project)>{own.project.clone()}</a>{component}</td> }
            });
            let shown = &row.display_name;
            let shown = (!shown.is_empty() && *shown != row.identity.name).then(|| shown.clone());
            view! {
                <tr>
                    <th scope="row"><a href=path::resource(&row.identity)>{row.identity.name.clone()}</a></th>
                    {owner}
                    <td>{shown}</td>
                    <td class="num">{row.generation}</td>
                    <td>{moment::ago(ask.now(), row.updated)}" by "{row.by.clone()}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let owner = owned.then(|| view! { <th scope="col">"Owner"</th> });
    view! {
        <div class="boxed" tabindex="0" role="group" aria-label=plural(kind)>
            <table class="table">
                <thead><tr>
                    <th scope="col">"Name"</th>{owner}<th scope="col">"Called"</th>
                    <th scope="col" class="num">"Generation"</th><th scope="col">"Last changed"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Names of things, linked, in a list.
pub fn links(rows: &[model::identity::Identity]) -> AnyView {
    let rows: Vec<AnyView> = rows
        .iter()
        .map(|row| view! { <li>{icon("arrow")}<span>{things::link(row)}</span></li> }.into_any())
        .collect();
    view! { <ul class="words">{rows}</ul> }.into_any()
}
