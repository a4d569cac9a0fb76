//! One environment: what runs in it, and the names that come of it.

use serde::{Deserialize, Serialize};

use super::{EnvironmentRow, HealthCount};

/// An environment's page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvironmentView {
    /// The same as in the list.
    pub row: EnvironmentRow,
    /// What it is for.
    pub description: String,
    /// Whether its plane is simulated.
    pub simulated: bool,
    /// Where the keys for its routes' tokens are; empty without.
    pub keys: String,
    /// What runs here, a project each.
    pub projects: Vec<EnvironmentProject>,
    /// The names that come of it.
    pub names: EnvironmentNames,
}

/// A project in an environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvironmentProject {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// The namespace on the plane.
    pub namespace: String,
    /// How its components run here.
    pub counts: HealthCount,
}

/// What an environment makes on its plane, or would make.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvironmentNames {
    /// The namespace of each project whose pipeline leads here; of an example when there is none.
    pub namespaces: Vec<(String, String)>,
    /// Host names, as what is reached there and the host.
    pub hosts: Vec<(String, String)>,
    /// Why it can't say more, in words; empty when it can.
    pub note: String,
}
