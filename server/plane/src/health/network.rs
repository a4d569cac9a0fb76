//! Services, ingresses, routes, gateways, network policies.

use model::health::Verdict;
use serde_json::Value;

use super::{STUCK, conditions, current, degraded, has_items, healthy, is, progressing, words};
use crate::json::{condition, list, text, time};

pub(super) fn service(object: &Value, now: i64) -> Verdict {
    if text(object, "spec.type") != "LoadBalancer"
        || has_items(object, "status.loadBalancer.ingress")
    {
        return healthy("");
    }
    let age = time(object, "metadata.creationTimestamp").map_or(0, |created| now - created);
    if age > STUCK {
        return degraded(
            "NoLoadBalancer",
            "no load balancer gave it an address in 10 minutes",
        );
    }
    progressing("NoLoadBalancer", "waiting for the load balancer's address")
}

pub(super) fn ingress(object: &Value) -> Verdict {
    if has_items(object, "status.loadBalancer.ingress") {
        return healthy("");
    }
    progressing("NoAddress", "no ingress controller has taken it up yet")
}

/// A gateway's word on the route. `Programmed` isn't told by all gateways: only its denial
/// counts.
pub(super) fn route(object: &Value) -> Verdict {
    let parents = list(object, "status.parents");
    if parents.is_empty() {
        return progressing("NoGateway", "no gateway has taken it up yet");
    }
    let mut slow = None;
    for parent in parents {
        let of = text(parent, "parentRef.name");
        let conditions = list(parent, "conditions");
        let now = |kind| condition(conditions, kind).filter(|c| current(c, object));
        if let Some(verdict) = denied(conditions, object, &format!("gateway {of}")) {
            return verdict;
        }
        let accepted = now("Accepted").is_some_and(|c| is(c, "True"));
        let programmed = now("Programmed").is_none_or(|c| is(c, "True"));
        if !accepted || !programmed {
            let sentence = format!("gateway {of} hasn't taken it up yet");
            slow = Some(progressing("NotProgrammed", sentence));
        }
    }
    slow.unwrap_or_else(|| healthy(""))
}

/// The verdict if `Accepted` or `ResolvedRefs` is denied for the object as it is now.
fn denied(conditions: &[Value], object: &Value, by: &str) -> Option<Verdict> {
    ["Accepted", "ResolvedRefs"].iter().find_map(|kind| {
        let found = condition(conditions, kind)
            .filter(|found| is(found, "False") && current(found, object))?;
        let what = if *kind == "Accepted" {
            format!("{by} refuses it")
        } else {
            "it refers to something that isn't there".to_owned()
        };
        let reason = text(found, "reason");
        let code = if reason.is_empty() { kind } else { reason };
        Some(degraded(code, format!("{what}: {}", words(found))))
    })
}

pub(super) fn gateway(object: &Value) -> Verdict {
    if let Some(verdict) = denied(conditions(object), object, "its controller") {
        return verdict;
    }
    for listener in list(object, "status.listeners") {
        let by = format!("listener {}", text(listener, "name"));
        if let Some(verdict) = denied(list(listener, "conditions"), object, &by) {
            return verdict;
        }
    }
    match condition(conditions(object), "Programmed").filter(|c| current(c, object)) {
        Some(found) if is(found, "True") => healthy(""),
        Some(found) => progressing(
            "NotProgrammed",
            format!("not serving yet: {}", words(found)),
        ),
        None => progressing("NotProgrammed", "no controller has taken it up yet"),
    }
}

pub(super) fn cilium_policy(object: &Value, now: i64) -> Verdict {
    match condition(conditions(object), "Valid") {
        Some(found) if is(found, "False") => {
            degraded("Invalid", format!("Cilium refuses it: {}", words(found)))
        }
        Some(_) => healthy(""),
        None => {
            let created = time(object, "metadata.creationTimestamp");
            // Older versions say nothing at all; silence for a minute is consent.
            if created.is_some_and(|created| now - created <= 60 * 1_000_000) {
                progressing("NotObserved", "Cilium hasn't taken it up yet")
            } else {
                healthy("")
            }
        }
    }
}
