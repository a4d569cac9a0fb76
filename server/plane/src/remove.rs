//! Deletes what is ours, and nothing else.

use kube::api::{DeleteParams, Preconditions, PropagationPolicy};
use kube::core::Request;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::PlaneError;
use crate::json::{annotation, at, list, text};
use crate::owner::{Owner, label};
use crate::plane::Plane;
use crate::reference::ObjectRef;

/// What became of an object that should go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deletion {
    /// It isn't there, or no longer.
    Gone,
    /// It goes, once what is behind these finalizers is done.
    Deleting {
        /// Who holds it; empty while a pod merely shuts down.
        finalizers: Vec<String>,
    },
    /// It was left alone.
    NotOurs {
        /// Why, in words.
        why: String,
    },
}

/// What may hold data or other people's objects, and so is never deleted here.
const KEPT: &[&str] = &[
    "Namespace",
    "PersistentVolumeClaim",
    "PersistentVolume",
    "CustomResourceDefinition",
];

impl Plane {
    /// Deletes an object of the owner's, its dependents following. With a `uid`, only the
    /// very object that has it: one of the same name that was made since is left alone.
    ///
    /// Namespaces, volumes and custom resource definitions are never deleted.
    pub async fn delete(
        &self,
        object: &ObjectRef,
        uid: Option<&str>,
        owner: &Owner,
    ) -> Result<Deletion, PlaneError> {
        let live = match self.fetch(object).await {
            Err(PlaneError::NoSuchKind { .. }) | Ok(None) => return Ok(Deletion::Gone),
            Ok(Some(live)) => live,
            Err(error) => return Err(error),
        };
        if let Some(why) = reason_to_keep(object, &live, uid, owner) {
            return Ok(Deletion::NotOurs { why });
        }
        // To delete again would only make noise.
        if at(&live, "metadata.deletionTimestamp").is_some() {
            return Ok(deleting(&live));
        }
        let uid = text(&live, "metadata.uid").to_owned();
        let params = DeleteParams {
            propagation_policy: Some(PropagationPolicy::Background),
            preconditions: Some(Preconditions {
                uid: Some(uid),
                resource_version: None,
            }),
            ..DeleteParams::default()
        };
        let path = self
            .resource_of(object)
            .await?
            .path(object.namespace.as_deref());
        let request = Request::new(path)
            .delete(&object.name, &params)
            .map_err(|error| PlaneError::Garbled(error.to_string()))?;
        match self.call(request).await {
            Ok(answer) if at(&answer, "metadata.deletionTimestamp").is_some() => {
                Ok(deleting(&answer))
            }
            Ok(_) => Ok(Deletion::Gone),
            Err(error) if error.is_not_found() => Ok(Deletion::Gone),
            Err(PlaneError::Refused { code: 409, .. }) => Ok(replaced()),
            Err(error) => Err(error),
        }
    }
}

fn reason_to_keep(
    object: &ObjectRef,
    live: &Value,
    uid: Option<&str>,
    owner: &Owner,
) -> Option<String> {
    if KEPT.contains(&object.kind.as_str()) {
        return Some(format!("a {} is never deleted by Troupe", object.kind));
    }
    if uid.is_some_and(|uid| uid != text(live, "metadata.uid")) {
        return Some("another object of this name was made since".to_owned());
    }
    if let Some(why) = owner.objection(live, false) {
        return Some(why);
    }
    (annotation(live, label::PRUNE) == Some("disabled"))
        .then(|| format!("its annotation {} says to keep it", label::PRUNE))
}

fn replaced() -> Deletion {
    Deletion::NotOurs {
        why: "another object of this name was made just now".to_owned(),
    }
}

fn deleting(live: &Value) -> Deletion {
    let finalizers = list(live, "metadata.finalizers")
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    Deletion::Deleting { finalizers }
}
