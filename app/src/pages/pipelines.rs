//! All deployment pipelines, and each of them: which environment follows which, and who uses it.

use leptos::prelude::*;
use model::{identity::Identity, kind::Kind, path, view::PipelineRow};

use crate::{
    context::Ask,
    parts::{command, count, empty, icon, stages, state, things},
    screen::{self, Place, Screen},
};

/// The page of all.
pub fn all() -> AnyView {
    screen::page(|ask: Ask| async move {
        let rows = ask.ports.pipelines.list(&ask.viewer).await?;
        let number = i64::try_from(rows.len()).unwrap_or_default();
        let make = || view! { <a class="btn" data-kind="main" href=path::new_pipeline()>{icon("plus")}"New pipeline"</a> };
        let list = if rows.is_empty() {
            empty::nothing(
                "git",
                "No pipeline yet. It says which environment follows which, and where somebody must approve.",
                make(),
            )
        } else {
            let cards: Vec<AnyView> = rows.iter().map(card).collect();
            view! { <ul class="stack">{cards}</ul> }.into_any()
        };
        let body = view! {
            <header class="head">
                <div>
                    <h1>"Deployment pipelines"</h1>
                    <p class="sub">{count(number, "pipeline")}", which new versions go through from left to right"</p>
                </div>
                <div class="acts">{make()}</div>
            </header>
            <div class="stack" data-live="pipelines">{list}</div>
            {command::same_by_cli(&["troupe get deploymentpipelines".into()])}
        };
        Ok(Screen::new("Pipelines", Place::Pipelines, body).live(&["home".into()]))
    })
}

/// The page of one.
pub fn one() -> AnyView {
    screen::page(|ask: Ask| async move {
        let name = ask.param("pipeline");
        let row = ask.ports.pipelines.find(&ask.viewer, &name).await?;
        Ok(draw(&ask, &row))
    })
}

/// The picture in its frame.
pub fn picture(row: &PipelineRow) -> AnyView {
    if row.stages.is_empty() && row.edges.is_empty() {
        return view! { <p class="says">"It leads nowhere yet: nothing is deployed along it."</p> }
            .into_any();
    }
    view! {
        <div
            class="scroll" tabindex="0" role="region"
            aria-label=format!("The pipeline {} as a picture", row.display_name)
            inner_html=stages::stages(row)
        ></div>
    }
    .into_any()
}

fn card(row: &PipelineRow) -> AnyView {
    let users: Vec<AnyView> = row
        .projects
        .iter()
        .take(5)
        .enumerate()
        .map(|(at, (name, title))| {
            let glue = (at > 0).then_some(", ");
            view! { {glue}<a href=path::project(name)>{title.clone()}</a> }.into_any()
        })
        .collect();
    let more = row.projects.len().saturating_sub(5);
    let more = (more > 0).then(|| format!(" and {more} more"));
    let used = if row.projects.is_empty() {
        view! { <p class="says">"No project uses it."</p> }.into_any()
    } else {
        view! { <p class="says">"Used by "{users}{more}</p> }.into_any()
    };
    view! {
        <li class="card">
            <header><h2><a href=path::pipeline(&row.name)>{row.display_name.clone()}</a></h2></header>
            {picture(row)}
            {used}
        </li>
    }
    .into_any()
}

fn draw(ask: &Ask, row: &PipelineRow) -> Screen {
    let organization = &ask.viewer.organization;
    let own = Identity::in_organization(Kind::DeploymentPipeline, organization, &row.name);
    let says = row.description.clone();
    let says = (!says.is_empty()).then(|| view! { <p class="says">{says}</p> });
    let number = |count: usize| i64::try_from(count).unwrap_or_default();
    let users: Vec<AnyView> = row
        .projects
        .iter()
        .map(|(name, title)| {
            view! { <li><a href=path::project(name)><b>{title.clone()}</b></a></li> }.into_any()
        })
        .collect();
    let users = if users.is_empty() {
        view! { <p class="says">"No project uses it. A project says which in its form."</p> }
            .into_any()
    } else {
        view! { <ul class="kinds">{users}</ul> }.into_any()
    };
    let body = view! {
        <header class="head">
            <div>
                <h1>{row.display_name.clone()}</h1>
                <p class="sub">
                    <span>{count(number(row.stages.len()), "environment")}</span>
                    <span>{count(number(row.projects.len()), "project")}</span>
                </p>
                {says}
            </div>
            <div class="acts">
                <a class="btn" href=path::resource(&own)>{icon("doc")}"Manifest"</a>
                <a class="btn" data-kind="bad" href=path::resource_delete(&own)>{icon("bin")}"Delete"</a>
                <a class="btn" data-kind="main" href=path::edit_pipeline(&row.name)>{icon("gear")}"Edit"</a>
            </div>
        </header>
        <section class="band" aria-labelledby="way" data-live="way">
            <header><h2 id="way">"The way of a version"</h2><p class="row">{icon("stamp")}"somebody approves first"</p></header>
            {picture(row)}
        </section>
        <section class="band" aria-labelledby="stages" data-live="stages">
            <header><h2 id="stages">"Environments"</h2><p>"The same as the picture, as a table"</p></header>
            {table(row)}
        </section>
        <section class="band" aria-labelledby="users">
            <header><h2 id="users">"Used by"</h2><p>"Projects whose components go this way"</p></header>
            {users}
        </section>
        {command::same_by_cli(&[
            format!("troupe get deploymentpipeline {} -o yaml", row.name),
            format!("troupe delete deploymentpipeline {}", row.name),
        ])}
    };
    Screen::new(&row.display_name, Place::Pipelines, body)
        .under("Pipelines", path::pipelines())
        .live(&["home".into()])
}

/// The environments as a table: where each gets its versions from.
fn table(row: &PipelineRow) -> AnyView {
    let rows: Vec<AnyView> = row
        .stages
        .iter()
        .map(|stage| {
            let name = &stage.environment.name;
            let from: Vec<AnyView> = row
                .edges
                .iter()
                .filter(|edge| edge.to == *name)
                .map(|edge| {
                    let approval = edge.approval.then(|| {
                        view! { <span class="chip" data-state="changed">{icon("stamp")}"approval"</span> }
                    });
                    view! { <span class="row">{edge.from.clone()}{approval}</span> }.into_any()
                })
                .collect();
            let from = if from.is_empty() {
                view! { <span class="quiet">"new versions come here first"</span> }.into_any()
            } else {
                from.into_any()
            };
            let production = stage
                .environment
                .production
                .then(|| view! { <span class="chip" data-state="changed">"production"</span> });
            let health = if stage.counts.total() == 0 {
                view! { <span class="quiet">"nothing runs"</span> }.into_any()
            } else {
                let (health, words) = things::tally(&stage.counts);
                state::says(health, &words)
            };
            let title = stage.environment.display_name.clone();
            let name = if stage.known {
                view! { <a href=path::environment(name)>{icon("layers")}{title}</a> }.into_any()
            } else {
                view! { {title}<small class="line">"isn't there yet"</small> }.into_any()
            };
            view! {
                <tr>
                    <th scope="row"><span class="row">{name}{production}</span></th>
                    <td>{from}</td><td>{stage.plane.clone()}</td><td>{health}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="boxed" tabindex="0" role="group" aria-labelledby="stages">
            <table class="table" data-slim="">
                <thead><tr>
                    <th scope="col">"Environment"</th><th scope="col">"Gets versions from"</th>
                    <th scope="col">"Plane"</th><th scope="col">"Runs"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
