//! A component: where it runs, what it offers, whom it calls.

use serde::{Deserialize, Serialize};

use super::{DeploymentRow, EnvironmentName, WaitingRow};
use crate::{
    health::Health, kind::binding::ReleaseState, kind::component::ComponentType,
    kind::value::Exposure, moment::Moment,
};

/// A component's page, above its tabs, and the overview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComponentView {
    /// Its project.
    pub project: String,
    /// What people call the project.
    pub project_display_name: String,
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// What it is.
    pub description: String,
    /// Its type.
    pub component_type: ComponentType,
    /// The class that its newest artifact pins, as `name` and version.
    pub class: Option<(String, i64)>,
    /// A card for each environment.
    pub environments: Vec<EnvironmentCard>,
    /// Its newest attempts, newest first.
    pub deployments: Vec<DeploymentRow>,
    /// Its newest artifacts, newest first.
    pub artifacts: Vec<ArtifactRow>,
    /// What it offers, an environment each.
    pub endpoints: Vec<EndpointRow>,
    /// Whom it calls.
    pub connections: Vec<ConnectionRow>,
    /// What it waits for.
    pub waiting: Vec<WaitingRow>,
    /// What people must know of its type, such as that it isn't rendered yet.
    pub note: Option<String>,
    /// Whether somebody is deleting it.
    pub deleting: bool,
}

/// A component in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvironmentCard {
    /// The environment.
    pub environment: EnvironmentName,
    /// The plane.
    pub plane: String,
    /// Whether the plane is simulated.
    pub simulated: bool,
    /// The number of the artifact that should run.
    pub artifact: Option<i64>,
    /// The version people read.
    pub version: String,
    /// The number of the release.
    pub release: Option<i64>,
    /// How it runs.
    pub health: Health,
    /// Why, in words.
    pub sentence: String,
    /// Since when.
    pub since: Moment,
    /// Pods that are ready.
    pub ready: i64,
    /// Pods that are wanted.
    pub wanted: i64,
    /// Its addresses from outside.
    pub addresses: Vec<String>,
    /// Whether it should run.
    pub state: ReleaseState,
    /// How many artifacts it is behind the newest.
    pub behind: i64,
    /// The failing container's last lines.
    pub last_lines: Vec<String>,
    /// What stops the next release, in words.
    pub blocked: Vec<String>,
}

/// A numbered artifact.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArtifactRow {
    /// Its number.
    pub number: i64,
    /// Its content hash.
    pub hash: String,
    /// The version people read.
    pub version: String,
    /// Container and image.
    pub images: Vec<(String, String)>,
    /// The class it pins, as name and version.
    pub class: (String, i64),
    /// When it was made.
    pub created: Moment,
    /// By whom.
    pub by: String,
    /// The environments that run it.
    pub environments: Vec<String>,
}

/// An address of a component.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EndpointRow {
    /// The environment.
    pub environment: String,
    /// The endpoint's name.
    pub name: String,
    /// What it speaks.
    pub endpoint_type: String,
    /// Who may reach it.
    pub exposure: Exposure,
    /// The address.
    pub uri: String,
}

/// A declared dependency.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionRow {
    /// Its name.
    pub name: String,
    /// The project called.
    pub project: String,
    /// The component called.
    pub component: String,
    /// The endpoint called.
    pub endpoint: String,
    /// The variables that are injected, with their templates.
    pub inject: Vec<(String, String)>,
}
