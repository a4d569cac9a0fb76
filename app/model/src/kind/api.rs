//! Per-type declarations, and the policies of managed APIs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::{
    EndpointType, Exposure, LabelName, Network, ObjectName, Owner, Placeholder, Port,
};

fn default_class() -> ObjectName {
    ObjectName("default".into())
}

/// A workload as a service (`openchoreo.md` 1.10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceSpec {
    /// The component it belongs to.
    pub owner: Owner,
    /// The workload that runs; may arrive later.
    pub workload_name: ObjectName,
    /// The ServiceClass.
    #[serde(default = "default_class")]
    pub class_name: ObjectName,
    /// v0.3's placeholder.
    #[serde(default)]
    pub overrides: Placeholder,
    /// Managed APIs, by the name of the workload endpoint they expose.
    #[serde(default)]
    #[schemars(extend("propertyNames" = {"type": "string", "format": "label-name"}))]
    pub apis: BTreeMap<LabelName, ServiceApi>,
}

/// A workload as a web application or a scheduled task (`openchoreo.md` 1.10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeclarationSpec {
    /// The component it belongs to.
    pub owner: Owner,
    /// The workload that runs; may arrive later.
    pub workload_name: ObjectName,
    /// The class.
    #[serde(default = "default_class")]
    pub class_name: ObjectName,
    /// v0.3's placeholder.
    #[serde(default)]
    pub overrides: Placeholder,
}

/// A managed API of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceApi {
    /// The APIClass.
    #[serde(default = "default_class")]
    pub class_name: ObjectName,
    /// What it speaks.
    #[serde(rename = "type")]
    pub api_type: EndpointType,
    /// How a REST API is exposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<RestApi>,
}

/// How a REST API is exposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestApi {
    /// Where it is served.
    pub backend: RestBackend,
    /// Who may reach it; the project alone without any.
    #[serde(default)]
    pub expose_levels: Vec<Exposure>,
}

impl RestApi {
    /// The widest level that it is exposed at.
    pub fn widest(&self) -> Exposure {
        self.expose_levels.iter().max().copied().unwrap_or_default()
    }
}

/// Where an API is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestBackend {
    /// The port.
    pub port: Port,
    /// The path on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_path: Option<String>,
}

/// An API proxy (`openchoreo.md` 1.13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiSpec {
    /// The component it belongs to.
    pub owner: Owner,
    /// The environment it is for.
    pub environment_name: ObjectName,
    /// The APIClass.
    #[serde(default = "default_class")]
    pub class_name: ObjectName,
    /// What it speaks.
    #[serde(rename = "type")]
    pub api_type: EndpointType,
    /// How a REST API is exposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<RestApi>,
}

/// Policies for managed APIs (`openchoreo.md` 1.13).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiClassSpec {
    /// For REST APIs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest_policy: Option<RestPolicies>,
    /// For gRPC APIs; v0.3 leaves it empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grpc_policy: Option<Empty>,
}

/// Nothing yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Empty {}

/// A set of policies, and what differs by exposure.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestPolicies {
    /// For all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub defaults: Option<RestPolicy>,
    /// On top of it for the internet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<RestPolicy>,
    /// On top of it for the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<RestPolicy>,
}

/// The policies of a REST API.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestPolicy {
    /// How often it may be called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimit>,
    /// Who is calling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication: Option<Authentication>,
    /// Which web pages may call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cors: Option<Cors>,
    /// From where, and over what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security: Option<Security>,
    /// What is changed on the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mediation: Option<Mediation>,
    /// When to stop calling a backend that is ill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub circuit_breaker: Option<CircuitBreaker>,
}

/// How often something may be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RateLimit {
    /// This often …
    #[schemars(range(min = 1))]
    pub requests: i64,
    /// … in this time; `d` for days is known too.
    #[schemars(extend("format" = "window"))]
    pub window: super::value::Duration,
}

/// How callers are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AuthenticationType {
    /// A signed token.
    Jwt,
    /// A key.
    Apikey,
    /// OAuth 2.
    Oauth2,
    /// Name and password.
    Basic,
}

/// Who is calling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Authentication {
    /// How callers are known.
    #[serde(rename = "type")]
    pub authentication_type: AuthenticationType,
    /// For `jwt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwt: Option<Jwt>,
    /// For `apikey`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apikey: Option<ApiKey>,
    /// For `oauth2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oauth2: Option<OAuth2>,
}

/// Signed tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Jwt {
    /// Where the keys are.
    pub jwks: super::value::HttpUrl,
    /// Who signs.
    pub issuer: String,
    /// For whom.
    #[serde(default)]
    pub audience: Vec<String>,
}

/// Keys.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiKey {
    /// The header that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// The query parameter that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_param: Option<String>,
}

/// OAuth 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OAuth2 {
    /// Where tokens come from.
    pub token_url: super::value::HttpUrl,
    /// The scopes a token must have.
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// Which web pages may call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cors {
    /// From these origins.
    #[serde(default)]
    pub allow_origins: Vec<String>,
    /// With these methods.
    #[serde(default)]
    pub allow_methods: Vec<String>,
    /// With these headers.
    #[serde(default)]
    pub allow_headers: Vec<String>,
    /// Seeing these headers.
    #[serde(default)]
    pub expose_headers: Vec<String>,
    /// For so many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub max_age: Option<i64>,
}

/// From where, and over what.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Security {
    /// Only from these networks.
    #[serde(default, rename = "allowedIPs")]
    pub allowed_ips: Vec<Network>,
    /// Never from these.
    #[serde(default, rename = "blockedIPs")]
    pub blocked_ips: Vec<Network>,
    /// Only over TLS.
    #[serde(
        default,
        rename = "requireTLS",
        skip_serializing_if = "Option::is_none"
    )]
    pub require_tls: Option<bool>,
    /// The oldest TLS version.
    #[serde(
        default,
        rename = "minTLSVersion",
        skip_serializing_if = "Option::is_none"
    )]
    pub min_tls_version: Option<String>,
}

/// What is changed on the way.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Mediation {
    /// Of requests.
    #[serde(default)]
    pub request_transformations: Vec<Transformation>,
    /// Of responses.
    #[serde(default)]
    pub response_transformations: Vec<Transformation>,
}

/// One change of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Transformation {
    /// The form of the body.
    #[serde(rename = "type")]
    pub transformation_type: BodyType,
    /// What is done.
    pub action: TransformationAction,
    /// Fields, for `addFields` and `removeFields`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<BTreeMap<String, String>>,
    /// Headers, for `removeHeaders`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<Vec<String>>,
    /// The header, for `addHeader`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_name: Option<String>,
    /// Its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_value: Option<String>,
}

/// The form of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BodyType {
    /// JSON.
    Json,
    /// XML.
    Xml,
}

/// What is done to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum TransformationAction {
    /// Fields are added to the body.
    AddFields,
    /// A header is added.
    AddHeader,
    /// Headers are taken away.
    RemoveHeaders,
    /// Fields are taken away.
    RemoveFields,
}

/// When to stop calling a backend that is ill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CircuitBreaker {
    /// Whether it is on.
    pub enabled: bool,
    /// Connections at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub max_connections: Option<i32>,
    /// Requests waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub max_pending_requests: Option<i32>,
    /// Requests at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub max_parallel_requests: Option<i32>,
    /// Retries at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub max_parallel_retries: Option<i32>,
}
