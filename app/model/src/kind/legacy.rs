//! Legacy kinds: DeploymentTrack, DeployableArtifact, Deployment. Read, kept and shown as imported.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    endpoint::EndpointSpec,
    value::{Cron, ObjectName, Quantity, Template},
    workload::{EnvVar, ValueFrom},
};

/// A version line of a component, like a long-lived branch (`openchoreo.md` 1.15).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeploymentTrackSpec {
    /// Whether builds were deployed at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_deploy: Option<bool>,
    /// How it is built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build_template_spec: Option<BuildTemplateSpec>,
}

/// How a version line is built.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuildTemplateSpec {
    /// The branch.
    pub branch: String,
    /// Path of the application in the repository.
    pub path: String,
    /// By what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build_configuration: Option<BuildConfiguration>,
}

/// What builds: one of both.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuildConfiguration {
    /// A Dockerfile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub docker: Option<DockerConfiguration>,
    /// A buildpack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buildpack: Option<BuildpackConfiguration>,
}

/// Where a Dockerfile is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DockerConfiguration {
    /// The folder that the build sees.
    pub context: String,
    /// The Dockerfile.
    pub dockerfile_path: String,
}

/// Which buildpack.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuildpackConfiguration {
    /// Its language, such as `Go`.
    pub name: String,
    /// Of which version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// An image with its configuration, promoted unchanged (`openchoreo.md` 1.16).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeployableArtifactSpec {
    /// Where the image comes from.
    pub target_artifact: TargetArtifact,
    /// What goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration: Option<ArtifactConfiguration>,
}

/// Where an image comes from: one of both.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TargetArtifact {
    /// From a build.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_build_ref: Option<FromBuildRef>,
    /// From a registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_image_ref: Option<FromImageRef>,
}

/// A build, by name or by what it built: one of both.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FromBuildRef {
    /// The build.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<ObjectName>,
    /// The revision that was built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git_revision: Option<String>,
}

/// An image that is there already.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FromImageRef {
    /// Its tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Whether the tag needn't be a version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip_version_validation: Option<bool>,
}

/// What goes with an image.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArtifactConfiguration {
    /// Its addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endpoint_templates: Vec<EndpointTemplate>,
    /// v0.3's placeholder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependencies: Option<super::api::Empty>,
    /// How it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<Application>,
}

/// An address to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EndpointTemplate {
    /// Its name and labels.
    pub metadata: TemplateMetadata,
    /// What it is.
    pub spec: EndpointSpec,
}

/// Name and labels of something to be made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateMetadata {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<ObjectName>,
    /// The organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<ObjectName>,
    /// Labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

/// How an artifact runs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Application {
    /// Arguments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// Environment variables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
    /// Whole groups and secrets as variables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env_from: Vec<EnvFrom>,
    /// Single files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file_mounts: Vec<FileMount>,
    /// Whole groups and secrets, one file a key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file_mounts_from: Vec<FileMountsFrom>,
    /// What it may use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_limits: Option<ResourceLimits>,
    /// How it is known to be well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probes: Option<Probes>,
    /// How many of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaling: Option<Scaling>,
    /// When it runs, for tasks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
}

/// Something whole, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WholeRef {
    /// The thing.
    pub name: ObjectName,
}

/// All variables of a group or a secret: one of both.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnvFrom {
    /// A ConfigurationGroup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration_group_ref: Option<WholeRef>,
    /// A Kubernetes Secret on the plane.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<WholeRef>,
}

/// A single file: a literal or a reference.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileMount {
    /// Where it appears.
    #[schemars(length(min = 1))]
    pub mount_path: String,
    /// Its literal content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Where its content comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_from: Option<ValueFrom>,
}

/// One file for each key of a group or a secret: one of both.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileMountsFrom {
    /// A ConfigurationGroup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration_group_ref: Option<MountRef>,
    /// A Kubernetes Secret on the plane.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<MountRef>,
}

/// Something whole, and where its files appear.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MountRef {
    /// The thing.
    pub name: ObjectName,
    /// The folder.
    #[schemars(length(min = 1))]
    pub mount_path: String,
}

/// What an artifact may use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceLimits {
    /// Processors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Quantity>,
    /// Memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Quantity>,
}

/// How an artifact is known to be well; Kubernetes' own probes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Probes {
    /// Whether it may be called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readiness_probe: Option<Template>,
    /// Whether it lives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub liveness_probe: Option<Template>,
}

/// How many of an artifact run: one of both.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scaling {
    /// By load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hpa: Option<Hpa>,
    /// Down to none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s2z: Option<ScaleToZero>,
}

/// Scaling by load.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Hpa {
    /// At least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub min_replicas: Option<i32>,
    /// At most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub max_replicas: Option<i32>,
    /// More above this percentage of processor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub cpu_threshold: Option<i32>,
    /// More above this percentage of memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub memory_threshold: Option<i32>,
}

/// Scaling down to none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScaleToZero {
    /// At most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub max_replicas: Option<i32>,
    /// How many requests may wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub queue_length: Option<i32>,
}

/// When a task runs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Task {
    /// Whether it stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// By the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
}

/// A clock.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Schedule {
    /// When.
    pub cron: Cron,
    /// By whose clock; `Etc/UTC` without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

/// An attempt to bring an artifact to an environment (`openchoreo.md` 1.17).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeploymentSpec {
    /// The DeployableArtifact.
    pub deployment_artifact_ref: ObjectName,
    /// How many revisions were to be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub revision_history_limit: Option<i32>,
    /// What differs in this environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration_overrides: Option<ConfigurationOverrides>,
}

/// What of an artifact differs in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfigurationOverrides {
    /// v0.3's placeholder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint_templates: Option<Vec<super::api::Empty>>,
    /// v0.3's placeholder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependencies: Option<super::api::Empty>,
    /// How it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<Application>,
}
