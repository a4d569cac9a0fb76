//! What the API offers, in the old form and aggregated.

use super::route::Route;
use crate::kinds::{KINDS, Kind};
use serde_json::{Value, json};

const VERBS: [&str; 8] = [
    "create",
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "update",
    "watch",
];

/// The answer, if this is about discovery at all.
pub(crate) fn answer(route: &Route, aggregated: bool) -> Option<Value> {
    match route {
        Route::Version => Some(version()),
        Route::Health => Some(json!("ok")),
        Route::Core if aggregated => Some(aggregate(&[""])),
        Route::Groups if aggregated => Some(aggregate(&groups())),
        Route::Core => Some(json!({"kind": "APIVersions", "versions": ["v1"],
            "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": "simulated:443"}]})),
        Route::Groups => {
            let groups: Vec<Value> = groups().into_iter().map(group).collect();
            Some(json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}))
        }
        Route::Group(name) if groups().contains(&name.as_str()) => {
            let mut out = group(name);
            out["kind"] = "APIGroup".into();
            out["apiVersion"] = "v1".into();
            Some(out)
        }
        Route::Resources(group, version) => resources(group, version),
        _ => None,
    }
}

fn version() -> Value {
    json!({"major": "1", "minor": "36", "gitVersion": crate::VERSION, "gitCommit": "simulated", "gitTreeState": "clean",
        "buildDate": "2026-01-01T00:00:00Z", "goVersion": "none", "compiler": "rustc", "platform": "linux/amd64"})
}

/// Named groups, in the table's order.
fn groups() -> Vec<&'static str> {
    let mut out: Vec<&str> = Vec::new();
    for kind in KINDS.iter().filter(|k| !k.group.is_empty()) {
        if !out.contains(&kind.group) {
            out.push(kind.group);
        }
    }
    out
}

fn version_of(group: &str) -> &'static str {
    KINDS
        .iter()
        .find(|k| k.group == group)
        .map_or("v1", |k| k.version)
}

fn group(name: &str) -> Value {
    let version = version_of(name);
    let version = json!({"groupVersion": format!("{name}/{version}"), "version": version});
    json!({"name": name, "versions": [version.clone()], "preferredVersion": version})
}

/// (subresource, kind group, version, kind, verbs)
fn subresources(
    kind: &Kind,
) -> Vec<(
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Vec<&'static str>,
)> {
    let mut out = Vec::new();
    if kind.status {
        out.push((
            "status",
            kind.group,
            kind.version,
            kind.kind,
            vec!["get", "patch", "update"],
        ));
    }
    if kind.scale {
        out.push((
            "scale",
            "autoscaling",
            "v1",
            "Scale",
            vec!["get", "patch", "update"],
        ));
    }
    if kind.kind == "Pod" {
        out.push(("log", "", "v1", "Pod", vec!["get"]));
        out.push(("eviction", "policy", "v1", "Eviction", vec!["create"]));
    }
    out
}

fn resources(group: &str, version: &str) -> Option<Value> {
    let mut out = Vec::new();
    for kind in KINDS
        .iter()
        .filter(|k| k.group == group && k.version == version)
    {
        let singular = kind.kind.to_lowercase();
        out.push(
            json!({"name": kind.plural, "singularName": singular, "namespaced": kind.namespaced,
            "kind": kind.kind, "verbs": VERBS, "shortNames": kind.short}),
        );
        for (sub, sub_group, sub_version, sub_kind, verbs) in subresources(kind) {
            let mut one = json!({"name": format!("{}/{sub}", kind.plural), "singularName": "",
                "namespaced": kind.namespaced, "kind": sub_kind, "verbs": verbs});
            if sub_group != kind.group {
                one["group"] = sub_group.into();
                one["version"] = sub_version.into();
            }
            out.push(one);
        }
    }
    if out.is_empty() {
        return None;
    }
    let name = if group.is_empty() {
        version.to_owned()
    } else {
        format!("{group}/{version}")
    };
    Some(
        json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": name, "resources": out}),
    )
}

fn aggregate(names: &[&str]) -> Value {
    let items: Vec<Value> = names
        .iter()
        .map(|name| {
            let resources: Vec<Value> = KINDS.iter().filter(|k| k.group == *name).map(aggregated).collect();
            let version = json!({"version": version_of(name), "freshness": "Current", "resources": resources});
            json!({"metadata": {"name": name}, "versions": [version]})
        })
        .collect();
    json!({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items})
}

fn aggregated(kind: &Kind) -> Value {
    let below: Vec<Value> = subresources(kind)
        .into_iter()
        .map(|(sub, group, version, kind, verbs)| {
            json!({"subresource": sub, "verbs": verbs, "responseKind": {"group": group, "version": version, "kind": kind}})
        })
        .collect();
    json!({"resource": kind.plural, "singularResource": kind.kind.to_lowercase(), "shortNames": kind.short,
        "scope": if kind.namespaced { "Namespaced" } else { "Cluster" }, "verbs": VERBS, "subresources": below,
        "responseKind": {"group": kind.group, "version": kind.version, "kind": kind.kind}})
}
