//! The nouns of Troupe: kinds, manifests, names, permissions, and the ports that pages ask.

pub mod access;
pub mod class;
pub mod configuration;
pub mod diff;
pub mod form;
pub mod hash;
pub mod health;
pub mod identity;
pub mod kind;
pub mod log;
pub mod manifest;
pub mod moment;
pub mod name;
pub mod path;
pub mod port;
pub mod problem;
pub mod schedule;
pub mod view;
pub mod yaml;
