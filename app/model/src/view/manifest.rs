//! What is declared: plans, resources, history, deletes.

use serde::{Deserialize, Serialize};

use super::{ObjectDiff, ObjectYaml};
use crate::{
    diff::FieldChange, identity::Identity, kind::Kind, moment::Moment, problem::FieldFault,
};

/// What becomes of something.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Change {
    /// It is new.
    Created,
    /// It changes.
    Changed,
    /// It stays as it is.
    #[default]
    Unchanged,
    /// It goes.
    Deleted,
}

impl Change {
    /// The name stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "Created",
            Self::Changed => "Changed",
            Self::Unchanged => "Unchanged",
            Self::Deleted => "Deleted",
        }
    }
}

/// One document of an apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanRow {
    /// What it is.
    pub identity: Identity,
    /// The file it came in, or empty.
    pub file: String,
    /// Its line in the file.
    pub line: usize,
    /// What becomes of it.
    pub change: Change,
    /// The fields that change.
    pub fields: Vec<FieldChange>,
    /// What people must know of it.
    pub note: Option<String>,
    /// What it will wait for.
    pub waiting: Vec<String>,
}

/// What an apply would do, or did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanView {
    /// The documents, in the order they are taken.
    pub rows: Vec<PlanRow>,
    /// Why nothing can be taken; empty when all is well.
    pub faults: Vec<FieldFault>,
    /// Whether it was done.
    pub applied: bool,
}

impl PlanView {
    /// How many rows become so.
    pub fn count(&self, change: Change) -> usize {
        self.rows.iter().filter(|row| row.change == change).count()
    }
}

/// What an apply would do, down to the objects on planes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewView {
    /// What becomes of what is declared.
    pub plan: PlanView,
    /// What it comes to, for each component and environment that it reaches; empty with faults.
    pub releases: Vec<PreviewRelease>,
}

/// The release that a component would have in an environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewRelease {
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// The environment.
    pub environment: String,
    /// What stands in the way, in words: what it waits for, or what must be changed.
    pub blocked: Vec<String>,
    /// The objects, in the order in which they would be applied.
    pub objects: Vec<ObjectYaml>,
    /// What differs from what should run there now.
    pub diff: Vec<ObjectDiff>,
    /// The variables that connections put into its containers, as name and value.
    pub injected: Vec<(String, String)>,
}

/// A resource in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResourceRow {
    /// What it is.
    pub identity: Identity,
    /// What people call it.
    pub display_name: String,
    /// How often it was changed.
    pub generation: i64,
    /// When it was last changed.
    pub updated: Moment,
    /// By whom.
    pub by: String,
}

/// A resource's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResourceView {
    /// What it is.
    pub row: ResourceRow,
    /// For stale-write checks.
    pub version: i64,
    /// Its manifest as YAML, secrets masked.
    pub yaml: String,
    /// The same as a value, without its status: what can be changed and sent back.
    pub manifest: serde_json::Value,
    /// What people must know of its kind.
    pub note: Option<String>,
    /// What became of it, newest first.
    pub history: Vec<HistoryRow>,
    /// Who refers to it.
    pub used_by: Vec<Identity>,
    /// A class's versions, newest first: number and moment.
    pub versions: Vec<(i64, Moment)>,
}

/// One change of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryRow {
    /// Its place in the order of all changes.
    pub sequence: i64,
    /// What.
    pub identity: Identity,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: String,
    /// What became of it.
    pub change: Change,
    /// The fields that changed.
    pub fields: Vec<FieldChange>,
}

/// A kind with how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KindCount {
    /// The kind.
    pub kind: Kind,
    /// How many.
    pub count: i64,
}

/// What a delete would take away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeleteView {
    /// What is asked to go.
    pub identity: Identity,
    /// The resources that go with it.
    pub resources: Vec<Identity>,
    /// The objects that go from planes, as plane and object.
    pub objects: Vec<(String, String)>,
    /// Why it can't go; empty when it can.
    pub blocked_by: Vec<String>,
}
