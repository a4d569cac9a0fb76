//! Pods: the worst of their containers, and what keeps them from running at all.

use model::health::Verdict;
use serde_json::Value;

use super::containers::{ended, probe, stuck, trouble};
use super::{conditions, degraded, healthy, is, lower, progressing};
use crate::json::{condition, list, text, time};

/// A container that runs for longer than this without being ready isn't just starting.
const PATIENCE: i64 = 60 * 1_000_000;

pub(super) fn pod(object: &Value, now: i64) -> Verdict {
    let endless = matches!(text(object, "spec.restartPolicy"), "" | "Always");
    match text(object, "status.phase") {
        "Failed" => return failed(object),
        "Succeeded" => return healthy("finished"),
        _ => {}
    }
    // An image that can't be pulled fails a task's pod just as well: it stays pending for
    // ever, and nothing else says so.
    let found = statuses(object).filter_map(|status| {
        if endless {
            trouble(object, status)
        } else {
            stuck(object, status)
        }
    });
    if let Some(worst) = first_worst(found) {
        return worst;
    }
    if text(object, "status.phase") == "Running" {
        return running(object, endless, now);
    }
    pending(object)
}

fn statuses(object: &Value) -> impl Iterator<Item = &Value> {
    let first = list(object, "status.initContainerStatuses").iter();
    first.chain(list(object, "status.containerStatuses"))
}

/// The worst verdict; of equals the first, since init containers run before the others.
fn first_worst(verdicts: impl Iterator<Item = Verdict>) -> Option<Verdict> {
    verdicts.reduce(|worst, next| {
        if next.health > worst.health {
            next
        } else {
            worst
        }
    })
}

fn failed(object: &Value) -> Verdict {
    let reason = text(object, "status.reason");
    if !reason.is_empty() {
        let message = lower(text(object, "status.message"));
        let sentence = match reason {
            "Evicted" => format!("evicted from its node: {message}"),
            _ if message.is_empty() => format!("failed: {reason}"),
            _ => format!("failed: {message}"),
        };
        return degraded(reason, sentence);
    }
    statuses(object)
        .find_map(|status| ended(object, status))
        .unwrap_or_else(|| degraded("Failed", "failed"))
}

fn running(object: &Value, endless: bool, now: i64) -> Verdict {
    let ready = condition(conditions(object), "Ready").is_some_and(|found| is(found, "True"));
    if !endless {
        return progressing("Running", "running");
    }
    if ready {
        return healthy("ready");
    }
    let waiting = list(object, "status.containerStatuses")
        .iter()
        .find(|status| !crate::json::flag(status, "ready"));
    let Some(status) = waiting else {
        return progressing("NotReady", "not ready yet");
    };
    let name = text(status, "name");
    let since = time(status, "state.running.startedAt");
    let mut verdict = if since.is_some_and(|since| now - since > PATIENCE) {
        progressing(
            "NeverReady",
            format!("never becomes ready: {}", probe(object, name)),
        )
    } else {
        progressing("Starting", "starting")
    };
    verdict.container = Some(name.to_owned());
    verdict
}

fn pending(object: &Value) -> Verdict {
    let scheduled = condition(conditions(object), "PodScheduled").filter(|c| is(c, "False"));
    if let Some(scheduled) = scheduled {
        let why = scheduling(text(scheduled, "message"));
        return progressing("Unschedulable", format!("cannot be scheduled: {why}"));
    }
    progressing("Pending", "starting")
}

/// `0/3 nodes are available: 3 Insufficient cpu. preemption: …` is about insufficient cpu.
fn scheduling(message: &str) -> String {
    let Some((_, reasons)) = message.split_once("nodes are available: ") else {
        return if message.is_empty() {
            "no node takes it".to_owned()
        } else {
            message.to_owned()
        };
    };
    let reasons = reasons
        .split(". ")
        .next()
        .unwrap_or(reasons)
        .trim_end_matches('.');
    reasons
        .split(", ")
        .map(|reason| {
            reason
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .trim()
        })
        .collect::<Vec<_>>()
        .join(", ")
}
