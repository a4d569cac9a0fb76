//! The containers of a workload and what a binding changes in them, with their variables followed.

use model::kind::{component::ComponentType, workload::EnvVar};
use serde_json::Value;

use crate::{
    content::ArtifactContent,
    fault::{RenderFault, Troubles, suggest},
    input::{Change, ContainerInput, Input, Source, Variable},
    resolve::{BindingFacts, configuration::Settings},
};

/// The workload's containers with their own variables.
pub(super) fn containers(
    content: &ArtifactContent,
    binding: &BindingFacts,
    settings: &mut Settings<'_>,
    input: &mut Input,
    troubles: &mut Troubles,
) {
    for (name, container) in &content.workload.containers {
        let field = format!("spec.containers.{name}");
        if container.image.as_str().trim().is_empty() {
            troubles.fault(RenderFault::new(
                binding.workload(),
                format!("{field}.image"),
                format!("container {name} has no image"),
                "Say which image it runs",
            ));
        }
        let env = variables(
            &container.env,
            &binding.workload(),
            &field,
            settings,
            troubles,
        );
        let resolved = ContainerInput {
            image: container.image.0.clone(),
            command: container.command.clone(),
            args: container.args.clone(),
            env,
        };
        input.containers.insert(name.0.clone(), resolved);
    }
}

/// Variables with their references followed; a later one of the same name takes the place of the
/// earlier.
fn variables(
    env: &[EnvVar],
    object: &str,
    field: &str,
    settings: &mut Settings<'_>,
    troubles: &mut Troubles,
) -> Vec<Variable> {
    let mut resolved = Vec::new();
    for variable in env {
        let field = format!("{field}.env.{}", variable.key);
        if let Some(source) = source(variable, object, &field, settings, troubles) {
            set(
                &mut resolved,
                Variable {
                    name: variable.key.0.clone(),
                    source,
                },
            );
        }
    }
    resolved
}

/// Where one variable's value comes from; `None` after a trouble was noted.
fn source(
    variable: &EnvVar,
    object: &str,
    field: &str,
    settings: &mut Settings<'_>,
    troubles: &mut Troubles,
) -> Option<Source> {
    let Some(from) = &variable.value_from else {
        return Some(Source::Value(variable.value.clone().unwrap_or_default()));
    };
    if variable.value.is_some() {
        let message = "has both value and valueFrom";
        troubles.fault(RenderFault::new(object, field, message, "Keep one of both"));
        return None;
    }
    match (&from.configuration_group_ref, &from.secret_ref) {
        (Some(key), None) => settings.source(key, object, field, troubles),
        (None, Some(key)) => Some(Source::Secret {
            name: key.name.0.clone(),
            key: key.key.clone(),
        }),
        _ => {
            troubles.fault(RenderFault::new(
                object,
                format!("{field}.valueFrom"),
                "must name exactly one source",
                "Keep one of configurationGroupRef and secretRef",
            ));
            None
        }
    }
}

/// Sets a variable: in place when there is one of that name, at the end else.
pub(super) fn set(variables: &mut Vec<Variable>, variable: Variable) {
    match variables.iter_mut().find(|old| old.name == variable.name) {
        Some(old) => *old = variable,
        None => variables.push(variable),
    }
}

/// What the binding changes, and whether it can.
pub(super) fn overrides(
    content: &ArtifactContent,
    binding: &BindingFacts,
    settings: &mut Settings<'_>,
    input: &mut Input,
    troubles: &mut Troubles,
) {
    let object = binding.binding(content.component_type);
    let task = content.component_type == ComponentType::ScheduledTask;
    if task && binding.overrides.replicas.is_some() {
        troubles.fault(RenderFault::new(
            &object,
            "spec.overrides.replicas",
            "a scheduled task has no replicas",
            "Take it away; parallelism belongs into the ScheduledTaskClass",
        ));
    }
    if !task && binding.overrides.schedule.is_some() {
        troubles.fault(RenderFault::new(
            &object,
            "spec.overrides.schedule",
            format!("a {} has no schedule", content.component_type),
            "Take it away, or make the component a ScheduledTask",
        ));
    }
    let known = container_names(content);
    for (name, change) in &binding.overrides.containers {
        let field = format!("spec.overrides.containers.{name}");
        if !known.iter().any(|known| known == name.as_str()) {
            let message = format!("there is no container {name}");
            let remedy = suggest(name.as_str(), known.iter().map(String::as_str));
            troubles.fault(RenderFault::new(&object, &field, message, remedy));
            continue;
        }
        let env = variables(&change.env, &object, &field, settings, troubles);
        let change = Change {
            env,
            resources: change.resources.clone(),
        };
        input.changes.insert(name.0.clone(), change);
    }
}

/// The containers of workload and class, sorted.
fn container_names(content: &ArtifactContent) -> Vec<String> {
    let spec = &content.class.spec;
    let class = [
        "/deploymentTemplate/template",
        "/cronJobTemplate/jobTemplate/spec/template",
    ]
    .iter()
    .filter_map(|path| spec.pointer(&format!("{path}/spec/containers"))?.as_array())
    .flatten()
    .filter_map(|container| container.get("name").and_then(Value::as_str));
    let workload = content.workload.containers.keys().map(|name| name.as_str());
    let mut names: Vec<String> = workload.chain(class).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}
