//! What a resource was after each change of it, and what differs between two of them.

use serde::{Deserialize, Serialize};

use super::Change;
use crate::{diff::FieldChange, identity::Identity, moment::Moment};

/// A resource as one change left it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revision {
    /// The change's place in the order of all changes.
    pub sequence: i64,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: String,
    /// What became of it.
    pub change: Change,
    /// Its manifest as YAML, secrets masked; empty when it was deleted.
    pub yaml: String,
}

/// What differs between two revisions of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comparison {
    /// The resource.
    pub identity: Identity,
    /// The older one.
    pub from: Revision,
    /// The newer one.
    pub to: Revision,
    /// The fields that differ.
    pub fields: Vec<FieldChange>,
}
