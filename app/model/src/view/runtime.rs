//! What is on the plane: objects, events, logs.

use serde::{Deserialize, Serialize};

use crate::{health::Health, moment::Moment};

/// One live object with what it owns.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub children: Vec<ObjectNode>,
}

/// A container of a pod.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    pub lines: Vec<LogLine>,
    /// How many lines were looked through for what was searched.
    pub read: i64,
    /// The mark of the last line that was looked at, to go on after it; empty without one.
    pub last: String,
}

/// A line of a log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogLine {
    /// Its place in the log, by which it is gone on from; empty when the plane gives no times.
    pub mark: String,
    /// When it was written, in words of the plane; empty when it doesn't say.
    pub at: String,
    /// The text.
    pub text: String,
}
