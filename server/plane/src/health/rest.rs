//! Everything else that has a health, and a rule for kinds that nobody foresaw.

use model::health::Verdict;
use serde_json::Value;

use super::{STUCK, conditions, current, degraded, healthy, is, progressing, suspended, words};
use crate::json::{at, condition, text, time};

pub(super) fn namespace(object: &Value, now: i64) -> Verdict {
    let since = time(object, "metadata.deletionTimestamp");
    if since.is_none() && text(object, "status.phase") != "Terminating" {
        return healthy("");
    }
    if since.is_some_and(|since| now - since > STUCK) {
        let why = conditions(object)
            .iter()
            .find(|found| is(found, "True") && !text(found, "message").is_empty())
            .map(|found| format!(": {}", words(found)))
            .unwrap_or_default();
        return degraded("DeletionBlocked", format!("can't be deleted{why}"));
    }
    progressing("Deleting", "being deleted with all that is in it")
}

pub(super) fn autoscaler(object: &Value) -> Verdict {
    let all = conditions(object);
    let able = condition(all, "AbleToScale");
    let active = condition(all, "ScalingActive");
    let reason = |found: Option<&Value>| found.map_or("", |f| text(f, "reason")).to_owned();
    if let Some(able) = able
        && is(able, "False")
        && matches!(text(able, "reason"), "FailedGetScale" | "FailedUpdateScale")
    {
        return degraded(
            text(able, "reason"),
            format!("can't scale: {}", words(able)),
        );
    }
    let why = reason(active);
    if let Some(active) = active.filter(|active| is(active, "False")) {
        if why == "ScalingDisabled" {
            return suspended("ScalingDisabled", "off: its target is scaled to zero");
        }
        let blind = (why.starts_with("FailedGet") && why.ends_with("Metric"))
            || matches!(
                why.as_str(),
                "FailedComputeMetricsReplicas" | "InvalidSelector"
            );
        if blind {
            return degraded(
                &why,
                format!("can't see what to scale by: {}", words(active)),
            );
        }
    }
    let limited = condition(all, "ScalingLimited").is_some_and(|found| is(found, "True"));
    if limited || able.is_some_and(|able| is(able, "True")) {
        return healthy(if limited { "at its limit" } else { "" });
    }
    progressing("NotObserved", "hasn't looked at its target yet")
}

pub(super) fn claim(object: &Value) -> Verdict {
    match text(object, "status.phase") {
        "Bound" => healthy(""),
        "Lost" => degraded("Lost", "its volume is lost"),
        _ => progressing("Pending", "waiting for a volume"),
    }
}

pub(super) fn disruption_budget(object: &Value) -> Verdict {
    if at(object, "status").is_none_or(|status| status.as_object().is_none_or(|s| s.is_empty())) {
        return progressing("NotObserved", "not taken up yet");
    }
    let broken = conditions(object)
        .iter()
        .find(|found| is(found, "False") && text(found, "reason") != "InsufficientPods");
    match broken {
        Some(found) => degraded(
            text(found, "reason"),
            format!("can't be kept: {}", words(found)),
        ),
        None => healthy(""),
    }
}

pub(super) fn api_service(object: &Value) -> Verdict {
    match condition(conditions(object), "Available") {
        Some(found) if is(found, "True") => healthy(""),
        Some(found) => progressing("NotAvailable", format!("doesn't answer: {}", words(found))),
        None => progressing("NotAvailable", "not taken up yet"),
    }
}

pub(super) fn definition(object: &Value) -> Verdict {
    let all = conditions(object);
    if let Some(names) = condition(all, "NamesAccepted").filter(|found| is(found, "False")) {
        return degraded(
            "NamesNotAccepted",
            format!("its names are taken: {}", words(names)),
        );
    }
    if condition(all, "Established").is_some_and(|found| is(found, "True")) {
        return healthy("");
    }
    progressing("NotEstablished", "not served yet")
}

pub(super) fn external_secret(object: &Value) -> Verdict {
    match condition(conditions(object), "Ready") {
        Some(found) if is(found, "True") => match text(object, "status.refreshTime") {
            "" => healthy(""),
            refreshed => healthy(format!("last read {refreshed}")),
        },
        Some(found) if is(found, "False") => {
            let reason = text(found, "reason");
            let code = if reason.is_empty() {
                "NotReady"
            } else {
                reason
            };
            degraded(code, format!("the secret can't be read: {}", words(found)))
        }
        _ => progressing("NotObserved", "not read yet"),
    }
}

pub(super) fn certificate(object: &Value) -> Verdict {
    let all = conditions(object);
    if let Some(issuing) = condition(all, "Issuing").filter(|found| is(found, "True")) {
        return progressing("Issuing", format!("being issued: {}", words(issuing)));
    }
    match condition(all, "Ready") {
        Some(found) if is(found, "True") => healthy(""),
        Some(found) if is(found, "False") => degraded(
            "NotReady",
            format!("no valid certificate: {}", words(found)),
        ),
        _ => progressing("NotObserved", "not asked for yet"),
    }
}

pub(super) fn generic(object: &Value) -> Verdict {
    let all = conditions(object);
    let now = |kind| condition(all, kind).filter(|found| current(found, object));
    if let Some(stalled) = now("Stalled").filter(|found| is(found, "True")) {
        return degraded("Stalled", words(stalled));
    }
    if let Some(found) = now("Reconciling").filter(|found| is(found, "True")) {
        return progressing("Reconciling", words(found));
    }
    let word = now("Ready").or_else(|| now("Available"));
    match word.map(|found| (found, text(found, "status"))) {
        Some((_, "True")) => healthy(""),
        Some((found, "False")) => {
            let reason = text(found, "reason");
            degraded(
                if reason.is_empty() {
                    "NotReady"
                } else {
                    reason
                },
                words(found),
            )
        }
        Some((found, _)) => progressing("NotReady", words(found)),
        None if condition(all, "Ready").is_some() || condition(all, "Available").is_some() => {
            progressing("NotObserved", "the last change isn't taken up yet")
        }
        None => healthy(format!(
            "there is no health rule for {}",
            text(object, "kind")
        )),
    }
}
