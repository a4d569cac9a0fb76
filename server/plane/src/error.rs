//! What can go wrong with a plane, in words that name the object, the field and the remedy.

#[cfg(test)]
mod tests;
mod wording;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::apply::Applied;
use crate::reference::ObjectRef;
use wording::{manager, plain_path};

/// What kind of trouble it is, and so what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// It may well work in a moment: retry with backoff.
    Transient,
    /// The plane doesn't answer: wait until it does, see [`crate::Plane::state`].
    Unreachable,
    /// It can't work until the input, the plane or its permissions change: don't retry.
    Configuration,
}

/// One thing that an API server has against a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// A stable word, such as `FieldValueInvalid`.
    pub reason: String,
    /// The field's path, where a field is to blame.
    pub field: String,
    /// The server's words.
    pub message: String,
}

/// A call to a plane that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaneError {
    /// Nothing answers, or nothing is even tried as long as the breaker is open.
    #[error("the plane doesn't answer: {error}")]
    Unreachable {
        /// Since when, in microseconds since the epoch.
        since: i64,
        /// What the connection said.
        error: String,
    },
    /// The API server answered with a refusal.
    #[error("{}", describe(*code, message))]
    Refused {
        /// The HTTP status.
        code: u16,
        /// The server's word for it, such as `Invalid`; may be empty.
        reason: String,
        /// The server's sentence.
        message: String,
        /// Details, by field.
        causes: Vec<Cause>,
    },
    /// The plane doesn't serve this kind.
    #[error(
        "the plane has no kind {kind} of {api_version}: install what provides it, or turn off the feature that needs it"
    )]
    NoSuchKind {
        /// Group and version.
        api_version: String,
        /// The kind.
        kind: String,
    },
    /// The answer isn't what the Kubernetes API answers.
    #[error("the plane's answer can't be read: {0}")]
    Garbled(String),
}

fn describe(code: u16, message: &str) -> String {
    match code {
        401 => "the plane refuses our credentials (401): renew them on the plane's page".to_owned(),
        429 => "the plane is busy and asks us to wait (429)".to_owned(),
        _ if message.is_empty() => format!("the plane answered with status {code}"),
        _ => message.to_owned(),
    }
}

impl PlaneError {
    /// What to do about it.
    pub fn class(&self) -> Class {
        match self {
            Self::Unreachable { .. } => Class::Unreachable,
            Self::NoSuchKind { .. } => Class::Configuration,
            Self::Garbled(_) => Class::Transient,
            Self::Refused {
                code,
                reason,
                message,
                causes,
            } => refusal(*code, reason, message, causes),
        }
    }

    /// Whether the plane said that the thing isn't there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { code: 404, .. })
    }

    /// The fields that others own, when that is why a server-side apply was refused:
    /// (field, manager).
    pub(crate) fn conflicts(&self) -> Vec<(String, String)> {
        let Self::Refused {
            code: 409, causes, ..
        } = self
        else {
            return Vec::new();
        };
        causes
            .iter()
            .filter(|cause| cause.reason == "FieldManagerConflict")
            .map(|cause| (plain_path(&cause.field), manager(&cause.message)))
            .collect()
    }
}

fn refusal(code: u16, reason: &str, message: &str, causes: &[Cause]) -> Class {
    let owned_by_others = causes.iter().any(|c| c.reason == "FieldManagerConflict");
    let goes_by_itself = causes.iter().any(|c| c.reason == "NamespaceTerminating")
        || message.contains("is being terminated")
        || message.contains("exceeded quota")
        || message.contains("object is being deleted");
    // A real server answers 500 without a reason to an apply that doesn't fit the schema.
    let does_not_fit = message.contains("failed to create typed patch object");
    match code {
        403 if goes_by_itself => Class::Transient,
        409 if owned_by_others => Class::Configuration,
        408 | 409 | 410 | 425 | 429 => Class::Transient,
        500 if does_not_fit && reason.is_empty() => Class::Configuration,
        500.. => Class::Transient,
        _ => Class::Configuration,
    }
}

/// One reason why an object can't be applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The object.
    pub object: ObjectRef,
    /// The field's path, where one is to blame.
    pub field: Option<String>,
    /// A stable word for machines.
    pub code: String,
    /// A plain sentence; the field is named in it.
    pub sentence: String,
    /// What to do about it.
    pub class: Class,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.object, self.sentence)
    }
}

impl Failure {
    pub(crate) fn new(object: &ObjectRef, code: &str, class: Class, sentence: String) -> Self {
        Self {
            object: object.clone(),
            field: None,
            code: code.to_owned(),
            sentence,
            class,
        }
    }
}

/// Why objects weren't applied, or not all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplyError {
    /// Everything that is wrong, over all objects that could be checked.
    pub failures: Vec<Failure>,
    /// What had been written by then. Empty if a check failed before the first write.
    pub applied: Vec<Applied>,
}

impl ApplyError {
    /// The class of the whole: a failure that needs a change of input decides.
    pub fn class(&self) -> Class {
        self.failures
            .iter()
            .map(|failure| failure.class)
            .max()
            .unwrap_or(Class::Transient)
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, failure) in self.failures.iter().enumerate() {
            if n > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{failure}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ApplyError {}
