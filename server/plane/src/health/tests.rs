//! One fixture a row of the health table, and the sentences people read.

mod folded;
mod other;
mod pod;

use model::health::Health;
use serde_json::{Value, json};

use super::{judge, missing};

/// 2026-01-01T01:00:00Z.
pub(super) const NOW: i64 = 1_767_229_200_000_000;

/// An object with a kind, a specification and a status, an hour old.
pub(super) fn object(api: &str, kind: &str, spec: Value, status: Value) -> Value {
    json!({
        "apiVersion": api, "kind": kind,
        "metadata": {"name": "cart", "namespace": "shop", "uid": "u", "generation": 2,
                     "creationTimestamp": "2026-01-01T00:00:00Z"},
        "spec": spec, "status": status
    })
}

/// Judges, and compares health, code and sentence.
#[track_caller]
pub(super) fn check(object: &Value, health: Health, code: &str, sentence: &str) {
    let verdict = judge(object, NOW);
    assert_eq!(
        (
            verdict.health,
            verdict.code.as_str(),
            verdict.sentence.as_str()
        ),
        (health, code, sentence),
        "{object:#}"
    );
}

use Health::{Degraded, Healthy, Missing, Progressing, Suspended, Unknown};

#[test]
fn the_order_of_severity() {
    let worst = [Healthy, Suspended, Progressing, Missing, Unknown, Degraded];
    assert!(worst.is_sorted());
    assert_eq!(missing().health, Missing);
}

#[test]
fn deletion_goes_first() {
    let mut config = object("v1", "ConfigMap", json!(null), json!(null));
    config["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:55:00Z");
    config["metadata"]["finalizers"] = json!(["example.com/hold"]);
    check(&config, Progressing, "Deleting", "being deleted");
    config["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:49:00Z");
    let sentence = "can't be deleted: still held by finalizer example.com/hold";
    check(&config, Degraded, "DeletionBlocked", sentence);
    config["metadata"]["finalizers"] = json!([]);
    check(&config, Progressing, "Deleting", "being deleted");
}

fn deployment(status: Value) -> Value {
    let mut status = status;
    status["observedGeneration"] = json!(2);
    object(
        "apps/v1",
        "Deployment",
        json!({"replicas": 3, "selector": {"matchLabels": {"app": "cart"}}}),
        status,
    )
}

#[test]
fn deployments() {
    let rolling = |condition: Value| {
        deployment(
            json!({"replicas": 3, "updatedReplicas": 3, "readyReplicas": 1, "availableReplicas": 1, "conditions": [condition]}),
        )
    };
    let late = json!({"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
                      "message": "ReplicaSet \"cart-7\" has timed out progressing."});
    check(
        &rolling(late),
        Degraded,
        "ProgressDeadlineExceeded",
        "the rollout doesn't get on: 1 of 3 replicas ready",
    );
    let quota = json!({"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
                       "message": "pods \"cart-7-x\" is forbidden: exceeded quota: small"});
    check(
        &rolling(quota),
        Degraded,
        "FailedCreate",
        "pods can't be created: pods \"cart-7-x\" is forbidden: exceeded quota: small",
    );
    let counts = |replicas: i64, updated: i64, available: i64| {
        deployment(
            json!({"replicas": replicas, "updatedReplicas": updated, "availableReplicas": available}),
        )
    };
    check(
        &counts(3, 1, 3),
        Progressing,
        "RollingOut",
        "1 of 3 replicas updated",
    );
    check(
        &counts(4, 3, 3),
        Progressing,
        "RollingOut",
        "1 old replica still to stop",
    );
    check(
        &counts(3, 3, 2),
        Progressing,
        "NotReady",
        "2 of 3 replicas ready",
    );
    check(&counts(3, 3, 3), Healthy, "", "3 of 3 replicas ready");
    let mut paused = counts(3, 1, 3);
    paused["spec"]["paused"] = json!(true);
    check(&paused, Suspended, "Paused", "paused");
    let mut zero = counts(0, 0, 0);
    zero["spec"]["replicas"] = json!(0);
    check(&zero, Suspended, "ScaledToZero", "scaled to zero");
    let mut new = counts(3, 3, 3);
    new["metadata"]["generation"] = json!(3);
    check(
        &new,
        Progressing,
        "NotObserved",
        "the last change isn't taken up yet",
    );
    let fresh = object("apps/v1", "Deployment", json!({}), json!({}));
    check(&fresh, Progressing, "RollingOut", "0 of 1 replicas updated");
}

#[test]
fn stateful_sets() {
    let set = |strategy: Value, status: Value| {
        object(
            "apps/v1",
            "StatefulSet",
            json!({"replicas": 3, "updateStrategy": strategy}),
            status,
        )
    };
    let rolling = json!({"type": "RollingUpdate"});
    let status = |ready: i64, updated: i64, current: &str| {
        json!({"observedGeneration": 2, "replicas": 3, "readyReplicas": ready, "updatedReplicas": updated,
               "currentRevision": current, "updateRevision": "cart-2"})
    };
    check(
        &set(rolling.clone(), status(2, 3, "cart-2")),
        Progressing,
        "NotReady",
        "2 of 3 replicas ready",
    );
    check(
        &set(rolling.clone(), status(3, 1, "cart-1")),
        Progressing,
        "RollingOut",
        "1 of 3 replicas updated",
    );
    check(
        &set(rolling, status(3, 3, "cart-2")),
        Healthy,
        "",
        "3 of 3 replicas ready",
    );
    let parted = json!({"type": "RollingUpdate", "rollingUpdate": {"partition": 1}});
    check(
        &set(parted.clone(), status(3, 1, "cart-1")),
        Progressing,
        "RollingOut",
        "1 of 2 replicas updated",
    );
    check(
        &set(parted, status(3, 2, "cart-1")),
        Healthy,
        "",
        "3 of 3 replicas ready, 2 of them updated",
    );
    check(
        &set(json!({"type": "OnDelete"}), status(3, 0, "cart-1")),
        Healthy,
        "",
        "3 of 3 replicas ready",
    );
    let zero = object(
        "apps/v1",
        "StatefulSet",
        json!({"replicas": 0}),
        json!({"observedGeneration": 2}),
    );
    check(&zero, Suspended, "ScaledToZero", "scaled to zero");
}

#[test]
fn daemon_and_replica_sets() {
    let daemon = |strategy: &str, updated: i64, available: i64| {
        object(
            "apps/v1",
            "DaemonSet",
            json!({"updateStrategy": {"type": strategy}}),
            json!({"observedGeneration": 2, "desiredNumberScheduled": 3, "updatedNumberScheduled": updated, "numberAvailable": available}),
        )
    };
    check(
        &daemon("RollingUpdate", 2, 3),
        Progressing,
        "RollingOut",
        "2 of 3 nodes updated",
    );
    check(
        &daemon("RollingUpdate", 3, 2),
        Progressing,
        "NotReady",
        "ready on 2 of 3 nodes",
    );
    check(
        &daemon("OnDelete", 0, 3),
        Healthy,
        "",
        "ready on 3 of 3 nodes",
    );
    let set = |available: i64, conditions: Value| {
        object(
            "apps/v1",
            "ReplicaSet",
            json!({"replicas": 2}),
            json!({"observedGeneration": 2, "replicas": 2, "availableReplicas": available, "conditions": conditions}),
        )
    };
    check(
        &set(1, json!([])),
        Progressing,
        "NotReady",
        "1 of 2 replicas ready",
    );
    check(&set(2, json!([])), Healthy, "", "2 of 2 replicas ready");
    let failure = json!([{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "forbidden"}]);
    check(
        &set(0, failure),
        Degraded,
        "FailedCreate",
        "pods can't be created: forbidden",
    );
}

#[test]
fn jobs() {
    let job = |status: Value| object("batch/v1", "Job", json!({"backoffLimit": 2}), status);
    let with = |kind: &str, reason: &str| {
        job(
            json!({"failed": 3, "conditions": [{"type": kind, "status": "True", "reason": reason, "message": "Job has reached the specified backoff limit"}]}),
        )
    };
    check(
        &with("Failed", "BackoffLimitExceeded"),
        Degraded,
        "BackoffLimitExceeded",
        "failed 3 times, and isn't tried again",
    );
    check(
        &with("Failed", "DeadlineExceeded"),
        Degraded,
        "DeadlineExceeded",
        "took too long and was stopped",
    );
    check(
        &with("Failed", "PodFailurePolicy"),
        Degraded,
        "PodFailurePolicy",
        "failed: job has reached the specified backoff limit",
    );
    check(&with("Complete", ""), Healthy, "", "finished");
    check(&with("Suspended", ""), Suspended, "Suspended", "suspended");
    check(
        &job(json!({"active": 1})),
        Progressing,
        "Running",
        "running",
    );
    check(
        &job(json!({"active": 1, "failed": 1})),
        Progressing,
        "Running",
        "running; 1 attempt failed",
    );
}

#[test]
fn cron_jobs() {
    let cron = |spec: Value, status: Value| object("batch/v1", "CronJob", spec, status);
    let active = json!([{"name": "cart-1"}]);
    check(
        &cron(json!({"suspend": true}), json!({})),
        Suspended,
        "Suspended",
        "suspended: its schedule is off",
    );
    check(&cron(json!({}), json!({})), Healthy, "", "not run yet");
    check(
        &cron(
            json!({}),
            json!({"active": active, "lastScheduleTime": "2026-01-01T00:30:00Z"}),
        ),
        Progressing,
        "Running",
        "running for the first time",
    );
    let ran = |success: &str, active: Value| json!({"active": active, "lastScheduleTime": "2026-01-01T00:30:00Z", "lastSuccessfulTime": success});
    check(
        &cron(json!({}), ran("2026-01-01T00:30:05Z", json!([]))),
        Healthy,
        "",
        "the last run succeeded",
    );
    check(
        &cron(json!({}), ran("2026-01-01T00:25:05Z", json!([]))),
        Degraded,
        "LastRunFailed",
        "the last run failed",
    );
    check(
        &cron(
            json!({}),
            json!({"lastScheduleTime": "2026-01-01T00:30:00Z"}),
        ),
        Degraded,
        "LastRunFailed",
        "the last run failed",
    );
    check(
        &cron(json!({}), ran("2026-01-01T00:25:05Z", active)),
        Healthy,
        "",
        "running now",
    );
}
