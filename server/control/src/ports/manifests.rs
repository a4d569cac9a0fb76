//! What is declared: planned, applied, listed, read, deleted.

use async_trait::async_trait;
use model::{
    access::Viewer,
    health::Health,
    identity::Identity,
    kind::Kind,
    moment::Moment,
    port::{Answer, Manifests, Sending},
    view::*,
};
use serde_json::{Value, json};
use store::{
    artifacts::Of,
    bindings::Binding,
    lists::{Cut, Line},
    resources::Resource,
};

use super::{cut, history, look};
use crate::{
    Platform, Result,
    apply::{self, Mode},
    delete::{self, found, users},
    preview, sealed,
};

#[async_trait]
impl Manifests for Platform {
    async fn plan(&self, viewer: &Viewer, sending: &Sending) -> Answer<PlanView> {
        Ok(apply::run(self, viewer, sending, Mode::Plan).await?)
    }

    async fn apply(&self, viewer: &Viewer, sending: &Sending) -> Answer<PlanView> {
        Ok(apply::run(self, viewer, sending, Mode::Apply).await?)
    }

    async fn preview(&self, viewer: &Viewer, sending: &Sending) -> Answer<PreviewView> {
        Ok(preview::run(self, viewer, sending).await?)
    }

    async fn kinds(&self, viewer: &Viewer) -> Answer<Vec<KindCount>> {
        Ok(kinds(self, viewer).await?)
    }

    async fn list(
        &self,
        viewer: &Viewer,
        kind: Kind,
        project: &str,
        paging: &Paging,
    ) -> Answer<Page<ResourceRow>> {
        Ok(list(self, viewer, kind, project, paging).await?)
    }

    async fn manifests(
        &self,
        viewer: &Viewer,
        kind: Kind,
        project: &str,
        name: &str,
    ) -> Answer<Vec<Value>> {
        Ok(manifests(self, viewer, kind, project, name).await?)
    }

    async fn find(&self, viewer: &Viewer, identity: &Identity) -> Answer<ResourceView> {
        Ok(find(self, viewer, identity).await?)
    }

    async fn delete_preview(&self, viewer: &Viewer, identity: &Identity) -> Answer<DeleteView> {
        Ok(delete::preview(self, viewer, identity).await?)
    }

    async fn delete(&self, viewer: &Viewer, identity: &Identity) -> Answer<DeleteView> {
        Ok(delete::run(self, viewer, identity).await?)
    }
}

/// A resource as a manifest, secrets masked.
pub(super) fn manifest(resource: &Resource, status: Option<&Value>) -> Value {
    model::yaml::manifest_value(
        &resource.identity,
        &resource.labels,
        &resource.annotations,
        &sealed::masked(&resource.spec),
        status,
    )
}

/// The same with what the store knows of it: the version that a later write is held against.
pub(crate) fn stored(resource: &Resource, status: Option<&Value>) -> Value {
    let mut manifest = manifest(resource, status);
    let metadata = &mut manifest["metadata"];
    metadata["uid"] = resource.id.clone().into();
    metadata["generation"] = resource.generation.into();
    // Text, as Kubernetes has it: clients hand it back and make nothing of it.
    metadata["resourceVersion"] = resource.version.to_string().into();
    manifest
}

/// A resource as a manifest's text.
pub(super) fn yaml(resource: &Resource, status: Option<&Value>) -> String {
    model::yaml::write(&manifest(resource, status))
}

async fn kinds(platform: &Platform, viewer: &Viewer) -> Result<Vec<KindCount>> {
    look(viewer, Kind::Organization, "")?;
    let counts = platform.store().kind_counts(&viewer.organization).await?;
    let count = |kind: &Kind| {
        counts
            .iter()
            .find(|(name, _)| name == kind.as_str())
            .map_or(0, |(_, count)| *count)
    };
    Ok(Kind::ALL
        .iter()
        .map(|kind| KindCount {
            kind: *kind,
            count: count(kind),
        })
        .collect())
}

fn row(organization: &str, kind: Kind, line: Line) -> ResourceRow {
    ResourceRow {
        identity: Identity::in_component(
            kind,
            organization,
            &line.project,
            &line.component,
            &line.name,
        ),
        display_name: line.display_name,
        generation: line.generation,
        updated: Moment(line.updated_at),
        by: line.updated_by,
    }
}

async fn list(
    platform: &Platform,
    viewer: &Viewer,
    kind: Kind,
    project: &str,
    paging: &Paging,
) -> Result<Page<ResourceRow>> {
    look(viewer, kind, project)?;
    let org = viewer.organization.as_str();
    let (limit, offset) = cut(paging);
    let lines = Cut {
        search: &paging.search,
        health: "",
        limit,
        offset,
    };
    let (rows, total) = platform
        .store()
        .list(org, kind.as_str(), project, lines)
        .await?;
    Ok(Page {
        items: rows.into_iter().map(|line| row(org, kind, line)).collect(),
        total,
        page: paging.page.max(1),
        per_page: limit,
    })
}

/// Manifests with status: of one name, or the first 200.
async fn manifests(
    platform: &Platform,
    viewer: &Viewer,
    kind: Kind,
    project: &str,
    name: &str,
) -> Result<Vec<Value>> {
    look(viewer, kind, project)?;
    let org = viewer.organization.as_str();
    let search = if name.is_empty() { "" } else { name };
    let lines = Cut {
        search,
        health: "",
        limit: 200,
        offset: 0,
    };
    let (rows, _) = platform
        .store()
        .list(org, kind.as_str(), project, lines)
        .await?;
    let mut manifests = Vec::new();
    for line in rows
        .into_iter()
        .filter(|line| name.is_empty() || line.name == name)
    {
        let Some(resource) = platform.store().resource_by_id(&line.id).await? else {
            continue;
        };
        let status = status(platform, &resource).await?;
        manifests.push(stored(&resource, status.as_ref()));
    }
    if manifests.is_empty() && !name.is_empty() {
        let identity = Identity::in_project(kind, org, project, name);
        return Err(delete::missing(platform, &identity).await?.into());
    }
    Ok(manifests)
}

/// What became of a resource, as its manifest's status.
async fn status(platform: &Platform, resource: &Resource) -> Result<Option<Value>> {
    let who = &resource.identity;
    if who.kind == Kind::Component {
        let of = Of {
            organization: &who.organization,
            project: &who.project,
            component: &who.name,
        };
        let bindings = platform.store().bindings_of_component(of).await?;
        let waiting = platform
            .store()
            .waiting_of_component(&who.organization, &who.project, &who.name)
            .await?;
        let waiting: Vec<String> = waiting.into_iter().map(|row| row.for_what).collect();
        let environments: Vec<Value> = bindings.iter().map(binding_status).collect();
        return Ok(Some(json!({
            "observedGeneration": resource.generation,
            "environments": environments,
            "waitingFor": waiting,
        })));
    }
    if who.kind.is_binding() {
        let binding = platform.store().binding(&resource.id).await?;
        return Ok(binding.as_ref().map(binding_status));
    }
    Ok(None)
}

fn binding_status(binding: &Binding) -> Value {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    json!({
        "name": binding.environment,
        "plane": binding.plane,
        "namespace": binding.namespace,
        "state": binding.state,
        "artifact": binding.artifact,
        "version": binding.label,
        "release": binding.release,
        "health": Health::parse(&binding.health).as_str(),
        "message": binding.sentence,
        "replicas": {"ready": binding.ready, "wanted": binding.wanted},
        "endpoints": parsed(&binding.endpoints),
        "blocked": parsed(&binding.blocked),
    })
}

async fn find(platform: &Platform, viewer: &Viewer, identity: &Identity) -> Result<ResourceView> {
    look(viewer, identity.kind, &identity.project)?;
    let resource = found(platform, identity).await?;
    let status = status(platform, &resource).await?;
    let versions = if identity.kind.is_class() {
        platform.store().class_versions(&resource.id).await?
    } else {
        Vec::new()
    };
    let history = platform.store().history(identity).await?;
    Ok(ResourceView {
        version: resource.version,
        yaml: yaml(&resource, status.as_ref()),
        manifest: manifest(&resource, None),
        note: identity.kind.note().map(str::to_owned),
        history: history.into_iter().map(history::row).collect(),
        used_by: users(platform, identity).await?,
        versions: versions
            .iter()
            .map(|v| (v.version, Moment(v.created_at)))
            .collect(),
        row: ResourceRow {
            identity: resource.identity,
            display_name: resource.display_name,
            generation: resource.generation,
            updated: Moment(resource.updated_at),
            by: resource.updated_by,
        },
    })
}
