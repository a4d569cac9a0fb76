//! Workloads with the reasons of their pods.

use model::health::{Health, Verdict};
use serde_json::{Value, json};

use super::super::workload;
use super::{NOW, object};

fn deployment(wanted: i64, updated: i64, available: i64) -> Value {
    object(
        "apps/v1",
        "Deployment",
        json!({"replicas": wanted, "selector": {"matchLabels": {"app": "cart"}}}),
        json!({"observedGeneration": 2, "replicas": wanted, "updatedReplicas": updated, "availableReplicas": available}),
    )
}

fn pod(name: &str, hash: &str, created: &str, status: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": "shop", "creationTimestamp": created, "labels": {"app": "cart", "pod-template-hash": hash}},
        "spec": {"restartPolicy": "Always", "containers": [{"name": "main", "image": "shop/cart:9.9", "resources": {"limits": {"memory": "256Mi"}},
            "readinessProbe": {"tcpSocket": {"port": 8080}}}]},
        "status": status})
}

fn pulling() -> Value {
    json!({"phase": "Pending", "containerStatuses": [{"name": "main", "ready": false, "state": {"waiting": {"reason": "ErrImagePull", "message": "not found"}}}]})
}

fn ready() -> Value {
    json!({"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}], "containerStatuses": [{"name": "main", "ready": true, "state": {"running": {}}}]})
}

fn starting(since: &str) -> Value {
    json!({"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}],
           "containerStatuses": [{"name": "main", "ready": false, "state": {"running": {"startedAt": since}}}]})
}

#[track_caller]
fn says(object: &Value, pods: &[Value], health: Health, sentence: &str) -> Verdict {
    let verdict = workload(object, pods, NOW);
    assert_eq!(
        (verdict.health, verdict.sentence.as_str()),
        (health, sentence)
    );
    verdict
}

const OLD: &str = "2026-01-01T00:10:00Z";
const NEW: &str = "2026-01-01T00:50:00Z";

#[test]
fn a_deployment_says_what_its_pods_suffer_from() {
    let pods = [pod("a", "2", NEW, pulling())];
    let verdict = says(
        &deployment(1, 1, 0),
        &pods,
        Health::Degraded,
        "image not found: shop/cart:9.9",
    );
    assert_eq!(
        (verdict.code.as_str(), verdict.container.as_deref()),
        ("ErrImagePull", Some("main"))
    );
    let rolling = deployment(2, 1, 2);
    says(
        &rolling,
        &[pod("a", "2", NEW, pulling()), pod("b", "1", OLD, ready())],
        Health::Degraded,
        "image not found: shop/cart:9.9 (2 of 2 replicas ready)",
    );
    says(
        &deployment(2, 2, 2),
        &[pod("a", "2", NEW, ready())],
        Health::Healthy,
        "2 of 2 replicas ready",
    );
}

#[test]
fn pods_of_the_version_before_do_not_speak() {
    let pods = [
        pod("old", "1", OLD, pulling()),
        pod("new", "2", NEW, starting("2026-01-01T00:59:55Z")),
    ];
    says(
        &deployment(1, 1, 0),
        &pods,
        Health::Progressing,
        "0 of 1 replica ready",
    );
    let mut leaving = pod("new", "2", NEW, pulling());
    leaving["metadata"]["deletionTimestamp"] = json!(NEW);
    says(
        &deployment(1, 1, 0),
        &[leaving],
        Health::Progressing,
        "0 of 1 replica ready",
    );
    let mut other = pod("new", "2", NEW, pulling());
    other["metadata"]["labels"]["app"] = json!("orders");
    says(
        &deployment(1, 1, 0),
        &[other],
        Health::Progressing,
        "0 of 1 replica ready",
    );
}

#[test]
fn what_lasts_too_long_is_a_failure_with_its_reason() {
    let mut late = deployment(1, 1, 0);
    late["status"]["conditions"] =
        json!([{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}]);
    let slow = [pod("a", "2", NEW, starting("2026-01-01T00:50:00Z"))];
    says(
        &deployment(1, 1, 0),
        &slow,
        Health::Progressing,
        "never becomes ready: its readiness check finds nothing on port 8080",
    );
    says(
        &late,
        &slow,
        Health::Degraded,
        "never becomes ready: its readiness check finds nothing on port 8080",
    );
    says(
        &late,
        &[],
        Health::Degraded,
        "the rollout doesn't get on: 0 of 1 replica ready",
    );
    let unschedulable = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "message": "0/1 nodes are available: 1 Insufficient cpu."}]});
    let pods = [pod("a", "2", NEW, unschedulable)];
    says(
        &deployment(1, 1, 0),
        &pods,
        Health::Progressing,
        "cannot be scheduled: Insufficient cpu",
    );
    says(
        &late,
        &pods,
        Health::Degraded,
        "cannot be scheduled: Insufficient cpu",
    );
}

#[test]
fn what_is_off_stays_off() {
    let mut off = deployment(0, 0, 0);
    off["spec"]["replicas"] = json!(0);
    says(
        &off,
        &[pod("a", "2", NEW, pulling())],
        Health::Suspended,
        "scaled to zero",
    );
}

fn run(job: &str, created: &str, status: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": format!("{job}-x"), "namespace": "shop", "creationTimestamp": created, "labels": {"batch.kubernetes.io/job-name": job}},
        "spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "shop/report:1"}]}, "status": status})
}

#[test]
fn a_task_says_why_its_last_run_failed() {
    let cron = |status| {
        object(
            "batch/v1",
            "CronJob",
            json!({"schedule": "0 * * * *"}),
            status,
        )
    };
    let failed = json!({"phase": "Failed", "containerStatuses": [{"name": "main", "state": {"terminated": {"exitCode": 3, "reason": "Error"}}}]});
    let pods = [
        run("cart-28", OLD, json!({"phase": "Succeeded"})),
        run("cart-29", NEW, failed.clone()),
        run("cart-other-1", NEW, pulling()),
    ];
    let last = cron(json!({"lastScheduleTime": NEW}));
    says(
        &last,
        &pods,
        Health::Degraded,
        "the last run failed: failed with exit code 3",
    );
    let stuck = [run("cart-29", NEW, pulling())];
    says(
        &cron(json!({"active": [{}], "lastScheduleTime": NEW})),
        &stuck,
        Health::Degraded,
        "image not found: shop/report:1",
    );
    let job = object(
        "batch/v1",
        "Job",
        json!({}),
        json!({"failed": 1, "conditions": [{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}]}),
    );
    says(
        &job,
        &[run("cart", NEW, failed)],
        Health::Degraded,
        "failed, and isn't tried again: failed with exit code 3",
    );
}

#[test]
fn a_service_needs_ready_pods() {
    let service = object(
        "v1",
        "Service",
        json!({"selector": {"app": "cart"}}),
        json!({}),
    );
    says(
        &service,
        &[],
        Health::Degraded,
        "no pod has its labels app=cart",
    );
    says(
        &service,
        &[pod("a", "1", NEW, starting(NEW))],
        Health::Progressing,
        "none of its 1 pods is ready",
    );
    says(
        &service,
        &[pod("a", "1", NEW, ready())],
        Health::Healthy,
        "",
    );
}
