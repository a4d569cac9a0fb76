//! A component in one environment.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    api::ServiceApi,
    value::{Cron, LabelName, ObjectName, Owner, Quantity},
    workload::{EnvVar, WorkloadTemplate},
};

/// What of a component should run in one environment (`openchoreo.md` 1.12).
///
/// v0.3 copies the workload into `workloadSpec`. Ours names an artifact by `artifact`; a manifest
/// with `workloadSpec` makes the artifact it describes and pins that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BindingSpec {
    /// The component.
    pub owner: Owner,
    /// The environment.
    pub environment: ObjectName,
    /// The class; `default` without it. Of meaning with `workloadSpec` only: an artifact pins its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_name: Option<ObjectName>,
    /// The number of the artifact that should run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub artifact: Option<i64>,
    /// v0.3's copy of the workload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload_spec: Option<WorkloadTemplate>,
    /// v0.3's copy of a service's APIs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("propertyNames" = {"type": "string", "format": "label-name"}))]
    pub apis: BTreeMap<LabelName, ServiceApi>,
    /// What differs in this environment; survives promotion.
    #[serde(default, skip_serializing_if = "Overrides::is_empty")]
    pub overrides: Overrides,
    /// Whether it runs.
    #[serde(default)]
    pub release_state: ReleaseState,
}

/// Whether something runs.
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
pub enum ReleaseState {
    /// It runs.
    #[default]
    Active,
    /// It is there and stands still: no replicas, no schedule.
    Suspend,
    /// Nothing of it is on the plane.
    Undeploy,
}

impl ReleaseState {
    /// The word manifests use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Suspend => "Suspend",
            Self::Undeploy => "Undeploy",
        }
    }
}

/// What differs in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Overrides {
    /// How many pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1000))]
    pub replicas: Option<i32>,
    /// The schedule of a task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Cron>,
    /// By container.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("propertyNames" = {"type": "string", "format": "label-name"}))]
    pub containers: BTreeMap<LabelName, ContainerOverride>,
}

impl Overrides {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What differs in one container.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContainerOverride {
    /// Variables that are added or replaced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
    /// What it may use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
}

/// What a container may use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resources {
    /// At least: `cpu`, `memory`, …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub requests: BTreeMap<String, Quantity>,
    /// At most.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: BTreeMap<String, Quantity>,
}

/// What of an API should run in one environment (`openchoreo.md` 1.13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiBindingSpec {
    /// The component; v0.3 has none here, so the API's own name is taken to be it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// The APIClass.
    pub api_class_name: ObjectName,
    /// The API.
    pub api_name: ObjectName,
    /// The environment.
    pub environment_name: ObjectName,
    /// Whether it runs.
    #[serde(default)]
    pub release_state: ReleaseState,
}
