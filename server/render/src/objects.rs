//! From an [`Input`] to the objects of a release, in the order they are applied.
//!
//! # What is settled for ever
//! A selector can't be changed in Kubernetes. Ours is v0.3's four labels (organization, project,
//! environment, component) plus `component-type`: enough to be unique in a cluster, and with nothing
//! in it that may change while a component lives, such as its binding's name, class or version.
//! The type is in it because a component that becomes another type is another thing: the old one's
//! pods must not be taken for the new one's. With [`Join::V03`], which exists to take over objects
//! that v0.3 made, the selector is theirs: the four labels alone.
//!
//! # Settings
//! Resolved values of configuration groups stand in one ConfigMap a component, of a name that stays,
//! and pods carry its hash as an annotation ([`CONFIG_HASH`]). So a changed value rolls the pods,
//! and pods of the older release that restart meanwhile still find the map they were made with;
//! a hash in the map's name would have it pruned under them.

mod route;
mod workload;

use std::collections::BTreeMap;

use model::{
    kind::{binding::ReleaseState, component::ComponentType, value::Exposure},
    name::{Join, LABEL, plane_name},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    fault::RenderFault,
    input::{EndpointAddress, Input, scheme},
};

/// The annotation of pods that holds the hash of their settings.
pub const CONFIG_HASH: &str = "troupe.dev/config-hash";

/// The annotation of pods that holds the newest restart by hand: another value, other pods. It stands
/// in the release, so that applying it again restarts nothing and takes nothing back.
pub const RESTARTED_AT: &str = "troupe.dev/restarted-at";

/// A release: its objects and what they can be reached at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rendered {
    /// The namespace on the plane.
    pub namespace: String,
    /// The objects in the order they are applied, each complete.
    pub objects: Vec<Value>,
    /// Where the component can be reached.
    pub endpoints: Vec<EndpointAddress>,
    /// The hash of the objects' canonical JSON.
    pub hash: String,
}

/// The labels of a component's objects.
pub(crate) struct Labels {
    /// All of them, for objects and pods.
    pub all: BTreeMap<&'static str, String>,
    /// Those that select pods.
    pub selector: BTreeMap<&'static str, String>,
}

/// Makes the objects of a release, or says everything in the class's templates that prevents it.
pub fn render(input: &Input) -> Result<Rendered, Vec<RenderFault>> {
    let namespace = input.namespace();
    let mut objects = Vec::new();
    let mut endpoints = Vec::new();
    if input.state != ReleaseState::Undeploy {
        let mut faults = Vec::new();
        let labels = labels(input);
        objects.push(namespace_object(input, &namespace));
        objects.push(complete(
            json!({"apiVersion": "v1", "kind": "ServiceAccount", "automountServiceAccountToken": false}),
            &input.workload_name(),
            &namespace,
            &labels,
        ));
        objects.extend(config_map(input, &namespace, &labels));
        objects.extend(workload::objects(input, &namespace, &labels, &mut faults));
        objects.extend(
            input
                .routes
                .iter()
                .map(|r| route::object(input, r, &namespace, &labels)),
        );
        if !faults.is_empty() {
            return Err(faults);
        }
        endpoints = addresses(input);
    }
    let objects: Vec<Value> = objects.iter().map(sorted).collect();
    let hash = model::hash::of(&Value::Array(objects.clone()));
    Ok(Rendered {
        namespace,
        objects,
        endpoints,
        hash,
    })
}

/// Names of things are longer than labels may be: cut, with a hash.
fn label_value(name: &str) -> String {
    if name.len() <= LABEL {
        name.to_owned()
    } else {
        plane_name(LABEL, &[name], Join::Unambiguous)
    }
}

fn labels(input: &Input) -> Labels {
    let mut selector = BTreeMap::from([
        ("organization-name", label_value(&input.organization)),
        ("project-name", label_value(&input.project)),
        ("environment-name", label_value(&input.environment)),
        ("component-name", label_value(&input.component)),
    ]);
    let mut all = selector.clone();
    all.insert("component-type", input.component_type.as_str().to_owned());
    all.insert("app.kubernetes.io/name", label_value(&input.component));
    if input.join != Join::V03 {
        selector.insert("component-type", input.component_type.as_str().to_owned());
    }
    Labels { all, selector }
}

fn namespace_object(input: &Input, name: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": name,
            "labels": {
                "organization-name": label_value(&input.organization),
                "project-name": label_value(&input.project),
                "environment-name": label_value(&input.environment),
            },
        },
    })
}

/// Adds what every object in a namespace has.
pub(crate) fn complete(mut object: Value, name: &str, namespace: &str, labels: &Labels) -> Value {
    object["metadata"] = json!({"name": name, "namespace": namespace, "labels": labels.all});
    object
}

fn config_map(input: &Input, namespace: &str, labels: &Labels) -> Option<Value> {
    let body = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": input.settings});
    (!input.settings.is_empty()).then(|| complete(body, &input.workload_name(), namespace, labels))
}

/// Where the component can be reached: each port inside the project, then each route.
fn addresses(input: &Input) -> Vec<EndpointAddress> {
    let host = input.workload_name();
    let mut addresses = Vec::new();
    if input.component_type != ComponentType::ScheduledTask {
        for (name, endpoint) in &input.endpoints {
            addresses.push(EndpointAddress::new(
                name,
                endpoint.endpoint_type,
                Exposure::Project,
                scheme(endpoint.endpoint_type, endpoint.port),
                &host,
                endpoint.port,
                &endpoint.base_path,
            ));
        }
    }
    for route in &input.routes {
        addresses.push(EndpointAddress::new(
            &route.name,
            route.endpoint_type,
            route.exposure,
            "https",
            &route.host,
            route.gateway_port,
            &route.path,
        ));
    }
    addresses.sort();
    addresses
}

/// The value with the keys of all maps in order, whatever keeps them: same input, same bytes.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let ordered: BTreeMap<&String, &Value> = map.iter().collect();
            Value::Object(
                ordered
                    .into_iter()
                    .map(|(k, v)| (k.clone(), sorted(v)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        plain => plain.clone(),
    }
}
