//! A runtime context on one DataPlane.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::{Host, HttpUrl, ObjectName};

/// A runtime context (`openchoreo.md` 1.4).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnvironmentSpec {
    /// The DataPlane it runs on; `default` without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_plane_ref: Option<ObjectName>,
    /// Whether it is production: promotion into it needs an approver by default.
    #[serde(default)]
    pub is_production: bool,
    /// Host names and security of its routes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<EnvironmentGateway>,
}

impl EnvironmentSpec {
    /// The DataPlane's name, with v0.3's default.
    pub fn data_plane(&self) -> &str {
        self.data_plane_ref
            .as_ref()
            .map_or("default", ObjectName::as_str)
    }
}

/// Host names and security of an environment's routes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnvironmentGateway {
    /// What comes before the plane's host suffix; the environment's name without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns_prefix: Option<Host>,
    /// Security of its routes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security: Option<GatewaySecurity>,
}

/// Security of an environment's routes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GatewaySecurity {
    /// Keys for legacy oauth2 policies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote_jwks: Option<RemoteJwks>,
}

/// Keys that are fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RemoteJwks {
    /// Where they are.
    pub uri: HttpUrl,
}
