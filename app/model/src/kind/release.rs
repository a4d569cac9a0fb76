//! A rendered set of objects, as v0.3 writes it down.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::{Duration, ObjectName, Owner, Template};

/// A rendered set (`openchoreo.md` 1.20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReleaseSpec {
    /// The component.
    pub owner: Owner,
    /// The environment.
    pub environment_name: ObjectName,
    /// The objects.
    #[serde(default)]
    pub resources: Vec<ReleaseObject>,
    /// How often v0.3 looked when all was quiet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Duration>,
    /// How often v0.3 looked while things changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progressing_interval: Option<Duration>,
}

/// One object of a rendered set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReleaseObject {
    /// What it is called in the set.
    #[schemars(length(min = 1))]
    pub id: String,
    /// The object.
    pub object: Template,
}
