//! A configuration group's names, scope and groups of environments.

use leptos::prelude::*;
use model::{
    configuration::Level,
    form::{
        Fields,
        configuration::{dotenv, pasted, settings, settings_field, settings_fields},
    },
    identity::Identity,
    kind::Kind,
    path,
    problem::Problem,
    view::{EnvironmentRow, ResourceView},
};
use serde_json::Value;

use crate::{
    context::Ask,
    forms::{Draft, Outcome, Posted, Typed, take},
    pages::configuration_paste::faults,
    parts::{
        form::{Line, Sheet, ask as question, group, pair},
        icon,
    },
    screen::{self, Place, Screen},
};

/// The page that makes one.
pub fn new() -> AnyView {
    screen::page(|ask: Ask| async move {
        let environments = ask.ports.platform.environments(&ask.viewer).await?;
        let mut fields = Fields::default();
        propose(&mut fields, &environments);
        Ok(draw(&ask, &Typed::fresh(fields), &environments, None))
    })
}

/// Proposes the two groups that most people have: production, and everything else.
fn propose(fields: &mut Fields, environments: &[EnvironmentRow]) {
    for (at, (name, production)) in [("non-production", false), ("production", true)]
        .into_iter()
        .enumerate()
    {
        let members = environments
            .iter()
            .filter(|row| row.environment.production == production);
        let members: Vec<&str> = members.map(|row| row.environment.name.as_str()).collect();
        // A group of one is what the environment itself is for.
        if members.len() < 2 {
            continue;
        }
        fields.set(&format!("group.{at}.name"), name);
        for member in members {
            fields.set(&format!("group.{at}.in.{member}"), "on");
        }
    }
}

/// The page that changes one.
pub fn edit() -> AnyView {
    screen::page(|ask: Ask| async move {
        let known = find(&ask).await?;
        let environments = ask.ports.platform.environments(&ask.viewer).await?;
        let mut fields = settings_fields(&known.manifest);
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
    let Posted { ask, fields } = posted;
    let environments = ask.ports.platform.environments(&ask.viewer).await?;
    let organization = ask.viewer.organization.clone();
    let pairs = match dotenv::read(fields.raw("text")) {
        Ok(pairs) => pairs,
        Err(lines) => {
            let mut typed = Typed::fresh(fields);
            typed.faults = faults(&lines);
            let draw = move || draw(&ask, &typed, &environments, None);
            return Ok(Outcome::Show(422, Box::new(draw)));
        }
    };
    let taken = take(&ask, fields, |fields| {
        let own =
            Identity::in_organization(Kind::ConfigurationGroup, &organization, fields.text("name"));
        Draft {
            manifests: vec![pasted(&Level::Global, &pairs, &settings(fields, None))],
            expected: [(own, 0)].into(),
            field,
            confirm: false,
        }
    })
    .await?;
    Ok(taken.or_again(
        |plan| {
            let made = plan.rows.first();
            made.map_or_else(path::configuration, |row| {
                path::configuration_group(&row.identity.name)
            })
        },
        move |typed| draw(&ask, &typed, &environments, None),
    ))
}

/// Changes one.
///
/// # Errors
/// When there is none, a refusal, or what broke.
pub async fn change(posted: Posted) -> Result<Outcome, Problem> {
    let Posted { ask, fields } = posted;
    let known = find(&ask).await?;
    let environments = ask.ports.platform.environments(&ask.viewer).await?;
    let own = known.row.identity.clone();
    let taken = take(&ask, fields, |fields| Draft {
        manifests: vec![settings(fields, Some(&known.manifest))],
        expected: [(own.clone(), fields.text("version").parse().unwrap_or(-1))].into(),
        field,
        // Groups decide which value wins: people see what that changes.
        confirm: true,
    })
    .await?;
    Ok(taken.or_again(
        |_| path::configuration_group(&own.name),
        move |typed| draw(&ask, &typed, &environments, Some(&known)),
    ))
}

fn field(_kind: &str, path: &str) -> Option<String> {
    settings_field(path)
}

async fn find(ask: &Ask) -> Result<ResourceView, Problem> {
    let name = ask.param("name");
    let own = Identity::in_organization(Kind::ConfigurationGroup, &ask.viewer.organization, &name);
    ask.ports.manifests.find(&ask.viewer, &own).await
}

fn draw(
    ask: &Ask,
    typed: &Typed,
    environments: &[EnvironmentRow],
    known: Option<&ResourceView>,
) -> Screen {
    let sheet = Sheet::new(&ask.viewer, typed);
    let mut groups = vec![
        what(&sheet, known.is_some()),
        scope(&sheet),
        members(
            &sheet,
            typed,
            environments,
            known.map(|known| &known.manifest),
        ),
    ];
    if known.is_none() {
        groups.push(group(
            "First keys",
            "What every environment has unless it is given otherwise. More can be added at any time.",
            vec![sheet.area(
                question("text", "Paste .env", "KEY=value, one a line. Comments and quotes are understood."),
                6,
                true,
                false,
            )],
        ));
    }
    let (title, action, cancel, save) = match known {
        None => (
            "New configuration group".to_owned(),
            path::new_configuration_group(),
            path::configuration(),
            "Create group",
        ),
        Some(known) => {
            let name = &known.row.identity.name;
            (
                format!("Edit {}", known.row.display_name),
                path::configuration_settings(name),
                path::configuration_group(name),
                "Save group",
            )
        }
    };
    let gone = known.map(|known| {
        view! {
            <a class="btn" data-kind="bad" href=path::resource_delete(&known.row.identity)>{icon("bin")}"Delete"</a>
        }
    });
    let body = view! {
        <header class="head">
            <div><h1>{title.clone()}</h1></div>
            <div class="acts">{gone}</div>
        </header>
        {sheet.form(action, cancel, save, groups)}
    };
    let screen = Screen::new(&title, Place::Configuration, body)
        .under("Configuration", path::configuration());
    match known {
        None => screen,
        Some(known) => {
            let name = &known.row.identity.name;
            screen
                .under(name, path::configuration_group(name))
                .titled(title)
        }
    }
}

fn what(sheet: &Sheet<'_>, known: bool) -> AnyView {
    let optional = Line {
        optional: true,
        ..Line::default()
    };
    group(
        "What it is",
        "A group holds keys that belong together. Components take single keys of it as variables.",
        vec![
            sheet.line(
                question(
                    "name",
                    "Name",
                    "Lower-case letters, digits and dashes. Components refer to it, so it stays.",
                ),
                Line {
                    example: "shop",
                    fixed: known,
                    ..Line::default()
                },
            ),
            sheet.line(
                question("display_name", "Display name", "What people call it."),
                optional,
            ),
            sheet.line(
                question("description", "Description", "What its keys are about."),
                optional,
            ),
        ],
    )
}

fn scope(sheet: &Sheet<'_>) -> AnyView {
    let optional = Line {
        optional: true,
        ..Line::default()
    };
    group(
        "Who may take from it",
        "Everybody in the organization, unless you say otherwise.",
        vec![pair(vec![
            sheet.line(
                question("project", "Project", "Only components of this project."),
                optional,
            ),
            sheet.line(
                question("component", "Component", "Only components of this name."),
                optional,
            ),
        ])],
    )
}

/// The groups of environments, each with its members; a member that isn't declared keeps its box.
fn members(
    sheet: &Sheet<'_>,
    typed: &Typed,
    environments: &[EnvironmentRow],
    known: Option<&Value>,
) -> AnyView {
    let mut names: Vec<(String, String)> = environments
        .iter()
        .map(|row| {
            (
                row.environment.name.clone(),
                row.environment.display_name.clone(),
            )
        })
        .collect();
    let declared = known.and_then(|manifest| manifest.pointer("/spec/environmentGroups"));
    let declared = declared.and_then(Value::as_array).into_iter().flatten();
    for member in declared
        .filter_map(|group| group["environments"].as_array())
        .flatten()
    {
        let name = member.as_str().unwrap_or_default().to_owned();
        if !names.iter().any(|(known, _)| *known == name) {
            names.push((name.clone(), format!("{name} (not there)")));
        }
    }
    let mut rows: Vec<AnyView> = typed
        .fields
        .indexes("group")
        .into_iter()
        .map(|at| one(sheet, typed, at, &names))
        .collect();
    rows.push(sheet.add("group", "Add a group of environments"));
    group(
        "Groups of environments",
        "A value can be given for a whole group. A key must not get values from two groups for one environment.",
        rows,
    )
}

fn one(sheet: &Sheet<'_>, typed: &Typed, at: usize, names: &[(String, String)]) -> AnyView {
    let was = typed.fields.raw(&format!("group.{at}.was")).to_owned();
    let name = format!("group.{at}.name");
    let called = typed.fields.text(&name).to_owned();
    let called = if called.is_empty() {
        "the new group".to_owned()
    } else {
        called
    };
    let ticks: Vec<AnyView> = names
        .iter()
        .map(|(member, label)| sheet.tick(question(&format!("group.{at}.in.{member}"), label, "")))
        .collect();
    view! {
        <div class="stack" data-gap="small" role="group" aria-label=format!("Group {called}")>
            <input type="hidden" name=format!("group.{at}.was") value=was/>
            <div class="row" data-spread="">
                {sheet.line(question(&name, "Name of the group", ""), Line { example: "non-production", ..Line::default() })}
                {sheet.drop("group", at, &called)}
            </div>
            <div class="row">{ticks}</div>
        </div>
    }
    .into_any()
}
