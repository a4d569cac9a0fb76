//! Endpoint, the legacy network address with its policies, and EndpointClass.
//!
//! v0.3 declares most policies without acting upon them; they are read and kept whole.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    api::RestPolicies,
    value::{EndpointType, HttpUrl, ObjectName, Port},
};

/// A network address of a component (`openchoreo.md` 1.18).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EndpointSpec {
    /// What it speaks.
    #[serde(rename = "type")]
    pub endpoint_type: EndpointType,
    /// What answers.
    pub backend_ref: BackendRef,
    /// Who may reach it beyond the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_visibilities: Option<NetworkVisibilities>,
}

/// Policies for endpoints: the shape of an APIClass.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EndpointClassSpec {
    /// For REST endpoints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest_policy: Option<RestPolicies>,
    /// For gRPC endpoints; empty as in an APIClass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grpc_policy: Option<super::api::Empty>,
}

/// What answers at an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BackendRef {
    /// Which of both.
    #[serde(rename = "type")]
    pub backend_type: BackendType,
    /// The path on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_path: Option<String>,
    /// The own component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component_ref: Option<ComponentRef>,
    /// An address outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
}

/// Which thing answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum BackendType {
    /// The own component.
    ComponentRef,
    /// An address outside.
    Target,
}

/// A port of the own component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ComponentRef {
    /// The port.
    pub port: Port,
}

/// An address outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Target {
    /// The address.
    pub url: HttpUrl,
}

/// Who may reach an endpoint beyond the project.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkVisibilities {
    /// Everything in the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<Visibility>,
    /// The internet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<Visibility>,
}

/// One way in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Visibility {
    /// Whether it is open.
    pub enable: bool,
    /// Under which rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Policy>,
}

/// A rule of a way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// What it is called.
    #[schemars(length(min = 1))]
    pub name: String,
    /// Which rule it is.
    #[serde(rename = "type")]
    pub policy_type: PolicyType,
    /// How it is set.
    pub policy_spec: PolicySpec,
}

/// Which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PolicyType {
    /// Tokens.
    #[serde(rename = "oauth2")]
    OAuth2,
    /// Keys.
    #[serde(rename = "api-key")]
    ApiKey,
    /// Name and password.
    #[serde(rename = "basic-auth")]
    BasicAuth,
    /// How often it may be called.
    #[serde(rename = "rate-limit")]
    RateLimit,
    /// Which web pages may call.
    #[serde(rename = "cors")]
    Cors,
    /// What is changed on the way.
    #[serde(rename = "mediation")]
    Mediation,
}

/// How a rule is set: the block of its type.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicySpec {
    /// For `oauth2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oauth2: Option<OAuth2Policy>,
    /// For `api-key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key_auth: Option<ApiKeyAuth>,
    /// For `basic-auth`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basic_auth: Option<BasicAuthPolicy>,
    /// For `rate-limit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimitPolicy>,
    /// For `cors`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cors: Option<CorsPolicy>,
    /// For `mediation`; v0.3 leaves it without a shape.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mediation: Option<super::value::Template>,
}

/// Tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OAuth2Policy {
    /// What a token must be.
    pub jwt: JwtPolicy,
}

/// What a token must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JwtPolicy {
    /// Claims it must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// What it allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization: Option<Authorization>,
}

/// A claim with the values it may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Claim {
    /// The claim.
    pub key: String,
    /// One of these.
    pub values: Vec<String>,
}

/// What a token allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Authorization {
    /// Which block counts.
    pub api_type: AuthorizationType,
    /// For `REST`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<RestAuthorization>,
    /// For `GRPC`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grpc: Option<HeaderAuthorization>,
    /// For `GraphQL`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graphql: Option<HeaderAuthorization>,
}

/// What the API speaks that a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum AuthorizationType {
    /// REST.
    REST,
    /// gRPC.
    GRPC,
    /// GraphQL.
    GraphQL,
}

/// What a token allows of a REST API.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestAuthorization {
    /// Claims that are handed on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims_to_headers: Vec<ClaimToHeader>,
    /// Operations with the scopes they need.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<RestOperation>,
}

/// What is handed on of a token.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeaderAuthorization {
    /// Claims that are handed on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims_to_headers: Vec<ClaimToHeader>,
}

/// A claim that is handed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClaimToHeader {
    /// The claim.
    pub name: String,
    /// The header that holds it.
    pub header: String,
}

/// An operation with the scopes it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestOperation {
    /// Its path.
    pub target: String,
    /// Its method.
    pub method: Method,
    /// The scopes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Read.
    Get,
    /// Read the headers.
    Head,
    /// Create or do.
    Post,
    /// Replace.
    Put,
    /// Remove.
    Delete,
    /// Tunnel.
    Connect,
    /// Ask what is possible.
    Options,
    /// Echo.
    Trace,
    /// Change.
    Patch,
}

/// Keys.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiKeyAuth {
    /// Where the key is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_source: Option<KeySource>,
    /// Secrets that hold the known keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secret_refs: Vec<ObjectName>,
}

/// Where a key is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeySource {
    /// The header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// What stands before the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_auth_scheme: Option<String>,
}

/// Name and password.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BasicAuthPolicy {
    /// Who may come in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<PolicyUser>,
    /// The header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// What stands before name and password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_auth_scheme: Option<String>,
}

/// Somebody who may come in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicyUser {
    /// The name.
    pub username: String,
    /// The secret that holds the password.
    pub password_from_secret: ObjectName,
}

/// How often something may be called.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RateLimitPolicy {
    /// As a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_level: Option<ApiRate>,
    /// By operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation_level: Option<OperationRates>,
}

/// A rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiRate {
    /// In this time …
    pub time_unit: String,
    /// … so many requests.
    #[schemars(range(min = 1))]
    pub request_limit: i64,
}

/// Rates by operation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OperationRates {
    /// Of a REST API.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rest: Vec<OperationRate>,
}

/// The rate of one operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OperationRate {
    /// Its path.
    pub target: String,
    /// Its method.
    pub method: Method,
    /// In this time …
    pub time_unit: String,
    /// … so many requests.
    #[schemars(range(min = 1))]
    pub request_limit: i64,
}

/// Which web pages may call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CorsPolicy {
    /// From these origins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow_origins: Vec<String>,
    /// With these methods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow_methods: Vec<String>,
    /// With these headers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow_headers: Vec<String>,
    /// Seeing these headers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expose_headers: Vec<String>,
    /// For so many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub max_age: Option<i64>,
    /// Whether cookies come along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_credentials: Option<bool>,
}
