//! The feed of changes that watchers resume from.

use crate::{Result, Store, on, on_write};

/// Something changed under a topic.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Change {
    /// Its place in the order of all changes.
    pub sequence: i64,
    /// What changed: the organization, then a path, such as `acme/component/shop/cart`.
    pub topic: String,
}

impl Store {
    /// The newest change's number.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn newest_sequence(&self) -> Result<i64> {
        const SQL: &str = "SELECT value FROM sequence WHERE id = 1";
        Ok(on!(self, |db| sqlx::query_scalar(SQL).fetch_one(db).await)?)
    }

    /// The changes after that number, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn changes_after(&self, sequence: i64, limit: i64) -> Result<Vec<Change>> {
        const SQL: &str = "SELECT sequence, topic FROM changes WHERE sequence > $1 \
            ORDER BY sequence LIMIT $2";
        Ok(on!(self, |db| sqlx::query_as(SQL)
            .bind(sequence)
            .bind(limit)
            .fetch_all(db)
            .await)?)
    }

    /// The oldest change that is still kept, or `None` when there is none.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn oldest_change(&self) -> Result<Option<i64>> {
        const SQL: &str = "SELECT MIN(sequence) FROM changes";
        Ok(on!(self, |db| sqlx::query_scalar(SQL).fetch_one(db).await)?)
    }

    /// Forgets changes from before `moment`; watchers that lag behind reload.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forget_changes(&self, moment: i64) -> Result<()> {
        const SQL: &str = "DELETE FROM changes WHERE at < $1";
        on_write!(self, |db| sqlx::query(SQL)
            .bind(moment)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
