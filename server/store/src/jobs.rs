//! The durable work queue: what is to be looked at again, one row a key.
//!
//! An event only puts a key in; putting it in twice is once. A job that is put in while it runs
//! runs again. A lease with a fencing number keeps two workers off one key.

use sqlx::FromRow;

use crate::{Result, Store, Tx, dialect, on, on_write, within};

/// A person waits for it.
pub const URGENT: i64 = 0;
/// It can wait for the urgent ones.
pub const NORMAL: i64 = 10;

/// A job that was taken.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Job {
    /// What is to be looked at, such as `binding/ID`.
    pub key: String,
    /// How often it failed in a row.
    pub attempts: i64,
    /// Rises when it is put in again.
    pub generation: i64,
    /// Rises when it is taken.
    pub fence: i64,
}

/// How full the queue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromRow)]
pub struct Depth {
    /// How many jobs there are.
    pub depth: i64,
    /// When the oldest was put in; 0 when there is none.
    pub oldest: i64,
}

const PUT: &str = "INSERT INTO jobs (key, priority, not_before, attempts, generation, \
    lease_until, fence, last_error, enqueued_at) VALUES ($1, $2, $3, 0, 1, 0, 0, '', $4) \
    ON CONFLICT (key) DO UPDATE SET generation = jobs.generation + 1, attempts = 0, \
    priority = CASE WHEN excluded.priority < jobs.priority THEN excluded.priority ELSE \
    jobs.priority END, not_before = CASE WHEN excluded.not_before < jobs.not_before THEN \
    excluded.not_before ELSE jobs.not_before END";
const DONE: &str = "DELETE FROM jobs WHERE key = $1 AND fence = $2 AND generation = $3";
const FREE: &str = "UPDATE jobs SET lease_until = 0, attempts = 0, last_error = '', \
    not_before = 0 WHERE key = $1 AND fence = $2";
const LATER: &str = "UPDATE jobs SET lease_until = 0, attempts = attempts + $6, \
    last_error = $5, not_before = CASE WHEN generation = $3 THEN $4 ELSE 0 END \
    WHERE key = $1 AND fence = $2";

impl Store {
    /// Puts a key in, to be looked at from `not_before` on.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn put_job(&self, key: &str, priority: i64, not_before: i64, now: i64) -> Result<()> {
        on_write!(self, |db| sqlx::query(PUT)
            .bind(key)
            .bind(priority)
            .bind(not_before)
            .bind(now)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Takes the most urgent job that is due and free, until `lease_until`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn claim_job(&self, now: i64, lease_until: i64) -> Result<Option<Job>> {
        let sql = dialect::claim_job(self);
        Ok(on_write!(self, |db| sqlx::query_as(sql)
            .bind(now)
            .bind(lease_until)
            .fetch_optional(db)
            .await)?)
    }

    /// Ends a job; when it was put in again meanwhile it stays, free and due.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn finish_job(&self, job: &Job) -> Result<()> {
        let rows = on_write!(self, |db| sqlx::query(DONE)
            .bind(&job.key)
            .bind(job.fence)
            .bind(job.generation)
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if rows == 0 {
            on_write!(self, |db| sqlx::query(FREE)
                .bind(&job.key)
                .bind(job.fence)
                .execute(db)
                .await
                .map(|_| ()))?;
        }
        Ok(())
    }

    /// Puts a job off until `not_before`; at once when it was put in again meanwhile. With an
    /// error the attempt counts.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn postpone_job(&self, job: &Job, not_before: i64, error: &str) -> Result<()> {
        on_write!(self, |db| sqlx::query(LATER)
            .bind(&job.key)
            .bind(job.fence)
            .bind(job.generation)
            .bind(not_before)
            .bind(error)
            .bind(i64::from(!error.is_empty()))
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Frees all leases: what a process that was killed had taken. For one-process databases, at start.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn free_jobs(&self) -> Result<()> {
        const SQL: &str = "UPDATE jobs SET lease_until = 0";
        on_write!(self, |db| sqlx::query(SQL).execute(db).await.map(|_| ()))?;
        Ok(())
    }

    /// When the next job is due, or `None` when there is none.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn next_job_due(&self) -> Result<Option<i64>> {
        const SQL: &str = "SELECT MIN(CASE WHEN lease_until > not_before THEN lease_until ELSE \
            not_before END) FROM jobs";
        Ok(on!(self, |db| sqlx::query_scalar(SQL).fetch_one(db).await)?)
    }

    /// How full the queue is.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn job_depth(&self) -> Result<Depth> {
        const SQL: &str = "SELECT COUNT(*) AS depth, COALESCE(MIN(enqueued_at), 0) AS oldest \
            FROM jobs";
        Ok(on!(self, |db| sqlx::query_as(SQL).fetch_one(db).await)?)
    }

    /// The errors that jobs of these keys met last.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn job_error(&self, key: &str) -> Result<Option<String>> {
        const SQL: &str = "SELECT last_error FROM jobs WHERE key = $1";
        Ok(on!(self, |db| sqlx::query_scalar(SQL)
            .bind(key)
            .fetch_optional(db)
            .await)?)
    }
}

impl Tx {
    /// Puts a key in, due at once, in the transaction that made it necessary.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn put_job(&mut self, key: &str, priority: i64) -> Result<()> {
        let now = self.now;
        within!(self, |db| sqlx::query(PUT)
            .bind(key)
            .bind(priority)
            .bind(now)
            .bind(now)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
