//! How an intent or a patch is laid over a live object, lists by their keys.

use crate::schema::lists::{self, List};
use serde_json::{Map, Value};

/// Lays a server-side apply intent over the live object. Nulls in the intent say nothing.
pub(crate) fn merge(live: &Value, intent: &Value, kind: &str) -> Value {
    let mut out = live.clone();
    lay(&mut out, intent, kind, &mut Vec::new(), Nulls::Ignore);
    out
}

/// A strategic merge patch: as [`merge`], and null takes away, as does `$patch: delete` in an item.
pub(crate) fn strategic(live: &Value, patch: &Value, kind: &str) -> Value {
    let mut out = live.clone();
    lay(&mut out, patch, kind, &mut Vec::new(), Nulls::Remove);
    out
}

/// A JSON merge patch (RFC 7386): lists are whole, null takes away.
pub(crate) fn json_merge(target: &mut Value, patch: &Value) {
    let Some(patch) = patch.as_object() else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let map = target.as_object_mut().expect("made a map above");
    for (field, value) in patch {
        if value.is_null() {
            map.remove(field);
        } else {
            json_merge(map.entry(field.clone()).or_insert(Value::Null), value);
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Nulls {
    Ignore,
    Remove,
}

fn lay(target: &mut Value, over: &Value, kind: &str, trail: &mut Vec<String>, nulls: Nulls) {
    match over {
        Value::Object(map) if nulls == Nulls::Remove || !lists::atomic_map(trail) => {
            if !target.is_object() {
                *target = Value::Object(Map::new());
            }
            let into = target.as_object_mut().expect("made a map above");
            for (field, value) in map {
                if value.is_null() {
                    if nulls == Nulls::Remove {
                        into.remove(field);
                    }
                    continue;
                }
                trail.push(field.clone());
                lay(
                    into.entry(field.clone()).or_insert(Value::Null),
                    value,
                    kind,
                    trail,
                    nulls,
                );
                trail.pop();
            }
        }
        Value::Array(list) => match lists::list(kind, trail) {
            List::Map(keys) => lay_items(target, list, keys, kind, trail, nulls),
            List::Set => {
                let mut all = target.as_array().cloned().unwrap_or_default();
                for item in list {
                    if !all.contains(item) {
                        all.push(item.clone());
                    }
                }
                *target = Value::Array(all);
            }
            List::Atomic => *target = over.clone(),
        },
        _ => *target = over.clone(),
    }
}

fn lay_items(
    target: &mut Value,
    over: &[Value],
    keys: &[&str],
    kind: &str,
    trail: &mut Vec<String>,
    nulls: Nulls,
) {
    let mut rest: Vec<Option<Value>> = target
        .as_array()
        .into_iter()
        .flatten()
        .cloned()
        .map(Some)
        .collect();
    let mut out = Vec::with_capacity(rest.len() + over.len());
    for item in over {
        let key = lists::key_of(item, keys);
        let found = rest
            .iter_mut()
            .find(|have| {
                key.is_some() && have.as_ref().is_some_and(|h| lists::key_of(h, keys) == key)
            })
            .and_then(Option::take);
        if nulls == Nulls::Remove && item["$patch"] == "delete" {
            continue;
        }
        let mut merged = found.unwrap_or(Value::Null);
        trail.push("[]".into());
        lay(&mut merged, item, kind, trail, nulls);
        trail.pop();
        out.push(merged);
    }
    // What the intent names comes in its order; what only others have follows.
    out.extend(rest.into_iter().flatten());
    *target = Value::Array(out);
}
