//! Clusters that run workloads and builds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::{Host, HttpUrl, ObjectName};

/// What stands for a sealed field in everything that is shown. Sent back, it means "as it is".
pub const SEALED: &str = "(sealed)";

/// A Kubernetes cluster that runs workloads (`openchoreo.md` 1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DataPlaneSpec {
    /// Where images come from.
    pub registry: Registry,
    /// The cluster and how to reach it.
    pub kubernetes_cluster: KubernetesCluster,
    /// The host names that routes get.
    pub gateway: PlaneGateway,
    /// Where logs and metrics can be asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observer: Option<Observer>,
}

/// A cluster that runs builds (`openchoreo.md` 1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuildPlaneSpec {
    /// The cluster and how to reach it.
    pub kubernetes_cluster: KubernetesCluster,
    /// Where logs and metrics can be asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observer: Option<Observer>,
}

/// Where a plane's images come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Registry {
    /// Host and path that images are under.
    pub prefix: String,
    /// Name of the pull secret on the plane; pods get it as `imagePullSecrets`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<ObjectName>,
}

/// A cluster and the way to it. Give either `credentials` (v0.3's form) or `kubeconfig`; neither
/// means the plane that is embedded in Troupe, which is simulated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KubernetesCluster {
    /// The cluster's name.
    pub name: String,
    /// Client certificate credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<Credentials>,
    /// A kubeconfig as text. Exec plugins and file paths are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kubeconfig: Option<String>,
    /// Which of the kubeconfig's contexts to use; its current one without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
}

/// Client certificate credentials, base64 PEM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Credentials {
    /// The API server's address.
    #[serde(rename = "apiServerURL")]
    pub api_server_url: HttpUrl,
    /// The authority that signed the server's certificate.
    pub ca_cert: String,
    /// The client's certificate.
    pub client_cert: String,
    /// The client's key. Sealed at rest, never shown.
    pub client_key: String,
}

/// The host names that routes of this plane get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlaneGateway {
    /// Host suffix of public routes.
    pub public_virtual_host: Host,
    /// Host suffix of routes for the organization.
    pub organization_virtual_host: Host,
}

/// v0.3's observer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Observer {
    /// Its address.
    pub url: HttpUrl,
    /// How to sign in to it.
    pub authentication: ObserverAuthentication,
}

/// How to sign in to an observer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObserverAuthentication {
    /// Name and password.
    pub basic_auth: BasicAuth,
}

/// Name and password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BasicAuth {
    /// The name.
    pub username: String,
    /// The password. Sealed at rest, never shown.
    pub password: String,
}
