//! A class's versions: each edit makes one, artifacts pin one.

use model::{access::Grant, identity::Identity};
use serde_json::Value;
use sqlx::FromRow;

use crate::{Result, Store, Tx, from_json, on, to_json, within};

/// One version of a class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassVersion {
    /// From 1.
    pub version: i64,
    /// As declared then.
    pub spec: Value,
    /// When it was made.
    pub created_at: i64,
    /// By whom.
    pub created_by: String,
}

#[derive(FromRow)]
struct Row {
    version: i64,
    spec: String,
    created_at: i64,
    created_by: String,
}

impl TryFrom<Row> for ClassVersion {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(ClassVersion {
            version: row.version,
            spec: from_json("class_versions", &row.spec)?,
            created_at: row.created_at,
            created_by: row.created_by,
        })
    }
}

/// A component that names a class.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct User {
    /// The component's id.
    pub component_id: String,
    /// Its project.
    pub project: String,
    /// Its name.
    pub component: String,
    /// What people call it.
    pub display_name: String,
    /// The version that its current artifact pins; `None` when it has none of this class yet.
    pub version: Option<i64>,
    /// That artifact.
    pub artifact: Option<i64>,
}

/// Which users of a class are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Users<'a> {
    /// The organization.
    pub organization: &'a str,
    /// The kind of declaration.
    pub declaration: &'a str,
    /// The class.
    pub class: &'a str,
    /// Only of this project; all when empty.
    pub project: &'a str,
    /// Only names that contain this; all when empty.
    pub search: &'a str,
    /// Only those of this version; all when 0.
    pub only: i64,
    /// Only those that don't have this version; all when 0.
    pub except: i64,
}

/// The users of a class. One text for lists and counts, so that both mean the same.
macro_rules! users {
    ($columns:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM resources d JOIN resources c ON c.organization = d.organization AND ",
            "c.kind = 'Component' AND c.project = d.project AND c.component = '' AND ",
            "c.name = d.component AND c.deleted_at IS NULL LEFT JOIN component_status s ON ",
            "s.resource_id = c.id LEFT JOIN artifacts a ON a.organization = d.organization AND ",
            "a.project = d.project AND a.component = d.component AND a.number = s.artifact AND ",
            "a.class_name = $3 WHERE d.organization = $1 AND d.kind = $2 AND d.class_name = $3 AND ",
            "d.deleted_at IS NULL AND ($4 = '' OR d.project = $4) AND ($5 = '' OR ",
            "LOWER(d.component) LIKE $5 OR LOWER(c.display_name) LIKE $5) AND ($6 = 0 OR ",
            "a.class_version = $6) AND ($7 = 0 OR COALESCE(a.class_version, 0) <> $7) ",
            $rest
        )
    };
}

const USERS: &str = users!(
    "c.id AS component_id, d.project, d.component, c.display_name, a.class_version AS version, \
     a.number AS artifact",
    "ORDER BY d.project, d.component LIMIT $8 OFFSET $9"
);
const BY_VERSION: &str = users!(
    "a.class_version, COUNT(*)",
    "GROUP BY a.class_version ORDER BY a.class_version"
);
/// The environments that run something of the users, with the version that runs there.
const RUNNING: &str = concat!(
    "SELECT b.project, b.component, b.environment, p.class_version FROM (",
    users!(
        "d.organization, d.project, d.component",
        "ORDER BY d.project, d.component LIMIT $8 OFFSET $9"
    ),
    ") u JOIN bindings b ON b.organization = u.organization AND b.project = u.project AND \
     b.component = u.component LEFT JOIN artifacts p ON p.organization = b.organization AND \
     p.project = b.project AND p.component = b.component AND p.number = b.artifact \
     WHERE b.release IS NOT NULL AND b.state <> 'Undeploy' \
     ORDER BY b.project, b.component, b.environment"
);
const BY_ENVIRONMENT: &str = concat!(
    "SELECT b.environment, COUNT(*) FROM (",
    users!("d.organization, d.project, d.component", ""),
    ") u JOIN bindings b ON b.organization = u.organization AND b.project = u.project AND \
     b.component = u.component WHERE b.release IS NOT NULL AND b.state <> 'Undeploy' \
     GROUP BY b.environment ORDER BY b.environment"
);
const BY_CLASS: &str = "SELECT d.kind, d.class_name, a.class_version, COUNT(*) FROM resources d \
    JOIN resources c ON c.organization = d.organization AND c.kind = 'Component' AND \
    c.project = d.project AND c.component = '' AND c.name = d.component AND c.deleted_at IS NULL \
    LEFT JOIN component_status s ON s.resource_id = c.id LEFT JOIN artifacts a ON \
    a.organization = d.organization AND a.project = d.project AND a.component = d.component AND \
    a.number = s.artifact AND a.class_name = d.class_name WHERE d.organization = $1 AND \
    d.class_name IS NOT NULL AND d.deleted_at IS NULL \
    GROUP BY d.kind, d.class_name, a.class_version";

/// Binds what all queries about users begin with.
macro_rules! of_users {
    ($query:expr, $users:expr, $like:expr) => {
        $query
            .bind($users.organization)
            .bind($users.declaration)
            .bind($users.class)
            .bind($users.project)
            .bind($like)
            .bind($users.only)
            .bind($users.except)
    };
}

/// What LIKE is asked for; empty for all.
fn like(search: &str) -> String {
    if search.is_empty() {
        return String::new();
    }
    crate::lists::pattern(search)
}

impl Store {
    /// A class's versions, newest first, at most 100.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn class_versions(&self, resource_id: &str) -> Result<Vec<ClassVersion>> {
        const SQL: &str = "SELECT version, spec, created_at, created_by FROM class_versions \
            WHERE resource_id = $1 ORDER BY version DESC LIMIT 100";
        let rows: Vec<Row> = on!(self, |db| sqlx::query_as(SQL)
            .bind(resource_id)
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(ClassVersion::try_from).collect()
    }

    /// One version of a class.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn class_version(
        &self,
        resource_id: &str,
        version: i64,
    ) -> Result<Option<ClassVersion>> {
        const SQL: &str = "SELECT version, spec, created_at, created_by FROM class_versions \
            WHERE resource_id = $1 AND version = $2";
        let row: Option<Row> = on!(self, |db| sqlx::query_as(SQL)
            .bind(resource_id)
            .bind(version)
            .fetch_optional(db)
            .await)?;
        row.map(ClassVersion::try_from).transpose()
    }

    /// A part of those who use a class, by project and name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn class_users(
        &self,
        users: Users<'_>,
        limit: i64,
        offset: i64,
    ) -> Result<Vec<User>> {
        let like = like(users.search);
        Ok(on!(self, |db| of_users!(
            sqlx::query_as(USERS),
            users,
            &like
        )
        .bind(limit)
        .bind(offset)
        .fetch_all(db)
        .await)?)
    }

    /// How many use which version of a class; `None` for those without an artifact of it yet.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn users_by_version(&self, users: Users<'_>) -> Result<Vec<(Option<i64>, i64)>> {
        let like = like(users.search);
        Ok(on!(self, |db| of_users!(
            sqlx::query_as(BY_VERSION),
            users,
            &like
        )
        .fetch_all(db)
        .await)?)
    }

    /// Where that part of a class's users runs: project, component, environment, and the version of
    /// the class there.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn users_running(
        &self,
        users: Users<'_>,
        limit: i64,
        offset: i64,
    ) -> Result<Vec<(String, String, String, Option<i64>)>> {
        let like = like(users.search);
        Ok(on!(self, |db| of_users!(
            sqlx::query_as(RUNNING),
            users,
            &like
        )
        .bind(limit)
        .bind(offset)
        .fetch_all(db)
        .await)?)
    }

    /// In how many places each environment runs something of a class's users.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn users_by_environment(&self, users: Users<'_>) -> Result<Vec<(String, i64)>> {
        let like = like(users.search);
        Ok(on!(self, |db| of_users!(
            sqlx::query_as(BY_ENVIRONMENT),
            users,
            &like
        )
        .fetch_all(db)
        .await)?)
    }

    /// How many use each class: kind of declaration, class, version, count.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn users_by_class(
        &self,
        organization: &str,
    ) -> Result<Vec<(String, String, Option<i64>, i64)>> {
        Ok(on!(self, |db| sqlx::query_as(BY_CLASS)
            .bind(organization)
            .fetch_all(db)
            .await)?)
    }

    /// The newest version of each class in an organization.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn newest_class_versions(&self, organization: &str) -> Result<Vec<(Identity, i64)>> {
        const SQL: &str = "SELECT r.kind, r.name, MAX(v.version) FROM class_versions v \
            JOIN resources r ON r.id = v.resource_id WHERE r.organization = $1 \
            GROUP BY r.kind, r.name";
        let rows: Vec<(String, String, i64)> = on!(self, |db| sqlx::query_as(SQL)
            .bind(organization)
            .fetch_all(db)
            .await)?;
        rows.into_iter()
            .map(|(kind, name, version)| {
                let kind = crate::resources::kind_named("class_versions", &kind)?;
                Ok((
                    Identity::in_organization(kind, organization, &name),
                    version,
                ))
            })
            .collect()
    }
}

impl Tx {
    /// Makes the next version of a class, unless its newest is the same. Gives its number.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn publish_class(
        &mut self,
        grant: &Grant,
        resource_id: &str,
        spec: &Value,
        hash: &str,
    ) -> Result<i64> {
        const NEWEST: &str = "SELECT version, hash FROM class_versions WHERE resource_id = $1 \
            ORDER BY version DESC LIMIT 1";
        const INSERT: &str = "INSERT INTO class_versions (resource_id, version, spec, hash, \
            created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6)";
        let newest: Option<(i64, String)> = within!(self, |db| sqlx::query_as(NEWEST)
            .bind(resource_id)
            .fetch_optional(db)
            .await)?;
        let next = match newest {
            Some((version, known)) if known == hash => return Ok(version),
            Some((version, _)) => version + 1,
            None => 1,
        };
        let now = self.now;
        within!(self, |db| sqlx::query(INSERT)
            .bind(resource_id)
            .bind(next)
            .bind(to_json(spec))
            .bind(hash)
            .bind(now)
            .bind(grant.actor())
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(next)
    }
}
