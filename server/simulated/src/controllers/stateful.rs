//! StatefulSets: pods with numbers, one after the other; changed from the highest down.

use super::events::{News, tell};
use super::{is_ready, make, pod_of, replicas::available, set_status};
use crate::delete::{self, Options};
use crate::kinds::by_kind;
use crate::storage::{Key, State};
use crate::value::{canonical, hash, int, items, letters, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

const HASH: &str = "controller-revision-hash";

/// Looks at one StatefulSet.
pub(crate) fn reconcile(state: &mut State, key: &Key, set: &Value, now: i64) -> Option<i64> {
    let spec = &set["spec"];
    let wanted = int(&spec["replicas"], 1);
    let revision = format!(
        "{}-{}",
        key.name,
        letters(hash(&canonical(&spec["template"])), 10)
    );
    let mut pods = numbered(state, key, set);
    let parallel = spec["podManagementPolicy"] == "Parallel";
    // Missing ones, in order; each waits for the one before.
    for n in 0..wanted {
        match pods.get(&n) {
            Some((_, pod))
                if parallel
                    || (is_ready(pod) && pod["metadata"]["deletionTimestamp"].is_null()) => {}
            Some(_) => break,
            None => {
                birth(state, key, set, n, &revision, now);
                if !parallel {
                    break;
                }
            }
        }
    }
    if let Some((_, (pod, object))) = pods.iter().rev().find(|(n, _)| **n >= wanted)
        && object["metadata"]["deletionTimestamp"].is_null()
    {
        drop_pod(state, set, pod, now);
    }
    let partition = int(&spec["updateStrategy"]["rollingUpdate"]["partition"], 0);
    let all_ready = i64::try_from(pods.len()).is_ok_and(|n| n == wanted)
        && pods.values().all(|(_, p)| is_ready(p));
    let outdated = pods
        .iter()
        .rev()
        .find(|(n, (_, p))| **n >= partition && p["metadata"]["labels"][HASH] != revision.as_str());
    if let Some((_, (pod, object))) = outdated
        && (all_ready || !is_ready(object))
        && object["metadata"]["deletionTimestamp"].is_null()
        && spec["updateStrategy"]["type"] != "OnDelete"
    {
        drop_pod(state, set, &pod.clone(), now);
    }
    pods = numbered(state, key, set);
    report(state, key, set, &pods, &revision, now)
}

type Numbered = BTreeMap<i64, (Key, Arc<Value>)>;

fn numbered(state: &State, key: &Key, set: &Value) -> Numbered {
    let prefix = format!("{}-", key.name);
    let pods = state.children(set, by_kind("Pod")).into_iter();
    pods.filter_map(|(k, p)| Some((k.name.strip_prefix(&prefix)?.parse().ok()?, (k, p))))
        .collect()
}

fn birth(state: &mut State, key: &Key, set: &Value, n: i64, revision: &str, now: i64) {
    let name = format!("{}-{n}", key.name);
    let labels = json!({HASH: revision, "statefulset.kubernetes.io/pod-name": name, "apps.kubernetes.io/pod-index": n.to_string()});
    let mut pod = pod_of(&set["spec"]["template"], set, &labels);
    pod["metadata"]["name"] = name.as_str().into();
    pod["spec"]["hostname"] = name.as_str().into();
    for claim in items(&set["spec"]["volumeClaimTemplates"]) {
        let volume = text(&claim["metadata"]["name"]);
        let claim_name = format!("{volume}-{name}");
        if state
            .get(&Key::new(
                by_kind("PersistentVolumeClaim"),
                &key.namespace,
                &claim_name,
            ))
            .is_none()
        {
            let mut claim = claim.clone();
            claim["metadata"]["name"] = claim_name.as_str().into();
            claim["apiVersion"] = "v1".into();
            claim["kind"] = "PersistentVolumeClaim".into();
            let _ = make(state, "PersistentVolumeClaim", &key.namespace, claim, now);
        }
        if !pod["spec"]["volumes"].is_array() {
            pod["spec"]["volumes"] = json!([]);
        }
        let volumes = pod["spec"]["volumes"]
            .as_array_mut()
            .expect("made a list above");
        volumes.push(json!({"name": volume, "persistentVolumeClaim": {"claimName": claim_name}}));
    }
    let (warning, reason, message) = match make(state, "Pod", &key.namespace, pod, now) {
        Ok(_) => (
            false,
            "SuccessfulCreate",
            format!("create Pod {name} in StatefulSet {} successful", key.name),
        ),
        Err(f) => (
            true,
            "FailedCreate",
            format!(
                "create Pod {name} in StatefulSet {} failed error: {}",
                key.name, f.message
            ),
        ),
    };
    let news = News {
        warning,
        ..News::normal("statefulset-controller", reason, &message)
    };
    tell(state, set, &news, now);
}

fn drop_pod(state: &mut State, set: &Value, pod: &Key, now: i64) {
    let _ = delete::delete(state, pod, &Options::default(), now);
    let message = format!(
        "delete Pod {} in StatefulSet {} successful",
        pod.name,
        text(&set["metadata"]["name"])
    );
    tell(
        state,
        set,
        &News::normal("statefulset-controller", "SuccessfulDelete", &message),
        now,
    );
}

fn report(
    state: &mut State,
    key: &Key,
    set: &Value,
    pods: &Numbered,
    revision: &str,
    now: i64,
) -> Option<i64> {
    let all: Vec<(Key, Arc<Value>)> = pods.values().cloned().collect();
    let updated = all
        .iter()
        .filter(|(_, p)| p["metadata"]["labels"][HASH] == revision)
        .count();
    let ready = all.iter().filter(|(_, p)| is_ready(p)).count();
    let (available, again) = available(&all, int(&set["spec"]["minReadySeconds"], 0), now);
    let whole = usize::try_from(int(&set["spec"]["replicas"], 1)).unwrap_or_default();
    let done = updated == all.len() && ready == all.len() && all.len() == whole;
    let old = &set["status"]["currentRevision"];
    let current: Value = if done || old.is_null() {
        revision.into()
    } else {
        old.clone()
    };
    let on_current = all
        .iter()
        .filter(|(_, p)| p["metadata"]["labels"][HASH] == current)
        .count();
    let status = json!({
        "observedGeneration": set["metadata"]["generation"], "replicas": all.len(), "readyReplicas": super::count(ready),
        "availableReplicas": available, "updatedReplicas": super::count(updated), "currentReplicas": super::count(on_current),
        "currentRevision": current, "updateRevision": revision, "collisionCount": 0,
    });
    set_status(state, key, status);
    again
}
