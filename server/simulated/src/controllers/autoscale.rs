//! Autoscalers, disruption budgets and volume claims.

use super::{is_active, is_ready, set_status};
use crate::apply::{self, Writer};
use crate::kinds::by_kind;
use crate::pods::condition;
use crate::selector::chooses;
use crate::storage::{Key, State};
use crate::value::{int, items, share, text};
use serde_json::{Value, json};

/// There are no metrics here: an autoscaler keeps its target within its bounds and says so.
pub(crate) fn autoscaler(state: &mut State, key: &Key, object: &Value, now: i64) -> Option<i64> {
    let spec = &object["spec"];
    let reference = &spec["scaleTargetRef"];
    let kind = crate::kinds::by_object(text(&reference["apiVersion"]), text(&reference["kind"]))
        .filter(|k| k.scale);
    let target = kind.map(|k| Key::new(k, &key.namespace, text(&reference["name"])));
    let found = target.and_then(|t| state.get(&t).cloned().map(|o| (t, o)));
    let mut status = json!({"conditions": object["status"]["conditions"], "observedGeneration": object["metadata"]["generation"],
        "currentReplicas": 0, "desiredReplicas": 0});
    let Some((target, scaled)) = found else {
        let message = format!(
            "the HPA controller was unable to get the target's current scale: {} \"{}\" not found",
            text(&reference["kind"]),
            text(&reference["name"])
        );
        let word = json!({"type": "AbleToScale", "status": "False", "reason": "FailedGetScale", "message": message});
        condition(&mut status, word, now);
        set_status(state, key, status);
        return Some(now + 15_000_000);
    };
    let (least, most) = (int(&spec["minReplicas"], 1), int(&spec["maxReplicas"], 1));
    let have = int(&scaled["spec"]["replicas"], 1);
    let wanted = if have == 0 {
        0
    } else {
        have.clamp(least, most)
    };
    status["currentReplicas"] = int(&scaled["status"]["replicas"], 0).into();
    status["desiredReplicas"] = wanted.into();
    let active = have > 0;
    for (kind, yes, reason, message) in [
        (
            "AbleToScale",
            true,
            "ReadyForNewScale",
            "recommended size matches current size",
        ),
        if active {
            (
                "ScalingActive",
                true,
                "ValidMetricFound",
                "simulated: no metrics, the target is kept within its bounds",
            )
        } else {
            (
                "ScalingActive",
                false,
                "ScalingDisabled",
                "scaling is disabled since the replica count of the target is zero",
            )
        },
        (
            "ScalingLimited",
            false,
            "DesiredWithinRange",
            "the desired count is within the acceptable range",
        ),
    ] {
        let word = json!({"type": kind, "status": crate::pods::yes(yes), "reason": reason, "message": message});
        condition(&mut status, word, now);
    }
    set_status(state, key, status);
    if wanted != have {
        let api = target.kind().api_version();
        state.modify(&target, |o| {
            let before = o.clone();
            o["spec"]["replicas"] = wanted.into();
            let writer = Writer {
                kind: target.kind().kind,
                api_version: &api,
                manager: "kube-controller-manager",
                subresource: "scale",
                force: true,
                now,
            };
            apply::updated(&before, o, &writer);
        });
    }
    None
}

/// How many pods of a budget may go.
pub(crate) fn budget(state: &mut State, key: &Key, object: &Value, now: i64) -> Option<i64> {
    let spec = &object["spec"];
    let pods = state.list(by_kind("Pod"), &key.namespace);
    let pods: Vec<_> = pods
        .filter(|(_, p)| chooses(&spec["selector"], &p["metadata"]["labels"]) && is_active(p))
        .map(|(_, p)| p.clone())
        .collect();
    let expected = i64::try_from(pods.len()).unwrap_or_default();
    let healthy = i64::try_from(pods.iter().filter(|p| is_ready(p)).count()).unwrap_or_default();
    let wanted = if spec["maxUnavailable"].is_null() {
        share(&spec["minAvailable"], expected, true)
    } else {
        (expected - share(&spec["maxUnavailable"], expected, true)).max(0)
    };
    let allowed = if expected == 0 {
        0
    } else {
        (healthy - wanted).max(0)
    };
    let mut status = json!({"conditions": object["status"]["conditions"], "observedGeneration": object["metadata"]["generation"],
        "expectedPods": expected, "currentHealthy": healthy, "desiredHealthy": wanted, "disruptionsAllowed": allowed});
    let reason = if allowed > 0 {
        "SufficientPods"
    } else {
        "InsufficientPods"
    };
    let word = json!({"type": "DisruptionAllowed", "status": crate::pods::yes(allowed > 0), "reason": reason, "message": "",
        "observedGeneration": object["metadata"]["generation"]});
    condition(&mut status, word, now);
    set_status(state, key, status);
    None
}

/// Storage is always there.
pub(crate) fn claim(state: &mut State, key: &Key, object: &Value) -> Option<i64> {
    let spec = &object["spec"];
    let name = format!("pvc-{}", text(&object["metadata"]["uid"]));
    let modes = items(&spec["accessModes"]).to_vec();
    let status =
        json!({"phase": "Bound", "accessModes": modes, "capacity": spec["resources"]["requests"]});
    set_status(state, key, status);
    state.modify(key, |o| o["spec"]["volumeName"] = name.into());
    None
}
