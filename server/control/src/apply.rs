//! Applying manifests: shown first, then done in one transaction, in the order of what needs what.

mod reach;

use std::collections::{BTreeMap, BTreeSet};

use model::{
    access::{Grant, Thing, Verb, Viewer, may},
    identity::Identity,
    kind::{Kind, binding::BindingSpec},
    manifest::{self, Document},
    port::{Sending, SentFile},
    problem::{FieldFault, Problem},
    view::{Change, PlanRow, PlanView},
};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{
    Tx,
    resources::{Draft, Resource},
};

use crate::{
    Platform, Result, clock, follow::follow, locks, ports::stored, references::references, sealed,
};

/// How far an apply goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// All is done and undone: what comes out is what would happen.
    Plan,
    /// All is done.
    Apply,
}

/// Reads what was sent. Documents come out in the order they are to be taken.
///
/// # Errors
/// Every fault of every document.
pub fn read(files: &[SentFile], organization: &str) -> Result<Vec<Document>, Vec<FieldFault>> {
    let inputs: Vec<manifest::Input<'_>> = files
        .iter()
        .map(|file| manifest::Input {
            file: &file.name,
            text: &file.text,
        })
        .collect();
    let documents = manifest::read(&inputs, &manifest::Limits::default(), organization);
    documents.map(manifest::in_order).map_err(|faults| {
        let told = faults.into_iter().map(|fault| FieldFault {
            file: fault.file,
            document: fault.document,
            line: fault.line,
            path: if fault.subject.is_empty() || fault.path.is_empty() {
                format!("{}{}", fault.subject, fault.path)
            } else {
                format!("{}: {}", fault.subject, fault.path)
            },
            message: fault.message,
            remedy: fault.remedy,
        });
        told.collect()
    })
}

/// Plans or applies what was sent.
///
/// # Errors
/// A refusal, or what broke. Faults of the input are in the view.
pub async fn run(
    platform: &Platform,
    viewer: &Viewer,
    sending: &Sending,
    mode: Mode,
) -> Result<PlanView> {
    let documents = match read(&sending.files, &viewer.organization) {
        Ok(documents) => documents,
        Err(faults) => {
            return Ok(PlanView {
                faults,
                ..PlanView::default()
            });
        }
    };
    let grants = granted(viewer, &documents)?;
    let view = documents_applied(platform, &documents, &grants, &sending.expected, mode).await?;
    if view.applied {
        platform.wake();
    }
    Ok(view)
}

/// Whether the viewer may apply all of these: one refusal refuses all.
fn granted(viewer: &Viewer, documents: &[Document]) -> Result<BTreeMap<Identity, Grant>> {
    let mut grants = BTreeMap::new();
    for document in documents {
        let who = &document.identity;
        let thing = Thing::in_project(who.kind, &who.organization, &who.project);
        grants.insert(who.clone(), may(viewer, Verb::Apply, &thing)?);
    }
    Ok(grants)
}

/// Applies documents that are already granted, in one transaction.
pub(crate) async fn documents_applied(
    platform: &Platform,
    documents: &[Document],
    grants: &BTreeMap<Identity, Grant>,
    expected: &BTreeMap<Identity, i64>,
    mode: Mode,
) -> Result<PlanView> {
    let mut tx = platform.store().begin(clock::now().0).await?;
    if documents
        .iter()
        .any(|document| sealed::holds(document.identity.kind))
    {
        // Inside of the transaction, so that nothing is sealed with a key of before a rotation.
        platform.seal().refresh(platform.store()).await?;
    }
    let mut view = PlanView::default();
    for document in documents {
        let grant = grants.get(&document.identity).ok_or(Problem::SignedOut)?;
        let expected = expected.get(&document.identity).copied();
        match one(platform, &mut tx, document, grant, expected).await? {
            Ok(row) => view.rows.push(row),
            Err(fault) => view.faults.push(fault),
        }
    }
    if view.faults.is_empty() {
        view.faults = reach::objections(&mut tx, documents).await?;
    }
    if !view.faults.is_empty() {
        view.rows.clear();
        return Ok(view);
    }
    foresee(&mut tx, documents, &mut view.rows).await?;
    if mode == Mode::Apply {
        tx.commit().await?;
        view.applied = true;
    }
    Ok(view)
}

pub(crate) fn fault(document: &Document, path: &str, message: String, remedy: &str) -> FieldFault {
    FieldFault {
        file: document.source.file.clone(),
        document: document.source.document,
        line: document.source.line,
        path: format!("{}: {path}", document.identity),
        message,
        remedy: remedy.into(),
    }
}

/// Applies one document.
async fn one(
    platform: &Platform,
    tx: &mut Tx,
    document: &Document,
    grant: &Grant,
    expected: Option<i64>,
) -> Result<Result<PlanRow, FieldFault>> {
    let who = &document.identity;
    let before = tx.resource(who).await?;
    if let Some(objection) = unexpected(document, before.as_ref(), expected)? {
        return Ok(Err(objection));
    }
    if let Some(objection) = objection(tx, document, before.as_ref()).await? {
        return Ok(Err(objection));
    }
    if let Some(objection) = locks::objection(platform, tx, document, before.as_ref()).await? {
        return Ok(Err(objection));
    }
    let mut draft = Draft {
        identity: who.clone(),
        labels: document.labels.clone(),
        annotations: document.annotations.clone(),
        spec: document.spec.clone(),
    };
    let stored = before.as_ref().map(|resource| &resource.spec);
    if let Err(path) = sealed::seal(platform.seal(), who, &mut draft.spec, stored) {
        let message = format!("{} stands for a secret that isn't stored", sealed::MASK);
        return Ok(Err(fault(
            document,
            &path,
            message,
            "Give the secret itself",
        )));
    }
    let change = written(tx, grant, before.as_ref(), &draft).await?;
    let empty = json!({});
    let old = before.as_ref().map(|resource| shown(&resource.draft()));
    let fields = if change == Change::Changed {
        model::diff::fields(old.as_ref().unwrap_or(&empty), &shown(&draft))
    } else {
        Vec::new()
    };
    Ok(Ok(PlanRow {
        identity: who.clone(),
        file: document.source.file.clone(),
        line: document.source.line,
        change,
        fields,
        note: who.kind.note().map(str::to_owned),
        waiting: Vec::new(),
    }))
}

/// Writes a draft over what is there, with all that follows from it. Says what that changed.
pub(crate) async fn written(
    tx: &mut Tx,
    grant: &Grant,
    before: Option<&Resource>,
    draft: &Draft,
) -> Result<Change> {
    let (id, change) = match before {
        None => {
            let made = tx.create_resource(grant, clock::id(), draft).await?;
            (made.id, Change::Created)
        }
        Some(resource) if resource.draft() == *draft => return Ok(Change::Unchanged),
        Some(resource) => {
            tx.update_resource(grant, resource, draft).await?;
            (resource.id.clone(), Change::Changed)
        }
    };
    if draft.identity.kind.is_class() {
        let hash = model::hash::of(&draft.spec);
        tx.publish_class(grant, &id, &draft.spec, &hash).await?;
    }
    follow(tx, &id, &draft.identity, change).await?;
    Ok(change)
}

/// A resource as its manifest has it, secrets masked.
fn shown(draft: &Draft) -> Value {
    json!({
        "metadata": {"labels": draft.labels, "annotations": draft.annotations},
        "spec": sealed::masked(&draft.spec),
    })
}

/// What stands against a document that is right in itself.
async fn objection(
    tx: &mut Tx,
    document: &Document,
    before: Option<&Resource>,
) -> Result<Option<FieldFault>> {
    let who = &document.identity;
    if before.is_some_and(|resource| resource.deleted_at.is_some()) {
        return Ok(Some(fault(
            document,
            "metadata.name",
            "it is being deleted".into(),
            "Wait until it is gone, then apply it again",
        )));
    }
    if who.kind != Kind::Organization {
        let home =
            Identity::in_organization(Kind::Organization, &who.organization, &who.organization);
        if tx.resource(&home).await?.is_none() {
            return Ok(Some(fault(
                document,
                "metadata.namespace",
                format!("there is no organization {}", who.organization),
                "Leave the namespace out, or add an Organization of that name",
            )));
        }
    }
    if who.kind.is_binding() && who.kind != Kind::APIBinding {
        return other_binding(tx, document, before).await;
    }
    if who.kind == Kind::Component {
        return Ok(other_type(document, before));
    }
    Ok(None)
}

/// A component stays of its type: its bindings, names and selectors on planes follow from it.
fn other_type(document: &Document, before: Option<&Resource>) -> Option<FieldFault> {
    let old = &before?.spec["type"];
    if *old == document.spec["type"] {
        return None;
    }
    let old = old.as_str().unwrap_or_default();
    Some(fault(
        document,
        "spec.type",
        format!("a component stays of its type, and this one is a {old}"),
        "Make a component of another name, or delete this one first",
    ))
}

/// Whether what is there is what the sender saw. A name that is taken is a fault of the input; what
/// somebody else changed is nobody's fault, and comes back as it is now.
fn unexpected(
    document: &Document,
    before: Option<&Resource>,
    expected: Option<i64>,
) -> Result<Option<FieldFault>> {
    let who = &document.identity;
    let stale = |message: String, current| Problem::Stale { message, current };
    match (expected, before) {
        (None, _) | (Some(0), None) => Ok(None),
        (Some(0), Some(_)) => Ok(Some(fault(
            document,
            "metadata.name",
            format!("{who} is there already"),
            "Choose another name, or change the one that is there",
        ))),
        (Some(_), None) => Err(stale(
            format!("{who} was deleted in the meantime. Send it without a version to make it anew"),
            None,
        )
        .into()),
        (Some(seen), Some(resource)) if seen == resource.version => Ok(None),
        (Some(_), Some(resource)) => Err(stale(
            format!(
                "{who} was changed by {} in the meantime. Look at what it is now, and try again",
                resource.updated_by
            ),
            Some(stored(resource, None)),
        )
        .into()),
    }
}

/// A component has one binding an environment, and a binding never moves to another environment.
async fn other_binding(
    tx: &mut Tx,
    document: &Document,
    before: Option<&Resource>,
) -> Result<Option<FieldFault>> {
    let who = &document.identity;
    let Ok(spec) = BindingSpec::deserialize(&document.spec) else {
        return Ok(None);
    };
    let environment = spec.environment.as_str();
    let moved = before
        .and_then(|resource| BindingSpec::deserialize(&resource.spec).ok())
        .is_some_and(|known| known.environment.as_str() != environment);
    if moved {
        return Ok(Some(fault(
            document,
            "spec.environment",
            "a binding stays in its environment".into(),
            "Make a binding of another name for the other environment",
        )));
    }
    let there = tx
        .binding_ids(
            &who.organization,
            &who.project,
            &who.component,
            environment,
            "",
        )
        .await?;
    for id in there {
        let other = tx.binding(&id).await?;
        if let Some(other) = other.filter(|other| before.is_none_or(|b| b.id != other.id)) {
            return Ok(Some(fault(
                document,
                "spec.environment",
                format!(
                    "{} already has the binding {} there",
                    who.component, other.name
                ),
                &format!("Name this one {}, or delete that one first", other.name),
            )));
        }
    }
    Ok(None)
}

/// Says of each row what it will wait for.
async fn foresee(tx: &mut Tx, documents: &[Document], rows: &mut [PlanRow]) -> Result<()> {
    let mut there: BTreeSet<Identity> = BTreeSet::new();
    let mut missing: BTreeSet<Identity> = BTreeSet::new();
    for (document, row) in documents.iter().zip(rows) {
        for needed in references(&document.identity, &document.spec) {
            if !there.contains(&needed) && !missing.contains(&needed) {
                match tx.resource(&needed).await? {
                    Some(found) if found.deleted_at.is_none() => there.insert(needed.clone()),
                    _ => missing.insert(needed.clone()),
                };
            }
            if missing.contains(&needed) {
                row.waiting.push(needed.to_string());
            }
        }
    }
    Ok(())
}
