//! Keeps the values of secrets out of everything that leaves this crate.

use serde_json::Value;

/// What stands for a value that isn't shown.
const HIDDEN: &str = "(hidden)";
/// Where `kubectl apply` keeps a copy of the whole object, values included.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Replaces a secret's values, and drops what only bloats an object: managed fields and
/// kubectl's copy.
pub(crate) fn hide(object: &mut Value) {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
        if let Some(annotations) = metadata
            .get_mut("annotations")
            .and_then(Value::as_object_mut)
        {
            annotations.remove(LAST_APPLIED);
        }
    }
    if object.get("kind").and_then(Value::as_str) != Some("Secret") {
        return;
    }
    for field in ["data", "stringData"] {
        if let Some(values) = object.get_mut(field).and_then(Value::as_object_mut) {
            for value in values.values_mut() {
                *value = Value::String(HIDDEN.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_value_of_a_secret_gets_out() {
        let mut secret = json!({
            "kind": "Secret", "data": {"password": "Y2FuYXJ5"}, "stringData": {"token": "canary"},
            "metadata": {"name": "s", "managedFields": [{"fieldsV1": "canary"}],
                         "annotations": {LAST_APPLIED: "canary Y2FuYXJ5", "kept": "yes"}}
        });
        hide(&mut secret);
        let text = secret.to_string();
        assert!(
            !text.contains("canary") && !text.contains("Y2FuYXJ5"),
            "{text}"
        );
        assert!(text.contains("password") && text.contains("kept"));
    }
}
