//! Roll-outs of a class's version to chosen components: the wish, and what became of it.

use model::{access::Grant, kind::Kind};
use serde_json::Value;
use sqlx::FromRow;

use crate::{Result, Store, Tx, from_json, on, within};

/// A version that somebody wants a component to take.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The roll-out.
    pub rollout: String,
    /// The kind of class.
    pub kind: Kind,
    /// The class.
    pub name: String,
    /// Its version.
    pub version: i64,
    /// What it said at that version.
    pub spec: Value,
}

/// A roll-out with how far it got.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Rollout {
    /// UUIDv7.
    pub id: String,
    /// The version.
    pub version: i64,
    /// When it was asked for.
    pub created_at: i64,
    /// By whom.
    pub created_by: String,
    /// How many components were chosen.
    pub chosen: i64,
    /// How many have an artifact that pins it.
    pub taken: i64,
    /// How many can't yet.
    pub waiting: i64,
}

macro_rules! rollouts {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.version, r.created_at, r.created_by, COUNT(*) AS chosen, ",
            "SUM(CASE WHEN m.state = 'Taken' THEN 1 ELSE 0 END) AS taken, ",
            "SUM(CASE WHEN m.state = 'Waiting' THEN 1 ELSE 0 END) AS waiting ",
            "FROM rollouts r JOIN rollout_members m ON m.rollout_id = r.id ",
            $rest
        )
    };
}

impl Store {
    /// The version that a component was asked to take and didn't yet.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn wanted_class(&self, component_id: &str) -> Result<Option<Wanted>> {
        const SQL: &str = "SELECT r.id, c.kind, c.name, r.version, v.spec FROM rollout_members m \
            JOIN rollouts r ON r.id = m.rollout_id JOIN resources c ON c.id = r.class_id \
            JOIN class_versions v ON v.resource_id = r.class_id AND v.version = r.version \
            WHERE m.component_id = $1 AND m.state = 'Waiting' ORDER BY r.id DESC LIMIT 1";
        let row: Option<(String, String, String, i64, String)> =
            on!(self, |db| sqlx::query_as(SQL)
                .bind(component_id)
                .fetch_optional(db)
                .await)?;
        row.map(|(rollout, kind, name, version, spec)| {
            Ok(Wanted {
                rollout,
                kind: crate::resources::kind_named("resources", &kind)?,
                name,
                version,
                spec: from_json("class_versions", &spec)?,
            })
        })
        .transpose()
    }

    /// A class's roll-outs, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn rollouts(&self, class_id: &str, limit: i64) -> Result<Vec<Rollout>> {
        const SQL: &str = rollouts!(
            "WHERE r.class_id = $1 GROUP BY r.id, r.version, r.created_at, r.created_by \
             ORDER BY r.id DESC LIMIT $2"
        );
        Ok(on!(self, |db| sqlx::query_as(SQL)
            .bind(class_id)
            .bind(limit)
            .fetch_all(db)
            .await)?)
    }
}

impl Tx {
    /// Writes a roll-out down. Its components follow with [`Tx::roll_out_to`].
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn create_rollout(
        &mut self,
        grant: &Grant,
        id: &str,
        class_id: &str,
        version: i64,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO rollouts (id, class_id, version, created_at, created_by) \
            VALUES ($1, $2, $3, $4, $5)";
        let now = self.now;
        within!(self, |db| sqlx::query(SQL)
            .bind(id)
            .bind(class_id)
            .bind(version)
            .bind(now)
            .bind(grant.actor())
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Puts a component into a roll-out; what was wanted of it before is superseded.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn roll_out_to(&mut self, rollout: &str, component_id: &str) -> Result<()> {
        const SUPERSEDE: &str = "UPDATE rollout_members SET state = 'Superseded' \
            WHERE component_id = $1 AND state = 'Waiting'";
        const INSERT: &str = "INSERT INTO rollout_members (rollout_id, component_id, state) \
            VALUES ($1, $2, 'Waiting')";
        within!(self, |db| sqlx::query(SUPERSEDE)
            .bind(component_id)
            .execute(db)
            .await
            .map(|_| ()))?;
        within!(self, |db| sqlx::query(INSERT)
            .bind(rollout)
            .bind(component_id)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Says what became of a wish: the artifact that was made of it, or `None` when the component
    /// has another class by now.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn end_wish(
        &mut self,
        rollout: &str,
        component_id: &str,
        artifact: Option<i64>,
    ) -> Result<()> {
        const SQL: &str = "UPDATE rollout_members SET state = $3, artifact = $4 \
            WHERE rollout_id = $1 AND component_id = $2 AND state = 'Waiting'";
        let state = if artifact.is_some() {
            "Taken"
        } else {
            "Superseded"
        };
        within!(self, |db| sqlx::query(SQL)
            .bind(rollout)
            .bind(component_id)
            .bind(state)
            .bind(artifact)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
