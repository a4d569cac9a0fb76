//! Who refers to whom (`openchoreo.md` 1.21). Pure.

use model::{
    identity::Identity,
    kind::{
        Kind,
        api::{DeclarationSpec, ServiceSpec},
        binding::BindingSpec,
        configuration::ConfigurationGroupSpec,
        environment::EnvironmentSpec,
        pipeline::DeploymentPipelineSpec,
        project::ProjectSpec,
        workload::{EnvVar, WorkloadTemplate},
    },
};
use serde::Deserialize;
use serde_json::Value;

/// What a resource can't do without, as its spec says.
pub fn references(identity: &Identity, spec: &Value) -> Vec<Identity> {
    let org = identity.organization.as_str();
    let of_org = |kind, name: &str| Identity::in_organization(kind, org, name);
    let mut found = Vec::new();
    if !identity.component.is_empty() {
        found.push(Identity::in_project(
            Kind::Component,
            org,
            &identity.project,
            &identity.component,
        ));
    } else if !identity.project.is_empty() {
        found.push(of_org(Kind::Project, &identity.project));
    }
    match identity.kind {
        Kind::Environment => {
            if let Ok(spec) = EnvironmentSpec::deserialize(spec) {
                found.push(of_org(Kind::DataPlane, spec.data_plane()));
            }
        }
        Kind::DeploymentPipeline => {
            if let Ok(spec) = DeploymentPipelineSpec::deserialize(spec) {
                found.extend(
                    spec.environments()
                        .iter()
                        .map(|e| of_org(Kind::Environment, e)),
                );
            }
        }
        Kind::ConfigurationGroup => {
            if let Ok(spec) = ConfigurationGroupSpec::deserialize(spec) {
                let values = spec.configurations.iter().flat_map(|c| &c.values);
                let direct = values.filter_map(|value| value.environment.as_ref());
                let grouped = spec.environment_groups.iter().flat_map(|g| &g.environments);
                found.extend(
                    direct
                        .chain(grouped)
                        .map(|e| of_org(Kind::Environment, e.as_str())),
                );
            }
        }
        Kind::Project => {
            if let Ok(spec) = ProjectSpec::deserialize(spec) {
                let pipeline = spec.deployment_pipeline_ref;
                found.push(of_org(Kind::DeploymentPipeline, pipeline.as_str()));
            }
        }
        Kind::Workload => {
            if let Ok(spec) = WorkloadTemplate::deserialize(&template(spec)) {
                workload(identity, &spec, &mut found);
            }
        }
        Kind::Service => {
            if let Ok(spec) = ServiceSpec::deserialize(spec) {
                found.push(named(identity, Kind::Workload, spec.workload_name.as_str()));
                found.push(of_org(Kind::ServiceClass, spec.class_name.as_str()));
                let classes = spec.apis.values().map(|api| api.class_name.as_str());
                found.extend(classes.map(|class| of_org(Kind::APIClass, class)));
            }
        }
        Kind::WebApplication | Kind::ScheduledTask => {
            if let Ok(spec) = DeclarationSpec::deserialize(spec) {
                found.push(named(identity, Kind::Workload, spec.workload_name.as_str()));
                let class = identity.kind.component_type().and_then(|t| t.class());
                found.extend(class.map(|kind| of_org(kind, spec.class_name.as_str())));
            }
        }
        Kind::ServiceBinding | Kind::WebApplicationBinding | Kind::ScheduledTaskBinding => {
            if let Ok(spec) = BindingSpec::deserialize(spec) {
                found.push(of_org(Kind::Environment, spec.environment.as_str()));
                if let Some(template) = &spec.workload_spec {
                    workload(identity, template, &mut found);
                    let class = identity.kind.component_type().and_then(|t| t.class());
                    let name = spec
                        .class_name
                        .as_ref()
                        .map_or("default", |name| name.as_str());
                    found.extend(class.map(|kind| of_org(kind, name)));
                }
            }
        }
        _ => {}
    }
    found.sort();
    found.dedup();
    found
}

/// A spec without its owner, so that it reads as a template.
fn template(spec: &Value) -> Value {
    let mut spec = spec.clone();
    if let Some(fields) = spec.as_object_mut() {
        fields.remove("owner");
    }
    spec
}

fn named(identity: &Identity, kind: Kind, name: &str) -> Identity {
    Identity {
        kind,
        name: name.to_owned(),
        ..identity.clone()
    }
}

fn workload(identity: &Identity, spec: &WorkloadTemplate, found: &mut Vec<Identity>) {
    found.extend(targets(identity, spec));
    found.extend(groups(
        &identity.organization,
        spec.containers.values().flat_map(|c| &c.env),
    ));
}

/// The components that a workload's connections call.
pub fn targets(identity: &Identity, spec: &WorkloadTemplate) -> Vec<Identity> {
    let connections = spec.connections.values();
    let called = connections.filter_map(|connection| {
        let component = connection.params.get("componentName")?;
        let project = connection
            .params
            .get("projectName")
            .unwrap_or(&identity.project);
        let org = &identity.organization;
        Some(Identity::in_project(
            Kind::Component,
            org,
            project,
            component,
        ))
    });
    let mut called: Vec<Identity> = called.collect();
    called.sort();
    called.dedup();
    called
}

/// The configuration groups that variables are taken from.
pub fn groups<'a>(organization: &str, env: impl Iterator<Item = &'a EnvVar>) -> Vec<Identity> {
    let refs = env.filter_map(|var| var.value_from.as_ref()?.configuration_group_ref.as_ref());
    let mut groups: Vec<Identity> = refs
        .map(|r| Identity::in_organization(Kind::ConfigurationGroup, organization, r.name.as_str()))
        .collect();
    groups.sort();
    groups.dedup();
    groups
}

/// Whom a resource names, as rows hold it.
pub(crate) fn uses(id: &str, identity: &Identity, spec: &Value) -> store::search::Uses {
    store::search::Uses {
        id: id.to_owned(),
        organization: identity.organization.clone(),
        what: references(identity, spec)
            .iter()
            .map(ToString::to_string)
            .collect(),
    }
}

/// Changes when references are read in another way, so that stored ones are made anew.
const RULES: &str = "1";

/// Writes down who names whom where that was never done.
///
/// # Errors
/// When the store refuses.
pub(crate) async fn fill(platform: &crate::Platform) -> crate::Result<()> {
    const NAME: &str = "uses";
    let store = platform.store();
    if store.meta(NAME).await?.as_deref() == Some(RULES) {
        return Ok(());
    }
    let grant = model::access::platform("references", "");
    let mut tx = store.begin(crate::clock::now().0).await?;
    let mut after = String::new();
    loop {
        let part = tx.resources_after(&after, 500).await?;
        let Some(last) = part.last() else { break };
        after = last.id.clone();
        for resource in &part {
            let uses = uses(&resource.id, &resource.identity, &resource.spec);
            tx.set_uses(&grant, &uses).await?;
        }
    }
    tx.set_meta(NAME, RULES).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_service_needs_its_component_workload_and_classes() {
        let identity = Identity::in_component(Kind::Service, "acme", "shop", "cart", "cart");
        let spec = json!({
            "owner": {"projectName": "shop", "componentName": "cart"},
            "workloadName": "cart",
            "apis": {"http": {"type": "REST", "className": "jwt", "rest": {"backend": {"port": 1}}}}
        });
        let found: Vec<String> = references(&identity, &spec)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            found,
            [
                "ServiceClass default",
                "APIClass jwt",
                "Component shop/cart",
                "Workload shop/cart"
            ]
        );
    }

    #[test]
    fn a_workload_needs_whom_it_calls_and_what_it_reads() {
        let identity = Identity::in_component(Kind::Workload, "acme", "shop", "web", "web");
        let spec = json!({
            "owner": {"projectName": "shop", "componentName": "web"},
            "containers": {"main": {"image": "web", "env": [
                {"key": "DB", "valueFrom": {"configurationGroupRef": {"name": "db", "key": "host"}}}
            ]}},
            "connections": {"cart": {"type": "api", "params": {
                "componentName": "cart", "endpoint": "grpc"}}}
        });
        let found: Vec<String> = references(&identity, &spec)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            found,
            [
                "ConfigurationGroup db",
                "Component shop/cart",
                "Component shop/web"
            ]
        );
    }
}
