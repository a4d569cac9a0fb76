//! A bounded context; at run time one cell per environment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::ObjectName;

/// A project (`openchoreo.md` 1.7).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProjectSpec {
    /// The pipeline that its components go through.
    pub deployment_pipeline_ref: ObjectName,
}
