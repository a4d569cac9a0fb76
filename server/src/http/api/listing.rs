//! Long lists: where they go on, what they are narrowed to, which fields are wanted.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use model::{
    health::Health,
    kind::Kind,
    problem::Problem,
    view::{Paging, Slice},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

/// A part of a long list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Listed<T> {
    /// The items, in a fixed order.
    pub(super) items: Vec<T>,
    /// Send it as `cursor` to get what follows; not there at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
    /// How many there are in all, where that is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) total: Option<i64>,
}

/// What is left of an answer when `fields` were chosen: those fields, where they are.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only the document speaks of it")]
pub(super) struct Chosen {
    /// The items with the chosen fields.
    #[schema(value_type = Option<Vec<Object>>)]
    items: Option<Vec<Value>>,
    /// Send it as `cursor` to get what follows; not there at the end.
    next: Option<String>,
    /// How many there are in all, where that is counted.
    total: Option<i64>,
}

/// Which part of a long list is wanted, and what of it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Listing {
    /// The `next` of the part before; the beginning without it.
    cursor: Option<String>,
    /// At most so many, up to 200; 50 without it.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Only names and display names that contain this.
    search: Option<String>,
    /// Only what runs so somewhere.
    #[param(inline)]
    health: Option<Health>,
    /// Only these fields of each item, such as `metadata.name,status`.
    fields: Option<String>,
}

/// What resources are narrowed to besides.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// Only with this very name.
    name: Option<String>,
    /// Only with this label, as `key` or `key=value`.
    label: Option<String>,
    /// Only of this project.
    project: Option<String>,
    /// Only of this component.
    component: Option<String>,
}

impl Listing {
    pub(super) fn limit(&self) -> Result<i64, Problem> {
        match self.limit {
            None => Ok(50),
            Some(limit @ 1..=200) => Ok(limit),
            Some(_) => Err(Problem::invalid(
                "limit",
                "It isn't from 1 to 200",
                "Take less at once, and go on with the cursor",
            )),
        }
    }

    /// Where it goes on, as words that were packed with [`cursor`].
    pub(super) fn after<T: for<'a> Deserialize<'a>>(&self) -> Result<Option<T>, Problem> {
        let Some(text) = self.cursor.as_deref().filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
        serde_json::from_slice(&bytes).map(Some).map_err(|_| {
            Problem::invalid(
                "cursor",
                "It isn't a cursor of this list",
                "Send the next of the part before as it is",
            )
        })
    }

    pub(super) fn paging(&self) -> Result<Paging, Problem> {
        Ok(Paging {
            page: 1,
            per_page: self.limit()?,
            search: self.search.as_deref().unwrap_or_default().trim().to_owned(),
            health: self.health,
            after: self.after()?.unwrap_or_default(),
        })
    }

    pub(super) fn slice(&self, kind: Kind, filter: Filter) -> Result<Slice, Problem> {
        let label = filter.label.filter(|text| !text.is_empty());
        Ok(Slice {
            kind,
            project: filter.project.unwrap_or_default(),
            component: filter.component.unwrap_or_default(),
            name: filter.name.unwrap_or_default(),
            search: self.search.as_deref().unwrap_or_default().trim().to_owned(),
            label: label.map(|text| match text.split_once('=') {
                Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
                None => (text, None),
            }),
            health: self.health,
            after: self.after()?,
            limit: self.limit()?,
        })
    }

    /// The list with the fields that were asked for.
    pub(super) fn chosen<T: Serialize>(&self, listed: Listed<T>) -> Listed<Value> {
        let Listed { items, next, total } = listed;
        let items = items.into_iter();
        let values = items.map(|item| serde_json::to_value(item).unwrap_or_default());
        Listed {
            items: match wanted(self.fields.as_deref()) {
                None => values.collect(),
                Some(fields) => values.map(|value| picked(&value, &fields)).collect(),
            },
            next,
            total,
        }
    }
}

/// Words for a cursor that nobody should read anything into.
pub(super) fn cursor(place: &impl Serialize) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_string(place).unwrap_or_default())
}

/// The fields that were asked for, each as its steps; `None` for all.
fn wanted(fields: Option<&str>) -> Option<Vec<Vec<&str>>> {
    let fields: Vec<Vec<&str>> = fields?
        .split(',')
        .map(str::trim)
        .filter(|field| !field.is_empty())
        .map(|field| field.split('.').collect())
        .collect();
    (!fields.is_empty()).then_some(fields)
}

/// What of a value lies on these paths. In a list each item is looked into.
fn picked(value: &Value, fields: &[Vec<&str>]) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| picked(item, fields)).collect(),
        Value::Object(all) => {
            let mut kept = Map::new();
            for (name, value) in all {
                let below: Vec<Vec<&str>> = fields
                    .iter()
                    .filter(|field| field.first() == Some(&name.as_str()))
                    .map(|field| field[1..].to_vec())
                    .collect();
                if below.iter().any(Vec::is_empty) {
                    kept.insert(name.clone(), value.clone());
                } else if !below.is_empty() {
                    kept.insert(name.clone(), picked(value, &below));
                }
            }
            kept.into()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_picked_along_their_paths() {
        let value = json!({
            "metadata": {"name": "cart", "labels": {"a.b": "c"}},
            "spec": {"x": 1},
            "status": {"environments": [{"name": "dev", "health": "Healthy"}]},
        });
        let pick = |fields| picked(&value, &wanted(Some(fields)).expect("fields"));
        assert_eq!(
            pick("metadata.name, spec"),
            json!({"metadata": {"name": "cart"}, "spec": {"x": 1}})
        );
        assert_eq!(
            pick("status.environments.health"),
            json!({"status": {"environments": [{"health": "Healthy"}]}})
        );
        assert_eq!(pick("nothing.at.all"), json!({}));
        assert_eq!(wanted(Some(" , ")), None);
        assert_eq!(wanted(None), None);
    }

    #[test]
    fn a_cursor_comes_back_and_a_made_up_one_is_refused() {
        let place = ("shop".to_owned(), String::new(), "cart".to_owned());
        let listing = |text: &str| Listing {
            cursor: Some(text.into()),
            ..Listing::default()
        };
        let back = listing(&cursor(&place)).after();
        assert_eq!(back.expect("a place"), Some(place));
        for wrong in ["x", "e30", "WyJhIl0"] {
            let after = listing(wrong).after::<(String, String, String)>();
            assert!(after.is_err(), "{wrong}");
        }
        assert_eq!(listing("").after::<String>().expect("none"), None);
    }
}
