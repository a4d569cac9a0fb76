//! The queries behind list pages: filtered, ordered and cut in SQL, never unbounded.

use sqlx::FromRow;

use crate::{Result, Store, artifacts::Of, dialect, on};

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut<'a> {
    /// A part of the name or display name; empty for all.
    pub search: &'a str,
    /// Runs so in some environment; empty for all.
    pub health: &'a str,
    /// Only names after this one; empty for all.
    pub after: &'a str,
    /// At most so many rows.
    pub limit: i64,
    /// After so many rows.
    pub offset: i64,
}

/// A name with what people call it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Line {
    /// The id.
    pub id: String,
    /// The project, or empty.
    pub project: String,
    /// The component, or empty.
    pub component: String,
    /// The name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// As declared.
    pub spec: String,
    /// How often the spec was changed.
    pub generation: i64,
    /// When it was last changed.
    pub updated_at: i64,
    /// By whom.
    pub updated_by: String,
    /// Since when it is being deleted.
    pub deleted_at: Option<i64>,
}

/// A count by project, environment and health.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Tally {
    /// The project.
    pub project: String,
    /// The environment.
    pub environment: String,
    /// How they run.
    pub health: String,
    /// How many.
    pub count: i64,
}

/// A component that runs on a plane.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PlaneLine {
    /// The environment.
    pub environment: String,
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// How it runs.
    pub health: String,
    /// How many objects of it are there.
    pub objects: i64,
    /// How many components run in that environment.
    pub total: i64,
}

/// A component in one environment, as a project's table shows it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CellLine {
    /// The component.
    pub component: String,
    /// The environment.
    pub environment: String,
    /// The number of the artifact that should run.
    pub artifact: Option<i64>,
    /// The version people read.
    pub label: String,
    /// How it runs.
    pub health: String,
    /// Why, in words.
    pub sentence: String,
    /// Since when.
    pub since: i64,
    /// Active, Suspend or Undeploy.
    pub state: String,
    /// The newest artifact's number; 0 without one.
    pub newest: i64,
}

const LINES: &str = "SELECT id, project, component, name, display_name, description, spec, \
    generation, updated_at, updated_by, deleted_at FROM resources WHERE organization = $1 AND \
    kind = $2 AND (project = $3 OR $3 = '') AND ($4 = '' OR LOWER(name) LIKE $5 OR \
    LOWER(display_name) LIKE $5) AND ($8 = '' OR name > $8) \
    ORDER BY project, component, name LIMIT $6 OFFSET $7";
const COUNT_LINES: &str = "SELECT COUNT(*) FROM resources WHERE organization = $1 AND \
    kind = $2 AND (project = $3 OR $3 = '') AND ($4 = '' OR LOWER(name) LIKE $5 OR \
    LOWER(display_name) LIKE $5)";
const COMPONENTS: &str = "SELECT id, project, component, name, display_name, description, spec, \
    generation, updated_at, updated_by, deleted_at FROM resources r WHERE organization = $1 AND \
    kind = 'Component' AND project = $2 AND component = '' AND ($3 = '' OR LOWER(name) LIKE $4 \
    OR LOWER(display_name) LIKE $4) AND ($5 = '' OR EXISTS (SELECT 1 FROM bindings b WHERE \
    b.organization = r.organization AND b.project = r.project AND b.component = r.name AND \
    b.health = $5)) AND ($8 = '' OR name > $8) ORDER BY name LIMIT $6 OFFSET $7";
const COUNT_COMPONENTS: &str = "SELECT COUNT(*) FROM resources r WHERE organization = $1 AND \
    kind = 'Component' AND project = $2 AND component = '' AND ($3 = '' OR LOWER(name) LIKE $4 \
    OR LOWER(display_name) LIKE $4) AND ($5 = '' OR EXISTS (SELECT 1 FROM bindings b WHERE \
    b.organization = r.organization AND b.project = r.project AND b.component = r.name AND \
    b.health = $5))";
const ON_PLANE: &str = "SELECT p.environment, p.project, p.component, b.health, p.total, \
    (SELECT COUNT(*) FROM inventory i WHERE i.binding_id = p.id AND i.plane = $2) AS objects \
    FROM (SELECT id, environment, project, component, ROW_NUMBER() OVER (PARTITION BY \
    environment ORDER BY project, component) AS place, COUNT(*) OVER (PARTITION BY environment) \
    AS total FROM bindings WHERE organization = $1 AND plane = $2) p JOIN bindings b ON \
    b.id = p.id WHERE p.place <= $3 ORDER BY p.environment, p.project, p.component";
const NAMESPACES: &str = "SELECT project, MAX(namespace) FROM bindings WHERE organization = $1 \
    AND environment = $2 GROUP BY project";
const BY_PROJECT: &str = "SELECT project, environment, health, COUNT(*) AS count FROM bindings \
    WHERE organization = $1 AND state <> 'Undeploy' GROUP BY project, environment, health";
const EVERYWHERE: &str = "SELECT '' AS project, environment, health, COUNT(*) AS count FROM \
    bindings WHERE organization = $1 AND state <> 'Undeploy' GROUP BY environment, health";
const KINDS: &str = "SELECT kind, COUNT(*) FROM resources WHERE organization = $1 GROUP BY kind";
const NAMES: &str = "SELECT name FROM resources WHERE organization = $1 AND kind = $2 AND \
    project = $3 ORDER BY name LIMIT 5000";

/// A pattern for LIKE that finds the text anywhere; what LIKE reads specially is taken away, since
/// no name may hold it.
pub(crate) fn pattern(search: &str) -> String {
    let plain: String = search
        .to_lowercase()
        .chars()
        .filter(|c| !matches!(c, '%' | '\\'))
        .collect();
    format!("%{}%", plain.replace('_', " ").trim())
}

impl Store {
    /// A part of a kind's resources, with the count of all that fit.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(
        &self,
        organization: &str,
        kind: &str,
        project: &str,
        cut: Cut<'_>,
    ) -> Result<(Vec<Line>, i64)> {
        let like = pattern(cut.search);
        let rows = on!(self, |db| sqlx::query_as(LINES)
            .bind(organization)
            .bind(kind)
            .bind(project)
            .bind(cut.search)
            .bind(&like)
            .bind(cut.limit)
            .bind(cut.offset)
            .bind(cut.after)
            .fetch_all(db)
            .await)?;
        let total = on!(self, |db| sqlx::query_scalar(COUNT_LINES)
            .bind(organization)
            .bind(kind)
            .bind(project)
            .bind(cut.search)
            .bind(&like)
            .fetch_one(db)
            .await)?;
        Ok((rows, total))
    }

    /// A part of a project's components, with the count of all that fit.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list_components(
        &self,
        organization: &str,
        project: &str,
        cut: Cut<'_>,
    ) -> Result<(Vec<Line>, i64)> {
        let like = pattern(cut.search);
        let rows = on!(self, |db| sqlx::query_as(COMPONENTS)
            .bind(organization)
            .bind(project)
            .bind(cut.search)
            .bind(&like)
            .bind(cut.health)
            .bind(cut.limit)
            .bind(cut.offset)
            .bind(cut.after)
            .fetch_all(db)
            .await)?;
        let total = on!(self, |db| sqlx::query_scalar(COUNT_COMPONENTS)
            .bind(organization)
            .bind(project)
            .bind(cut.search)
            .bind(&like)
            .bind(cut.health)
            .fetch_one(db)
            .await)?;
        Ok((rows, total))
    }

    /// The cells of these components.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn cells(
        &self,
        organization: &str,
        project: &str,
        components: &[&str],
    ) -> Result<Vec<CellLine>> {
        let sql = dialect::cells(self);
        let names = crate::to_json(&components);
        Ok(on!(self, |db| sqlx::query_as(sql)
            .bind(organization)
            .bind(project)
            .bind(&names)
            .fetch_all(db)
            .await)?)
    }

    /// These projects, by name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn projects_named(&self, organization: &str, names: &[&str]) -> Result<Vec<Line>> {
        let sql = dialect::projects_named(self);
        let names = crate::to_json(&names);
        Ok(on!(self, |db| sqlx::query_as(sql)
            .bind(organization)
            .bind(&names)
            .fetch_all(db)
            .await)?)
    }

    /// Counts by environment and health of these projects.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn tallies(&self, organization: &str, projects: &[&str]) -> Result<Vec<Tally>> {
        let sql = dialect::tallies(self);
        let names = crate::to_json(&projects);
        Ok(on!(self, |db| sqlx::query_as(sql)
            .bind(organization)
            .bind(&names)
            .fetch_all(db)
            .await)?)
    }

    /// Counts by project, environment and health of all projects.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn tallies_by_project(&self, organization: &str) -> Result<Vec<Tally>> {
        Ok(on!(self, |db| sqlx::query_as(BY_PROJECT)
            .bind(organization)
            .fetch_all(db)
            .await)?)
    }

    /// The projects that have something in an environment, each with its namespace there, which
    /// is empty until known.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn namespaces(
        &self,
        organization: &str,
        environment: &str,
    ) -> Result<Vec<(String, String)>> {
        Ok(on!(self, |db| sqlx::query_as(NAMESPACES)
            .bind(organization)
            .bind(environment)
            .fetch_all(db)
            .await)?)
    }

    /// What runs on a plane: the first of each environment, with how many there are.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn lines_on_plane(
        &self,
        organization: &str,
        plane: &str,
        of_each: i64,
    ) -> Result<Vec<PlaneLine>> {
        Ok(on!(self, |db| sqlx::query_as(ON_PLANE)
            .bind(organization)
            .bind(plane)
            .bind(of_each)
            .fetch_all(db)
            .await)?)
    }

    /// Counts by environment and health of all projects together.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn tallies_everywhere(&self, organization: &str) -> Result<Vec<Tally>> {
        Ok(on!(self, |db| sqlx::query_as(EVERYWHERE)
            .bind(organization)
            .fetch_all(db)
            .await)?)
    }

    /// How many components these projects have.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn component_counts(
        &self,
        organization: &str,
        projects: &[&str],
    ) -> Result<Vec<(String, i64)>> {
        let sql = dialect::project_counts(self);
        let names = crate::to_json(&projects);
        Ok(on!(self, |db| sqlx::query_as(sql)
            .bind(organization)
            .bind(&names)
            .fetch_all(db)
            .await)?)
    }

    /// How many resources there are of each kind, by the kind's name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn kind_counts(&self, organization: &str) -> Result<Vec<(String, i64)>> {
        Ok(on!(self, |db| sqlx::query_as(KINDS)
            .bind(organization)
            .fetch_all(db)
            .await)?)
    }

    /// The names of a kind's resources, for "did you mean".
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn names(
        &self,
        organization: &str,
        kind: &str,
        project: &str,
    ) -> Result<Vec<String>> {
        Ok(on!(self, |db| sqlx::query_scalar(NAMES)
            .bind(organization)
            .bind(kind)
            .bind(project)
            .fetch_all(db)
            .await)?)
    }

    /// The environments that run each artifact of a component.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn artifact_environments(&self, of: Of<'_>) -> Result<Vec<(i64, String)>> {
        const SQL: &str = "SELECT artifact, environment FROM bindings WHERE organization = $1 \
            AND project = $2 AND component = $3 AND artifact IS NOT NULL ORDER BY environment";
        Ok(on!(self, |db| sqlx::query_as(SQL)
            .bind(of.organization)
            .bind(of.project)
            .bind(of.component)
            .fetch_all(db)
            .await)?)
    }
}
