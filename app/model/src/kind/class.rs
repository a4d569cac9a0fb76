//! Templates that platform engineers keep, one kind per component type.

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
