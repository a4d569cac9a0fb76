//! What follows from what: which artifact a component makes now, and who depends on whom.

use crate::{Result, Store, Tx, on, within};

impl Store {
    /// The artifact that a component's declarations make now.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn current_artifact(&self, resource_id: &str) -> Result<Option<i64>> {
        const SQL: &str = "SELECT artifact FROM component_status WHERE resource_id = $1";
        Ok(on!(self, |db| sqlx::query_scalar(SQL)
            .bind(resource_id)
            .fetch_optional(db)
            .await)?)
    }
}

impl Tx {
    /// Says which artifact a component's declarations make now.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_current_artifact(&mut self, resource_id: &str, number: i64) -> Result<()> {
        const SQL: &str = "INSERT INTO component_status (resource_id, artifact) VALUES ($1, $2) \
            ON CONFLICT (resource_id) DO UPDATE SET artifact = excluded.artifact";
        within!(self, |db| sqlx::query(SQL)
            .bind(resource_id)
            .bind(number)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Replaces what a binding's release was made from.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_dependencies(
        &mut self,
        binding_id: &str,
        organization: &str,
        what: &[String],
    ) -> Result<()> {
        const DROP: &str = "DELETE FROM dependencies WHERE binding_id = $1";
        const ADD: &str = "INSERT INTO dependencies (binding_id, organization, what) \
            VALUES ($1, $2, $3) ON CONFLICT (binding_id, what) DO NOTHING";
        within!(self, |db| sqlx::query(DROP)
            .bind(binding_id)
            .execute(db)
            .await
            .map(|_| ()))?;
        for what in what {
            within!(self, |db| sqlx::query(ADD)
                .bind(binding_id)
                .bind(organization)
                .bind(what)
                .execute(db)
                .await
                .map(|_| ()))?;
        }
        Ok(())
    }

    /// The bindings whose release was made from this.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn dependents(&mut self, organization: &str, what: &str) -> Result<Vec<String>> {
        const SQL: &str = "SELECT binding_id FROM dependencies WHERE organization = $1 AND \
            what = $2 ORDER BY binding_id";
        Ok(within!(self, |db| sqlx::query_scalar(SQL)
            .bind(organization)
            .bind(what)
            .fetch_all(db)
            .await)?)
    }

    /// The ids of the bindings that a component, an environment or a plane has; empty texts mean all.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn binding_ids(
        &mut self,
        organization: &str,
        project: &str,
        component: &str,
        environment: &str,
        plane: &str,
    ) -> Result<Vec<String>> {
        const SQL: &str = "SELECT id FROM bindings WHERE organization = $1 AND \
            (project = $2 OR $2 = '') AND (component = $3 OR $3 = '') AND \
            (environment = $4 OR $4 = '') AND (plane = $5 OR $5 = '') ORDER BY id";
        Ok(within!(self, |db| sqlx::query_scalar(SQL)
            .bind(organization)
            .bind(project)
            .bind(component)
            .bind(environment)
            .bind(plane)
            .fetch_all(db)
            .await)?)
    }
}
