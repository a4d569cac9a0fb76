//! Settings and secrets with one value per environment or group of environments.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::ObjectName;

/// Keys with values by environment (`openchoreo.md` 1.6).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfigurationGroupSpec {
    /// Limits where it may be used: the keys `project` and `component`; empty is the whole organization.
    #[serde(default)]
    pub scope: BTreeMap<String, String>,
    /// Names for sets of environments.
    #[serde(default)]
    pub environment_groups: Vec<EnvironmentGroup>,
    /// The keys.
    pub configurations: Vec<Configuration>,
}

/// A name for a set of environments.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnvironmentGroup {
    /// The name.
    pub name: ObjectName,
    /// The members.
    pub environments: Vec<ObjectName>,
}

/// One key with its values.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Configuration {
    /// The key.
    #[schemars(length(min = 1))]
    pub key: String,
    /// A value for each environment or group that has one.
    pub values: Vec<ConfigurationValue>,
}

/// A value for an environment, for a group, or (with neither) for all of the organization.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfigurationValue {
    /// For this environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<ObjectName>,
    /// For this group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment_group_ref: Option<ObjectName>,
    /// Plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The path of a secret in Vault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vault_key: Option<String>,
}
