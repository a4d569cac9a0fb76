//! Which kinds a plane serves, under which path: discovery, remembered.

use std::collections::BTreeMap;
use std::sync::Mutex;

use kube::core::{ApiResource, GroupVersionKind};
use serde_json::Value;

use crate::error::PlaneError;
use crate::json::{flag, list, text};
use crate::plane::Plane;
use crate::reference::{ObjectRef, segment};

/// A kind as a plane serves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resource {
    pub(crate) api: ApiResource,
    pub(crate) namespaced: bool,
}

impl Resource {
    /// The path of the collection that an object is in, or of all objects of the kind.
    pub(crate) fn path(&self, namespace: Option<&str>) -> String {
        let root = if self.api.group.is_empty() {
            "/api"
        } else {
            "/apis"
        };
        let version = &self.api.api_version;
        let plural = &self.api.plural;
        match namespace {
            Some(namespace) if self.namespaced => {
                format!("{root}/{version}/namespaces/{namespace}/{plural}")
            }
            _ => format!("{root}/{version}/{plural}"),
        }
    }
}

/// The kinds by group and version, as far as somebody asked.
#[derive(Debug, Default)]
pub(crate) struct Resources {
    known: Mutex<BTreeMap<String, BTreeMap<String, Resource>>>,
}

impl Resources {
    fn known(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, BTreeMap<String, Resource>>> {
        // A cache: whatever is in it after a panic was put there whole.
        self.known
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Forgets what is known of a group and version: something turned out to be stale.
    pub(crate) fn forget(&self, api_version: &str) {
        self.known().remove(api_version);
    }

    fn get(&self, api_version: &str, kind: &str) -> Option<Resource> {
        self.known().get(api_version)?.get(kind).cloned()
    }
}

impl Plane {
    /// How the plane serves a kind; none if it doesn't.
    pub(crate) async fn resource(
        &self,
        api_version: &str,
        kind: &str,
    ) -> Result<Option<Resource>, PlaneError> {
        if let Some(resource) = self.resources().get(api_version, kind) {
            return Ok(Some(resource));
        }
        for part in api_version.split('/') {
            segment(part)?;
        }
        let root = if api_version.contains('/') {
            "apis"
        } else {
            "api"
        };
        let list = match self.read(&format!("/{root}/{api_version}")).await {
            Ok(list) => list,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(error),
        };
        let found = kinds(api_version, &list);
        let resource = found.get(kind).cloned();
        self.resources()
            .known()
            .insert(api_version.to_owned(), found);
        Ok(resource)
    }

    /// How the plane serves the kind of an object that must be servable.
    pub(crate) async fn resource_of(&self, object: &ObjectRef) -> Result<Resource, PlaneError> {
        segment(&object.name)?;
        object.namespace.as_deref().map(segment).transpose()?;
        self.resource(&object.api_version, &object.kind)
            .await?
            .ok_or_else(|| PlaneError::NoSuchKind {
                api_version: object.api_version.clone(),
                kind: object.kind.clone(),
            })
    }
}

/// The kinds of an `APIResourceList`, without subresources.
fn kinds(api_version: &str, answer: &Value) -> BTreeMap<String, Resource> {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    list(answer, "resources")
        .iter()
        .filter(|resource| !text(resource, "name").contains('/'))
        .map(|resource| {
            let kind = text(resource, "kind");
            let gvk = GroupVersionKind::gvk(group, version, kind);
            let found = Resource {
                api: ApiResource::from_gvk_with_plural(&gvk, text(resource, "name")),
                namespaced: flag(resource, "namespaced"),
            };
            (kind.to_owned(), found)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths() {
        let answer = json!({"resources": [
            {"name": "deployments", "kind": "Deployment", "namespaced": true},
            {"name": "deployments/scale", "kind": "Scale", "namespaced": true},
        ]});
        let found = kinds("apps/v1", &answer);
        assert_eq!(found.len(), 1);
        let deployment = &found["Deployment"];
        assert_eq!(
            deployment.path(Some("shop")),
            "/apis/apps/v1/namespaces/shop/deployments"
        );
        assert_eq!(deployment.path(None), "/apis/apps/v1/deployments");
        let core = kinds(
            "v1",
            &json!({"resources": [{"name": "namespaces", "kind": "Namespace", "namespaced": false}]}),
        );
        assert_eq!(
            core["Namespace"].path(Some("ignored")),
            "/api/v1/namespaces"
        );
    }
}
