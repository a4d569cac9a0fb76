//! What became of each resource: who, when, before, after.

use model::{access::Grant, identity::Identity, view::Change};
use serde_json::Value;
use sqlx::FromRow;

use crate::{Result, Store, Tx, from_json, on, resources::kind_named, to_json, within};

/// One change of a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its place in the order of all changes.
    pub sequence: i64,
    /// What.
    pub identity: Identity,
    /// When.
    pub at: i64,
    /// By whom.
    pub actor: String,
    /// What became of it.
    pub change: Change,
    /// Labels, annotations and spec before.
    pub before: Option<Value>,
    /// Labels, annotations and spec after.
    pub after: Option<Value>,
}

#[derive(FromRow)]
struct Row {
    sequence: i64,
    organization: String,
    kind: String,
    project: String,
    component: String,
    name: String,
    at: i64,
    actor: String,
    change: String,
    before: Option<String>,
    after: Option<String>,
}

impl TryFrom<Row> for Entry {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let read = |text: Option<String>| {
            text.map(|text| from_json("resource_history", &text))
                .transpose()
        };
        Ok(Entry {
            sequence: row.sequence,
            identity: Identity {
                kind: kind_named("resource_history", &row.kind)?,
                organization: row.organization,
                project: row.project,
                component: row.component,
                name: row.name,
            },
            at: row.at,
            actor: row.actor,
            change: match row.change.as_str() {
                "Created" => Change::Created,
                "Deleted" => Change::Deleted,
                _ => Change::Changed,
            },
            before: read(row.before)?,
            after: read(row.after)?,
        })
    }
}

impl Store {
    /// The newest changes of one resource, newest first; also of one that is gone. Only before this
    /// one unless it is 0.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn history(
        &self,
        identity: &Identity,
        before: i64,
        limit: i64,
    ) -> Result<Vec<Entry>> {
        const SQL: &str = "SELECT sequence, organization, kind, project, component, name, at, \
            actor, change, before, after FROM resource_history WHERE organization = $1 AND \
            kind = $2 AND project = $3 AND component = $4 AND name = $5 AND \
            ($6 = 0 OR sequence < $6) ORDER BY sequence DESC LIMIT $7";
        let rows: Vec<Row> = on!(self, |db| sqlx::query_as(SQL)
            .bind(&identity.organization)
            .bind(identity.kind.as_str())
            .bind(&identity.project)
            .bind(&identity.component)
            .bind(&identity.name)
            .bind(before)
            .bind(limit)
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Entry::try_from).collect()
    }

    /// The newest 100 changes of a component and all that belongs to it, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn history_of_component(
        &self,
        organization: &str,
        project: &str,
        component: &str,
    ) -> Result<Vec<Entry>> {
        const SQL: &str = "SELECT sequence, organization, kind, project, component, name, at, \
            actor, change, before, after FROM resource_history WHERE (organization = $1 AND \
            project = $2 AND component = $3) OR (organization = $1 AND project = $2 AND \
            component = '' AND kind = 'Component' AND name = $3) ORDER BY sequence DESC LIMIT 100";
        let rows: Vec<Row> = on!(self, |db| sqlx::query_as(SQL)
            .bind(organization)
            .bind(project)
            .bind(component)
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Entry::try_from).collect()
    }
}

impl Tx {
    pub(crate) async fn record(
        &mut self,
        grant: &Grant,
        id: &str,
        identity: &Identity,
        change: Change,
        before: Option<&Value>,
        after: Option<&Value>,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO resource_history (sequence, resource_id, organization, \
            kind, project, component, name, at, actor, change, before, after) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let sequence = self.next_sequence().await?;
        let now = self.now;
        within!(self, |db| sqlx::query(SQL)
            .bind(sequence)
            .bind(id)
            .bind(&identity.organization)
            .bind(identity.kind.as_str())
            .bind(&identity.project)
            .bind(&identity.component)
            .bind(&identity.name)
            .bind(now)
            .bind(grant.actor())
            .bind(change.as_str())
            .bind(before.map(to_json))
            .bind(after.map(to_json))
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
