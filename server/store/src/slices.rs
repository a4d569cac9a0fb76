//! Long lists of resources as machines read them: a part at a time, each part one query, whatever
//! is written in between.

use model::view::Slice;

use crate::{
    Result, Store,
    bindings::Binding,
    dialect,
    lists::pattern,
    on,
    resources::{Resource, Row, columns},
    waiting::{self, Waiting},
};

const SLICE: &str = columns!(
    "r WHERE organization = $1 AND kind = $2 AND (project = $3 OR $3 = '') AND (component = $4 OR \
     $4 = '') AND (name = $5 OR $5 = '') AND ($6 = '' OR LOWER(name) LIKE $7 OR \
     LOWER(display_name) LIKE $7) AND ($8 = '' OR REPLACE(labels, $8, '') <> labels) AND \
     ($9 = '' OR EXISTS (SELECT 1 FROM bindings b WHERE b.organization = r.organization AND \
     b.health = $9 AND (b.id = r.id OR (r.kind = 'Component' AND b.project = r.project AND \
     b.component = r.name) OR (r.kind = 'Project' AND b.project = r.name)))) AND \
     ($10 = 0 OR (project, component, name) > ($11, $12, $13)) \
     ORDER BY project, component, name LIMIT $14"
);

/// A label as it stands in the column: `"key":"value"`, or `"key":` whatever its value.
fn needle(label: Option<&(String, Option<String>)>) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    match label {
        None => String::new(),
        Some((key, None)) => format!("{}:", quoted(key)),
        Some((key, Some(value))) => format!("{}:{}", quoted(key), quoted(value)),
    }
}

impl Store {
    /// The resources of a slice, and one more when it goes on.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn slice(&self, organization: &str, slice: &Slice) -> Result<Vec<Resource>> {
        let like = pattern(&slice.search);
        let needle = needle(slice.label.as_ref());
        let health = slice.health.map_or("", model::health::Health::as_str);
        let none = Default::default();
        let (project, component, name) = slice.after.as_ref().unwrap_or(&none);
        let rows: Vec<Row> = on!(self, |db| sqlx::query_as(SLICE)
            .bind(organization)
            .bind(slice.kind.as_str())
            .bind(&slice.project)
            .bind(&slice.component)
            .bind(&slice.name)
            .bind(&slice.search)
            .bind(&like)
            .bind(&needle)
            .bind(health)
            .bind(i64::from(slice.after.is_some()))
            .bind(project)
            .bind(component)
            .bind(name)
            .bind(slice.limit.clamp(1, 200) + 1)
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Resource::try_from).collect()
    }

    /// The bindings of these components, each a project and a name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn bindings_of_components(
        &self,
        organization: &str,
        components: &[(&str, &str)],
    ) -> Result<Vec<Binding>> {
        let sql = dialect::bindings_of(self);
        let components = crate::to_json(&components);
        Ok(on!(self, |db| sqlx::query_as(sql)
            .bind(organization)
            .bind(&components)
            .fetch_all(db)
            .await)?)
    }

    /// What of these components waits, each a project and a name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn waiting_of_components(
        &self,
        organization: &str,
        components: &[(&str, &str)],
    ) -> Result<Vec<Waiting>> {
        let sql = dialect::waiting_of(self);
        let components = crate::to_json(&components);
        let rows: Vec<waiting::Row> = on!(self, |db| sqlx::query_as(sql)
            .bind(organization)
            .bind(&components)
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Waiting::try_from).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::needle;

    #[test]
    fn a_label_is_found_whole() {
        assert_eq!(needle(None), "");
        assert_eq!(needle(Some(&("team".into(), None))), "\"team\":");
        let pair = ("team".into(), Some("a\"b".into()));
        assert_eq!(needle(Some(&pair)), "\"team\":\"a\\\"b\"");
    }
}
