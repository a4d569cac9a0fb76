//! Values that parse: names, quantities, durations, ports, cron expressions, networks.
//!
//! Each carries its JSON Schema with a `format` that [`crate::manifest::format`] knows how to check,
//! so that a bad one is reported with its path and remedy before serde sees it.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

macro_rules! text_value {
    ($(#[$doc:meta])* $name:ident $format:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The text as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "format": $format})
            }
        }
    };
}

text_value! {
    /// The name of an object that is referred to: a DNS-1123 subdomain (Kubernetes object names).
    ObjectName "object-name"
}
text_value! {
    /// A name that becomes a container's name or a label's value: a DNS-1123 label, at most 63 characters.
    LabelName "label-name"
}
text_value! {
    /// A Kubernetes quantity such as `100m` or `64Mi`.
    Quantity "quantity"
}
text_value! {
    /// A duration such as `90s`, `5m` or `1h30m`: numbers with the units ms, s, m, h.
    Duration "duration"
}
text_value! {
    /// A cron expression of five fields, in the CronJob's time zone.
    Cron "cron"
}
text_value! {
    /// An IP network such as `10.0.0.0/8`.
    Network "cidr"
}
text_value! {
    /// An environment variable's name: what Kubernetes accepts.
    EnvName "env-name"
}
text_value! {
    /// A container image reference: registry, path, tag or digest.
    Image "image"
}
text_value! {
    /// An absolute http or https address.
    HttpUrl "http-url"
}
text_value! {
    /// A DNS host name or a prefix of one.
    Host "host"
}

/// A TCP or UDP port, 1 to 65535.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Port(pub u16);

impl JsonSchema for Port {
    fn schema_name() -> Cow<'static, str> {
        "Port".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": 1, "maximum": 65535})
    }
}

impl std::fmt::Display for Port {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A part of a Kubernetes object that v0.3 leaves without a schema: a template of a class.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Template(pub Map<String, Value>);

impl JsonSchema for Template {
    fn schema_name() -> Cow<'static, str> {
        "Template".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object", "additionalProperties": true})
    }
}

/// v0.3's placeholder `overrides`, a map of booleans that nothing read: accepted when empty,
/// refused otherwise with a pointer to the bindings' typed overrides (a cross-field rule).
pub type Placeholder = std::collections::BTreeMap<String, bool>;

/// The component that something belongs to. Never changes once stored.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Owner {
    /// The project.
    pub project_name: ObjectName,
    /// The component in it.
    pub component_name: ObjectName,
}

/// What an endpoint speaks. Case exactly so.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum EndpointType {
    /// Plain HTTP.
    HTTP,
    /// A REST API.
    REST,
    /// gRPC.
    #[serde(rename = "gRPC")]
    Grpc,
    /// GraphQL over HTTP.
    GraphQL,
    /// Websocket.
    Websocket,
    /// Raw TCP.
    TCP,
    /// Raw UDP.
    UDP,
}

impl EndpointType {
    /// The word manifests use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HTTP => "HTTP",
            Self::REST => "REST",
            Self::Grpc => "gRPC",
            Self::GraphQL => "GraphQL",
            Self::Websocket => "Websocket",
            Self::TCP => "TCP",
            Self::UDP => "UDP",
        }
    }

    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::HTTP,
        Self::REST,
        Self::Grpc,
        Self::GraphQL,
        Self::Websocket,
        Self::TCP,
        Self::UDP,
    ];

    /// Whether a gateway's HTTP route can lead to it.
    pub fn is_http(self) -> bool {
        matches!(
            self,
            Self::HTTP | Self::REST | Self::GraphQL | Self::Websocket
        )
    }
}

/// Who may reach something, from narrow to wide.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Exposure {
    /// Components of the same project.
    #[default]
    Project,
    /// Everything in the organization.
    Organization,
    /// The internet.
    Public,
}

impl Exposure {
    /// The word manifests use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Project => "Project",
            Self::Organization => "Organization",
            Self::Public => "Public",
        }
    }
}
