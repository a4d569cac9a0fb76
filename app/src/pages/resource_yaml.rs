//! A resource as its YAML: the way to every field of every kind, without leaving the browser.

use leptos::prelude::*;
use model::{
    form::Fields,
    identity::Identity,
    kind::Kind,
    manifest::{self, Input, Limits},
    path,
    problem::{FieldFault, Problem},
    view::ResourceView,
    yaml,
};

use crate::{
    context::Ask,
    forms::{Outcome, Posted, Taken, Typed, take_text},
    pages::{
        resource::asked,
        resources::{named, place},
    },
    parts::{
        command, fold,
        form::{Sheet, ask as question, group},
        icon,
        yaml::yaml as shown,
    },
    screen::{self, Screen},
};

/// How many lines the field shows at once.
const ROWS: u32 = 24;

/// The page that makes one.
pub fn new() -> AnyView {
    screen::page(|ask: Ask| async move {
        let kind = named(&ask)?;
        let mut fields = Fields::default();
        fields.set("text", &manifest::example(kind));
        Ok(draw(&ask, &Typed::fresh(fields), kind, None))
    })
}

/// The page that changes one.
pub fn edit() -> AnyView {
    screen::page(|ask: Ask| async move {
        let known = find(&ask).await?;
        let mut fields = Fields::default();
        fields.set("text", &yaml::write(&known.manifest));
        fields.set("version", &known.version.to_string());
        let kind = known.row.identity.kind;
        Ok(draw(&ask, &Typed::fresh(fields), kind, Some(&known)))
    })
}

/// Makes what the text declares.
///
/// # Errors
/// A refusal, or what broke.
pub async fn create(posted: Posted) -> Result<Outcome, Problem> {
    let Posted { ask, fields } = posted;
    let kind = named(&ask)?;
    // What is of this kind must be new: whoever makes one doesn't mean to change another.
    let own = declared(&ask, fields.raw("text"));
    let own: Vec<Identity> = own.into_iter().filter(|who| who.kind == kind).collect();
    let expected = own.iter().cloned().map(|who| (who, 0)).collect();
    let taken = take_text(&ask, fields, "text", expected, true).await?;
    Ok(taken.or_again(
        move |_| {
            own.first()
                .map_or_else(|| path::resources(kind), path::resource)
        },
        move |typed| draw(&ask, &typed, kind, None),
    ))
}

/// Changes the one that the address names.
///
/// # Errors
/// When there is none, a refusal, or what broke.
pub async fn change(posted: Posted) -> Result<Outcome, Problem> {
    let Posted { ask, fields } = posted;
    let known = find(&ask).await?;
    let own = known.row.identity.clone();
    let declared = declared(&ask, fields.raw("text"));
    let taken = if declared.is_empty() || declared == [own.clone()] {
        let version = fields.text("version").parse().unwrap_or(-1);
        take_text(&ask, fields, "text", [(own.clone(), version)].into(), true).await?
    } else {
        Taken::Again(Typed {
            faults: vec![another(&own)],
            ..Typed::fresh(fields)
        })
    };
    let kind = own.kind;
    Ok(taken.or_again(
        move |_| path::resource(&own),
        move |typed| draw(&ask, &typed, kind, Some(&known)),
    ))
}

/// What a text declares; nothing when it can't be read, which is told with all that is wrong.
fn declared(ask: &Ask, text: &str) -> Vec<Identity> {
    let input = Input { file: "", text };
    let documents = manifest::read(&[input], &Limits::default(), &ask.viewer.organization);
    let documents = documents.unwrap_or_default();
    documents.into_iter().map(|one| one.identity).collect()
}

fn another(own: &Identity) -> FieldFault {
    FieldFault {
        line: 1,
        path: "text".into(),
        message: format!("The text declares something else than {own}, or more"),
        remedy: "A kind, a name and an owner stay: make another one, or apply several at once"
            .into(),
        ..FieldFault::default()
    }
}

async fn find(ask: &Ask) -> Result<ResourceView, Problem> {
    let own = asked(ask)?;
    ask.ports.manifests.find(&ask.viewer, &own).await
}

/// The lines where something is wrong, as they stand in the text.
fn marked(typed: &Typed) -> Option<AnyView> {
    let text = typed.fields.raw("text");
    let rows: Vec<AnyView> = typed
        .faults
        .iter()
        .filter_map(|fault| {
            let line = text.lines().nth(fault.line.checked_sub(1)?)?.to_owned();
            let says = format!("{}. {}", fault.message, fault.remedy);
            Some(
                view! {
                    <li>
                        {icon("s-bad")}
                        <div>
                            <p><small>{format!("line {}", fault.line)}</small>" "<code>{line}</code></p>
                            <p class="says">{says}</p>
                        </div>
                    </li>
                }
                .into_any(),
            )
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="summary" aria-labelledby="marked">
                <h2 id="marked">"In the text"</h2><ol class="faults">{rows}</ol>
            </section>
        }
        .into_any()
    })
}

fn draw(ask: &Ask, typed: &Typed, kind: Kind, known: Option<&ResourceView>) -> Screen {
    let marks = marked(typed);
    let mut told = typed.clone();
    for fault in &mut told.faults {
        // The summary has no room of its own for a line.
        fault.message = format!("line {}: {}", fault.line, fault.message);
    }
    let sheet = Sheet::new(&ask.viewer, &told);
    let about = match known {
        None => {
            "An example with every field: those that must be there, and the others as comments."
        }
        Some(_) => "All its fields. Secrets are masked: a mask that stays keeps the secret.",
    };
    let text = group(
        "Manifest",
        about,
        vec![
            sheet.area(
                question(
                    "text",
                    "YAML",
                    "You see the difference and what it comes to before anything is done.",
                ),
                ROWS,
                false,
                true,
            ),
            marks.into_any(),
        ],
    );
    let (title, action, cancel, save) = match known {
        None => (
            format!("New {kind}"),
            path::resource_new(kind),
            path::resources(kind),
            "Create",
        ),
        Some(known) => {
            let own = &known.row.identity;
            (
                format!("Edit {}", own.name),
                path::resource_edit(own),
                path::resource(own),
                "Save",
            )
        }
    };
    let example = known.map(|_| {
        fold(
            "example",
            "An example with every field of this kind",
            false,
            shown("example-yaml", &manifest::example(kind)),
        )
    });
    let by_hand = match known {
        None => format!("troupe apply -f {}.yaml", kind.as_str().to_lowercase()),
        Some(known) => command_of(&known.row.identity),
    };
    let body = view! {
        <header class="head"><div><h1>{title.clone()}</h1><p class="sub">{format!("{kind} as YAML")}</p></div></header>
        {sheet.form(action, cancel, save, vec![text])}
        {example}
        {command::same_by_cli(&[by_hand])}
    };
    let screen = Screen::new(
        if known.is_some() { "Edit" } else { "New" },
        place(kind),
        body,
    )
    .titled(title)
    .under("All resources", path::resource_kinds())
    .under(kind.as_str(), path::resources(kind));
    match known {
        None => screen,
        Some(known) => screen.under(
            &known.row.identity.name,
            path::resource(&known.row.identity),
        ),
    }
}

fn command_of(own: &Identity) -> String {
    format!(
        "troupe edit {} {}{}",
        own.kind.as_str().to_lowercase(),
        own.name,
        command::owner(own)
    )
}
