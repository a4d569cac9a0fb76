//! Projects, and their components in short.

use serde::{Deserialize, Serialize};

use super::{HealthCount, Page};
use crate::{
    health::Health, kind::binding::ReleaseState, kind::component::ComponentType, moment::Moment,
};

/// A project in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectRow {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// What it is.
    pub description: String,
    /// How many components it has.
    pub components: i64,
    /// Its pipeline.
    pub pipeline: String,
    /// How it runs, an environment each, in the pipeline's order.
    pub environments: Vec<HealthCount>,
}

/// An environment, in a pipeline's order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvironmentName {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// Whether it is production.
    pub production: bool,
}

/// A project's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectView {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// What it is.
    pub description: String,
    /// Its pipeline.
    pub pipeline: String,
    /// The columns.
    pub environments: Vec<EnvironmentName>,
    /// How it runs, an environment each.
    pub counts: Vec<HealthCount>,
    /// The rows.
    pub components: Page<ComponentRow>,
}

/// A component in a project's table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComponentRow {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// Its type.
    pub component_type: ComponentType,
    /// One for each environment of the project, in its order.
    pub cells: Vec<ComponentCell>,
    /// What it waits for, in words; empty when nothing.
    pub waiting: String,
}

/// A component in one environment, in short.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComponentCell {
    /// The environment.
    pub environment: String,
    /// The number of the artifact that should run; `None` when nothing should.
    pub artifact: Option<i64>,
    /// The version people read.
    pub version: String,
    /// How it runs.
    pub health: Health,
    /// Why, in words.
    pub sentence: String,
    /// Since when.
    pub since: Moment,
    /// How many artifacts it is behind the newest.
    pub behind: i64,
    /// Whether it should run.
    pub state: ReleaseState,
}
