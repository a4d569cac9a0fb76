//! What every page's frame shows, and the home page.

use serde::{Deserialize, Serialize};

use super::{DeploymentRow, ProjectRow};
use crate::{health::Health, identity::Identity, moment::Moment};

/// What every page's frame shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FrameView {
    /// The organization's name.
    pub organization: String,
    /// How many planes answer.
    pub planes_live: i64,
    /// How many planes there are.
    pub planes: i64,
    /// How many things wait for something.
    pub waiting: i64,
    /// Whether all planes are simulated.
    pub simulated: bool,
}

/// How many components run how, in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HealthCount {
    /// The environment.
    pub environment: String,
    /// What people call it.
    pub display_name: String,
    /// How many are healthy.
    pub healthy: i64,
    /// How many are on their way.
    pub progressing: i64,
    /// How many fail.
    pub degraded: i64,
    /// How many stand still on purpose.
    pub suspended: i64,
    /// How many can't be judged or are missing.
    pub unknown: i64,
}

impl HealthCount {
    /// How many there are.
    pub fn total(&self) -> i64 {
        self.healthy + self.progressing + self.degraded + self.suspended + self.unknown
    }

    /// The worst there is, or `None` when nothing runs.
    pub fn worst(&self) -> Option<Health> {
        [
            (self.degraded, Health::Degraded),
            (self.unknown, Health::Unknown),
            (self.progressing, Health::Progressing),
            (self.healthy, Health::Healthy),
            (self.suspended, Health::Suspended),
        ]
        .into_iter()
        .find_map(|(count, health)| (count > 0).then_some(health))
    }
}

/// The home page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HomeView {
    /// What fails, newest first.
    pub failing: Vec<FailingRow>,
    /// What waits for something.
    pub waiting: Vec<WaitingRow>,
    /// How many fail.
    pub failing_total: i64,
    /// How many things wait.
    pub waiting_total: i64,
    /// What can't be brought where it should.
    pub blocked: Vec<BlockedRow>,
    /// The projects, the viewer's favourites first.
    pub projects: Vec<ProjectRow>,
    /// How many projects there are.
    pub projects_total: i64,
    /// What the viewer keeps at hand.
    pub favourites: Vec<Identity>,
    /// What was brought where, newest first.
    pub shipped: Vec<DeploymentRow>,
}

/// Something that fails.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FailingRow {
    /// Its project.
    pub project: String,
    /// Its component.
    pub component: String,
    /// Where.
    pub environment: String,
    /// Why, in words.
    pub sentence: String,
    /// Since when.
    pub since: Moment,
}

/// Something that can't be brought where it should.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockedRow {
    /// Its project.
    pub project: String,
    /// Its component.
    pub component: String,
    /// Where to.
    pub environment: String,
    /// What stands in the way.
    pub why: String,
    /// Since when it is as it is.
    pub since: Moment,
}

/// Something that waits for something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WaitingRow {
    /// What waits.
    pub who: Identity,
    /// For what, such as "Workload orders".
    pub for_what: String,
    /// Why it needs that.
    pub why: String,
    /// Since when.
    pub since: Moment,
}
