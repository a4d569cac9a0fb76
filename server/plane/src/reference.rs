//! Names for objects on a plane.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::PlaneError;
use crate::json::text;

/// Which object is meant, whether it exists or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectRef {
    /// Group and version, such as `apps/v1`, or `v1`.
    pub api_version: String,
    /// The kind, such as `Deployment`.
    pub kind: String,
    /// The namespace; none for objects of the whole cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

/// The value has no `apiVersion`, `kind` or `metadata.name`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a Kubernetes object: {0} is missing")]
pub struct NotAnObject(pub &'static str);

impl ObjectRef {
    /// The reference to a given object.
    pub fn of(object: &Value) -> Result<Self, NotAnObject> {
        let must = |path, name| match text(object, path) {
            "" => Err(NotAnObject(name)),
            found => Ok(found.to_owned()),
        };
        Ok(Self {
            api_version: must("apiVersion", "apiVersion")?,
            kind: must("kind", "kind")?,
            namespace: Some(text(object, "metadata.namespace"))
                .filter(|namespace| !namespace.is_empty())
                .map(str::to_owned),
            name: must("metadata.name", "metadata.name")?,
        })
    }

    /// The API group; empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version
            .split_once('/')
            .map_or("", |(group, _)| group)
    }

    /// The self reference that objects of ours carry: other tools copy objects with all their
    /// labels, and a copy isn't ours.
    pub fn tracking_id(&self) -> String {
        let namespace = self.namespace.as_deref().unwrap_or_default();
        format!("{}/{}/{namespace}/{}", self.group(), self.kind, self.name)
    }
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{} {namespace}/{}", self.kind, self.name),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}

/// A name that may stand in a request's path. Others could reach for what wasn't asked for.
pub(crate) fn segment(name: &str) -> Result<&str, PlaneError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '_');
    if name.is_empty() || name.starts_with("..") || !name.chars().all(plain) {
        return Err(PlaneError::Garbled(format!("{name:?} can't be a name")));
    }
    Ok(name)
}

/// A pod, whose logs are wanted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PodRef {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_place() {
        for name in ["cart", "cart-7.x", "system:node", "a_b"] {
            assert_eq!(segment(name), Ok(name));
        }
        for name in ["", "..", "../secrets/x", "a/b", "a?b", "a%2fb", "a b", "ä"] {
            assert!(segment(name).is_err(), "{name}");
        }
    }
}
