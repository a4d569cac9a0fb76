//! Lists: selected, paged, and as metadata only.

use super::{Answer, Call, Place, full};
use crate::failure::Failure;
use crate::storage::{Key, State};
use http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

/// Only what is in metadata.
pub(crate) fn partial(object: &Value) -> Value {
    if object["kind"] == "Status" {
        return object.clone();
    }
    json!({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"]})
}

/// Answers a list.
pub(super) fn list(state: &State, call: &Call, place: &Place) -> Result<Answer, Failure> {
    let selector = call.selector()?;
    let wanted = call.query.get("resourceVersion");
    let exact = call.query.get("resourceVersionMatch") == "Exact";
    if exact && wanted.parse().is_ok_and(|v: u64| v < state.version) {
        return Err(Failure::expired(
            "The provided resource version is no longer available",
        ));
    }
    let token = call.query.get("continue");
    let (version, after) = match token {
        "" => (state.version, None),
        token => resume(token, place)?,
    };
    let limit = call
        .query
        .number("limit")
        .and_then(|n| usize::try_from(n).ok())
        .filter(|n| *n > 0)
        .unwrap_or(usize::MAX);
    let mut found = state
        .list(place.kind, &place.namespace)
        .filter(|(k, o)| after.as_ref().is_none_or(|a| *k > a) && selector.matches(o));
    let mut items: Vec<(&Key, &Arc<Value>)> = Vec::new();
    while items.len() < limit {
        match found.next() {
            Some(one) => items.push(one),
            None => break,
        }
    }
    let left = found.count();
    let mut meta = json!({"resourceVersion": version.to_string()});
    if left > 0
        && let Some((last, _)) = items.last()
    {
        meta["continue"] = format!("{version}:{}/{}", last.namespace, last.name).into();
        meta["remainingItemCount"] = left.into();
    }
    Ok(full(
        StatusCode::OK,
        "application/json",
        body(call, place, &meta, &items),
    ))
}

fn resume(token: &str, place: &Place) -> Result<(u64, Option<Key>), Failure> {
    let read = || {
        let (version, at) = token.split_once(':')?;
        let (namespace, name) = at.split_once('/')?;
        Some((
            version.parse().ok()?,
            Some(Key::new(place.kind, namespace, name)),
        ))
    };
    read().ok_or_else(|| Failure::bad_request("continue key is not valid"))
}

/// The list as text. Items of built-in kinds don't repeat their kind, as on a real server.
fn body(call: &Call, place: &Place, meta: &Value, items: &[(&Key, &Arc<Value>)]) -> String {
    let (kind, api) = if call.partial {
        (
            "PartialObjectMetadataList".to_owned(),
            "meta.k8s.io/v1".to_owned(),
        )
    } else {
        (format!("{}List", place.kind.kind), place.kind.api_version())
    };
    let mut out =
        format!("{{\"kind\":{kind:?},\"apiVersion\":{api:?},\"metadata\":{meta},\"items\":[");
    for (i, (_, object)) in items.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        if call.partial {
            out.push_str(&partial(object).to_string());
        } else if place.kind.custom() {
            out.push_str(&object.to_string());
        } else {
            let fields: Vec<String> = object
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(name, _)| !matches!(name.as_str(), "kind" | "apiVersion"))
                .map(|(name, value)| format!("{name:?}:{value}"))
                .collect();
            out.push('{');
            out.push_str(&fields.join(","));
            out.push('}');
        }
    }
    out.push_str("]}");
    out
}
