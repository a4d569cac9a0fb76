//! What pages show: plain data, filled in by `control`, drawn by `app`, sent as JSON by the API.
//!
//! Times are [`Moment`]s; addresses are made by [`crate::path`] where they are drawn.

use serde::{Deserialize, Serialize};

pub use crate::diff::FieldChange;
use crate::{
    health::Health,
    identity::Identity,
    kind::{Kind, binding::ReleaseState, component::ComponentType, value::Exposure},
    moment::Moment,
    problem::FieldFault,
};

/// Which part of a long list is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paging {
    /// From 1.
    pub page: i64,
    /// At most 200.
    pub per_page: i64,
    /// Only names that contain this; empty for all.
    pub search: String,
    /// Only what runs so somewhere; `None` for all.
    pub health: Option<Health>,
}

impl Default for Paging {
    fn default() -> Self {
        Self {
            page: 1,
            per_page: 50,
            search: String::new(),
            health: None,
        }
    }
}

/// One part of a long list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// How many there are in all.
    pub total: i64,
    /// Which part this is, from 1.
    pub page: i64,
    /// How many a part has.
    pub per_page: i64,
}

/// What every page's frame shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
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

/// A project in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProjectRow {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// What it is.
    pub description: String,
    /// How many components it has.
    pub components: i64,
    /// Its pipeline.
    pub pipeline: String,
    /// How it runs, an environment each, in the pipeline's order.
    pub environments: Vec<HealthCount>,
}

/// The home page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HomeView {
    /// What fails, newest first.
    pub failing: Vec<FailingRow>,
    /// What waits for something.
    pub waiting: Vec<WaitingRow>,
    /// The projects.
    pub projects: Vec<ProjectRow>,
    /// What was brought where, newest first.
    pub shipped: Vec<DeploymentRow>,
}

/// Something that fails.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
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

/// An environment, in a pipeline's order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EnvironmentName {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// Whether it is production.
    pub production: bool,
}

/// A project's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectView {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// What it is.
    pub description: String,
    /// Its pipeline.
    pub pipeline: String,
    /// The columns.
    pub environments: Vec<EnvironmentName>,
    /// How it runs, an environment each.
    pub counts: Vec<HealthCount>,
    /// The rows.
    pub components: Page<ComponentRow>,
}

/// A component in a project's table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentRow {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// Its type.
    pub component_type: ComponentType,
    /// One for each environment of the project, in its order.
    pub cells: Vec<ComponentCell>,
    /// What it waits for, in words; empty when nothing.
    pub waiting: String,
}

/// A component in one environment, in short.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ComponentCell {
    /// The environment.
    pub environment: String,
    /// The number of the artifact that should run; `None` when nothing should.
    pub artifact: Option<i64>,
    /// The version people read.
    pub version: String,
    /// How it runs.
    pub health: Health,
    /// Why, in words.
    pub sentence: String,
    /// Since when.
    pub since: Moment,
    /// How many artifacts it is behind the newest.
    pub behind: i64,
    /// Whether it should run.
    pub state: ReleaseState,
}

/// A component's page, above its tabs, and the overview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentView {
    /// Its project.
    pub project: String,
    /// What people call the project.
    pub project_display_name: String,
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// What it is.
    pub description: String,
    /// Its type.
    pub component_type: ComponentType,
    /// The class that its newest artifact pins, as `name` and version.
    pub class: Option<(String, i64)>,
    /// A card for each environment.
    pub environments: Vec<EnvironmentCard>,
    /// Its newest attempts, newest first.
    pub deployments: Vec<DeploymentRow>,
    /// Its newest artifacts, newest first.
    pub artifacts: Vec<ArtifactRow>,
    /// What it offers, an environment each.
    pub endpoints: Vec<EndpointRow>,
    /// Whom it calls.
    pub connections: Vec<ConnectionRow>,
    /// What it waits for.
    pub waiting: Vec<WaitingRow>,
    /// What people must know of its type, such as that it isn't rendered yet.
    pub note: Option<String>,
    /// Whether somebody is deleting it.
    pub deleting: bool,
}

/// A component in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EnvironmentCard {
    /// The environment.
    pub environment: EnvironmentName,
    /// The plane.
    pub plane: String,
    /// Whether the plane is simulated.
    pub simulated: bool,
    /// The number of the artifact that should run.
    pub artifact: Option<i64>,
    /// The version people read.
    pub version: String,
    /// The number of the release.
    pub release: Option<i64>,
    /// How it runs.
    pub health: Health,
    /// Why, in words.
    pub sentence: String,
    /// Since when.
    pub since: Moment,
    /// Pods that are ready.
    pub ready: i64,
    /// Pods that are wanted.
    pub wanted: i64,
    /// Its addresses from outside.
    pub addresses: Vec<String>,
    /// Whether it should run.
    pub state: ReleaseState,
    /// How many artifacts it is behind the newest.
    pub behind: i64,
    /// The failing container's last lines.
    pub last_lines: Vec<String>,
    /// What stops the next release, in words.
    pub blocked: Vec<String>,
}

/// A numbered artifact.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ArtifactRow {
    /// Its number.
    pub number: i64,
    /// Its content hash.
    pub hash: String,
    /// The version people read.
    pub version: String,
    /// Container and image.
    pub images: Vec<(String, String)>,
    /// The class it pins, as name and version.
    pub class: (String, i64),
    /// When it was made.
    pub created: Moment,
    /// By whom.
    pub by: String,
    /// The environments that run it.
    pub environments: Vec<String>,
}

/// A numbered release in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReleaseRow {
    /// Its environment.
    pub environment: String,
    /// Its number.
    pub number: i64,
    /// Its content hash.
    pub hash: String,
    /// The artifact's number.
    pub artifact: i64,
    /// The version people read.
    pub version: String,
    /// How many objects it has.
    pub objects: i64,
    /// When it was made.
    pub created: Moment,
    /// Whether it is the one that should run.
    pub current: bool,
}

/// How an attempt went.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum DeploymentStatus {
    /// Not begun.
    #[default]
    Pending,
    /// Objects are being written.
    Applying,
    /// Written; the plane is at it.
    Progressing,
    /// All healthy.
    Succeeded,
    /// It doesn't run.
    Failed,
    /// A newer one took its place.
    Superseded,
}

impl DeploymentStatus {
    /// The name stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Applying => "Applying",
            Self::Progressing => "Progressing",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Superseded => "Superseded",
        }
    }

    /// Reads what [`DeploymentStatus::as_str`] wrote; anything else is `Pending`.
    pub fn parse(text: &str) -> Self {
        match text {
            "Applying" => Self::Applying,
            "Progressing" => Self::Progressing,
            "Succeeded" => Self::Succeeded,
            "Failed" => Self::Failed,
            "Superseded" => Self::Superseded,
            _ => Self::Pending,
        }
    }
}

/// One attempt to bring a release to an environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DeploymentRow {
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// The environment.
    pub environment: String,
    /// The release's number.
    pub release: i64,
    /// The artifact's number.
    pub artifact: i64,
    /// The version people read.
    pub version: String,
    /// How it went.
    pub status: DeploymentStatus,
    /// Why, in words.
    pub sentence: String,
    /// Who or what asked for it.
    pub by: String,
    /// When it began.
    pub started: Moment,
    /// When it ended.
    pub finished: Option<Moment>,
    /// Objects made, changed, taken away, left alone.
    pub changes: [i64; 4],
}

/// An address of a component.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EndpointRow {
    /// The environment.
    pub environment: String,
    /// The endpoint's name.
    pub name: String,
    /// What it speaks.
    pub endpoint_type: String,
    /// Who may reach it.
    pub exposure: Exposure,
    /// The address.
    pub uri: String,
}

/// A declared dependency.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ConnectionRow {
    /// Its name.
    pub name: String,
    /// The project called.
    pub project: String,
    /// The component called.
    pub component: String,
    /// The endpoint called.
    pub endpoint: String,
    /// The variables that are injected, with their templates.
    pub inject: Vec<(String, String)>,
}

/// Something that waits for something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// One live object with what it owns.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ObjectNode {
    /// The kind.
    pub kind: String,
    /// The namespace, or empty.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// How it is.
    pub health: Health,
    /// Why, in words.
    pub sentence: String,
    /// When it was made on the plane.
    pub created: Moment,
    /// Facts worth a glance, as label and value.
    pub facts: Vec<(String, String)>,
    /// The containers of a pod.
    pub containers: Vec<ContainerRow>,
    /// What it owns.
    pub children: Vec<ObjectNode>,
}

/// A container of a pod.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ContainerRow {
    /// Its name.
    pub name: String,
    /// Its image.
    pub image: String,
    /// Whether it is ready.
    pub ready: bool,
    /// How often it was restarted.
    pub restarts: i64,
    /// Running, waiting or terminated, with the reason.
    pub state: String,
}

/// What a component is on the plane, in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RuntimeView {
    /// The environment.
    pub environment: String,
    /// The plane.
    pub plane: String,
    /// Whether the plane is simulated.
    pub simulated: bool,
    /// The namespace on the plane.
    pub namespace: String,
    /// Why the plane can't be seen; empty when it can.
    pub unreachable: String,
    /// What is there.
    pub objects: Vec<ObjectNode>,
    /// When this was last seen.
    pub as_of: Moment,
}

/// A Kubernetes event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EventRow {
    /// When.
    pub at: Moment,
    /// Whether it is a warning.
    pub warning: bool,
    /// The reason, one word.
    pub reason: String,
    /// What it says.
    pub message: String,
    /// About what, as kind and name.
    pub object: String,
    /// How often.
    pub count: i64,
}

/// A pod's log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LogView {
    /// The environment.
    pub environment: String,
    /// The pods to choose from, with their containers.
    pub pods: Vec<(String, Vec<String>)>,
    /// The pod shown.
    pub pod: String,
    /// The container shown.
    pub container: String,
    /// Whether the container before the last restart is shown.
    pub previous: bool,
    /// The last lines.
    pub lines: Vec<String>,
}

/// A release's page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReleaseView {
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// The release itself.
    pub release: ReleaseRow,
    /// The number of the one before, if there was one.
    pub previous: Option<i64>,
    /// The namespace on the plane.
    pub namespace: String,
    /// The plane.
    pub plane: String,
    /// The objects as YAML, in the order they are applied.
    pub objects: Vec<ObjectYaml>,
    /// What differs from the one before.
    pub diff: Vec<ObjectDiff>,
    /// The attempts to bring it here, newest first.
    pub deployments: Vec<DeploymentRow>,
}

/// An object as YAML.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ObjectYaml {
    /// The kind.
    pub kind: String,
    /// The name.
    pub name: String,
    /// The text.
    pub yaml: String,
}

/// What differs in one object.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ObjectDiff {
    /// The kind.
    pub kind: String,
    /// The name.
    pub name: String,
    /// Whether it is new, gone, changed or the same.
    pub change: Change,
    /// The text before; empty when new.
    pub before: String,
    /// The text after; empty when gone.
    pub after: String,
}

/// What becomes of something.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum Change {
    /// It is new.
    Created,
    /// It changes.
    Changed,
    /// It stays as it is.
    #[default]
    Unchanged,
    /// It goes.
    Deleted,
}

impl Change {
    /// The name stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "Created",
            Self::Changed => "Changed",
            Self::Unchanged => "Unchanged",
            Self::Deleted => "Deleted",
        }
    }
}

/// One document of an apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// What it is.
    pub identity: Identity,
    /// The file it came in, or empty.
    pub file: String,
    /// Its line in the file.
    pub line: usize,
    /// What becomes of it.
    pub change: Change,
    /// The fields that change.
    pub fields: Vec<FieldChange>,
    /// What people must know of it.
    pub note: Option<String>,
    /// What it will wait for.
    pub waiting: Vec<String>,
}

/// What an apply would do, or did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlanView {
    /// The documents, in the order they are taken.
    pub rows: Vec<PlanRow>,
    /// Why nothing can be taken; empty when all is well.
    pub faults: Vec<FieldFault>,
    /// Whether it was done.
    pub applied: bool,
}

impl PlanView {
    /// How many rows become so.
    pub fn count(&self, change: Change) -> usize {
        self.rows.iter().filter(|row| row.change == change).count()
    }
}

/// An environment in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EnvironmentRow {
    /// Its name.
    pub environment: EnvironmentName,
    /// The plane it runs on.
    pub plane: String,
    /// Whether the plane is there and answers, in words; empty when all is well.
    pub plane_trouble: String,
    /// What comes before the plane's host suffix.
    pub dns_prefix: String,
    /// The pipelines that use it.
    pub pipelines: Vec<String>,
    /// How all components in it run.
    pub counts: HealthCount,
}

/// A plane in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlaneRow {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// Whether it is simulated.
    pub simulated: bool,
    /// Its API server's address; empty for the simulated one.
    pub server: String,
    /// Its Kubernetes version; empty until it answered.
    pub version: String,
    /// Whether it answers.
    pub live: bool,
    /// Why it doesn't, in words.
    pub trouble: String,
    /// Since when it does or doesn't.
    pub since: Moment,
    /// The environments on it.
    pub environments: Vec<String>,
    /// How many of our objects it holds.
    pub objects: i64,
    /// How many things are still to be done on it.
    pub queued: i64,
    /// The host suffix of public routes.
    pub public_host: String,
    /// The host suffix of routes for the organization.
    pub organization_host: String,
}

/// A resource in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceRow {
    /// What it is.
    pub identity: Identity,
    /// What people call it.
    pub display_name: String,
    /// How often it was changed.
    pub generation: i64,
    /// When it was last changed.
    pub updated: Moment,
    /// By whom.
    pub by: String,
}

/// A resource's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceView {
    /// What it is.
    pub row: ResourceRow,
    /// For stale-write checks.
    pub version: i64,
    /// Its manifest as YAML, secrets masked.
    pub yaml: String,
    /// What people must know of its kind.
    pub note: Option<String>,
    /// What became of it, newest first.
    pub history: Vec<HistoryRow>,
    /// Who refers to it.
    pub used_by: Vec<Identity>,
    /// A class's versions, newest first: number and moment.
    pub versions: Vec<(i64, Moment)>,
}

/// One change of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// Its place in the order of all changes.
    pub sequence: i64,
    /// What.
    pub identity: Identity,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: String,
    /// What became of it.
    pub change: Change,
    /// The fields that changed.
    pub fields: Vec<FieldChange>,
}

/// A kind with how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindCount {
    /// The kind.
    pub kind: Kind,
    /// How many.
    pub count: i64,
}

/// What a delete would take away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteView {
    /// What is asked to go.
    pub identity: Identity,
    /// The resources that go with it.
    pub resources: Vec<Identity>,
    /// The objects that go from planes, as plane and object.
    pub objects: Vec<(String, String)>,
    /// Why it can't go; empty when it can.
    pub blocked_by: Vec<String>,
}
