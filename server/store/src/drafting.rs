//! What forms suggest while somebody types: the first few that fit, found and cut in SQL.

use sqlx::FromRow;

use crate::{Result, Store, dialect, lists::pattern, on};

/// So many suggestions are read at once; more help nobody.
pub const SUGGESTIONS: i64 = 20;

/// An endpoint that is declared.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct EndpointLine {
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// The endpoint.
    pub endpoint: String,
    /// What it speaks.
    pub endpoint_type: String,
    /// Its port.
    pub port: i64,
    /// Who may reach it: 0 its project, 1 its organization, 2 everybody.
    pub exposure: i64,
}

impl Store {
    /// The first endpoints that a component of a project may call, its own project's first: those
    /// of other projects only where they are exposed to more than that project.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn endpoints_to_call(
        &self,
        organization: &str,
        project: &str,
        component: &str,
        search: &str,
    ) -> Result<Vec<EndpointLine>> {
        let sql = dialect::endpoints_to_call(self);
        let like = pattern(search);
        Ok(on!(self, |db| sqlx::query_as(sql)
            .bind(organization)
            .bind(project)
            .bind(component)
            .bind(&like)
            .bind(SUGGESTIONS)
            .fetch_all(db)
            .await)?)
    }

    /// The first keys of ConfigurationGroups, as group and key.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn configuration_keys(
        &self,
        organization: &str,
        search: &str,
    ) -> Result<Vec<(String, String)>> {
        let sql = dialect::configuration_keys(self);
        // Keys may hold `_`, which LIKE takes for any letter: so it finds them too.
        let plain = search.to_lowercase().replace(['%', '\\'], "");
        let like = format!("%{}%", plain.trim());
        Ok(on!(self, |db| sqlx::query_as(sql)
            .bind(organization)
            .bind(&like)
            .bind(SUGGESTIONS)
            .fetch_all(db)
            .await)?)
    }
}
