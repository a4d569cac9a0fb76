//! What people can change in one environment, with what its class and its artifact say of it.

use model::{
    kind::{
        component::ComponentType,
        workload::{EnvVar, ValueFrom},
    },
    view::Setting,
};
use serde_json::Value;

use crate::content::{ArtifactContent, MAIN};

/// The resources that forms offer; a manifest may name others.
const RESOURCES: [(&str, &str, &str); 4] = [
    ("requests", "cpu", "CPU, at least"),
    ("requests", "memory", "Memory, at least"),
    ("limits", "cpu", "CPU, at most"),
    ("limits", "memory", "Memory, at most"),
];

/// Everything of an artifact that a binding can change: the whole first, then a container each,
/// `main` first.
pub fn settings(content: &ArtifactContent) -> Vec<Setting> {
    let task = content.component_type == ComponentType::ScheduledTask;
    let (template, pods) = if task {
        (
            "/cronJobTemplate",
            "/cronJobTemplate/jobTemplate/spec/template",
        )
    } else {
        ("/deploymentTemplate", "/deploymentTemplate/template")
    };
    let class = &content.class.spec;
    let of_class = |field: &str| plain(class.pointer(&format!("{template}/{field}")));
    let mut settings = vec![if task {
        setting("", "schedule", "Schedule", of_class("schedule"), "")
    } else {
        let replicas = match of_class("replicas") {
            none if none.is_empty() => "1".to_owned(),
            some => some,
        };
        setting("", "replicas", "Pods", replicas, "")
    }];
    let templates = class
        .pointer(&format!("{pods}/spec/containers"))
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    for name in containers(content, templates) {
        let template = templates
            .iter()
            .find(|container| container["name"] == name.as_str());
        let image = template.map_or_else(String::new, |template| plain(template.get("image")));
        let own = content.workload.containers.get(&name.as_str().into());
        let ours = own.map_or("", |own| own.image.as_str());
        settings.push(setting(&name, "image", "Image", image, ours));
        for (bound, resource, label) in RESOURCES {
            let value = template
                .and_then(|template| template.pointer(&format!("/resources/{bound}/{resource}")));
            let key = format!("{bound}.{resource}");
            settings.push(setting(&name, &key, label, plain(value), ""));
        }
        settings.extend(variables(content, &name, template));
    }
    settings
}

fn setting(container: &str, key: &str, label: &str, class: String, artifact: &str) -> Setting {
    Setting {
        container: container.to_owned(),
        key: key.to_owned(),
        label: label.to_owned(),
        class,
        artifact: artifact.to_owned(),
        locked: String::new(),
    }
}

/// The containers of workload and class, `main` first.
fn containers(content: &ArtifactContent, templates: &[Value]) -> Vec<String> {
    let class = templates
        .iter()
        .filter_map(|container| container["name"].as_str());
    let own = content.workload.containers.keys().map(|name| name.as_str());
    let mut names: Vec<String> = own.chain(class).map(str::to_owned).collect();
    names.sort_by_key(|name| (name != MAIN, name.clone()));
    names.dedup();
    names
}

/// The variables of a container, by name: what the class gives, what the workload and its
/// connections say.
fn variables(content: &ArtifactContent, container: &str, template: Option<&Value>) -> Vec<Setting> {
    let mut found: Vec<Setting> = Vec::new();
    let mut put = |name: &str, class: Option<String>, artifact: Option<String>| {
        let key = format!("env.{name}");
        let at = found.iter().position(|known| known.key == key);
        let at = at.unwrap_or_else(|| {
            found.push(setting(container, &key, name, String::new(), ""));
            found.len() - 1
        });
        if let Some(class) = class {
            found[at].class = class;
        }
        if let Some(artifact) = artifact {
            found[at].artifact = artifact;
        }
    };
    let given = template
        .and_then(|template| template["env"].as_array())
        .map(Vec::as_slice)
        .unwrap_or_default();
    for variable in given {
        let value = match variable.get("valueFrom") {
            Some(_) => "from a reference of the class".to_owned(),
            None => plain(variable.get("value")),
        };
        put(
            variable["name"].as_str().unwrap_or_default(),
            Some(value),
            None,
        );
    }
    let own = content.workload.containers.get(&container.into());
    for variable in own.into_iter().flat_map(|own| &own.env) {
        put(variable.key.as_str(), None, Some(words(variable)));
    }
    if own.is_some() {
        for (connection, made) in &content.workload.connections {
            for variable in &made.inject.env {
                let says = format!("from connection {connection}");
                put(variable.name.as_str(), None, Some(says));
            }
        }
    }
    found.sort_by(|a, b| a.key.cmp(&b.key));
    found
}

/// A variable's value, or where it comes from, in words.
fn words(variable: &EnvVar) -> String {
    match &variable.value_from {
        None => variable.value.clone().unwrap_or_default(),
        Some(ValueFrom {
            configuration_group_ref: Some(group),
            ..
        }) => format!("{} of configuration group {}", group.key, group.name),
        Some(ValueFrom {
            secret_ref: Some(secret),
            ..
        }) => format!("{} of secret {}", secret.key, secret.name),
        Some(_) => String::new(),
    }
}

/// A plain value as people write it; empty for none.
fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
