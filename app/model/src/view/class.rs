//! Classes: what they give, who uses which version, what an edit would do, and roll-outs.

use serde::{Deserialize, Serialize};

use super::{ObjectDiff, Page};
use crate::{diff::FieldChange, identity::Identity, moment::Moment};

/// A class in the list of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassRow {
    /// What it is.
    pub identity: Identity,
    /// What people call it.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// Its newest version.
    pub version: i64,
    /// When it was last changed.
    pub updated: Moment,
    /// By whom.
    pub by: String,
    /// What it gives, in words.
    pub gives: Vec<String>,
    /// How many components use it.
    pub users: i64,
    /// How many of them have an older version.
    pub behind: i64,
}

/// A class's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassView {
    /// What it is, and its figures.
    pub row: ClassRow,
    /// For stale-write checks.
    pub resource_version: i64,
    /// Its manifest: what can be changed and sent back.
    pub manifest: serde_json::Value,
    /// Its manifest as YAML.
    pub yaml: String,
    /// What people must know of its kind.
    pub note: Option<String>,
    /// Its versions, newest first.
    pub versions: Vec<ClassVersionRow>,
    /// Components that name it and have no artifact of it yet.
    pub waiting: i64,
    /// A part of its users.
    pub users: Page<ClassUserRow>,
    /// Those who name it otherwise: Services with managed APIs of an APIClass, at most 50.
    pub services: Vec<Identity>,
    /// What was rolled out, newest first.
    pub rollouts: Vec<RolloutRow>,
}

/// A version of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassVersionRow {
    /// From 1.
    pub version: i64,
    /// When it was made.
    pub at: Moment,
    /// By whom.
    pub by: String,
    /// What changed against the one before, in words; empty for the first.
    pub words: Vec<String>,
    /// How many components have it.
    pub users: i64,
}

/// A component that uses a class.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassUserRow {
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// What people call it.
    pub display_name: String,
    /// The version that its newest artifact pins; `None` when it has none yet.
    pub version: Option<i64>,
    /// That artifact.
    pub artifact: Option<i64>,
    /// Where it runs, and the version that runs there.
    pub environments: Vec<(String, Option<i64>)>,
}

/// Which users of a class are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ClassUsers {
    /// Only of this project; all when empty.
    pub project: String,
    /// Only those that have this version.
    pub version: Option<i64>,
    /// Only those that don't have this version.
    pub except: Option<i64>,
}

/// One version of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassVersionView {
    /// The class.
    pub identity: Identity,
    /// The newest version.
    pub newest: i64,
    /// This one.
    pub version: ClassVersionRow,
    /// Its spec as YAML.
    pub yaml: String,
    /// What it gives, in words.
    pub gives: Vec<String>,
}

/// What differs between two versions of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassDiffView {
    /// The class.
    pub identity: Identity,
    /// All its versions, newest first.
    pub versions: Vec<i64>,
    /// The one.
    pub from: i64,
    /// The other.
    pub to: i64,
    /// The one's spec as YAML.
    pub before: String,
    /// The other's spec as YAML.
    pub after: String,
    /// The fields that differ.
    pub fields: Vec<FieldChange>,
    /// The same in words.
    pub words: Vec<String>,
}

/// What a version of a class would do to a release.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Outcome {
    /// The release would fail to render.
    Breaks,
    /// Objects would change.
    Changes,
    /// The same objects would come of it.
    #[default]
    Same,
}

impl Outcome {
    /// The name stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaks => "Breaks",
            Self::Changes => "Changes",
            Self::Same => "Same",
        }
    }
}

/// A component in an environment as it would be with a draft of its class.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImpactRow {
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// The environment.
    pub environment: String,
    /// The version of the class that runs there.
    pub version: Option<i64>,
    /// What would become of it.
    pub outcome: Outcome,
    /// What changes, in words; what stands in the way when it breaks.
    pub words: Vec<String>,
    /// What differs from what should run there now.
    pub diff: Vec<ObjectDiff>,
}

/// What a draft of a class would do to those who use it, if they took it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImpactView {
    /// The class.
    pub identity: Identity,
    /// The number that the draft would get.
    pub version: i64,
    /// Whether it says something else than the newest version.
    pub differs: bool,
    /// How many components use the class, by the version they have.
    pub users: Vec<(Option<i64>, i64)>,
    /// In how many places each environment runs them.
    pub environments: Vec<(String, i64)>,
    /// A part of the users, rendered: each in each environment that it runs in. `total` counts
    /// components, as `per_page` does.
    pub rows: Page<ImpactRow>,
}

impl ImpactView {
    /// How many of the rendered rows end so.
    pub fn count(&self, outcome: Outcome) -> i64 {
        let rows = self.rows.items.iter();
        i64::try_from(rows.filter(|row| row.outcome == outcome).count()).unwrap_or(i64::MAX)
    }

    /// How many components use the class.
    pub fn components(&self) -> i64 {
        self.users.iter().map(|(_, count)| count).sum()
    }
}

/// A roll-out: a version that chosen components were asked to take.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RolloutRow {
    /// Its id.
    pub id: String,
    /// The version.
    pub version: i64,
    /// When it was asked for.
    pub at: Moment,
    /// By whom.
    pub by: String,
    /// How many components were chosen.
    pub chosen: i64,
    /// How many have an artifact that pins it.
    pub taken: i64,
    /// How many can't take it yet.
    pub waiting: i64,
}

/// Which components are to take which version.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RolloutOrder {
    /// The version; the newest when left out.
    pub version: Option<i64>,
    /// These components, as project and name.
    pub components: Vec<(String, String)>,
    /// All users of this project that have another version.
    pub project: Option<String>,
    /// All users that have another version.
    pub all: bool,
}
