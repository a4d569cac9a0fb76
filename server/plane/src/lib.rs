//! DataPlanes through kube clients: apply, delete, watch, judge, read logs.
//!
//! Everything that speaks to a cluster is a method of [`Plane`]; what can be decided without
//! one ([`health`], [`summary`], the order of writes, the labels) is a function of values.

mod access;
mod apply;
mod breaker;
mod compare;
mod error;
mod events;
pub mod health;
mod hide;
pub mod json;
mod logs;
mod namespace;
mod order;
mod owner;
mod plane;
mod reference;
mod remove;
mod resources;
mod start;
pub mod summary;
mod timings;
mod trial;
mod watch;

pub use access::{Access, ConnectError};
pub use apply::{Applied, Change};
pub use breaker::PlaneState;
pub use error::{ApplyError, Class, Failure, PlaneError};
pub use events::{EventKind, ObjectEvent};
pub use logs::LogOptions;
pub use namespace::Emptied;
pub use order::{rank, sort as sort_for_writing};
pub use owner::{FIELD_MANAGER, Owner, label};
pub use plane::{Plane, Version};
pub use reference::{NotAnObject, ObjectRef, PodRef};
pub use remove::Deletion;
pub use timings::Timings;
pub use trial::{Step, Tried, unusable};
pub use watch::{Observed, Watched};
