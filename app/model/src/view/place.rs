//! Environments and planes.

use serde::{Deserialize, Serialize};

use super::{EnvironmentName, HealthCount};
use crate::moment::Moment;

/// An environment in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvironmentRow {
    /// Its name.
    pub environment: EnvironmentName,
    /// The plane it runs on.
    pub plane: String,
    /// Whether the plane is there and answers, in words; empty when all is well.
    pub plane_trouble: String,
    /// What comes before the plane's host suffix.
    pub dns_prefix: String,
    /// The pipelines that use it.
    pub pipelines: Vec<String>,
    /// How all components in it run.
    pub counts: HealthCount,
}

/// A plane in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaneRow {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// Whether it is simulated.
    pub simulated: bool,
    /// Its API server's address; empty for the simulated one.
    pub server: String,
    /// Its Kubernetes version; empty until it answered.
    pub version: String,
    /// Whether it answers.
    pub live: bool,
    /// Why it doesn't, in words.
    pub trouble: String,
    /// Since when it does or doesn't.
    pub since: Moment,
    /// The environments on it.
    pub environments: Vec<String>,
    /// How many of our objects it holds.
    pub objects: i64,
    /// How many things are still to be done on it.
    pub queued: i64,
    /// The host suffix of public routes.
    pub public_host: String,
    /// The host suffix of routes for the organization.
    pub organization_host: String,
}
