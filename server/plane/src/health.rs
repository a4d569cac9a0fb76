//! How well an object runs, judged by its fields alone, in a sentence that people understand.
//!
//! [`judge`] looks at one object; [`workload`] also at the pods that came of it, since they
//! know why it fails.

mod containers;
mod fold;
mod network;
mod pods;
mod rest;
#[cfg(test)]
mod tests;
mod workloads;

pub use fold::workload;

use model::health::{Health, Verdict};
use serde_json::Value;

use crate::json::{at, list, number, text, time};

/// What goes on for longer than this is stuck.
const STUCK: i64 = 10 * 60 * 1_000_000;

/// How an object is. `now` is in microseconds since the epoch.
pub fn judge(object: &Value, now: i64) -> Verdict {
    let kind = text(object, "kind");
    if kind == "Namespace" {
        return rest::namespace(object, now);
    }
    if let Some(verdict) = leaving(object, now).or_else(|| behind(object)) {
        return verdict;
    }
    let group = text(object, "apiVersion")
        .split_once('/')
        .map_or("", |(group, _)| group);
    match (group, kind) {
        ("apps", "Deployment") => workloads::deployment(object),
        ("apps", "StatefulSet") => workloads::stateful_set(object),
        ("apps", "DaemonSet") => workloads::daemon_set(object),
        ("apps", "ReplicaSet") => workloads::replica_set(object),
        ("", "Pod") => pods::pod(object, now),
        ("batch", "Job") => workloads::job(object),
        ("batch", "CronJob") => workloads::cron_job(object),
        ("", "Service") => network::service(object, now),
        ("networking.k8s.io", "Ingress") => network::ingress(object),
        ("gateway.networking.k8s.io", "HTTPRoute" | "GRPCRoute") => network::route(object),
        ("gateway.networking.k8s.io", "Gateway") => network::gateway(object),
        ("cilium.io", "CiliumNetworkPolicy") => network::cilium_policy(object, now),
        ("autoscaling", "HorizontalPodAutoscaler") => rest::autoscaler(object),
        ("", "PersistentVolumeClaim") => rest::claim(object),
        ("policy", "PodDisruptionBudget") => rest::disruption_budget(object),
        ("apiregistration.k8s.io", "APIService") => rest::api_service(object),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => rest::definition(object),
        ("external-secrets.io", "ExternalSecret" | "SecretStore" | "ClusterSecretStore") => {
            rest::external_secret(object)
        }
        ("cert-manager.io", "Certificate") => rest::certificate(object),
        ("networking.k8s.io", "NetworkPolicy")
        | ("rbac.authorization.k8s.io", _)
        | ("", "ConfigMap" | "Secret" | "ServiceAccount" | "ResourceQuota" | "LimitRange") => {
            healthy("")
        }
        _ => rest::generic(object),
    }
}

/// The verdict on an object that should be there and isn't.
pub fn missing() -> Verdict {
    verdict(Health::Missing, "Missing", "not on the plane")
}

fn verdict(health: Health, code: &str, sentence: impl Into<String>) -> Verdict {
    Verdict {
        health,
        code: code.to_owned(),
        sentence: sentence.into(),
        container: None,
    }
}

fn healthy(note: impl Into<String>) -> Verdict {
    verdict(Health::Healthy, "", note)
}

fn progressing(code: &str, sentence: impl Into<String>) -> Verdict {
    verdict(Health::Progressing, code, sentence)
}

fn degraded(code: &str, sentence: impl Into<String>) -> Verdict {
    verdict(Health::Degraded, code, sentence)
}

fn suspended(code: &str, sentence: impl Into<String>) -> Verdict {
    verdict(Health::Suspended, code, sentence)
}

/// The verdict on an object that is being deleted.
fn leaving(object: &Value, now: i64) -> Option<Verdict> {
    let since = time(object, "metadata.deletionTimestamp")?;
    let finalizers: Vec<&str> = list(object, "metadata.finalizers")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    if now - since > STUCK && !finalizers.is_empty() {
        let names = finalizers.join(", ");
        let sentence = format!("can't be deleted: still held by finalizer {names}");
        return Some(degraded("DeletionBlocked", sentence));
    }
    Some(progressing("Deleting", "being deleted"))
}

/// The verdict on an object whose controller hasn't seen its last change.
fn behind(object: &Value) -> Option<Verdict> {
    let observed = number(object, "status.observedGeneration")?;
    let generation = number(object, "metadata.generation")?;
    (observed < generation)
        .then(|| progressing("NotObserved", "the last change isn't taken up yet"))
}

fn conditions(object: &Value) -> &[Value] {
    list(object, "status.conditions")
}

fn is(condition: &Value, status: &str) -> bool {
    text(condition, "status") == status
}

/// Whether a condition speaks of the object as it is now.
fn current(condition: &Value, object: &Value) -> bool {
    match (
        number(condition, "observedGeneration"),
        number(object, "metadata.generation"),
    ) {
        (Some(observed), Some(generation)) => observed >= generation,
        _ => true,
    }
}

/// A condition's own words, begun in lower case.
fn words(condition: &Value) -> String {
    let message = text(condition, "message");
    if message.is_empty() {
        text(condition, "reason").to_owned()
    } else {
        lower(message)
    }
}

/// Begins a sentence in lower case, unless its first word is an abbreviation or a name.
fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => sentence.to_owned(),
    }
}

/// Whether a field is there and isn't empty.
fn has_items(object: &Value, path: &str) -> bool {
    at(object, path).is_some_and(|found| match found {
        Value::Array(items) => !items.is_empty(),
        Value::Null => false,
        _ => true,
    })
}
