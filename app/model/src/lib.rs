//! The nouns of Troupe: kinds, manifests, names, permissions, and the ports that pages ask.

pub mod health;
pub mod identity;
pub mod kind;
pub mod access;
pub mod moment;
pub mod path;
pub mod port;
pub mod problem;
pub mod view;
