//! One run on a BuildPlane.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{component::TemplateRef, value::Owner};

/// A build (`openchoreo.md` 1.14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuildRunSpec {
    /// What is built.
    pub owner: Owner,
    /// From which source.
    pub repository: BuildRepository,
    /// By what.
    pub template_ref: TemplateRef,
}

/// A source at a revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuildRepository {
    /// The git address.
    pub url: String,
    /// The revision.
    pub revision: Revision,
    /// Path of the application in the repository.
    pub app_path: String,
}

/// A revision; the commit wins over the branch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Revision {
    /// A branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// A commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}
