//! Pods in all their ways to fail.

use model::health::Health::{self, Degraded, Healthy, Progressing};
use serde_json::{Value, json};

use super::super::judge;
use super::{NOW, check, object};

fn pod(restart: &str, phase: &str, statuses: Value) -> Value {
    let spec = json!({"restartPolicy": restart, "containers": [
        {"name": "main", "image": "shop/cart:9.9", "resources": {"limits": {"memory": "256Mi"}},
         "readinessProbe": {"httpGet": {"path": "/health", "port": 8080}}}]});
    object(
        "v1",
        "Pod",
        spec,
        json!({"phase": phase, "containerStatuses": statuses}),
    )
}

fn waiting(reason: &str, message: &str) -> Value {
    json!([{"name": "main", "ready": false, "restartCount": 0, "image": "shop/cart:9.9",
            "state": {"waiting": {"reason": reason, "message": message}}}])
}

#[test]
fn images() {
    let not_found = "rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/shop/cart:9.9\": not found";
    for (reason, message, sentence) in [
        ("ErrImagePull", not_found, "image not found: shop/cart:9.9"),
        (
            "ImagePullBackOff",
            "Back-off pulling image \"shop/cart:9.9\": ErrImagePull: manifest unknown",
            "image not found: shop/cart:9.9",
        ),
        (
            "ImagePullBackOff",
            "Back-off pulling image \"shop/cart:9.9\"",
            "image can't be pulled: shop/cart:9.9",
        ),
        (
            "ErrImagePull",
            "pull access denied, repository requires authorization",
            "no permission to pull the image: shop/cart:9.9",
        ),
        (
            "ErrImagePull",
            "dial tcp: lookup registry: no such host",
            "the image's registry can't be reached: shop/cart:9.9",
        ),
        (
            "InvalidImageName",
            "couldn't parse image reference",
            "not a valid image name: shop/cart:9.9",
        ),
        (
            "ErrImageNeverPull",
            "Container image is not present with pull policy of Never",
            "the image isn't on the node, and may not be pulled: shop/cart:9.9",
        ),
    ] {
        check(
            &pod("Always", "Pending", waiting(reason, message)),
            Degraded,
            reason,
            sentence,
        );
        check(
            &pod("Never", "Pending", waiting(reason, message)),
            Degraded,
            reason,
            sentence,
        );
    }
}

#[test]
fn configuration() {
    check(
        &pod(
            "Always",
            "Pending",
            waiting("CreateContainerConfigError", "secret \"cart-db\" not found"),
        ),
        Degraded,
        "CreateContainerConfigError",
        "can't start: secret \"cart-db\" not found",
    );
    check(
        &pod("Always", "Pending", waiting("RunContainerError", "")),
        Degraded,
        "RunContainerError",
        "can't start: RunContainerError",
    );
}

fn crashed(state: Value, restarts: i64, end: Value) -> Value {
    json!([{"name": "main", "ready": false, "restartCount": restarts, "state": state, "lastState": {"terminated": end}}])
}

#[test]
fn crashes() {
    let backoff = json!({"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 40s restarting failed container"}});
    let end = |code: i64, reason: &str, seconds: u32| {
        json!({"exitCode": code, "reason": reason, "startedAt": "2026-01-01T00:10:00Z",
               "finishedAt": format!("2026-01-01T00:10:{seconds:02}Z")})
    };
    let always = |statuses| pod("Always", "Running", statuses);
    check(
        &always(crashed(backoff.clone(), 4, end(1, "Error", 1))),
        Degraded,
        "CrashLoopBackOff",
        "crashes right after start (exit code 1), restarted 4 times",
    );
    check(
        &always(crashed(backoff.clone(), 1, end(1, "Error", 45))),
        Degraded,
        "CrashLoopBackOff",
        "crashes (exit code 1), restarted once",
    );
    check(
        &always(crashed(backoff.clone(), 2, end(127, "Error", 1))),
        Degraded,
        "CrashLoopBackOff",
        "crashes right after start (exit code 127: command not found), restarted 2 times",
    );
    check(
        &always(crashed(backoff.clone(), 2, end(0, "Completed", 1))),
        Degraded,
        "CrashLoopBackOff",
        "ends right after start (exit code 0) although it should keep running, restarted 2 times",
    );
    check(
        &always(crashed(backoff, 3, end(137, "OOMKilled", 40))),
        Degraded,
        "OOMKilled",
        "out of memory: killed at its limit of 256Mi, restarted 3 times",
    );
    let again = json!({"running": {"startedAt": "2026-01-01T00:59:59Z"}});
    check(
        &always(crashed(again, 1, end(2, "Error", 2))),
        Degraded,
        "Crashed",
        "crashes right after start (exit code 2), restarted once",
    );
    let verdict = judge(&always(crashed(json!({}), 1, end(2, "Error", 2))), NOW);
    assert_eq!(verdict.container.as_deref(), Some("main"));
}

#[test]
fn a_failing_init_container_is_to_blame() {
    let mut pod = pod("Always", "Pending", waiting("PodInitializing", ""));
    pod["spec"]["initContainers"] = json!([{"name": "migrate", "image": "shop/migrate:1"}]);
    pod["status"]["initContainerStatuses"] = json!([{"name": "migrate", "ready": false, "restartCount": 2,
        "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"exitCode": 3, "reason": "Error"}}}]);
    let verdict = judge(&pod, NOW);
    assert_eq!(
        (verdict.health, verdict.container.as_deref()),
        (Degraded, Some("migrate"))
    );
    assert_eq!(
        verdict.sentence,
        "crashes right after start (exit code 3), restarted 2 times"
    );
}

#[test]
fn phases() {
    let failed = |reason: &str, message: &str| {
        let mut failed = pod("Always", "Failed", json!([]));
        failed["status"]["reason"] = json!(reason);
        failed["status"]["message"] = json!(message);
        failed
    };
    check(
        &failed("Evicted", "The node was low on resource: memory."),
        Degraded,
        "Evicted",
        "evicted from its node: the node was low on resource: memory.",
    );
    check(&failed("", ""), Degraded, "Failed", "failed");
    let mut pending = pod("Always", "Pending", json!([]));
    check(&pending, Progressing, "Pending", "starting");
    pending["status"]["conditions"] = json!([{"type": "PodScheduled", "status": "False", "reason": "Unschedulable",
        "message": "0/3 nodes are available: 1 node(s) had untolerated taint {a: b}, 2 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found."}]);
    check(
        &pending,
        Progressing,
        "Unschedulable",
        "cannot be scheduled: node(s) had untolerated taint {a: b}, Insufficient cpu",
    );
}

#[test]
fn readiness() {
    let running = |since: &str, ready: &str| {
        let statuses = json!([{"name": "main", "ready": ready == "True", "restartCount": 0, "state": {"running": {"startedAt": since}}}]);
        let mut running = pod("Always", "Running", statuses);
        running["status"]["conditions"] = json!([{"type": "Ready", "status": ready}]);
        running
    };
    check(
        &running("2026-01-01T00:59:50Z", "False"),
        Progressing,
        "Starting",
        "starting",
    );
    check(
        &running("2026-01-01T00:50:00Z", "False"),
        Progressing,
        "NeverReady",
        "never becomes ready: its readiness check GET /health on port 8080 fails",
    );
    check(
        &running("2026-01-01T00:50:00Z", "True"),
        Healthy,
        "",
        "ready",
    );
    let mut restarted = running("2026-01-01T00:50:00Z", "True");
    restarted["status"]["containerStatuses"][0]["lastState"] =
        json!({"terminated": {"exitCode": 1}});
    check(&restarted, Healthy, "", "ready");
}

#[test]
fn tasks() {
    for policy in ["Never", "OnFailure"] {
        let end = |code: i64, reason: &str| json!([{"name": "main", "ready": false, "restartCount": 0, "state": {"terminated": {"exitCode": code, "reason": reason}}}]);
        check(
            &pod(policy, "Succeeded", end(0, "Completed")),
            Healthy,
            "",
            "finished",
        );
        check(
            &pod(policy, "Failed", end(1, "Error")),
            Degraded,
            "Error",
            "failed with exit code 1",
        );
        check(
            &pod(policy, "Failed", end(137, "OOMKilled")),
            Degraded,
            "OOMKilled",
            "out of memory: killed at its limit of 256Mi",
        );
        check(
            &pod(policy, "Running", json!([])),
            Progressing,
            "Running",
            "running",
        );
        check(
            &pod(policy, "Pending", json!([])),
            Progressing,
            "Pending",
            "starting",
        );
    }
    assert_eq!(Health::Degraded.word(), "Failing");
}
