//! Answers that are given again to whoever asks again with the same key.
//!
//! The order is: the key is taken, the work is done in its own transaction, the answer is kept. Who
//! is killed in between leaves a key without an answer; once its time is over somebody may take it
//! and do the work again, which is what asking again without a key would have done.

use sqlx::FromRow;

use crate::{Result, Store, on, on_write};

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Known {
    /// The hash of what was asked with it.
    pub request: String,
    /// The answer's status; `None` while it is worked on.
    pub status: Option<i64>,
    /// The answer's headers, as JSON.
    pub head: String,
    /// The answer's body.
    pub body: String,
}

const TAKE: &str = "INSERT INTO idempotency (key, request, begun_at, head, body) \
    VALUES ($1, $2, $3, '', '') ON CONFLICT (key) DO UPDATE SET begun_at = excluded.begun_at \
    WHERE idempotency.status IS NULL AND idempotency.begun_at < $4 AND \
    idempotency.request = excluded.request RETURNING key";
const KNOWN: &str = "SELECT request, status, head, body FROM idempotency WHERE key = $1";
const KEEP: &str =
    "UPDATE idempotency SET status = $3, head = $4, body = $5 WHERE key = $1 AND begun_at = $2";
const DROP: &str = "DELETE FROM idempotency WHERE key = $1 AND begun_at = $2";
const FORGET: &str = "DELETE FROM idempotency WHERE begun_at < $1";

impl Store {
    /// Takes a key to work under it; `false` when somebody has it. What was begun before
    /// `abandoned` and never answered may be taken by the same request.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn take_key(
        &self,
        key: &str,
        request: &str,
        now: i64,
        abandoned: i64,
    ) -> Result<bool> {
        let taken: Option<String> = on_write!(self, |db| sqlx::query_scalar(TAKE)
            .bind(key)
            .bind(request)
            .bind(now)
            .bind(abandoned)
            .fetch_optional(db)
            .await)?;
        Ok(taken.is_some())
    }

    /// What is known of a key.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn known_key(&self, key: &str) -> Result<Option<Known>> {
        Ok(on!(self, |db| sqlx::query_as(KNOWN)
            .bind(key)
            .fetch_optional(db)
            .await)?)
    }

    /// Keeps the answer to what was begun then.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keep_answer(
        &self,
        key: &str,
        begun: i64,
        status: i64,
        head: &str,
        body: &str,
    ) -> Result<()> {
        on_write!(self, |db| sqlx::query(KEEP)
            .bind(key)
            .bind(begun)
            .bind(status)
            .bind(head)
            .bind(body)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Gives a key back that was taken then: what was asked may be asked again.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn drop_key(&self, key: &str, begun: i64) -> Result<()> {
        on_write!(self, |db| sqlx::query(DROP)
            .bind(key)
            .bind(begun)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Forgets what was begun before this moment.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forget_keys(&self, before: i64) -> Result<()> {
        on_write!(self, |db| sqlx::query(FORGET)
            .bind(before)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
