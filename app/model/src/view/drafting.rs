//! What forms offer people to choose from, and what they begin with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::EnvironmentName;
use crate::{
    identity::Identity,
    kind::{Kind, value::Exposure},
};

/// What a component's form offers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComponentOffers {
    /// What people call the project.
    pub project_display_name: String,
    /// The environments that new versions go to by themselves.
    pub first: Vec<EnvironmentName>,
    /// All environments, in pipeline order.
    pub environments: Vec<EnvironmentName>,
    /// The classes of each kind, by name.
    pub classes: BTreeMap<Kind, Vec<ClassOffer>>,
}

/// A class that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassOffer {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// What its author says of it.
    pub description: String,
    /// The newest version.
    pub version: i64,
    /// What whoever chooses it gets, in words.
    pub gives: String,
    /// When a task of this class runs, unless it says so itself; empty when the class doesn't say.
    pub schedule: String,
    /// The time zone of that; empty for UTC.
    pub time_zone: String,
}

/// An endpoint that can be connected to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EndpointOffer {
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// The endpoint.
    pub endpoint: String,
    /// What it speaks.
    pub endpoint_type: String,
    /// Its port.
    pub port: i64,
    /// Who may reach it.
    pub exposure: Exposure,
}

/// A key of a ConfigurationGroup.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyOffer {
    /// The group.
    pub group: String,
    /// The key in it.
    pub key: String,
}

/// A manifest as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartView {
    /// What it is.
    pub identity: Identity,
    /// For stale-write checks.
    pub version: i64,
    /// What can be changed and sent back.
    pub manifest: Value,
}

/// The manifests that a component's form changes together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComponentParts {
    /// What people call the component.
    pub display_name: String,
    /// The Component.
    pub component: PartView,
    /// Its declaration, such as the Service; `None` until there is one.
    pub declaration: Option<PartView>,
    /// The Workload that the declaration names; `None` until there is one.
    pub workload: Option<PartView>,
    /// Its bindings, by environment.
    pub bindings: BTreeMap<String, PartView>,
}
