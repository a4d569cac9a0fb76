//! Numbered, immutable releases: what an artifact became in one environment.

use sqlx::FromRow;

use crate::{Result, Store, Tx, artifacts::Of, on, within};

/// A release.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Release {
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
    /// From 1, per binding.
    pub number: i64,
    /// Over its objects.
    pub hash: String,
    /// The artifact's number.
    pub artifact: i64,
    /// The version people read.
    pub label: String,
    /// The plane it is for.
    pub plane: String,
    /// The namespace on it.
    pub namespace: String,
    /// The objects in the order they are applied, as a JSON list.
    pub objects: String,
    /// How many they are.
    pub object_count: i64,
    /// When it was made.
    pub created_at: i64,
}

/// A release without its objects.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ReleaseLine {
    /// The environment.
    pub environment: String,
    /// From 1, per binding.
    pub number: i64,
    /// Over its objects.
    pub hash: String,
    /// The artifact's number.
    pub artifact: i64,
    /// The version people read.
    pub label: String,
    /// How many objects it has.
    pub object_count: i64,
    /// When it was made.
    pub created_at: i64,
    /// 1 when it is the one that should run.
    pub current: i64,
}

const BY_NUMBER: &str = "SELECT id, binding_id, organization, project, component, environment, \
    number, hash, artifact, label, plane, namespace, objects, object_count, created_at \
    FROM releases WHERE binding_id = $1 AND number = $2";
const LINES: &str = "SELECT r.environment, r.number, r.hash, r.artifact, r.label, \
    r.object_count, r.created_at, CAST(CASE WHEN b.release = r.number THEN 1 ELSE 0 END AS \
    BIGINT) AS current FROM releases r JOIN bindings b ON b.id = r.binding_id \
    WHERE r.organization = $1 AND r.project = $2 AND r.component = $3 \
    AND (r.environment = $4 OR $4 = '') ORDER BY r.created_at DESC, r.number DESC \
    LIMIT $5 OFFSET $6";

impl Store {
    /// A release by its number.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn release(&self, binding_id: &str, number: i64) -> Result<Option<Release>> {
        Ok(on!(self, |db| sqlx::query_as(BY_NUMBER)
            .bind(binding_id)
            .bind(number)
            .fetch_optional(db)
            .await)?)
    }

    /// A component's releases, newest first; of all environments when `environment` is empty.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn release_lines(
        &self,
        of: Of<'_>,
        environment: &str,
        limit: i64,
        offset: i64,
    ) -> Result<Vec<ReleaseLine>> {
        Ok(on!(self, |db| sqlx::query_as(LINES)
            .bind(of.organization)
            .bind(of.project)
            .bind(of.component)
            .bind(environment)
            .bind(limit)
            .bind(offset)
            .fetch_all(db)
            .await)?)
    }

    /// How many releases there are of it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn count_releases(&self, of: Of<'_>, environment: &str) -> Result<i64> {
        const SQL: &str = "SELECT COUNT(*) FROM releases WHERE organization = $1 AND \
            project = $2 AND component = $3 AND (environment = $4 OR $4 = '')";
        Ok(on!(self, |db| sqlx::query_scalar(SQL)
            .bind(of.organization)
            .bind(of.project)
            .bind(of.component)
            .bind(environment)
            .fetch_one(db)
            .await)?)
    }
}

impl Tx {
    /// A release by its number.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn release(&mut self, binding_id: &str, number: i64) -> Result<Option<Release>> {
        Ok(within!(self, |db| sqlx::query_as(BY_NUMBER)
            .bind(binding_id)
            .bind(number)
            .fetch_optional(db)
            .await)?)
    }

    /// The next number of a binding's releases.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn next_release(&mut self, binding_id: &str) -> Result<i64> {
        const SQL: &str = "SELECT COALESCE(MAX(number), 0) + 1 FROM releases WHERE binding_id = $1";
        Ok(within!(self, |db| sqlx::query_scalar(SQL)
            .bind(binding_id)
            .fetch_one(db)
            .await)?)
    }

    /// Keeps a release.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_release(&mut self, release: &Release) -> Result<()> {
        const SQL: &str = "INSERT INTO releases (id, binding_id, organization, project, \
            component, environment, number, hash, artifact, label, plane, namespace, objects, \
            object_count, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
            $12, $13, $14, $15)";
        within!(self, |db| sqlx::query(SQL)
            .bind(&release.id)
            .bind(&release.binding_id)
            .bind(&release.organization)
            .bind(&release.project)
            .bind(&release.component)
            .bind(&release.environment)
            .bind(release.number)
            .bind(&release.hash)
            .bind(release.artifact)
            .bind(&release.label)
            .bind(&release.plane)
            .bind(&release.namespace)
            .bind(&release.objects)
            .bind(release.object_count)
            .bind(release.created_at)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
