//! Jobs: pods that end; tried again with growing pauses, up to a limit.

use super::events::{News, tell};
use super::{condition_of, count, is_active, is_ready, make, pod_of, set_status};
use crate::delete::{self, Options};
use crate::kinds::by_kind;
use crate::pods::condition;
use crate::storage::{Key, State};
use crate::value::{drop_field, int, items, parse_time, stamp, text};
use serde_json::{Value, json};
use std::sync::Arc;

/// Looks at one Job.
pub(crate) fn reconcile(state: &mut State, key: &Key, job: &Value, now: i64) -> Option<i64> {
    if finished(job).is_some() {
        return expire(state, key, job, now);
    }
    let spec = &job["spec"];
    if spec["suspend"] == true {
        suspend(state, key, job, now);
        return None;
    }
    select(state, key, job);
    let pods = state.children(job, by_kind("Pod"));
    let phase = |p: &Value, wanted: &str| p["status"]["phase"] == wanted;
    let succeeded = pods.iter().filter(|(_, p)| phase(p, "Succeeded")).count();
    let failed = pods.iter().filter(|(_, p)| phase(p, "Failed")).count();
    let active: Vec<&(Key, Arc<Value>)> = pods.iter().filter(|(_, p)| is_active(p)).collect();
    let restarts: i64 = active
        .iter()
        .flat_map(|(_, p)| items(&p["status"]["containerStatuses"]))
        .map(|c| int(&c["restartCount"], 0))
        .sum();
    let limit = int(&spec["backoffLimit"], 6);
    let wanted = usize::try_from(int(&spec["completions"], 1)).unwrap_or(1);
    let started = parse_time(&job["status"]["startTime"]).unwrap_or(now);
    let deadline = spec["activeDeadlineSeconds"]
        .as_i64()
        .map(|s| started + s * 1_000_000);
    let failures = i64::try_from(failed).unwrap_or_default() + restarts;
    let mut status = json!({"startTime": stamp(started), "succeeded": count(succeeded), "failed": count(failed),
        "conditions": job["status"]["conditions"], "uncountedTerminatedPods": {}, "terminating": 0});
    if failures > limit
        || (spec["template"]["spec"]["restartPolicy"] == "OnFailure" && restarts >= limit.max(1))
    {
        let why = "Job has reached the specified backoff limit";
        end(
            state,
            key,
            job,
            status,
            &Ending {
                good: false,
                reason: "BackoffLimitExceeded",
                message: why,
            },
            now,
        );
        return None;
    }
    if deadline.is_some_and(|at| now >= at) {
        let why = "Job was active longer than specified deadline";
        end(
            state,
            key,
            job,
            status,
            &Ending {
                good: false,
                reason: "DeadlineExceeded",
                message: why,
            },
            now,
        );
        return None;
    }
    if succeeded >= wanted {
        let why = "Reached expected number of succeeded pods";
        end(
            state,
            key,
            job,
            status,
            &Ending {
                good: true,
                reason: "CompletionsReached",
                message: why,
            },
            now,
        );
        return expire(state, key, &state.get(key)?.clone(), now);
    }
    let (made, again) = more(state, key, job, &pods, succeeded, failed, active.len(), now);
    status["active"] = count(active.len() + made);
    status["ready"] = active.iter().filter(|(_, p)| is_ready(p)).count().into();
    set_status(state, key, status);
    [again, deadline].into_iter().flatten().min()
}

/// Makes the pods that are missing, once the pause after the last failure is over.
#[expect(
    clippy::too_many_arguments,
    reason = "the counts are those of one look"
)]
fn more(
    state: &mut State,
    key: &Key,
    job: &Value,
    pods: &[(Key, Arc<Value>)],
    succeeded: usize,
    failed: usize,
    active: usize,
    now: i64,
) -> (usize, Option<i64>) {
    let spec = &job["spec"];
    let wanted = usize::try_from(int(&spec["completions"], 1)).unwrap_or(1);
    let parallel = usize::try_from(int(&spec["parallelism"], 1)).unwrap_or(1);
    let missing = wanted
        .saturating_sub(succeeded)
        .min(parallel)
        .saturating_sub(active);
    if missing == 0 {
        return (0, None);
    }
    if failed > 0 {
        let last = pods
            .iter()
            .filter_map(|(_, p)| ended_at(p))
            .max()
            .unwrap_or_default();
        let pause = state
            .pace
            .saturating_mul(2 << failed.min(10))
            .min(360_000_000);
        if now < last + pause {
            return (0, Some(last + pause));
        }
    }
    let mut made = 0;
    for _ in 0..missing {
        let mut pod = pod_of(&spec["template"], job, &Value::Null);
        pod["metadata"]["generateName"] = format!("{}-", key.name).into();
        match make(state, "Pod", &key.namespace, pod, now) {
            Ok(pod) => {
                made += 1;
                let message = format!("Created pod: {}", text(&pod["metadata"]["name"]));
                tell(
                    state,
                    job,
                    &News::normal("job-controller", "SuccessfulCreate", &message),
                    now,
                );
            }
            Err(failure) => {
                let message = format!("Error creating: {}", failure.message);
                tell(
                    state,
                    job,
                    &News::warning("job-controller", "FailedCreate", &message),
                    now,
                );
                break;
            }
        }
    }
    (made, None)
}

fn ended_at(pod: &Value) -> Option<i64> {
    let all = items(&pod["status"]["containerStatuses"]);
    all.iter()
        .filter_map(|c| parse_time(&c["state"]["terminated"]["finishedAt"]))
        .max()
}

/// A Job chooses its pods by its own uid.
fn select(state: &mut State, key: &Key, job: &Value) {
    if !job["spec"]["selector"].is_null() {
        return;
    }
    let uid = job["metadata"]["uid"].clone();
    // The server does this at creation, so it makes no new generation.
    let generation = job["metadata"]["generation"].clone();
    let labels = json!({"batch.kubernetes.io/controller-uid": uid, "batch.kubernetes.io/job-name": key.name,
        "controller-uid": uid, "job-name": key.name});
    state.modify(key, |o| {
        o["spec"]["selector"] = json!({"matchLabels": {"batch.kubernetes.io/controller-uid": uid}});
        for (name, value) in labels.as_object().into_iter().flatten() {
            o["spec"]["template"]["metadata"]["labels"][name] = value.clone();
        }
    });
    state.modify(key, |o| o["metadata"]["generation"] = generation);
}

struct Ending<'a> {
    good: bool,
    reason: &'a str,
    message: &'a str,
}

fn end(state: &mut State, key: &Key, job: &Value, mut status: Value, how: &Ending, now: i64) {
    let pair = if how.good {
        ["SuccessCriteriaMet", "Complete"]
    } else {
        ["FailureTarget", "Failed"]
    };
    for kind in pair {
        let word = json!({"type": kind, "status": "True", "reason": how.reason, "message": how.message, "lastProbeTime": stamp(now)});
        condition(&mut status, word, now);
    }
    status["ready"] = 0.into();
    if how.good {
        status["completionTime"] = stamp(now).into();
    } else {
        let pods = state.children(job, by_kind("Pod"));
        let stopped = pods.iter().filter(|(_, p)| is_active(p)).count();
        let failed = usize::try_from(int(&status["failed"], 0)).unwrap_or_default();
        status["failed"] = count(failed + stopped);
        for (pod, _) in pods.iter().filter(|(_, p)| is_active(p)) {
            let _ = delete::delete(state, pod, &Options::default(), now);
        }
    }
    drop_field(&mut status, "active");
    set_status(state, key, status);
    let (reason, message) = if how.good {
        ("Completed", "Job completed")
    } else {
        (how.reason, how.message)
    };
    let news = News {
        warning: !how.good,
        ..News::normal("job-controller", reason, message)
    };
    tell(state, job, &news, now);
}

fn suspend(state: &mut State, key: &Key, job: &Value, now: i64) {
    for (pod, _) in state
        .children(job, by_kind("Pod"))
        .iter()
        .filter(|(_, p)| is_active(p))
    {
        let _ = delete::delete(state, pod, &Options::default(), now);
    }
    let mut status = json!({"conditions": job["status"]["conditions"], "ready": 0});
    let word = json!({"type": "Suspended", "status": "True", "reason": "JobSuspended", "message": "Job suspended"});
    condition(&mut status, word, now);
    set_status(state, key, status);
}

/// True or false when a Job has ended well or badly.
pub(crate) fn finished(job: &Value) -> Option<bool> {
    if condition_of(job, "Complete")["status"] == "True" {
        return Some(true);
    }
    (condition_of(job, "Failed")["status"] == "True").then_some(false)
}

/// Finished Jobs go after their ttl.
fn expire(state: &mut State, key: &Key, job: &Value, now: i64) -> Option<i64> {
    let ttl = job["spec"]["ttlSecondsAfterFinished"].as_i64()?;
    let kind = if finished(job)? { "Complete" } else { "Failed" };
    let at = parse_time(&condition_of(job, kind)["lastTransitionTime"])? + ttl * 1_000_000;
    if now < at {
        return Some(at);
    }
    let _ = delete::delete(state, key, &Options::default(), now);
    None
}
