//! DaemonSets: one pod on the one node.

use super::events::{News, tell};
use super::{is_active, is_ready, make, pod_of, set_status};
use crate::delete::{self, Options};
use crate::kinds::by_kind;
use crate::storage::{Key, State};
use crate::value::{canonical, hash, letters, text};
use serde_json::{Value, json};

const HASH: &str = "controller-revision-hash";

/// Looks at one DaemonSet.
pub(crate) fn reconcile(state: &mut State, key: &Key, set: &Value, now: i64) -> Option<i64> {
    let revision = letters(hash(&canonical(&set["spec"]["template"])), 10);
    let mut pods = state.children(set, by_kind("Pod"));
    pods.retain(|(_, p)| is_active(p));
    if pods.is_empty() {
        let mut pod = pod_of(&set["spec"]["template"], set, &json!({HASH: revision}));
        pod["metadata"]["generateName"] = format!("{}-", key.name).into();
        if let Ok(pod) = make(state, "Pod", &key.namespace, pod, now) {
            let message = format!("Created pod: {}", text(&pod["metadata"]["name"]));
            tell(
                state,
                set,
                &News::normal("daemonset-controller", "SuccessfulCreate", &message),
                now,
            );
        }
    }
    let current = |p: &Value| p["metadata"]["labels"][HASH] == revision.as_str();
    if set["spec"]["updateStrategy"]["type"] != "OnDelete" {
        for (pod, _) in pods.iter().filter(|(_, p)| !current(p)) {
            let _ = delete::delete(state, pod, &Options::default(), now);
            let message = format!("Deleted pod: {}", pod.name);
            tell(
                state,
                set,
                &News::normal("daemonset-controller", "SuccessfulDelete", &message),
                now,
            );
        }
    }
    let here = i64::from(!pods.is_empty());
    let ready = i64::from(pods.iter().any(|(_, p)| is_ready(p)));
    let updated = i64::from(pods.iter().any(|(_, p)| current(p)));
    let mut status = json!({
        "observedGeneration": set["metadata"]["generation"], "desiredNumberScheduled": 1, "currentNumberScheduled": here,
        "numberMisscheduled": 0, "numberReady": ready, "updatedNumberScheduled": updated, "numberAvailable": ready,
    });
    if ready == 0 {
        status["numberUnavailable"] = 1.into();
    }
    set_status(state, key, status);
    None
}
