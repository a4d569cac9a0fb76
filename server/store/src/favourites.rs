//! What users keep at hand.

use model::{access::Grant, identity::Identity};

use crate::{Result, Store, Tx, on, resources::kind_named, within};

impl Store {
    /// A user's favourites that are there, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn favourites(&self, user: &str, organization: &str) -> Result<Vec<Identity>> {
        const SQL: &str = "SELECT f.kind, f.project, f.name FROM favourites f JOIN resources r \
            ON r.organization = f.organization AND r.kind = f.kind AND r.project = f.project AND \
            r.component = '' AND r.name = f.name WHERE f.user_id = $1 AND f.organization = $2 \
            ORDER BY f.since DESC, f.name LIMIT 100";
        let rows: Vec<(String, String, String)> = on!(self, |db| sqlx::query_as(SQL)
            .bind(user)
            .bind(organization)
            .fetch_all(db)
            .await)?;
        rows.into_iter()
            .map(|(kind, project, name)| {
                let kind = kind_named("favourites", &kind)?;
                Ok(Identity::in_project(kind, organization, &project, &name))
            })
            .collect()
    }
}

impl Tx {
    /// Keeps something for a user.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_favourite(
        &mut self,
        _grant: &Grant,
        user: &str,
        identity: &Identity,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO favourites (user_id, organization, kind, project, name, \
            since) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        let now = self.now;
        within!(self, |db| sqlx::query(SQL)
            .bind(user)
            .bind(&identity.organization)
            .bind(identity.kind.as_str())
            .bind(&identity.project)
            .bind(&identity.name)
            .bind(now)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Keeps it no longer.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove_favourite(
        &mut self,
        _grant: &Grant,
        user: &str,
        identity: &Identity,
    ) -> Result<()> {
        const SQL: &str = "DELETE FROM favourites WHERE user_id = $1 AND organization = $2 AND \
            kind = $3 AND project = $4 AND name = $5";
        within!(self, |db| sqlx::query(SQL)
            .bind(user)
            .bind(&identity.organization)
            .bind(identity.kind.as_str())
            .bind(&identity.project)
            .bind(&identity.name)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
