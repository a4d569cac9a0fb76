//! Numbered, immutable artifacts. The same content is the same artifact.

use model::access::Grant;
use sqlx::FromRow;

use crate::{Result, Store, Tx, on, within};

/// An artifact.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Artifact {
    /// UUIDv7.
    pub id: String,
    /// From 1, per component.
    pub number: i64,
    /// Over its content.
    pub hash: String,
    /// The version people read.
    pub label: String,
    /// What it is made of, as JSON.
    pub content: String,
    /// When it was made.
    pub created_at: i64,
    /// By whom.
    pub created_by: String,
}

/// The component that something belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Of<'a> {
    /// The organization.
    pub organization: &'a str,
    /// The project.
    pub project: &'a str,
    /// The component.
    pub component: &'a str,
}

const BY_NUMBER: &str = "SELECT id, number, hash, label, content, created_at, created_by \
    FROM artifacts WHERE organization = $1 AND project = $2 AND component = $3 AND number = $4";
const NEWEST: &str = "SELECT id, number, hash, label, content, created_at, created_by \
    FROM artifacts WHERE organization = $1 AND project = $2 AND component = $3 \
    ORDER BY number DESC LIMIT $4 OFFSET $5";
const BY_HASH: &str = "SELECT id, number, hash, label, content, created_at, created_by \
    FROM artifacts WHERE organization = $1 AND project = $2 AND component = $3 AND hash = $4";

/// What a component's binding in an environment should run.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Placed {
    /// The component.
    pub component: String,
    /// The binding's name.
    pub binding: String,
    /// The artifact's content, as JSON.
    pub content: String,
}

const PLACED: &str = "SELECT b.component, b.name AS binding, a.content FROM bindings b \
    JOIN artifacts a ON a.organization = b.organization AND a.project = b.project AND \
    a.component = b.component AND a.number = b.artifact WHERE b.organization = $1 AND \
    b.project = $2 AND b.environment = $3 ORDER BY b.component";

impl Store {
    /// What all components of a project should run in an environment.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn placed(
        &self,
        organization: &str,
        project: &str,
        environment: &str,
    ) -> Result<Vec<Placed>> {
        Ok(on!(self, |db| sqlx::query_as(PLACED)
            .bind(organization)
            .bind(project)
            .bind(environment)
            .fetch_all(db)
            .await)?)
    }

    /// An artifact by its number.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn artifact(&self, of: Of<'_>, number: i64) -> Result<Option<Artifact>> {
        Ok(on!(self, |db| sqlx::query_as(BY_NUMBER)
            .bind(of.organization)
            .bind(of.project)
            .bind(of.component)
            .bind(number)
            .fetch_optional(db)
            .await)?)
    }

    /// A component's artifacts, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn artifacts(&self, of: Of<'_>, limit: i64, offset: i64) -> Result<Vec<Artifact>> {
        Ok(on!(self, |db| sqlx::query_as(NEWEST)
            .bind(of.organization)
            .bind(of.project)
            .bind(of.component)
            .bind(limit)
            .bind(offset)
            .fetch_all(db)
            .await)?)
    }

    /// How many artifacts a component has.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn count_artifacts(&self, of: Of<'_>) -> Result<i64> {
        const SQL: &str = "SELECT COUNT(*) FROM artifacts WHERE organization = $1 AND \
            project = $2 AND component = $3";
        Ok(on!(self, |db| sqlx::query_scalar(SQL)
            .bind(of.organization)
            .bind(of.project)
            .bind(of.component)
            .fetch_one(db)
            .await)?)
    }
}

impl Tx {
    /// The artifact with this content; made, with the next number, when it isn't there.
    /// Tells whether it was made.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn register_artifact(
        &mut self,
        grant: &Grant,
        of: Of<'_>,
        id: String,
        hash: &str,
        label: &str,
        content: &str,
    ) -> Result<(Artifact, bool)> {
        const INSERT: &str = "INSERT INTO artifacts (id, organization, project, component, \
            number, hash, label, content, created_at, created_by) \
            VALUES ($1, $2, $3, $4, (SELECT COALESCE(MAX(number), 0) + 1 FROM artifacts WHERE \
            organization = $2 AND project = $3 AND component = $4), $5, $6, $7, $8, $9) \
            ON CONFLICT (organization, project, component, hash) DO NOTHING";
        let now = self.now;
        let made = within!(self, |db| sqlx::query(INSERT)
            .bind(id)
            .bind(of.organization)
            .bind(of.project)
            .bind(of.component)
            .bind(hash)
            .bind(label)
            .bind(content)
            .bind(now)
            .bind(grant.actor())
            .execute(db)
            .await
            .map(|done| done.rows_affected() > 0))?;
        let artifact = within!(self, |db| sqlx::query_as(BY_HASH)
            .bind(of.organization)
            .bind(of.project)
            .bind(of.component)
            .bind(hash)
            .fetch_one(db)
            .await)?;
        Ok((artifact, made))
    }

    /// Takes away all that a component left in tables of its own.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forget_component(&mut self, of: Of<'_>) -> Result<()> {
        for sql in [
            "DELETE FROM artifacts WHERE organization = $1 AND project = $2 AND component = $3",
            "DELETE FROM releases WHERE organization = $1 AND project = $2 AND component = $3",
            "DELETE FROM deployments WHERE organization = $1 AND project = $2 AND component = $3",
            "DELETE FROM bindings WHERE organization = $1 AND project = $2 AND component = $3",
            "DELETE FROM waiting WHERE organization = $1 AND project = $2 AND component = $3",
        ] {
            within!(self, |db| sqlx::query(sql)
                .bind(of.organization)
                .bind(of.project)
                .bind(of.component)
                .execute(db)
                .await
                .map(|_| ()))?;
        }
        Ok(())
    }
}
