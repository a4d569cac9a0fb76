//! What people had done with something that runs: restarts, and tasks run by hand.

use std::collections::BTreeMap;

use model::access::Grant;
use sqlx::FromRow;

use crate::{Result, Store, Tx, artifacts::Of, on, within};

/// A rolling restart of a binding's pods.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Restart {
    /// UUIDv7.
    pub id: String,
    /// The binding resource's id.
    pub binding_id: String,
    /// When it was asked for.
    pub at: i64,
    /// By whom.
    pub actor: String,
}

/// A task that was run by hand.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Run {
    /// UUIDv7.
    pub id: String,
    /// The binding resource's id.
    pub binding_id: String,
    /// The organization.
    pub organization: String,
    /// What its Job is called on the plane.
    pub job: String,
    /// When it was asked for.
    pub at: i64,
    /// By whom.
    pub actor: String,
    /// When the plane had the Job; none until then.
    pub made_at: Option<i64>,
    /// Why there is no Job and won't be one, in words; empty else.
    pub trouble: String,
}

const RUN: &str = "SELECT id, binding_id, organization, job, at, actor, made_at, trouble \
    FROM runs WHERE id = $1";

impl Store {
    /// The newest restart of each binding of a component, by the binding's id.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn restarts_of_component(&self, of: Of<'_>) -> Result<BTreeMap<String, i64>> {
        const SQL: &str = "SELECT a.binding_id, MAX(a.at) FROM restarts a JOIN resources r \
            ON r.id = a.binding_id WHERE r.organization = $1 AND r.project = $2 AND \
            r.component = $3 GROUP BY a.binding_id";
        let rows: Vec<(String, i64)> = on!(self, |db| sqlx::query_as(SQL)
            .bind(of.organization)
            .bind(of.project)
            .bind(of.component)
            .fetch_all(db)
            .await)?;
        Ok(rows.into_iter().collect())
    }

    /// The newest restart of a binding.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn newest_restart(&self, binding: &str) -> Result<Option<Restart>> {
        const SQL: &str = "SELECT id, binding_id, at, actor FROM restarts \
            WHERE binding_id = $1 ORDER BY at DESC LIMIT 1";
        Ok(on!(self, |db| sqlx::query_as(SQL)
            .bind(binding)
            .fetch_optional(db)
            .await)?)
    }

    /// A run.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn run(&self, id: &str) -> Result<Option<Run>> {
        Ok(on!(self, |db| sqlx::query_as(RUN)
            .bind(id)
            .fetch_optional(db)
            .await)?)
    }

    /// The newest runs of a binding, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn runs(&self, binding: &str, limit: i64) -> Result<Vec<Run>> {
        const SQL: &str = "SELECT id, binding_id, organization, job, at, actor, made_at, trouble \
            FROM runs WHERE binding_id = $1 ORDER BY at DESC LIMIT $2";
        Ok(on!(self, |db| sqlx::query_as(SQL)
            .bind(binding)
            .bind(limit)
            .fetch_all(db)
            .await)?)
    }
}

impl Tx {
    /// Makes a restart.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_restart(
        &mut self,
        grant: &Grant,
        id: String,
        binding: &str,
    ) -> Result<Restart> {
        const SQL: &str = "INSERT INTO restarts (id, binding_id, organization, at, actor) \
            VALUES ($1, $2, $3, $4, $5)";
        let restart = Restart {
            id,
            binding_id: binding.to_owned(),
            at: self.now,
            actor: grant.actor().to_owned(),
        };
        within!(self, |db| sqlx::query(SQL)
            .bind(&restart.id)
            .bind(&restart.binding_id)
            .bind(grant.organization())
            .bind(restart.at)
            .bind(&restart.actor)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(restart)
    }

    /// Makes a run; its Job isn't on the plane yet.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_run(
        &mut self,
        grant: &Grant,
        id: String,
        binding: &str,
        job: &str,
    ) -> Result<Run> {
        const SQL: &str = "INSERT INTO runs (id, binding_id, organization, job, at, actor, \
            made_at, trouble) VALUES ($1, $2, $3, $4, $5, $6, NULL, '')";
        let run = Run {
            id,
            binding_id: binding.to_owned(),
            organization: grant.organization().to_owned(),
            job: job.to_owned(),
            at: self.now,
            actor: grant.actor().to_owned(),
            made_at: None,
            trouble: String::new(),
        };
        within!(self, |db| sqlx::query(SQL)
            .bind(&run.id)
            .bind(&run.binding_id)
            .bind(&run.organization)
            .bind(&run.job)
            .bind(run.at)
            .bind(&run.actor)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(run)
    }

    /// Writes down that a run's Job is on the plane, or why there won't be one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn end_run(&mut self, id: &str, trouble: &str) -> Result<()> {
        const SQL: &str = "UPDATE runs SET made_at = $2, trouble = $3 WHERE id = $1";
        let made = trouble.is_empty().then_some(self.now);
        within!(self, |db| sqlx::query(SQL)
            .bind(id)
            .bind(made)
            .bind(trouble)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
