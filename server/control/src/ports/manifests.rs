//! What is declared: planned, applied, listed, read, deleted.

use async_trait::async_trait;
use model::{
    access::Viewer,
    identity::Identity,
    kind::Kind,
    moment::Moment,
    port::{Answer, Manifests, Sending},
    view::*,
};
use serde_json::Value;
use store::{
    lists::{Cut, Line},
    resources::Resource,
};

use super::{cut, history, look, slices};
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

    async fn manifests(&self, viewer: &Viewer, slice: &Slice) -> Answer<Sliced> {
        Ok(slices::run(self, viewer, slice).await?)
    }

    async fn history(
        &self,
        viewer: &Viewer,
        identity: &Identity,
        before: i64,
        limit: i64,
    ) -> Answer<Vec<HistoryRow>> {
        Ok(history::of(self, viewer, identity, before, limit).await?)
    }

    async fn compare(
        &self,
        viewer: &Viewer,
        identity: &Identity,
        from: i64,
        to: i64,
    ) -> Answer<Comparison> {
        Ok(history::compare(self, viewer, identity, from, to).await?)
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
        after: &paging.after,
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

async fn find(platform: &Platform, viewer: &Viewer, identity: &Identity) -> Result<ResourceView> {
    look(viewer, identity.kind, &identity.project)?;
    let resource = found(platform, identity).await?;
    let status = slices::statuses(platform, std::slice::from_ref(&resource)).await?;
    let status = status.into_iter().next().flatten();
    let versions = if identity.kind.is_class() {
        platform.store().class_versions(&resource.id).await?
    } else {
        Vec::new()
    };
    let history = platform.store().history(identity, 0, 100).await?;
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
