//! Commits that somebody wants made.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::ObjectName;

/// A commit to make (`openchoreo.md` 1.19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GitCommitRequestSpec {
    /// The repository.
    #[serde(rename = "repoURL")]
    pub repo_url: String,
    /// The branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// What the commit says.
    pub message: String,
    /// Who is named in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Author>,
    /// The secret with `username` and `password`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_secret_ref: Option<ObjectName>,
    /// What it changes.
    pub files: Vec<FileEdit>,
}

/// Who is named in a commit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Author {
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// One changed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileEdit {
    /// Its path in the repository; never outside of it.
    pub path: String,
    /// The whole file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// An RFC 6902 patch of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<String>,
}
