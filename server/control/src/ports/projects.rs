//! Projects, and the components of one.

use std::collections::BTreeMap;

use async_trait::async_trait;
use model::{
    access::Viewer,
    health::Health,
    identity::Identity,
    kind::{
        Kind,
        binding::ReleaseState,
        component::{ComponentSpec, ComponentType},
        project::ProjectSpec,
    },
    moment::Moment,
    port::{Answer, Projects},
    view::{ComponentCell, ComponentRow, EnvironmentName, Page, Paging, ProjectRow, ProjectView},
};
use serde::Deserialize;
use serde_json::Value;
use store::lists::{CellLine, Cut, Line};

use super::{Map, counts, cut, look};
use crate::{Platform, Result, delete::found};

#[async_trait]
impl Projects for Platform {
    async fn list(&self, viewer: &Viewer, paging: &Paging) -> Answer<Page<ProjectRow>> {
        Ok(list(self, viewer, paging).await?)
    }

    async fn find(&self, viewer: &Viewer, project: &str, paging: &Paging) -> Answer<ProjectView> {
        Ok(find(self, viewer, project, paging).await?)
    }
}

fn pipeline_of(spec: &str) -> String {
    let spec: Option<ProjectSpec> = serde_json::from_str(spec).ok();
    spec.map(|spec| spec.deployment_pipeline_ref.0)
        .unwrap_or_default()
}

/// A part of the projects.
pub(super) async fn list(
    platform: &Platform,
    viewer: &Viewer,
    paging: &Paging,
) -> Result<Page<ProjectRow>> {
    look(viewer, Kind::Project, "")?;
    let org = viewer.organization.as_str();
    let (limit, offset) = cut(paging);
    let lines = Cut {
        search: &paging.search,
        health: "",
        after: &paging.after,
        limit,
        offset,
    };
    let store = platform.store();
    let (rows, total) = store.list(org, Kind::Project.as_str(), "", lines).await?;
    Ok(Page {
        items: described(platform, org, rows).await?,
        total,
        page: paging.page.max(1),
        per_page: limit,
    })
}

/// Projects with how many components they have and how those run.
pub(super) async fn described(
    platform: &Platform,
    org: &str,
    rows: Vec<Line>,
) -> Result<Vec<ProjectRow>> {
    let store = platform.store();
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let components = store.component_counts(org, &names).await?;
    let components: BTreeMap<String, i64> = components.into_iter().collect();
    let tallies = store.tallies(org, &names).await?;
    let map = Map::of(platform, org).await?;
    let items = rows.into_iter().map(|row| {
        let pipeline = pipeline_of(&row.spec);
        let own = tallies.iter().filter(|tally| tally.project == row.name);
        ProjectRow {
            components: components.get(&row.name).copied().unwrap_or(0),
            environments: counts(&map.of_pipeline(&pipeline), own),
            name: row.name,
            display_name: row.display_name,
            description: row.description,
            pipeline,
        }
    });
    Ok(items.collect())
}

async fn find(
    platform: &Platform,
    viewer: &Viewer,
    name: &str,
    paging: &Paging,
) -> Result<ProjectView> {
    look(viewer, Kind::Project, name)?;
    let org = viewer.organization.as_str();
    let store = platform.store();
    let project = found(
        platform,
        &Identity::in_organization(Kind::Project, org, name),
    )
    .await?;
    let pipeline = pipeline_of(&project.spec.to_string());
    let map = Map::of(platform, org).await?;
    let mut environments = map.of_pipeline(&pipeline);
    let tallies = store.tallies(org, &[name]).await?;
    // A binding may name an environment outside the pipeline: it is shown all the same.
    for tally in &tallies {
        if !environments
            .iter()
            .any(|known| known.name == tally.environment)
        {
            environments.push(map.name(&tally.environment));
        }
    }
    let (limit, offset) = cut(paging);
    let health = paging.health.map_or("", Health::as_str);
    let lines = Cut {
        search: &paging.search,
        health,
        after: &paging.after,
        limit,
        offset,
    };
    let (rows, total) = store.list_components(org, name, lines).await?;
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let cells = store.cells(org, name, &names).await?;
    let waiting = store.waiting_of_project(org, name).await?;
    let items = rows
        .iter()
        .map(|row| {
            let waits = waiting.iter().filter(|w| {
                w.who.component == row.name
                    || (w.who.kind == Kind::Component && w.who.name == row.name)
            });
            let waits: Vec<String> = waits.map(|w| w.for_what.clone()).collect();
            component(row, &environments, &cells, &waits)
        })
        .collect();
    Ok(ProjectView {
        name: project.identity.name,
        display_name: project.display_name,
        description: project.description,
        pipeline,
        counts: counts(&environments, tallies.iter()),
        environments,
        components: Page {
            items,
            total,
            page: paging.page.max(1),
            per_page: limit,
        },
    })
}

fn component(
    row: &Line,
    environments: &[EnvironmentName],
    cells: &[CellLine],
    waits: &[String],
) -> ComponentRow {
    let spec: Value = serde_json::from_str(&row.spec).unwrap_or_default();
    let component_type = ComponentSpec::deserialize(&spec)
        .map_or(ComponentType::Service, |spec| spec.component_type);
    let own: Vec<&CellLine> = cells
        .iter()
        .filter(|cell| cell.component == row.name)
        .collect();
    ComponentRow {
        name: row.name.clone(),
        display_name: row.display_name.clone(),
        component_type,
        cells: environments
            .iter()
            .map(|environment| {
                let line = own.iter().find(|cell| cell.environment == environment.name);
                line.map_or_else(
                    || ComponentCell {
                        environment: environment.name.clone(),
                        ..ComponentCell::default()
                    },
                    |line| cell(line),
                )
            })
            .collect(),
        waiting: if waits.is_empty() {
            String::new()
        } else {
            format!("waiting for {}", waits.join(", "))
        },
    }
}

/// Reads a binding's state out of a row.
pub(super) fn state(text: &str) -> ReleaseState {
    match text {
        "Suspend" => ReleaseState::Suspend,
        "Undeploy" => ReleaseState::Undeploy,
        _ => ReleaseState::Active,
    }
}

fn cell(line: &CellLine) -> ComponentCell {
    ComponentCell {
        environment: line.environment.clone(),
        artifact: line.artifact,
        version: line.label.clone(),
        health: Health::parse(&line.health),
        sentence: line.sentence.clone(),
        since: Moment(line.since),
        behind: line
            .artifact
            .map_or(0, |artifact| (line.newest - artifact).max(0)),
        state: state(&line.state),
    }
}
