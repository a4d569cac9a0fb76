//! Home: what needs somebody, the projects, and what was shipped.

use leptos::prelude::*;
use model::{
    health::Health,
    identity::Identity,
    kind::Kind,
    path,
    view::{BlockedRow, FailingRow, HomeView, ProjectRow, WaitingRow},
};

use crate::{
    context::Ask,
    frame::troupe,
    pages::waiting::row as waiting_row,
    parts::{command, count, icon, moment, star::star, state, things, timeline},
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let home = ask.ports.overview.home(&ask.viewer).await?;
        Ok(draw(&ask, &home))
    })
}

fn draw(ask: &Ask, home: &HomeView) -> Screen {
    if home.projects.is_empty() {
        return Screen::new("Home", Place::Home, first_steps()).live(&["home".into()]);
    }
    let failing = home.failing_total;
    let headline = match failing {
        0 => "All is well".to_owned(),
        1 => "One component is failing".to_owned(),
        more => format!("{more} components are failing"),
    };
    let waits = home.waiting_total;
    let says = match waits {
        0 => "Nothing waits for anything.".to_owned(),
        1 => "One thing waits for something.".to_owned(),
        more => format!("{more} things wait for something."),
    };
    let mark = state::mark(Some(if failing == 0 {
        Health::Healthy
    } else {
        Health::Degraded
    }));
    let kept = home
        .favourites
        .iter()
        .any(|kept| kept.kind == Kind::Project);
    let body = view! {
        <header class="head" data-live="head">
            <div><h1>{headline}</h1><p class="sub">{says}</p></div>
            <div class="acts">
                <a class="btn" href=path::apply()>{icon("ship")}"Apply manifests"</a>
                <a class="btn" data-kind="main" href=path::new_project()>{icon("plus")}"New project"</a>
            </div>
        </header>
        <div class="stack" data-live="needs">{needs(ask, home)}</div>
        <section class="band" aria-labelledby="projects">
            <header>
                <h2 id="projects">{if kept { "My projects" } else { "Projects" }}</h2>
                <a href=path::projects() class="says">{format!("All {}", home.projects_total)}</a>
            </header>
            <ul class="grid" data-at="wide" data-live="projects">
                {home.projects.iter().map(|row| card(ask, row, &home.favourites)).collect::<Vec<_>>()}
            </ul>
        </section>
        <section class="band" aria-labelledby="shipped">
            <header><h2 id="shipped">"Recently shipped"</h2></header>
            <div data-live="shipped">{shipped(ask, home)}</div>
        </section>
    };
    Screen::new("Home", Place::Home, body)
        .titled(format!("{mark}Home"))
        .live(&["home".into()])
}

fn shipped(ask: &Ask, home: &HomeView) -> AnyView {
    if home.shipped.is_empty() {
        return view! { <p class="says">"Nothing yet. A new artifact goes to the first environment by itself."</p> }
            .into_any();
    }
    timeline::deployments(ask.now(), &home.shipped, true)
}

fn needs(ask: &Ask, home: &HomeView) -> Option<AnyView> {
    if home.failing.is_empty() && home.waiting.is_empty() && home.blocked.is_empty() {
        return None;
    }
    let failing: Vec<AnyView> = home
        .failing
        .iter()
        .map(|row| failing_row(ask, row))
        .collect();
    let blocked: Vec<AnyView> = home
        .blocked
        .iter()
        .map(|row| blocked_row(ask, row))
        .collect();
    let more = home.failing_total - i64::try_from(home.failing.len()).unwrap_or(0);
    let more = (more > 0).then(|| {
        let words = format!("{more} more fail. Each project shows its own.");
        view! { <p class="says">{words}</p> }
    });
    let waiting: Vec<AnyView> = home
        .waiting
        .iter()
        .map(|row: &WaitingRow| waiting_row(ask.now(), row))
        .collect();
    Some(
        view! {
            <section class="band" aria-labelledby="needs">
                <header>
                    <h2 id="needs">"Needs you"</h2>
                    <a href=path::waiting() class="says">"All that waits"</a>
                </header>
                <ul class="list">{failing}{blocked}{waiting}</ul>
                {more}
            </section>
        }
        .into_any(),
    )
}

fn failing_row(ask: &Ask, row: &FailingRow) -> AnyView {
    let component = path::component(&row.project, &row.component);
    let what = path::component_tab(&row.project, &row.component, "runtime", &row.environment);
    view! {
        <li data-state="failed">
            {icon("s-bad")}
            <div>
                <b><a href=component>{row.component.clone()}" is failing in "{row.environment.clone()}</a></b>
                <p class="says">
                    {row.sentence.clone()}", for "{moment::age(ask.now(), row.since)}
                    <span class="quiet">{format!(" · {}", row.project)}</span>
                </p>
            </div>
            <div class="acts"><a class="btn" data-size="small" href=what>"What happened"</a></div>
        </li>
    }
    .into_any()
}

fn blocked_row(ask: &Ask, row: &BlockedRow) -> AnyView {
    let component = path::component(&row.project, &row.component);
    let words = format!("{} can’t be brought to {}", row.component, row.environment);
    view! {
        <li data-state="changed">
            {icon("s-warn")}
            <div>
                <b><a href=component.clone()>{words}</a></b>
                <p class="says">
                    {row.why.clone()}", for "{moment::age(ask.now(), row.since)}
                    <span class="quiet">{format!(" · {}", row.project)}</span>
                </p>
            </div>
            <div class="acts"><a class="btn" data-size="small" href=component>"What to do"</a></div>
        </li>
    }
    .into_any()
}

/// A project with how it runs, an environment each.
pub fn card(ask: &Ask, row: &ProjectRow, kept: &[Identity]) -> AnyView {
    let own = Identity::in_organization(Kind::Project, &ask.viewer.organization, &row.name);
    let kept = kept.contains(&own);
    let says = row.description.clone();
    let says = (!says.is_empty()).then(|| view! { <p class="says">{says}</p> });
    view! {
        <li class="card">
            <header>
                <h3><a href=path::project(&row.name)>{row.display_name.clone()}</a></h3>
                <span class="quiet">{things::components(row.components)}</span>
                {star(ask, &own, kept)}
            </header>
            {things::pills(&row.environments)}
            {says}
        </li>
    }
    .into_any()
}

/// What to do on a Troupe where nothing is yet.
pub fn first_steps() -> AnyView {
    view! {
        <section class="empty" data-live="first">
            {troupe()}
            <h1>"No projects yet"</h1>
            <p>
                "A project holds the components that belong together and gives them one cell in \
                 each environment."
            </p>
            <div class="acts">
                <a class="btn" data-kind="main" href=path::new_project()>{icon("plus")}"New project"</a>
                <a class="btn" href=path::apply()>{icon("ship")}"Apply a manifest"</a>
            </div>
            <ol class="steps">
                <li><span>"Name a project"<small>"The pipeline “default” is already there: development, staging, production."</small></span></li>
                <li><span>"Add a component"<small>"An image is enough, such as nginx:1.29 as a web application on port 80."</small></span></li>
                <li><span>"Watch it run"<small>"Troupe makes an artifact, renders a release, and brings it to the first environment."</small></span></li>
            </ol>
        </section>
        {command::same_by_cli(&["troupe apply -f shop.yaml".into(), "troupe status shop".into()])}
    }
    .into_any()
}

/// "3 projects" for a heading.
pub fn projects(number: i64) -> String {
    count(number, "project")
}
