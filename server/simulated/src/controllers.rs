//! The controllers: level-triggered, one task, no polling. Each looks at one object as it is now, does what is missing,
//! and says when to look again. They work on the store itself, so they never race with requests.

mod autoscale;
mod collect;
pub(crate) mod cron;
mod daemon;
mod deployment;
pub(crate) mod events;
mod job;
mod network;
mod pod;
mod replicas;
mod stateful;

use crate::cluster::Inner;
use crate::failure::Failure;
use crate::kinds::by_kind;
use crate::storage::{Key, State};
use crate::value::{stamp, text};
use crate::write::{self, Target};
use serde_json::{Value, json};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::watch;

/// How many objects are looked at before others may have the lock.
const BATCH: usize = 128;

/// Runs until the cluster is gone.
pub(crate) async fn run(inner: Weak<Inner>, mut changed: watch::Receiver<u64>) {
    loop {
        changed.borrow_and_update();
        let next = {
            let Some(inner) = inner.upgrade() else { return };
            let now = inner.now();
            let mut state = inner.state();
            let next = turn(&mut state, now);
            let version = state.version;
            drop(state);
            inner.announce(version);
            next.map(|at| at - now)
        };
        match next {
            Some(0) => tokio::task::yield_now().await,
            wait => {
                let wait = wait.map_or(Duration::from_secs(3_600), |w| {
                    Duration::from_micros(u64::try_from(w).unwrap_or(1_000))
                });
                tokio::select! {
                    alive = changed.changed() => if alive.is_err() { return },
                    () = tokio::time::sleep(wait) => {}
                }
            }
        }
    }
}

/// Looks at what is due, and tells when something is due next: now, when there is more.
fn turn(state: &mut State, now: i64) -> Option<i64> {
    let ripe: Vec<Key> = state
        .due
        .iter()
        .filter(|(_, at)| **at <= now)
        .map(|(k, _)| k.clone())
        .collect();
    for key in ripe {
        state.due.remove(&key);
        state.dirty.insert(key);
    }
    for _ in 0..BATCH {
        let Some(key) = state.dirty.pop_first() else {
            break;
        };
        reconcile(state, &key, now);
    }
    if state.dirty.is_empty() {
        state.due.values().min().copied()
    } else {
        Some(now)
    }
}

/// Brings one object's surroundings to what it asks for.
fn reconcile(state: &mut State, key: &Key, now: i64) {
    let Some(object) = state.get(key).cloned() else {
        return;
    };
    if collect::orphaned(state, key, &object, now) || collect::deleting(state, key, &object, now) {
        return;
    }
    let again = match key.kind().kind {
        "Namespace" => collect::furnish(state, key, now),
        "Pod" => pod::reconcile(state, key, &object, now),
        "ReplicaSet" => replicas::reconcile(state, key, &object, now),
        "Deployment" => deployment::reconcile(state, key, &object, now),
        "StatefulSet" => stateful::reconcile(state, key, &object, now),
        "DaemonSet" => daemon::reconcile(state, key, &object, now),
        "Job" => job::reconcile(state, key, &object, now),
        "CronJob" => cron::reconcile(state, key, &object, now),
        "Service" => network::service(state, key, &object, now),
        "HTTPRoute" | "GRPCRoute" => network::route(state, key, &object, now),
        "Gateway" | "GatewayClass" => network::gateway(state, key, &object, now),
        "SecurityPolicy" | "BackendTrafficPolicy" => network::policy(state, key, &object, now),
        "Ingress" => network::ingress(state, key),
        "HorizontalPodAutoscaler" => autoscale::autoscaler(state, key, &object, now),
        "PodDisruptionBudget" => autoscale::budget(state, key, &object, now),
        "PersistentVolumeClaim" => autoscale::claim(state, key, &object),
        _ => None,
    };
    match again {
        Some(at) => state.due.insert(key.clone(), at.max(now + 1_000)),
        None => state.due.remove(key),
    };
}

/// What every cluster has from the start.
pub(crate) fn furnish(state: &mut State, now: i64) {
    let node = by_kind("Node");
    if state.get(&Key::new(node, "", crate::NODE)).is_none() {
        let uid = state.next_uid(now);
        let condition = json!({"type": "Ready", "status": "True", "reason": "KubeletReady",
            "message": "simulated node is ready", "lastTransitionTime": stamp(now), "lastHeartbeatTime": stamp(now)});
        let room = json!({"cpu": "32", "memory": "256Gi", "pods": "1000"});
        state.put(node, json!({"apiVersion": "v1", "kind": "Node",
            "metadata": {"name": crate::NODE, "uid": uid, "creationTimestamp": stamp(now),
                "labels": {"kubernetes.io/hostname": crate::NODE, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
                    "troupe.dev/simulated": "true"}},
            "spec": {}, "status": {"capacity": room, "allocatable": room, "conditions": [condition],
                "addresses": [{"type": "InternalIP", "address": "10.0.0.11"}, {"type": "Hostname", "address": crate::NODE}],
                "nodeInfo": {"kubeletVersion": crate::VERSION, "operatingSystem": "linux", "architecture": "amd64",
                    "containerRuntimeVersion": "simulated://1", "osImage": "simulated", "kernelVersion": "simulated",
                    "machineID": "simulated", "systemUUID": "simulated", "bootID": "simulated", "kubeProxyVersion": ""}}}));
    }
    for name in ["default", "kube-system"] {
        if state
            .get(&Key::new(by_kind("Namespace"), "", name))
            .is_none()
        {
            let _ = make(
                state,
                "Namespace",
                "",
                json!({"metadata": {"name": name}}),
                now,
            );
        }
    }
}

/// Creates an object as a controller does.
fn make(
    state: &mut State,
    kind: &str,
    namespace: &str,
    object: Value,
    now: i64,
) -> Result<Arc<Value>, Failure> {
    let target = Target {
        kind: by_kind(kind),
        namespace,
        name: "",
        subresource: "",
        manager: "kube-controller-manager",
        dry_run: false,
        strict: false,
        force: false,
        now,
    };
    write::create(state, &target, object)
}

/// The reference that makes an owner the controller.
fn owner(of: &Value) -> Value {
    let meta = &of["metadata"];
    json!([{"apiVersion": of["apiVersion"], "kind": of["kind"], "name": meta["name"], "uid": meta["uid"],
        "controller": true, "blockOwnerDeletion": true}])
}

/// A pod out of a template, with more labels.
fn pod_of(template: &Value, of: &Value, more: &Value) -> Value {
    let meta = &template["metadata"];
    let mut labels = meta["labels"].clone();
    for (key, value) in more.as_object().into_iter().flatten() {
        labels[key] = value.clone();
    }
    let mut out = json!({"metadata": {"labels": labels, "ownerReferences": owner(of)}, "spec": template["spec"]});
    if meta["annotations"].is_object() {
        out["metadata"]["annotations"] = meta["annotations"].clone();
    }
    out
}

/// Writes a status, if it is another.
fn set_status(state: &mut State, key: &Key, mut status: Value) {
    crate::value::strip_nulls(&mut status);
    state.modify(key, |o| o["status"] = status);
}

fn is_ready(pod: &Value) -> bool {
    condition_of(pod, "Ready")["status"] == "True"
}

fn condition_of<'a>(object: &'a Value, kind: &str) -> &'a Value {
    crate::value::items(&object["status"]["conditions"])
        .iter()
        .find(|c| c["type"] == kind)
        .unwrap_or(&Value::Null)
}

/// Neither on its way out nor ended.
fn is_active(pod: &Value) -> bool {
    pod["metadata"]["deletionTimestamp"].is_null()
        && !matches!(text(&pod["status"]["phase"]), "Succeeded" | "Failed")
}

/// A count that is left out when it is nothing, as Go does.
fn count(n: usize) -> Value {
    if n == 0 { Value::Null } else { n.into() }
}
