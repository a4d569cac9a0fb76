//! Home, the frame around pages, and what waits.

use async_trait::async_trait;
use model::{
    access::Viewer,
    identity::Identity,
    kind::{Kind, plane::DataPlaneSpec},
    moment::Moment,
    port::{Answer, Overview},
    view::{BlockedRow, FailingRow, FrameView, HomeView, Paging, ProjectRow, WaitingRow},
};
use serde::Deserialize;
use store::bindings::Binding;

use super::{deployment, find, look, projects, waiting};
use crate::{Platform, Result, planes::is_simulated};

#[async_trait]
impl Overview for Platform {
    async fn frame(&self, viewer: &Viewer) -> Answer<FrameView> {
        Ok(frame(self, viewer).await?)
    }

    async fn home(&self, viewer: &Viewer) -> Answer<HomeView> {
        Ok(home(self, viewer).await?)
    }

    async fn waiting(&self, viewer: &Viewer) -> Answer<Vec<WaitingRow>> {
        Ok(all_waiting(self, viewer, 1000).await?)
    }
}

async fn frame(platform: &Platform, viewer: &Viewer) -> Result<FrameView> {
    let org = viewer.organization.as_str();
    look(viewer, Kind::Organization, "")?;
    let declared = platform
        .store()
        .resources_of_kind(org, Kind::DataPlane)
        .await?;
    let states = platform.store().plane_states(org).await?;
    let live = |name: &str| {
        states
            .iter()
            .any(|state| state.name == name && state.live == 1)
    };
    let simulated = declared.iter().all(|plane| {
        DataPlaneSpec::deserialize(&plane.spec)
            .is_ok_and(|spec| is_simulated(&spec.kubernetes_cluster))
    });
    let answering = declared
        .iter()
        .filter(|plane| live(&plane.identity.name))
        .count();
    Ok(FrameView {
        organization: org.to_owned(),
        planes_live: i64::try_from(answering).unwrap_or(i64::MAX),
        planes: i64::try_from(declared.len()).unwrap_or(i64::MAX),
        waiting: platform.store().count_waiting(org).await?,
        simulated: simulated && !declared.is_empty(),
    })
}

async fn all_waiting(platform: &Platform, viewer: &Viewer, limit: i64) -> Result<Vec<WaitingRow>> {
    look(viewer, Kind::Component, "")?;
    let rows = platform
        .store()
        .waiting(&viewer.organization, limit)
        .await?;
    Ok(rows.into_iter().map(waiting).collect())
}

async fn home(platform: &Platform, viewer: &Viewer) -> Result<HomeView> {
    let org = viewer.organization.as_str();
    let paging = Paging {
        per_page: 12,
        ..Paging::default()
    };
    let store = platform.store();
    let failing = store.failing(org, 10).await?;
    let blocked = store.blocked(org, 10).await?;
    let kept = find::favourites(platform, viewer).await?;
    let all = projects::list(platform, viewer, &paging).await?;
    let shipped = platform.store().newest_deployments(org, 12).await?;
    Ok(HomeView {
        failing: failing
            .into_iter()
            .map(|row| FailingRow {
                project: row.project,
                component: row.component,
                environment: row.environment,
                sentence: row.sentence,
                since: Moment(row.since),
            })
            .collect(),
        waiting: all_waiting(platform, viewer, 10).await?,
        failing_total: store.count_failing(org).await?,
        waiting_total: store.count_waiting(org).await?,
        blocked: blocked.into_iter().map(blocked_row).collect(),
        projects: own_first(platform, viewer, &kept, all.items).await?,
        projects_total: all.total,
        favourites: kept,
        shipped: shipped.into_iter().map(deployment).collect(),
    })
}

fn blocked_row(row: Binding) -> BlockedRow {
    let why: Vec<String> = serde_json::from_str(&row.blocked).unwrap_or_default();
    BlockedRow {
        project: row.project,
        component: row.component,
        environment: row.environment,
        why: why.into_iter().next().unwrap_or_default(),
        since: Moment(row.since),
    }
}

/// The viewer's favourites before all other projects.
async fn own_first(
    platform: &Platform,
    viewer: &Viewer,
    kept: &[Identity],
    all: Vec<ProjectRow>,
) -> Result<Vec<ProjectRow>> {
    let kept = kept.iter().filter(|kept| kept.kind == Kind::Project);
    let kept: Vec<&str> = kept.map(|kept| kept.name.as_str()).collect();
    if kept.is_empty() {
        return Ok(all);
    }
    let org = viewer.organization.as_str();
    let lines = platform.store().projects_named(org, &kept).await?;
    let mut own = projects::described(platform, org, lines).await?;
    own.sort_by_key(|row| kept.iter().position(|kept| *kept == row.name));
    let others = all
        .into_iter()
        .filter(|row| !kept.contains(&row.name.as_str()));
    own.extend(others);
    own.truncate(12.max(kept.len()));
    Ok(own)
}
