//! Services and what leads to them: endpoint slices, routes, gateways, policies.

use super::{is_ready, make, owner, set_status};
use crate::kinds::by_kind;
use crate::pods::condition;
use crate::storage::{Key, State};
use crate::value::{hash, items, letters, text};
use serde_json::{Value, json};

/// Who reports on routes and gateways.
const CONTROLLER: &str = "troupe.dev/simulated-gateway";

/// The pods that a Service leads to, as an EndpointSlice.
pub(crate) fn service(state: &mut State, key: &Key, object: &Value, now: i64) -> Option<i64> {
    let spec = &object["spec"];
    if spec["type"] == "LoadBalancer"
        && items(&object["status"]["loadBalancer"]["ingress"]).is_empty()
    {
        let ip = format!(
            "192.0.2.{}",
            1 + hash(&format!("{}/{}", key.namespace, key.name)) % 250
        );
        state.modify(key, |o| {
            o["status"]["loadBalancer"] = json!({"ingress": [{"ip": ip, "ipMode": "VIP"}]})
        });
    }
    let selector = spec["selector"]
        .as_object()
        .filter(|s| !s.is_empty())?
        .clone();
    let chosen = |p: &Value| {
        selector
            .iter()
            .all(|(k, v)| p["metadata"]["labels"].get(k) == Some(v))
    };
    let mut endpoints = Vec::new();
    let mut sample = None;
    for (_, pod) in state
        .list(by_kind("Pod"), &key.namespace)
        .filter(|(_, p)| chosen(p))
    {
        let over = matches!(text(&pod["status"]["phase"]), "Succeeded" | "Failed");
        if over || pod["status"]["podIP"].is_null() {
            continue;
        }
        sample.get_or_insert_with(|| pod.clone());
        let leaving = !pod["metadata"]["deletionTimestamp"].is_null();
        let ready = is_ready(pod);
        endpoints.push(json!({"addresses": [pod["status"]["podIP"]], "nodeName": crate::NODE,
            "conditions": {"ready": ready && !leaving, "serving": ready, "terminating": leaving},
            "targetRef": {"kind": "Pod", "namespace": key.namespace, "name": pod["metadata"]["name"],
                "uid": pod["metadata"]["uid"]}}));
    }
    let ports: Vec<Value> = items(&spec["ports"])
        .iter()
        .map(|p| json!({"name": text(&p["name"]), "port": number(&p["targetPort"], sample.as_deref()), "protocol": p["protocol"]}))
        .filter(|p| !p["port"].is_null())
        .collect();
    let kind = by_kind("EndpointSlice");
    let slices = state.children(object, kind);
    if let Some((slice, _)) = slices.first() {
        state.modify(slice, |o| {
            o["endpoints"] = endpoints.into();
            o["ports"] = ports.into();
        });
        return None;
    }
    let name = format!(
        "{}-{}",
        key.name,
        letters(hash(text(&object["metadata"]["uid"])), 5)
    );
    let slice = json!({"metadata": {"name": name, "ownerReferences": owner(object),
            "labels": {"kubernetes.io/service-name": key.name, "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"}},
        "addressType": "IPv4", "endpoints": endpoints, "ports": ports});
    let _ = make(state, "EndpointSlice", &key.namespace, slice, now);
    None
}

/// A port by its number, or by its name in the pod.
fn number(target: &Value, pod: Option<&Value>) -> Value {
    let Some(name) = target.as_str() else {
        return target.clone();
    };
    let containers = pod.map_or(&[][..], |p| items(&p["spec"]["containers"]));
    let found = containers
        .iter()
        .flat_map(|c| items(&c["ports"]))
        .find(|p| p["name"] == name);
    found.map_or(Value::Null, |p| p["containerPort"].clone())
}

/// Whether a route's backends are there, told for each parent.
pub(crate) fn route(state: &mut State, key: &Key, object: &Value, now: i64) -> Option<i64> {
    let trouble = items(&object["spec"]["rules"])
        .iter()
        .flat_map(|r| items(&r["backendRefs"]))
        .find_map(|b| missing(state, key, b));
    let generation = &object["metadata"]["generation"];
    let parents: Vec<Value> = items(&object["spec"]["parentRefs"])
        .iter()
        .enumerate()
        .map(|(i, parent)| {
            let mut status = json!({"conditions": object["status"]["parents"][i]["conditions"]});
            let kind = text(&object["kind"]);
            let words = [
                ("Accepted", true, "Accepted", "Route is accepted".to_owned()),
                match &trouble {
                    None => ("ResolvedRefs", true, "ResolvedRefs", format!("Resolved all the Object references for the {kind}")),
                    Some((reason, why)) => ("ResolvedRefs", false, *reason, why.clone()),
                },
                ("Programmed", trouble.is_none(), if trouble.is_none() { "Programmed" } else { "Invalid" }, "Simulated".to_owned()),
            ];
            for (kind, yes, reason, message) in words {
                let word = json!({"type": kind, "status": crate::pods::yes(yes), "reason": reason, "message": message,
                    "observedGeneration": generation});
                condition(&mut status, word, now);
            }
            json!({"parentRef": parent, "controllerName": CONTROLLER, "conditions": status["conditions"]})
        })
        .collect();
    set_status(state, key, json!({"parents": parents}));
    None
}

/// Why a backend can't be reached.
fn missing(state: &State, key: &Key, backend: &Value) -> Option<(&'static str, String)> {
    if backend["kind"] != "Service" {
        return Some((
            "InvalidKind",
            format!("Backend kind {} is not supported", text(&backend["kind"])),
        ));
    }
    let namespace = backend["namespace"].as_str().unwrap_or(&key.namespace);
    let name = text(&backend["name"]);
    let Some(service) = state.get(&Key::new(by_kind("Service"), namespace, name)) else {
        return Some((
            "BackendNotFound",
            format!("Service {namespace}/{name} not found"),
        ));
    };
    let ports = items(&service["spec"]["ports"]);
    if ports.iter().any(|p| p["port"] == backend["port"]) {
        return None;
    }
    Some((
        "PortNotFound",
        format!(
            "TCP Port {} not found on Service {namespace}/{name}",
            backend["port"]
        ),
    ))
}

/// Gateways and their classes are always accepted.
pub(crate) fn gateway(state: &mut State, key: &Key, object: &Value, now: i64) -> Option<i64> {
    let generation = &object["metadata"]["generation"];
    let words = |old: &Value, kinds: &[&str]| {
        let mut status = json!({"conditions": old});
        for kind in kinds {
            let word = json!({"type": kind, "status": "True", "reason": kind, "message": "Simulated", "observedGeneration": generation});
            condition(&mut status, word, now);
        }
        status["conditions"].clone()
    };
    let old = &object["status"];
    if key.kind().kind == "GatewayClass" {
        set_status(
            state,
            key,
            json!({"conditions": words(&old["conditions"], &["Accepted"])}),
        );
        return None;
    }
    let listeners: Vec<Value> = items(&object["spec"]["listeners"])
        .iter()
        .enumerate()
        .map(|(i, l)| {
            let kinds = json!([{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute"}, {"group": "gateway.networking.k8s.io", "kind": "GRPCRoute"}]);
            json!({"name": l["name"], "attachedRoutes": 0, "supportedKinds": kinds,
                "conditions": words(&old["listeners"][i]["conditions"], &["Accepted", "Programmed", "ResolvedRefs"])})
        })
        .collect();
    let ip = format!(
        "192.0.2.{}",
        1 + hash(&format!("{}/{}", key.namespace, key.name)) % 250
    );
    let status = json!({"conditions": words(&old["conditions"], &["Accepted", "Programmed"]), "listeners": listeners,
        "addresses": [{"type": "IPAddress", "value": ip}]});
    set_status(state, key, status);
    None
}

/// A policy is accepted when what it is about is there.
pub(crate) fn policy(state: &mut State, key: &Key, object: &Value, now: i64) -> Option<i64> {
    let spec = &object["spec"];
    let single = spec["targetRef"]
        .is_object()
        .then(|| spec["targetRef"].clone());
    let targets: Vec<Value> = single
        .into_iter()
        .chain(items(&spec["targetRefs"]).iter().cloned())
        .collect();
    let mut again = None;
    let ancestors: Vec<Value> = targets
        .iter()
        .enumerate()
        .map(|(i, target)| {
            let kind = crate::kinds::KINDS.iter().find(|k| k.kind == text(&target["kind"]));
            let found = kind.is_some_and(|k| state.get(&Key::new(k, &key.namespace, text(&target["name"]))).is_some());
            if !found {
                again = Some(now + 5_000_000);
            }
            let mut status = json!({"conditions": object["status"]["ancestors"][i]["conditions"]});
            let (reason, message) = if found {
                ("Accepted", "Policy has been accepted.".to_owned())
            } else {
                ("TargetNotFound", format!("{} {} not found", text(&target["kind"]), text(&target["name"])))
            };
            let word = json!({"type": "Accepted", "status": crate::pods::yes(found), "reason": reason, "message": message,
                "observedGeneration": object["metadata"]["generation"]});
            condition(&mut status, word, now);
            let mut ancestor = target.clone();
            ancestor["namespace"] = key.namespace.as_str().into();
            json!({"ancestorRef": ancestor, "controllerName": CONTROLLER, "conditions": status["conditions"]})
        })
        .collect();
    set_status(state, key, json!({"ancestors": ancestors}));
    again
}

/// An Ingress gets an address.
pub(crate) fn ingress(state: &mut State, key: &Key) -> Option<i64> {
    set_status(
        state,
        key,
        json!({"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}),
    );
    None
}
