//! What tests of planes found, the newest few of each.

use model::{access::Grant, kind::Kind};
use sqlx::FromRow;

use crate::{Result, Store, Tx, on, within};

/// So many are kept of each plane.
const KEPT: i64 = 20;

/// A test of a plane.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PlaneTestRow {
    /// UUIDv7.
    pub id: String,
    /// The organization.
    pub organization: String,
    /// `DataPlane` or `BuildPlane`.
    pub kind: String,
    /// The plane's name.
    pub name: String,
    /// When it was made.
    pub at: i64,
    /// By whom.
    pub actor: String,
    /// 1 when nothing failed.
    pub passed: i64,
    /// What was tried and found, as JSON.
    pub steps: String,
}

impl Store {
    /// The tests of a plane that are kept, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn plane_tests(
        &self,
        organization: &str,
        kind: Kind,
        name: &str,
    ) -> Result<Vec<PlaneTestRow>> {
        const SQL: &str = "SELECT id, organization, kind, name, at, actor, passed, steps FROM \
            plane_tests WHERE organization = $1 AND kind = $2 AND name = $3 \
            ORDER BY at DESC, id DESC LIMIT $4";
        Ok(on!(self, |db| sqlx::query_as(SQL)
            .bind(organization)
            .bind(kind.as_str())
            .bind(name)
            .bind(KEPT)
            .fetch_all(db)
            .await)?)
    }

    /// The newest test of each plane of a kind.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn newest_plane_tests(
        &self,
        organization: &str,
        kind: Kind,
    ) -> Result<Vec<PlaneTestRow>> {
        const SQL: &str = "SELECT id, organization, kind, name, at, actor, passed, steps FROM \
            plane_tests AS one WHERE organization = $1 AND kind = $2 AND at = (SELECT MAX(at) FROM \
            plane_tests AS other WHERE other.organization = one.organization AND other.kind = \
            one.kind AND other.name = one.name) ORDER BY name, id DESC";
        Ok(on!(self, |db| sqlx::query_as(SQL)
            .bind(organization)
            .bind(kind.as_str())
            .fetch_all(db)
            .await)?)
    }
}

impl Tx {
    /// Keeps a test, and lets go of those that are too many.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_plane_test(&mut self, _grant: &Grant, test: &PlaneTestRow) -> Result<()> {
        const ADD: &str = "INSERT INTO plane_tests (id, organization, kind, name, at, actor, \
            passed, steps) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        const DROP: &str = "DELETE FROM plane_tests WHERE organization = $1 AND kind = $2 AND \
            name = $3 AND id NOT IN (SELECT id FROM plane_tests WHERE organization = $1 AND \
            kind = $2 AND name = $3 ORDER BY at DESC, id DESC LIMIT $4)";
        within!(self, |db| sqlx::query(ADD)
            .bind(&test.id)
            .bind(&test.organization)
            .bind(&test.kind)
            .bind(&test.name)
            .bind(test.at)
            .bind(&test.actor)
            .bind(test.passed)
            .bind(&test.steps)
            .execute(db)
            .await
            .map(|_| ()))?;
        within!(self, |db| sqlx::query(DROP)
            .bind(&test.organization)
            .bind(&test.kind)
            .bind(&test.name)
            .bind(KEPT)
            .execute(db)
            .await
            .map(|_| ()))?;
        self.touch(format!("{}/planes", test.organization));
        Ok(())
    }

    /// Forgets the tests of a plane that is gone.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove_plane_tests(
        &mut self,
        organization: &str,
        kind: Kind,
        name: &str,
    ) -> Result<()> {
        const SQL: &str =
            "DELETE FROM plane_tests WHERE organization = $1 AND kind = $2 AND name = $3";
        within!(self, |db| sqlx::query(SQL)
            .bind(organization)
            .bind(kind.as_str())
            .bind(name)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
