//! One environment: what runs in it, and the names that come of it.

use leptos::prelude::*;
use model::{
    identity::Identity,
    kind::Kind,
    path,
    view::{EnvironmentNames, EnvironmentProject, EnvironmentView},
};

use crate::{
    context::Ask,
    parts::{command, count, empty, icon, state, things},
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let name = ask.param("environment");
        let found = ask.ports.environments.find(&ask.viewer, &name).await?;
        Ok(draw(&ask, &found))
    })
}

/// The names as facts: what is made on the plane, and under which hosts it is reached.
pub fn names(names: &EnvironmentNames) -> AnyView {
    let list = |title: &'static str, rows: &[(String, String)]| {
        let rows: Vec<AnyView> = rows
            .iter()
            .map(|(what, name)| {
                view! { <li><small>{what.clone()}</small><code tabindex="0">{name.clone()}</code></li> }
                    .into_any()
            })
            .collect();
        (!rows.is_empty())
            .then(|| view! { <section><h3>{title}</h3><ul class="addresses">{rows}</ul></section> })
    };
    let note = names.note.clone();
    let note = (!note.is_empty()).then(|| view! { <p class="hint">{note}"."</p> });
    view! {
        {list("Hosts", &names.hosts)}
        {list("Namespaces, a project each", &names.namespaces)}
        {note}
    }
    .into_any()
}

fn draw(ask: &Ask, found: &EnvironmentView) -> Screen {
    let organization = &ask.viewer.organization;
    let row = &found.row;
    let name = &row.environment.name;
    let own = Identity::in_organization(Kind::Environment, organization, name);
    let production = row
        .environment
        .production
        .then(|| view! { <span class="chip" data-state="changed">"production"</span> });
    let simulated = found.simulated.then_some(", simulated");
    let pipelines: Vec<AnyView> = row
        .pipelines
        .iter()
        .map(|name| view! { <a href=path::pipeline(name)>{name.clone()}</a>" " }.into_any())
        .collect();
    let pipelines = if pipelines.is_empty() {
        view! { <span>"In no pipeline yet"</span> }.into_any()
    } else {
        view! { <span>"In pipeline "{pipelines}</span> }.into_any()
    };
    let trouble = row.plane_trouble.clone();
    let trouble = (!trouble.is_empty()).then(|| {
        view! {
            <div class="banner" data-state="degraded">{icon("s-warn")}<p><b>"Its plane: "</b>{trouble}"."</p></div>
        }
    });
    let says = found.description.clone();
    let says = (!says.is_empty()).then(|| view! { <p class="says">{says}</p> });
    let (health, words) = things::tally(&row.counts);
    let runs = if row.counts.total() == 0 {
        state::named("none", "s-none", "Nothing runs here yet")
    } else {
        state::says(health, &words)
    };
    let projects = i64::try_from(found.projects.len()).unwrap_or_default();
    let keys = found.keys.clone();
    let keys = (!keys.is_empty()).then(|| {
        view! { <section><h3>"Keys for tokens"</h3><code>{keys}</code></section> }
    });
    let body = view! {
        <header class="head">
            <div>
                <h1>{row.environment.display_name.clone()}{production}</h1>
                <p class="sub">
                    <span data-live="runs">{runs}</span>
                    <span>"On plane "<a href=path::plane(Kind::DataPlane, &row.plane)>{row.plane.clone()}</a>{simulated}</span>
                    {pipelines}
                </p>
                {says}
            </div>
            <div class="acts">
                <a class="btn" href=path::resource(&own)>{icon("doc")}"Manifest"</a>
                <a class="btn" data-kind="bad" href=path::resource_delete(&own)>{icon("bin")}"Delete"</a>
                <a class="btn" data-kind="main" href=path::edit_environment(name)>{icon("gear")}"Edit"</a>
            </div>
        </header>
        {trouble}
        <div class="cols">
            <section class="band" aria-labelledby="projects">
                <header><h2 id="projects">"What runs here"</h2><p>{count(projects, "project")}</p></header>
                <div class="stack" data-live="projects">{table(name, &found.projects)}</div>
            </section>
            <aside class="drawer" aria-labelledby="names">
                <header><div><h2 id="names">"Names it makes"</h2></div></header>
                {names(&found.names)}
                {keys}
            </aside>
        </div>
        {command::same_by_cli(&[
            format!("troupe get environment {name} -o yaml"),
            format!("troupe delete environment {name}"),
        ])}
    };
    Screen::new(&row.environment.display_name, Place::Environments, body)
        .under("Environments", path::environments())
        .live(&["home".into(), "planes".into()])
}

fn table(environment: &str, projects: &[EnvironmentProject]) -> AnyView {
    if projects.is_empty() {
        let next = view! { <a class="btn" href=path::projects()>"Projects"</a> };
        return empty::nothing(
            "cell",
            "Nothing runs here yet. A version comes here by its project's pipeline.",
            next,
        );
    }
    let rows: Vec<AnyView> = projects
        .iter()
        .map(|project| {
            let (health, words) = things::tally(&project.counts);
            let health = if project.counts.total() == 0 {
                view! { <span class="quiet">"nothing runs"</span> }.into_any()
            } else {
                let all = format!(" of {}", project.counts.total());
                view! { {state::says(health, &words)}<span class="quiet">{all}</span> }.into_any()
            };
            let cell = path::cell(&project.name, environment, "", "");
            view! {
                <tr>
                    <th scope="row"><a href=cell>{icon("cell")}{project.display_name.clone()}</a></th>
                    <td>{health}</td>
                    <td><code>{project.namespace.clone()}</code></td>
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="boxed" tabindex="0" role="group" aria-labelledby="projects">
            <table class="table" data-slim="">
                <thead><tr>
                    <th scope="col">"Project"</th><th scope="col">"Runs"</th><th scope="col">"Namespace"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
