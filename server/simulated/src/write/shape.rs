//! Whether a body is an object of its kind at all, and what its writer may say in it.

use super::Target;
use crate::failure::Failure;
use crate::kinds::Kind;
use crate::schema::typed::{self, Misfit};
use crate::value::{drop_field, text};
use serde_json::{Value, json};

/// The body is an object of this kind, with known fields of the right types.
pub(super) fn fit(at: &Target, object: &mut Value) -> Result<(), Failure> {
    outline(at.kind, object)?;
    // Go leaves nulls in templates; they mean nothing.
    let mut unknown = Vec::new();
    for misfit in typed::misfits(at.kind, object) {
        match misfit {
            Misfit::WrongType(path, why) => {
                let (kind, version) = (at.kind.kind, at.kind.version);
                let message = format!(
                    "{kind} in version \"{version}\" cannot be handled as a {kind}: json: cannot unmarshal {path}: {why}"
                );
                return Err(Failure::bad_request(message));
            }
            Misfit::Unknown(path) => unknown.push(format!("unknown field \"{path}\"")),
        }
    }
    if unknown.is_empty() {
        return Ok(());
    }
    if at.strict {
        return Err(Failure::bad_request(format!(
            "strict decoding error: {}",
            unknown.join(", ")
        )));
    }
    typed::prune(at.kind, object);
    Ok(())
}

/// As [`fit`], with what server-side apply answers.
pub(super) fn declared(at: &Target, intent: &mut Value) -> Result<(), Failure> {
    outline(at.kind, intent)?;
    let misfits = typed::misfits(at.kind, intent);
    if misfits.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = misfits
        .iter()
        .map(|m| match m {
            Misfit::Unknown(path) => format!(".{path}: field not declared in schema"),
            Misfit::WrongType(path, why) => format!(".{path}: {why}"),
        })
        .collect();
    let list = if lines.len() == 1 {
        lines[0].clone()
    } else {
        format!("errors:\n  {}", lines.join("\n  "))
    };
    let object = if at.namespace.is_empty() {
        at.name.to_owned()
    } else {
        format!("{}/{}", at.namespace, at.name)
    };
    let message = format!(
        "failed to create typed patch object ({object}; {}, Kind={}): {list}",
        at.kind.api_version(),
        at.kind.kind
    );
    Err(Failure::untyped(message))
}

fn outline(kind: &Kind, object: &mut Value) -> Result<(), Failure> {
    let Some(map) = object.as_object_mut() else {
        return Err(Failure::bad_request(
            "the object provided is unrecognized (must be of type Object)",
        ));
    };
    let (api, name) = (kind.api_version(), kind.kind);
    for (field, wanted) in [("apiVersion", api.as_str()), ("kind", name)] {
        match map.get(field) {
            None | Some(Value::Null) => {
                map.insert(field.to_owned(), wanted.into());
            }
            Some(v) if v == wanted => {}
            Some(v) => {
                let message = format!(
                    "the {field} in the data ({}) does not match the expected {field} ({wanted})",
                    text(v)
                );
                return Err(Failure::bad_request(message));
            }
        }
    }
    for field in ["metadata", "spec", "status"] {
        match map.get(field) {
            None | Some(Value::Object(_)) => {}
            Some(Value::Null) => {
                map.remove(field);
            }
            Some(_) => {
                return Err(Failure::bad_request(format!(
                    "{name} in version \"{}\" cannot be handled as a {name}: {field} must be an object",
                    kind.version
                )));
            }
        }
    }
    map.entry("metadata").or_insert_with(|| json!({}));
    Ok(())
}

pub(super) fn same_name(at: &Target, object: &Value) -> Result<(), Failure> {
    let meta = &object["metadata"];
    let name = text(&meta["name"]);
    if !name.is_empty() && name != at.name {
        let message = format!(
            "the name of the object ({name}) does not match the name on the URL ({})",
            at.name
        );
        return Err(Failure::bad_request(message));
    }
    same_namespace(at, meta)
}

pub(super) fn same_namespace(at: &Target, meta: &Value) -> Result<(), Failure> {
    let namespace = text(&meta["namespace"]);
    if at.kind.namespaced && !namespace.is_empty() && namespace != at.namespace {
        return Err(Failure::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    Ok(())
}

/// resourceVersion and uid in a body are conditions.
pub(super) fn preconditions(at: &Target, object: &Value, live: &Value) -> Result<(), Failure> {
    let (meta, have) = (&object["metadata"], &live["metadata"]);
    let version = text(&meta["resourceVersion"]);
    if live.is_null() {
        return if version.is_empty() {
            Ok(())
        } else {
            Err(Failure::stale(at.kind, at.name))
        };
    }
    if !version.is_empty() && meta["resourceVersion"] != have["resourceVersion"] {
        return Err(Failure::stale(at.kind, at.name));
    }
    let uid = text(&meta["uid"]);
    if !uid.is_empty() && meta["uid"] != have["uid"] {
        let why = format!(
            "Precondition failed: UID in precondition: {uid}, UID in object meta: {}",
            text(&have["uid"])
        );
        return Err(Failure::conflict(at.kind, at.name, &why));
    }
    Ok(())
}

/// What a writer can't change: the server's metadata; the status, or on the status subresource all else.
pub(super) fn carry(at: &Target, old: &Value, new: &mut Value) {
    if at.subresource == "status" {
        let status = new["status"].take();
        let managed = new["metadata"]["managedFields"].take();
        *new = old.clone();
        new["status"] = status;
        if !managed.is_null() {
            new["metadata"]["managedFields"] = managed;
        }
        return;
    }
    for field in [
        "name",
        "namespace",
        "uid",
        "creationTimestamp",
        "generation",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "generateName",
        "resourceVersion",
    ] {
        match old["metadata"].get(field) {
            Some(v) => new["metadata"][field] = v.clone(),
            None => drop_field(&mut new["metadata"], field),
        }
    }
    if at.kind.status {
        match old.get("status") {
            Some(v) => new["status"] = v.clone(),
            None => drop_field(new, "status"),
        }
    }
    if at.kind.kind == "Service" {
        for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            if new["spec"][field].is_null()
                && !old["spec"][field].is_null()
                && new["spec"]["type"] != "ExternalName"
            {
                new["spec"][field] = old["spec"][field].clone();
            }
        }
    }
}
