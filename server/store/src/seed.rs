//! Worlds that are made up to measure with: rows as people and reconcilers would have written them,
//! many at once.

use model::access::Grant;

use crate::{
    Result, Tx,
    bindings::{Binding, addresses},
    bulk::{Cell, Columns},
    deployments::Deployment,
    inventory::Item,
    live::Live,
    releases::Release,
    resources::Draft,
    search::Addresses,
    to_json,
};

/// A declared resource with its id and version.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// The id.
    pub id: String,
    /// As it is declared now.
    pub draft: Draft,
    /// When it was declared.
    pub at: i64,
}

/// An artifact with the component that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The id.
    pub id: String,
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// From 1, per component.
    pub number: i64,
    /// Over its content.
    pub hash: String,
    /// The version people read.
    pub label: String,
    /// What it is made of, as JSON.
    pub content: String,
    /// When it was made.
    pub at: i64,
}

const RESOURCES: Columns = Columns {
    table: "resources",
    names: "id, organization, kind, project, component, name, display_name, description, labels, \
        annotations, spec, generation, version, created_at, created_by, updated_at, updated_by, \
        deleted_at",
};
const HISTORY: Columns = Columns {
    table: "resource_history",
    names: "sequence, resource_id, organization, kind, project, component, name, at, actor, \
        change, before, after",
};
const ARTIFACTS: Columns = Columns {
    table: "artifacts",
    names: "id, organization, project, component, number, hash, label, content, created_at, \
        created_by",
};
const STATUS: Columns = Columns {
    table: "component_status",
    names: "resource_id, artifact",
};
const BINDINGS: Columns = Columns {
    table: "bindings",
    names: "id, organization, project, component, environment, name, plane, namespace, state, \
        artifact, label, release, deployment_id, health, sentence, since, ready, wanted, \
        endpoints, blocked, last_lines",
};
const RELEASES: Columns = Columns {
    table: "releases",
    names: "id, binding_id, organization, project, component, environment, number, hash, \
        artifact, label, plane, namespace, objects, object_count, created_at",
};
const DEPLOYMENTS: Columns = Columns {
    table: "deployments",
    names: "id, binding_id, organization, project, component, environment, release, artifact, \
        label, status, sentence, actor, started_at, finished_at, created, changed, pruned, \
        unchanged",
};
const INVENTORY: Columns = Columns {
    table: "inventory",
    names: "binding_id, organization, plane, api_version, kind, namespace, name, uid, wanted",
};
const LIVE: Columns = Columns {
    table: "live_objects",
    names: "organization, plane, uid, binding_id, api_version, kind, namespace, name, owner_uid, \
        health, code, sentence, summary, created_at, seen_at",
};

fn number(value: Option<i64>) -> Cell {
    value.map_or(Cell::NoNumber, Cell::Number)
}

impl Tx {
    /// Adds resources with the history of their making.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn seed_resources(&mut self, grant: &Grant, all: &[Declared]) -> Result<()> {
        let mut rows = Vec::with_capacity(all.len());
        let mut history = Vec::with_capacity(all.len());
        let first = self.reserve_sequence(all.len()).await?;
        for (declared, sequence) in all.iter().zip(first..) {
            let (draft, who) = (&declared.draft, &declared.draft.identity);
            rows.push(vec![
                declared.id.clone().into(),
                who.organization.clone().into(),
                who.kind.as_str().into(),
                who.project.clone().into(),
                who.component.clone().into(),
                who.name.clone().into(),
                draft.display_name().into(),
                draft.description().into(),
                to_json(&draft.labels).into(),
                to_json(&draft.annotations).into(),
                to_json(&draft.spec).into(),
                1.into(),
                1.into(),
                declared.at.into(),
                grant.actor().into(),
                declared.at.into(),
                grant.actor().into(),
                Cell::NoNumber,
            ]);
            history.push(vec![
                sequence.into(),
                declared.id.clone().into(),
                who.organization.clone().into(),
                who.kind.as_str().into(),
                who.project.clone().into(),
                who.component.clone().into(),
                who.name.clone().into(),
                declared.at.into(),
                grant.actor().into(),
                "Created".into(),
                Cell::NoText,
                to_json(&draft.body()).into(),
            ]);
        }
        self.add_words(all.iter().map(|d| (d.id.as_str(), &d.draft)))
            .await?;
        self.add_rows(RESOURCES, rows).await?;
        self.add_rows(HISTORY, history).await
    }

    /// Adds artifacts; the last of a component is the one it makes now.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn seed_artifacts(&mut self, grant: &Grant, all: Vec<Made>) -> Result<()> {
        let rows = all.into_iter().map(|made| {
            vec![
                made.id.into(),
                grant.organization().into(),
                made.project.into(),
                made.component.into(),
                made.number.into(),
                made.hash.into(),
                made.label.into(),
                made.content.into(),
                made.at.into(),
                grant.actor().into(),
            ]
        });
        self.add_rows(ARTIFACTS, rows.collect()).await
    }

    /// Says which artifact each component makes now.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn seed_status(&mut self, all: Vec<(String, i64)>) -> Result<()> {
        let rows = all.into_iter().map(|(id, at)| vec![id.into(), at.into()]);
        self.add_rows(STATUS, rows.collect()).await
    }

    /// Adds what became of bindings.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn seed_bindings(&mut self, all: Vec<Binding>) -> Result<()> {
        let hosts: Vec<Addresses> = all.iter().map(addresses).collect();
        self.add_hosts(hosts.iter()).await?;
        let rows = all.into_iter().map(|binding| {
            vec![
                binding.id.into(),
                binding.organization.into(),
                binding.project.into(),
                binding.component.into(),
                binding.environment.into(),
                binding.name.into(),
                binding.plane.into(),
                binding.namespace.into(),
                binding.state.into(),
                number(binding.artifact),
                binding.label.into(),
                number(binding.release),
                binding.deployment_id.map_or(Cell::NoText, Cell::Text),
                binding.health.into(),
                binding.sentence.into(),
                binding.since.into(),
                binding.ready.into(),
                binding.wanted.into(),
                binding.endpoints.into(),
                binding.blocked.into(),
                binding.last_lines.into(),
            ]
        });
        self.add_rows(BINDINGS, rows.collect()).await
    }

    /// Adds releases.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn seed_releases(&mut self, all: Vec<Release>) -> Result<()> {
        let rows = all.into_iter().map(|release| {
            vec![
                release.id.into(),
                release.binding_id.into(),
                release.organization.into(),
                release.project.into(),
                release.component.into(),
                release.environment.into(),
                release.number.into(),
                release.hash.into(),
                release.artifact.into(),
                release.label.into(),
                release.plane.into(),
                release.namespace.into(),
                release.objects.into(),
                release.object_count.into(),
                release.created_at.into(),
            ]
        });
        self.add_rows(RELEASES, rows.collect()).await
    }

    /// Adds attempts.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn seed_deployments(&mut self, all: Vec<Deployment>) -> Result<()> {
        let rows = all.into_iter().map(|attempt| {
            vec![
                attempt.id.into(),
                attempt.binding_id.into(),
                attempt.organization.into(),
                attempt.project.into(),
                attempt.component.into(),
                attempt.environment.into(),
                attempt.release.into(),
                attempt.artifact.into(),
                attempt.label.into(),
                attempt.status.into(),
                attempt.sentence.into(),
                attempt.actor.into(),
                attempt.started_at.into(),
                number(attempt.finished_at),
                attempt.created.into(),
                attempt.changed.into(),
                attempt.pruned.into(),
                attempt.unchanged.into(),
            ]
        });
        self.add_rows(DEPLOYMENTS, rows.collect()).await
    }

    /// Adds what is on planes, and what was seen there.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn seed_objects(&mut self, items: Vec<Item>, live: Vec<Live>) -> Result<()> {
        let items = items.into_iter().map(|item| {
            vec![
                item.binding_id.into(),
                item.organization.into(),
                item.plane.into(),
                item.api_version.into(),
                item.kind.into(),
                item.namespace.into(),
                item.name.into(),
                item.uid.into(),
                item.wanted.into(),
            ]
        });
        self.add_rows(INVENTORY, items.collect()).await?;
        let live = live.into_iter().map(|live| {
            vec![
                live.organization.into(),
                live.plane.into(),
                live.uid.into(),
                live.binding_id.into(),
                live.api_version.into(),
                live.kind.into(),
                live.namespace.into(),
                live.name.into(),
                live.owner_uid.into(),
                live.health.into(),
                live.code.into(),
                live.sentence.into(),
                live.summary.into(),
                live.created_at.into(),
                live.seen_at.into(),
            ]
        });
        self.add_rows(LIVE, live.collect()).await
    }
}
