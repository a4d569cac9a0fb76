//! The life of a pod as a function of its age: what a kubelet would report at this moment, and when to look again.

pub(crate) mod container;
pub(crate) mod rules;

use crate::storage::Life;
use crate::value::{self, drop_field, hash, items, text};
use container::{Cell, Setting};
use rules::Rules;
use serde_json::{Value, json};

/// What a pod looks like now.
#[derive(Debug)]
pub(crate) struct Sight {
    pub status: Value,
    pub again: Option<i64>,
    pub told: Vec<Told>,
}

/// Something a kubelet or scheduler tells in an Event.
#[derive(Debug, PartialEq)]
pub(crate) struct Told {
    pub warning: bool,
    pub reason: &'static str,
    pub message: String,
    /// The container it is about.
    pub container: Option<String>,
}

/// A pod's pace: the cluster's, up to 15 % more or less, always the same for the same pod.
pub(crate) fn pace_of(uid: &str, pace: i64) -> i64 {
    let spread = i64::try_from(hash(uid) % 300).unwrap_or_default();
    pace * (850 + spread) / 1000
}

/// An address that is the same for the same pod.
fn address(uid: &str) -> String {
    let h = hash(uid);
    format!("10.244.{}.{}", h >> 8 & 255, (h & 255).clamp(2, 254))
}

/// Nobody can take this pod.
pub(crate) fn unschedulable(pod: &Value, now: i64, why: &str) -> Sight {
    let mut status = pod["status"].clone();
    status["phase"] = "Pending".into();
    let first = status["conditions"].is_null();
    let word = json!({"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": why});
    condition(&mut status, word, now);
    let told = Told {
        warning: true,
        reason: "FailedScheduling",
        message: why.to_owned(),
        container: None,
    };
    Sight {
        status,
        again: None,
        told: if first { vec![told] } else { Vec::new() },
    }
}

/// What a kubelet reports of a scheduled pod.
pub(crate) fn live(pod: &Value, life: &Life, rules: &[Rules], now: i64, pace: i64) -> Sight {
    let spec = &pod["spec"];
    let uid = text(&pod["metadata"]["uid"]);
    let pace = pace_of(uid, pace);
    let policy = text(&spec["restartPolicy"]);
    let setting = Setting {
        pod,
        policy,
        since: life.since,
        age: (now - life.since).max(0),
        pace,
        warm: life.warm,
        restarts: life.restarts,
    };

    // What has been initialised stays so.
    let initialized = life.warm && !pod["status"]["initContainerStatuses"].is_null();
    let (inits, hold, mut again) = if initialized {
        (Vec::new(), None, None)
    } else {
        initial(spec, &setting)
    };
    let mut cells = Vec::new();
    for (container, rules) in items(&spec["containers"]).iter().zip(rules) {
        let cell = if let Some(why) = hold {
            Cell::waiting(why, "")
        } else {
            container::look(container, rules, &setting)
        };
        again = [again, cell.again].into_iter().flatten().min();
        cells.push(cell);
    }
    let mut status = pod["status"].clone();
    let started = status["startTime"].is_null();
    if started {
        status["startTime"] = value::stamp(life.since).into();
        status["hostIP"] = "10.0.0.11".into();
        status["hostIPs"] = json!([{"ip": "10.0.0.11"}]);
    }
    let phase = phase(&cells, policy, hold.is_some());
    status["phase"] = phase.into();
    if cells.iter().any(|c| c.begun) {
        let ip = address(uid);
        status["podIPs"] = json!([{"ip": ip}]);
        status["podIP"] = ip.into();
    }
    status["containerStatuses"] = report(items(&spec["containers"]), &cells, uid);
    if !inits.is_empty() {
        status["initContainerStatuses"] = report(items(&spec["initContainers"]), &inits, uid);
    }
    let ready = cells.iter().all(|c| c.ready);
    conditions(&mut status, spec, &cells, hold.is_some(), ready, phase, now);
    status["observedGeneration"] = pod["metadata"]["generation"].clone();
    value::strip_nulls(&mut status);
    let mut told = Vec::new();
    for (containers, cells, field) in [
        ("initContainers", &inits, "initContainerStatuses"),
        ("containers", &cells, "containerStatuses"),
    ] {
        for (i, (one, cell)) in items(&spec[containers]).iter().zip(cells).enumerate() {
            container::tell(pod, one, &pod["status"][field][i], cell, pace, &mut told);
        }
    }
    let over = matches!(phase, "Succeeded" | "Failed");
    Sight {
        status,
        again: if over {
            None
        } else {
            again.map(|a| life.since + a)
        },
        told,
    }
}

/// Init containers, why the others must wait for them, and when that changes.
fn initial(spec: &Value, setting: &Setting) -> (Vec<Cell>, Option<&'static str>, Option<i64>) {
    let mut cells = Vec::new();
    let mut hold = None;
    let mut again = None;
    let mut begins = setting.pace / 5;
    for one in items(&spec["initContainers"]) {
        let cell = if hold.is_some() {
            Cell::waiting("PodInitializing", "")
        } else {
            let cell = container::look_initial(one, begins, setting);
            begins += setting.pace / 10;
            if !cell.done && !cell.ready {
                hold = Some("PodInitializing");
                again = cell.again;
            }
            cell
        };
        cells.push(cell);
    }
    (cells, hold, again)
}

fn phase(cells: &[Cell], policy: &str, held: bool) -> &'static str {
    if policy != "Always" && cells.iter().all(|c| c.done) {
        return if cells.iter().all(|c| c.exit == 0) {
            "Succeeded"
        } else {
            "Failed"
        };
    }
    if held || cells.iter().any(|c| !c.begun) {
        "Pending"
    } else {
        "Running"
    }
}

fn report(containers: &[Value], cells: &[Cell], uid: &str) -> Value {
    containers
        .iter()
        .zip(cells)
        .map(|(container, cell)| {
            let (name, image) = (text(&container["name"]), text(&container["image"]));
            let mut out = json!({
                "name": name, "image": image, "imageID": "", "ready": cell.ready,
                "started": cell.state.get("running").is_some(), "restartCount": cell.restarts,
                "state": cell.state, "lastState": cell.last.clone().unwrap_or_else(|| json!({})),
            });
            if cell.begun {
                out["imageID"] = format!(
                    "{}@sha256:{:016x}{:016x}{:016x}{:016x}",
                    image.split(':').next().unwrap_or(image),
                    hash(image),
                    hash(&format!("{image}1")),
                    hash(&format!("{image}2")),
                    hash(&format!("{image}3"))
                )
                .into();
                out["containerID"] = format!(
                    "simulated://{:016x}",
                    hash(&format!("{uid}/{name}/{}", cell.restarts))
                )
                .into();
            }
            out
        })
        .collect()
}

fn conditions(
    status: &mut Value,
    spec: &Value,
    cells: &[Cell],
    held: bool,
    ready: bool,
    phase: &str,
    now: i64,
) {
    let over = phase == "Succeeded";
    let names: Vec<&str> = items(&spec["containers"])
        .iter()
        .zip(cells)
        .filter(|(_, c)| !c.ready)
        .map(|(c, _)| text(&c["name"]))
        .collect();
    let begun = cells.iter().any(|c| c.begun);
    condition(
        status,
        json!({"type": "PodReadyToStartContainers", "status": yes(begun && !over)}),
        now,
    );
    let mut initialized = json!({"type": "Initialized", "status": yes(!held)});
    if held {
        initialized["reason"] = "ContainersNotInitialized".into();
        initialized["message"] = "containers with incomplete status".into();
    }
    condition(status, initialized, now);
    for kind in ["Ready", "ContainersReady"] {
        let mut one = json!({"type": kind, "status": yes(ready)});
        if over {
            one["reason"] = "PodCompleted".into();
        } else if phase == "Failed" {
            one["reason"] = "PodFailed".into();
        } else if !ready {
            one["reason"] = "ContainersNotReady".into();
            one["message"] =
                format!("containers with unready status: [{}]", names.join(" ")).into();
        }
        condition(status, one, now);
    }
    condition(
        status,
        json!({"type": "PodScheduled", "status": "True"}),
        now,
    );
}

pub(crate) fn yes(it: bool) -> &'static str {
    if it { "True" } else { "False" }
}

/// Puts a condition into a status; its transition time moves only with its status.
pub(crate) fn condition(status: &mut Value, mut new: Value, now: i64) {
    if !status["conditions"].is_array() {
        status["conditions"] = json!([]);
    }
    let list = status["conditions"]
        .as_array_mut()
        .expect("made a list above");
    let old = list.iter_mut().find(|c| c["type"] == new["type"]);
    new["lastTransitionTime"] = match &old {
        Some(old) if old["status"] == new["status"] => old["lastTransitionTime"].clone(),
        _ => value::stamp(now).into(),
    };
    match old {
        Some(old) => {
            for field in ["reason", "message"] {
                if new[field].is_null() {
                    drop_field(&mut new, field);
                }
            }
            *old = new;
        }
        None => list.push(new),
    }
}

/// A pod that is being stopped takes no more traffic.
pub(crate) fn unready(status: &mut Value, now: i64) {
    for one in status["containerStatuses"]
        .as_array_mut()
        .into_iter()
        .flatten()
    {
        one["ready"] = false.into();
    }
    for kind in ["Ready", "ContainersReady"] {
        let word = json!({"type": kind, "status": "False", "reason": "ContainersNotReady", "message": "the pod is being stopped"});
        condition(status, word, now);
    }
}
