//! What makes pods: deployments and their kin, jobs.

use model::health::Verdict;
use serde_json::Value;

use super::{conditions, degraded, healthy, is, progressing, suspended, words};
use crate::json::{condition, flag, list, number, text, time};

/// `2 of 3 replicas ready`.
pub(super) fn ready_of(ready: i64, wanted: i64) -> String {
    let word = if wanted == 1 { "replica" } else { "replicas" };
    format!("{ready} of {wanted} {word} ready")
}

/// Pods that can't even be made: quota, admission.
fn replica_failure(object: &Value) -> Option<Verdict> {
    condition(conditions(object), "ReplicaFailure")
        .filter(|found| is(found, "True"))
        .map(|found| {
            let code = text(found, "reason");
            let code = if code.is_empty() {
                "ReplicaFailure"
            } else {
                code
            };
            degraded(code, format!("pods can't be created: {}", words(found)))
        })
}

pub(super) fn deployment(object: &Value) -> Verdict {
    let wanted = number(object, "spec.replicas").unwrap_or(1);
    if flag(object, "spec.paused") {
        return suspended("Paused", "paused");
    }
    if wanted == 0 {
        return suspended("ScaledToZero", "scaled to zero");
    }
    if let Some(verdict) = replica_failure(object) {
        return verdict;
    }
    let status = |name: &str| number(object, &format!("status.{name}")).unwrap_or(0);
    let (all, updated, available) = (
        status("replicas"),
        status("updatedReplicas"),
        status("availableReplicas"),
    );
    let rollout = condition(conditions(object), "Progressing");
    if rollout.is_some_and(|found| text(found, "reason") == "ProgressDeadlineExceeded") {
        let ready = ready_of(available, wanted);
        return degraded(
            "ProgressDeadlineExceeded",
            format!("the rollout doesn't get on: {ready}"),
        );
    }
    if updated < wanted {
        return progressing(
            "RollingOut",
            format!("{updated} of {wanted} replicas updated"),
        );
    }
    if all > updated {
        let old = all - updated;
        let word = if old == 1 { "replica" } else { "replicas" };
        return progressing("RollingOut", format!("{old} old {word} still to stop"));
    }
    if available < updated {
        return progressing("NotReady", ready_of(available, wanted));
    }
    healthy(ready_of(available, wanted))
}

pub(super) fn replica_set(object: &Value) -> Verdict {
    if let Some(verdict) = replica_failure(object) {
        return verdict;
    }
    let wanted = number(object, "spec.replicas").unwrap_or(1);
    let available = number(object, "status.availableReplicas").unwrap_or(0);
    if available < wanted {
        return progressing("NotReady", ready_of(available, wanted));
    }
    healthy(if wanted == 0 {
        String::new()
    } else {
        ready_of(available, wanted)
    })
}

pub(super) fn stateful_set(object: &Value) -> Verdict {
    let wanted = number(object, "spec.replicas").unwrap_or(1);
    if wanted == 0 {
        return suspended("ScaledToZero", "scaled to zero");
    }
    let ready = number(object, "status.readyReplicas").unwrap_or(0);
    if ready < wanted {
        return progressing("NotReady", ready_of(ready, wanted));
    }
    if text(object, "spec.updateStrategy.type") == "OnDelete" {
        return healthy(ready_of(ready, wanted));
    }
    let updated = number(object, "status.updatedReplicas").unwrap_or(0);
    let partition = number(object, "spec.updateStrategy.rollingUpdate.partition").unwrap_or(0);
    if partition > 0 {
        let due = (wanted - partition).max(0);
        if updated < due {
            return progressing("RollingOut", format!("{updated} of {due} replicas updated"));
        }
        return healthy(format!(
            "{}, {updated} of them updated",
            ready_of(ready, wanted)
        ));
    }
    if text(object, "status.updateRevision") != text(object, "status.currentRevision") {
        return progressing(
            "RollingOut",
            format!("{updated} of {wanted} replicas updated"),
        );
    }
    healthy(ready_of(ready, wanted))
}

pub(super) fn daemon_set(object: &Value) -> Verdict {
    let status = |name: &str| number(object, &format!("status.{name}")).unwrap_or(0);
    let (wanted, updated, available) = (
        status("desiredNumberScheduled"),
        status("updatedNumberScheduled"),
        status("numberAvailable"),
    );
    if text(object, "spec.updateStrategy.type") != "OnDelete" && updated < wanted {
        return progressing("RollingOut", format!("{updated} of {wanted} nodes updated"));
    }
    if available < wanted {
        return progressing(
            "NotReady",
            format!("ready on {available} of {wanted} nodes"),
        );
    }
    healthy(format!("ready on {available} of {wanted} nodes"))
}

pub(super) fn job(object: &Value) -> Verdict {
    let found = |kind: &str| condition(conditions(object), kind).filter(|c| is(c, "True"));
    if let Some(failed) = found("Failed") {
        let code = text(failed, "reason");
        let sentence = match code {
            "BackoffLimitExceeded" => {
                let times = number(object, "status.failed").unwrap_or(0);
                match times {
                    1 => "failed, and isn't tried again".to_owned(),
                    times => format!("failed {times} times, and isn't tried again"),
                }
            }
            "DeadlineExceeded" => "took too long and was stopped".to_owned(),
            _ => format!("failed: {}", words(failed)),
        };
        return degraded(if code.is_empty() { "Failed" } else { code }, sentence);
    }
    if found("Complete").is_some() {
        return healthy("finished");
    }
    if found("Suspended").is_some() {
        return suspended("Suspended", "suspended");
    }
    match number(object, "status.failed").unwrap_or(0) {
        0 => progressing("Running", "running"),
        1 => progressing("Running", "running; 1 attempt failed"),
        failed => progressing("Running", format!("running; {failed} attempts failed")),
    }
}

pub(super) fn cron_job(object: &Value) -> Verdict {
    if flag(object, "spec.suspend") {
        return suspended("Suspended", "suspended: its schedule is off");
    }
    let running = !list(object, "status.active").is_empty();
    let last = time(object, "status.lastScheduleTime");
    let success = time(object, "status.lastSuccessfulTime");
    match (running, last, success) {
        (true, _, None) => progressing("Running", "running for the first time"),
        (true, ..) => healthy("running now"),
        (false, None, _) => healthy("not run yet"),
        (false, Some(last), success) if success.is_none_or(|success| success < last) => {
            degraded("LastRunFailed", "the last run failed")
        }
        _ => healthy("the last run succeeded"),
    }
}
