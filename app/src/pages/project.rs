//! One project: its components by environment.

use leptos::prelude::*;
use model::{
    health::Health,
    identity::Identity,
    kind::Kind,
    path,
    view::{ComponentCell, ComponentRow, Paging, ProjectView},
};

use crate::{
    context::Ask,
    pages::{bulk, cell},
    parts::{behind, command, empty, icon, moment, pager, state, things, version},
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let paging = ask.paging();
        let name = ask.param("project");
        let project = ask.ports.projects.find(&ask.viewer, &name, &paging).await?;
        Ok(draw(&ask, &paging, &project))
    })
}

fn draw(ask: &Ask, paging: &Paging, project: &ProjectView) -> Screen {
    let own = Identity::in_organization(Kind::Project, &ask.viewer.organization, &project.name);
    let worst = project
        .counts
        .iter()
        .filter_map(|counts| counts.worst())
        .max();
    let says = project.description.clone();
    let says = (!says.is_empty()).then(|| view! { <p class="says">{says}</p> });
    let body = view! {
        <header class="head">
            <div>
                <h1>{project.display_name.clone()}</h1>
                <p class="sub">
                    <span>{things::components(project.components.total)}</span>
                    <span>"Pipeline "<a href=path::pipeline(&project.pipeline)>{project.pipeline.clone()}</a></span>
                </p>
                {says}
            </div>
            <div class="acts">
                <a class="btn" href=path::edit_project(&project.name)>{icon("gear")}"Edit"</a>
                <a class="btn" href=path::resource(&own)>{icon("doc")}"Manifest"</a>
                <a class="btn" data-kind="main" href=path::new_component(&project.name)>{icon("plus")}"New component"</a>
            </div>
        </header>
        {cell::tabs(&project.name, "components")}
        <section data-live="counts" aria-label="How it runs">{things::pills(&project.counts)}</section>
        {filters(project, paging)}
        <section class="band" aria-labelledby="matrix">
            <h2 class="sr" id="matrix">"Components by environment"</h2>
            <div class="stack" data-live="matrix">{matrix(ask, paging, project)}</div>
            {(!project.components.items.is_empty()).then(|| bulk::chooser(project))}
        </section>
        {command::same_by_cli(&[
            format!("troupe status {}", project.name),
            format!("troupe get component -p {}", project.name),
        ])}
    };
    let mark = state::mark(worst);
    Screen::new(&project.display_name, Place::Projects, body)
        .titled(format!("{mark}{}", project.display_name))
        .under("Projects", path::projects())
        .live(&[format!("project/{}", project.name)])
}

fn filters(project: &ProjectView, paging: &Paging) -> AnyView {
    let offered = [
        Health::Degraded,
        Health::Progressing,
        Health::Healthy,
        Health::Suspended,
    ];
    let options: Vec<AnyView> = offered
        .into_iter()
        .map(|health| {
            view! {
                <option value=health.as_str() selected=paging.health == Some(health)>{health.word()}</option>
            }
            .into_any()
        })
        .collect();
    view! {
        <form class="filters" action=path::project(&project.name)>
            <div class="field">
                <label for="of">"Component"</label>
                <input
                    class="input" type="search" id="of" name="search" placeholder="Name contains"
                    value=paging.search.clone()
                />
            </div>
            <div class="field">
                <label for="health">"Runs"</label>
                <select class="input" data-size="fit" id="health" name="health">
                    <option value="">"any way"</option>{options}
                </select>
            </div>
            <button class="btn">{icon("filter")}"Filter"</button>
        </form>
    }
    .into_any()
}

fn matrix(ask: &Ask, paging: &Paging, project: &ProjectView) -> AnyView {
    if project.components.items.is_empty() {
        return nobody(paging, project);
    }
    let heads: Vec<AnyView> = project
        .environments
        .iter()
        .map(|environment| {
            // Most are called so; saying it twice helps nobody.
            let told = environment.display_name.to_lowercase().contains("prod");
            let production =
                (environment.production && !told).then(|| view! { <small>"production"</small> });
            view! { <th scope="col">{environment.display_name.clone()}{production}</th> }.into_any()
        })
        .collect();
    let rows: Vec<AnyView> = project
        .components
        .items
        .iter()
        .map(|row| component_row(ask, &project.name, row))
        .collect();
    view! {
        <div class="boxed" tabindex="0" role="group" aria-labelledby="matrix">
            <table class="board">
                <thead><tr><th scope="col">"Component"</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {pager::pager(&path::project(&project.name), paging, &project.components, "")}
    }
    .into_any()
}

fn nobody(paging: &Paging, project: &ProjectView) -> AnyView {
    if paging.search.is_empty() && paging.health.is_none() {
        let next = view! {
            <a class="btn" data-kind="main" href=path::new_component(&project.name)>{icon("plus")}"New component"</a>
            <a class="btn" href=path::apply()>{icon("ship")}"Apply a manifest"</a>
        };
        return empty::nothing(
            "cube",
            "No components yet. A component is a service, a web application, a scheduled task or \
             an API: name it, say which image it runs, and it goes to the first environment.",
            next,
        );
    }
    let all = view! { <a class="btn" href=path::project(&project.name)>"All components"</a> };
    empty::nothing("search", "No component is so.", all)
}

fn component_row(ask: &Ask, project: &str, row: &ComponentRow) -> AnyView {
    let cells: Vec<AnyView> = row
        .cells
        .iter()
        .map(|cell| slot(ask, project, &row.name, cell))
        .collect();
    let waiting = row.waiting.clone();
    let waiting = (!waiting.is_empty()).then(|| {
        view! { <small class="waits">{format!("waits for {waiting}")}</small> }
    });
    view! {
        <tr>
            <th scope="row">
                {bulk::tick(&row.name, &row.display_name)}
                <a href=path::component(project, &row.name)>
                    {icon(things::sign(row.component_type))}{row.display_name.clone()}
                </a>
                {waiting}
            </th>
            {cells}
        </tr>
    }
    .into_any()
}

fn slot(ask: &Ask, project: &str, component: &str, cell: &ComponentCell) -> AnyView {
    if cell.artifact.is_none() {
        return view! { <td><span class="quiet" title="Nothing should run here">"–"</span></td> }
            .into_any();
    }
    let (tone, shape) = state::look(cell.health);
    let word = state::wanted(cell.state).unwrap_or_else(|| cell.health.word());
    let failing = matches!(cell.health, Health::Degraded | Health::Missing);
    let tab = if failing { "runtime" } else { "releases" };
    let address = path::component_tab(project, component, tab, &cell.environment);
    let title = (!cell.sentence.is_empty()).then(|| cell.sentence.clone());
    view! {
        <td>
            <a class="slot" data-state=tone href=address title=title>
                {icon(shape)}
                <span class="row">{version(&cell.version)}{behind(cell.behind)}</span>
                <small>{word.to_lowercase()}", "{moment::age(ask.now(), cell.since)}</small>
            </a>
        </td>
    }
    .into_any()
}
