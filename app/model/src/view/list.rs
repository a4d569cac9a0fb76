//! Parts of long lists.

use serde::{Deserialize, Serialize};

use crate::health::Health;

/// Which part of a long list is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paging {
    /// From 1.
    pub page: i64,
    /// At most 200.
    pub per_page: i64,
    /// Only names that contain this; empty for all.
    pub search: String,
    /// Only what runs so somewhere; `None` for all.
    pub health: Option<Health>,
}

impl Default for Paging {
    fn default() -> Self {
        Self {
            page: 1,
            per_page: 50,
            search: String::new(),
            health: None,
        }
    }
}

/// One part of a long list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
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
