//! How well something runs: the vocabulary that planes judge in and pages show.

use serde::{Deserialize, Serialize};

/// How well an object, a component or an environment runs.
///
/// The order is from best to worst: the worst of several is their `max`. `Unknown` ranks
/// below `Degraded`, so that what can't be seen never hides a known failure (`field.md` 4.4).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Health {
    /// Does what it should.
    Healthy,
    /// Stopped on purpose.
    Suspended,
    /// On its way to the wanted state.
    Progressing,
    /// Wanted, and not there.
    Missing,
    /// Not to be judged: never seen, or the plane doesn't answer.
    #[default]
    Unknown,
    /// Failing, and it won't mend itself.
    Degraded,
}

impl Health {
    /// The word people see.
    pub fn word(self) -> &'static str {
        match self {
            Self::Healthy => "Healthy",
            Self::Suspended => "Suspended",
            Self::Progressing => "Progressing",
            Self::Missing => "Missing",
            Self::Unknown => "Unknown",
            Self::Degraded => "Failing",
        }
    }

    /// The name stored and sent: the variant's own.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "Healthy",
            Self::Suspended => "Suspended",
            Self::Progressing => "Progressing",
            Self::Missing => "Missing",
            Self::Unknown => "Unknown",
            Self::Degraded => "Degraded",
        }
    }

    /// Reads what [`Health::as_str`] wrote; anything else is `Unknown`.
    pub fn parse(text: &str) -> Self {
        match text {
            "Healthy" => Self::Healthy,
            "Suspended" => Self::Suspended,
            "Progressing" => Self::Progressing,
            "Missing" => Self::Missing,
            "Degraded" => Self::Degraded,
            _ => Self::Unknown,
        }
    }
}

/// A judgement on one object: how it is, and the sentence that says why.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Verdict {
    /// How it is.
    pub health: Health,
    /// A stable word for machines, such as `ImagePullBackOff`; empty when healthy.
    pub code: String,
    /// A plain sentence for people, such as "image not found: shop/cart:9.9".
    pub sentence: String,
    /// The container that is to blame, if one is.
    pub container: Option<String>,
}
