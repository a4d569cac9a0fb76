//! ReplicaSets: so many pods, no more, no less.

use super::events::{News, tell};
use super::{condition_of, count, is_active, is_ready, make, pod_of, set_status};
use crate::delete::{self, Options};
use crate::kinds::by_kind;
use crate::storage::{Key, State};
use crate::value::{int, parse_time, text};
use serde_json::{Value, json};
use std::sync::Arc;

/// Looks at one ReplicaSet.
pub(crate) fn reconcile(state: &mut State, key: &Key, set: &Value, now: i64) -> Option<i64> {
    let wanted = usize::try_from(int(&set["spec"]["replicas"], 1)).unwrap_or_default();
    let mut pods: Vec<_> = state
        .children(set, by_kind("Pod"))
        .into_iter()
        .filter(|(_, p)| is_active(p))
        .collect();
    let mut failed = None;
    for _ in pods.len()..wanted {
        let mut pod = pod_of(&set["spec"]["template"], set, &Value::Null);
        pod["metadata"]["generateName"] = format!("{}-", key.name).into();
        match make(state, "Pod", &key.namespace, pod, now) {
            Ok(pod) => {
                let name = text(&pod["metadata"]["name"]).to_owned();
                let message = format!("Created pod: {name}");
                tell(
                    state,
                    set,
                    &News::normal("replicaset-controller", "SuccessfulCreate", &message),
                    now,
                );
                pods.push((Key::new(by_kind("Pod"), &key.namespace, &name), pod));
            }
            Err(failure) => {
                let message = format!("Error creating: {}", failure.message);
                tell(
                    state,
                    set,
                    &News::warning("replicaset-controller", "FailedCreate", &message),
                    now,
                );
                failed = Some(failure.message);
                break;
            }
        }
    }
    // The least useful go first: not ready, then the youngest.
    pods.sort_by_key(|(_, p)| {
        (
            is_ready(p),
            std::cmp::Reverse(text(&p["metadata"]["creationTimestamp"]).to_owned()),
        )
    });
    for (pod, _) in pods.drain(..pods.len().saturating_sub(wanted)) {
        let _ = delete::delete(state, &pod, &Options::default(), now);
        let message = format!("Deleted pod: {}", pod.name);
        tell(
            state,
            set,
            &News::normal("replicaset-controller", "SuccessfulDelete", &message),
            now,
        );
    }
    let (available, again) = available(&pods, int(&set["spec"]["minReadySeconds"], 0), now);
    let mut status = json!({
        "replicas": pods.len(), "fullyLabeledReplicas": count(pods.len()),
        "readyReplicas": count(pods.iter().filter(|(_, p)| is_ready(p)).count()),
        "availableReplicas": count(available), "observedGeneration": set["metadata"]["generation"],
    });
    if let Some(why) = failed {
        let word = json!({"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": why});
        crate::pods::condition(&mut status, word, now);
    }
    set_status(state, key, status);
    again
}

/// How many pods have been ready for long enough, and when the next one will have been.
pub(crate) fn available(
    pods: &[(Key, Arc<Value>)],
    min_ready: i64,
    now: i64,
) -> (usize, Option<i64>) {
    let mut many = 0;
    let mut again = None;
    for (_, pod) in pods.iter().filter(|(_, p)| is_ready(p)) {
        let since = parse_time(&condition_of(pod, "Ready")["lastTransitionTime"]).unwrap_or(now);
        let at = since + min_ready * 1_000_000;
        if min_ready == 0 || at <= now {
            many += 1;
        } else {
            again = Some(again.map_or(at, |a: i64| a.min(at)));
        }
    }
    (many, again)
}
