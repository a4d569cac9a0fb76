//! The runtime contract: containers, endpoints, connections.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::{EndpointType, EnvName, Image, LabelName, ObjectName, Owner, Port};

/// A workload (`openchoreo.md` 1.9).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkloadSpec {
    /// The component it belongs to.
    pub owner: Owner,
    /// The containers by name.
    #[serde(default)]
    #[schemars(extend("propertyNames" = {"type": "string", "format": "label-name"}))]
    pub containers: BTreeMap<LabelName, Container>,
    /// The ports by name.
    #[serde(default)]
    #[schemars(extend("propertyNames" = {"type": "string", "format": "label-name"}))]
    pub endpoints: BTreeMap<LabelName, WorkloadEndpoint>,
    /// What it calls, by name.
    #[serde(default)]
    #[schemars(extend("propertyNames" = {"type": "string", "format": "label-name"}))]
    pub connections: BTreeMap<LabelName, Connection>,
}

impl WorkloadSpec {
    /// The part that a binding copies and an artifact keeps.
    pub fn template(&self) -> WorkloadTemplate {
        WorkloadTemplate {
            containers: self.containers.clone(),
            endpoints: self.endpoints.clone(),
            connections: self.connections.clone(),
        }
    }
}

/// A workload without its owner.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkloadTemplate {
    /// The containers by name.
    #[serde(default)]
    #[schemars(extend("propertyNames" = {"type": "string", "format": "label-name"}))]
    pub containers: BTreeMap<LabelName, Container>,
    /// The ports by name.
    #[serde(default)]
    #[schemars(extend("propertyNames" = {"type": "string", "format": "label-name"}))]
    pub endpoints: BTreeMap<LabelName, WorkloadEndpoint>,
    /// What it calls, by name.
    #[serde(default)]
    #[schemars(extend("propertyNames" = {"type": "string", "format": "label-name"}))]
    pub connections: BTreeMap<LabelName, Connection>,
}

/// A container.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Container {
    /// What runs.
    pub image: Image,
    /// Its entrypoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// Its arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub args: Option<Vec<String>>,
    /// Its environment variables, in order.
    #[serde(default)]
    pub env: Vec<EnvVar>,
}

/// An environment variable: a literal or a reference.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnvVar {
    /// Its name.
    pub key: EnvName,
    /// Its literal value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Where its value comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_from: Option<ValueFrom>,
}

/// Where a value comes from: one of both.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValueFrom {
    /// A key of a ConfigurationGroup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration_group_ref: Option<KeyRef>,
    /// A key of a Kubernetes Secret on the plane.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<KeyRef>,
}

/// A key of something named.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyRef {
    /// The thing.
    pub name: ObjectName,
    /// The key in it.
    #[schemars(length(min = 1))]
    pub key: String,
}

/// A port that the workload opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkloadEndpoint {
    /// What it speaks.
    #[serde(rename = "type")]
    pub endpoint_type: EndpointType,
    /// The port, of the container and of the Service alike.
    pub port: Port,
    /// Its schema, embedded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<EndpointSchema>,
}

/// An embedded schema such as OpenAPI or proto text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EndpointSchema {
    /// What language it is in.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub schema_type: Option<String>,
    /// The text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

/// A declared dependency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Connection {
    /// Only `api` is known.
    #[serde(rename = "type")]
    pub connection_type: ConnectionType,
    /// Whom it calls: `projectName` (its own without it), `componentName`, `endpoint`.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    /// What of the address the containers get.
    #[serde(default)]
    pub inject: Inject,
}

/// What a connection leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConnectionType {
    /// An endpoint of a component.
    Api,
}

/// What the containers get of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Inject {
    /// Environment variables.
    #[serde(default)]
    pub env: Vec<InjectedVar>,
}

/// A variable made from a connection's address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InjectedVar {
    /// Its name.
    pub name: EnvName,
    /// A template over `host port scheme basePath uri url`, such as `{{ .host }}:{{ .port }}`.
    pub value: String,
}
