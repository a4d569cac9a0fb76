//! The planes' objects as last seen, judged.

use sqlx::FromRow;

use crate::{Result, Store, Tx, on, within};

/// An object as last seen.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Live {
    /// The organization.
    pub organization: String,
    /// The plane.
    pub plane: String,
    /// The plane's id for it.
    pub uid: String,
    /// The binding that it belongs to.
    pub binding_id: String,
    /// Such as `apps/v1`.
    pub api_version: String,
    /// Such as `Deployment`.
    pub kind: String,
    /// The namespace, or empty.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The controller that owns it, or empty.
    pub owner_uid: String,
    /// How it is.
    pub health: String,
    /// A stable word for machines.
    pub code: String,
    /// Why, in words.
    pub sentence: String,
    /// Facts for tables, and what judging again needs, as JSON.
    pub summary: String,
    /// When it was made on the plane.
    pub created_at: i64,
    /// When it was last seen to change.
    pub seen_at: i64,
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT organization, plane, uid, binding_id, api_version, kind, namespace, name, ",
            "owner_uid, health, code, sentence, summary, created_at, seen_at FROM live_objects ",
            $rest
        )
    };
}

const OF_BINDING: &str = columns!("WHERE binding_id = $1 ORDER BY kind, name");
const UIDS: &str =
    "SELECT uid FROM live_objects WHERE organization = $1 AND plane = $2 AND kind = $3";
const ONE: &str = columns!("WHERE organization = $1 AND plane = $2 AND uid = $3");
const SAVE: &str = "INSERT INTO live_objects (organization, plane, uid, binding_id, api_version, \
    kind, namespace, name, owner_uid, health, code, sentence, summary, created_at, seen_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
    ON CONFLICT (organization, plane, uid) DO UPDATE SET binding_id = excluded.binding_id, \
    owner_uid = excluded.owner_uid, health = excluded.health, code = excluded.code, \
    sentence = excluded.sentence, summary = excluded.summary, seen_at = excluded.seen_at";
const GONE: &str = "DELETE FROM live_objects WHERE organization = $1 AND plane = $2 AND uid = $3";

impl Store {
    /// What a binding has on its plane, as last seen.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn live_of_binding(&self, binding_id: &str) -> Result<Vec<Live>> {
        Ok(on!(self, |db| sqlx::query_as(OF_BINDING)
            .bind(binding_id)
            .fetch_all(db)
            .await)?)
    }

    /// The ids of all known objects of a kind on a plane.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn live_uids(
        &self,
        organization: &str,
        plane: &str,
        kind: &str,
    ) -> Result<Vec<String>> {
        Ok(on!(self, |db| sqlx::query_scalar(UIDS)
            .bind(organization)
            .bind(plane)
            .bind(kind)
            .fetch_all(db)
            .await)?)
    }
}

impl Tx {
    /// What a binding has on its plane, as last seen.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn live_of_binding(&mut self, binding_id: &str) -> Result<Vec<Live>> {
        Ok(within!(self, |db| sqlx::query_as(OF_BINDING)
            .bind(binding_id)
            .fetch_all(db)
            .await)?)
    }

    /// One object as last seen.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn live(
        &mut self,
        organization: &str,
        plane: &str,
        uid: &str,
    ) -> Result<Option<Live>> {
        Ok(within!(self, |db| sqlx::query_as(ONE)
            .bind(organization)
            .bind(plane)
            .bind(uid)
            .fetch_optional(db)
            .await)?)
    }

    /// Writes an object as seen.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn save_live(&mut self, live: &Live) -> Result<()> {
        within!(self, |db| sqlx::query(SAVE)
            .bind(&live.organization)
            .bind(&live.plane)
            .bind(&live.uid)
            .bind(&live.binding_id)
            .bind(&live.api_version)
            .bind(&live.kind)
            .bind(&live.namespace)
            .bind(&live.name)
            .bind(&live.owner_uid)
            .bind(&live.health)
            .bind(&live.code)
            .bind(&live.sentence)
            .bind(&live.summary)
            .bind(live.created_at)
            .bind(live.seen_at)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Says that an object is gone. Gives the binding that it belonged to.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove_live(
        &mut self,
        organization: &str,
        plane: &str,
        uid: &str,
    ) -> Result<Option<String>> {
        let known = self.live(organization, plane, uid).await?;
        within!(self, |db| sqlx::query(GONE)
            .bind(organization)
            .bind(plane)
            .bind(uid)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(known.map(|live| live.binding_id))
    }
}
