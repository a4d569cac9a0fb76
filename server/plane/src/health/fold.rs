//! A workload together with its pods: it knows how many, they know why.

use model::health::{Health, Verdict};
use serde_json::{Map, Value};

use super::workloads::ready_of;
use super::{degraded, judge, progressing};
use crate::json::{at, condition, flag, label, list, number, text, time};

/// How a workload is, with the reason that its pods give. Of the pods given, those of other
/// workloads are passed over, so all of a namespace will do.
pub fn workload(object: &Value, pods: &[Value], now: i64) -> Verdict {
    let own = judge(object, now);
    if matches!(own.code.as_str(), "Deleting" | "DeletionBlocked") {
        return own;
    }
    let pods = of(object, pods);
    match text(object, "kind") {
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" => {
            running(object, own, &pods, now)
        }
        "Job" | "CronJob" => task(own, &pods, now),
        "Service" => service(object, own, &pods),
        _ => own,
    }
}

/// The pods of an object that aren't going away already.
fn of<'a>(object: &Value, pods: &'a [Value]) -> Vec<&'a Value> {
    let namespace = text(object, "metadata.namespace");
    let name = text(object, "metadata.name");
    let kind = text(object, "kind");
    let selector = match kind {
        "Service" => at(object, "spec.selector"),
        _ => at(object, "spec.selector.matchLabels"),
    }
    .and_then(Value::as_object);
    pods.iter()
        .filter(|pod| text(pod, "metadata.namespace") == namespace)
        .filter(|pod| at(pod, "metadata.deletionTimestamp").is_none())
        .filter(|pod| match kind {
            "Job" => job_of(pod) == Some(name),
            "CronJob" => job_of(pod)
                .and_then(|job| job.strip_prefix(name)?.strip_prefix('-'))
                .is_some_and(|run| {
                    !run.is_empty() && run.bytes().all(|b| b.is_ascii_alphanumeric())
                }),
            _ => selector.is_some_and(|selector| selects(selector, pod)),
        })
        .collect()
}

fn job_of(pod: &Value) -> Option<&str> {
    label(pod, "batch.kubernetes.io/job-name").or_else(|| label(pod, "job-name"))
}

fn selects(selector: &Map<String, Value>, pod: &Value) -> bool {
    !selector.is_empty()
        && selector
            .iter()
            .all(|(name, wanted)| label(pod, name) == wanted.as_str())
}

/// Only the newest version's pods speak: those of the version before are on their way out.
fn newest<'a>(pods: &[&'a Value]) -> Vec<&'a Value> {
    let version = |pod: &Value| {
        label(pod, "pod-template-hash")
            .or_else(|| label(pod, "controller-revision-hash"))
            .map(str::to_owned)
    };
    let last = pods
        .iter()
        .max_by_key(|pod| time(pod, "metadata.creationTimestamp"));
    let Some(last) = last.and_then(|pod| version(pod)) else {
        return pods.to_vec();
    };
    pods.iter()
        .filter(|pod| version(pod).as_ref() == Some(&last))
        .copied()
        .collect()
}

fn worst(pods: &[&Value], now: i64) -> Option<Verdict> {
    pods.iter()
        .map(|pod| judge(pod, now))
        .filter(|verdict| verdict.health > Health::Healthy)
        .reduce(|worst, next| {
            if rank(&next) > rank(&worst) {
                next
            } else {
                worst
            }
        })
}

/// Of equally bad verdicts, the one that says more.
fn rank(verdict: &Verdict) -> (Health, bool) {
    let vague = matches!(
        verdict.code.as_str(),
        "Starting" | "Pending" | "NotReady" | "Running"
    );
    (verdict.health, !vague)
}

fn running(object: &Value, own: Verdict, pods: &[&Value], now: i64) -> Verdict {
    if own.health == Health::Suspended || own.code == "NotObserved" {
        return own;
    }
    let Some(mut pod) = worst(&newest(pods), now) else {
        return own;
    };
    let wanted = number(object, "spec.replicas").unwrap_or(1);
    let ready = number(object, "status.availableReplicas")
        .or_else(|| number(object, "status.readyReplicas"))
        .unwrap_or(0);
    match (own.health, pod.health) {
        // A failing pod besides enough good ones: one too many of a rollout, or a node's
        // trouble. It is told, but what was asked for runs.
        (Health::Healthy, _) => return own,
        (_, Health::Degraded) | (Health::Degraded, _) if own.code != "FailedCreate" => {
            pod.health = Health::Degraded;
        }
        (Health::Degraded, _) => return own,
        _ if matches!(pod.code.as_str(), "Starting" | "Pending" | "NotReady") => return own,
        _ => {}
    }
    if matches!(pod.code.as_str(), "Starting" | "Pending" | "NotReady") {
        // The pods don't say why either.
        return Verdict {
            health: pod.health,
            ..own
        };
    }
    if ready > 0 && text(object, "kind") != "DaemonSet" {
        pod.sentence = format!("{} ({})", pod.sentence, ready_of(ready, wanted));
    }
    pod
}

/// A task fails with its last run; the newest pod tells why.
fn task(own: Verdict, pods: &[&Value], now: i64) -> Verdict {
    if own.health == Health::Suspended {
        return own;
    }
    let last = pods
        .iter()
        .max_by_key(|pod| time(pod, "metadata.creationTimestamp"));
    let Some(pod) = last.map(|pod| judge(pod, now)) else {
        return own;
    };
    match (own.health, pod.health) {
        (Health::Degraded, Health::Degraded) => Verdict {
            sentence: format!("{}: {}", own.sentence, pod.sentence),
            ..pod
        },
        // An image that can't be pulled: the job would wait for ever.
        (_, Health::Degraded) if stuck(&pod) => pod,
        (Health::Progressing, Health::Progressing) if pod.code == "Unschedulable" => pod,
        _ => own,
    }
}

fn stuck(pod: &Verdict) -> bool {
    pod.code.contains("Image") || pod.code.starts_with("CreateContainer")
}

fn service(object: &Value, own: Verdict, pods: &[&Value]) -> Verdict {
    let Some(selector) = at(object, "spec.selector").and_then(Value::as_object) else {
        return own;
    };
    if own.health != Health::Healthy || selector.is_empty() {
        return own;
    }
    if pods.is_empty() {
        let labels: Vec<String> = selector
            .iter()
            .map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default()))
            .collect();
        return degraded(
            "NoEndpoints",
            format!("no pod has its labels {}", labels.join(", ")),
        );
    }
    let ready = |pod: &&&Value| {
        condition(list(pod, "status.conditions"), "Ready")
            .is_some_and(|found| text(found, "status") == "True")
            || flag(object, "spec.publishNotReadyAddresses")
    };
    if pods.iter().filter(ready).count() > 0 {
        return own;
    }
    progressing(
        "NoEndpoints",
        format!("none of its {} pods is ready", pods.len()),
    )
}
