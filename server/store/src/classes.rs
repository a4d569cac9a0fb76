//! A class's versions: each edit makes one, artifacts pin one.

use model::{access::Grant, identity::Identity};
use serde_json::Value;
use sqlx::FromRow;

use crate::{Result, Store, Tx, from_json, on, to_json, within};

/// One version of a class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassVersion {
    /// From 1.
    pub version: i64,
    /// As declared then.
    pub spec: Value,
    /// When it was made.
    pub created_at: i64,
}

#[derive(FromRow)]
struct Row {
    version: i64,
    spec: String,
    created_at: i64,
}

impl Store {
    /// A class's versions, newest first, at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn class_versions(&self, resource_id: &str) -> Result<Vec<ClassVersion>> {
        const SQL: &str = "SELECT version, spec, created_at FROM class_versions \
            WHERE resource_id = $1 ORDER BY version DESC LIMIT 100";
        let rows: Vec<Row> = on!(self, |db| sqlx::query_as(SQL)
            .bind(resource_id)
            .fetch_all(db)
            .await)?;
        rows.into_iter()
            .map(|row| {
                Ok(ClassVersion {
                    version: row.version,
                    spec: from_json("class_versions", &row.spec)?,
                    created_at: row.created_at,
                })
            })
            .collect()
    }

    /// The newest version of each class in an organization.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn newest_class_versions(&self, organization: &str) -> Result<Vec<(Identity, i64)>> {
        const SQL: &str = "SELECT r.kind, r.name, MAX(v.version) FROM class_versions v \
            JOIN resources r ON r.id = v.resource_id WHERE r.organization = $1 \
            GROUP BY r.kind, r.name";
        let rows: Vec<(String, String, i64)> = on!(self, |db| sqlx::query_as(SQL)
            .bind(organization)
            .fetch_all(db)
            .await)?;
        rows.into_iter()
            .map(|(kind, name, version)| {
                let kind = crate::resources::kind_named("class_versions", &kind)?;
                Ok((
                    Identity::in_organization(kind, organization, &name),
                    version,
                ))
            })
            .collect()
    }
}

impl Tx {
    /// Makes the next version of a class, unless its newest is the same. Gives its number.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn publish_class(
        &mut self,
        grant: &Grant,
        resource_id: &str,
        spec: &Value,
        hash: &str,
    ) -> Result<i64> {
        const NEWEST: &str = "SELECT version, hash FROM class_versions WHERE resource_id = $1 \
            ORDER BY version DESC LIMIT 1";
        const INSERT: &str = "INSERT INTO class_versions (resource_id, version, spec, hash, \
            created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6)";
        let newest: Option<(i64, String)> = within!(self, |db| sqlx::query_as(NEWEST)
            .bind(resource_id)
            .fetch_optional(db)
            .await)?;
        let next = match newest {
            Some((version, known)) if known == hash => return Ok(version),
            Some((version, _)) => version + 1,
            None => 1,
        };
        let now = self.now;
        within!(self, |db| sqlx::query(INSERT)
            .bind(resource_id)
            .bind(next)
            .bind(to_json(spec))
            .bind(hash)
            .bind(now)
            .bind(grant.actor())
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(next)
    }
}
