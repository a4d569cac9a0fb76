//! What differs between a live object and what applying would make of it.

use serde_json::Value;

/// No more paths than this are named: a wholly different object is just that.
const MOST: usize = 50;

/// The paths of the fields that differ, in order; paths only, since a secret is an object too.
///
/// What a server sets by itself doesn't count.
pub(crate) fn differing(live: &Value, wanted: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(&without_noise(live), &without_noise(wanted), "", &mut found);
    found
}

fn without_noise(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(map) = object.as_object_mut() {
        map.remove("status");
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in [
            "creationTimestamp",
            "generation",
            "managedFields",
            "resourceVersion",
            "selfLink",
            "uid",
        ] {
            metadata.remove(field);
        }
    }
    object
}

fn walk(live: &Value, wanted: &Value, path: &str, found: &mut Vec<String>) {
    if live == wanted || found.len() >= MOST {
        return;
    }
    match (live, wanted) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let (left, right) = (a.get(key), b.get(key));
                let path = join(path, key);
                walk(
                    left.unwrap_or(&Value::Null),
                    right.unwrap_or(&Value::Null),
                    &path,
                    found,
                );
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (n, (left, right)) in a.iter().zip(b).enumerate() {
                walk(left, right, &format!("{path}[{n}]"), found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

fn join(path: &str, key: &str) -> String {
    if key.contains('.') {
        format!("{path}[{key}]")
    } else if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_server_sets_is_not_a_difference() {
        let live = json!({"metadata": {"name": "a", "uid": "1", "resourceVersion": "7", "generation": 2, "managedFields": []},
                          "spec": {"a": 1}, "status": {"ready": 1}});
        let wanted = json!({"metadata": {"name": "a", "uid": "1", "resourceVersion": "8", "generation": 3}, "spec": {"a": 1}});
        assert_eq!(differing(&live, &wanted), Vec::<String>::new());
    }

    #[test]
    fn paths_lead_to_the_change() {
        let live = json!({"metadata": {"labels": {"app.kubernetes.io/name": "x"}}, "spec": {"containers": [{"image": "a:1"}], "gone": 1, "list": [1]}});
        let wanted = json!({"metadata": {"labels": {"app.kubernetes.io/name": "y"}}, "spec": {"containers": [{"image": "a:2"}], "new": {}, "list": [1, 2]}});
        assert_eq!(
            differing(&live, &wanted),
            [
                "metadata.labels[app.kubernetes.io/name]",
                "spec.containers[0].image",
                "spec.gone",
                "spec.list",
                "spec.new"
            ]
        );
    }
}
