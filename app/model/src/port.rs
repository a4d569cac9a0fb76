//! What pages, the API and the command line ask of the platform. `control` answers.
//!
//! One trait a room. A port is a use case, not a table; permission is checked behind it, so the
//! viewer always comes first.

pub mod cells;
pub mod classes;
pub mod configuration;
pub mod delivery;
pub mod drafting;
pub mod environments;
pub mod find;
pub mod pipelines;
pub mod planes;

use std::{collections::BTreeMap, pin::Pin, sync::Arc};

use async_trait::async_trait;
use futures::Stream;

use crate::{access::Viewer, identity::Identity, kind::Kind, problem::Problem, view::*};

/// What a port answers with.
pub type Answer<T> = Result<T, Problem>;

/// The lines of a log, as they come.
pub type Lines = Pin<Box<dyn Stream<Item = Result<LogLine, Problem>> + Send>>;

/// What something is sent in as: a file's name and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentFile {
    /// The name, or empty for what was pasted.
    pub name: String,
    /// YAML or JSON, many documents.
    pub text: String,
}

/// What is sent in, and what the sender believes to be there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sending {
    /// The texts.
    pub files: Vec<SentFile>,
    /// The version that the sender saw of each thing; 0 of what shouldn't be there yet. What isn't
    /// named here is taken as it is.
    pub expected: BTreeMap<Identity, i64>,
}

impl Sending {
    /// One text, whatever is there.
    pub fn text(name: &str, text: &str) -> Self {
        Self::from(vec![SentFile {
            name: name.into(),
            text: text.into(),
        }])
    }

    /// The same, if this thing still has this version; 0 when it shouldn't be there yet.
    #[must_use]
    pub fn expecting(mut self, identity: Identity, version: i64) -> Self {
        self.expected.insert(identity, version);
        self
    }
}

impl From<Vec<SentFile>> for Sending {
    fn from(files: Vec<SentFile>) -> Self {
        Self {
            files,
            expected: BTreeMap::new(),
        }
    }
}

/// Which log is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogQuestion {
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// The environment.
    pub environment: String,
    /// The pod; the first failing one, else the newest, when empty.
    pub pod: String,
    /// The container; the first when empty.
    pub container: String,
    /// The container before the last restart.
    pub previous: bool,
    /// The last so many lines, at most 5,000; 200 when 0.
    pub tail: i64,
    /// Only from the last so many seconds; all when 0.
    pub since_seconds: i64,
    /// Only lines with this text in them, whatever their case; all when empty.
    pub search: String,
    /// Only lines after this one: the mark of the last that is known. All when empty.
    pub after: String,
}

/// Home and frame.
#[async_trait]
pub trait Overview: Send + Sync {
    /// What the frame around each page shows.
    async fn frame(&self, viewer: &Viewer) -> Answer<FrameView>;
    /// The home page.
    async fn home(&self, viewer: &Viewer) -> Answer<HomeView>;
    /// What waits for something, all of it.
    async fn waiting(&self, viewer: &Viewer) -> Answer<Vec<WaitingRow>>;
}

/// Projects.
#[async_trait]
pub trait Projects: Send + Sync {
    /// All projects.
    async fn list(&self, viewer: &Viewer, paging: &Paging) -> Answer<Page<ProjectRow>>;
    /// One project with a part of its components.
    async fn find(&self, viewer: &Viewer, project: &str, paging: &Paging) -> Answer<ProjectView>;
}

/// Components and what runs of them.
#[async_trait]
pub trait Components: Send + Sync {
    /// One component.
    async fn find(&self, viewer: &Viewer, project: &str, name: &str) -> Answer<ComponentView>;
    /// Its artifacts, newest first.
    async fn artifacts(
        &self,
        viewer: &Viewer,
        project: &str,
        name: &str,
        paging: &Paging,
    ) -> Answer<Page<ArtifactRow>>;
    /// Its releases, newest first; all environments when `environment` is empty.
    async fn releases(
        &self,
        viewer: &Viewer,
        project: &str,
        name: &str,
        environment: &str,
        paging: &Paging,
    ) -> Answer<Page<ReleaseRow>>;
    /// One release.
    async fn release(
        &self,
        viewer: &Viewer,
        project: &str,
        name: &str,
        environment: &str,
        number: i64,
    ) -> Answer<ReleaseView>;
    /// Its live objects.
    async fn runtime(
        &self,
        viewer: &Viewer,
        project: &str,
        name: &str,
        environment: &str,
    ) -> Answer<RuntimeView>;
    /// The plane's events about it, newest first.
    async fn events(
        &self,
        viewer: &Viewer,
        project: &str,
        name: &str,
        environment: &str,
    ) -> Answer<Vec<EventRow>>;
    /// The end of a pod's log.
    async fn log(&self, viewer: &Viewer, question: &LogQuestion) -> Answer<LogView>;
    /// A pod's log as it grows.
    async fn follow(&self, viewer: &Viewer, question: &LogQuestion) -> Answer<Lines>;
    /// The manifests that declare it (Component, Workload, declaration, bindings), as YAML with their identities.
    async fn definition(
        &self,
        viewer: &Viewer,
        project: &str,
        name: &str,
    ) -> Answer<Vec<(Identity, String)>>;
    /// What became of it and its parts, newest first.
    async fn history(&self, viewer: &Viewer, project: &str, name: &str) -> Answer<Vec<HistoryRow>>;
}

/// Environments and planes.
#[async_trait]
pub trait Platform: Send + Sync {
    /// All environments, in pipeline order.
    async fn environments(&self, viewer: &Viewer) -> Answer<Vec<EnvironmentRow>>;
    /// All DataPlanes.
    async fn planes(&self, viewer: &Viewer) -> Answer<Vec<PlaneRow>>;
}

/// Manifests: what is declared.
#[async_trait]
pub trait Manifests: Send + Sync {
    /// What applying these would do. Faults are in the view, not an error.
    async fn plan(&self, viewer: &Viewer, sending: &Sending) -> Answer<PlanView>;
    /// Does it, in one transaction; with faults nothing is written. What somebody else changed
    /// since the sender looked is [`Problem::Stale`].
    async fn apply(&self, viewer: &Viewer, sending: &Sending) -> Answer<PlanView>;
    /// What applying these would do, and which objects would come of it in each environment that
    /// it reaches.
    async fn preview(&self, viewer: &Viewer, sending: &Sending) -> Answer<PreviewView>;
    /// How many there are of each kind.
    async fn kinds(&self, viewer: &Viewer) -> Answer<Vec<KindCount>>;
    /// All of a kind; of one project when `project` isn't empty.
    async fn list(
        &self,
        viewer: &Viewer,
        kind: Kind,
        project: &str,
        paging: &Paging,
    ) -> Answer<Page<ResourceRow>>;
    /// Manifests with status, as JSON values, for machines.
    async fn manifests(&self, viewer: &Viewer, slice: &Slice) -> Answer<Sliced>;
    /// What became of a resource, newest first, also of one that is gone; only before this change
    /// unless it is 0. At most `limit`.
    async fn history(
        &self,
        viewer: &Viewer,
        identity: &Identity,
        before: i64,
        limit: i64,
    ) -> Answer<Vec<HistoryRow>>;
    /// What differs between what two changes left of a resource.
    async fn compare(
        &self,
        viewer: &Viewer,
        identity: &Identity,
        from: i64,
        to: i64,
    ) -> Answer<Comparison>;
    /// One resource.
    async fn find(&self, viewer: &Viewer, identity: &Identity) -> Answer<ResourceView>;
    /// What deleting it would take away.
    async fn delete_preview(&self, viewer: &Viewer, identity: &Identity) -> Answer<DeleteView>;
    /// Deletes it, and what it made from every plane; the rows go when the planes confirm.
    async fn delete(&self, viewer: &Viewer, identity: &Identity) -> Answer<DeleteView>;
}

/// All ports. Pages find it in context.
#[derive(Clone)]
pub struct Ports {
    /// Home and frame.
    pub overview: Arc<dyn Overview>,
    /// Projects.
    pub projects: Arc<dyn Projects>,
    /// Components and what runs of them.
    pub components: Arc<dyn Components>,
    /// Environments and planes.
    pub platform: Arc<dyn Platform>,
    /// Manifests.
    pub manifests: Arc<dyn Manifests>,
    /// Planes, and tests of them.
    pub planes: Arc<dyn planes::Planes>,
    /// Configuration groups as matrices.
    pub configuration: Arc<dyn configuration::Configurations>,
    /// New versions, bindings and actions.
    pub delivery: Arc<dyn delivery::Delivery>,
    /// Classes.
    pub classes: Arc<dyn classes::Classes>,
    /// Projects as cells.
    pub cells: Arc<dyn cells::Cells>,
    /// Environments, one at a time.
    pub environments: Arc<dyn environments::Environments>,
    /// Deployment pipelines.
    pub pipelines: Arc<dyn pipelines::Pipelines>,
    /// What forms ask while somebody fills them in.
    pub drafting: Arc<dyn drafting::Drafting>,
    /// Searching, and favourites.
    pub find: Arc<dyn find::Find>,
}
