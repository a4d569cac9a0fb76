//! The data keys that seal secrets, wrapped; and every row that holds something sealed.

use model::{access::Grant, kind::Kind};
use serde_json::Value;
use sqlx::FromRow;

use crate::{Error, Result, Store, Tx, from_json, on, resources::kind_named, to_json, within};

/// A data key as it is kept: useless without the master key that wraps it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct KeyRow {
    /// The id that sealed texts name.
    pub id: String,
    /// The fingerprint of the master key that wraps it.
    pub master: String,
    /// The wrapped key.
    pub wrapped: String,
    /// When it was made.
    pub created_at: i64,
    /// Since when nothing new is sealed with it.
    pub retired_at: Option<i64>,
}

/// Where a row with something sealed stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SealedAt {
    /// A resource, with the version that was read.
    Resource {
        /// Its id.
        id: String,
        /// Its version: a newer one is left alone.
        version: i64,
    },
    /// A row of a resource's history.
    History {
        /// Its number.
        sequence: i64,
    },
}

/// A row with something sealed in it: the spec of a resource, or two of its past.
#[derive(Debug, Clone, PartialEq)]
pub struct SealedRow {
    /// Where it stands.
    pub at: SealedAt,
    /// The organization of the resource.
    pub organization: String,
    /// The kind of the resource.
    pub kind: Kind,
    /// The name of the resource.
    pub name: String,
    /// The spec; of a history row the body before.
    pub first: Option<Value>,
    /// The body after, of a history row.
    pub second: Option<Value>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    number: i64,
    organization: String,
    kind: String,
    name: String,
    first: Option<String>,
    second: Option<String>,
}

impl Row {
    fn read(self, history: bool) -> Result<SealedRow> {
        let value =
            |text: Option<String>| text.map(|text| from_json("resources", &text)).transpose();
        Ok(SealedRow {
            at: if history {
                SealedAt::History {
                    sequence: self.number,
                }
            } else {
                SealedAt::Resource {
                    id: self.id,
                    version: self.number,
                }
            },
            organization: self.organization,
            kind: kind_named("resources", &self.kind)?,
            name: self.name,
            first: value(self.first)?,
            second: value(self.second)?,
        })
    }
}

const KEYS: &str = "SELECT id, master, wrapped, created_at, retired_at FROM seal_keys \
    ORDER BY created_at, id";
const IN_RESOURCES: &str = "SELECT id, version AS number, organization, kind, name, spec AS first, \
    NULL AS second FROM resources WHERE spec LIKE '%\"sealed:v%' ORDER BY id";
const IN_HISTORY: &str = "SELECT resource_id AS id, sequence AS number, organization, kind, name, \
    before AS first, after AS second FROM resource_history WHERE before LIKE '%\"sealed:v%' OR \
    after LIKE '%\"sealed:v%' ORDER BY sequence";

impl Store {
    /// All data keys, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keys(&self) -> Result<Vec<KeyRow>> {
        Ok(on!(self, |db| sqlx::query_as(KEYS).fetch_all(db).await)?)
    }
}

impl Tx {
    /// All data keys, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keys(&mut self) -> Result<Vec<KeyRow>> {
        Ok(within!(self, |db| sqlx::query_as(KEYS)
            .fetch_all(db)
            .await)?)
    }

    /// Keeps a new data key.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_key(&mut self, key: &KeyRow) -> Result<()> {
        const SQL: &str = "INSERT INTO seal_keys (id, master, wrapped, created_at, retired_at) \
            VALUES ($1, $2, $3, $4, $5)";
        within!(self, |db| sqlx::query(SQL)
            .bind(&key.id)
            .bind(&key.master)
            .bind(&key.wrapped)
            .bind(key.created_at)
            .bind(key.retired_at)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Writes a data key as it is now: wrapped by another master, or retired.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn save_key(&mut self, key: &KeyRow) -> Result<()> {
        const SQL: &str =
            "UPDATE seal_keys SET master = $2, wrapped = $3, retired_at = $4 WHERE id = $1";
        within!(self, |db| sqlx::query(SQL)
            .bind(&key.id)
            .bind(&key.master)
            .bind(&key.wrapped)
            .bind(key.retired_at)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Takes a data key away for good: what was sealed with it can never be opened again.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove_key(&mut self, id: &str) -> Result<()> {
        const SQL: &str = "DELETE FROM seal_keys WHERE id = $1";
        within!(self, |db| sqlx::query(SQL)
            .bind(id)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Every row that holds something sealed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sealed_rows(&mut self) -> Result<Vec<SealedRow>> {
        let resources: Vec<Row> =
            within!(self, |db| sqlx::query_as(IN_RESOURCES).fetch_all(db).await)?;
        let history: Vec<Row> = within!(self, |db| sqlx::query_as(IN_HISTORY).fetch_all(db).await)?;
        let resources = resources.into_iter().map(|row| row.read(false));
        let history = history.into_iter().map(|row| row.read(true));
        resources.chain(history).collect()
    }

    /// Writes a row sealed anew. What it says is the same, so it keeps its version and leaves no
    /// history of its own.
    ///
    /// # Errors
    /// [`Error::Stale`] when the resource was written since it was read.
    pub async fn reseal(&mut self, _grant: &Grant, row: &SealedRow) -> Result<()> {
        const RESOURCE: &str = "UPDATE resources SET spec = $3 WHERE id = $1 AND version = $2";
        const HISTORY: &str =
            "UPDATE resource_history SET before = $2, after = $3 WHERE sequence = $1";
        let first = row.first.as_ref().map(to_json);
        let second = row.second.as_ref().map(to_json);
        let written = match &row.at {
            SealedAt::Resource { id, version } => within!(self, |db| sqlx::query(RESOURCE)
                .bind(id)
                .bind(*version)
                .bind(first)
                .execute(db)
                .await
                .map(|done| done.rows_affected()))?,
            SealedAt::History { sequence } => within!(self, |db| sqlx::query(HISTORY)
                .bind(*sequence)
                .bind(first)
                .bind(second)
                .execute(db)
                .await
                .map(|done| done.rows_affected()))?,
        };
        if written == 0 {
            return Err(Error::Stale {
                what: format!("{} {}", row.kind, row.name),
            });
        }
        Ok(())
    }
}
