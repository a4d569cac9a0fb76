//! Scheduler and kubelet: binds a pod to the node and reports its life.

use super::events::{News, tell};
use super::is_ready;
use crate::pods::{self, rules};
use crate::storage::{Key, Life, State, controller};
use crate::value::{parse_time, text};
use serde_json::{Value, json};

/// Looks at one pod.
pub(crate) fn reconcile(state: &mut State, key: &Key, pod: &Value, now: i64) -> Option<i64> {
    if matches!(text(&pod["status"]["phase"]), "Succeeded" | "Failed") {
        return None;
    }
    let words = words(state, pod);
    let rules = rules::of_pod(&pod["spec"], &words);
    let bound = !text(&pod["spec"]["nodeName"]).is_empty();
    if !bound && let Some(why) = refusal(pod, rules.iter().any(|r| r.unschedulable)) {
        let sight = pods::unschedulable(pod, now, &why);
        state.modify(key, |o| o["status"] = sight.status);
        for told in sight.told {
            tell(
                state,
                pod,
                &News::warning("default-scheduler", told.reason, &told.message),
                now,
            );
        }
        return None;
    }
    let life = life(state, pod, words, bound, now);
    let sight = pods::live(pod, &life, &rules, now, state.pace);
    state.modify(key, |o| {
        o["status"] = sight.status;
        o["spec"]["nodeName"] = crate::NODE.into();
        if o["spec"]["serviceAccountName"].is_null() {
            o["spec"]["serviceAccountName"] = "default".into();
            o["spec"]["serviceAccount"] = "default".into();
        }
    });
    if !bound {
        let meta = &pod["metadata"];
        let message = format!(
            "Successfully assigned {}/{} to {}",
            text(&meta["namespace"]),
            text(&meta["name"]),
            crate::NODE
        );
        tell(
            state,
            pod,
            &News::normal("default-scheduler", "Scheduled", &message),
            now,
        );
    }
    for told in &sight.told {
        let news = News {
            component: "kubelet",
            warning: told.warning,
            reason: told.reason,
            message: &told.message,
            container: told.container.as_deref(),
        };
        tell(state, pod, &news, now);
    }
    probe_news(state, pod, &rules, &life, now);
    sight.again
}

/// A pod that never becomes ready is told of once it should have.
fn probe_news(state: &mut State, pod: &Value, rules: &[rules::Rules], life: &Life, now: i64) {
    let running = pod["status"]["phase"] == "Running";
    if rules.iter().any(|r| r.never_ready) && running && now - life.since < state.pace * 4 {
        let message = "Readiness probe failed: HTTP probe failed with statuscode: 503";
        tell(
            state,
            pod,
            &News::warning("kubelet", "Unhealthy", message),
            now,
        );
    }
}

/// What the pod was told to do: its own annotation, or that of what owns it.
fn words(state: &State, pod: &Value) -> String {
    let mut at = pod.clone();
    for _ in 0..4 {
        for meta in [&at["metadata"], &at["spec"]["template"]["metadata"]] {
            if let Some(words) = meta["annotations"][crate::SIMULATE].as_str() {
                return words.to_owned();
            }
        }
        let above = controller(&at)
            .and_then(|o| state.uids.get(text(&o["uid"])))
            .and_then(|k| state.get(k));
        match above {
            Some(above) => at = (**above).clone(),
            None => break,
        }
    }
    String::new()
}

/// When the pod's present life began. A new rule begins a new one.
fn life(state: &mut State, pod: &Value, words: String, bound: bool, now: i64) -> Life {
    let uid = text(&pod["metadata"]["uid"]);
    let restarts = || {
        let all = crate::value::items(&pod["status"]["containerStatuses"]);
        all.iter()
            .map(|c| crate::value::int(&c["restartCount"], 0))
            .max()
            .unwrap_or_default()
    };
    // Images can be changed in place.
    let images: Vec<&str> = crate::value::items(&pod["spec"]["containers"])
        .iter()
        .map(|c| text(&c["image"]))
        .collect();
    let rule = format!("{words} {}", images.join(" "));
    let life = match state.lives.get(uid) {
        Some(life) if life.rule == rule => return life.clone(),
        Some(old) => {
            // Whatever kept it from running before, the images are there now.
            let warm = old.warm || pod["status"]["phase"] == "Running";
            Life {
                since: now,
                rule,
                restarts: restarts(),
                warm,
            }
        }
        None if bound => resumed(pod, rule, now),
        None => Life {
            since: now,
            rule,
            restarts: 0,
            warm: false,
        },
    };
    state.lives.insert(uid.to_owned(), life.clone());
    life
}

/// The life of a pod that an earlier process began. One that runs goes on as it was, to the second.
fn resumed(pod: &Value, rule: String, now: i64) -> Life {
    let containers = crate::value::items(&pod["status"]["containerStatuses"]);
    let started: Option<Vec<i64>> = containers
        .iter()
        .map(|c| parse_time(&c["state"]["running"]["startedAt"]))
        .collect();
    if let Some(since) = started.and_then(|s| s.into_iter().max())
        && is_ready(pod)
    {
        let restarts = containers
            .iter()
            .map(|c| crate::value::int(&c["restartCount"], 0))
            .max();
        return Life {
            since,
            rule,
            restarts: restarts.unwrap_or_default(),
            warm: true,
        };
    }
    let since = parse_time(&pod["metadata"]["creationTimestamp"]).unwrap_or(now);
    Life {
        since,
        rule,
        restarts: 0,
        warm: false,
    }
}

/// Why no node takes the pod.
fn refusal(pod: &Value, told: bool) -> Option<String> {
    if told {
        return Some("0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.".into());
    }
    let labels = json!({"kubernetes.io/hostname": crate::NODE, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
        "troupe.dev/simulated": "true"});
    let wanted = pod["spec"]["nodeSelector"].as_object();
    if wanted
        .into_iter()
        .flatten()
        .any(|(k, v)| labels.get(k) != Some(v))
    {
        return Some("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.".into());
    }
    let waits = pod["spec"]["schedulingGates"]
        .as_array()
        .is_some_and(|g| !g.is_empty());
    waits.then(|| "Scheduling is blocked due to non-empty scheduling gates".into())
}
