//! Unknown fields and wrong types, found by reading a value as its Rust type and writing it again.

use crate::kinds::Kind;
use crate::schema::custom;
use crate::value::hollow;
use serde_json::Value;

/// What is wrong with the shape of an object.
#[derive(Debug, PartialEq)]
pub(crate) enum Misfit {
    /// No such field: dotted path.
    Unknown(String),
    /// The value at this path can't be read as its type.
    WrongType(String, String),
}

/// Everything that doesn't fit; unknown fields all at once, a wrong type alone.
pub(crate) fn misfits(kind: &Kind, object: &Value) -> Vec<Misfit> {
    let Some(typed) = kind.typed else {
        return custom::unknown(kind, object)
            .into_iter()
            .map(Misfit::Unknown)
            .collect();
    };
    match typed(object) {
        Ok(known) => {
            let mut out = Vec::new();
            lost(object, &known, "", &mut out);
            out.into_iter().map(Misfit::Unknown).collect()
        }
        Err(why) => vec![Misfit::WrongType(
            culprit(typed, object).unwrap_or_default(),
            why,
        )],
    }
}

/// Takes unknown fields out, as a server does that isn't asked to be strict.
pub(crate) fn prune(kind: &Kind, object: &mut Value) {
    if let Some(Ok(known)) = kind.typed.map(|t| t(object)) {
        keep(object, &known);
    }
}

fn keep(given: &mut Value, known: &Value) {
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => {
            given.retain(|name, value| hollow(value) || known.contains_key(name));
            for (name, value) in given.iter_mut() {
                if let Some(known) = known.get(name) {
                    keep(value, known);
                }
            }
        }
        (Value::Array(given), Value::Array(known)) => {
            given
                .iter_mut()
                .zip(known)
                .for_each(|(given, known)| keep(given, known));
        }
        _ => {}
    }
}

/// Paths in `given` that `known` no longer has.
fn lost(given: &Value, known: &Value, path: &str, out: &mut Vec<String>) {
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => {
            for (name, value) in given {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                match known.get(name) {
                    Some(known) => lost(value, known, &path, out),
                    None if hollow(value) => {}
                    None => out.push(path),
                }
            }
        }
        (Value::Array(given), Value::Array(known)) => {
            for (i, (given, known)) in given.iter().zip(known).enumerate() {
                lost(given, known, &format!("{path}[{i}]"), out);
            }
        }
        _ => {}
    }
}

/// The first leaf without which the value can be read.
fn culprit(typed: crate::kinds::Typed, object: &Value) -> Option<String> {
    let mut leaves = Vec::new();
    collect(object, "", "", &mut leaves);
    leaves.into_iter().find_map(|(pointer, path)| {
        let mut trial = object.clone();
        *trial.pointer_mut(&pointer)? = Value::Null;
        typed(&trial).is_ok().then_some(path)
    })
}

fn collect(value: &Value, pointer: &str, path: &str, out: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let escaped = name.replace('~', "~0").replace('/', "~1");
                let dotted = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                collect(value, &format!("{pointer}/{escaped}"), &dotted, out);
            }
        }
        Value::Array(list) => {
            for (i, value) in list.iter().enumerate() {
                collect(
                    value,
                    &format!("{pointer}/{i}"),
                    &format!("{path}[{i}]"),
                    out,
                );
            }
        }
        _ => {}
    }
    if !pointer.is_empty() {
        out.push((pointer.to_owned(), path.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::by_kind;
    use serde_json::json;

    #[test]
    fn unknown_fields_are_found_at_any_depth() {
        let object = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": {
            "replikas": 1, "selector": {"matchLabels": {"a": "b"}},
            "template": {"metadata": {"creationTimestamp": null}, "spec": {"containers": [{"name": "a", "imagine": "x"}]}}}});
        let found = misfits(by_kind("Deployment"), &object);
        let mut paths: Vec<_> = found.iter().map(|m| format!("{m:?}")).collect();
        paths.sort();
        assert_eq!(
            paths,
            [
                "Unknown(\"spec.replikas\")",
                "Unknown(\"spec.template.spec.containers[0].imagine\")"
            ]
        );
    }

    #[test]
    fn a_wrong_type_is_located() {
        let object = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": {"replicas": "x"}});
        assert!(
            matches!(&misfits(by_kind("Deployment"), &object)[..], [Misfit::WrongType(p, _)] if p == "spec.replicas")
        );
    }

    #[test]
    fn routes_are_known_too() {
        let object = json!({"spec": {"hostnames": ["a"], "rules": [{"matchs": [], "backendRefs": [{"name": "a", "port": 1}]}]}});
        assert_eq!(
            misfits(by_kind("HTTPRoute"), &object),
            [Misfit::Unknown("spec.rules[0].matchs".into())]
        );
    }
}
