//! Components: what is declared, what runs of them, and how it got there.

use std::collections::BTreeMap;

use async_trait::async_trait;
use model::{
    access::Viewer,
    health::Health,
    identity::Identity,
    kind::{
        Kind, Scope,
        component::{ComponentSpec, ComponentType},
        plane::DataPlaneSpec,
        project::ProjectSpec,
        value::Exposure,
        workload::WorkloadTemplate,
    },
    moment::Moment,
    port::{Answer, Components, Lines, LogQuestion},
    problem::Problem,
    view::*,
};
use render::{ArtifactContent, EndpointAddress};
use serde::Deserialize;
use serde_json::Value;
use store::{
    artifacts::{Artifact, Of},
    bindings::Binding,
    releases::{Release, ReleaseLine},
    resources::Resource,
};

use super::{Map, cut, deployment, history, live, look, manifests, projects::state, waiting};
use crate::{Error, Platform, Result, delete::found, planes::is_simulated, world};

#[async_trait]
impl Components for Platform {
    async fn find(&self, viewer: &Viewer, project: &str, name: &str) -> Answer<ComponentView> {
        Ok(find(self, viewer, project, name).await?)
    }

    async fn artifacts(
        &self,
        viewer: &Viewer,
        project: &str,
        name: &str,
        paging: &Paging,
    ) -> Answer<Page<ArtifactRow>> {
        Ok(artifacts(self, viewer, project, name, paging).await?)
    }

    async fn releases(
        &self,
        viewer: &Viewer,
        project: &str,
        name: &str,
        environment: &str,
        paging: &Paging,
    ) -> Answer<Page<ReleaseRow>> {
        Ok(releases(self, viewer, project, name, environment, paging).await?)
    }

    async fn release(
        &self,
        viewer: &Viewer,
        project: &str,
        name: &str,
        environment: &str,
        number: i64,
    ) -> Answer<ReleaseView> {
        Ok(release(self, viewer, project, name, environment, number).await?)
    }

    async fn runtime(
        &self,
        viewer: &Viewer,
        project: &str,
        name: &str,
        environment: &str,
    ) -> Answer<RuntimeView> {
        Ok(live::runtime(self, viewer, project, name, environment).await?)
    }

    async fn events(
        &self,
        viewer: &Viewer,
        project: &str,
        name: &str,
        environment: &str,
    ) -> Answer<Vec<EventRow>> {
        Ok(live::events(self, viewer, project, name, environment).await?)
    }

    async fn log(&self, viewer: &Viewer, question: &LogQuestion) -> Answer<LogView> {
        Ok(live::log(self, viewer, question).await?)
    }

    async fn follow(&self, viewer: &Viewer, question: &LogQuestion) -> Answer<Lines> {
        Ok(live::follow(self, viewer, question).await?)
    }

    async fn definition(
        &self,
        viewer: &Viewer,
        project: &str,
        name: &str,
    ) -> Answer<Vec<(Identity, String)>> {
        Ok(definition(self, viewer, project, name).await?)
    }

    async fn history(&self, viewer: &Viewer, project: &str, name: &str) -> Answer<Vec<HistoryRow>> {
        Ok(changes(self, viewer, project, name).await?)
    }
}

/// The component itself, once the viewer may see it.
async fn component(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    name: &str,
) -> Result<Resource> {
    look(viewer, Kind::Component, project)?;
    let identity = Identity::in_project(Kind::Component, &viewer.organization, project, name);
    found(platform, &identity).await
}

async fn find(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    name: &str,
) -> Result<ComponentView> {
    let store = platform.store();
    let resource = component(platform, viewer, project, name).await?;
    let org = viewer.organization.as_str();
    let of = Of {
        organization: org,
        project,
        component: name,
    };
    let spec = ComponentSpec::deserialize(&resource.spec).map_err(|error| Error::Corrupt {
        what: resource.identity.to_string(),
        reason: error.to_string(),
    })?;
    let artifacts = store.artifacts(of, 10, 0).await?;
    let contents = contents(&artifacts)?;
    let bindings = store.bindings_of_component(of).await?;
    let newest = artifacts.first().map_or(0, |artifact| artifact.number);
    let home = store
        .resource(&Identity::in_organization(Kind::Project, org, project))
        .await?;
    let simulated = simulated_planes(platform, org).await?;
    let deployments = store.deployments_of_component(of, 12).await?;
    Ok(ComponentView {
        environments: cards(platform, org, home.as_ref(), &bindings, newest, &simulated).await?,
        project: project.to_owned(),
        project_display_name: home.map_or_else(|| project.to_owned(), |home| home.display_name),
        name: name.to_owned(),
        display_name: resource.display_name,
        description: resource.description,
        component_type: spec.component_type,
        class: contents
            .first()
            .map(|content| (content.class.name.clone(), content.class.version)),
        deployments: deployments.into_iter().map(deployment).collect(),
        artifacts: artifact_rows(&artifacts, &contents, &bindings),
        endpoints: bindings.iter().flat_map(endpoints).collect(),
        connections: contents
            .first()
            .map(|content| connections(project, &content.workload))
            .unwrap_or_default(),
        waiting: store
            .waiting_of_component(org, project, name)
            .await?
            .into_iter()
            .map(waiting)
            .collect(),
        note: note(spec.component_type),
        deleting: resource.deleted_at.is_some(),
    })
}

/// What people must know of a type that isn't brought onto planes yet.
fn note(component_type: ComponentType) -> Option<String> {
    match component_type {
        ComponentType::Service | ComponentType::WebApplication | ComponentType::ScheduledTask => {
            None
        }
        ComponentType::API | ComponentType::APIProxy => Kind::API.note().map(str::to_owned),
        other => Some(format!(
            "{} is a word that v0.3 knows and never acted upon. It is kept and shown",
            other.label()
        )),
    }
}

pub(super) fn contents(artifacts: &[Artifact]) -> Result<Vec<ArtifactContent>> {
    artifacts
        .iter()
        .map(|artifact| world::content(&artifact.content))
        .collect()
}

pub(super) fn artifact_rows(
    artifacts: &[Artifact],
    contents: &[ArtifactContent],
    bindings: &[Binding],
) -> Vec<ArtifactRow> {
    let rows = artifacts
        .iter()
        .zip(contents)
        .map(|(artifact, content)| ArtifactRow {
            number: artifact.number,
            hash: artifact.hash.clone(),
            version: artifact.label.clone(),
            images: content.images(),
            class: (content.class.name.clone(), content.class.version),
            created: Moment(artifact.created_at),
            by: artifact.created_by.clone(),
            environments: bindings
                .iter()
                .filter(|binding| binding.artifact == Some(artifact.number))
                .map(|binding| binding.environment.clone())
                .collect(),
        });
    rows.collect()
}

async fn simulated_planes(platform: &Platform, org: &str) -> Result<BTreeMap<String, bool>> {
    let planes = platform
        .store()
        .resources_of_kind(org, Kind::DataPlane)
        .await?;
    let rows = planes.into_iter().map(|plane| {
        let simulated = DataPlaneSpec::deserialize(&plane.spec)
            .is_ok_and(|spec| is_simulated(&spec.kubernetes_cluster));
        (plane.identity.name, simulated)
    });
    Ok(rows.collect())
}

/// A card for each environment of the pipeline, and for any other that something runs in.
async fn cards(
    platform: &Platform,
    org: &str,
    project: Option<&Resource>,
    bindings: &[Binding],
    newest: i64,
    simulated: &BTreeMap<String, bool>,
) -> Result<Vec<EnvironmentCard>> {
    let map = Map::of(platform, org).await?;
    let pipeline = project
        .and_then(|project| ProjectSpec::deserialize(&project.spec).ok())
        .map(|spec| spec.deployment_pipeline_ref.0)
        .unwrap_or_default();
    let mut environments = map.of_pipeline(&pipeline);
    for binding in bindings {
        if !environments
            .iter()
            .any(|known| known.name == binding.environment)
        {
            environments.push(map.name(&binding.environment));
        }
    }
    let cards = environments.into_iter().map(|environment| {
        let binding = bindings
            .iter()
            .find(|binding| binding.environment == environment.name);
        match binding {
            None => EnvironmentCard {
                environment,
                ..EnvironmentCard::default()
            },
            Some(binding) => card(environment, binding, newest, simulated),
        }
    });
    Ok(cards.collect())
}

fn list<T: serde::de::DeserializeOwned>(text: &str) -> Vec<T> {
    serde_json::from_str(text).unwrap_or_default()
}

fn card(
    environment: EnvironmentName,
    binding: &Binding,
    newest: i64,
    simulated: &BTreeMap<String, bool>,
) -> EnvironmentCard {
    let addresses: Vec<EndpointAddress> = list(&binding.endpoints);
    EnvironmentCard {
        environment,
        plane: binding.plane.clone(),
        simulated: simulated.get(&binding.plane).copied().unwrap_or(false),
        artifact: binding.artifact,
        version: binding.label.clone(),
        release: binding.release,
        health: Health::parse(&binding.health),
        sentence: binding.sentence.clone(),
        since: Moment(binding.since),
        ready: binding.ready,
        wanted: binding.wanted,
        addresses: addresses
            .into_iter()
            .filter(|address| address.exposure > Exposure::Project)
            .map(|address| address.uri)
            .collect(),
        state: state(&binding.state),
        behind: binding
            .artifact
            .map_or(0, |artifact| (newest - artifact).max(0)),
        last_lines: list(&binding.last_lines),
        blocked: list(&binding.blocked),
    }
}

fn endpoints(binding: &Binding) -> Vec<EndpointRow> {
    let addresses: Vec<EndpointAddress> = list(&binding.endpoints);
    let rows = addresses.into_iter().map(|address| EndpointRow {
        environment: binding.environment.clone(),
        name: address.name,
        endpoint_type: address.endpoint_type.as_str().to_owned(),
        exposure: address.exposure,
        uri: address.uri,
    });
    rows.collect()
}

fn connections(project: &str, workload: &WorkloadTemplate) -> Vec<ConnectionRow> {
    let rows = workload.connections.iter().map(|(name, connection)| {
        let param = |key: &str| connection.params.get(key).cloned().unwrap_or_default();
        let target = param("projectName");
        ConnectionRow {
            name: name.0.clone(),
            project: if target.is_empty() {
                project.to_owned()
            } else {
                target
            },
            component: param("componentName"),
            endpoint: param("endpoint"),
            inject: connection
                .inject
                .env
                .iter()
                .map(|var| (var.name.0.clone(), var.value.clone()))
                .collect(),
        }
    });
    rows.collect()
}

async fn artifacts(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    name: &str,
    paging: &Paging,
) -> Result<Page<ArtifactRow>> {
    component(platform, viewer, project, name).await?;
    let of = Of {
        organization: &viewer.organization,
        project,
        component: name,
    };
    let (limit, offset) = cut(paging);
    let artifacts = platform.store().artifacts(of, limit, offset).await?;
    let bindings = platform.store().bindings_of_component(of).await?;
    Ok(Page {
        items: artifact_rows(&artifacts, &contents(&artifacts)?, &bindings),
        total: platform.store().count_artifacts(of).await?,
        page: paging.page.max(1),
        per_page: limit,
    })
}

fn release_row(line: ReleaseLine) -> ReleaseRow {
    ReleaseRow {
        environment: line.environment,
        number: line.number,
        hash: line.hash,
        artifact: line.artifact,
        version: line.label,
        objects: line.object_count,
        created: Moment(line.created_at),
        current: line.current == 1,
    }
}

async fn releases(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    name: &str,
    environment: &str,
    paging: &Paging,
) -> Result<Page<ReleaseRow>> {
    component(platform, viewer, project, name).await?;
    let of = Of {
        organization: &viewer.organization,
        project,
        component: name,
    };
    let (limit, offset) = cut(paging);
    let lines = platform
        .store()
        .release_lines(of, environment, limit, offset)
        .await?;
    Ok(Page {
        items: lines.into_iter().map(release_row).collect(),
        total: platform.store().count_releases(of, environment).await?,
        page: paging.page.max(1),
        per_page: limit,
    })
}

/// The objects of a release.
pub(crate) fn objects(release: &Release) -> Result<Vec<Value>> {
    serde_json::from_str(&release.objects).map_err(|error| Error::Corrupt {
        what: "a release".into(),
        reason: error.to_string(),
    })
}

async fn release(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    name: &str,
    environment: &str,
    number: i64,
) -> Result<ReleaseView> {
    component(platform, viewer, project, name).await?;
    let store = platform.store();
    let of = Of {
        organization: &viewer.organization,
        project,
        component: name,
    };
    let bindings = store.bindings_of_component(of).await?;
    let binding = bindings
        .into_iter()
        .find(|binding| binding.environment == environment)
        .ok_or_else(|| Problem::not_found("release in the environment", environment))?;
    let release = store
        .release(&binding.id, number)
        .await?
        .ok_or_else(|| Problem::not_found("release", &number.to_string()))?;
    let before = store.release(&binding.id, number - 1).await?;
    let now = objects(&release)?;
    let old = before
        .as_ref()
        .map(objects)
        .transpose()?
        .unwrap_or_default();
    let diff = if before.is_some() {
        diff_rows(&old, &now)
    } else {
        Vec::new()
    };
    let deployments = store.deployments_of_release(&binding.id, number).await?;
    Ok(ReleaseView {
        project: project.to_owned(),
        component: name.to_owned(),
        previous: before.map(|before| before.number),
        namespace: release.namespace.clone(),
        plane: release.plane.clone(),
        objects: now.iter().map(object_yaml).collect(),
        diff,
        deployments: deployments.into_iter().map(deployment).collect(),
        release: ReleaseRow {
            environment: release.environment,
            number: release.number,
            hash: release.hash,
            artifact: release.artifact,
            version: release.label,
            objects: release.object_count,
            created: Moment(release.created_at),
            current: binding.release == Some(number),
        },
    })
}

/// What differs between two sets of objects.
pub(crate) fn diff_rows(before: &[Value], after: &[Value]) -> Vec<ObjectDiff> {
    let rows = render::diff::objects(before, after).into_iter();
    rows.map(|diff| ObjectDiff {
        kind: diff.kind,
        name: diff.name,
        change: diff.change,
        before: diff.before,
        after: diff.after,
    })
    .collect()
}

/// An object as people read it.
pub(crate) fn object_yaml(object: &Value) -> ObjectYaml {
    let text = |pointer: &str| {
        object
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    ObjectYaml {
        kind: text("/kind"),
        name: text("/metadata/name"),
        yaml: model::yaml::write(&render::diff::shown(object)),
    }
}

async fn definition(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    name: &str,
) -> Result<Vec<(Identity, String)>> {
    component(platform, viewer, project, name).await?;
    let org = &viewer.organization;
    let mut own = platform
        .store()
        .resources_of_component(org, project, name)
        .await?;
    own.sort_by_key(|resource| (resource.identity.kind.order(), resource.identity.clone()));
    Ok(own
        .iter()
        .map(|r| (r.identity.clone(), manifests::yaml(r, None)))
        .collect())
}

async fn changes(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    name: &str,
) -> Result<Vec<HistoryRow>> {
    look(viewer, Kind::Component, project)?;
    let entries = platform
        .store()
        .history_of_component(&viewer.organization, project, name)
        .await?;
    if entries.is_empty() {
        component(platform, viewer, project, name).await?;
    }
    let shown = entries
        .into_iter()
        .filter(|entry| entry.identity.kind.scope() != Scope::Root);
    Ok(shown.map(history::row).collect())
}
