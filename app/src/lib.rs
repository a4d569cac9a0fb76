//! The portal.
pub mod islands;
