//! Making and changing an environment.

use leptos::prelude::*;
use model::{
    form::{self, Fields},
    identity::Identity,
    kind::Kind,
    path,
    port::Answer,
    problem::Problem,
    view::{EnvironmentNames, PlaneRow, ResourceView},
};

use crate::{
    context::Ask,
    forms::{Draft, Outcome, Posted, Typed, take},
    pages::environment::names as shown,
    parts::{
        form::{Choice, Line, Sheet, ask as question, group},
        icon,
    },
    screen::{self, Place, Screen},
};

/// The page that makes one.
pub fn new() -> AnyView {
    screen::page(|ask: Ask| async move {
        let planes = ask.ports.platform.planes(&ask.viewer).await?;
        let mut fields = Fields::default();
        // Where there is but one, nobody should have to choose it.
        if let [only] = planes.as_slice() {
            fields.set("plane", &only.name);
        }
        let names = names(&ask, &fields).await?;
        Ok(draw(&ask, &Typed::fresh(fields), &planes, &names, None))
    })
}

/// The page that changes one.
pub fn edit() -> AnyView {
    screen::page(|ask: Ask| async move {
        let known = find(&ask).await?;
        let planes = ask.ports.platform.planes(&ask.viewer).await?;
        let mut fields = form::environment::fields(&known.manifest);
        fields.set("version", &known.version.to_string());
        let names = names(&ask, &fields).await?;
        Ok(draw(
            &ask,
            &Typed::fresh(fields),
            &planes,
            &names,
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
        Kind::Environment,
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
    let Posted { ask, fields } = posted;
    let planes = ask.ports.platform.planes(&ask.viewer).await?;
    let names = names(&ask, &fields).await?;
    let before = known.as_ref().map(|known| &known.manifest);
    let taken = take(&ask, fields, |fields| Draft {
        manifests: vec![form::environment::manifest(fields, before)],
        expected: [(own.clone(), version)].into(),
        field: |_, path| form::environment::field(path).map(str::to_owned),
        confirm: false,
    })
    .await?;
    Ok(taken.or_again(
        |plan| {
            let made = plan.rows.first();
            made.map_or_else(path::environments, |row| {
                path::environment(&row.identity.name)
            })
        },
        move |typed| draw(&ask, &typed, &planes, &names, known.as_ref()),
    ))
}

async fn find(ask: &Ask) -> Result<ResourceView, Problem> {
    let name = ask.param("environment");
    let own = Identity::in_organization(Kind::Environment, &ask.viewer.organization, &name);
    ask.ports.manifests.find(&ask.viewer, &own).await
}

/// The names that would come of what is typed.
async fn names(ask: &Ask, fields: &Fields) -> Answer<EnvironmentNames> {
    let (name, plane, prefix) = (
        fields.text("name"),
        fields.text("plane"),
        fields.text("prefix"),
    );
    let environments = &ask.ports.environments;
    environments.names(&ask.viewer, name, plane, prefix).await
}

fn draw(
    ask: &Ask,
    typed: &Typed,
    planes: &[PlaneRow],
    names: &EnvironmentNames,
    known: Option<&ResourceView>,
) -> Screen {
    let sheet = Sheet::new(&ask.viewer, typed);
    let optional = |example: &'static str| Line {
        example,
        optional: true,
        ..Line::default()
    };
    let what = group(
        "What it is",
        "An environment is a place on a plane where components run: for development, for tests, for customers.",
        vec![
            sheet.line(
                question(
                    "name",
                    "Name",
                    "Lower-case letters, digits and dashes. It stands in namespaces and hosts, and stays.",
                ),
                Line {
                    example: "staging",
                    fixed: known.is_some(),
                    ..Line::default()
                },
            ),
            sheet.line(
                question("display_name", "Display name", "What people call it."),
                optional("Staging"),
            ),
            sheet.area(
                question("description", "Description", "What it is for, in a sentence."),
                2,
                true,
                false,
            ),
        ],
    );
    let planes: Vec<Choice> = planes
        .iter()
        .map(|plane| Choice::called(&plane.name, &plane.display_name))
        .collect();
    let place = group(
        "Where it runs",
        "Each project gets a namespace of its own there. The plane can't be changed while something runs.",
        vec![
            sheet.select(
                question("plane", "DataPlane", "The cluster that it is on."),
                &planes,
                false,
            ),
            sheet.tick(question(
                "production",
                "It is production",
                "Customers depend on it: versions come here with somebody's approval.",
            )),
        ],
    );
    let hosts = group(
        "How it is reached",
        "Hosts are made of the prefix and of what the plane's gateways are called.",
        vec![
            sheet.line(
                question(
                    "prefix",
                    "Host prefix",
                    "What hosts of this environment begin with; its name when empty. No two environments of a plane share one.",
                ),
                optional("staging"),
            ),
            sheet.line(
                question(
                    "jwks",
                    "Keys for tokens",
                    "Where the keys are that callers' tokens are checked with (JWKS); for classes with OAuth2.",
                ),
                Line {
                    kind: "url",
                    ..optional("https://id.example.com/jwks")
                },
            ),
        ],
    );
    let made = group(
        "Names it makes",
        "What comes of it on the plane. A preview makes them anew.",
        vec![shown(names)],
    );
    let (title, action, cancel, save) = match known {
        None => (
            "New environment".to_owned(),
            path::new_environment(),
            path::environments(),
            "Create environment",
        ),
        Some(known) => (
            format!("Edit {}", known.row.display_name),
            path::edit_environment(&known.row.identity.name),
            path::environment(&known.row.identity.name),
            "Save environment",
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
        {sheet.form(action, cancel, save, vec![what, place, hosts, made])}
    };
    let screen =
        Screen::new(&title, Place::Environments, body).under("Environments", path::environments());
    match known {
        None => screen,
        Some(known) => {
            let address = path::environment(&known.row.identity.name);
            screen.under(&known.row.display_name, address).titled(title)
        }
    }
}
