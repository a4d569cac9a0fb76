//! Attempts to bring a release to an environment.

use sqlx::FromRow;

use crate::{Result, Store, Tx, artifacts::Of, on, within};

/// An attempt.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Deployment {
    /// UUIDv7.
    pub id: String,
    /// The binding.
    pub binding_id: String,
    /// The organization.
    pub organization: String,
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// The environment.
    pub environment: String,
    /// The release's number.
    pub release: i64,
    /// The artifact's number.
    pub artifact: i64,
    /// The version people read.
    pub label: String,
    /// See [`model::view::DeploymentStatus`].
    pub status: String,
    /// Why, in words.
    pub sentence: String,
    /// Who or what asked for it.
    pub actor: String,
    /// When it began.
    pub started_at: i64,
    /// When it ended.
    pub finished_at: Option<i64>,
    /// Objects made.
    pub created: i64,
    /// Objects changed.
    pub changed: i64,
    /// Objects taken away.
    pub pruned: i64,
    /// Objects left alone.
    pub unchanged: i64,
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, binding_id, organization, project, component, environment, release, ",
            "artifact, label, status, sentence, actor, started_at, finished_at, created, ",
            "changed, pruned, unchanged FROM deployments ",
            $rest
        )
    };
}

const BY_ID: &str = columns!("WHERE id = $1");
const NEWEST: &str = columns!("WHERE organization = $1 ORDER BY started_at DESC LIMIT $2");
const OF_COMPONENT: &str = columns!(
    "WHERE organization = $1 AND project = $2 AND component = $3 ORDER BY started_at DESC LIMIT $4"
);
const OF_RELEASE: &str =
    columns!("WHERE binding_id = $1 AND release = $2 ORDER BY started_at DESC LIMIT 50");
const SAVE: &str = "INSERT INTO deployments (id, binding_id, organization, project, component, \
    environment, release, artifact, label, status, sentence, actor, started_at, finished_at, \
    created, changed, pruned, unchanged) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
    $12, $13, $14, $15, $16, $17, $18) ON CONFLICT (id) DO UPDATE SET status = excluded.status, \
    sentence = excluded.sentence, finished_at = excluded.finished_at, \
    created = excluded.created, changed = excluded.changed, pruned = excluded.pruned, \
    unchanged = excluded.unchanged";

impl Store {
    /// An attempt.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn deployment(&self, id: &str) -> Result<Option<Deployment>> {
        Ok(on!(self, |db| sqlx::query_as(BY_ID)
            .bind(id)
            .fetch_optional(db)
            .await)?)
    }

    /// An organization's attempts, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn newest_deployments(
        &self,
        organization: &str,
        limit: i64,
    ) -> Result<Vec<Deployment>> {
        Ok(on!(self, |db| sqlx::query_as(NEWEST)
            .bind(organization)
            .bind(limit)
            .fetch_all(db)
            .await)?)
    }

    /// A component's attempts, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn deployments_of_component(
        &self,
        of: Of<'_>,
        limit: i64,
    ) -> Result<Vec<Deployment>> {
        Ok(on!(self, |db| sqlx::query_as(OF_COMPONENT)
            .bind(of.organization)
            .bind(of.project)
            .bind(of.component)
            .bind(limit)
            .fetch_all(db)
            .await)?)
    }

    /// A release's attempts, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn deployments_of_release(
        &self,
        binding_id: &str,
        release: i64,
    ) -> Result<Vec<Deployment>> {
        Ok(on!(self, |db| sqlx::query_as(OF_RELEASE)
            .bind(binding_id)
            .bind(release)
            .fetch_all(db)
            .await)?)
    }
}

impl Tx {
    /// Ends a binding's attempts that are still under way, as overtaken by a newer one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn supersede_deployments(&mut self, binding_id: &str) -> Result<()> {
        const SQL: &str = "UPDATE deployments SET status = 'Superseded', finished_at = $2 \
            WHERE binding_id = $1 AND finished_at IS NULL";
        let now = self.now;
        within!(self, |db| sqlx::query(SQL)
            .bind(binding_id)
            .bind(now)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Writes an attempt.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn save_deployment(&mut self, attempt: &Deployment) -> Result<()> {
        within!(self, |db| sqlx::query(SAVE)
            .bind(&attempt.id)
            .bind(&attempt.binding_id)
            .bind(&attempt.organization)
            .bind(&attempt.project)
            .bind(&attempt.component)
            .bind(&attempt.environment)
            .bind(attempt.release)
            .bind(attempt.artifact)
            .bind(&attempt.label)
            .bind(&attempt.status)
            .bind(&attempt.sentence)
            .bind(&attempt.actor)
            .bind(attempt.started_at)
            .bind(attempt.finished_at)
            .bind(attempt.created)
            .bind(attempt.changed)
            .bind(attempt.pruned)
            .bind(attempt.unchanged)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
