//! Templates that platform engineers keep, one kind per component type.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::Template;

/// Templates for services and web applications (`openchoreo.md` 1.11).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkloadClassSpec {
    /// The base of the Deployment's spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_template: Option<Template>,
    /// The base of the Service's spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_template: Option<Template>,
}

/// Templates for scheduled tasks (`openchoreo.md` 1.11).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScheduledTaskClassSpec {
    /// The base of the CronJob's spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cron_job_template: Option<Template>,
}

/// The annotation of a class that names what no binding may override, such as `replicas, resources`.
/// v0.3's classes have no place for it, and an annotation is kept by all that read them.
pub const LOCKS: &str = "troupe.dev/locks";

/// What a class can lock.
pub const LOCKABLE: [&str; 4] = ["replicas", "schedule", "resources", "env"];

/// What a class's annotations lock; words that nobody knows are told apart.
pub fn locks(annotations: &BTreeMap<String, String>) -> (BTreeSet<&str>, Vec<&str>) {
    let text = annotations.get(LOCKS).map_or("", String::as_str);
    let words = text
        .split([',', ' '])
        .map(str::trim)
        .filter(|word| !word.is_empty());
    let (known, unknown): (Vec<&str>, Vec<&str>) = words.partition(|word| LOCKABLE.contains(word));
    (known.into_iter().collect(), unknown)
}

/// The lock that a setting falls under: `requests.cpu` under `resources`, `env.NAME` under `env`.
pub fn lock_of(setting: &str) -> &str {
    match setting.split('.').next().unwrap_or_default() {
        "requests" | "limits" => "resources",
        other => other,
    }
}
