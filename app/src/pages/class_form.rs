//! Making and changing a class: a form for the usual fields, YAML for all of it, and what a new
//! version would do before it is published.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::{
    form::{self, Fields},
    identity::Identity,
    kind::Kind,
    manifest::{self, Document, Input, Limits},
    path,
    port::Sending,
    problem::{FieldFault, Problem},
    view::{ClassUsers, ClassView, ImpactView, Paging},
    yaml,
};
use serde_json::Value;

use crate::{
    context::Ask,
    forms::{Draft, Outcome, Posted, Taken, Typed, documents, take, take_text},
    islands::Editor,
    pages::{
        class_questions::groups,
        classes::{asked, class_kind},
    },
    parts::{
        form::{Sheet, ask as question, group},
        icon, impact,
    },
    screen::{self, Place, Screen},
};

/// The field that a class is written into as YAML.
const YAML: &str = "yaml";

/// The page that makes one.
pub fn new() -> AnyView {
    screen::page(|ask: Ask| async move {
        let kind = class_kind(&ask)?;
        let mut fields = form::class::fields(kind, &form::class::start(kind));
        if ask.query("as") == YAML {
            fields.set("mode", YAML);
            fields.set(YAML, &yaml::write(&form::class::start(kind)));
        }
        Ok(draw(&ask, &Typed::fresh(fields), kind, None, None))
    })
}

/// The page that changes one.
pub fn edit() -> AnyView {
    screen::page(|ask: Ask| async move {
        let known = find(&ask).await?;
        let kind = known.row.identity.kind;
        let mut fields = form::class::fields(kind, &known.manifest);
        fields.set("version", &known.resource_version.to_string());
        if ask.query("as") == YAML {
            fields.set("mode", YAML);
            fields.set(YAML, &known.yaml);
        }
        Ok(draw(&ask, &Typed::fresh(fields), kind, Some(&known), None))
    })
}

/// Makes one.
///
/// # Errors
/// A refusal, or what broke.
pub async fn create(posted: Posted) -> Result<Outcome, Problem> {
    let kind = class_kind(&posted.ask)?;
    taken(posted, kind, None).await
}

/// Publishes a version of one.
///
/// # Errors
/// When there is none, a refusal, or what broke.
pub async fn change(posted: Posted) -> Result<Outcome, Problem> {
    let known = find(&posted.ask).await?;
    let kind = known.row.identity.kind;
    taken(posted, kind, Some(known)).await
}

async fn find(ask: &Ask) -> Result<ClassView, Problem> {
    let class = asked(ask)?;
    let few = Paging {
        per_page: 1,
        ..Paging::default()
    };
    let nobody = ClassUsers::default();
    ask.ports
        .classes
        .find(&ask.viewer, &class, &nobody, &few)
        .await
}

/// Takes the form in whichever of its two shapes it was sent.
async fn taken(posted: Posted, kind: Kind, known: Option<ClassView>) -> Result<Outcome, Problem> {
    let Posted { ask, mut fields } = posted;
    let before = before(&fields, known.as_ref());
    let as_text = fields.text("mode") == YAML;
    let intent = fields.text("intent").to_owned();
    if intent == "to-yaml" && !as_text {
        let manifest = form::class::manifest(kind, &fields, before.as_ref());
        fields.set("mode", YAML);
        fields.set(YAML, &yaml::write(&manifest));
        return Ok(again(ask, Typed::fresh(fields), kind, known, None));
    }
    let own = known.as_ref().map(|known| known.row.identity.clone());
    if as_text {
        let read = written(&ask, &fields, kind, own.as_ref());
        match (read, intent.as_str()) {
            (Err(faults), _) => {
                let typed = Typed {
                    faults,
                    ..Typed::fresh(fields)
                };
                return Ok(again(ask, typed, kind, known, None));
            }
            (Ok(document), "to-form") => {
                let fields = as_form(kind, &document, &fields);
                return Ok(again(ask, Typed::fresh(fields), kind, known, None));
            }
            (Ok(document), _) => {
                let text = fields.raw(YAML).to_owned();
                let expected = expected(document.identity, known.as_ref(), &fields);
                let confirm = known.is_some();
                let taken = take_text(&ask, fields, YAML, expected, confirm).await?;
                return answered(ask, taken, kind, known, &intent, text).await;
            }
        }
    }
    let manifest = form::class::manifest(kind, &fields, before.as_ref());
    let name = manifest["metadata"]["name"].as_str().unwrap_or_default();
    let own =
        own.unwrap_or_else(|| Identity::in_organization(kind, &ask.viewer.organization, name));
    let expected = expected(own, known.as_ref(), &fields);
    let text = documents(std::slice::from_ref(&manifest));
    let confirm = known.is_some();
    let taken = take(&ask, fields, |_| Draft {
        manifests: vec![manifest],
        expected,
        field: form::class::field,
        confirm,
    })
    .await?;
    answered(ask, taken, kind, known, &intent, text).await
}

/// What the form changes: what was written as YAML and not saved yet, or what is there.
fn before(fields: &Fields, known: Option<&ClassView>) -> Option<Value> {
    let own = known.map(|known| known.manifest.clone());
    let Ok(unsaved) = serde_json::from_str::<Value>(fields.raw("base")) else {
        return own;
    };
    let mut unsaved = unsaved;
    // Whatever was sent, it stays the class that this page is about.
    if let Some(own) = &own {
        unsaved["kind"] = own["kind"].clone();
        unsaved["metadata"]["name"] = own["metadata"]["name"].clone();
        unsaved["metadata"]["namespace"] = own["metadata"]["namespace"].clone();
    } else {
        unsaved["metadata"]["name"] = fields.text("name").into();
    }
    Some(unsaved)
}

fn expected(own: Identity, known: Option<&ClassView>, fields: &Fields) -> BTreeMap<Identity, i64> {
    let version = match known {
        Some(_) => fields.text("version").parse().unwrap_or(-1),
        None => 0,
    };
    [(own, version)].into()
}

/// Reads the YAML: one class, and the one that the page is about.
fn written(
    ask: &Ask,
    fields: &Fields,
    kind: Kind,
    own: Option<&Identity>,
) -> Result<Document, Vec<FieldFault>> {
    let fault = |line, message: String, remedy: &str| FieldFault {
        path: YAML.into(),
        line,
        message,
        remedy: remedy.into(),
        ..FieldFault::default()
    };
    let input = Input {
        file: "",
        text: fields.raw(YAML),
    };
    let read = manifest::read(&[input], &Limits::default(), &ask.viewer.organization);
    let documents = read.map_err(|faults| {
        let told = faults.into_iter().map(|found| {
            let message = if found.path.is_empty() {
                found.message
            } else {
                format!("at {}: {}", found.path, found.message)
            };
            fault(found.line, message, &found.remedy)
        });
        told.collect::<Vec<_>>()
    })?;
    let only = <[Document; 1]>::try_from(documents);
    let Ok([document]) = only else {
        let message = "This page is about one class".to_owned();
        return Err(vec![fault(0, message, "Write one document")]);
    };
    let fits = match own {
        Some(own) => document.identity == *own,
        None => document.identity.kind == kind,
    };
    if fits {
        return Ok(document);
    }
    let wanted = own.map_or_else(|| kind.to_string(), ToString::to_string);
    let message = format!(
        "It is about {}, and this page about {wanted}",
        document.identity
    );
    let remedy = "Keep kind and name, or make a new class of it";
    Err(vec![fault(document.source.line, message, remedy)])
}

/// The form's fields of what was written as YAML; the rest goes along unseen.
fn as_form(kind: Kind, document: &Document, sent: &Fields) -> Fields {
    let manifest = yaml::manifest_value(
        &document.identity,
        &document.labels,
        &document.annotations,
        &document.spec,
        None,
    );
    let mut fields = form::class::fields(kind, &manifest);
    fields.set("version", sent.text("version"));
    fields.set("base", &manifest.to_string());
    fields
}

/// Goes to the class once it is done; else shows the form, with the impact when it was asked for.
async fn answered(
    ask: Ask,
    taken: Taken,
    kind: Kind,
    known: Option<ClassView>,
    intent: &str,
    text: String,
) -> Result<Outcome, Problem> {
    let typed = match taken {
        Taken::Again(typed) => typed,
        Taken::Done(plan) => {
            let made = plan.rows.first();
            return Ok(Outcome::Go(
                made.map_or_else(path::classes, |row| path::class(&row.identity)),
            ));
        }
    };
    let asked = typed.preview.is_some() && matches!(intent, "save" | "impact");
    let impact = if asked && known.is_some() {
        let sending = Sending::text("", &text);
        let first = Paging {
            per_page: 20,
            ..Paging::default()
        };
        let seen = ask.ports.classes.impact(&ask.viewer, &sending, &first);
        Some(seen.await?)
    } else {
        None
    };
    Ok(again(ask, typed, kind, known, impact))
}

fn again(
    ask: Ask,
    typed: Typed,
    kind: Kind,
    known: Option<ClassView>,
    impact: Option<ImpactView>,
) -> Outcome {
    Taken::Again(typed).or_again(
        |_| path::classes(),
        move |typed| draw(&ask, &typed, kind, known.as_ref(), impact.as_ref()),
    )
}

fn draw(
    ask: &Ask,
    typed: &Typed,
    kind: Kind,
    known: Option<&ClassView>,
    seen: Option<&ImpactView>,
) -> Screen {
    let sheet = Sheet::new(&ask.viewer, typed);
    let as_text = typed.fields.text("mode") == YAML;
    let mut body: Vec<AnyView> = Vec::new();
    if let Some(seen) = seen {
        body.push(impact::impact(seen));
    }
    body.push(switch(as_text));
    if as_text {
        body.push(written_as_yaml(&sheet, typed, kind));
    } else {
        body.push(base(typed));
        body.extend(groups(&sheet, kind, known.is_some()));
    }
    if known.is_some() {
        body.push(impact_button());
    }
    let (title, action, cancel, save) = match known {
        None => (
            format!("New {kind}"),
            path::new_class(kind),
            path::classes(),
            "Create class".to_owned(),
        ),
        Some(known) => (
            format!("Edit {}", known.row.identity.name),
            path::edit_class(&known.row.identity),
            path::class(&known.row.identity),
            "Publish".to_owned(),
        ),
    };
    let says = known.map(|known| {
        format!(
            "Publishing makes v{} and moves nobody: see what it would do first, roll it out afterwards.",
            known.row.version + 1
        )
    });
    let gone = known.map(|known| {
        let address = path::resource_delete(&known.row.identity);
        view! { <a class="btn" data-kind="bad" href=address>{icon("cross")}"Delete"</a> }
    });
    let body = view! {
        <header class="head">
            <div><h1>{title.clone()}</h1><p class="sub"><span>{says}</span></p></div>
            <div class="acts">{gone}</div>
        </header>
        {sheet.form(action, cancel, &save, body)}
    };
    let screen = Screen::new(&title, Place::Classes, body).under("Classes", path::classes());
    match known {
        None => screen,
        Some(known) => screen
            .under(&known.row.identity.name, path::class(&known.row.identity))
            .titled(title),
    }
}

/// The way from the form to the YAML and back; what was typed goes along.
fn switch(as_text: bool) -> AnyView {
    let (intent, words) = if as_text {
        ("to-form", "Back to the form")
    } else {
        ("to-yaml", "Write it as YAML")
    };
    let mode = if as_text { YAML } else { "form" };
    view! {
        <div class="acts">
            <input type="hidden" name="mode" value=mode/>
            <button class="btn" data-size="small" name="intent" value=intent>{icon("doc")}{words}</button>
        </div>
    }
    .into_any()
}

/// What was written as YAML and isn't saved, so that the form keeps what it doesn't show.
fn base(typed: &Typed) -> AnyView {
    let unsaved = typed.fields.raw("base").to_owned();
    let unsaved =
        (!unsaved.is_empty()).then(|| view! { <input type="hidden" name="base" value=unsaved/> });
    view! { {unsaved} }.into_any()
}

fn written_as_yaml(sheet: &Sheet<'_>, typed: &Typed, kind: Kind) -> AnyView {
    let wrong: Vec<String> = typed
        .faults
        .iter()
        .filter(|fault| fault.line > 0)
        .map(|fault| fault.line.to_string())
        .collect();
    let version = manifest::kubernetes_version();
    let about = format!("Templates are held against Kubernetes {version}; policies against v0.3.");
    let fields = view! {
        <p class="hint"><a href=path::class_fields(kind, "spec") target="_blank">"Look up the fields"</a>" that may stand in it"</p>
        <Editor of=YAML.to_owned() fields=path::class_fields(kind, "") wrong=wrong.join(",")/>
    };
    group(
        "All of it",
        &about,
        vec![
            sheet.area(
                question(
                    YAML,
                    "Manifest",
                    "Comments aren't kept. With a script, Ctrl and Space go to the fields that may stand where you type.",
                ),
                28,
                false,
                true,
            ),
            fields.into_any(),
        ],
    )
}

fn impact_button() -> AnyView {
    view! {
        <div class="acts">
            <button class="btn" name="intent" value="impact">{icon("s-drift")}"See what it would do"</button>
        </div>
    }
    .into_any()
}
