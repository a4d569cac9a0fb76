//! Facts about the installation itself.

use crate::{Result, Store, Tx, on, within};

impl Store {
    /// A fact by its name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn meta(&self, name: &str) -> Result<Option<String>> {
        const SQL: &str = "SELECT value FROM meta WHERE name = $1";
        Ok(on!(self, |db| sqlx::query_scalar(SQL)
            .bind(name)
            .fetch_optional(db)
            .await)?)
    }
}

impl Tx {
    /// Keeps a fact in place of what was known.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_meta(&mut self, name: &str, value: &str) -> Result<()> {
        const SQL: &str = "INSERT INTO meta (name, value) VALUES ($1, $2) \
            ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        within!(self, |db| sqlx::query(SQL)
            .bind(name)
            .bind(value)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Keeps a fact, unless it is there already; gives the one that is kept.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn meta_or(&mut self, name: &str, value: &str) -> Result<String> {
        const SQL: &str = "INSERT INTO meta (name, value) VALUES ($1, $2) \
            ON CONFLICT (name) DO UPDATE SET value = meta.value RETURNING value";
        Ok(within!(self, |db| sqlx::query_scalar(SQL)
            .bind(name)
            .bind(value)
            .fetch_one(db)
            .await)?)
    }
}
