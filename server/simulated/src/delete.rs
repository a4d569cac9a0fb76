//! Deletion: grace, finalizers, and what becomes of the children.

use crate::failure::Failure;
use crate::storage::{Key, State};
use crate::value::{self, drop_field, items, text};
use serde_json::{Value, json};
use std::sync::Arc;

/// `DeleteOptions`, with what the query adds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub policy: String,
    pub uid: Option<String>,
    pub version: Option<String>,
    pub grace: Option<i64>,
    pub dry_run: bool,
}

impl Options {
    pub(crate) fn read(body: &Value, query: impl Fn(&str) -> String) -> Self {
        let or = |field: &str| match body[field].as_str() {
            Some(v) => v.to_owned(),
            None => query(field),
        };
        Self {
            policy: or("propagationPolicy"),
            uid: body["preconditions"]["uid"].as_str().map(str::to_owned),
            version: body["preconditions"]["resourceVersion"]
                .as_str()
                .map(str::to_owned),
            grace: body["gracePeriodSeconds"]
                .as_i64()
                .or_else(|| query("gracePeriodSeconds").parse().ok()),
            dry_run: items(&body["dryRun"]).iter().any(|d| d == "All") || query("dryRun") == "All",
        }
    }
}

/// The object that is still there, in its last breath; or none when it is gone.
pub(crate) fn delete(
    state: &mut State,
    key: &Key,
    options: &Options,
    now: i64,
) -> Result<Option<Arc<Value>>, Failure> {
    let kind = key.kind();
    let old = state
        .get(key)
        .cloned()
        .ok_or_else(|| Failure::not_found(kind, &key.name))?;
    let meta = &old["metadata"];
    for (wanted, have, what) in [
        (&options.uid, &meta["uid"], "UID"),
        (
            &options.version,
            &meta["resourceVersion"],
            "ResourceVersion",
        ),
    ] {
        if let Some(wanted) = wanted
            && wanted != text(have)
        {
            let why = format!(
                "Precondition failed: {what} in precondition: {wanted}, {what} in object meta: {}",
                text(have)
            );
            return Err(Failure::conflict(kind, &key.name, &why));
        }
    }
    if options.dry_run {
        return Ok(None);
    }
    let mut finalizers: Vec<String> = items(&meta["finalizers"])
        .iter()
        .map(|f| text(f).to_owned())
        .collect();
    match options.policy.as_str() {
        "Orphan" => orphan(state, &old),
        "Foreground"
            if state.owned.contains_key(text(&meta["uid"]))
                && !finalizers.iter().any(|f| f == "foregroundDeletion") =>
        {
            finalizers.push("foregroundDeletion".into());
        }
        _ => {}
    }
    let grace = match kind.kind {
        "Pod"
            if !text(&old["spec"]["nodeName"]).is_empty()
                && !matches!(text(&old["status"]["phase"]), "Succeeded" | "Failed") =>
        {
            options
                .grace
                .unwrap_or_else(|| value::int(&old["spec"]["terminationGracePeriodSeconds"], 30))
        }
        _ => 0,
    };
    let empty = kind.kind != "Namespace" || items(&old["spec"]["finalizers"]).is_empty();
    if finalizers.is_empty() && grace == 0 && empty {
        state.remove(key);
        return Ok(None);
    }
    let deleting = state.modify(key, |o| {
        if o["metadata"]["deletionTimestamp"].is_null() {
            o["metadata"]["deletionTimestamp"] = value::stamp(now + grace * 1_000_000).into();
            o["metadata"]["deletionGracePeriodSeconds"] = grace.into();
            if kind.generation {
                o["metadata"]["generation"] =
                    (value::int(&o["metadata"]["generation"], 0) + 1).into();
            }
        }
        if !finalizers.is_empty() {
            o["metadata"]["finalizers"] = json!(finalizers);
        }
        if kind.kind == "Namespace" {
            o["status"]["phase"] = "Terminating".into();
        }
    });
    Ok(deleting)
}

/// Children live on without their owner.
fn orphan(state: &mut State, owner: &Value) {
    let uid = text(&owner["metadata"]["uid"]).to_owned();
    let children: Vec<Key> = state
        .owned
        .get(&uid)
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    for child in children {
        state.modify(&child, |o| {
            let meta = &mut o["metadata"];
            if let Some(list) = meta["ownerReferences"].as_array_mut() {
                list.retain(|r| text(&r["uid"]) != uid);
                if list.is_empty() {
                    drop_field(meta, "ownerReferences");
                }
            }
        });
    }
}
