//! Planes: what runs on them, and tests of them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use model::{
    access::Viewer,
    health::Health,
    identity::Identity,
    kind::{
        Kind,
        plane::{BuildPlaneSpec, DataPlaneSpec, KubernetesCluster},
    },
    port::{Answer, Manifests, Platform as Places, planes::Planes},
    view::*,
};
use serde::Deserialize;
use serde_json::Value;

use super::{Map, look};
use crate::{Platform, Result, plane_test, planes::is_simulated};

#[async_trait]
impl Planes for Platform {
    async fn build_planes(&self, viewer: &Viewer) -> Answer<Vec<BuildPlaneRow>> {
        Ok(build_planes(self, viewer).await?)
    }

    async fn find(&self, viewer: &Viewer, kind: Kind, name: &str) -> Answer<PlaneView> {
        Ok(find(self, viewer, kind, name).await?)
    }

    async fn test(&self, viewer: &Viewer, kind: Kind, name: &str) -> Answer<PlaneTest> {
        Ok(plane_test::run(self, viewer, &identity(viewer, kind, name)).await?)
    }

    async fn tests(&self, viewer: &Viewer, kind: Kind, name: &str) -> Answer<Vec<PlaneTest>> {
        look(viewer, kind, "").map_err(model::problem::Problem::from)?;
        Ok(plane_test::kept(self, &identity(viewer, kind, name)).await?)
    }

    async fn newest_tests(&self, viewer: &Viewer, kind: Kind) -> Answer<Vec<(String, PlaneTest)>> {
        Ok(newest_tests(self, viewer, kind).await?)
    }

    async fn try_out(&self, viewer: &Viewer, manifest: &Value) -> Answer<PlaneTest> {
        Ok(plane_test::try_out(self, viewer, manifest).await?)
    }
}

fn identity(viewer: &Viewer, kind: Kind, name: &str) -> Identity {
    Identity::in_organization(kind, &viewer.organization, name)
}

async fn newest_tests(
    platform: &Platform,
    viewer: &Viewer,
    kind: Kind,
) -> Result<Vec<(String, PlaneTest)>> {
    look(viewer, kind, "")?;
    let rows = platform
        .store()
        .newest_plane_tests(&viewer.organization, kind)
        .await?;
    let read =
        |row: &store::plane_tests::PlaneTestRow| Ok((row.name.clone(), plane_test::read(row)?));
    rows.iter().map(read).collect()
}

/// How a cluster is reached, in words without secrets.
fn access(cluster: &KubernetesCluster) -> String {
    match (&cluster.kubeconfig, &cluster.credentials) {
        (Some(_), _) => match &cluster.context {
            Some(context) => format!("a kubeconfig, context {context}"),
            None => "a kubeconfig, its current context".into(),
        },
        (None, Some(credentials)) => {
            format!("a client certificate, at {}", credentials.api_server_url)
        }
        (None, None) => "inside Troupe".into(),
    }
}

async fn build_planes(platform: &Platform, viewer: &Viewer) -> Result<Vec<BuildPlaneRow>> {
    look(viewer, Kind::BuildPlane, "")?;
    let found = platform
        .store()
        .resources_of_kind(&viewer.organization, Kind::BuildPlane)
        .await?;
    let rows = found.into_iter().filter_map(|resource| {
        let spec = BuildPlaneSpec::deserialize(&resource.spec).ok()?;
        Some(BuildPlaneRow {
            name: resource.identity.name,
            display_name: resource.display_name,
            simulated: is_simulated(&spec.kubernetes_cluster),
            access: access(&spec.kubernetes_cluster),
        })
    });
    Ok(rows.collect())
}

async fn find(platform: &Platform, viewer: &Viewer, kind: Kind, name: &str) -> Result<PlaneView> {
    let who = identity(viewer, kind, name);
    let resource = Manifests::find(platform, viewer, &who).await?;
    let spec = resource.manifest.get("spec").cloned().unwrap_or_default();
    let cluster = if kind == Kind::BuildPlane {
        BuildPlaneSpec::deserialize(&spec).map(|spec| spec.kubernetes_cluster)
    } else {
        DataPlaneSpec::deserialize(&spec).map(|spec| spec.kubernetes_cluster)
    };
    let cluster = cluster.map_err(|error| crate::Error::Corrupt {
        what: who.to_string(),
        reason: error.to_string(),
    })?;
    let (row, environments) = if kind == Kind::DataPlane {
        let rows = Places::planes(platform, viewer).await?;
        let row = rows.into_iter().find(|row| row.name == name);
        let there = environments(platform, viewer, name, row.as_ref()).await?;
        (row, there)
    } else {
        (None, Vec::new())
    };
    Ok(PlaneView {
        simulated: is_simulated(&cluster),
        access: access(&cluster),
        test: plane_test::kept(platform, &who).await?.into_iter().next(),
        resource,
        row,
        environments,
    })
}

/// So many components of each environment are named on a plane's page.
const OF_EACH: i64 = 50;

/// What is in a plane's environments; also in those that were on it and no longer are.
async fn environments(
    platform: &Platform,
    viewer: &Viewer,
    name: &str,
    row: Option<&PlaneRow>,
) -> Result<Vec<PlaneEnvironment>> {
    let map = Map::of(platform, &viewer.organization).await?;
    let declared: &[String] = row.map_or(&[], |row| &row.environments);
    let mut components: BTreeMap<String, Vec<PlaneComponent>> = BTreeMap::new();
    let mut totals: BTreeMap<String, i64> = BTreeMap::new();
    for line in platform
        .store()
        .lines_on_plane(&viewer.organization, name, OF_EACH)
        .await?
    {
        totals.insert(line.environment.clone(), line.total);
        components
            .entry(line.environment)
            .or_default()
            .push(PlaneComponent {
                project: line.project,
                component: line.component,
                health: Health::parse(&line.health),
                objects: line.objects,
            });
    }
    let mut names = map.all();
    let others: Vec<String> = components
        .keys()
        .chain(declared)
        .filter(|name| !names.iter().any(|known| known.name == **name))
        .cloned()
        .collect();
    names.extend(others.iter().map(|name| map.name(name)));
    let there = names.into_iter().filter_map(|environment| {
        let declared = declared.contains(&environment.name);
        let components = components.remove(&environment.name).unwrap_or_default();
        let total = totals.get(&environment.name).copied().unwrap_or(0);
        (declared || !components.is_empty()).then_some(PlaneEnvironment {
            environment,
            declared,
            components,
            total,
        })
    });
    Ok(there.collect())
}
