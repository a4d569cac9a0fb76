//! One configuration group: keys by environments, why each value is what it is, and who takes it.

use std::collections::BTreeSet;

use leptos::prelude::*;
use model::{
    configuration::{self, Level},
    form::configuration::column,
    kind::configuration::ConfigurationGroupSpec,
    path,
    view::{ConfigurationView, KeyRow, KeyUser},
};
use serde::Deserialize;

use crate::{
    context::Ask,
    parts::{command, count, empty, icon, matrix, timeline},
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let name = ask.param("name");
        let group = ask.ports.configuration.find(&ask.viewer, &name).await?;
        Ok(draw(&ask, &group))
    })
}

/// What is looked for, as the address has it.
struct Filter {
    search: String,
    differ: bool,
    missing: bool,
}

impl Filter {
    fn of(ask: &Ask) -> Self {
        Self {
            search: ask.query("search").trim().to_lowercase(),
            differ: ask.query("differ") == "on",
            missing: ask.query("missing") == "on",
        }
    }

    fn any(&self) -> bool {
        !self.search.is_empty() || self.differ || self.missing
    }

    fn shows(&self, row: &KeyRow) -> bool {
        let values: BTreeSet<&str> = row
            .cells
            .iter()
            .map(|cell| cell.value.as_ref().map_or("", |(_, given)| given.text()))
            .collect();
        let found = row.key.to_lowercase().contains(&self.search)
            || values
                .iter()
                .any(|text| text.to_lowercase().contains(&self.search));
        found
            && (!self.differ || values.len() > 1)
            && (!self.missing || row.missing().next().is_some())
    }
}

fn draw(ask: &Ask, group: &ConfigurationView) -> Screen {
    let row = &group.resource.row;
    let name = &row.identity.name;
    let filter = Filter::of(ask);
    let components = i64::try_from(group.components()).unwrap_or(i64::MAX);
    let content = if group.keys.is_empty() {
        empty::nothing(
            "sliders",
            "No key yet. Add one, or paste a .env file.",
            view! { <a class="btn" data-kind="main" href=path::new_configuration_key(name)>{icon("plus")}"Add key"</a> },
        )
    } else {
        table(ask, group, &filter)
    };
    let description = model::form::get(
        &group.resource.manifest,
        &["metadata", "annotations", "openchoreo.dev/description"],
    );
    let description =
        (!description.is_empty()).then(|| view! { <p class="says">{description.to_owned()}</p> });
    let history = timeline::history(ask.now(), &group.resource.history, false);
    let body = view! {
        <header class="head">
            <div>
                <h1>{row.display_name.clone()}</h1>
                <p class="sub">
                    <span>{format!("used by {}", count(components, "component"))}</span>
                    {scope(group)}
                    <span>"environment beats group beats global"</span>
                </p>
                {description}
            </div>
            <div class="acts">
                <a class="btn" href=path::paste_configuration(name)>{icon("doc")}"Paste .env"</a>
                <a class="btn" href=path::new_configuration_key(name)>{icon("plus")}"Add key"</a>
                <a class="btn" href=path::configuration_settings(name)>{icon("gear")}"Settings"</a>
                <a class="btn" data-kind="main" href=path::edit_configuration(name)>{icon("sliders")}"Edit values"</a>
            </div>
        </header>
        {missing(group)}
        {search(ask, name, &filter)}
        <div class="band" data-live="matrix">{content}{legend()}</div>
        <section class="band" aria-labelledby="history">
            <header><h2 id="history">"History"</h2>
                <a class="btn" data-kind="bare" data-size="small" href=path::resource(&row.identity)>{icon("doc")}"Manifest"</a>
            </header>
            {history}
        </section>
        {command::same_by_cli(&[format!("troupe get configurationgroup {name} -o yaml")])}
    };
    let topic = "resources/ConfigurationGroup".to_owned();
    Screen::new(name, Place::Configuration, body)
        .under("Configuration", path::configuration())
        .live(&[topic])
}

/// Whom it is for, where that isn't everybody.
fn scope(group: &ConfigurationView) -> Option<AnyView> {
    let part = |key| model::form::get(&group.resource.manifest, &["spec", "scope", key]);
    let words = match (part("project"), part("component")) {
        ("", "") => return None,
        (project, "") => format!("for project {project} alone"),
        ("", component) => format!("for components called {component} alone"),
        (project, component) => format!("for {project}/{component} alone"),
    };
    Some(view! { <span>{words}</span> }.into_any())
}

/// What a deploy would stop at, told before one is tried.
fn missing(group: &ConfigurationView) -> Option<AnyView> {
    let name = &group.resource.row.identity.name;
    let number = i64::try_from(group.missing()).unwrap_or(i64::MAX);
    if number == 0 {
        return None;
    }
    let unknown: BTreeSet<&str> = group.unknown.iter().map(|row| row.key.as_str()).collect();
    let rows: Vec<AnyView> = group
        .keys
        .iter()
        .chain(&group.unknown)
        .filter_map(|row| {
            let places: Vec<String> = row
                .missing()
                .map(|(cell, _)| {
                    matrix::name(&Level::Environment(cell.environment.clone()), &group.environments)
                })
                .collect();
            if places.is_empty() {
                return None;
            }
            let users: Vec<String> = row.users.iter().map(called).collect();
            let (address, words) = if unknown.contains(row.key.as_str()) {
                let new = path::query("new", &row.key);
                (format!("{}?{new}", path::new_configuration_key(name)), "Add the key")
            } else {
                (path::configuration_key(name, &row.key), "Give it")
            };
            Some(
                view! {
                    <li>{icon("s-warn")}
                        <span>
                            <code>{row.key.clone()}</code>
                            {format!(" has no value in {}, and {} needs it. ", places.join(", "), users.join(", "))}
                            <a href=address>{words}<span class="sr">{format!(" ({})", row.key)}</span></a>
                        </span>
                    </li>
                }
                .into_any(),
            )
        })
        .collect();
    Some(
        view! {
            <section class="banner" data-state="degraded" aria-labelledby="missing-values">
                {icon("s-warn")}
                <div>
                    <h2 id="missing-values">{format!("{} missing: a deploy there would stop", count(number, "value"))}</h2>
                    <ul class="words">{rows}</ul>
                </div>
            </section>
        }
        .into_any(),
    )
}

fn called(user: &KeyUser) -> String {
    format!("{}/{}", user.project, user.component)
}

fn search(ask: &Ask, name: &str, filter: &Filter) -> AnyView {
    let reset = filter.any().then(|| {
        view! { <a class="btn" data-kind="bare" href=path::configuration_group(name)>"Show all"</a> }
    });
    view! {
        <form class="filters" action=path::configuration_group(name)>
            <div class="field">
                <label class="sr" for="find">"Find a key or value"</label>
                <input
                    class="input" data-size="fit" id="find" name="search" type="search"
                    value=ask.query("search") placeholder="Find a key or value"
                />
            </div>
            <label class="check"><input type="checkbox" name="differ" value="on" checked=filter.differ/>"Only where environments differ"</label>
            <label class="check"><input type="checkbox" name="missing" value="on" checked=filter.missing/>"Only missing"</label>
            <button class="btn">"Filter"</button>{reset}
        </form>
    }
    .into_any()
}

fn table(ask: &Ask, group: &ConfigurationView, filter: &Filter) -> AnyView {
    let name = &group.resource.row.identity.name;
    let spec = group
        .resource
        .manifest
        .get("spec")
        .cloned()
        .unwrap_or_default();
    let spec = ConfigurationGroupSpec::deserialize(&spec).unwrap_or_default();
    let traced = ask.query("trace");
    let traced = traced.rsplit_once('@').unwrap_or_default();
    let rows: Vec<AnyView> = group
        .keys
        .iter()
        .filter(|row| filter.shows(row))
        .map(|row| keys(name, group, &spec, row, traced))
        .collect();
    if rows.is_empty() {
        return view! { <p class="says">"No key is like that."</p> }.into_any();
    }
    view! {
        <div class="boxed" tabindex="0" role="region" aria-label="Configuration matrix, scrolls both ways">
            <table class="matrix">
                {matrix::head(&[Level::Global], &group.environments)}
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A key's row, and the way of its value where that is asked for.
fn keys(
    name: &str,
    group: &ConfigurationView,
    spec: &ConfigurationGroupSpec,
    row: &KeyRow,
    (key, environment): (&str, &str),
) -> AnyView {
    let declared = spec.configurations.iter().find(|one| one.key == row.key);
    let users = match row.users.as_slice() {
        [] => "nobody takes it".to_owned(),
        [one] => one.component.clone(),
        [one, other] => format!("{}, {}", one.component, other.component),
        all => format!("{} components", all.len()),
    };
    let missing: Vec<(String, String)> = row
        .missing()
        .map(|(cell, users)| {
            let users: Vec<&str> = users.iter().map(|user| user.component.as_str()).collect();
            (cell.environment.clone(), users.join(", "))
        })
        .collect();
    let cells: Vec<AnyView> = row
        .cells
        .iter()
        .map(|cell| {
            let needed = missing.iter().find(|(there, _)| *there == cell.environment);
            let needed = needed.map_or("", |(_, users)| users.as_str());
            let open = row.key == key && cell.environment == environment;
            let address = path::configuration_trace(name, &row.key, &cell.environment);
            matrix::cell(cell, needed, address, open)
        })
        .collect();
    let general = declared.and_then(|one| configuration::given(one, &Level::Global));
    let address = format!("{}#row.0.all", path::configuration_key(name, &row.key));
    let span = (group.environments.len() + 2).to_string();
    let open = row.cells.iter().any(|cell| cell.environment == environment);
    let trace = declared.filter(|_| row.key == key && open).map(|declared| {
        let steps = configuration::trace(spec, declared, environment);
        view! {
            <tr class="trace-row" id="trace"><td colspan=span>{trace(name, group, row, environment, &steps)}</td></tr>
        }
    });
    view! {
        <tr>
            <th scope="row"><a href=path::configuration_key(name, &row.key)>{row.key.clone()}</a><small>{users}</small></th>
            {matrix::global(general.as_ref(), address)}
            {cells}
        </tr>
        {trace}
    }
    .into_any()
}

/// Why a value is what it is: each level, and who takes it.
fn trace(
    name: &str,
    group: &ConfigurationView,
    row: &KeyRow,
    environment: &str,
    steps: &[configuration::Step],
) -> AnyView {
    let shown = matrix::name(&Level::Environment(environment.into()), &group.environments);
    let winner = steps
        .iter()
        .find(|step| step.wins)
        .and_then(|step| step.given.as_ref());
    let title = match winner {
        Some(given) => format!(
            "Why {} in {shown}",
            given.text().lines().next().unwrap_or("it is empty")
        ),
        None => format!("No value in {shown}"),
    };
    let levels: Vec<AnyView> = steps
        .iter()
        .map(|step| {
            let (shape, tone) = if step.wins {
                ("s-ok", "healthy")
            } else {
                ("s-none", "none")
            };
            let given = match (&step.given, step.wins) {
                (Some(given), true) => matrix::value(given),
                (Some(given), false) => view! { <del>{matrix::value(given)}</del> }.into_any(),
                (None, _) => view! { <span class="quiet">"no value"</span> }.into_any(),
            };
            let address = format!(
                "{}#row.0.{}",
                path::configuration_key(name, &row.key),
                column(&step.level)
            );
            let words = if step.given.is_some() {
                "Change"
            } else {
                "Set here"
            };
            let level = matrix::name(&step.level, &group.environments);
            view! {
                <li data-state=tone data-wins=step.wins.then_some("")>
                    {icon(shape)}<span>{level.clone()}</span><span>{given}</span>
                    <a href=address>{words}<span class="sr">{format!(" ({level})")}</span></a>
                </li>
            }
            .into_any()
        })
        .collect();
    let users: Vec<AnyView> = row
        .users
        .iter()
        .filter(|user| user.environments.iter().any(|one| one == environment))
        .map(|user| {
            let scope = user
                .out_of_scope
                .then_some(", though the group isn't for it: that stops its deploys");
            view! {
                <li>{icon("arrow")}<span>
                    <a href=path::component(&user.project, &user.component)>{called(user)}</a>
                    {format!(" takes it as {}", user.variables.join(", "))}{scope}
                </span></li>
            }
            .into_any()
        })
        .collect();
    let note = if users.is_empty() {
        "No component takes it there."
    } else {
        "A change makes a new release of those who take it."
    };
    view! {
        <div class="trace">
            <div class="row"><h2>{title}</h2><span class="says">{note}</span></div>
            <ol>{levels}</ol>
            <ul class="words">{users}</ul>
        </div>
    }
    .into_any()
}

fn legend() -> AnyView {
    view! {
        <ul class="keys" aria-label="How to read a cell">
            <li>"grey: inherited"</li>
            <li><b>"bold: set here"</b></li>
            <li class="row">{icon("lock")}"a path in Vault: kept here, put into releases in a later version"</li>
            <li class="row">{icon("s-warn")}"hatched: missing, would stop a deploy"</li>
        </ul>
    }
    .into_any()
}
