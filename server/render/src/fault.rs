//! Why something can't be rendered: it waits for something, or somebody must change something.

use model::{identity::Identity, manifest::suggest::nearest};
use serde::{Deserialize, Serialize};

/// Something that isn't there yet. When it arrives, the same call succeeds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Waiting {
    /// What is missing.
    pub for_what: Identity,
    /// Who needs it and where it says so, as a sentence.
    pub why: String,
}

impl Waiting {
    /// Waiting for a thing, with the clause that says who needs it.
    pub(crate) fn new(for_what: Identity, reason: impl std::fmt::Display) -> Self {
        let why = format!("waiting for {for_what}: {reason}");
        Self { for_what, why }
    }
}

/// Something that somebody must change before this can be rendered.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, thiserror::Error,
)]
#[error("{object}, {field}: {message}. {remedy}")]
pub struct RenderFault {
    /// The declared thing that is at fault, such as `Workload of shop/orders`.
    pub object: String,
    /// The field in it.
    pub field: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

impl RenderFault {
    pub(crate) fn new(
        object: impl Into<String>,
        field: impl Into<String>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            object: object.into(),
            field: field.into(),
            message: message.into(),
            remedy: remedy.into(),
        }
    }
}

/// Why a release can't be made. Faults outrank waiting: they don't go away by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Blocked {
    /// Things that aren't there yet; nothing else is wrong.
    Waiting(Vec<Waiting>),
    /// Things that somebody must change.
    Faults(Vec<RenderFault>),
}

/// Collects all that is wrong, so that people see it at once and not one by one.
#[derive(Debug, Default)]
pub(crate) struct Troubles {
    pub waiting: Vec<Waiting>,
    pub faults: Vec<RenderFault>,
}

impl Troubles {
    pub fn wait(&mut self, waiting: Waiting) {
        if !self.waiting.contains(&waiting) {
            self.waiting.push(waiting);
        }
    }

    pub fn fault(&mut self, fault: RenderFault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    pub fn blocked(self) -> Option<Blocked> {
        if !self.faults.is_empty() {
            Some(Blocked::Faults(self.faults))
        } else if !self.waiting.is_empty() {
            Some(Blocked::Waiting(self.waiting))
        } else {
            None
        }
    }
}

/// "Did you mean …", or the list to choose from.
pub(crate) fn suggest<'a>(word: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = nearest(word, known.clone()) {
        return format!("Did you mean {near}?");
    }
    let known: Vec<&str> = known.collect();
    if known.is_empty() {
        "There are none to choose from".into()
    } else {
        format!("Known are: {}", known.join(", "))
    }
}
