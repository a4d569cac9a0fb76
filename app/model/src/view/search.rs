//! What was found.

use serde::{Deserialize, Serialize};

use crate::{identity::Identity, kind::Kind};

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SearchQuestion {
    /// What was typed.
    pub text: String,
    /// Only of this kind.
    pub kind: Option<Kind>,
    /// At most so many of each kind.
    pub per_kind: i64,
    /// Which part of them, from 1.
    pub page: i64,
}

/// What was found, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SearchView {
    /// The words that were looked for.
    pub terms: Vec<String>,
    /// Kinds of which something was found, the one with the best first.
    pub groups: Vec<HitGroup>,
    /// Whether there is more than was looked through.
    pub more: bool,
}

/// What was found of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HitGroup {
    /// The kind.
    pub kind: Kind,
    /// How many there are.
    pub total: i64,
    /// The best of them.
    pub hits: Vec<Hit>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// What it is.
    pub identity: Identity,
    /// What people call it.
    pub title: String,
    /// The image, host or owner that it was found by; empty when its name was.
    pub said: String,
    /// How well it fits: the lower, the better.
    pub rank: i64,
}
