//! What makes a thing that thing: kind, organization, owner and name.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::kind::Kind;

/// The identity of a resource. Two projects may each have a component `frontend`.
///
/// `project` and `component` are empty where the kind's scope has none, so that an identity is one
/// unique key in SQL as well.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Identity {
    /// The kind.
    pub kind: Kind,
    /// The organization (`metadata.namespace`); for an Organization its own name.
    pub organization: String,
    /// The owning project, or empty.
    pub project: String,
    /// The owning component, or empty.
    pub component: String,
    /// The name.
    pub name: String,
}

impl Identity {
    /// Something that lives in an organization.
    pub fn in_organization(kind: Kind, organization: &str, name: &str) -> Self {
        Self::in_component(kind, organization, "", "", name)
    }

    /// Something that lives in a project.
    pub fn in_project(kind: Kind, organization: &str, project: &str, name: &str) -> Self {
        Self::in_component(kind, organization, project, "", name)
    }

    /// Something that lives in a component.
    pub fn in_component(
        kind: Kind,
        organization: &str,
        project: &str,
        component: &str,
        name: &str,
    ) -> Self {
        Self {
            kind,
            organization: organization.into(),
            project: project.into(),
            component: component.into(),
            name: name.into(),
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind)?;
        if !self.project.is_empty() {
            write!(f, "{}/", self.project)?;
        }
        if !self.component.is_empty() && self.component != self.name {
            write!(f, "{}/", self.component)?;
        }
        f.write_str(&self.name)
    }
}
