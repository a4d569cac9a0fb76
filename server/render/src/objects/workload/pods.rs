//! The pod template: what the workload lays over the class's, and what holds of it in the end.

use std::collections::{BTreeMap, BTreeSet};

use model::kind::value::EndpointType;
use serde_json::{Map, Value, json};

use super::Maker;
use crate::{
    content::MAIN,
    fault::RenderFault,
    input::{ContainerInput, Source, Variable},
    objects::{CONFIG_HASH, RESTARTED_AT},
};

impl Maker<'_> {
    /// The pod template that the workload lays over the class's.
    pub(super) fn pods(&self, base: Option<&Value>, ports: bool) -> Value {
        let mut metadata = json!({"labels": self.labels.all});
        if !self.input.settings.is_empty() {
            let hash = model::hash::of(&json!(self.input.settings));
            metadata["annotations"] = json!({CONFIG_HASH: hash});
        }
        // A task's pods are new ones each time it runs.
        if let (Some(at), true) = (&self.input.restarted, ports) {
            metadata["annotations"][RESTARTED_AT] = at.clone().into();
        }
        let first = self.first();
        let containers: Vec<Value> = self
            .input
            .containers
            .iter()
            .map(|(name, container)| {
                let ports = if ports && Some(name.as_str()) == first {
                    self.ports()
                } else {
                    BTreeSet::new()
                };
                self.container(name, container, &ports)
            })
            .collect();
        let mut spec = json!({"containers": containers});
        // A class may name an account of its own, made by the platform's people.
        if base
            .and_then(|pods| pods.get("spec")?.get("serviceAccountName"))
            .is_none()
        {
            spec["serviceAccountName"] = self.input.workload_name().into();
        }
        if let Some(secret) = &self.input.pull_secret {
            spec["imagePullSecrets"] = json!([{"name": secret}]);
        }
        json!({"metadata": metadata, "spec": spec})
    }

    /// The container that the ports are written at: `main`, else the first by name.
    fn first(&self) -> Option<&str> {
        let containers = &self.input.containers;
        if containers.contains_key(MAIN) {
            return Some(MAIN);
        }
        containers.keys().next().map(String::as_str)
    }

    fn container(
        &self,
        name: &str,
        container: &ContainerInput,
        ports: &BTreeSet<(u16, &'static str)>,
    ) -> Value {
        let mut object = Map::from_iter([
            ("name".to_owned(), Value::from(name)),
            ("image".to_owned(), container.image.clone().into()),
        ]);
        for (field, words) in [("command", &container.command), ("args", &container.args)] {
            match words {
                Some(words) if words.is_empty() => object.insert(field.into(), Value::Null),
                Some(words) => object.insert(field.into(), json!(words)),
                None => None,
            };
        }
        if !container.env.is_empty() {
            object.insert("env".into(), self.env(&container.env));
        }
        if !ports.is_empty() {
            let ports = ports.iter().map(|(port, protocol)| {
                json!({"name": port_name(*port, protocol), "containerPort": port, "protocol": protocol})
            });
            object.insert("ports".into(), ports.collect());
        }
        Value::Object(object)
    }

    /// Variables as Kubernetes has them. The form that one doesn't have is null, so that it takes
    /// the class's away: both at once are refused by the API server.
    fn env(&self, variables: &[Variable]) -> Value {
        let variable = |variable: &Variable| match &variable.source {
            Source::Value(value) => {
                json!({"name": variable.name, "value": value, "valueFrom": null})
            }
            Source::Setting(key) => {
                let reference = json!({"name": self.input.workload_name(), "key": key});
                from_ref(&variable.name, json!({"configMapKeyRef": reference}))
            }
            Source::Secret { name, key } => from_ref(
                &variable.name,
                json!({"secretKeyRef": {"name": name, "key": key}}),
            ),
        };
        variables.iter().map(variable).collect()
    }

    /// What the binding changes in the containers.
    pub(super) fn changes(&self) -> Value {
        self.input
            .changes
            .iter()
            .map(|(name, change)| {
                let mut object = json!({"name": name});
                if !change.env.is_empty() {
                    object["env"] = self.env(&change.env);
                }
                if let Some(resources) = &change.resources {
                    object["resources"] = json!(resources);
                }
                object
            })
            .collect()
    }

    /// The ports of all endpoints, each once, in order.
    pub(super) fn ports(&self) -> BTreeSet<(u16, &'static str)> {
        let ports = self.input.endpoints.values();
        ports
            .map(|endpoint| (endpoint.port, protocol(endpoint.endpoint_type)))
            .collect()
    }

    /// What holds of every pod template in the end: labels that are ours, containers in order, each
    /// with an image.
    pub(super) fn finish(&self, template: &mut Value, field: &str, faults: &mut Vec<RenderFault>) {
        // `strategic` gave ours precedence; a class that wanted others should know.
        let wanted = self.class_labels();
        for (label, value) in &self.labels.all {
            if wanted.get(*label).is_some_and(|wanted| wanted != value) {
                faults.push(self.fault(
                    &format!("{field}.metadata.labels.{label}"),
                    format!("label {label} belongs to Troupe"),
                    "Take it out of the class",
                ));
            }
        }
        let Some(containers) = template["spec"]["containers"].as_array_mut() else {
            return;
        };
        containers.sort_by_key(|container| {
            let name = container["name"].as_str().unwrap_or_default().to_owned();
            (name != MAIN, name)
        });
        for container in containers {
            if container
                .get("image")
                .and_then(Value::as_str)
                .is_none_or(str::is_empty)
            {
                let name = container["name"].as_str().unwrap_or_default();
                let names: Vec<&str> = self.input.containers.keys().map(String::as_str).collect();
                faults.push(self.fault(
                    &format!("{field}.spec.containers.{name}"),
                    format!(
                        "container {name} has no image, and the workload of {}/{} has no container \
                         of that name (it has: {})",
                        self.input.project,
                        self.input.component,
                        names.join(", ")
                    ),
                    "Call the workload's container the same, give the class's an image, or take it \
                     out of the class",
                ));
            }
        }
    }

    /// The labels that the class wants its pods to have.
    fn class_labels(&self) -> BTreeMap<String, Value> {
        [
            "/deploymentTemplate/template",
            "/cronJobTemplate/jobTemplate/spec/template",
        ]
        .iter()
        .filter_map(|path| {
            self.input
                .class
                .spec
                .pointer(path)?
                .pointer("/metadata/labels")
        })
        .filter_map(Value::as_object)
        .flatten()
        .map(|(label, value)| (label.clone(), value.clone()))
        .collect()
    }
}

fn from_ref(name: &str, reference: Value) -> Value {
    json!({"name": name, "value": null, "valueFrom": reference})
}

fn protocol(endpoint_type: EndpointType) -> &'static str {
    if endpoint_type == EndpointType::UDP {
        "UDP"
    } else {
        "TCP"
    }
}

pub(super) fn port_name(port: u16, protocol: &str) -> String {
    format!("ep-{port}-{}", protocol.to_lowercase())
}
