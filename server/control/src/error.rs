//! Everything that can happen here, and its one door to what people are told.

use model::{access::Refusal, problem::Problem};

/// What can go wrong in the control plane.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// People are told as it is.
    #[error(transparent)]
    Told(#[from] Problem),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A plane refused or doesn't answer.
    #[error("DataPlane {plane}: {source}")]
    Plane {
        /// The plane.
        plane: String,
        /// What it said.
        source: plane::PlaneError,
    },
    /// A plane can't be reached with what is declared.
    #[error("DataPlane {plane} can't be reached: {source}")]
    Connect {
        /// The plane.
        plane: String,
        /// Why.
        source: plane::ConnectError,
    },
    /// What is stored can't be what we stored.
    #[error("{what} can't be read: {reason}")]
    Corrupt {
        /// What.
        what: String,
        /// Why.
        reason: String,
    },
    /// A file or the like.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// What came of it.
        source: std::io::Error,
    },
}

/// What use cases end in.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Told(Problem::Refused(refusal))
    }
}

/// The only door. What nobody foresaw is logged here, once, under a reference that people can name.
impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Told(problem) => problem,
            Error::Store(store::Error::Stale { what }) => Problem::Stale {
                message: format!("{what} was changed in the meantime. Look at it and try again"),
                current: None,
            },
            Error::Plane { plane, source } if source.class() == plane::Class::Unreachable => {
                Problem::PlaneUnreachable {
                    plane,
                    reason: source.to_string(),
                }
            }
            other => {
                let reference = crate::clock::id();
                tracing::error!(reference, error = %other, "a use case broke");
                Problem::Broken { reference }
            }
        }
    }
}
