//! Sets of field paths, as `managedFields` counts them: fields `f:`, items of associative lists `k:`, of sets `v:`.

use crate::schema::lists::{self, List};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// From the root down: `f:spec`, `f:containers`, `k:{"name":"app"}` …
pub(crate) type Path = Vec<String>;
/// Owned paths.
pub(crate) type Set = BTreeSet<Path>;

/// What never belongs to a manager.
const STRIPPED: [&str; 9] = [
    "name",
    "namespace",
    "creationTimestamp",
    "deletionTimestamp",
    "uid",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
];

/// The fields that an object states.
pub(crate) fn owned_by(object: &Value, kind: &str) -> Set {
    let mut out = Set::new();
    let Some(map) = object.as_object() else {
        return out;
    };
    for (field, value) in map {
        match field.as_str() {
            "apiVersion" | "kind" => {}
            "metadata" => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    if !STRIPPED.contains(&name.as_str()) {
                        let mut trail = vec!["metadata".into(), name.clone()];
                        let mut path = vec!["f:metadata".into(), format!("f:{name}")];
                        walk(value, kind, &mut trail, &mut path, &mut out);
                    }
                }
            }
            _ => walk(
                value,
                kind,
                &mut vec![field.clone()],
                &mut vec![format!("f:{field}")],
                &mut out,
            ),
        }
    }
    out
}

fn walk(value: &Value, kind: &str, trail: &mut Vec<String>, path: &mut Path, out: &mut Set) {
    match value {
        Value::Null => {}
        Value::Object(map) if !map.is_empty() && !lists::atomic_map(trail) => {
            for (name, value) in map {
                trail.push(name.clone());
                path.push(format!("f:{name}"));
                walk(value, kind, trail, path, out);
                path.pop();
                trail.pop();
            }
        }
        Value::Array(list) if !list.is_empty() => match lists::list(kind, trail) {
            List::Atomic => {
                out.insert(path.clone());
            }
            List::Set => {
                for item in list {
                    path.push(format!("v:{item}"));
                    out.insert(path.clone());
                    path.pop();
                }
            }
            List::Map(keys) => {
                for item in list {
                    let Some(key) = lists::key_of(item, keys) else {
                        continue;
                    };
                    path.push(key);
                    out.insert(path.clone());
                    trail.push("[]".into());
                    for (name, value) in item.as_object().into_iter().flatten() {
                        trail.push(name.clone());
                        path.push(format!("f:{name}"));
                        walk(value, kind, trail, path, out);
                        path.pop();
                        trail.pop();
                    }
                    trail.pop();
                    path.pop();
                }
            }
        },
        _ => {
            out.insert(path.clone());
        }
    }
}

/// The set with all ancestors of its members.
pub(crate) fn expanded(set: &Set) -> Set {
    let mut out = Set::new();
    for path in set {
        for len in (1..=path.len()).rev() {
            if !out.insert(path[..len].to_vec()) {
                break;
            }
        }
    }
    out
}

/// Where in a list an item with this key stands.
fn position(list: &[Value], element: &str) -> Option<usize> {
    if let Some(value) = element.strip_prefix("v:") {
        return list
            .iter()
            .position(|i| crate::value::canonical(i) == value);
    }
    let keys: Map<String, Value> = serde_json::from_str(element.strip_prefix("k:")?).ok()?;
    list.iter().position(|item| {
        keys.iter().all(|(name, value)| match item.get(name) {
            Some(have) => have == value,
            None => name == "protocol" && value == "TCP",
        })
    })
}

/// The value at a path.
pub(crate) fn get<'a>(object: &'a Value, path: &Path) -> Option<&'a Value> {
    path.iter()
        .try_fold(object, |at, element| match element.strip_prefix("f:") {
            Some(field) => at.get(field),
            None => {
                let list = at.as_array()?;
                list.get(position(list, element)?)
            }
        })
}

/// Takes away what is at a path.
pub(crate) fn remove(object: &mut Value, path: &Path) {
    let Some((last, parents)) = path.split_last() else {
        return;
    };
    let mut at = object;
    for element in parents {
        let next = match element.strip_prefix("f:") {
            Some(field) => at.get_mut(field),
            None => at
                .as_array_mut()
                .and_then(|list| position(list, element).map(|i| &mut list[i])),
        };
        match next {
            Some(next) => at = next,
            None => return,
        }
    }
    if let Some(field) = last.strip_prefix("f:") {
        crate::value::drop_field(at, field);
    } else if let Some(list) = at.as_array_mut()
        && let Some(i) = position(list, last)
    {
        list.remove(i);
    }
}

/// A path as people read it: `.spec.template.spec.containers[name="app"].image`.
pub(crate) fn display(path: &Path) -> String {
    path.iter()
        .map(|element| {
            if let Some(field) = element.strip_prefix("f:") {
                return format!(".{field}");
            }
            if let Some(value) = element.strip_prefix("v:") {
                return format!("[={value}]");
            }
            let keys: Map<String, Value> =
                serde_json::from_str(element.trim_start_matches("k:")).unwrap_or_default();
            let keys: Vec<_> = keys.iter().map(|(k, v)| format!("{k}={v}")).collect();
            format!("[{}]", keys.join(","))
        })
        .collect()
}

/// The set as `fieldsV1`.
pub(crate) fn to_json(set: &Set) -> Value {
    let mut root = Map::new();
    for path in set {
        let mut at = &mut root;
        for element in path {
            at = at
                .entry(element.clone())
                .or_insert_with(|| json!({}))
                .as_object_mut()
                .expect("only maps are put here");
        }
        at.insert(".".into(), json!({}));
    }
    let mut root = Value::Object(root);
    bare_leaves(&mut root);
    root
}

/// A member without children is `{}`, not `{".":{}}`.
fn bare_leaves(value: &mut Value) {
    if let Some(map) = value.as_object_mut() {
        if map.len() == 1 && map.contains_key(".") {
            map.clear();
        }
        map.values_mut().for_each(bare_leaves);
    }
}

/// The set out of `fieldsV1`.
pub(crate) fn from_json(value: &Value) -> Set {
    fn walk(value: &Value, path: &mut Path, out: &mut Set) {
        let Some(map) = value.as_object() else { return };
        if (map.is_empty() || map.contains_key(".")) && !path.is_empty() {
            out.insert(path.clone());
        }
        for (element, below) in map.iter().filter(|(e, _)| *e != ".") {
            path.push(element.clone());
            walk(below, path, out);
            path.pop();
        }
    }
    let mut out = Set::new();
    walk(value, &mut Vec::new(), &mut out);
    out
}
