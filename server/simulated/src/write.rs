//! Create, update, patch, apply: what happens between a request and the stored object. The order is a real server's:
//! shape, merge, defaults, rules, generation, store; a dry run stops before the last.

mod shape;

use crate::apply::{self, Writer, managed::Operation, merge};
use crate::failure::{Cause, Failure};
use crate::kinds::{Kind, by_kind};
use crate::schema::{defaults, validate};
use crate::storage::{Key, State};
use crate::value::{self, drop_field, int, items, letters, text};
use serde_json::{Value, json};
use shape::{carry, declared, fit, preconditions, same_name, same_namespace};
use std::sync::Arc;

/// Who writes what, and where.
#[derive(Clone, Debug)]
pub(crate) struct Target<'a> {
    pub kind: &'static Kind,
    pub namespace: &'a str,
    pub name: &'a str,
    pub subresource: &'a str,
    pub manager: &'a str,
    pub dry_run: bool,
    pub strict: bool,
    pub force: bool,
    pub now: i64,
}

/// The patch formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patch {
    Apply,
    Merge,
    Strategic,
}

impl Target<'_> {
    fn key(&self) -> Key {
        Key::new(self.kind, self.namespace, self.name)
    }

    fn writer<'a>(&'a self, api_version: &'a str) -> Writer<'a> {
        Writer {
            kind: self.kind.kind,
            api_version,
            manager: self.manager,
            subresource: self.subresource,
            force: self.force,
            now: self.now,
        }
    }
}

/// Makes a new object.
pub(crate) fn create(
    state: &mut State,
    at: &Target,
    mut object: Value,
) -> Result<Arc<Value>, Failure> {
    fit(at, &mut object)?;
    identify(state, at, &mut object)?;
    let name = text(&object["metadata"]["name"]).to_owned();
    room(state, at, &name)?;
    if state.get(&Key::new(at.kind, at.namespace, &name)).is_some() {
        return Err(Failure::exists(at.kind, &name));
    }
    let version = at.kind.api_version();
    begin(at, &mut object, state.next_uid(at.now));
    defaults::fill(at.kind, &mut object);
    drop_field(&mut object["metadata"], "managedFields");
    apply::updated(&Value::Null, &mut object, &at.writer(&version));
    start_status(at.kind, &mut object);
    store_new(state, at, object)
}

/// Checks and stores an object that wasn't there.
fn store_new(state: &mut State, at: &Target, object: Value) -> Result<Arc<Value>, Failure> {
    let causes = validate::check(at.kind, &object, &Value::Null);
    if !causes.is_empty() {
        return Err(Failure::invalid(
            at.kind,
            text(&object["metadata"]["name"]),
            &causes,
        ));
    }
    Ok(if at.dry_run {
        Arc::new(object)
    } else {
        state.put(at.kind, object)
    })
}

/// Replaces an object, or its status.
pub(crate) fn update(
    state: &mut State,
    at: &Target,
    mut object: Value,
) -> Result<Arc<Value>, Failure> {
    let old = state
        .get(&at.key())
        .cloned()
        .ok_or_else(|| Failure::not_found(at.kind, at.name))?;
    fit(at, &mut object)?;
    same_name(at, &object)?;
    replace(state, at, &old, object)
}

/// Merges a patch, or applies an intent. True when the object is new.
pub(crate) fn patch(
    state: &mut State,
    at: &Target,
    how: Patch,
    mut body: Value,
) -> Result<(Arc<Value>, bool), Failure> {
    if how == Patch::Apply {
        return applied(state, at, body);
    }
    let old = state
        .get(&at.key())
        .cloned()
        .ok_or_else(|| Failure::not_found(at.kind, at.name))?;
    if !body.is_object() {
        return Err(Failure::bad_request("the patch must be a JSON object"));
    }
    drop_field(&mut body, "apiVersion");
    drop_field(&mut body, "kind");
    let mut new = (*old).clone();
    match how {
        Patch::Strategic if !at.kind.custom() => new = merge::strategic(&new, &body, at.kind.kind),
        Patch::Strategic => {
            return Err(Failure::unsupported_media(
                "application/strategic-merge-patch+json",
            ));
        }
        _ => merge::json_merge(&mut new, &body),
    }
    fit(at, &mut new)?;
    same_name(at, &new)?;
    Ok((replace(state, at, &old, new)?, false))
}

fn applied(
    state: &mut State,
    at: &Target,
    mut intent: Value,
) -> Result<(Arc<Value>, bool), Failure> {
    if at.manager.is_empty() {
        let why = "is required for apply patch";
        let cause = Cause::required("fieldManager", why);
        let message = format!(
            "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: {}",
            cause.message
        );
        return Err(Failure {
            message,
            ..Failure::invalid(at.kind, "", &[cause])
        });
    }
    declared(at, &mut intent)?;
    if !value::hollow(&intent["metadata"]["managedFields"]) {
        return Err(Failure::bad_request("metadata.managedFields must be nil"));
    }
    same_name(at, &intent)?;
    value::strip_nulls(&mut intent);
    if at.subresource.is_empty() {
        drop_field(&mut intent, "status");
    }
    let old = state.get(&at.key()).cloned();
    let version = at.kind.api_version();
    let writer = at.writer(&version);
    let live = old.as_deref().unwrap_or(&Value::Null);
    let refused = |c: Box<apply::Conflicts>| Failure::apply_conflict(c.message, &c.causes);
    preconditions(at, &intent, live)?;
    let mut new = apply::apply(live, &intent, &writer).map_err(refused)?;
    let Some(old) = old else {
        if !at.subresource.is_empty() {
            return Err(Failure::not_found(at.kind, at.name));
        }
        new["metadata"]["name"] = at.name.into();
        identify(state, at, &mut new)?;
        room(state, at, at.name)?;
        begin(at, &mut new, state.next_uid(at.now));
        defaults::fill(at.kind, &mut new);
        start_status(at.kind, &mut new);
        return Ok((store_new(state, at, new)?, true));
    };
    carry(at, &old, &mut new);
    defaults::fill(at.kind, &mut new);
    if apply::same(&old, &new) {
        return Ok((old, false));
    }
    apply::settle(&mut new, Operation::Apply, &writer);
    Ok((store(state, at, &old, new)?, false))
}

/// The common end of update and merge patch.
fn replace(
    state: &mut State,
    at: &Target,
    old: &Arc<Value>,
    mut new: Value,
) -> Result<Arc<Value>, Failure> {
    preconditions(at, &new, old)?;
    carry(at, old, &mut new);
    defaults::fill(at.kind, &mut new);
    // Who owns what is the server's to say; an empty list resets it.
    let reset = new["metadata"]["managedFields"]
        .as_array()
        .is_some_and(Vec::is_empty);
    let before = if reset { Value::Null } else { (**old).clone() };
    let version = at.kind.api_version();
    let writer = at.writer(&version);
    let known = (**old).clone();
    if !reset {
        new["metadata"]["managedFields"] = known["metadata"]["managedFields"].clone();
    }
    if bare(&new) == bare(old) && !reset {
        return Ok(old.clone());
    }
    apply::updated(&before, &mut new, &writer);
    store(state, at, old, new)
}

fn bare(object: &Value) -> Value {
    let mut out = object.clone();
    drop_field(&mut out["metadata"], "managedFields");
    drop_field(&mut out["metadata"], "resourceVersion");
    out
}

/// Checks and stores a new version of an object; the last finalizer's end removes it.
fn store(
    state: &mut State,
    at: &Target,
    old: &Arc<Value>,
    mut new: Value,
) -> Result<Arc<Value>, Failure> {
    let causes = validate::check(at.kind, &new, old);
    if !causes.is_empty() {
        return Err(Failure::invalid(at.kind, at.name, &causes));
    }
    if at.kind.generation && substance(at.kind, &new) != substance(at.kind, old) {
        new["metadata"]["generation"] = (int(&old["metadata"]["generation"], 0) + 1).into();
    }
    if at.dry_run {
        return Ok(Arc::new(new));
    }
    let finished = !new["metadata"]["deletionTimestamp"].is_null()
        && items(&new["metadata"]["finalizers"]).is_empty()
        && !matches!(at.kind.kind, "Pod" | "Namespace");
    let stored = state.put(at.kind, new);
    if finished {
        state.remove(&at.key());
    }
    Ok(stored)
}

/// What makes a new generation: the spec, or for custom kinds all but metadata and status.
fn substance(kind: &Kind, object: &Value) -> Value {
    if !kind.custom() {
        return object["spec"].clone();
    }
    let mut out = object.clone();
    for field in ["metadata", "status"] {
        drop_field(&mut out, field);
    }
    out
}

/// Name and namespace of a new object.
fn identify(state: &mut State, at: &Target, object: &mut Value) -> Result<(), Failure> {
    same_namespace(at, &object["metadata"])?;
    let serial = state.next_serial();
    let meta = &mut object["metadata"];
    if at.kind.namespaced {
        meta["namespace"] = at.namespace.into();
    } else {
        drop_field(meta, "namespace");
    }
    if text(&meta["name"]).is_empty() {
        let prefix = text(&meta["generateName"]);
        if prefix.is_empty() {
            let cause = Cause::required("metadata.name", "name or generateName is required");
            return Err(Failure::invalid(at.kind, "", &[cause]));
        }
        meta["name"] = format!("{prefix}{}", letters(serial, 5)).into();
    }
    Ok(())
}

/// The namespace is there and takes new content.
fn room(state: &State, at: &Target, name: &str) -> Result<(), Failure> {
    if !at.kind.namespaced {
        return Ok(());
    }
    let namespaces = by_kind("Namespace");
    match state.get(&Key::new(namespaces, "", at.namespace)) {
        None => Err(Failure::not_found(namespaces, at.namespace)),
        Some(n) if !n["metadata"]["deletionTimestamp"].is_null() => {
            let why = format!(
                "unable to create new content in namespace {} because it is being terminated",
                at.namespace
            );
            Err(Failure::forbidden(at.kind, name, &why))
        }
        Some(_) => Ok(()),
    }
}

/// What the server alone gives a new object.
fn begin(at: &Target, object: &mut Value, uid: String) {
    let meta = &mut object["metadata"];
    meta["uid"] = uid.into();
    meta["creationTimestamp"] = value::stamp(at.now).into();
    for field in [
        "resourceVersion",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "selfLink",
        "generation",
    ] {
        drop_field(meta, field);
    }
    if at.kind.generation {
        meta["generation"] = 1.into();
    }
}

fn start_status(kind: &Kind, object: &mut Value) {
    if !kind.status {
        return;
    }
    match kind.kind {
        "Pod" => {
            object["status"] = json!({"phase": "Pending", "qosClass": quality(&object["spec"])})
        }
        "Namespace" => object["status"] = json!({"phase": "Active"}),
        "PersistentVolumeClaim" => object["status"] = json!({"phase": "Pending"}),
        "Service" => object["status"] = json!({"loadBalancer": {}}),
        _ => drop_field(object, "status"),
    }
}

/// A pod's quality-of-service class.
fn quality(spec: &Value) -> &'static str {
    let containers = items(&spec["containers"]);
    let set = |c: &Value, l: &str| c["resources"][l].as_object().is_some_and(|m| !m.is_empty());
    if !containers
        .iter()
        .any(|c| set(c, "limits") || set(c, "requests"))
    {
        return "BestEffort";
    }
    let guaranteed = containers.iter().all(|c| {
        let r = &c["resources"];
        r["limits"] == r["requests"]
            && !r["limits"]["cpu"].is_null()
            && !r["limits"]["memory"].is_null()
    });
    if guaranteed {
        "Guaranteed"
    } else {
        "Burstable"
    }
}
