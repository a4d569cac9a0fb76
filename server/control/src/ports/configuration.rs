//! Configuration groups as matrices: every cell, where it comes from, and who needs it.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use model::{
    access::Viewer,
    configuration::{Cell, cell},
    identity::Identity,
    kind::{
        Kind, configuration::ConfigurationGroupSpec, project::ProjectSpec, workload::WorkloadSpec,
    },
    moment::Moment,
    port::{Answer, Manifests, configuration::Configurations},
    view::*,
};
use serde::Deserialize;
use serde_json::Value;

use super::{Map, look};
use crate::{Error, Platform, Result};

#[async_trait]
impl Configurations for Platform {
    async fn list(&self, viewer: &Viewer) -> Answer<Vec<ConfigurationRow>> {
        Ok(list(self, viewer).await?)
    }

    async fn find(&self, viewer: &Viewer, name: &str) -> Answer<ConfigurationView> {
        Ok(find(self, viewer, name).await?)
    }
}

/// Who takes which key: by group, then by key.
type Uses = BTreeMap<String, BTreeMap<String, Vec<KeyUser>>>;

async fn list(platform: &Platform, viewer: &Viewer) -> Result<Vec<ConfigurationRow>> {
    look(viewer, Kind::ConfigurationGroup, "")?;
    let org = &viewer.organization;
    let map = Map::of(platform, org).await?;
    let environments = environments(&map);
    let mut uses = uses(platform, org, &map).await?;
    let groups = platform
        .store()
        .resources_of_kind(org, Kind::ConfigurationGroup)
        .await?;
    let rows = groups.into_iter().filter_map(|resource| {
        let name = resource.identity.name;
        let spec = ConfigurationGroupSpec::deserialize(&resource.spec).ok()?;
        let users = uses.remove(&name).unwrap_or_default();
        let components: BTreeSet<_> = users
            .values()
            .flatten()
            .map(|user| (user.project.clone(), user.component.clone()))
            .collect();
        let (keys, unknown) = rows(&spec, &environments, users);
        let missing = keys.iter().chain(&unknown);
        Some(ConfigurationRow {
            display_name: resource.display_name,
            description: resource.description,
            keys: keys.len(),
            components: components.len(),
            missing: missing.map(|key| key.missing().count()).sum(),
            updated: Moment(resource.updated_at),
            by: resource.updated_by,
            name,
        })
    });
    Ok(rows.collect())
}

async fn find(platform: &Platform, viewer: &Viewer, name: &str) -> Result<ConfigurationView> {
    let org = &viewer.organization;
    let who = Identity::in_organization(Kind::ConfigurationGroup, org, name);
    let resource = Manifests::find(platform, viewer, &who).await?;
    let spec = resource.manifest.get("spec").cloned().unwrap_or_default();
    let spec = ConfigurationGroupSpec::deserialize(&spec).map_err(|error| Error::Corrupt {
        what: who.to_string(),
        reason: error.to_string(),
    })?;
    let map = Map::of(platform, org).await?;
    let environments = environments(&map);
    let users = uses(platform, org, &map).await?.remove(name);
    let (keys, unknown) = rows(&spec, &environments, users.unwrap_or_default());
    Ok(ConfigurationView {
        resource,
        environments,
        keys,
        unknown,
    })
}

/// All environments in pipeline order, those that aren't production first.
fn environments(map: &Map) -> Vec<EnvironmentName> {
    let mut all = map.all();
    all.sort_by_key(|environment| environment.production);
    all
}

/// The keys of a group with their cells, and the keys that are asked for and aren't there.
fn rows(
    spec: &ConfigurationGroupSpec,
    environments: &[EnvironmentName],
    mut users: BTreeMap<String, Vec<KeyUser>>,
) -> (Vec<KeyRow>, Vec<KeyRow>) {
    let in_scope = |user: &KeyUser| {
        let fits = |word, name: &String| spec.scope.get(word).is_none_or(|wanted| wanted == name);
        fits("project", &user.project) && fits("component", &user.component)
    };
    for user in users.values_mut().flatten() {
        user.out_of_scope = !in_scope(user);
    }
    let keys = spec
        .configurations
        .iter()
        .map(|configuration| KeyRow {
            key: configuration.key.clone(),
            cells: environments
                .iter()
                .map(|environment| cell(spec, configuration, &environment.name))
                .collect(),
            users: users.remove(&configuration.key).unwrap_or_default(),
        })
        .collect();
    let empty = |environment: &EnvironmentName| Cell {
        environment: environment.name.clone(),
        ..Cell::default()
    };
    let unknown = users
        .into_iter()
        .map(|(key, users)| KeyRow {
            key,
            cells: environments.iter().map(empty).collect(),
            users,
        })
        .collect();
    (keys, unknown)
}

/// Who takes which key of which group, as the workloads have it.
async fn uses(platform: &Platform, org: &str, map: &Map) -> Result<Uses> {
    let projects = platform
        .store()
        .resources_of_kind(org, Kind::Project)
        .await?;
    let pipelines: BTreeMap<String, Vec<String>> = projects
        .into_iter()
        .map(|project| {
            let spec = ProjectSpec::deserialize(&project.spec).ok();
            let pipeline = spec.map(|spec| map.of_pipeline(spec.deployment_pipeline_ref.as_str()));
            let names = pipeline.unwrap_or_default().into_iter().map(|e| e.name);
            (project.identity.name, names.collect())
        })
        .collect();
    let mut uses = Uses::new();
    for workload in platform
        .store()
        .resources_of_kind(org, Kind::Workload)
        .await?
    {
        let who = &workload.identity;
        let environments = pipelines.get(&who.project).cloned().unwrap_or_default();
        for (group, key, variable) in taken(&workload.spec) {
            let users = uses.entry(group).or_default().entry(key).or_default();
            match users
                .last_mut()
                .filter(|user| user.project == who.project && user.component == who.component)
            {
                Some(user) => {
                    if !user.variables.contains(&variable) {
                        user.variables.push(variable);
                    }
                }
                None => users.push(KeyUser {
                    project: who.project.clone(),
                    component: who.component.clone(),
                    variables: vec![variable],
                    environments: environments.clone(),
                    out_of_scope: false,
                }),
            }
        }
    }
    Ok(uses)
}

/// The keys that a workload takes: group, key, and the variable that it becomes.
fn taken(spec: &Value) -> Vec<(String, String, String)> {
    let Ok(spec) = WorkloadSpec::deserialize(spec) else {
        return Vec::new();
    };
    let template = spec.template();
    let variables = template.containers.values().flat_map(|c| &c.env);
    let taken = variables.filter_map(|variable| {
        let from = variable.value_from.as_ref()?;
        let reference = from.configuration_group_ref.as_ref()?;
        Some((
            reference.name.0.clone(),
            reference.key.clone(),
            variable.key.to_string(),
        ))
    });
    taken.collect()
}
