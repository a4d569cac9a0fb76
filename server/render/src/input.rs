//! Everything that a release needs, resolved: owned, comparable, serialisable.

use std::collections::BTreeMap;

use model::{
    kind::{
        binding::{ReleaseState, Resources},
        component::ComponentType,
        value::{EndpointType, Exposure},
    },
    name::{Join, LABEL, plane_name},
};
use serde::{Deserialize, Serialize};

use crate::content::ClassPin;

/// How an installation wants things rendered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// How names on planes are hashed.
    #[serde(with = "join")]
    pub join: Join,
    /// The gateways that planes have.
    pub gateways: Gateways,
}

impl Options {
    /// The usual gateways with this way of making names.
    pub fn new(join: Join) -> Self {
        Self {
            join,
            gateways: Gateways::default(),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new(Join::Unambiguous)
    }
}

/// The gateways that routes attach to: by default those that v0.3's chart installs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateways {
    /// The namespace they are in.
    pub namespace: String,
    /// The one the internet reaches.
    pub public: String,
    /// The one the organization reaches.
    pub organization: String,
    /// The HTTPS port that callers use.
    pub port: u16,
}

impl Default for Gateways {
    fn default() -> Self {
        Self {
            namespace: "openchoreo-data-plane".into(),
            public: "gateway-external".into(),
            organization: "gateway-internal".into(),
            port: 443,
        }
    }
}

/// Everything that a release needs. Two equal inputs render to equal bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    /// The organization.
    pub organization: String,
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// The environment.
    pub environment: String,
    /// The binding's name, of which names on the plane are made.
    pub binding: String,
    /// What the component is.
    pub component_type: ComponentType,
    /// Whether it runs.
    pub state: ReleaseState,
    /// How names are hashed.
    #[serde(with = "join")]
    pub join: Join,
    /// The class at its pinned version.
    pub class: ClassPin,
    /// The workload's containers.
    pub containers: BTreeMap<String, ContainerInput>,
    /// The ports it opens.
    pub endpoints: BTreeMap<String, EndpointInput>,
    /// The routes that lead to it.
    pub routes: Vec<RouteInput>,
    /// Resolved plain values of configuration groups, by their key in the ConfigMap.
    pub settings: BTreeMap<String, String>,
    /// The pull secret of the plane's registry.
    pub pull_secret: Option<String>,
    /// How many pods, where the binding says so.
    pub replicas: Option<i32>,
    /// The schedule, where the binding says so.
    pub schedule: Option<String>,
    /// What the binding changes in each container.
    pub changes: BTreeMap<String, Change>,
    /// The newest restart by hand, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restarted: Option<String>,
}

impl Input {
    /// The namespace on the plane: one for a project in an environment.
    pub fn namespace(&self) -> String {
        namespace(
            &self.organization,
            &self.project,
            &self.environment,
            self.join,
        )
    }

    /// The name of Deployment, Service, ServiceAccount and ConfigMap on the plane.
    pub fn workload_name(&self) -> String {
        workload_name(&self.binding, self.join)
    }
}

/// The namespace of a project in an environment.
pub fn namespace(organization: &str, project: &str, environment: &str, join: Join) -> String {
    let name = plane_name(LABEL, &["dp", organization, project, environment], join);
    name.replace('.', "-")
}

/// The name that a binding's objects have: a Service's, and so one DNS label that begins with a
/// letter, which names of bindings needn't be.
pub(crate) fn workload_name(binding: &str, join: Join) -> String {
    let name = plane_name(LABEL, &[binding], join);
    let name = if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("b-{}", plane_name(LABEL - 2, &[binding], join))
    } else {
        name
    };
    name.replace('.', "-")
}

/// The way names are made, as a word.
mod join {
    use model::name::Join;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(join: &Join, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match join {
            Join::V03 => "v0.3",
            Join::Unambiguous => "unambiguous",
        })
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Join, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "v0.3" => Ok(Join::V03),
            "unambiguous" => Ok(Join::Unambiguous),
            other => Err(D::Error::unknown_variant(other, &["v0.3", "unambiguous"])),
        }
    }
}

/// A container of the workload.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerInput {
    /// What runs.
    pub image: String,
    /// Its entrypoint; an empty one takes the class's away.
    pub command: Option<Vec<String>>,
    /// Its arguments; empty ones take the class's away.
    pub args: Option<Vec<String>>,
    /// Its variables: the workload's in order, then those of connections.
    pub env: Vec<Variable>,
}

/// A variable of a container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Where its value comes from.
    pub source: Source,
}

/// Where a variable's value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// It is written down.
    Value(String),
    /// A key of the component's ConfigMap.
    Setting(String),
    /// A key of a Secret in the namespace.
    Secret {
        /// The Secret.
        name: String,
        /// The key in it.
        key: String,
    },
}

/// What a binding changes in a container.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Change {
    /// Variables that are added or replaced.
    pub env: Vec<Variable>,
    /// What it may use.
    pub resources: Option<Resources>,
}

/// A port that the workload opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointInput {
    /// What it speaks.
    pub endpoint_type: EndpointType,
    /// The port.
    pub port: u16,
    /// The path that its API starts at; empty without one.
    pub base_path: String,
}

/// A route from a gateway to a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteInput {
    /// The endpoint or API that it is for.
    pub name: String,
    /// What that speaks.
    pub endpoint_type: EndpointType,
    /// Who may use it.
    pub exposure: Exposure,
    /// The parts that the route's name on the plane is made of.
    pub name_parts: Vec<String>,
    /// The gateway's namespace.
    pub gateway_namespace: String,
    /// The gateway's name.
    pub gateway: String,
    /// The HTTPS port that callers use.
    pub gateway_port: u16,
    /// The host.
    pub host: String,
    /// The prefix of the path.
    pub path: String,
    /// What the prefix becomes; `None` leaves it.
    pub rewrite: Option<String>,
    /// The port of the Service that it leads to.
    pub port: u16,
}

/// Where an endpoint can be reached.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointAddress {
    /// The endpoint's name, or the API's.
    pub name: String,
    /// What it speaks.
    pub endpoint_type: EndpointType,
    /// Who can reach it here.
    pub exposure: Exposure,
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The scheme; empty for TCP and UDP.
    pub scheme: String,
    /// The path it starts at.
    pub base_path: String,
    /// All of it in one.
    pub uri: String,
}

impl EndpointAddress {
    /// An address with its `uri` put together: the port is left out where the scheme implies it.
    pub(crate) fn new(
        name: &str,
        endpoint_type: EndpointType,
        exposure: Exposure,
        scheme: &str,
        host: &str,
        port: u16,
        base_path: &str,
    ) -> Self {
        let uri = match (scheme, port) {
            ("", _) => format!("{host}:{port}"),
            ("http", 80) | ("https", 443) => format!("{scheme}://{host}{base_path}"),
            _ => format!("{scheme}://{host}:{port}{base_path}"),
        };
        Self {
            name: name.into(),
            endpoint_type,
            exposure,
            host: host.into(),
            port,
            scheme: scheme.into(),
            base_path: base_path.into(),
            uri,
        }
    }
}

/// The scheme of an endpoint inside the cluster, as v0.3 has it.
pub(crate) fn scheme(endpoint_type: EndpointType, port: u16) -> &'static str {
    match endpoint_type {
        EndpointType::Grpc => "grpc",
        EndpointType::Websocket => "ws",
        EndpointType::TCP | EndpointType::UDP => "",
        EndpointType::HTTP | EndpointType::REST | EndpointType::GraphQL => {
            if matches!(port, 443 | 8443) {
                "https"
            } else {
                "http"
            }
        }
    }
}

/// Whether an HTTPRoute can lead to it.
pub(crate) fn is_http(endpoint_type: EndpointType) -> bool {
    endpoint_type.is_http()
}

/// A path with a leading and without a trailing slash; empty for the root.
pub(crate) fn clean_path(path: Option<&str>) -> String {
    let trimmed = path.unwrap_or_default().trim_matches('/');
    if trimmed.is_empty() {
        String::new()
    } else {
        format!("/{trimmed}")
    }
}
