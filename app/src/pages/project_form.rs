//! Making and changing a project.

use leptos::prelude::*;
use model::{
    form::{self, Fields},
    identity::Identity,
    kind::Kind,
    path,
    problem::Problem,
    view::{Paging, ResourceView},
};

use crate::{
    context::Ask,
    forms::{Draft, Outcome, Posted, Typed, take},
    parts::{
        form::{Choice, Line, Sheet, ask as question, group},
        icon,
    },
    screen::{self, Place, Screen},
};

/// The page that makes one.
pub fn new() -> AnyView {
    screen::page(|ask: Ask| async move {
        let pipelines = pipelines(&ask).await?;
        let mut fields = Fields::default();
        // Where there is but one, nobody should have to choose it.
        if let [only] = pipelines.as_slice() {
            fields.set("pipeline", &only.value);
        }
        Ok(draw(&ask, &Typed::fresh(fields), &pipelines, None))
    })
}

/// The page that changes one.
pub fn edit() -> AnyView {
    screen::page(|ask: Ask| async move {
        let known = find(&ask).await?;
        let pipelines = pipelines(&ask).await?;
        let mut fields = form::project::fields(&known.manifest);
        fields.set("version", &known.version.to_string());
        Ok(draw(&ask, &Typed::fresh(fields), &pipelines, Some(&known)))
    })
}

/// Makes one.
///
/// # Errors
/// A refusal, or what broke.
pub async fn create(posted: Posted) -> Result<Outcome, Problem> {
    let Posted { ask, fields } = posted;
    let pipelines = pipelines(&ask).await?;
    let organization = ask.viewer.organization.clone();
    let taken = take(&ask, fields, |fields| {
        let own = Identity::in_organization(Kind::Project, &organization, fields.text("name"));
        Draft {
            manifests: vec![form::project::manifest(fields, None)],
            expected: [(own, 0)].into(),
            field,
            confirm: false,
        }
    })
    .await?;
    Ok(taken.or_again(
        |plan| {
            let made = plan.rows.first();
            made.map_or_else(path::projects, |row| path::project(&row.identity.name))
        },
        move |typed| draw(&ask, &typed, &pipelines, None),
    ))
}

/// Changes one.
///
/// # Errors
/// When there is none, a refusal, or what broke.
pub async fn change(posted: Posted) -> Result<Outcome, Problem> {
    let Posted { ask, fields } = posted;
    let known = find(&ask).await?;
    let pipelines = pipelines(&ask).await?;
    let own = known.row.identity.clone();
    let taken = take(&ask, fields, |fields| Draft {
        manifests: vec![form::project::manifest(fields, Some(&known.manifest))],
        expected: [(own.clone(), fields.text("version").parse().unwrap_or(-1))].into(),
        field,
        confirm: false,
    })
    .await?;
    Ok(taken.or_again(
        |_| path::project(&own.name),
        move |typed| draw(&ask, &typed, &pipelines, Some(&known)),
    ))
}

fn field(_kind: &str, path: &str) -> Option<String> {
    form::project::field(path).map(str::to_owned)
}

async fn find(ask: &Ask) -> Result<ResourceView, Problem> {
    let name = ask.param("project");
    let own = Identity::in_organization(Kind::Project, &ask.viewer.organization, &name);
    ask.ports.manifests.find(&ask.viewer, &own).await
}

async fn pipelines(ask: &Ask) -> Result<Vec<Choice>, Problem> {
    let all = Paging {
        per_page: 200,
        ..Paging::default()
    };
    let found = ask
        .ports
        .manifests
        .list(&ask.viewer, Kind::DeploymentPipeline, "", &all)
        .await?;
    Ok(found
        .items
        .iter()
        .map(|row| Choice::called(&row.identity.name, &row.display_name))
        .collect())
}

fn draw(ask: &Ask, typed: &Typed, pipelines: &[Choice], known: Option<&ResourceView>) -> Screen {
    let sheet = Sheet::new(&ask.viewer, typed);
    let what = group(
        "What it is",
        "A project is a bounded context: its components see each other, and others see only what they offer.",
        vec![
            sheet.line(
                question(
                    "name",
                    "Name",
                    "Lower-case letters, digits and dashes. It stands in addresses and namespaces, and stays.",
                ),
                Line {
                    example: "shop",
                    fixed: known.is_some(),
                    ..Line::default()
                },
            ),
            sheet.line(
                question("display_name", "Display name", "What people call it."),
                Line {
                    example: "Shop",
                    optional: true,
                    ..Line::default()
                },
            ),
            sheet.area(
                question("description", "Description", "One or two sentences for those who come new."),
                2,
                true,
                false,
            ),
        ],
    );
    let way = group(
        "How it is delivered",
        "New versions go to the first environment of the pipeline by themselves, and on from there by promotion.",
        vec![sheet.select(
            question(
                "pipeline",
                "Deployment pipeline",
                "The environments that its components go through.",
            ),
            pipelines,
            false,
        )],
    );
    let (title, action, cancel, save) = match known {
        None => (
            "New project".to_owned(),
            path::new_project(),
            path::projects(),
            "Create project",
        ),
        Some(known) => (
            format!("Edit {}", known.row.display_name),
            path::edit_project(&known.row.identity.name),
            path::project(&known.row.identity.name),
            "Save project",
        ),
    };
    let gone = known.map(|known| {
        view! {
            <a class="btn" data-kind="bad" href=path::resource_delete(&known.row.identity)>
                {icon("cross")}"Delete"
            </a>
        }
    });
    let body = view! {
        <header class="head">
            <div><h1>{title.clone()}</h1></div>
            <div class="acts">{gone}</div>
        </header>
        {sheet.form(action, cancel, save, vec![what, way])}
    };
    let screen = Screen::new(&title, Place::Projects, body).under("Projects", path::projects());
    match known {
        None => screen,
        Some(known) => screen
            .under(
                &known.row.display_name,
                path::project(&known.row.identity.name),
            )
            .titled(title),
    }
}
