//! Forms: pages that are sent back to their own address, and answer with a page or another address.
//!
//! One way for all of them: fields become manifests ([`model::form`]), manifests are previewed or
//! applied by the same port as everything else, and what can't be taken is shown beside the field
//! that it was typed into. Nothing here needs a script; with one, the preview keeps up while people
//! type.

use std::{collections::BTreeMap, pin::Pin};

use model::{
    form::Fields,
    identity::Identity,
    kind::Kind,
    port::{Sending, SentFile},
    problem::{FieldFault, Problem},
    view::{Change, PlanView, PreviewView},
};
use serde_json::Value;

use crate::{context::Ask, pages, screen::Screen};

/// A form that was sent.
pub struct Posted {
    /// By whom, to which address.
    pub ask: Ask,
    /// What was typed.
    pub fields: Fields,
}

/// Draws a page; called where islands may be made.
pub type Draw = Box<dyn FnOnce() -> Screen + Send>;

/// What a form is answered with.
pub enum Outcome {
    /// It is done: what came of it is at this address.
    Go(String),
    /// The form again, or what is to be confirmed; with the HTTP status.
    Show(u16, Draw),
}

/// What a form's handler gives.
pub type Answer = Pin<Box<dyn Future<Output = Result<Outcome, Problem>> + Send>>;

/// A form's handler.
pub type Handler = fn(Posted) -> Answer;

/// Every form by its address: the one that its page has, with axum's names for the parts.
pub const FORMS: &[(&str, Handler)] = &[
    ("/classes/{kind}/new", |posted| {
        Box::pin(pages::class_form::create(posted))
    }),
    ("/classes/{kind}/{name}/edit", |posted| {
        Box::pin(pages::class_form::change(posted))
    }),
    ("/classes/{kind}/{name}/rollout", |posted| {
        Box::pin(pages::class_rollout::create(posted))
    }),
    ("/projects/new", |posted| {
        Box::pin(pages::project_form::create(posted))
    }),
    ("/projects/{project}/edit", |posted| {
        Box::pin(pages::project_form::change(posted))
    }),
    ("/resources/{kind}/new", |posted| {
        Box::pin(pages::resource_yaml::create(posted))
    }),
    ("/resources/{kind}/{name}/edit", |posted| {
        Box::pin(pages::resource_yaml::change(posted))
    }),
    ("/planes/new", |posted| {
        Box::pin(pages::plane_form::create(Kind::DataPlane, posted))
    }),
    ("/planes/{name}/edit", |posted| {
        Box::pin(pages::plane_form::change(Kind::DataPlane, posted))
    }),
    ("/planes/{name}/tests", |posted| {
        Box::pin(pages::plane::test(Kind::DataPlane, posted))
    }),
    ("/build-planes/new", |posted| {
        Box::pin(pages::plane_form::create(Kind::BuildPlane, posted))
    }),
    ("/build-planes/{name}/edit", |posted| {
        Box::pin(pages::plane_form::change(Kind::BuildPlane, posted))
    }),
    ("/build-planes/{name}/tests", |posted| {
        Box::pin(pages::plane::test(Kind::BuildPlane, posted))
    }),
    ("/configuration/new", |posted| {
        Box::pin(pages::configuration_form::create(posted))
    }),
    ("/configuration/{name}/edit", |posted| {
        Box::pin(pages::configuration_form::change(posted))
    }),
    ("/configuration/{name}/values", |posted| {
        Box::pin(pages::configuration_values::change(posted))
    }),
    ("/configuration/{name}/key", |posted| {
        Box::pin(pages::configuration_values::change_key(posted))
    }),
    ("/configuration/{name}/paste", |posted| {
        Box::pin(pages::configuration_paste::paste(posted))
    }),
    ("/projects/{project}/bulk", |posted| {
        Box::pin(pages::bulk::done(posted))
    }),
    (
        "/projects/{project}/components/{component}/versions",
        |posted| Box::pin(pages::new_version::ship(posted)),
    ),
    (
        "/projects/{project}/components/{component}/environments/{environment}",
        |posted| Box::pin(pages::binding::change(posted)),
    ),
    (
        "/projects/{project}/components/{component}/environments/{environment}/{action}",
        |posted| Box::pin(pages::act::done(posted)),
    ),
    ("/pipelines/new", |posted| {
        Box::pin(pages::pipeline_form::create(posted))
    }),
    ("/pipelines/{pipeline}/edit", |posted| {
        Box::pin(pages::pipeline_form::change(posted))
    }),
    ("/environments/new", |posted| {
        Box::pin(pages::environment_form::create(posted))
    }),
    ("/environments/{environment}/edit", |posted| {
        Box::pin(pages::environment_form::change(posted))
    }),
    ("/projects/{project}/components/new", |posted| {
        Box::pin(pages::component_form::create(posted))
    }),
    (
        "/projects/{project}/components/{component}/edit",
        |posted| Box::pin(pages::component_form::change(posted)),
    ),
];

/// What was typed, and what came of it so far: all that a form needs to be drawn again.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// What was typed.
    pub fields: Fields,
    /// What is wrong, each with the field that it was typed into as its path where there is one.
    pub faults: Vec<FieldFault>,
    /// What it would come to; `None` until somebody asked.
    pub preview: Option<PreviewView>,
    /// What must come back for it to be done: it stands for what was shown.
    pub confirm: Option<String>,
    /// What happened in the meantime, in words.
    pub stale: Option<String>,
    /// What was typed as manifests, for those who learn from them.
    pub manifests: Vec<Value>,
    /// Where typing goes on: the row that was just made, or `add LIST` for the button that makes
    /// another one in the list that a row was taken from.
    pub focus: String,
}

impl Typed {
    /// A form that nobody has typed into yet.
    pub fn fresh(fields: Fields) -> Self {
        Self {
            fields,
            ..Self::default()
        }
    }

    /// The status of the page that shows it.
    fn status(&self) -> u16 {
        match (&self.stale, self.faults.is_empty()) {
            (Some(_), _) => 409,
            (None, false) => 422,
            (None, true) => 200,
        }
    }
}

/// What a form makes: manifests, what they are held against, and whose fault is whose.
pub struct Draft {
    /// The manifests.
    pub manifests: Vec<Value>,
    /// The versions that the page was drawn from; 0 for what is to be new.
    pub expected: BTreeMap<Identity, i64>,
    /// The form's field for a kind and a path in its manifest.
    pub field: fn(&str, &str) -> Option<String>,
    /// Whether people see what it comes to before it is done.
    pub confirm: bool,
}

/// What became of a draft.
pub enum Taken {
    /// It is done.
    Done(PlanView),
    /// The form is shown again.
    Again(Typed),
}

impl Taken {
    /// Goes to an address when it is done, and draws the form again when it isn't.
    pub fn or_again(
        self,
        address: impl FnOnce(&PlanView) -> String,
        draw: impl FnOnce(Typed) -> Screen + Send + 'static,
    ) -> Outcome {
        match self {
            Self::Done(plan) => Outcome::Go(address(&plan)),
            Self::Again(typed) => Outcome::Show(typed.status(), Box::new(move || draw(typed))),
        }
    }
}

/// Takes a form: adds and drops rows, previews, asks for confirmation, or does it, as the button
/// that was pressed says (`intent`).
///
/// # Errors
/// A refusal, or what broke. What is wrong with the input is shown in the form.
pub async fn take(
    ask: &Ask,
    mut fields: Fields,
    draft: impl FnOnce(&Fields) -> Draft,
) -> Result<Taken, Problem> {
    let (add, drop) = (
        fields.text("add").to_owned(),
        fields.text("drop").to_owned(),
    );
    if fields.reshape() {
        let focus = match (fields.indexes(&add).last(), drop.rsplit_once('.')) {
            (Some(last), _) if !add.is_empty() => format!("{add}.{last}"),
            (_, Some((list, _))) => format!("add {list}"),
            _ => String::new(),
        };
        return Ok(Taken::Again(Typed {
            focus,
            ..Typed::fresh(fields)
        }));
    }
    let Draft {
        manifests,
        expected,
        field,
        confirm,
    } = draft(&fields);
    let sending = Sending {
        files: vec![SentFile {
            name: String::new(),
            text: documents(&manifests),
        }],
        expected,
    };
    let typed = Typed {
        manifests: if manifests.iter().any(holds_secrets) {
            Vec::new()
        } else {
            manifests
        },
        ..Typed::fresh(fields)
    };
    carried_out(ask, typed, sending, confirm, |faults| placed(faults, field)).await
}

/// The same for a manifest that people wrote themselves, into the field of this name. What is wrong
/// with it keeps its line.
///
/// # Errors
/// A refusal, or what broke. What is wrong with the input is shown in the form.
pub async fn take_text(
    ask: &Ask,
    fields: Fields,
    field: &str,
    expected: BTreeMap<Identity, i64>,
    confirm: bool,
) -> Result<Taken, Problem> {
    let sending = Sending {
        files: vec![SentFile {
            name: String::new(),
            text: fields.raw(field).to_owned(),
        }],
        expected,
    };
    let written = |faults: &[FieldFault]| {
        let place = |fault: &FieldFault| FieldFault {
            path: field.to_owned(),
            message: format!("at {}: {}", fault.path, fault.message),
            ..fault.clone()
        };
        faults.iter().map(place).collect()
    };
    carried_out(ask, Typed::fresh(fields), sending, confirm, written).await
}

/// Previews, asks for confirmation, or does it.
async fn carried_out(
    ask: &Ask,
    mut typed: Typed,
    sending: Sending,
    confirm: bool,
    place: impl Fn(&[FieldFault]) -> Vec<FieldFault>,
) -> Result<Taken, Problem> {
    let saving = typed.fields.text("intent") == "save";
    let ports = &ask.ports.manifests;
    if confirm || !saving {
        let preview = match ports.preview(&ask.viewer, &sending).await {
            Err(Problem::Stale { message, .. }) => return Ok(Taken::Again(stale(typed, message))),
            other => other?,
        };
        let shown = fingerprint(&preview);
        let agreed = typed.fields.text("confirmed") == shown;
        if !preview.plan.faults.is_empty() {
            typed.faults = place(&preview.plan.faults);
            return Ok(Taken::Again(typed));
        }
        if !saving || !agreed {
            typed.preview = Some(preview);
            typed.confirm = saving.then_some(shown);
            return Ok(Taken::Again(typed));
        }
    }
    let plan = match ports.apply(&ask.viewer, &sending).await {
        Err(Problem::Stale { message, .. }) => return Ok(Taken::Again(stale(typed, message))),
        other => other?,
    };
    if plan.faults.is_empty() {
        return Ok(Taken::Done(plan));
    }
    typed.faults = place(&plan.faults);
    Ok(Taken::Again(typed))
}

/// Whether a manifest may hold what is never shown: a plane's credentials.
fn holds_secrets(manifest: &Value) -> bool {
    let kind = manifest.get("kind").and_then(Value::as_str);
    matches!(
        kind.and_then(Kind::named),
        Some(Kind::DataPlane | Kind::BuildPlane) | None
    )
}

fn stale(typed: Typed, message: String) -> Typed {
    Typed {
        stale: Some(message),
        ..typed
    }
}

/// Manifests as one text of many documents. JSON is YAML.
pub fn documents(manifests: &[Value]) -> String {
    let texts: Vec<String> = manifests.iter().map(ToString::to_string).collect();
    texts.join("\n---\n")
}

/// Stands for what was shown: another content, another text.
fn fingerprint(preview: &PreviewView) -> String {
    let changes: Vec<_> = preview
        .plan
        .rows
        .iter()
        .filter(|row| row.change != Change::Unchanged)
        .map(|row| (&row.identity, &row.fields))
        .collect();
    let releases: Vec<_> = preview
        .releases
        .iter()
        .map(|release| (&release.environment, &release.component, &release.diff))
        .collect();
    model::hash::of(&serde_json::json!([changes, releases]))
}

/// Faults with the form's fields as their paths, where the form has one for it.
pub(crate) fn placed(
    faults: &[FieldFault],
    field: fn(&str, &str) -> Option<String>,
) -> Vec<FieldFault> {
    let place = |fault: &FieldFault| {
        // "Workload shop/cart: spec.containers.main.image"
        let (subject, path) = fault.path.rsplit_once(": ").unwrap_or(("", &fault.path));
        let kind = subject.split(' ').next().unwrap_or_default();
        FieldFault {
            path: field(kind, path).unwrap_or_else(|| fault.path.clone()),
            // Lines and documents are those of a text that nobody wrote.
            document: 0,
            line: 0,
            file: String::new(),
            ..fault.clone()
        }
    };
    faults.iter().map(place).collect()
}
