//! What pages show: plain data, filled in by `control`, drawn by `app`, sent as JSON by the API.
//!
//! Times are [`Moment`](crate::moment::Moment)s; addresses are made by [`crate::path`] where they are drawn.
//! One file a room; their names are taken from here.

mod cell;
mod class;
mod component;
mod configuration;
mod delivery;
mod drafting;
mod environment;
mod list;
mod manifest;
mod overview;
mod pipeline;
mod place;
mod plane;
mod project;
mod release;
mod runtime;
mod search;

pub use crate::diff::FieldChange;
pub use cell::*;
pub use class::*;
pub use component::*;
pub use configuration::*;
pub use delivery::*;
pub use drafting::*;
pub use environment::*;
pub use list::*;
pub use manifest::*;
pub use overview::*;
pub use pipeline::*;
pub use place::*;
pub use plane::*;
pub use project::*;
pub use release::*;
pub use runtime::*;
pub use search::*;
