//! Making and changing a deployment pipeline: a row an edge, and the picture that they make.

use leptos::prelude::*;
use model::{
    form::{self, Fields},
    identity::Identity,
    kind::Kind,
    path,
    problem::Problem,
    view::{EnvironmentRow, PipelineEdge, PipelineRow, PipelineStage, ResourceView},
};

use crate::{
    context::Ask,
    forms::{Draft, Outcome, Posted, Taken, Typed, take},
    pages::pipelines::picture,
    parts::{
        form::{Choice, Line, Sheet, ask as question, group},
        icon,
    },
    screen::{self, Place, Screen},
};

/// The page that makes one.
pub fn new() -> AnyView {
    screen::page(|ask: Ask| async move {
        let environments = ask.ports.platform.environments(&ask.viewer).await?;
        let mut fields = Fields::default();
        fields.set("edge.0.from", "");
        fields.set("edge.0.to", "");
        Ok(draw(&ask, &Typed::fresh(fields), &environments, None))
    })
}

/// The page that changes one.
pub fn edit() -> AnyView {
    screen::page(|ask: Ask| async move {
        let known = find(&ask).await?;
        let environments = ask.ports.platform.environments(&ask.viewer).await?;
        let mut fields = form::pipeline::fields(&known.manifest);
        fields.set("version", &known.version.to_string());
        Ok(draw(
            &ask,
            &Typed::fresh(fields),
            &environments,
            Some(&known),
        ))
    })
}

/// Makes one.
///
/// # Errors
/// A refusal, or what broke.
pub async fn create(posted: Posted) -> Result<Outcome, Problem> {
    let own = Identity::in_organization(
        Kind::DeploymentPipeline,
        &posted.ask.viewer.organization,
        posted.fields.text("name"),
    );
    send(posted, own, 0, None).await
}

/// Changes one.
///
/// # Errors
/// When there is none, a refusal, or what broke.
pub async fn change(posted: Posted) -> Result<Outcome, Problem> {
    let known = find(&posted.ask).await?;
    let version = posted.fields.text("version").parse().unwrap_or(-1);
    send(posted, known.row.identity.clone(), version, Some(known)).await
}

async fn send(
    posted: Posted,
    own: Identity,
    version: i64,
    known: Option<ResourceView>,
) -> Result<Outcome, Problem> {
    let Posted { ask, mut fields } = posted;
    let environments = ask.ports.platform.environments(&ask.viewer).await?;
    let names: Vec<&str> = environments
        .iter()
        .map(|row| row.environment.name.as_str())
        .collect();
    let reshaped = fields.reshape();
    let unknown = form::pipeline::unknown(&fields, &names);
    let taken = if reshaped || !unknown.is_empty() {
        let mut typed = Typed::fresh(fields);
        // Who adds a row is still at it: what is wrong is said when they look or save.
        typed.faults = if reshaped { Vec::new() } else { unknown };
        Taken::Again(typed)
    } else {
        let before = known.as_ref().map(|known| &known.manifest);
        take(&ask, fields, |fields| Draft {
            manifests: vec![form::pipeline::manifest(fields, before)],
            expected: [(own.clone(), version)].into(),
            field: |_, _| None,
            confirm: false,
        })
        .await?
    };
    Ok(placed(taken).or_again(
        |plan| {
            let made = plan.rows.first();
            made.map_or_else(path::pipelines, |row| path::pipeline(&row.identity.name))
        },
        move |typed| draw(&ask, &typed, &environments, known.as_ref()),
    ))
}

/// Puts faults beside the row of their edge: which that is depends on what was typed.
fn placed(taken: Taken) -> Taken {
    match taken {
        Taken::Done(plan) => Taken::Done(plan),
        Taken::Again(mut typed) => {
            for fault in &mut typed.faults {
                let path = fault.path.rsplit(": ").next().unwrap_or_default();
                if let Some(field) = form::pipeline::field(&typed.fields, path) {
                    fault.path = field;
                }
            }
            Taken::Again(typed)
        }
    }
}

async fn find(ask: &Ask) -> Result<ResourceView, Problem> {
    let name = ask.param("pipeline");
    let own = Identity::in_organization(Kind::DeploymentPipeline, &ask.viewer.organization, &name);
    ask.ports.manifests.find(&ask.viewer, &own).await
}

/// What is typed, as the pipeline that it would be.
fn preview(typed: &Typed, environments: &[EnvironmentRow]) -> PipelineRow {
    let edges: Vec<PipelineEdge> = form::pipeline::ways(&typed.fields)
        .into_iter()
        .map(|(from, to, approval)| PipelineEdge { from, to, approval })
        .collect();
    let named = |name: &str| {
        edges
            .iter()
            .any(|edge| edge.from == name || edge.to == name)
    };
    PipelineRow {
        display_name: typed.fields.text("display_name").to_owned(),
        stages: environments
            .iter()
            .filter(|row| named(&row.environment.name))
            .map(|row| PipelineStage {
                environment: row.environment.clone(),
                plane: row.plane.clone(),
                known: true,
                counts: row.counts.clone(),
            })
            .collect(),
        edges,
        ..PipelineRow::default()
    }
}

fn draw(
    ask: &Ask,
    typed: &Typed,
    environments: &[EnvironmentRow],
    known: Option<&ResourceView>,
) -> Screen {
    let sheet = Sheet::new(&ask.viewer, typed);
    let what = group(
        "What it is",
        "A pipeline says which environment follows which. Projects choose one.",
        vec![
            sheet.line(
                question(
                    "name",
                    "Name",
                    "Lower-case letters, digits and dashes. It stays.",
                ),
                Line {
                    example: "default",
                    fixed: known.is_some(),
                    ..Line::default()
                },
            ),
            sheet.line(
                question("display_name", "Display name", "What people call it."),
                Line {
                    example: "Default",
                    optional: true,
                    ..Line::default()
                },
            ),
            sheet.area(
                question(
                    "description",
                    "Description",
                    "One or two sentences for those who choose it.",
                ),
                2,
                true,
                false,
            ),
        ],
    );
    let way = group(
        "The way of a version",
        "Each step leads from one environment to the next. New versions come first to those that nothing leads to.",
        vec![
            rows(&sheet, typed, environments),
            sheet.add("edge", "Add a step"),
        ],
    );
    let drawn = group(
        "As a picture",
        "What the steps make. A preview draws it anew.",
        vec![picture(&preview(typed, environments))],
    );
    let (title, action, cancel, save) = match known {
        None => (
            "New pipeline".to_owned(),
            path::new_pipeline(),
            path::pipelines(),
            "Create pipeline",
        ),
        Some(known) => (
            format!("Edit {}", known.row.display_name),
            path::edit_pipeline(&known.row.identity.name),
            path::pipeline(&known.row.identity.name),
            "Save pipeline",
        ),
    };
    let gone = known.map(|known| {
        view! {
            <a class="btn" data-kind="bad" href=path::resource_delete(&known.row.identity)>
                {icon("bin")}"Delete"
            </a>
        }
    });
    let body = view! {
        <header class="head"><div><h1>{title.clone()}</h1></div><div class="acts">{gone}</div></header>
        {sheet.form(action, cancel, save, vec![what, way, drawn])}
    };
    let screen = Screen::new(&title, Place::Pipelines, body).under("Pipelines", path::pipelines());
    match known {
        None => screen,
        Some(known) => {
            let address = path::pipeline(&known.row.identity.name);
            screen.under(&known.row.display_name, address).titled(title)
        }
    }
}

fn rows(sheet: &Sheet<'_>, typed: &Typed, environments: &[EnvironmentRow]) -> AnyView {
    if environments.is_empty() {
        return view! {
            <p class="says">"There is no environment yet. "<a href=path::new_environment()>"Make one first"</a>"."</p>
        }
        .into_any();
    }
    let choices: Vec<Choice> = environments
        .iter()
        .map(|row| Choice::called(&row.environment.name, &row.environment.display_name))
        .collect();
    let rows: Vec<AnyView> = typed
        .fields
        .indexes("edge")
        .into_iter()
        .enumerate()
        .map(|(number, at)| {
            let name = |end: &str| format!("edge.{at}.{end}");
            let (from, to, approval) = (name("from"), name("to"), name("approval"));
            let label = format!("step {}", number + 1);
            view! {
                <div class="leg" role="group" aria-label=label.clone()>
                    {sheet.select(question(&from, "From", "Where versions come from."), &choices, false)}
                    {sheet.select(question(&to, "To", "Where they go next."), &choices, false)}
                    {sheet.tick(question(&approval, "Needs approval", "Somebody says yes first."))}
                    {sheet.drop("edge", at, &label)}
                </div>
            }
            .into_any()
        })
        .collect();
    if rows.is_empty() {
        return view! { <p class="says">"No step yet: nothing is deployed along it."</p> }
            .into_any();
    }
    view! { <div class="legs">{rows}</div> }.into_any()
}
