//! One environment: what runs in it, and the names that come of it.

use async_trait::async_trait;
use model::{
    access::Viewer,
    identity::Identity,
    kind::{Kind, environment::EnvironmentSpec, plane::DataPlaneSpec, project::ProjectSpec},
    name::Join,
    port::{Answer, Platform as PlatformPort, environments::Environments},
    problem::Problem,
    view::{EnvironmentNames, EnvironmentProject, EnvironmentView, HealthCount},
};
use serde::Deserialize;
use store::resources::Resource;

use super::{Map, add, look};
use crate::{Platform, Result, delete::found, planes::is_simulated};

/// So many names are examples enough.
const EXAMPLES: usize = 6;

#[async_trait]
impl Environments for Platform {
    async fn find(&self, viewer: &Viewer, name: &str) -> Answer<EnvironmentView> {
        let rows = PlatformPort::environments(self, viewer).await?;
        let own = Identity::in_organization(Kind::Environment, &viewer.organization, name);
        let resource = found(self, &own).await?;
        let row = rows.into_iter().find(|row| row.environment.name == name);
        let row = row.ok_or_else(|| Problem::not_found("Environment", name))?;
        let spec = EnvironmentSpec::deserialize(&resource.spec).unwrap_or_default();
        let names = names(self, viewer, name, &row.plane, &row.dns_prefix).await?;
        Ok(EnvironmentView {
            description: resource.description,
            simulated: plane(self, viewer, &row.plane)
                .await?
                .is_some_and(|spec| is_simulated(&spec.kubernetes_cluster)),
            keys: spec
                .gateway
                .and_then(|gateway| gateway.security?.remote_jwks)
                .map(|keys| keys.uri.0)
                .unwrap_or_default(),
            projects: projects(self, viewer, name).await?,
            names,
            row,
        })
    }

    async fn names(
        &self,
        viewer: &Viewer,
        name: &str,
        plane: &str,
        prefix: &str,
    ) -> Answer<EnvironmentNames> {
        Ok(names(self, viewer, name, plane, prefix).await?)
    }
}

async fn plane(platform: &Platform, viewer: &Viewer, name: &str) -> Result<Option<DataPlaneSpec>> {
    let own = Identity::in_organization(Kind::DataPlane, &viewer.organization, name);
    let found = platform.store().resource(&own).await?;
    Ok(found.and_then(|plane| DataPlaneSpec::deserialize(&plane.spec).ok()))
}

/// What runs in an environment, a project each.
async fn projects(
    platform: &Platform,
    viewer: &Viewer,
    environment: &str,
) -> Result<Vec<EnvironmentProject>> {
    let (org, store) = (viewer.organization.as_str(), platform.store());
    let namespaces = store.namespaces(org, environment).await?;
    let tallies = store.tallies_by_project(org).await?;
    let known = store.resources_of_kind(org, Kind::Project).await?;
    let mut rows: Vec<EnvironmentProject> = Vec::new();
    for project in &known {
        let name = &project.identity.name;
        let Some((_, namespace)) = namespaces.iter().find(|(project, _)| project == name) else {
            continue;
        };
        let mut counts = HealthCount {
            environment: environment.to_owned(),
            ..HealthCount::default()
        };
        let here = tallies
            .iter()
            .filter(|tally| tally.project == *name && tally.environment == environment);
        here.for_each(|tally| add(&mut counts, tally));
        rows.push(EnvironmentProject {
            name: name.clone(),
            display_name: project.display_name.clone(),
            namespace: namespace.clone(),
            counts,
        });
    }
    Ok(rows)
}

/// The projects whose pipeline leads through an environment.
fn passing<'a>(map: &Map, projects: &'a [Resource], environment: &str) -> Vec<&'a str> {
    let through = |project: &&Resource| {
        let spec = ProjectSpec::deserialize(&project.spec).ok();
        let pipeline = spec.and_then(|spec| map.pipelines.get(&spec.deployment_pipeline_ref.0));
        pipeline.is_some_and(|pipeline| {
            let environments = pipeline.environments();
            environments.iter().any(|name| name == environment)
        })
    };
    let own = projects.iter().filter(through);
    own.map(|project| project.identity.name.as_str()).collect()
}

async fn names(
    platform: &Platform,
    viewer: &Viewer,
    name: &str,
    plane_name: &str,
    prefix: &str,
) -> Result<EnvironmentNames> {
    look(viewer, Kind::Environment, "")?;
    let org = viewer.organization.as_str();
    if name.is_empty() {
        return Ok(EnvironmentNames {
            note: "Give it a name to see what comes of it".into(),
            ..EnvironmentNames::default()
        });
    }
    let map = Map::of(platform, org).await?;
    let all = platform
        .store()
        .resources_of_kind(org, Kind::Project)
        .await?;
    let mut projects = passing(&map, &all, name);
    projects.truncate(EXAMPLES);
    let examples = if projects.is_empty() {
        vec!["shop"]
    } else {
        projects
    };
    let join = platform.options().join;
    let namespaces = examples
        .iter()
        .map(|project| {
            let namespace = render::namespace(org, project, name, join);
            ((*project).to_owned(), namespace)
        })
        .collect();
    let prefix = if prefix.is_empty() { name } else { prefix };
    let plane_name = if plane_name.is_empty() {
        "default"
    } else {
        plane_name
    };
    let Some(plane) = plane(platform, viewer, plane_name).await? else {
        return Ok(EnvironmentNames {
            namespaces,
            note: format!("There is no DataPlane {plane_name} yet, which gives the hosts"),
            ..EnvironmentNames::default()
        });
    };
    let project = examples.first().copied().unwrap_or("shop");
    Ok(EnvironmentNames {
        namespaces,
        hosts: hosts(&plane, project, prefix, join),
        note: String::new(),
    })
}

fn hosts(plane: &DataPlaneSpec, project: &str, prefix: &str, join: Join) -> Vec<(String, String)> {
    let public = plane.gateway.public_virtual_host.as_str();
    let organization = plane.gateway.organization_virtual_host.as_str();
    let site = match join {
        Join::V03 => format!("web-{prefix}.{public}"),
        Join::Unambiguous => format!("web-{project}-{prefix}.{public}"),
    };
    let rows = [
        (public, "A web application called web", site),
        (
            public,
            "APIs for the internet",
            format!("{prefix}.{public}"),
        ),
        (
            organization,
            "APIs for the organization",
            format!("{prefix}.{organization}"),
        ),
    ];
    rows.into_iter()
        .filter(|(suffix, ..)| !suffix.is_empty())
        .map(|(_, what, host)| (what.to_owned(), host.to_lowercase()))
        .collect()
}
