//! What differs between two values, field by field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::manifest::push_key;

/// Fields that name an entry of a list, in order of preference.
const KEYS: &[&str] = &[
    "name",
    "key",
    "id",
    "sourceEnvironmentRef",
    "mountPath",
    "path",
    "containerPort",
    "port",
];

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldChange {
    /// The field, such as `spec.containers.main.env[LOG_LEVEL].value`; empty for the whole.
    pub path: String,
    /// What stood there; `None` when it is new.
    pub before: Option<Value>,
    /// What stands there now; `None` when it is gone.
    pub after: Option<Value>,
}

/// What differs, in the order of paths. Lists of objects are matched by `name`, `key` and the like;
/// a change of nothing but their order is told as one of the list's `order`.
pub fn fields(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    compare("", before, after, &mut changes);
    changes
}

fn compare(path: &str, before: &Value, after: &Value, changes: &mut Vec<FieldChange>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let mut path = path.to_owned();
                push_key(&mut path, key);
                either(&path, old.get(key), new.get(key), changes);
            }
        }
        (Value::Array(old), Value::Array(new)) => lists(path, old, new, changes),
        _ => changes.push(change(path, Some(before), Some(after))),
    }
}

fn either(path: &str, old: Option<&Value>, new: Option<&Value>, changes: &mut Vec<FieldChange>) {
    match (old, new) {
        (Some(old), Some(new)) => compare(path, old, new, changes),
        (None, None) => {}
        _ => changes.push(change(path, old, new)),
    }
}

fn change(path: &str, before: Option<&Value>, after: Option<&Value>) -> FieldChange {
    FieldChange {
        path: path.into(),
        before: before.cloned(),
        after: after.cloned(),
    }
}

fn lists(path: &str, old: &[Value], new: &[Value], changes: &mut Vec<FieldChange>) {
    let named = KEYS
        .iter()
        .find_map(|key| Some((names(old, key)?, names(new, key)?)));
    let Some((old_names, new_names)) = named else {
        if old
            .iter()
            .chain(new)
            .all(|item| item.is_object() || item.is_array())
        {
            for index in 0..old.len().max(new.len()) {
                either(
                    &format!("{path}[{index}]"),
                    old.get(index),
                    new.get(index),
                    changes,
                );
            }
        } else {
            // Plain values, such as arguments, are read as one.
            let whole = |list: &[Value]| Value::Array(list.to_vec());
            changes.push(change(path, Some(&whole(old)), Some(&whole(new))));
        }
        return;
    };
    let index = |names: &[String]| -> BTreeMap<String, usize> {
        names
            .iter()
            .cloned()
            .enumerate()
            .map(|(index, name)| (name, index))
            .collect()
    };
    let (old_index, new_index) = (index(&old_names), index(&new_names));
    for (name, at) in &old_index {
        let there = new_index.get(name).map(|at| &new[*at]);
        either(&format!("{path}[{name}]"), Some(&old[*at]), there, changes);
    }
    for name in new_names
        .iter()
        .filter(|name| !old_index.contains_key(*name))
    {
        either(
            &format!("{path}[{name}]"),
            None,
            new_index.get(name).map(|at| &new[*at]),
            changes,
        );
    }
    let kept = |names: &[String], other: &BTreeMap<String, usize>| -> Vec<String> {
        names
            .iter()
            .filter(|name| other.contains_key(*name))
            .cloned()
            .collect()
    };
    let (before, after) = (kept(&old_names, &new_index), kept(&new_names, &old_index));
    if before != after {
        let order =
            |names: Vec<String>| Value::Array(names.into_iter().map(Value::String).collect());
        changes.push(change(
            &format!("{path}.order"),
            Some(&order(old_names)),
            Some(&order(new_names)),
        ));
    }
}

/// The names of a list's entries under a key, if each has its own.
fn names(list: &[Value], key: &str) -> Option<Vec<String>> {
    let names: Option<Vec<String>> = list
        .iter()
        .map(|item| match item.as_object()?.get(key)? {
            Value::String(name) => Some(name.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .collect();
    let names = names?;
    let mut sorted = names.clone();
    sorted.sort();
    sorted.dedup();
    (sorted.len() == names.len()).then_some(names)
}
