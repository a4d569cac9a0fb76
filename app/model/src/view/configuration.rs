//! Configuration groups as matrices.

use serde::{Deserialize, Serialize};

use super::{EnvironmentName, ResourceView};
use crate::{configuration::Cell, moment::Moment};

/// A configuration group in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfigurationRow {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// How many keys it has.
    pub keys: usize,
    /// How many components take something from it.
    pub components: usize,
    /// How many values are missing that a component needs.
    pub missing: usize,
    /// When it was last changed.
    pub updated: Moment,
    /// By whom.
    pub by: String,
}

/// A configuration group's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfigurationView {
    /// Its manifest, history and users.
    pub resource: ResourceView,
    /// The environments, those that aren't production first.
    pub environments: Vec<EnvironmentName>,
    /// The keys, in the order in which they are declared.
    pub keys: Vec<KeyRow>,
    /// Keys that components ask for, and that aren't there.
    pub unknown: Vec<KeyRow>,
}

impl ConfigurationView {
    /// How many values are missing that a component needs.
    pub fn missing(&self) -> usize {
        let keys = self.keys.iter().chain(&self.unknown);
        keys.map(|key| key.missing().count()).sum()
    }

    /// How many components take something from it.
    pub fn components(&self) -> usize {
        let keys = self.keys.iter().chain(&self.unknown);
        let mut all: Vec<_> = keys
            .flat_map(|key| &key.users)
            .map(|user| (&user.project, &user.component))
            .collect();
        all.sort();
        all.dedup();
        all.len()
    }
}

/// A key with its value in each environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyRow {
    /// The key.
    pub key: String,
    /// One cell for each environment of the view, in its order.
    pub cells: Vec<Cell>,
    /// Who takes it.
    pub users: Vec<KeyUser>,
}

impl KeyRow {
    /// The environments in which somebody needs it and there is no value, with who needs it.
    pub fn missing(&self) -> impl Iterator<Item = (&Cell, Vec<&KeyUser>)> {
        self.cells.iter().filter_map(|cell| {
            if cell.value.is_some() {
                return None;
            }
            let users = self.users.iter();
            let needing: Vec<&KeyUser> = users
                .filter(|user| user.environments.contains(&cell.environment))
                .collect();
            (!needing.is_empty()).then_some((cell, needing))
        })
    }
}

/// A component that takes a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyUser {
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// The variables that it becomes.
    pub variables: Vec<String>,
    /// The environments of its pipeline.
    pub environments: Vec<String>,
    /// Why it may not take it: the group is for another project or component; empty when it may.
    pub out_of_scope: bool,
}
