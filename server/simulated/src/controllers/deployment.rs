//! Deployments: a ReplicaSet per template, rolled over within maxSurge and maxUnavailable.

use super::events::{News, tell};
use super::{condition_of, count, make, owner, set_status};
use crate::delete::{self, Options};
use crate::kinds::by_kind;
use crate::storage::{Key, State};
use crate::value::{canonical, drop_field, hash, int, letters, parse_time, share, stamp, text};
use serde_json::{Value, json};
use std::sync::Arc;

const REVISION: &str = "deployment.kubernetes.io/revision";
const HASH: &str = "pod-template-hash";

/// A ReplicaSet of this Deployment.
type Set = (Key, Arc<Value>);

/// Looks at one Deployment.
pub(crate) fn reconcile(state: &mut State, key: &Key, deployment: &Value, now: i64) -> Option<i64> {
    let spec = &deployment["spec"];
    let paused = spec["paused"] == true;
    let mut sets = sets(state, deployment);
    if !paused && current(&sets, spec).is_none() {
        introduce(state, key, deployment, &sets, now);
        sets = self::sets(state, deployment);
    }
    if let Some(new) = current(&sets, spec).cloned() {
        revise(state, key, &new, &sets);
    }
    sets = self::sets(state, deployment);
    if paused {
        scale_paused(state, deployment, &sets, now);
    } else if spec["strategy"]["type"] == "Recreate" {
        recreate(state, deployment, &sets, now);
    } else {
        roll(state, deployment, &sets, now);
    }
    sets = self::sets(state, deployment);
    let again = report(state, key, &sets, now);
    if !paused {
        forget(state, deployment, &sets, now);
    }
    again
}

fn sets(state: &State, deployment: &Value) -> Vec<Set> {
    let mut all = state.children(deployment, by_kind("ReplicaSet"));
    all.retain(|(_, s)| s["metadata"]["deletionTimestamp"].is_null());
    all.sort_by_key(|(_, s)| revision(s));
    all
}

fn revision(set: &Value) -> i64 {
    text(&set["metadata"]["annotations"][REVISION])
        .parse()
        .unwrap_or_default()
}

/// The set that has the Deployment's template.
fn current<'a>(sets: &'a [Set], spec: &Value) -> Option<&'a Set> {
    let wanted = plain(&spec["template"]);
    sets.iter()
        .rev()
        .find(|(_, s)| plain(&s["spec"]["template"]) == wanted)
}

fn plain(template: &Value) -> Value {
    let mut out = template.clone();
    drop_field(&mut out["metadata"]["labels"], HASH);
    out
}

/// Makes the ReplicaSet of a new template, without pods yet.
fn introduce(state: &mut State, key: &Key, deployment: &Value, sets: &[Set], now: i64) {
    let spec = &deployment["spec"];
    let hash = letters(hash(&canonical(&spec["template"])), 10);
    let mut template = spec["template"].clone();
    template["metadata"]["labels"][HASH] = hash.as_str().into();
    let mut selector = spec["selector"].clone();
    selector["matchLabels"][HASH] = hash.as_str().into();
    let revision = sets
        .iter()
        .map(|(_, s)| revision(s))
        .max()
        .unwrap_or_default()
        + 1;
    let set = json!({
        "metadata": {"name": format!("{}-{hash}", key.name), "labels": template["metadata"]["labels"],
            "ownerReferences": owner(deployment), "annotations": {REVISION: revision.to_string()}},
        "spec": {"replicas": 0, "selector": selector, "template": template, "minReadySeconds": spec["minReadySeconds"]},
    });
    if let Err(failure) = make(state, "ReplicaSet", &key.namespace, set, now) {
        let message = format!("Failed to create new replica set: {}", failure.message);
        tell(
            state,
            deployment,
            &News::warning("deployment-controller", "ReplicaSetCreateError", &message),
            now,
        );
    }
}

/// The current set has the highest revision, also after a rollback, and the Deployment says which that is.
fn revise(state: &mut State, key: &Key, new: &Set, sets: &[Set]) {
    let highest = sets
        .iter()
        .map(|(_, s)| revision(s))
        .max()
        .unwrap_or_default();
    let mine = revision(&new.1);
    let number = if mine < highest { highest + 1 } else { mine };
    if number != mine {
        state.modify(&new.0, |s| {
            s["metadata"]["annotations"][REVISION] = number.to_string().into()
        });
    }
    state.modify(key, |d| {
        if !d["metadata"]["annotations"].is_object() {
            d["metadata"]["annotations"] = json!({});
        }
        d["metadata"]["annotations"][REVISION] = number.to_string().into();
    });
}

fn wanted(set: &Value) -> i64 {
    int(&set["spec"]["replicas"], 0)
}

fn scale(state: &mut State, deployment: &Value, set: &Set, to: i64, now: i64) {
    let from = wanted(&set.1);
    if from == to {
        return;
    }
    let all = &deployment["spec"];
    let most = int(&all["replicas"], 1) + limits(all).0;
    state.modify(&set.0, |s| {
        s["spec"]["replicas"] = to.into();
        s["metadata"]["annotations"]["deployment.kubernetes.io/desired-replicas"] =
            int(&all["replicas"], 1).to_string().into();
        s["metadata"]["annotations"]["deployment.kubernetes.io/max-replicas"] =
            most.to_string().into();
    });
    let way = if to > from { "up" } else { "down" };
    let message = format!(
        "Scaled {way} replica set {} from {from} to {to}",
        set.0.name
    );
    tell(
        state,
        deployment,
        &News::normal("deployment-controller", "ScalingReplicaSet", &message),
        now,
    );
}

/// maxSurge and maxUnavailable as numbers; not both nothing.
fn limits(spec: &Value) -> (i64, i64) {
    let replicas = int(&spec["replicas"], 1);
    let rolling = &spec["strategy"]["rollingUpdate"];
    if spec["strategy"]["type"] == "Recreate" {
        return (0, replicas);
    }
    let surge = share(&rolling["maxSurge"], replicas, true);
    let unavailable = share(&rolling["maxUnavailable"], replicas, false).min(replicas);
    if surge == 0 && unavailable == 0 {
        (0, 1)
    } else {
        (surge, unavailable)
    }
}

fn available(set: &Value) -> i64 {
    int(&set["status"]["availableReplicas"], 0).min(wanted(set))
}

/// One step of a rolling update.
fn roll(state: &mut State, deployment: &Value, sets: &[Set], now: i64) {
    let spec = &deployment["spec"];
    let replicas = int(&spec["replicas"], 1);
    let (surge, unavailable) = limits(spec);
    let Some(new) = current(sets, spec) else {
        return;
    };
    let olds: Vec<&Set> = sets
        .iter()
        .filter(|s| s.0 != new.0 && wanted(&s.1) > 0)
        .collect();
    let total: i64 = sets.iter().map(|s| wanted(&s.1)).sum();
    let have = wanted(&new.1);
    if have > replicas {
        scale(state, deployment, new, replicas, now);
        return;
    }
    if have < replicas {
        let room = (replicas + surge - total).clamp(0, replicas - have);
        if room > 0 {
            scale(state, deployment, new, have + room, now);
            return;
        }
    }
    // Old pods go as far as enough stay available; those that aren't available go first.
    let mut spare = total - (replicas - unavailable) - (have - available(&new.1));
    let healthy: i64 = sets.iter().map(|s| available(&s.1)).sum();
    let mut spare_healthy = healthy - (replicas - unavailable);
    for old in olds {
        let sick = wanted(&old.1) - available(&old.1);
        let cut_sick = sick.min(spare).max(0);
        spare -= cut_sick;
        let cut = available(&old.1).min(spare).min(spare_healthy).max(0);
        spare -= cut;
        spare_healthy -= cut;
        scale(state, deployment, old, wanted(&old.1) - cut_sick - cut, now);
    }
}

/// All old pods go before the first new one comes.
fn recreate(state: &mut State, deployment: &Value, sets: &[Set], now: i64) {
    let spec = &deployment["spec"];
    let Some(new) = current(sets, spec) else {
        return;
    };
    let mut busy = false;
    for old in sets.iter().filter(|s| s.0 != new.0) {
        scale(state, deployment, old, 0, now);
        busy |= wanted(&old.1) > 0 || !state.children(&old.1, by_kind("Pod")).is_empty();
    }
    if !busy {
        scale(state, deployment, new, int(&spec["replicas"], 1), now);
    }
}

fn scale_paused(state: &mut State, deployment: &Value, sets: &[Set], now: i64) {
    let active: Vec<&Set> = sets.iter().filter(|s| wanted(&s.1) > 0).collect();
    if let [only] = active[..] {
        scale(
            state,
            deployment,
            only,
            int(&deployment["spec"]["replicas"], 1),
            now,
        );
    }
}

/// Old, empty sets beyond the history limit go.
fn forget(state: &mut State, deployment: &Value, sets: &[Set], now: i64) {
    let keep = usize::try_from(int(&deployment["spec"]["revisionHistoryLimit"], 10)).unwrap_or(10);
    let new = current(sets, &deployment["spec"]).map(|s| s.0.clone());
    let old: Vec<&Set> = sets
        .iter()
        .filter(|s| {
            Some(&s.0) != new.as_ref()
                && wanted(&s.1) == 0
                && int(&s.1["status"]["replicas"], 0) == 0
        })
        .collect();
    for set in old.iter().take(old.len().saturating_sub(keep)) {
        let _ = delete::delete(state, &set.0, &Options::default(), now);
    }
}

/// Writes the status as the real controller does, and says when the progress deadline ends.
fn report(state: &mut State, key: &Key, sets: &[Set], now: i64) -> Option<i64> {
    let deployment = state.get(key)?.clone();
    let spec = &deployment["spec"];
    let (old, new) = (&deployment["status"], current(sets, spec));
    let sum = |field: &str| {
        sets.iter()
            .map(|s| int(&s.1["status"][field], 0))
            .sum::<i64>()
    };
    let replicas = int(&spec["replicas"], 1);
    let (total, ready, available) = (
        sum("replicas"),
        sum("readyReplicas"),
        sum("availableReplicas"),
    );
    let updated = new.map_or(0, |s| int(&s.1["status"]["replicas"], 0));
    let number = |n: i64| count(usize::try_from(n).unwrap_or_default());
    let mut status = json!({
        "observedGeneration": deployment["metadata"]["generation"], "replicas": number(total),
        "updatedReplicas": number(updated), "readyReplicas": number(ready), "availableReplicas": number(available),
        "unavailableReplicas": number((total.max(replicas) - available).max(0)),
        "conditions": old["conditions"],
    });
    let enough = available >= replicas - limits(spec).1;
    let mut word = if enough {
        json!({"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable",
            "message": "Deployment has minimum availability."})
    } else {
        json!({"type": "Available", "status": "False", "reason": "MinimumReplicasUnavailable",
            "message": "Deployment does not have minimum availability."})
    };
    let before = condition_of(&deployment, "Available");
    word["lastUpdateTime"] = if before["status"] == word["status"] {
        before["lastUpdateTime"].clone()
    } else {
        stamp(now).into()
    };
    crate::pods::condition(&mut status, word, now);
    let complete = updated == replicas && total == replicas && available == replicas;
    let moved = updated > int(&old["updatedReplicas"], 0)
        || total - updated < int(&old["replicas"], 0) - int(&old["updatedReplicas"], 0)
        || ready > int(&old["readyReplicas"], 0)
        || available > int(&old["availableReplicas"], 0);
    let again = progress(
        &mut status,
        &deployment,
        new.map(|s| s.0.name.as_str()),
        complete,
        moved,
        now,
    );
    failing(&mut status, sets, now);
    set_status(state, key, status);
    again
}

/// The condition Progressing, and when to look whether the deadline has passed.
fn progress(
    status: &mut Value,
    deployment: &Value,
    set: Option<&str>,
    complete: bool,
    moved: bool,
    now: i64,
) -> Option<i64> {
    let spec = &deployment["spec"];
    let deadline = int(&spec["progressDeadlineSeconds"], 600) * 1_000_000;
    let old = condition_of(deployment, "Progressing");
    let name = set.unwrap_or_default();
    // A rollout that has ended stays ended until there is a new set.
    let settled = old["reason"] == "NewReplicaSetAvailable"
        && text(&old["message"]).contains(&format!("\"{name}\""));
    if spec["paused"] == true {
        return None;
    }
    let since = parse_time(&old["lastUpdateTime"]).unwrap_or(now);
    let fresh = old.is_null() || !text(&old["message"]).contains(&format!("\"{name}\""));
    let (yes, reason, message, renew) = if complete {
        let message = format!("ReplicaSet \"{name}\" has successfully progressed.");
        (true, "NewReplicaSetAvailable", message, !settled)
    } else if settled {
        return None;
    } else if moved || fresh {
        (
            true,
            "ReplicaSetUpdated",
            format!("ReplicaSet \"{name}\" is progressing."),
            true,
        )
    } else if now >= since + deadline {
        let message = format!("ReplicaSet \"{name}\" has timed out progressing.");
        (
            false,
            "ProgressDeadlineExceeded",
            message,
            old["status"] == "True",
        )
    } else {
        return Some(since + deadline);
    };
    let time: Value = if renew {
        stamp(now).into()
    } else {
        old["lastUpdateTime"].clone()
    };
    let word = json!({"type": "Progressing", "status": crate::pods::yes(yes), "reason": reason, "message": message,
        "lastUpdateTime": time});
    crate::pods::condition(status, word, now);
    (yes && !complete).then_some(now + deadline)
}

/// Passes on that pods can't be created.
fn failing(status: &mut Value, sets: &[Set], now: i64) {
    let why = sets
        .iter()
        .map(|s| condition_of(&s.1, "ReplicaFailure"))
        .find(|c| c["status"] == "True");
    match why {
        Some(why) => {
            let mut word = why.clone();
            word["lastUpdateTime"] = stamp(now).into();
            crate::pods::condition(status, word, now);
        }
        None => {
            if let Some(list) = status["conditions"].as_array_mut() {
                list.retain(|c| c["type"] != "ReplicaFailure");
            }
        }
    }
}
