//! Which lists are merged by key and which maps are taken whole, as the API's schema marks them
//! (`x-kubernetes-list-type`, `-list-map-keys`, `-map-type` in Kubernetes' OpenAPI document).

use serde_json::{Map, Value, json};

/// How two versions of a list become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// One value; the last writer has it whole.
    Atomic,
    /// Each value stands for itself.
    Set,
    /// Items are found by these keys.
    Map(&'static [&'static str]),
}

/// The rule for the list at `trail`: field names from the root, `[]` for the item of a list.
pub(crate) fn list(kind: &str, trail: &[String]) -> List {
    let Some(name) = trail.last().map(String::as_str) else {
        return List::Atomic;
    };
    let up = |n: usize| {
        trail
            .len()
            .checked_sub(n + 1)
            .map_or("", |i| trail[i].as_str())
    };
    let container = up(1) == "[]"
        && matches!(
            up(2),
            "containers" | "initContainers" | "ephemeralContainers"
        );
    match name {
        "containers" | "initContainers" | "ephemeralContainers" if up(1) == "spec" => {
            List::Map(&["name"])
        }
        "env" if container => List::Map(&["name"]),
        "ports" if container => List::Map(&["containerPort", "protocol"]),
        "ports" if kind == "Service" && up(1) == "spec" => List::Map(&["port", "protocol"]),
        "volumeMounts" if container => List::Map(&["mountPath"]),
        "volumeDevices" if container => List::Map(&["devicePath"]),
        "volumes" | "schedulingGates" | "resourceClaims" if up(1) == "spec" => List::Map(&["name"]),
        "imagePullSecrets" if up(1) == "spec" => List::Map(&["name"]),
        "secrets" if kind == "ServiceAccount" => List::Map(&["name"]),
        "hostAliases" if up(1) == "spec" => List::Map(&["ip"]),
        "topologySpreadConstraints" => List::Map(&["topologyKey", "whenUnsatisfiable"]),
        "conditions" if up(1) == "status" => List::Map(&["type"]),
        "listeners" if kind == "Gateway" => List::Map(&["name"]),
        "podIPs" | "hostIPs" => List::Map(&["ip"]),
        "ownerReferences" if up(1) == "metadata" => List::Map(&["uid"]),
        "finalizers" if up(1) == "metadata" => List::Set,
        _ => List::Atomic,
    }
}

/// Whether the map at `trail` is one value.
pub(crate) fn atomic_map(trail: &[String]) -> bool {
    matches!(
        trail.last().map(String::as_str),
        Some(
            "selector"
                | "labelSelector"
                | "podSelector"
                | "namespaceSelector"
                | "nodeSelector"
                | "secretKeyRef"
                | "configMapKeyRef"
                | "fieldRef"
                | "resourceFieldRef"
                | "roleRef"
                | "fieldsV1"
        )
    )
}

/// The `k:{…}` element that names an item of an associative list, if the item has all its keys.
pub(crate) fn key_of(item: &Value, keys: &[&str]) -> Option<String> {
    let mut found = Map::new();
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    for key in sorted {
        let value = match item.get(key) {
            Some(v) if !v.is_null() => v.clone(),
            _ if key == "protocol" => json!("TCP"),
            _ => return None,
        };
        found.insert(key.to_owned(), value);
    }
    Some(format!(
        "k:{}",
        crate::value::canonical(&Value::Object(found))
    ))
}
