//! Whether planes answer, and the simulated plane's memory.

use sqlx::FromRow;

use crate::{Result, Store, Tx, on, on_write, within};

/// A plane as last seen.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PlaneState {
    /// The organization.
    pub organization: String,
    /// Its name.
    pub name: String,
    /// 1 when it answers.
    pub live: i64,
    /// Its Kubernetes version; empty until it answered.
    pub version: String,
    /// Why it doesn't answer, in words.
    pub trouble: String,
    /// Since when it does or doesn't.
    pub since: i64,
    /// When it was last asked.
    pub seen_at: i64,
}

const OF: &str = "SELECT organization, name, live, version, trouble, since, seen_at FROM planes \
    WHERE organization = $1 ORDER BY name";
const SAVE: &str = "INSERT INTO planes (organization, name, live, version, trouble, since, \
    seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organization, name) DO UPDATE SET \
    since = CASE WHEN planes.live = excluded.live THEN planes.since ELSE excluded.since END, \
    live = excluded.live, version = CASE WHEN excluded.version = '' THEN planes.version ELSE \
    excluded.version END, trouble = excluded.trouble, seen_at = excluded.seen_at";

impl Store {
    /// An organization's planes as last seen.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn plane_states(&self, organization: &str) -> Result<Vec<PlaneState>> {
        Ok(on!(self, |db| sqlx::query_as(OF)
            .bind(organization)
            .fetch_all(db)
            .await)?)
    }

    /// The simulated plane's memory.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn plane_snapshot(&self, organization: &str, name: &str) -> Result<Option<String>> {
        const SQL: &str = "SELECT snapshot FROM planes WHERE organization = $1 AND name = $2";
        let found: Option<Option<String>> = on!(self, |db| sqlx::query_scalar(SQL)
            .bind(organization)
            .bind(name)
            .fetch_optional(db)
            .await)?;
        Ok(found.flatten())
    }

    /// Keeps the simulated plane's memory.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn save_plane_snapshot(
        &self,
        organization: &str,
        name: &str,
        snapshot: &str,
        now: i64,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO planes (organization, name, live, version, trouble, \
            since, seen_at, snapshot) VALUES ($1, $2, 1, '', '', $4, $4, $3) \
            ON CONFLICT (organization, name) DO UPDATE SET snapshot = excluded.snapshot";
        on_write!(self, |db| sqlx::query(SQL)
            .bind(organization)
            .bind(name)
            .bind(snapshot)
            .bind(now)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}

impl Tx {
    /// Writes a plane as seen.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn save_plane(&mut self, state: &PlaneState) -> Result<()> {
        within!(self, |db| sqlx::query(SAVE)
            .bind(&state.organization)
            .bind(&state.name)
            .bind(state.live)
            .bind(&state.version)
            .bind(&state.trouble)
            .bind(state.since)
            .bind(state.seen_at)
            .execute(db)
            .await
            .map(|_| ()))?;
        self.touch(format!("{}/planes", state.organization));
        Ok(())
    }

    /// Takes away what is known of a plane.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove_plane(&mut self, organization: &str, name: &str) -> Result<()> {
        for sql in [
            "DELETE FROM planes WHERE organization = $1 AND name = $2",
            "DELETE FROM live_objects WHERE organization = $1 AND plane = $2",
        ] {
            within!(self, |db| sqlx::query(sql)
                .bind(organization)
                .bind(name)
                .execute(db)
                .await
                .map(|_| ()))?;
        }
        self.touch(format!("{organization}/planes"));
        Ok(())
    }
}
