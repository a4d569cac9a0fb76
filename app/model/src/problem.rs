//! Everything a person can be told when something doesn't work.
//!
//! `server` has its own errors and turns them into these at one door. A problem knows its HTTP
//! status; the API sends it as RFC 9457 problem details, the portal draws it as a page.

use serde::{Deserialize, Serialize};

use crate::access::Refusal;

/// One faulty field of what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldFault {
    /// The file it came in, or empty.
    pub file: String,
    /// The document in the file, from 1; 0 when there is none.
    pub document: usize,
    /// The line in the file, from 1; 0 when there is none.
    pub line: usize,
    /// The field's path, such as `spec.endpoints.http.port`.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// What a person can be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Problem {
    /// No session and no token.
    #[error("Please sign in")]
    SignedOut,
    /// Signed in, and not allowed.
    #[error("{0}")]
    Refused(Refusal),
    /// There is no such thing, or it isn't theirs to see.
    #[error("There is no {what} called {name}")]
    NotFound {
        /// The word for the thing, such as `component`.
        what: String,
        /// Its name as asked for.
        name: String,
        /// Names that come near.
        near: Vec<String>,
    },
    /// What was sent can't be taken; nothing was changed.
    #[error("{message}")]
    Invalid {
        /// What is wrong as a whole.
        message: String,
        /// What is wrong in each field.
        faults: Vec<FieldFault>,
    },
    /// Somebody else was faster; the current state is in `current`.
    #[error("{message}")]
    Stale {
        /// What happened.
        message: String,
        /// The thing as it is now, as its manifest.
        current: Option<serde_json::Value>,
    },
    /// More than Troupe takes at once.
    #[error("{message}")]
    TooLarge {
        /// What is too large, and the limit.
        message: String,
    },
    /// Tried too often.
    #[error("Too many attempts. Try again in {seconds} s")]
    Throttled {
        /// How long to wait.
        seconds: i64,
    },
    /// A plane doesn't answer.
    #[error("DataPlane {plane} doesn't answer: {reason}")]
    PlaneUnreachable {
        /// The plane.
        plane: String,
        /// What the attempt said.
        reason: String,
    },
    /// It broke on our side; the log has more under the reference.
    #[error("Something broke on our side. Say {reference} when you ask about it")]
    Broken {
        /// The request's id.
        reference: String,
    },
}

impl Problem {
    /// Something that isn't there.
    pub fn not_found(what: &str, name: &str) -> Self {
        Self::NotFound {
            what: what.into(),
            name: name.into(),
            near: Vec::new(),
        }
    }

    /// One thing wrong with what was sent, in a field.
    pub fn invalid(path: &str, message: &str, remedy: &str) -> Self {
        Self::Invalid {
            message: message.into(),
            faults: vec![FieldFault {
                path: path.into(),
                message: message.into(),
                remedy: remedy.into(),
                ..FieldFault::default()
            }],
        }
    }

    /// The HTTP status that says the same (RFC 9110).
    pub fn status(&self) -> u16 {
        match self {
            Self::SignedOut => 401,
            Self::Refused(_) => 403,
            Self::NotFound { .. } => 404,
            Self::Stale { .. } => 409,
            Self::TooLarge { .. } => 413,
            Self::Invalid { .. } => 422,
            Self::Throttled { .. } => 429,
            Self::Broken { .. } => 500,
            Self::PlaneUnreachable { .. } => 503,
        }
    }

    /// A short title for the class of problem.
    pub fn title(&self) -> &'static str {
        match self {
            Self::SignedOut => "Signed out",
            Self::Refused(_) => "Not allowed",
            Self::NotFound { .. } => "Not found",
            Self::Stale { .. } => "Changed in the meantime",
            Self::TooLarge { .. } => "Too large",
            Self::Invalid { .. } => "Can't be taken",
            Self::Throttled { .. } => "Too many attempts",
            Self::Broken { .. } => "Something broke",
            Self::PlaneUnreachable { .. } => "Plane unreachable",
        }
    }

    /// A stable word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::Refused(_) => "refused",
            Self::NotFound { .. } => "not-found",
            Self::Stale { .. } => "stale",
            Self::TooLarge { .. } => "too-large",
            Self::Invalid { .. } => "invalid",
            Self::Throttled { .. } => "throttled",
            Self::Broken { .. } => "broken",
            Self::PlaneUnreachable { .. } => "plane-unreachable",
        }
    }
}
