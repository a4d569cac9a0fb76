//! What we put onto planes: written as intent before, confirmed after, gone when the plane says so.

use sqlx::FromRow;

use crate::{Result, Store, Tx, dialect, on, within};

/// An object of ours on a plane.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, FromRow)]
pub struct Item {
    /// The binding that it belongs to.
    pub binding_id: String,
    /// The organization.
    pub organization: String,
    /// The plane.
    pub plane: String,
    /// Such as `apps/v1`.
    pub api_version: String,
    /// Such as `Deployment`.
    pub kind: String,
    /// The namespace, or empty.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The plane's id for it; empty until confirmed.
    pub uid: String,
    /// 1 when the current release wants it, 0 when it is to go.
    pub wanted: i64,
}

const OF_BINDING: &str = "SELECT binding_id, organization, plane, api_version, kind, namespace, \
    name, uid, wanted FROM inventory WHERE binding_id = $1 \
    ORDER BY plane, api_version, kind, namespace, name";
const WANT: &str = "INSERT INTO inventory (binding_id, organization, plane, api_version, kind, \
    namespace, name, uid, wanted) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1) ON CONFLICT \
    (binding_id, plane, api_version, kind, namespace, name) DO UPDATE SET wanted = 1, \
    uid = CASE WHEN excluded.uid = '' THEN inventory.uid ELSE excluded.uid END";
const FORGET: &str = "DELETE FROM inventory WHERE binding_id = $1 AND plane = $2 AND \
    api_version = $3 AND kind = $4 AND namespace = $5 AND name = $6";

impl Store {
    /// What several bindings put onto planes.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn inventories(&self, bindings: &[&str]) -> Result<Vec<Item>> {
        let sql = dialect::inventories(self);
        let ids = crate::to_json(&bindings);
        Ok(on!(self, |db| sqlx::query_as(sql)
            .bind(&ids)
            .fetch_all(db)
            .await)?)
    }

    /// What a binding has on planes.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn inventory(&self, binding_id: &str) -> Result<Vec<Item>> {
        Ok(on!(self, |db| sqlx::query_as(OF_BINDING)
            .bind(binding_id)
            .fetch_all(db)
            .await)?)
    }

    /// How many objects of ours a plane holds.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn count_inventory(&self, organization: &str, plane: &str) -> Result<i64> {
        const SQL: &str = "SELECT COUNT(*) FROM inventory WHERE organization = $1 AND plane = $2";
        Ok(on!(self, |db| sqlx::query_scalar(SQL)
            .bind(organization)
            .bind(plane)
            .fetch_one(db)
            .await)?)
    }

    /// How many objects are still to be written to a plane, or taken from it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn count_unconfirmed(&self, organization: &str, plane: &str) -> Result<i64> {
        const SQL: &str = "SELECT COUNT(*) FROM inventory WHERE organization = $1 AND \
            plane = $2 AND (uid = '' OR wanted = 0)";
        Ok(on!(self, |db| sqlx::query_scalar(SQL)
            .bind(organization)
            .bind(plane)
            .fetch_one(db)
            .await)?)
    }
}

impl Tx {
    /// Says that nothing a binding has is wanted any more; [`Tx::want`] takes single ones back.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn unwant_all(&mut self, binding_id: &str) -> Result<()> {
        const SQL: &str = "UPDATE inventory SET wanted = 0 WHERE binding_id = $1";
        within!(self, |db| sqlx::query(SQL)
            .bind(binding_id)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Says that an object is wanted; an empty `uid` leaves the known one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn want(&mut self, item: &Item) -> Result<()> {
        within!(self, |db| sqlx::query(WANT)
            .bind(&item.binding_id)
            .bind(&item.organization)
            .bind(&item.plane)
            .bind(&item.api_version)
            .bind(&item.kind)
            .bind(&item.namespace)
            .bind(&item.name)
            .bind(&item.uid)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Says that an object is gone from its plane.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forget(&mut self, item: &Item) -> Result<()> {
        within!(self, |db| sqlx::query(FORGET)
            .bind(&item.binding_id)
            .bind(&item.plane)
            .bind(&item.api_version)
            .bind(&item.kind)
            .bind(&item.namespace)
            .bind(&item.name)
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
