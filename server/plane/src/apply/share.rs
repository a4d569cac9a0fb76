//! Fields that we render but share: how many replicas an autoscaled workload has.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::json::{at, list, text};
use crate::owner::FIELD_MANAGER;

/// The workloads that an autoscaler of the same set scales: (namespace, kind, name).
pub(super) struct Autoscaled(BTreeSet<(String, String, String)>);

impl Autoscaled {
    pub(super) fn of(objects: &[Value]) -> Self {
        Self(
            objects
                .iter()
                .filter(|object| text(object, "kind") == "HorizontalPodAutoscaler")
                .map(|scaler| {
                    let part = |path| text(scaler, path).to_owned();
                    (
                        part("metadata.namespace"),
                        part("spec.scaleTargetRef.kind"),
                        part("spec.scaleTargetRef.name"),
                    )
                })
                .collect(),
        )
    }

    /// Hands the number of replicas over: our number goes with the creation, the live one as
    /// long as nobody else holds the field (to leave it out would make it one replica), and
    /// none once the autoscaler holds it. Says which fields were left to it.
    pub(super) fn adjust(&self, body: &mut Value, live: Option<&Value>) -> Vec<String> {
        let part = |path| text(body, path).to_owned();
        let key = (
            part("metadata.namespace"),
            part("kind"),
            part("metadata.name"),
        );
        let Some(live) = live.filter(|_| self.0.contains(&key)) else {
            return Vec::new();
        };
        let Some(replicas) = at(live, "spec.replicas") else {
            return Vec::new();
        };
        if held_by_another(live) {
            if !drop_replicas(body) {
                return Vec::new();
            }
        } else if let Some(ours) = body
            .get_mut("spec")
            .and_then(|spec| spec.get_mut("replicas"))
        {
            *ours = replicas.clone();
        } else {
            return Vec::new();
        }
        vec!["spec.replicas".to_owned()]
    }
}

/// Whether somebody else holds `spec.replicas` of a live object.
fn held_by_another(live: &Value) -> bool {
    list(live, "metadata.managedFields").iter().any(|entry| {
        let ours = text(entry, "manager") == FIELD_MANAGER && text(entry, "subresource").is_empty();
        !ours && at(entry, "fieldsV1.f:spec.f:replicas").is_some()
    })
}

/// Leaves the number of replicas out. Says whether it was in.
pub(super) fn drop_replicas(body: &mut Value) -> bool {
    body.get_mut("spec")
        .and_then(Value::as_object_mut)
        .is_some_and(|spec| spec.remove("replicas").is_some())
}

/// Whether a field manager is a program that scales, not a person with kubectl.
pub(super) fn is_autoscaler(manager: &str) -> bool {
    let name = manager.split(' ').next().unwrap_or_default();
    name == "kube-controller-manager"
        || name.contains("horizontal-pod-autoscaler")
        || name.starts_with("keda")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set() -> Vec<Value> {
        vec![
            json!({"kind": "HorizontalPodAutoscaler", "metadata": {"name": "cart", "namespace": "shop"},
                    "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "cart"}}}),
        ]
    }

    fn body() -> Value {
        json!({"kind": "Deployment", "metadata": {"name": "cart", "namespace": "shop"}, "spec": {"replicas": 2}})
    }

    #[test]
    fn replicas_are_handed_over_in_three_steps() {
        let autoscaled = Autoscaled::of(&set());
        let mut first = body();
        assert!(autoscaled.adjust(&mut first, None).is_empty());
        assert_eq!(first["spec"]["replicas"], 2, "created with our number");

        let live = json!({"spec": {"replicas": 3}, "metadata": {"managedFields": [
            {"manager": "troupe", "fieldsV1": {"f:spec": {"f:replicas": {}}}}]}});
        let mut second = body();
        assert_eq!(
            autoscaled.adjust(&mut second, Some(&live)),
            ["spec.replicas"]
        );
        assert_eq!(second["spec"]["replicas"], 3, "not dropped to one");

        let live = json!({"spec": {"replicas": 5}, "metadata": {"managedFields": [
            {"manager": "kube-controller-manager", "subresource": "scale", "fieldsV1": {"f:spec": {"f:replicas": {}}}}]}});
        let mut third = body();
        assert_eq!(
            autoscaled.adjust(&mut third, Some(&live)),
            ["spec.replicas"]
        );
        assert!(third["spec"].get("replicas").is_none());
    }

    #[test]
    fn what_nobody_scales_keeps_its_number() {
        let live = json!({"spec": {"replicas": 5}});
        let mut mine = body();
        assert!(
            Autoscaled::of(&[])
                .adjust(&mut mine, Some(&live))
                .is_empty()
        );
        assert_eq!(mine["spec"]["replicas"], 2);
        assert!(is_autoscaler("kube-controller-manager (scale)"));
        assert!(!is_autoscaler("kubectl (scale)"));
    }
}
