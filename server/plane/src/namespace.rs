//! Takes away a namespace that Troupe made, once nothing is left in it.

use kube::api::{DeleteParams, Preconditions};
use kube::core::Request;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::PlaneError;
use crate::json::{at, label as label_of, list, text};
use crate::owner::{FIELD_MANAGER, label};
use crate::plane::Plane;
use crate::reference::ObjectRef;

/// What became of a namespace that should go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Emptied {
    /// It isn't there, or no longer.
    Gone,
    /// It goes, as soon as the plane has cleared it.
    Going,
    /// It stays.
    Kept {
        /// Why, in words.
        why: String,
    },
}

/// What somebody may have put there: its collection, and the word for it.
const CONTENT: &[(&str, &str)] = &[
    ("/api/v1", "persistentvolumeclaims"),
    ("/apis/apps/v1", "statefulsets"),
    ("/apis/apps/v1", "deployments"),
    ("/apis/batch/v1", "jobs"),
    ("/api/v1", "secrets"),
    ("/api/v1", "configmaps"),
    ("/api/v1", "services"),
    ("/api/v1", "pods"),
];

/// What every namespace has by itself.
const BORN_WITH: &[&str] = &["kube-root-ca.crt"];

impl Plane {
    /// Deletes a namespace that this installation made and that holds nothing any more. One with
    /// anything in it is left alone: it may be somebody's data.
    pub async fn delete_namespace(&self, name: &str, install: &str) -> Result<Emptied, PlaneError> {
        let reference = ObjectRef {
            api_version: "v1".into(),
            kind: "Namespace".into(),
            namespace: None,
            name: name.to_owned(),
        };
        let Some(live) = self.fetch(&reference).await? else {
            return Ok(Emptied::Gone);
        };
        if at(&live, "metadata.deletionTimestamp").is_some() {
            return Ok(Emptied::Going);
        }
        let ours = label_of(&live, label::MANAGED_BY) == Some(FIELD_MANAGER)
            && label_of(&live, label::INSTALL) == Some(install);
        if !ours {
            let why = "this installation didn't make it".to_owned();
            return Ok(Emptied::Kept { why });
        }
        if let Some(what) = self.left_in(name).await? {
            return Ok(what);
        }
        let params = DeleteParams {
            preconditions: Some(Preconditions {
                uid: Some(text(&live, "metadata.uid").to_owned()),
                resource_version: None,
            }),
            ..DeleteParams::default()
        };
        let request = Request::new("/api/v1/namespaces")
            .delete(name, &params)
            .map_err(|error| PlaneError::Garbled(error.to_string()))?;
        match self.call(request).await {
            Ok(_) => Ok(Emptied::Going),
            Err(error) if error.is_not_found() => Ok(Emptied::Gone),
            Err(error) => Err(error),
        }
    }

    /// What keeps a namespace: something foreign, or something that is still on its way out.
    async fn left_in(&self, namespace: &str) -> Result<Option<Emptied>, PlaneError> {
        for (api, collection) in CONTENT {
            let path = format!("{api}/namespaces/{namespace}/{collection}?limit=20");
            let found = self.read(&path).await?;
            let mut items = list(&found, "items").iter();
            let left = items.find(|item| !BORN_WITH.contains(&text(item, "metadata.name")));
            let Some(item) = left else { continue };
            let leaving = at(item, "metadata.deletionTimestamp").is_some()
                || list(item, "metadata.ownerReferences")
                    .iter()
                    .any(Value::is_object);
            let ours = label_of(item, label::MANAGED_BY) == Some(FIELD_MANAGER);
            if leaving || ours {
                return Ok(Some(Emptied::Going));
            }
            let why = format!("{collection} {} is in it", text(item, "metadata.name"));
            return Ok(Some(Emptied::Kept { why }));
        }
        Ok(None)
    }
}
