//! The nouns of Troupe: kinds, manifests, names, permissions, and the ports that pages ask.

pub mod health;
pub mod identity;
pub mod kind;
