//! A project as a cell: who calls whom in one environment, as a picture and as a table.

mod drawer;
mod sketch;
mod table;

use leptos::prelude::*;
use model::{
    health::Health,
    identity::Identity,
    kind::Kind,
    path,
    view::{CellComponent, CellView},
};

use crate::{
    context::Ask,
    parts::{command, empty, graph, icon, state, things},
    screen::{self, Place, Screen},
};

/// More than so many are told as a table first.
const MANY: usize = 40;

/// What of the cell is opened beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open<'a> {
    /// Nothing: the cell itself.
    Cell,
    /// A component.
    Component(&'a CellComponent),
    /// The way from one to another; the other may stand in another cell, or nowhere.
    Way(&'a str, &'a str),
}

/// How many things are told apart.
struct Parts {
    /// By what: empty for what is connected, else a label's name.
    by: String,
    /// The number of each component's part, and what the parts are called.
    groups: Vec<(String, Vec<usize>)>,
    /// The part that is drawn; all when `None`.
    chosen: Option<usize>,
    /// Whether there is a picture.
    drawn: bool,
}

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let (project, environment) = (ask.param("project"), ask.query("environment"));
        let cells = &ask.ports.cells;
        let view = cells.find(&ask.viewer, &project, &environment).await?;
        Ok(draw(&ask, &view))
    })
}

/// The project's pages beside each other.
pub fn tabs(project: &str, current: &str) -> AnyView {
    let tabs = [
        ("components", path::project(project), "Components"),
        ("cell", path::cell(project, "", "", ""), "Cell"),
    ];
    let links: Vec<AnyView> = tabs
        .into_iter()
        .map(|(own, address, word)| {
            let current = (own == current).then_some("page");
            view! { <a href=address aria-current=current>{word}</a> }.into_any()
        })
        .collect();
    view! { <nav class="tabs" aria-label="Project">{links}</nav> }.into_any()
}

fn open<'a>(view: &'a CellView, of: &str, to: &str) -> Open<'a> {
    let way = view.connections.iter().find(|connection| {
        connection.from == of && !to.is_empty() && sketch::end(view, connection) == to
    });
    let own = view.components.iter().find(|own| own.name == of);
    match (way, own) {
        (Some(way), _) => Open::Way(&way.from, sketch::end_of(view, way)),
        (None, Some(own)) if to.is_empty() => Open::Component(own),
        _ => Open::Cell,
    }
}

fn draw(ask: &Ask, view: &CellView) -> Screen {
    let pipeline = path::pipeline(&view.pipeline);
    let number = i64::try_from(view.components.len()).unwrap_or(i64::MAX);
    let (of, to) = (ask.query("open"), ask.query("to"));
    let open = open(view, &of, &to);
    let parts = parts(ask, view);
    let content = if view.components.is_empty() {
        let next = view! { <a class="btn" href=path::project(&view.project)>"Components"</a> };
        empty::nothing(
            "cell",
            "No components yet. A cell shows the components of a project, and who calls whom.",
            next,
        )
    } else {
        let beside = (open != Open::Cell).then_some("");
        // What is copied from must stay: a component's parts are kept fresh one by one.
        let fresh = !matches!(open, Open::Component(_));
        let drawer = view! {
            <aside
                class="drawer" data-stick data-open=beside aria-labelledby="details"
                data-live=fresh.then_some("drawer") tabindex="0"
            >
                {drawer::drawer(view, open)}
            </aside>
        };
        let picture = parts.drawn.then(|| picture(view, open, &parts));
        let table = table::table(view, open, &parts);
        if parts.groups.len() > 1 && !parts.drawn {
            view! { <div class="cols">{table}{drawer}</div> }.into_any()
        } else {
            view! { <div class="cols">{picture}{drawer}</div>{table} }.into_any()
        }
    };
    let own = Identity::in_organization(Kind::Project, &ask.viewer.organization, &view.project);
    let body = view! {
        <header class="head">
            <div>
                <h1>{view.display_name.clone()}</h1>
                <p class="sub">
                    <span>{things::components(number)}</span>
                    <span>"Pipeline "<a href=pipeline>{view.pipeline.clone()}</a></span>
                </p>
            </div>
            <div class="acts">
                <a class="btn" href=path::edit_project(&view.project)>{icon("gear")}"Edit"</a>
                <a class="btn" href=path::resource(&own)>{icon("doc")}"Manifest"</a>
            </div>
        </header>
        {tabs(&view.project, "cell")}
        <div class="row" data-live="says">{pick(view, &of, &to)}{says(view)}</div>
        {content}
        {command::same_by_cli(&[format!("troupe status {}", view.project)])}
    };
    let worst = view.components.iter().filter(|own| own.artifact.is_some());
    let mark = state::mark(worst.map(|own| own.health).max());
    Screen::new("Cell", Place::Projects, body)
        .titled(format!("{mark}{}, cell", view.display_name))
        .under("Projects", path::projects())
        .under(&view.display_name, path::project(&view.project))
        .live(&[format!("project/{}", view.project)])
}

/// How many components are told apart, and which of them are drawn.
fn parts(ask: &Ask, view: &CellView) -> Parts {
    let count = view.components.len();
    if count <= MANY {
        return Parts {
            by: String::new(),
            groups: vec![(String::new(), (0..count).collect())],
            chosen: None,
            drawn: true,
        };
    }
    let by = ask.query("by");
    let groups = if by.is_empty() {
        let number = |name: &str| view.components.iter().position(|own| own.name == name);
        let own = view
            .connections
            .iter()
            .filter(|connection| connection.project == view.project);
        let edges: Vec<(usize, usize)> = own
            .filter_map(|own| Some((number(&own.from)?, number(&own.component)?)))
            .collect();
        let groups = graph::groups(count, &edges).into_iter();
        groups
            .map(|group| (connected(view, &group), group))
            .collect()
    } else {
        labelled(view, &by)
    };
    let asked = ask.query("part").parse().ok();
    let chosen = asked.filter(|part: &usize| *part < groups.len());
    Parts {
        by,
        groups,
        drawn: chosen.is_some() || ask.query("picture") == "on",
        chosen,
    }
}

/// What a part is called: by who in it is called by nobody else.
fn connected(view: &CellView, group: &[usize]) -> String {
    let called = |name: &str| {
        let mut all = view.connections.iter();
        all.any(|connection| connection.component == name && connection.from != name)
    };
    let names = group.iter().map(|at| view.components[*at].name.as_str());
    let first = names.clone().find(|name| !called(name));
    let first = first.or_else(|| names.clone().next()).unwrap_or_default();
    if group.len() == 1 {
        return first.to_owned();
    }
    format!("{first} and what it calls")
}

fn labelled(view: &CellView, key: &str) -> Vec<(String, Vec<usize>)> {
    let mut groups: std::collections::BTreeMap<String, Vec<usize>> = Default::default();
    for (at, component) in view.components.iter().enumerate() {
        let value = component.labels.get(key).cloned().unwrap_or_default();
        groups.entry(value).or_default().push(at);
    }
    let named = |value: String| {
        if value.is_empty() {
            format!("Without {key}")
        } else {
            value
        }
    };
    groups
        .into_iter()
        .map(|(value, group)| (named(value), group))
        .collect()
}

/// Links to the same cell in each environment.
fn pick(view: &CellView, open: &str, to: &str) -> AnyView {
    let links: Vec<AnyView> = view
        .environments
        .iter()
        .zip(&view.counts)
        .map(|(environment, counts)| {
            let (tone, shape) = match counts.worst() {
                Some(worst) => state::look(worst),
                None => ("none", "s-none"),
            };
            let address = path::cell(&view.project, &environment.name, open, to);
            let current = (environment.name == view.environment.name).then_some("true");
            view! {
                <a href=address aria-current=current>
                    <span class="state" data-state=tone>{icon(shape)}</span>
                    {environment.display_name.clone()}
                </a>
            }
            .into_any()
        })
        .collect();
    view! { <nav class="pick" aria-label="Environment">{links}</nav> }.into_any()
}

/// How the cell is, in a sentence.
fn says(view: &CellView) -> Option<AnyView> {
    if view.environment.name.is_empty() {
        let says = "The project's pipeline has no environment yet.";
        return Some(view! { <p class="says">{says}</p> }.into_any());
    }
    let placed = || view.components.iter().filter(|own| own.artifact.is_some());
    if placed().next().is_none() {
        let says = format!("In {}, nothing runs yet.", view.environment.display_name);
        return Some(view! { <p class="says">{says}</p> }.into_any());
    }
    let healthy = placed().filter(|own| own.health == Health::Healthy).count();
    let all = view.components.len();
    let healthy = if healthy == all {
        format!("all {all} are healthy")
    } else {
        format!("{healthy} of {all} are healthy")
    };
    let failing = placed().filter(|own| matches!(own.health, Health::Degraded | Health::Missing));
    let failing: Vec<AnyView> = failing
        .take(3)
        .map(|own| {
            let address = path::cell(&view.project, &view.environment.name, &own.name, "");
            let says = match own.health {
                Health::Missing => format!("{} is missing", own.name),
                _ => format!("{} is failing", own.name),
            };
            view! { ", "<a href=address>{says}</a> }.into_any()
        })
        .collect();
    let place = format!("In {}, ", view.environment.display_name);
    Some(view! { <p class="says">{place}<b>{healthy}</b>{failing}"."</p> }.into_any())
}

fn picture(view: &CellView, open: Open<'_>, parts: &Parts) -> AnyView {
    let only = parts.chosen.and_then(|part| parts.groups.get(part));
    let only = only.map(|(_, group)| group.as_slice());
    let drawn = sketch::pictures(view, open, only);
    let title = format!("Cell in {}", view.environment.display_name);
    let back = (parts.groups.len() > 1).then(|| {
        let table = path::cell(&view.project, &view.environment.name, "", "");
        view! { <p><a href=table>"All parts as a table"</a></p> }
    });
    view! {
        <section class="stack" aria-labelledby="cell-title" data-live="cell">
            <h2 class="sr" id="cell-title">{title}</h2>
            {back}
            <div
                class="scroll" tabindex="0" role="region"
                aria-label="The cell as a picture, which may be wider than its frame" inner_html=drawn
            ></div>
            <p class="keys">
                <span>{icon("net")}"a line is a declared connection: its caller gets the address"</span>
                <span class="needs-hover">"a click on a component or a line tells more"</span>
            </p>
        </section>
    }
    .into_any()
}
