//! In which order the objects of a release are written; pruning goes the other way.

use serde_json::Value;

use crate::json::text;

/// Network policies come early, so that no pod ever runs unprotected.
const ORDER: &[&str] = &[
    "Namespace",
    "NetworkPolicy",
    "CiliumNetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretStore",
    "ExternalSecret",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "Ingress",
    "APIService",
];

/// The place of a kind in the order; unknown kinds come last.
pub fn rank(kind: &str) -> usize {
    ORDER
        .iter()
        .position(|known| *known == kind)
        .unwrap_or(ORDER.len())
}

/// Sorts objects into the order in which they are written: by kind, then by kind's name,
/// namespace and name, so that the same set always goes in the same order.
pub fn sort(objects: &mut [Value]) {
    objects.sort_by(|a, b| key(a).cmp(&key(b)));
}

fn key(object: &Value) -> (usize, &str, &str, &str) {
    let kind = text(object, "kind");
    (
        rank(kind),
        kind,
        text(object, "metadata.namespace"),
        text(object, "metadata.name"),
    )
}

/// Whether other objects can only be checked once this one is there: the first stage.
pub(crate) fn comes_first(kind: &str) -> bool {
    matches!(kind, "Namespace" | "CustomResourceDefinition")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn policies_come_before_pods_and_unknown_kinds_last() {
        let object = |kind: &str, name: &str| json!({"kind": kind, "metadata": {"name": name}});
        let mut objects = vec![
            object("HTTPRoute", "r"),
            object("Deployment", "b"),
            object("Deployment", "a"),
            object("Service", "s"),
            object("NetworkPolicy", "n"),
            object("ConfigMap", "c"),
            object("Namespace", "x"),
        ];
        sort(&mut objects);
        let sorted: Vec<String> = objects
            .iter()
            .map(|o| format!("{}/{}", text(o, "kind"), text(o, "metadata.name")))
            .collect();
        assert_eq!(
            sorted,
            [
                "Namespace/x",
                "NetworkPolicy/n",
                "ConfigMap/c",
                "Service/s",
                "Deployment/a",
                "Deployment/b",
                "HTTPRoute/r"
            ]
        );
    }
}
