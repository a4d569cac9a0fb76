//! What the API knows of each kind: list keys, defaults, fields, rules.

pub(crate) mod custom;
pub(crate) mod defaults;
pub(crate) mod lists;
pub(crate) mod quantity;
pub(crate) mod typed;
pub(crate) mod validate;
pub(crate) mod workload;
