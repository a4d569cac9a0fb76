//! Who may do what. Pure: one function decides, and its proof is what the store's writes take.
//!
//! Until roles arrive there are two kinds of people: administrators may do everything in their
//! organization, everybody else may look. The shape is final: who, verb, thing.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::kind::Kind;

/// Who is looking or doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The user's id.
    pub user: String,
    /// The user's name.
    pub name: String,
    /// Whether they administer the installation.
    pub administrator: bool,
    /// The organization they work in now.
    pub organization: String,
    /// How they came in.
    pub via: Via,
}

/// How somebody came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Via {
    /// A browser session; the text goes into forms against forgery.
    Session {
        /// Bound to the session; every unsafe form carries it.
        csrf: String,
    },
    /// An API token, by its name.
    Token {
        /// The token's name.
        name: String,
    },
    /// The command line on the server's own host.
    Host,
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Verb {
    /// Look at it.
    View,
    /// Create or change it.
    Apply,
    /// Delete it.
    Delete,
    /// Read a pod's log.
    ReadLogs,
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::View => "see",
            Self::Apply => "change",
            Self::Delete => "delete",
            Self::ReadLogs => "read the logs of",
        })
    }
}

/// What it is wanted with, by its stored owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    /// The organization that owns it.
    pub organization: String,
    /// The project that owns it, or empty.
    pub project: String,
    /// Its kind.
    pub kind: Kind,
}

impl Thing {
    /// All of one kind in an organization.
    pub fn of(kind: Kind, organization: &str) -> Self {
        Self {
            organization: organization.into(),
            project: String::new(),
            kind,
        }
    }

    /// Something in a project.
    pub fn in_project(kind: Kind, organization: &str, project: &str) -> Self {
        Self {
            organization: organization.into(),
            project: project.into(),
            kind,
        }
    }
}

/// Why not, and who could.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What was wanted.
    pub verb: Verb,
    /// Of which kind.
    pub kind: Kind,
    /// Why it isn't allowed.
    pub why: String,
    /// Who could do it.
    pub who_can: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "You may not {} this {}: {}. {}",
            self.verb, self.kind, self.why, self.who_can
        )
    }
}

/// Proof that [`may`] said yes. Nothing else makes one, and no write of the store goes without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    actor: String,
    verb: Verb,
    organization: String,
}

impl Grant {
    /// Who acts, as history tells it.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// What was granted.
    pub fn verb(&self) -> Verb {
        self.verb
    }

    /// Where it was granted.
    pub fn organization(&self) -> &str {
        &self.organization
    }
}

/// Whether the viewer may do this with that.
///
/// # Errors
/// The refusal, with the reason and who could.
pub fn may(viewer: &Viewer, verb: Verb, thing: &Thing) -> Result<Grant, Refusal> {
    let refusal = |why: &str| Refusal {
        verb,
        kind: thing.kind,
        why: why.into(),
        who_can: "An administrator of the organization can".into(),
    };
    // An Organization's own row is owned by itself, so making one is the administrator's alone.
    let foreign = thing.organization != viewer.organization && thing.kind != Kind::Organization;
    if foreign && !viewer.administrator {
        return Err(refusal("it belongs to another organization"));
    }
    if verb != Verb::View && !viewer.administrator {
        return Err(refusal("you can look, and not change"));
    }
    Ok(Grant {
        actor: viewer.name.clone(),
        verb,
        organization: thing.organization.clone(),
    })
}

/// The platform's own right to do what follows from what people declared: artifacts, bindings of
/// root environments, releases. `part` names the reconciler, and history shows it.
pub fn platform(part: &str, organization: &str) -> Grant {
    Grant {
        actor: format!("troupe/{part}"),
        verb: Verb::Apply,
        organization: organization.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(administrator: bool) -> Viewer {
        Viewer {
            user: "1".into(),
            name: "ana".into(),
            administrator,
            organization: "acme".into(),
            via: Via::Host,
        }
    }

    #[test]
    fn looking_is_for_members_changing_for_administrators() {
        let thing = Thing::in_project(Kind::Component, "acme", "shop");
        assert!(may(&viewer(false), Verb::View, &thing).is_ok());
        let refusal = may(&viewer(false), Verb::Apply, &thing).expect_err("refused");
        assert!(refusal.to_string().contains("An administrator"));
        assert_eq!(
            may(&viewer(true), Verb::Apply, &thing)
                .expect("granted")
                .actor(),
            "ana"
        );
    }

    #[test]
    fn another_organization_stays_closed() {
        let thing = Thing::of(Kind::DataPlane, "other");
        assert!(may(&viewer(false), Verb::View, &thing).is_err());
    }
}
