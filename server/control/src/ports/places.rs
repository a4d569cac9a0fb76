//! Environments and planes.

use async_trait::async_trait;
use model::{
    access::Viewer,
    kind::{Kind, environment::EnvironmentSpec, plane::DataPlaneSpec},
    moment::Moment,
    port::{Answer, Platform as PlatformPort},
    view::{EnvironmentRow, HealthCount, PlaneRow},
};
use serde::Deserialize;

use super::{Map, add, look};
use crate::{Platform, Result, planes::is_simulated};

#[async_trait]
impl PlatformPort for Platform {
    async fn environments(&self, viewer: &Viewer) -> Answer<Vec<EnvironmentRow>> {
        Ok(environments(self, viewer).await?)
    }

    async fn planes(&self, viewer: &Viewer) -> Answer<Vec<PlaneRow>> {
        Ok(planes(self, viewer).await?)
    }
}

async fn environments(platform: &Platform, viewer: &Viewer) -> Result<Vec<EnvironmentRow>> {
    look(viewer, Kind::Environment, "")?;
    let org = viewer.organization.as_str();
    let map = Map::of(platform, org).await?;
    let tallies = platform.store().tallies_everywhere(org).await?;
    let declared = platform
        .store()
        .resources_of_kind(org, Kind::DataPlane)
        .await?;
    let states = platform.store().plane_states(org).await?;
    let rows = map.all().into_iter().map(|environment| {
        let spec = map
            .environments
            .get(&environment.name)
            .and_then(|e| EnvironmentSpec::deserialize(&e.spec).ok())
            .unwrap_or_default();
        let plane = spec.data_plane().to_owned();
        let state = states.iter().find(|state| state.name == plane);
        let plane_trouble = if !declared.iter().any(|d| d.identity.name == plane) {
            format!("there is no DataPlane {plane} yet")
        } else {
            state.map(|state| state.trouble.clone()).unwrap_or_default()
        };
        let mut counts = HealthCount {
            environment: environment.name.clone(),
            display_name: environment.display_name.clone(),
            ..HealthCount::default()
        };
        for tally in tallies
            .iter()
            .filter(|tally| tally.environment == environment.name)
        {
            add(&mut counts, tally);
        }
        let pipelines = map.pipelines.iter();
        let pipelines =
            pipelines.filter(|(_, spec)| spec.environments().contains(&environment.name));
        EnvironmentRow {
            dns_prefix: spec
                .gateway
                .and_then(|gateway| gateway.dns_prefix)
                .map_or_else(|| environment.name.clone(), |prefix| prefix.0),
            pipelines: pipelines.map(|(name, _)| name.clone()).collect(),
            environment,
            plane,
            plane_trouble,
            counts,
        }
    });
    Ok(rows.collect())
}

async fn planes(platform: &Platform, viewer: &Viewer) -> Result<Vec<PlaneRow>> {
    look(viewer, Kind::DataPlane, "")?;
    let org = viewer.organization.as_str();
    let map = Map::of(platform, org).await?;
    let states = platform.store().plane_states(org).await?;
    let mut rows = Vec::new();
    for declared in platform
        .store()
        .resources_of_kind(org, Kind::DataPlane)
        .await?
    {
        let name = declared.identity.name.clone();
        let Ok(spec) = DataPlaneSpec::deserialize(&declared.spec) else {
            continue;
        };
        let state = states.iter().find(|state| state.name == name);
        let environments = map.environments.values().filter(|environment| {
            EnvironmentSpec::deserialize(&environment.spec).is_ok_and(|e| e.data_plane() == name)
        });
        let credentials = spec.kubernetes_cluster.credentials.as_ref();
        rows.push(PlaneRow {
            display_name: declared.display_name,
            simulated: is_simulated(&spec.kubernetes_cluster),
            server: credentials
                .map(|c| c.api_server_url.0.clone())
                .unwrap_or_default(),
            version: state.map(|state| state.version.clone()).unwrap_or_default(),
            live: state.is_some_and(|state| state.live == 1),
            trouble: state.map(|state| state.trouble.clone()).unwrap_or_default(),
            since: Moment(state.map_or(declared.created_at, |state| state.since)),
            environments: environments.map(|e| e.identity.name.clone()).collect(),
            objects: platform.store().count_inventory(org, &name).await?,
            queued: platform.store().count_unconfirmed(org, &name).await?,
            public_host: spec.gateway.public_virtual_host.0,
            organization_host: spec.gateway.organization_virtual_host.0,
            name,
        });
    }
    Ok(rows)
}
