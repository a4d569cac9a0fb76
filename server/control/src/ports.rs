//! Answers what pages, the API and the command line ask.

mod cells;
mod classes;
mod components;
mod configuration;
mod delivery;
mod drafting;
mod environments;
mod find;
mod history;
mod live;
mod manifests;
mod overview;
mod pipelines;
mod places;
mod planes;
mod projects;
mod slices;

pub(crate) use components::{diff_rows, object_yaml, objects};
pub(crate) use manifests::stored;

use std::collections::BTreeMap;

use model::{
    access::{Grant, Thing, Verb, Viewer, may},
    health::Health,
    kind::{Kind, environment::EnvironmentSpec, pipeline::DeploymentPipelineSpec},
    moment::Moment,
    view::{DeploymentRow, DeploymentStatus, EnvironmentName, HealthCount, Paging, WaitingRow},
};
use serde::Deserialize;
use store::{deployments::Deployment, lists::Tally, resources::Resource, waiting::Waiting};

use crate::{Platform, Result};

/// Whether the viewer may look at a kind.
fn look(viewer: &Viewer, kind: Kind, project: &str) -> Result<Grant> {
    Ok(may(
        viewer,
        Verb::View,
        &Thing::in_project(kind, &viewer.organization, project),
    )?)
}

/// How many rows and after how many, within bounds.
fn cut(paging: &Paging) -> (i64, i64) {
    let per_page = paging.per_page.clamp(1, 200);
    (per_page, (paging.page.clamp(1, 1_000_000) - 1) * per_page)
}

/// An organization's environments and pipelines: small, and needed for the order of everything.
struct Map {
    environments: BTreeMap<String, Resource>,
    pipelines: BTreeMap<String, DeploymentPipelineSpec>,
}

impl Map {
    async fn of(platform: &Platform, organization: &str) -> Result<Map> {
        let store = platform.store();
        let environments = store
            .resources_of_kind(organization, Kind::Environment)
            .await?;
        let pipelines = store
            .resources_of_kind(organization, Kind::DeploymentPipeline)
            .await?;
        Ok(Map {
            environments: environments
                .into_iter()
                .map(|e| (e.identity.name.clone(), e))
                .collect(),
            pipelines: pipelines
                .into_iter()
                .filter_map(|p| {
                    let spec = DeploymentPipelineSpec::deserialize(&p.spec).ok()?;
                    Some((p.identity.name, spec))
                })
                .collect(),
        })
    }

    fn name(&self, environment: &str) -> EnvironmentName {
        let found = self.environments.get(environment);
        let spec = found
            .and_then(|e| EnvironmentSpec::deserialize(&e.spec).ok())
            .unwrap_or_default();
        EnvironmentName {
            name: environment.to_owned(),
            display_name: found
                .map_or(environment, |e| e.display_name.as_str())
                .to_owned(),
            production: spec.is_production,
        }
    }

    /// The environments of a pipeline, in its order.
    fn of_pipeline(&self, pipeline: &str) -> Vec<EnvironmentName> {
        let names = self
            .pipelines
            .get(pipeline)
            .map(|spec| spec.environments())
            .unwrap_or_default();
        names.iter().map(|name| self.name(name)).collect()
    }

    /// All environments: those of pipelines in their order, then the others.
    fn all(&self) -> Vec<EnvironmentName> {
        let mut names: Vec<String> = Vec::new();
        let ordered = self.pipelines.values().flat_map(|spec| spec.environments());
        for name in ordered.chain(self.environments.keys().cloned()) {
            if self.environments.contains_key(&name) && !names.contains(&name) {
                names.push(name);
            }
        }
        names.iter().map(|name| self.name(name)).collect()
    }
}

/// Adds a tally to the counts of its environment.
fn add(count: &mut HealthCount, tally: &Tally) {
    let field = match Health::parse(&tally.health) {
        Health::Healthy => &mut count.healthy,
        Health::Progressing => &mut count.progressing,
        Health::Degraded => &mut count.degraded,
        Health::Suspended => &mut count.suspended,
        Health::Unknown | Health::Missing => &mut count.unknown,
    };
    *field += tally.count;
}

/// Counts for these environments, out of the tallies of one project.
fn counts<'a>(
    environments: &[EnvironmentName],
    tallies: impl Iterator<Item = &'a Tally>,
) -> Vec<HealthCount> {
    let mut counts: Vec<HealthCount> = environments
        .iter()
        .map(|environment| HealthCount {
            environment: environment.name.clone(),
            display_name: environment.display_name.clone(),
            ..HealthCount::default()
        })
        .collect();
    for tally in tallies {
        if let Some(count) = counts
            .iter_mut()
            .find(|c| c.environment == tally.environment)
        {
            add(count, tally);
        }
    }
    counts
}

fn deployment(row: Deployment) -> DeploymentRow {
    DeploymentRow {
        project: row.project,
        component: row.component,
        environment: row.environment,
        release: row.release,
        artifact: row.artifact,
        version: row.label,
        status: DeploymentStatus::parse(&row.status),
        sentence: row.sentence,
        by: row.actor,
        started: Moment(row.started_at),
        finished: row.finished_at.map(Moment),
        changes: [row.created, row.changed, row.pruned, row.unchanged],
    }
}

fn waiting(row: Waiting) -> WaitingRow {
    WaitingRow {
        who: row.who,
        for_what: row.for_what,
        why: row.why,
        since: Moment(row.since),
    }
}
