//! One plane, and tests of planes.

use serde::{Deserialize, Serialize};

use super::{EnvironmentName, PlaneRow, ResourceView};
use crate::{health::Health, moment::Moment};

/// A test of a plane: a thing that was made, with what it found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaneTest {
    /// Its id; empty for one that isn't kept.
    pub id: String,
    /// When it was made.
    pub at: Moment,
    /// By whom.
    pub by: String,
    /// Whether nothing failed.
    pub passed: bool,
    /// What was tried, in order.
    pub steps: Vec<TestStep>,
}

/// One step of a test.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestStep {
    /// What was tried, in a word or two.
    pub name: String,
    /// How it went.
    pub outcome: TestOutcome,
    /// What was found, in words.
    pub says: String,
    /// How long it took, in microseconds.
    pub took_us: i64,
}

/// How a step of a test went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TestOutcome {
    /// As it must.
    Passed,
    /// It can't be done, and Troupe needs it.
    Failed,
    /// It isn't there, and some things can't be had without it.
    Lacking,
    /// It wasn't tried.
    #[default]
    Skipped,
}

/// A BuildPlane in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BuildPlaneRow {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// Whether it is simulated.
    pub simulated: bool,
    /// How it is reached, in words.
    pub access: String,
}

/// A plane's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaneView {
    /// Its manifest, history and users.
    pub resource: ResourceView,
    /// How it answers; `None` for a BuildPlane, which is asked only by tests and builds.
    pub row: Option<PlaneRow>,
    /// Whether it is simulated.
    pub simulated: bool,
    /// How it is reached, in words.
    pub access: String,
    /// What is in its environments.
    pub environments: Vec<PlaneEnvironment>,
    /// The newest test.
    pub test: Option<PlaneTest>,
}

/// An environment on a plane, with what runs there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaneEnvironment {
    /// Its name.
    pub environment: EnvironmentName,
    /// Whether it is declared to be on this plane; what runs there still may be of before.
    pub declared: bool,
    /// What runs there; the first of it where it is much.
    pub components: Vec<PlaneComponent>,
    /// How many components run there.
    pub total: i64,
}

/// A component that runs on a plane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaneComponent {
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// How it runs.
    pub health: Health,
    /// How many objects it has there.
    pub objects: i64,
}
