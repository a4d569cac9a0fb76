//! Releases, and the attempts to bring them somewhere.

use serde::{Deserialize, Serialize};

use super::Change;
use crate::moment::Moment;

/// A numbered release in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReleaseRow {
    /// Its environment.
    pub environment: String,
    /// Its number.
    pub number: i64,
    /// Its content hash.
    pub hash: String,
    /// The artifact's number.
    pub artifact: i64,
    /// The version people read.
    pub version: String,
    /// How many objects it has.
    pub objects: i64,
    /// When it was made.
    pub created: Moment,
    /// Whether it is the one that should run.
    pub current: bool,
}

/// How an attempt went.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DeploymentStatus {
    /// Not begun.
    #[default]
    Pending,
    /// Objects are being written.
    Applying,
    /// Written; the plane is at it.
    Progressing,
    /// All healthy.
    Succeeded,
    /// It doesn't run.
    Failed,
    /// A newer one took its place.
    Superseded,
}

impl DeploymentStatus {
    /// The name stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Applying => "Applying",
            Self::Progressing => "Progressing",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Superseded => "Superseded",
        }
    }

    /// Reads what [`DeploymentStatus::as_str`] wrote; anything else is `Pending`.
    pub fn parse(text: &str) -> Self {
        match text {
            "Applying" => Self::Applying,
            "Progressing" => Self::Progressing,
            "Succeeded" => Self::Succeeded,
            "Failed" => Self::Failed,
            "Superseded" => Self::Superseded,
            _ => Self::Pending,
        }
    }
}

/// One attempt to bring a release to an environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeploymentRow {
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// The environment.
    pub environment: String,
    /// The release's number.
    pub release: i64,
    /// The artifact's number.
    pub artifact: i64,
    /// The version people read.
    pub version: String,
    /// How it went.
    pub status: DeploymentStatus,
    /// Why, in words.
    pub sentence: String,
    /// Who or what asked for it.
    pub by: String,
    /// When it began.
    pub started: Moment,
    /// When it ended.
    pub finished: Option<Moment>,
    /// Objects made, changed, taken away, left alone.
    pub changes: [i64; 4],
}

/// A release's page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReleaseView {
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// The release itself.
    pub release: ReleaseRow,
    /// The number of the one before, if there was one.
    pub previous: Option<i64>,
    /// The namespace on the plane.
    pub namespace: String,
    /// The plane.
    pub plane: String,
    /// The objects as YAML, in the order they are applied.
    pub objects: Vec<ObjectYaml>,
    /// What differs from the one before.
    pub diff: Vec<ObjectDiff>,
    /// The attempts to bring it here, newest first.
    pub deployments: Vec<DeploymentRow>,
}

/// An object as YAML.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectYaml {
    /// The kind.
    pub kind: String,
    /// The name.
    pub name: String,
    /// The text.
    pub yaml: String,
}

/// What differs in one object.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectDiff {
    /// The kind.
    pub kind: String,
    /// The name.
    pub name: String,
    /// Whether it is new, gone, changed or the same.
    pub change: Change,
    /// The text before; empty when new.
    pub before: String,
    /// The text after; empty when gone.
    pub after: String,
}
