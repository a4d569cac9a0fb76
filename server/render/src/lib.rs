//! From declared resources to an ordered list of Kubernetes objects: values in, values out.
//!
//! The way is [`compose`] (what is an artifact made of), [`resolve()`] (everything that one
//! environment adds, as an owned [`Input`]) and [`render()`] (the objects). No step reads a clock, a
//! random number or a file, so the same declarations give the same bytes. What can't be done is said:
//! [`Waiting`] for what isn't there yet, [`RenderFault`] for what somebody must change. Nothing is
//! left out of a release in silence.

#![expect(
    clippy::result_large_err,
    reason = "an error is a sentence for people with the identity it speaks of, made once a render"
)]

pub mod content;
pub mod diff;
mod fault;
mod input;
pub mod merge;
mod objects;
pub mod resolve;
mod settings;
mod world;

pub use content::{ArtifactContent, ClassPin, compose, compose_binding};
pub use fault::{Blocked, RenderFault, Waiting};
pub use input::{
    Change, ContainerInput, EndpointAddress, EndpointInput, Gateways, Input, Options, RouteInput,
    Source, Variable, namespace,
};
pub use objects::{CONFIG_HASH, RESTARTED_AT, Rendered, render};
pub use resolve::{
    BindingFacts,
    connection::{Address, ConnectionState, Reached, connections},
    resolve,
};
pub use settings::settings;
pub use world::{Bound, BoundTo, World, binding_name, first_environments};
