//! Deployment pipelines: which environment follows which, and who uses them.

use serde::{Deserialize, Serialize};

use super::{EnvironmentName, HealthCount};

/// A pipeline in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PipelineRow {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// Its environments, in order.
    pub stages: Vec<PipelineStage>,
    /// Which leads to which.
    pub edges: Vec<PipelineEdge>,
    /// The projects that use it, as name and what people call them.
    pub projects: Vec<(String, String)>,
}

/// An environment of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PipelineStage {
    /// The environment.
    pub environment: EnvironmentName,
    /// Its plane; empty when the environment isn't there.
    pub plane: String,
    /// Whether the environment is there.
    pub known: bool,
    /// How the pipeline's projects run in it.
    pub counts: HealthCount,
}

/// The way from one environment to the next.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PipelineEdge {
    /// Where it begins.
    pub from: String,
    /// Where it leads.
    pub to: String,
    /// Whether somebody must approve.
    pub approval: bool,
}
