//! Rendering as a whole: facts of v0.3, golden objects, rules and their properties.

mod golden;
mod properties;
mod rules;
mod support;
