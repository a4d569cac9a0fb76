//! Deployment pipelines, with how their projects run and who uses them.

use async_trait::async_trait;
use model::{
    access::Viewer,
    kind::{
        Kind, environment::EnvironmentSpec, pipeline::DeploymentPipelineSpec, project::ProjectSpec,
    },
    port::{Answer, pipelines::Pipelines},
    problem::Problem,
    view::{PipelineEdge, PipelineRow, PipelineStage},
};
use serde::Deserialize;
use store::{lists::Tally, resources::Resource};

use super::{Map, counts, look};
use crate::{Platform, Result};

#[async_trait]
impl Pipelines for Platform {
    async fn list(&self, viewer: &Viewer) -> Answer<Vec<PipelineRow>> {
        Ok(list(self, viewer).await?)
    }

    async fn find(&self, viewer: &Viewer, name: &str) -> Answer<PipelineRow> {
        let all = list(self, viewer).await?;
        let known: Vec<String> = all.iter().map(|row| row.name.clone()).collect();
        let found = all.into_iter().find(|row| row.name == name);
        found.ok_or_else(|| missing(name, &known))
    }
}

fn missing(name: &str, known: &[String]) -> Problem {
    match Problem::not_found("DeploymentPipeline", name) {
        Problem::NotFound { what, name, .. } => Problem::NotFound {
            what,
            name,
            near: known.iter().take(5).cloned().collect(),
        },
        other => other,
    }
}

async fn list(platform: &Platform, viewer: &Viewer) -> Result<Vec<PipelineRow>> {
    look(viewer, Kind::DeploymentPipeline, "")?;
    let (org, store) = (viewer.organization.as_str(), platform.store());
    let map = Map::of(platform, org).await?;
    let projects = store.resources_of_kind(org, Kind::Project).await?;
    let tallies = store.tallies_by_project(org).await?;
    let declared = store
        .resources_of_kind(org, Kind::DeploymentPipeline)
        .await?;
    Ok(declared
        .iter()
        .map(|pipeline| row(pipeline, &map, &projects, &tallies))
        .collect())
}

fn row(pipeline: &Resource, map: &Map, projects: &[Resource], tallies: &[Tally]) -> PipelineRow {
    let name = &pipeline.identity.name;
    let spec = DeploymentPipelineSpec::deserialize(&pipeline.spec).unwrap_or_default();
    let users: Vec<&Resource> = projects
        .iter()
        .filter(|project| {
            ProjectSpec::deserialize(&project.spec)
                .is_ok_and(|spec| spec.deployment_pipeline_ref.as_str() == name)
        })
        .collect();
    let own = tallies.iter().filter(|tally| {
        users
            .iter()
            .any(|project| project.identity.name == tally.project)
    });
    let environments = map.of_pipeline(name);
    let counts = counts(&environments, own);
    let stages = environments.into_iter().zip(counts);
    let stages = stages.map(|(environment, counts)| {
        let found = map.environments.get(&environment.name);
        let plane = found
            .and_then(|found| EnvironmentSpec::deserialize(&found.spec).ok())
            .map(|spec| spec.data_plane().to_owned());
        PipelineStage {
            known: found.is_some(),
            plane: plane.unwrap_or_default(),
            environment,
            counts,
        }
    });
    let edges = spec.promotion_paths.iter().flat_map(|path| {
        let targets = path.target_environment_refs.iter();
        targets.map(|target| PipelineEdge {
            from: path.source_environment_ref.0.clone(),
            to: target.name.0.clone(),
            approval: target.requires_approval || target.is_manual_approval_required,
        })
    });
    PipelineRow {
        name: name.clone(),
        display_name: pipeline.display_name.clone(),
        description: pipeline.description.clone(),
        stages: stages.collect(),
        edges: edges.collect(),
        projects: users
            .iter()
            .map(|project| (project.identity.name.clone(), project.display_name.clone()))
            .collect(),
    }
}
