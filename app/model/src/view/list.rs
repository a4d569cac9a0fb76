//! Parts of long lists.

use serde::{Deserialize, Serialize};

use crate::{health::Health, kind::Kind};

/// Which part of a long list is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Paging {
    /// From 1.
    pub page: i64,
    /// At most 200.
    pub per_page: i64,
    /// Only names that contain this; empty for all.
    pub search: String,
    /// Only what runs so somewhere; `None` for all.
    pub health: Option<Health>,
    /// Only names after this one; empty for all.
    pub after: String,
}

impl Default for Paging {
    fn default() -> Self {
        Self {
            page: 1,
            per_page: 50,
            search: String::new(),
            health: None,
            after: String::new(),
        }
    }
}

/// One part of a long list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// How many there are in all.
    pub total: i64,
    /// Which part this is, from 1.
    pub page: i64,
    /// How many a part has.
    pub per_page: i64,
}

/// Where a list of manifests goes on: the project, component and name of the last one seen.
pub type Place = (String, String, String);

/// Which manifests are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// Of this kind.
    pub kind: Kind,
    /// Only of this project; empty for all.
    pub project: String,
    /// Only of this component; empty for all.
    pub component: String,
    /// Only with this very name; empty for all.
    pub name: String,
    /// Only names and display names that contain this; empty for all.
    pub search: String,
    /// Only with this label, as key and value; with any value when that is `None`.
    pub label: Option<(String, Option<String>)>,
    /// Only what runs so somewhere; `None` for all.
    pub health: Option<Health>,
    /// Only after this one.
    pub after: Option<Place>,
    /// At most so many, from 1 to 200.
    pub limit: i64,
}

impl Slice {
    /// The first 50 of a kind.
    pub fn of(kind: Kind) -> Self {
        Self {
            kind,
            project: String::new(),
            component: String::new(),
            name: String::new(),
            search: String::new(),
            label: None,
            health: None,
            after: None,
            limit: 50,
        }
    }
}

/// Manifests with their status, in the order of project, component and name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sliced {
    /// The manifests.
    pub items: Vec<serde_json::Value>,
    /// Where it goes on; `None` at the end.
    pub next: Option<Place>,
}
