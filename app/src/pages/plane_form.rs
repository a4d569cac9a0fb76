//! Connecting a plane and changing how it is reached; it can be tested before it is saved.

use leptos::prelude::*;
use model::{
    form::{self, Fields, plane::Way},
    identity::Identity,
    kind::Kind,
    path,
    port::Sending,
    problem::Problem,
    view::{PlaneTest, ResourceView},
};

use crate::{
    context::Ask,
    forms::{Draft, Outcome, Posted, Typed, documents, placed, take},
    parts::{
        form::{Choice, Line, Sheet, ask as question, group, pair},
        icon, plane_test,
    },
    screen::{self, Place, Screen},
};

/// The page that connects a DataPlane.
pub fn new_data() -> AnyView {
    new(Kind::DataPlane)
}

/// The page that connects a BuildPlane.
pub fn new_build() -> AnyView {
    new(Kind::BuildPlane)
}

/// The page that changes a DataPlane.
pub fn edit_data() -> AnyView {
    edit(Kind::DataPlane)
}

/// The page that changes a BuildPlane.
pub fn edit_build() -> AnyView {
    edit(Kind::BuildPlane)
}

fn new(kind: Kind) -> AnyView {
    screen::page(move |ask: Ask| async move {
        let mut fields = Fields::default();
        fields.set("way", Way::Kubeconfig.as_str());
        Ok(draw(&ask, kind, &Typed::fresh(fields), None, None))
    })
}

fn edit(kind: Kind) -> AnyView {
    screen::page(move |ask: Ask| async move {
        let known = find(&ask, kind).await?;
        let mut fields = form::plane::fields(&known.manifest);
        fields.set("version", &known.version.to_string());
        Ok(draw(&ask, kind, &Typed::fresh(fields), None, Some(&known)))
    })
}

/// Connects one.
///
/// # Errors
/// A refusal, or what broke.
pub async fn create(kind: Kind, posted: Posted) -> Result<Outcome, Problem> {
    let Posted { ask, fields } = posted;
    if let Some(outcome) = tried(&ask, kind, &fields, None).await? {
        return Ok(outcome);
    }
    let organization = ask.viewer.organization.clone();
    let taken = take(&ask, fields, |fields| {
        let own = Identity::in_organization(kind, &organization, fields.text("name"));
        Draft {
            manifests: vec![form::plane::manifest(kind, fields, None)],
            expected: [(own, 0)].into(),
            field,
            confirm: false,
        }
    })
    .await?;
    Ok(taken.or_again(
        |plan| {
            let made = plan.rows.first();
            made.map_or_else(path::planes, |row| path::plane(kind, &row.identity.name))
        },
        move |typed| draw(&ask, kind, &typed, None, None),
    ))
}

/// Changes one. A new credential takes effect at once: the plane is connected anew.
///
/// # Errors
/// When there is none, a refusal, or what broke.
pub async fn change(kind: Kind, posted: Posted) -> Result<Outcome, Problem> {
    let Posted { ask, fields } = posted;
    let known = find(&ask, kind).await?;
    if let Some(outcome) = tried(&ask, kind, &fields, Some(&known)).await? {
        return Ok(outcome);
    }
    let own = known.row.identity.clone();
    let taken = take(&ask, fields, |fields| Draft {
        manifests: vec![form::plane::manifest(kind, fields, Some(&known.manifest))],
        expected: [(own.clone(), fields.text("version").parse().unwrap_or(-1))].into(),
        field,
        confirm: false,
    })
    .await?;
    Ok(taken.or_again(
        |_| path::plane(kind, &own.name),
        move |typed| draw(&ask, kind, &typed, None, Some(&known)),
    ))
}

fn field(_kind: &str, path: &str) -> Option<String> {
    form::plane::field(path).map(str::to_owned)
}

async fn find(ask: &Ask, kind: Kind) -> Result<ResourceView, Problem> {
    let own = Identity::in_organization(kind, &ask.viewer.organization, &ask.param("name"));
    ask.ports.manifests.find(&ask.viewer, &own).await
}

/// What the buttons within the form do: read the kubeconfig, or test the plane as it is typed.
async fn tried(
    ask: &Ask,
    kind: Kind,
    fields: &Fields,
    known: Option<&ResourceView>,
) -> Result<Option<Outcome>, Problem> {
    let intent = fields.text("intent");
    if !matches!(intent, "read" | "test") {
        return Ok(None);
    }
    let manifest = form::plane::manifest(kind, fields, known.map(|known| &known.manifest));
    let mut typed = Typed::fresh(fields.clone());
    let mut found = None;
    if intent == "read" {
        let sending = Sending::text("", &documents(&[manifest]));
        let plan = ask.ports.manifests.plan(&ask.viewer, &sending).await?;
        typed.faults = placed(&plan.faults, field);
        // Only this was asked; the rest may not be typed yet.
        typed
            .faults
            .retain(|fault| matches!(fault.path.as_str(), "kubeconfig" | "context"));
        let contexts = form::plane::contexts(fields.raw("kubeconfig"));
        let current = contexts
            .iter()
            .find(|context| context.current)
            .or(contexts.first());
        if let Some(current) = current.filter(|_| fields.text("context").is_empty()) {
            typed.fields.set("context", &current.name);
            typed.faults.retain(|fault| fault.path != "context");
        }
    } else {
        match ask.ports.planes.try_out(&ask.viewer, &manifest).await {
            Ok(test) => found = Some(test),
            Err(Problem::Invalid { faults, .. }) => typed.faults = placed(&faults, field),
            Err(other) => return Err(other),
        }
    }
    let status = if typed.faults.is_empty() { 200 } else { 422 };
    let (ask, known) = (ask.clone(), known.cloned());
    let draw = move || draw(&ask, kind, &typed, found.as_ref(), known.as_ref());
    Ok(Some(Outcome::Show(status, Box::new(draw))))
}

fn draw(
    ask: &Ask,
    kind: Kind,
    typed: &Typed,
    test: Option<&PlaneTest>,
    known: Option<&ResourceView>,
) -> Screen {
    let sheet = Sheet::new(&ask.viewer, typed);
    let action = match known {
        None => path::new_plane(kind),
        Some(known) => path::edit_plane(kind, &known.row.identity.name),
    };
    let mut groups = vec![
        what(&sheet, kind, known.is_some()),
        reached(ask, &sheet, typed, test, &action, known.is_some()),
    ];
    if kind == Kind::DataPlane {
        groups.push(images(&sheet));
        groups.push(hosts(&sheet));
    }
    groups.push(observer(&sheet));
    let word = if kind == Kind::BuildPlane {
        "build plane"
    } else {
        "data plane"
    };
    let (title, cancel, save) = match known {
        None => (format!("Connect a {word}"), path::planes(), "Connect"),
        Some(known) => {
            let name = &known.row.identity.name;
            (
                format!("Edit {}", known.row.display_name),
                path::plane(kind, name),
                "Save plane",
            )
        }
    };
    let gone = known.map(|known| {
        let address = path::retire_plane(kind, &known.row.identity.name);
        view! { <a class="btn" data-kind="bad" href=address>{icon("bin")}"Retire"</a> }
    });
    let body = view! {
        <header class="head">
            <div><h1>{title.clone()}</h1></div>
            <div class="acts">{gone}</div>
        </header>
        {sheet.form(action, cancel, save, groups)}
    };
    let screen = Screen::new(&title, Place::Planes, body).under("Planes", path::planes());
    match known {
        None => screen,
        Some(known) => {
            let name = &known.row.identity.name;
            screen.under(name, path::plane(kind, name)).titled(title)
        }
    }
}

fn what(sheet: &Sheet<'_>, kind: Kind, known: bool) -> AnyView {
    let about = if kind == Kind::BuildPlane {
        "A build plane is a Kubernetes cluster that builds images from source."
    } else {
        "A data plane is a Kubernetes cluster that runs what is deployed. Environments are on one each."
    };
    let name = Line {
        example: "eu-1",
        fixed: known,
        ..Line::default()
    };
    let optional = |example| Line {
        example,
        optional: true,
        ..Line::default()
    };
    group(
        "What it is",
        about,
        vec![
            sheet.line(
                question(
                    "name",
                    "Name",
                    "Lower-case letters, digits and dashes. Environments refer to it, so it stays.",
                ),
                name,
            ),
            sheet.line(
                question("display_name", "Display name", "What people call it."),
                optional("Europe 1"),
            ),
            sheet.line(
                question(
                    "description",
                    "Description",
                    "A line for those who come new.",
                ),
                optional(""),
            ),
        ],
    )
}

fn ways() -> Vec<Choice> {
    Way::ALL
        .into_iter()
        .map(|way| {
            let (label, means, sign) = match way {
                Way::Simulated => (
                    "Simulated",
                    "A cluster inside Troupe, for a first look. Nothing real runs.",
                    "cube",
                ),
                Way::Kubeconfig => (
                    "Kubeconfig",
                    "Pasted as a whole, with the context to use.",
                    "doc",
                ),
                Way::Certificate => (
                    "Client certificate",
                    "The server's address, its authority, a certificate and its key.",
                    "lock",
                ),
                Way::Token => (
                    "Token",
                    "The server's address and a service account's token.",
                    "key",
                ),
            };
            Choice {
                value: way.as_str().into(),
                label: label.into(),
                means: means.into(),
                sign,
            }
        })
        .collect()
}

fn reached(
    ask: &Ask,
    sheet: &Sheet<'_>,
    typed: &Typed,
    test: Option<&PlaneTest>,
    action: &str,
    known: bool,
) -> AnyView {
    let keep = if known {
        " What is stored is never shown: (sealed) keeps it, and what you put in its place replaces it at once."
    } else {
        " Sealed when it is stored, and never shown again."
    };
    let way = sheet.choices(question("way", "How it is reached", ""), &ways());
    let kubeconfig = format!(
        "What kubectl config view --raw --flatten --minify prints. Programs (exec) and files on disk are refused.{keep}"
    );
    let server = sheet.line(
        question("server", "API server", "Its address, with https."),
        Line {
            kind: "url",
            example: "https://10.0.0.1:6443",
            ..Line::default()
        },
    );
    let key = format!("PEM, or base64 of it.{keep}");
    let token = format!("Of a service account that may do what a test tries.{keep}");
    let cluster = sheet.line(
        question(
            "cluster",
            "Cluster's name",
            "For people. The plane's name without it.",
        ),
        Line {
            optional: true,
            ..Line::default()
        },
    );
    // Where the answer is looked at: the page comes back whole.
    let tested = format!("{action}#test-as-typed");
    let result = test.map(|test| {
        view! { <div role="status">{plane_test::steps(ask.now(), test)}</div> }
    });
    group(
        "How it is reached",
        "Test it before you save: nothing is written to the plane by a test.",
        vec![
            way,
            part(
                "kubeconfig",
                vec![
                    sheet.area(question("kubeconfig", "Kubeconfig", &kubeconfig), 8, false, true),
                    contexts(sheet, typed, action),
                ],
            ),
            part("certificate token", vec![server]),
            part(
                "certificate token",
                vec![sheet.area(
                    question("ca", "Authority", "The certificate that signed the server's: PEM, or base64 of it."),
                    4,
                    false,
                    false,
                )],
            ),
            part(
                "certificate",
                vec![
                    sheet.area(
                        question("certificate", "Client certificate", "PEM, or base64 of it."),
                        4,
                        false,
                        false,
                    ),
                    sheet.area(question("key", "Client key", &key), 4, false, false),
                ],
            ),
            part(
                "token",
                vec![sheet.area(question("token", "Token", &token), 3, false, false)],
            ),
            cluster,
            view! {
                <div class="acts" id="test-as-typed">
                    <button class="btn" name="intent" value="test" formaction=tested>{icon("play")}"Test it as typed"</button>
                </div>
                {result}
            }
            .into_any(),
        ],
    )
}

/// The contexts to choose from, once the kubeconfig was read; else a line.
fn contexts(sheet: &Sheet<'_>, typed: &Typed, action: &str) -> AnyView {
    let found = form::plane::contexts(typed.fields.raw("kubeconfig"));
    if found.is_empty() {
        let line = sheet.line(
            question("context", "Context", "Its current one without it."),
            Line {
                optional: true,
                ..Line::default()
            },
        );
        let read = view! {
            <div class="acts">
                <button class="btn" data-size="small" name="intent" value="read" formaction=format!("{action}#kubeconfig")>{icon("search")}"List its contexts"</button>
            </div>
        };
        return view! { {line}{read} }.into_any();
    }
    let current = found.iter().find(|context| context.current);
    let current = current.map_or(
        "its current one, which it doesn't name".to_owned(),
        |context| format!("Its current one ({})", context.name),
    );
    let choices: Vec<Choice> = std::iter::once(Choice::called("", &current))
        .chain(found.iter().map(|context| {
            let words = format!(
                "{} at {}, as {}",
                context.name, context.server, context.user
            );
            Choice::called(&context.name, &words)
        }))
        .collect();
    sheet.select(
        question(
            "context",
            "Context",
            "Which cluster of this kubeconfig it is, and as whom.",
        ),
        &choices,
        false,
    )
}

/// Fields that belong to some ways alone; a style hides those of the others.
fn part(ways: &'static str, fields: Vec<AnyView>) -> AnyView {
    view! { <div class="stack" data-way=ways>{fields}</div> }.into_any()
}

fn images(sheet: &Sheet<'_>) -> AnyView {
    group(
        "Images",
        "Where images come from.",
        vec![pair(vec![
            sheet.line(
                question(
                    "registry",
                    "Registry",
                    "Host and path that built images are under.",
                ),
                Line {
                    example: "registry.acme.dev/apps",
                    ..Line::default()
                },
            ),
            sheet.line(
                question(
                    "pull_secret",
                    "Pull secret",
                    "Its name on the plane; pods get it.",
                ),
                Line {
                    optional: true,
                    ..Line::default()
                },
            ),
        ])],
    )
}

fn hosts(sheet: &Sheet<'_>) -> AnyView {
    group(
        "Host names",
        "What the addresses of endpoints end in. An environment's prefix comes before it.",
        vec![pair(vec![
            sheet.line(
                question(
                    "public_host",
                    "Public",
                    "For endpoints that the internet may reach.",
                ),
                Line {
                    example: "apps.acme.dev",
                    ..Line::default()
                },
            ),
            sheet.line(
                question(
                    "organization_host",
                    "Organization",
                    "For endpoints that the whole organization may reach.",
                ),
                Line {
                    example: "apps.internal",
                    ..Line::default()
                },
            ),
        ])],
    )
}

fn observer(sheet: &Sheet<'_>) -> AnyView {
    let optional = Line {
        optional: true,
        ..Line::default()
    };
    group(
        "Observer",
        "Where logs and metrics of before can be asked for, if there is one.",
        vec![
            sheet.line(
                question("observer_url", "Address", "With http or https."),
                Line {
                    kind: "url",
                    example: "https://observer.acme.dev",
                    ..optional
                },
            ),
            pair(vec![
                sheet.line(
                    question("observer_user", "User", "Whom it knows us as."),
                    optional,
                ),
                sheet.line(
                    question("observer_password", "Password", "Sealed when it is stored."),
                    Line {
                        kind: "password",
                        ..optional
                    },
                ),
            ]),
        ],
    )
}
