//! Declared resources: one shape in SQL, typed by their kind in Rust.

use std::collections::BTreeMap;

use model::{access::Grant, identity::Identity, kind::Kind, view::Change};
use serde_json::Value;
use sqlx::FromRow;

use crate::{Error, Result, Store, Tx, from_json, on, to_json, within};

/// A declared resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// UUIDv7.
    pub id: String,
    /// What it is.
    pub identity: Identity,
    /// What people call it; its name when they didn't say.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    pub annotations: BTreeMap<String, String>,
    /// As declared.
    pub spec: Value,
    /// How often the spec was changed, from 1.
    pub generation: i64,
    /// How often the row was written, from 1: what a stale write is told by.
    pub version: i64,
    /// When it was made.
    pub created_at: i64,
    /// When it was last changed.
    pub updated_at: i64,
    /// By whom.
    pub updated_by: String,
    /// Since when it is being deleted.
    pub deleted_at: Option<i64>,
}

/// What is to be written of a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What it is.
    pub identity: Identity,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    pub annotations: BTreeMap<String, String>,
    /// As declared.
    pub spec: Value,
}

impl Draft {
    fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations
            .get(key)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }

    /// What people call it: v0.3's annotation, or the name.
    pub fn display_name(&self) -> &str {
        self.annotation("openchoreo.dev/display-name")
            .unwrap_or(&self.identity.name)
    }

    /// What it is for: v0.3's annotation.
    pub fn description(&self) -> &str {
        self.annotation("openchoreo.dev/description").unwrap_or("")
    }

    /// The three parts as one value, for history and comparison.
    pub fn body(&self) -> Value {
        serde_json::json!({
            "labels": self.labels, "annotations": self.annotations, "spec": self.spec
        })
    }
}

#[derive(FromRow)]
pub(crate) struct Row {
    id: String,
    organization: String,
    kind: String,
    project: String,
    component: String,
    name: String,
    display_name: String,
    description: String,
    labels: String,
    annotations: String,
    spec: String,
    generation: i64,
    version: i64,
    created_at: i64,
    updated_at: i64,
    updated_by: String,
    deleted_at: Option<i64>,
}

impl TryFrom<Row> for Resource {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let kind = kind_named("resources", &row.kind)?;
        Ok(Resource {
            id: row.id,
            identity: Identity {
                kind,
                organization: row.organization,
                project: row.project,
                component: row.component,
                name: row.name,
            },
            display_name: row.display_name,
            description: row.description,
            labels: from_json("resources", &row.labels)?,
            annotations: from_json("resources", &row.annotations)?,
            spec: from_json("resources", &row.spec)?,
            generation: row.generation,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            updated_by: row.updated_by,
            deleted_at: row.deleted_at,
        })
    }
}

/// Reads a kind's name out of a row.
pub(crate) fn kind_named(table: &'static str, name: &str) -> Result<Kind> {
    Kind::named(name).ok_or_else(|| Error::Row {
        table,
        reason: format!("no kind {name}"),
    })
}

impl Resource {
    /// As it would be written again.
    pub fn draft(&self) -> Draft {
        Draft {
            identity: self.identity.clone(),
            labels: self.labels.clone(),
            annotations: self.annotations.clone(),
            spec: self.spec.clone(),
        }
    }
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization, kind, project, component, name, display_name, description, ",
            "labels, annotations, spec, generation, version, created_at, updated_at, updated_by, ",
            "deleted_at FROM resources ",
            $rest
        )
    };
}

pub(crate) use columns;

const BY_IDENTITY: &str = columns!(
    "WHERE organization = $1 AND kind = $2 AND project = $3 AND component = $4 AND name = $5"
);
const BY_ID: &str = columns!("WHERE id = $1");
const OF_COMPONENT: &str = columns!(
    "WHERE (organization = $1 AND project = $2 AND component = $3) OR (organization = $1 AND \
     kind = 'Component' AND project = $2 AND component = '' AND name = $3) ORDER BY kind, name"
);
const OF_KIND: &str =
    columns!("WHERE organization = $1 AND kind = $2 ORDER BY project, component, name LIMIT 10000");
const OF_KIND_EVERYWHERE: &str =
    columns!("WHERE kind = $1 ORDER BY organization, name LIMIT 10000");
const OF_PROJECT: &str = columns!(
    "WHERE (organization = $1 AND project = $2) OR (organization = $1 AND kind = 'Project' AND \
     project = '' AND component = '' AND name = $2) ORDER BY kind, component, name LIMIT 100000"
);
const AFTER: &str = columns!("WHERE id > $1 ORDER BY id LIMIT $2");
const INSERT: &str = "INSERT INTO resources (id, organization, kind, project, component, name, \
    display_name, description, labels, annotations, spec, generation, version, created_at, \
    created_by, updated_at, updated_by) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, 1, $12, $13, $12, $13)";
const UPDATE: &str = "UPDATE resources SET display_name = $3, description = $4, labels = $5, \
    annotations = $6, spec = $7, generation = generation + $8, version = version + 1, \
    updated_at = $9, updated_by = $10 WHERE id = $1 AND version = $2";
const TOMBSTONE: &str = "UPDATE resources SET deleted_at = $2, version = version + 1, \
    updated_at = $2, updated_by = $3 WHERE id = $1 AND deleted_at IS NULL";

impl Store {
    /// A resource by what it is, also when it is being deleted.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn resource(&self, identity: &Identity) -> Result<Option<Resource>> {
        let row: Option<Row> = on!(self, |db| sqlx::query_as(BY_IDENTITY)
            .bind(&identity.organization)
            .bind(identity.kind.as_str())
            .bind(&identity.project)
            .bind(&identity.component)
            .bind(&identity.name)
            .fetch_optional(db)
            .await)?;
        row.map(Resource::try_from).transpose()
    }

    /// A resource by its id.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn resource_by_id(&self, id: &str) -> Result<Option<Resource>> {
        let row: Option<Row> = on!(self, |db| sqlx::query_as(BY_ID)
            .bind(id)
            .fetch_optional(db)
            .await)?;
        row.map(Resource::try_from).transpose()
    }

    /// A component with everything that belongs to it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn resources_of_component(
        &self,
        organization: &str,
        project: &str,
        component: &str,
    ) -> Result<Vec<Resource>> {
        let rows: Vec<Row> = on!(self, |db| sqlx::query_as(OF_COMPONENT)
            .bind(organization)
            .bind(project)
            .bind(component)
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Resource::try_from).collect()
    }

    /// A project with everything that belongs to it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn resources_of_project(
        &self,
        organization: &str,
        project: &str,
    ) -> Result<Vec<Resource>> {
        let rows: Vec<Row> = on!(self, |db| sqlx::query_as(OF_PROJECT)
            .bind(organization)
            .bind(project)
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Resource::try_from).collect()
    }

    /// The first 10,000 of a kind, for the kinds that platform engineers keep few of.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn resources_of_kind(&self, organization: &str, kind: Kind) -> Result<Vec<Resource>> {
        let rows: Vec<Row> = on!(self, |db| sqlx::query_as(OF_KIND)
            .bind(organization)
            .bind(kind.as_str())
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Resource::try_from).collect()
    }

    /// The first 10,000 of a kind in all organizations: what the platform's own loops walk.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn resources_of_kind_everywhere(&self, kind: Kind) -> Result<Vec<Resource>> {
        let rows: Vec<Row> = on!(self, |db| sqlx::query_as(OF_KIND_EVERYWHERE)
            .bind(kind.as_str())
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Resource::try_from).collect()
    }
}

impl Tx {
    /// Resources of all organizations in the order of their ids, after this one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn resources_after(&mut self, id: &str, limit: i64) -> Result<Vec<Resource>> {
        let rows: Vec<Row> = within!(self, |db| sqlx::query_as(AFTER)
            .bind(id)
            .bind(limit)
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Resource::try_from).collect()
    }

    /// A resource by what it is, also when it is being deleted.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn resource(&mut self, identity: &Identity) -> Result<Option<Resource>> {
        let row: Option<Row> = within!(self, |db| sqlx::query_as(BY_IDENTITY)
            .bind(&identity.organization)
            .bind(identity.kind.as_str())
            .bind(&identity.project)
            .bind(&identity.component)
            .bind(&identity.name)
            .fetch_optional(db)
            .await)?;
        row.map(Resource::try_from).transpose()
    }

    /// All resources that belong to a component and the component itself, also what is being
    /// deleted, as this transaction sees them.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn resources_of_component(
        &mut self,
        organization: &str,
        project: &str,
        component: &str,
    ) -> Result<Vec<Resource>> {
        let rows: Vec<Row> = within!(self, |db| sqlx::query_as(OF_COMPONENT)
            .bind(organization)
            .bind(project)
            .bind(component)
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Resource::try_from).collect()
    }

    /// Makes a resource, with its history row. Gives it back.
    ///
    /// # Errors
    /// [`Error::Stale`] when somebody else just made it.
    pub async fn create_resource(
        &mut self,
        grant: &Grant,
        id: String,
        draft: &Draft,
    ) -> Result<Resource> {
        let (now, who) = (self.now, &draft.identity);
        let done = within!(self, |db| sqlx::query(INSERT)
            .bind(&id)
            .bind(&who.organization)
            .bind(who.kind.as_str())
            .bind(&who.project)
            .bind(&who.component)
            .bind(&who.name)
            .bind(draft.display_name())
            .bind(draft.description())
            .bind(to_json(&draft.labels))
            .bind(to_json(&draft.annotations))
            .bind(to_json(&draft.spec))
            .bind(now)
            .bind(grant.actor())
            .execute(db)
            .await
            .map(|_| ()));
        match done {
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                return Err(Error::Stale {
                    what: who.to_string(),
                });
            }
            other => other?,
        }
        self.index(&id, None, Some(draft)).await?;
        self.record(grant, &id, who, Change::Created, None, Some(&draft.body()))
            .await?;
        let resource = self.resource(who).await?;
        resource.ok_or_else(|| Error::Stale {
            what: who.to_string(),
        })
    }

    /// Writes a resource over the one that was read, with its history row.
    ///
    /// # Errors
    /// [`Error::Stale`] when somebody else wrote since it was read.
    pub async fn update_resource(
        &mut self,
        grant: &Grant,
        before: &Resource,
        draft: &Draft,
    ) -> Result<()> {
        let now = self.now;
        let rows = within!(self, |db| sqlx::query(UPDATE)
            .bind(&before.id)
            .bind(before.version)
            .bind(draft.display_name())
            .bind(draft.description())
            .bind(to_json(&draft.labels))
            .bind(to_json(&draft.annotations))
            .bind(to_json(&draft.spec))
            .bind(i64::from(before.spec != draft.spec))
            .bind(now)
            .bind(grant.actor())
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if rows == 0 {
            return Err(Error::Stale {
                what: before.identity.to_string(),
            });
        }
        let old = before.draft();
        self.index(&before.id, Some(&old), Some(draft)).await?;
        let (old, new) = (old.body(), draft.body());
        self.record(
            grant,
            &before.id,
            &before.identity,
            Change::Changed,
            Some(&old),
            Some(&new),
        )
        .await
    }

    /// Marks a resource as being deleted; its row goes when nothing of it is left anywhere.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn mark_deleted(&mut self, grant: &Grant, resource: &Resource) -> Result<()> {
        let now = self.now;
        within!(self, |db| sqlx::query(TOMBSTONE)
            .bind(&resource.id)
            .bind(now)
            .bind(grant.actor())
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Takes a resource's row away, with its history row.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove_resource(&mut self, grant: &Grant, resource: &Resource) -> Result<()> {
        for sql in [
            "DELETE FROM resources WHERE id = $1",
            "DELETE FROM waiting WHERE resource_id = $1",
            "DELETE FROM class_versions WHERE resource_id = $1",
            "DELETE FROM component_status WHERE resource_id = $1",
            "DELETE FROM rollout_members WHERE component_id = $1 OR rollout_id IN (SELECT id FROM \
             rollouts WHERE class_id = $1)",
            "DELETE FROM rollouts WHERE class_id = $1",
            "DELETE FROM resource_uses WHERE resource_id = $1",
        ] {
            within!(self, |db| sqlx::query(sql)
                .bind(&resource.id)
                .execute(db)
                .await
                .map(|_| ()))?;
        }
        let draft = resource.draft();
        self.index(&resource.id, Some(&draft), None).await?;
        let body = draft.body();
        self.record(
            grant,
            &resource.id,
            &resource.identity,
            Change::Deleted,
            Some(&body),
            None,
        )
        .await
    }
}
