//! The tenant.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An organization has nothing to say but its name (`openchoreo.md` 1.1).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrganizationSpec {}
