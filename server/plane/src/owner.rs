//! Whose an object is: the labels and annotations that say so, and the guards that read them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::json::{annotation, label as label_of};
use crate::reference::{NotAnObject, ObjectRef};

/// The name under which we own fields on a plane.
pub const FIELD_MANAGER: &str = "troupe";

/// The names of the labels and annotations that we put on objects.
pub mod label {
    /// Label: always `troupe`.
    pub const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
    /// Label: the installation, where several share a cluster.
    pub const INSTALL: &str = "troupe.dev/install";
    /// Label: the id of the binding that wants the object.
    pub const BINDING: &str = "troupe.dev/binding";
    /// Annotation: the release that was applied last.
    pub const RELEASE: &str = "troupe.dev/release";
    /// Annotation: the object's reference to itself; a copy names another object.
    pub const TRACKING: &str = "troupe.dev/tracking-id";
    /// Annotation: `disabled` keeps the object when it is no longer wanted.
    pub const PRUNE: &str = "troupe.dev/prune";
}

/// Where the pod templates of the kinds we know are.
const TEMPLATES: &[&[&str]] = &[
    &["spec", "template"],
    &["spec", "jobTemplate"],
    &["spec", "jobTemplate", "spec", "template"],
];

/// On whose behalf objects are written and deleted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Owner {
    /// The installation.
    pub install: String,
    /// The binding's id.
    pub binding: String,
    /// The release's name or number. An annotation, never in a pod template: a new release
    /// of the same content restarts nothing.
    pub release: String,
    /// More labels for all objects and pod templates. They are part of the pod template, so
    /// a change of them rolls all pods: only what identifies the component belongs here.
    pub labels: BTreeMap<String, String>,
}

impl Owner {
    /// The labels of objects of this owner.
    pub fn all_labels(&self) -> BTreeMap<String, String> {
        let mut labels = self.labels.clone();
        labels.extend(self.shared_labels());
        labels.insert(label::BINDING.to_owned(), self.binding.clone());
        labels
    }

    fn shared_labels(&self) -> BTreeMap<String, String> {
        BTreeMap::from([
            (label::MANAGED_BY.to_owned(), FIELD_MANAGER.to_owned()),
            (label::INSTALL.to_owned(), self.install.clone()),
        ])
    }

    /// The body to send for an object: owner's labels merged in, what a server sets left out.
    ///
    /// A namespace is shared by bindings, so nothing of one binding goes onto it.
    pub fn body(&self, object: &Value) -> Result<Value, NotAnObject> {
        let reference = ObjectRef::of(object)?;
        let mut body = object.clone();
        strip(&mut body);
        let shared = reference.kind == "Namespace";
        let labels = if shared {
            self.shared_labels()
        } else {
            self.all_labels()
        };
        let mut annotations =
            BTreeMap::from([(label::TRACKING.to_owned(), reference.tracking_id())]);
        if !shared {
            annotations.insert(label::RELEASE.to_owned(), self.release.clone());
        }
        merge(&mut body, "annotations", &annotations);
        merge(&mut body, "labels", &labels);
        for path in TEMPLATES {
            if let Some(template) = dig(&mut body, path) {
                merge(template, "labels", &labels);
            }
        }
        Ok(body)
    }

    /// Why a live object must not be taken over or deleted; none if it may be.
    pub(crate) fn objection(&self, live: &Value, adopting: bool) -> Option<String> {
        let managed = label_of(live, label::MANAGED_BY) == Some(FIELD_MANAGER);
        if !managed {
            return (!adopting).then(|| "it isn't managed by Troupe".to_owned());
        }
        match label_of(live, label::INSTALL) {
            Some(install) if install == self.install => {}
            Some(other) => return Some(format!("it belongs to another installation, {other}")),
            None => return (!adopting).then(|| "no installation is named on it".to_owned()),
        }
        let reference = ObjectRef::of(live).ok()?;
        let tracking = annotation(live, label::TRACKING);
        if !adopting && tracking.is_some_and(|id| id != reference.tracking_id()) {
            return Some("it is a copy of another object, made by another tool".to_owned());
        }
        if reference.kind == "Namespace" {
            return None;
        }
        match label_of(live, label::BINDING) {
            Some(binding) if binding == self.binding => None,
            Some(other) => Some(format!("it belongs to another binding, {other}")),
            None => (!adopting).then(|| "no binding is named on it".to_owned()),
        }
    }
}

/// Leaves out what only a server sets, and what must not be in a server-side apply.
fn strip(body: &mut Value) {
    if let Some(body) = body.as_object_mut() {
        body.remove("status");
    }
    if let Some(metadata) = body.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in [
            "creationTimestamp",
            "generation",
            "managedFields",
            "resourceVersion",
            "selfLink",
            "uid",
        ] {
            metadata.remove(field);
        }
    }
}

fn dig<'a>(value: &'a mut Value, path: &[&str]) -> Option<&'a mut Value> {
    path.iter()
        .try_fold(value, |value, key| value.get_mut(*key))
        .filter(|found| found.is_object())
}

/// Adds entries to `metadata.<field>`; ours win.
fn merge(object: &mut Value, field: &str, entries: &BTreeMap<String, String>) {
    let Some(object) = object.as_object_mut() else {
        return;
    };
    let metadata = object.entry("metadata").or_insert_with(|| json!({}));
    if metadata.is_null() {
        *metadata = json!({});
    }
    let Some(metadata) = metadata.as_object_mut() else {
        return;
    };
    let map = metadata.entry(field).or_insert_with(|| json!({}));
    if map.is_null() {
        *map = Value::Object(Map::new());
    }
    let Some(map) = map.as_object_mut() else {
        return;
    };
    for (key, value) in entries {
        map.insert(key.clone(), Value::String(value.clone()));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn owner() -> Owner {
        Owner {
            install: "one".into(),
            binding: "b-1".into(),
            release: "cart-7".into(),
            labels: BTreeMap::from([("troupe.dev/component".into(), "cart".into())]),
        }
    }

    #[test]
    fn labels_go_into_pod_templates_and_never_into_selectors() {
        let body = owner()
            .body(&json!({
                "apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": {"name": "cart", "namespace": "shop", "resourceVersion": "7", "creationTimestamp": null,
                             "labels": {"app.kubernetes.io/managed-by": "someone", "mine": "kept"}},
                "spec": {"selector": {"matchLabels": {"app": "cart"}},
                         "template": {"metadata": {"labels": {"app": "cart"}}, "spec": {}}},
                "status": {"replicas": 1}
            }))
            .unwrap();
        assert_eq!(
            body["metadata"]["labels"]["app.kubernetes.io/managed-by"],
            "troupe"
        );
        assert_eq!(body["metadata"]["labels"]["mine"], "kept");
        assert_eq!(body["metadata"]["labels"]["troupe.dev/binding"], "b-1");
        assert_eq!(
            body["metadata"]["annotations"]["troupe.dev/release"],
            "cart-7"
        );
        assert_eq!(
            body["metadata"]["annotations"]["troupe.dev/tracking-id"],
            "apps/Deployment/shop/cart"
        );
        assert_eq!(
            body["spec"]["template"]["metadata"],
            json!({"labels": {"app": "cart", "app.kubernetes.io/managed-by": "troupe", "troupe.dev/binding": "b-1",
                              "troupe.dev/component": "cart", "troupe.dev/install": "one"}})
        );
        assert_eq!(
            body["spec"]["selector"],
            json!({"matchLabels": {"app": "cart"}})
        );
        assert!(body.get("status").is_none());
        assert!(body["metadata"].get("resourceVersion").is_none());
        assert!(body["metadata"].get("creationTimestamp").is_none());
    }

    #[test]
    fn a_cron_jobs_jobs_and_pods_are_labelled() {
        let body = owner()
            .body(&json!({
                "apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "n", "namespace": "shop"},
                "spec": {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": {"spec": {}}}}}
            }))
            .unwrap();
        let job = &body["spec"]["jobTemplate"];
        assert_eq!(job["metadata"]["labels"]["troupe.dev/binding"], "b-1");
        assert_eq!(
            job["spec"]["template"]["metadata"]["labels"]["troupe.dev/binding"],
            "b-1"
        );
    }

    #[test]
    fn a_namespace_is_nobodys() {
        let body = owner()
            .body(&json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}))
            .unwrap();
        assert_eq!(
            body["metadata"],
            json!({"name": "shop",
                   "labels": {"app.kubernetes.io/managed-by": "troupe", "troupe.dev/install": "one"},
                   "annotations": {"troupe.dev/tracking-id": "/Namespace//shop"}})
        );
    }

    #[test]
    fn an_object_without_a_name_is_refused() {
        let error = owner()
            .body(&json!({"apiVersion": "v1", "kind": "Secret", "metadata": {}}))
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "not a Kubernetes object: metadata.name is missing"
        );
    }

    #[test]
    fn foreign_objects_are_not_ours_to_delete() {
        let live = |labels: Value, tracking: &str| {
            json!({"apiVersion": "v1", "kind": "ConfigMap",
                   "metadata": {"name": "c", "namespace": "shop", "labels": labels,
                                "annotations": {"troupe.dev/tracking-id": tracking}}})
        };
        let ours = json!({"app.kubernetes.io/managed-by": "troupe", "troupe.dev/install": "one", "troupe.dev/binding": "b-1"});
        let owner = owner();
        assert_eq!(
            owner.objection(&live(ours.clone(), "/ConfigMap/shop/c"), false),
            None
        );
        assert!(
            owner
                .objection(&live(ours, "/ConfigMap/shop/original"), false)
                .unwrap()
                .contains("copy")
        );
        assert!(
            owner
                .objection(&live(json!({}), ""), false)
                .unwrap()
                .contains("isn't managed")
        );
        assert_eq!(
            owner.objection(&live(json!({}), ""), true),
            None,
            "what nobody manages may be adopted"
        );
        let other = json!({"app.kubernetes.io/managed-by": "troupe", "troupe.dev/install": "two"});
        assert!(
            owner
                .objection(&live(other, ""), true)
                .unwrap()
                .contains("another installation")
        );
        let other = json!({"app.kubernetes.io/managed-by": "troupe", "troupe.dev/install": "one", "troupe.dev/binding": "b-2"});
        assert!(
            owner
                .objection(&live(other, ""), true)
                .unwrap()
                .contains("another binding")
        );
    }
}
