//! What waits for something that isn't there yet.

use model::{identity::Identity, kind::Kind};
use sqlx::FromRow;

use crate::{Result, Store, Tx, on, resources::kind_named, within};

/// Something that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The resource that waits, by id.
    pub resource_id: String,
    /// The resource that waits.
    pub who: Identity,
    /// For what, such as `Workload orders`.
    pub for_what: String,
    /// Why it needs that.
    pub why: String,
    /// Since when.
    pub since: i64,
}

#[derive(FromRow)]
pub(crate) struct Row {
    resource_id: String,
    organization: String,
    project: String,
    component: String,
    kind: String,
    name: String,
    for_what: String,
    why: String,
    since: i64,
}

impl TryFrom<Row> for Waiting {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Waiting {
            who: Identity {
                kind: kind_named("waiting", &row.kind)?,
                organization: row.organization,
                project: row.project,
                component: row.component,
                name: row.name,
            },
            resource_id: row.resource_id,
            for_what: row.for_what,
            why: row.why,
            since: row.since,
        })
    }
}

const ALL: &str = "SELECT resource_id, organization, project, component, kind, name, for_what, \
    why, since FROM waiting WHERE organization = $1 ORDER BY since DESC, name LIMIT $2";
const OF_COMPONENT: &str = "SELECT resource_id, organization, project, component, kind, name, \
    for_what, why, since FROM waiting WHERE organization = $1 AND project = $2 AND \
    component = $3 ORDER BY since, for_what";
const OF_PROJECT: &str = "SELECT resource_id, organization, project, component, kind, name, \
    for_what, why, since FROM waiting WHERE organization = $1 AND project = $2 \
    ORDER BY since, for_what LIMIT 1000";
const FOR: &str = "SELECT DISTINCT organization, project, component FROM waiting \
    WHERE organization = $1 AND for_what = $2";

impl Store {
    /// What waits in an organization, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn waiting(&self, organization: &str, limit: i64) -> Result<Vec<Waiting>> {
        let rows: Vec<Row> = on!(self, |db| sqlx::query_as(ALL)
            .bind(organization)
            .bind(limit)
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Waiting::try_from).collect()
    }

    /// How many things wait in an organization.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn count_waiting(&self, organization: &str) -> Result<i64> {
        const SQL: &str = "SELECT COUNT(*) FROM waiting WHERE organization = $1";
        Ok(on!(self, |db| sqlx::query_scalar(SQL)
            .bind(organization)
            .fetch_one(db)
            .await)?)
    }

    /// What of a component waits.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn waiting_of_component(
        &self,
        organization: &str,
        project: &str,
        component: &str,
    ) -> Result<Vec<Waiting>> {
        let rows: Vec<Row> = on!(self, |db| sqlx::query_as(OF_COMPONENT)
            .bind(organization)
            .bind(project)
            .bind(component)
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Waiting::try_from).collect()
    }

    /// What of a project waits.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn waiting_of_project(
        &self,
        organization: &str,
        project: &str,
    ) -> Result<Vec<Waiting>> {
        let rows: Vec<Row> = on!(self, |db| sqlx::query_as(OF_PROJECT)
            .bind(organization)
            .bind(project)
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Waiting::try_from).collect()
    }
}

impl Tx {
    /// Replaces what a component waits for. Rows that stay keep their `since`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_waiting(
        &mut self,
        who: &Identity,
        resource_id: &str,
        now: &[(String, String)],
    ) -> Result<()> {
        const KNOWN: &str = "SELECT for_what FROM waiting WHERE resource_id = $1";
        const DROP: &str = "DELETE FROM waiting WHERE resource_id = $1 AND for_what = $2";
        const ADD: &str = "INSERT INTO waiting (resource_id, organization, project, component, \
            kind, name, for_what, why, since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
            ON CONFLICT (resource_id, for_what) DO UPDATE SET why = excluded.why";
        let known: Vec<String> = within!(self, |db| sqlx::query_scalar(KNOWN)
            .bind(resource_id)
            .fetch_all(db)
            .await)?;
        let gone = known
            .iter()
            .filter(|known| !now.iter().any(|(what, _)| what == *known));
        let mut changed = false;
        for what in gone {
            changed = true;
            within!(self, |db| sqlx::query(DROP)
                .bind(resource_id)
                .bind(what)
                .execute(db)
                .await
                .map(|_| ()))?;
        }
        let component = if who.kind == Kind::Component {
            &who.name
        } else {
            &who.component
        };
        let at = self.now;
        for (what, why) in now {
            changed |= !known.contains(what);
            within!(self, |db| sqlx::query(ADD)
                .bind(resource_id)
                .bind(&who.organization)
                .bind(&who.project)
                .bind(component)
                .bind(who.kind.as_str())
                .bind(&who.name)
                .bind(what)
                .bind(why)
                .bind(at)
                .execute(db)
                .await
                .map(|_| ()))?;
        }
        if changed {
            self.touch(format!("{}/waiting", who.organization));
            self.touch_component(&who.organization, &who.project, component);
        }
        Ok(())
    }

    /// The components that wait for this, as organization, project and component.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn components_waiting_for(
        &mut self,
        organization: &str,
        what: &str,
    ) -> Result<Vec<(String, String, String)>> {
        Ok(within!(self, |db| sqlx::query_as(FOR)
            .bind(organization)
            .bind(what)
            .fetch_all(db)
            .await)?)
    }
}
