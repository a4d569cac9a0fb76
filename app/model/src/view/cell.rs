//! A project as a cell: what stands in it in one environment, who calls whom, and what goes in and out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{EnvironmentName, HealthCount};
use crate::{
    health::Health,
    kind::{binding::ReleaseState, component::ComponentType, value::Exposure},
    moment::Moment,
};

/// A project in one environment, as a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CellView {
    /// The project.
    pub project: String,
    /// What people call it.
    pub display_name: String,
    /// Its pipeline.
    pub pipeline: String,
    /// The environments to choose from, in the pipeline's order.
    pub environments: Vec<EnvironmentName>,
    /// How the project runs in each of them.
    pub counts: Vec<HealthCount>,
    /// The environment shown; its name is empty when there is none.
    pub environment: EnvironmentName,
    /// Its components, by name.
    pub components: Vec<CellComponent>,
    /// What they call, by caller and name.
    pub connections: Vec<CellConnection>,
}

/// A component in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CellComponent {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// Its type.
    pub component_type: ComponentType,
    /// The number of the artifact that should run here; `None` when nothing should.
    pub artifact: Option<i64>,
    /// The version people read.
    pub version: String,
    /// How it runs.
    pub health: Health,
    /// Why, in words.
    pub sentence: String,
    /// Since when.
    pub since: Moment,
    /// Whether it should run.
    pub state: ReleaseState,
    /// Its labels, by which many can be grouped.
    pub labels: BTreeMap<String, String>,
    /// What it offers.
    pub endpoints: Vec<CellEndpoint>,
}

impl CellComponent {
    /// How far it can be reached from here on.
    pub fn exposure(&self) -> Exposure {
        let endpoints = self.endpoints.iter();
        endpoints
            .map(CellEndpoint::exposure)
            .max()
            .unwrap_or_default()
    }

    /// Whether it has an address at this level.
    pub fn is_exposed(&self, level: Exposure) -> bool {
        let addresses = self.endpoints.iter().flat_map(|own| &own.addresses);
        addresses.into_iter().any(|(own, _)| *own == level)
    }
}

impl CellEndpoint {
    /// Who may reach it here.
    pub fn exposure(&self) -> Exposure {
        let levels = self.addresses.iter().map(|(level, _)| *level);
        levels.max().unwrap_or_default()
    }
}

/// What a component offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CellEndpoint {
    /// Its name.
    pub name: String,
    /// What it speaks, such as `gRPC`.
    pub speaks: String,
    /// The port.
    pub port: u16,
    /// Where it is reached, by whom, from near to far.
    pub addresses: Vec<(Exposure, String)>,
}

/// What has become of a declared connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ConnectionStanding {
    /// It leads somewhere.
    Ready,
    /// What it needs isn't there yet.
    Waiting,
    /// Somebody must change something.
    Faulty,
}

/// A declared connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CellConnection {
    /// The component that calls.
    pub from: String,
    /// The connection's name in its workload.
    pub name: String,
    /// The project called.
    pub project: String,
    /// The component called; empty when it isn't said.
    pub component: String,
    /// The endpoint called; empty when it isn't said.
    pub endpoint: String,
    /// What has become of it.
    pub standing: ConnectionStanding,
    /// What the endpoint speaks; empty until it leads somewhere.
    pub speaks: String,
    /// The port; 0 until it leads somewhere.
    pub port: u16,
    /// The address that is called; empty until it leads somewhere.
    pub address: String,
    /// The variables that the caller gets.
    pub variables: Vec<String>,
    /// What it waits for, or what is wrong with it, a sentence each.
    pub says: Vec<String>,
}
