//! One container's life: pulled, started, crashed and held back by growing pauses, as a kubelet does it.

use super::Told;
use super::rules::Rules;
use crate::value::{self, go_duration, hash, int, text};
use serde_json::{Value, json};

/// The longest pause between two tries.
const LONGEST: i64 = 300_000_000;

/// What is common to the containers of a pod.
#[derive(Debug)]
pub(crate) struct Setting<'a> {
    pub pod: &'a Value,
    pub policy: &'a str,
    /// When this life began, and how long ago that was.
    pub since: i64,
    pub age: i64,
    pub pace: i64,
    pub warm: bool,
    pub restarts: i64,
}

/// A container at a moment. Times are ages of the life.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cell {
    pub state: Value,
    pub last: Option<Value>,
    pub restarts: i64,
    pub ready: bool,
    /// It has run at least once.
    pub begun: bool,
    /// It has ended for good.
    pub done: bool,
    pub exit: i64,
    pub again: Option<i64>,
}

impl Cell {
    pub(crate) fn waiting(reason: &str, message: &str) -> Self {
        let mut waiting = json!({"reason": reason});
        if !message.is_empty() {
            waiting["message"] = message.into();
        }
        Self {
            state: json!({"waiting": waiting}),
            ..Self::default()
        }
    }

    fn until(mut self, age: i64) -> Self {
        self.again = Some(age);
        self
    }
}

/// An app container now.
pub(crate) fn look(container: &Value, rules: &Rules, at: &Setting) -> Cell {
    let begins = if at.warm { 0 } else { at.pace / 2 };
    let image = text(&container["image"]);
    if at.age < begins {
        return Cell::waiting("ContainerCreating", "").until(begins);
    }
    if rules.pull {
        return pulling(image, begins, at);
    }
    if rules.config {
        return Cell::waiting("CreateContainerConfigError", "secret \"missing\" not found");
    }
    let job = at.policy != "Always";
    let failing = match (rules.crash, rules.oom, rules.job_fail && job) {
        (_, true, _) => Some((137, "OOMKilled")),
        (Some(code), _, _) => Some((code, "Error")),
        (_, _, true) => Some((1, "Error")),
        _ => None,
    };
    if let Some((code, reason)) = failing {
        let run = if job {
            rules.done.unwrap_or(at.pace)
        } else {
            at.pace / 2
        };
        return crashing(container, begins, run, code, reason, at);
    }
    let mut cell = running(begins, at);
    if job {
        let ends = begins + rules.done.unwrap_or(at.pace * 3 / 2);
        cell.ready = at.age < ends;
        if at.age >= ends {
            cell.state = ended(0, "Completed", begins, ends, at);
            cell.done = true;
        }
        return cell.until(ends);
    }
    let ready_at = rules.ready.unwrap_or(if at.warm { 0 } else { at.pace });
    cell.ready = !rules.never_ready && at.age >= ready_at;
    if !cell.ready && !rules.never_ready {
        cell.again = Some(ready_at);
    }
    cell
}

/// An init container that begins at this age.
pub(crate) fn look_initial(container: &Value, begins: i64, at: &Setting) -> Cell {
    if at.age < begins && !at.warm {
        return Cell::waiting("PodInitializing", "").until(begins);
    }
    let rules = Rules::of_image(text(&container["image"]));
    if rules.pull {
        return pulling(text(&container["image"]), begins, at);
    }
    if rules.oom || rules.crash.is_some() {
        let (code, reason) = if rules.oom {
            (137, "OOMKilled")
        } else {
            (rules.crash.unwrap_or(1), "Error")
        };
        return crashing(container, begins, at.pace / 10, code, reason, at);
    }
    let mut cell = running(begins, at);
    cell.restarts = 0;
    if container["restartPolicy"] == "Always" {
        cell.ready = true;
        return cell;
    }
    let ends = begins + at.pace / 10;
    if at.age >= ends || at.warm {
        cell.state = ended(0, "Completed", begins, ends, at);
        cell.done = true;
        cell.ready = true;
    }
    cell.until(ends)
}

fn running(begins: i64, at: &Setting) -> Cell {
    Cell {
        state: json!({"running": {"startedAt": value::stamp(at.since + begins)}}),
        restarts: at.restarts,
        begun: true,
        ..Cell::default()
    }
}

fn ended(code: i64, reason: &str, from: i64, to: i64, at: &Setting) -> Value {
    let id = format!(
        "simulated://{:016x}",
        hash(&format!("{}/{from}", text(&at.pod["metadata"]["uid"])))
    );
    json!({"terminated": {"exitCode": code, "reason": reason, "startedAt": value::stamp(at.since + from),
        "finishedAt": value::stamp(at.since + to), "containerID": id}})
}

/// The pause after the n-th failure.
fn pause(n: u32, pace: i64) -> i64 {
    if n == 0 {
        return pace / 5;
    }
    (pace * 4)
        .saturating_mul(1_i64.checked_shl(n - 1).unwrap_or(i64::MAX))
        .min(LONGEST)
}

/// Tries to pull again and again, with growing pauses.
fn pulling(image: &str, begins: i64, at: &Setting) -> Cell {
    let error = format!(
        "failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: not found"
    );
    let mut attempt = begins;
    for n in 1.. {
        let shown = attempt + at.pace;
        let next = shown + pause(n, at.pace);
        if at.age < shown {
            return Cell::waiting("ErrImagePull", &error).until(shown);
        }
        if at.age < next {
            let message = format!("Back-off pulling image \"{image}\": ErrImagePull: {error}");
            return Cell::waiting("ImagePullBackOff", &message).until(next);
        }
        attempt = next;
    }
    Cell::default()
}

/// Runs, fails, waits, and runs again.
fn crashing(
    container: &Value,
    begins: i64,
    run: i64,
    code: i64,
    reason: &str,
    at: &Setting,
) -> Cell {
    let run = run.max(1_000);
    let mut starts = begins;
    let mut last = None;
    for n in 0_u32.. {
        let ends = starts + run;
        let restarts = at.restarts + i64::from(n);
        if at.age < ends {
            return Cell {
                last,
                restarts,
                ..running(starts, at)
            }
            .until(ends);
        }
        let failed = ended(code, reason, starts, ends, at);
        if at.policy == "Never" {
            return Cell {
                state: failed,
                last,
                restarts,
                begun: true,
                done: true,
                exit: code,
                ..Cell::default()
            };
        }
        let next = ends + pause(n, at.pace);
        if at.age < next {
            let meta = &at.pod["metadata"];
            let message = format!(
                "back-off {} restarting failed container={} pod={}_{}({})",
                go_duration(next - ends),
                text(&container["name"]),
                text(&meta["name"]),
                text(&meta["namespace"]),
                text(&meta["uid"])
            );
            let waiting = Cell::waiting("CrashLoopBackOff", &message);
            return Cell {
                last: Some(failed),
                restarts,
                begun: true,
                exit: code,
                ..waiting
            }
            .until(next);
        }
        last = Some(failed);
        starts = next;
    }
    Cell::default()
}

/// What a kubelet tells when a container goes from one state to another.
pub(crate) fn tell(
    pod: &Value,
    container: &Value,
    old: &Value,
    cell: &Cell,
    pace: i64,
    out: &mut Vec<Told>,
) {
    let (name, image) = (text(&container["name"]), text(&container["image"]));
    let mut say = |warning, reason, message| {
        out.push(Told {
            warning,
            reason,
            message,
            container: Some(name.to_owned()),
        });
    };
    let was = text(&old["state"]["waiting"]["reason"]);
    let is = text(&cell.state["waiting"]["reason"]);
    let restarts = int(&old["restartCount"], 0);
    let ran = !old["state"]["running"].is_null()
        || !old["state"]["terminated"].is_null()
        || !old["lastState"]["terminated"].is_null();
    if old.is_null() && is == "ContainerCreating" {
        say(false, "Pulling", format!("Pulling image \"{image}\""));
    }
    let started = cell.begun && (!ran || cell.restarts > restarts);
    if started {
        let words = if cell.restarts > 0 || ran {
            format!("Container image \"{image}\" already present on machine")
        } else {
            let took = go_duration(pace * 2 / 5);
            let size = 20_000_000 + hash(image) % 90_000_000;
            format!(
                "Successfully pulled image \"{image}\" in {took} ({took} including waiting). Image size: {size} bytes."
            )
        };
        say(false, "Pulled", words);
        say(false, "Created", format!("Created container: {name}"));
        say(false, "Started", format!("Started container {name}"));
    }
    if is == was {
        return;
    }
    let meta = &pod["metadata"];
    match is {
        "ErrImagePull" => {
            say(
                true,
                "Failed",
                format!(
                    "Failed to pull image \"{image}\": {}",
                    text(&cell.state["waiting"]["message"])
                ),
            );
            say(true, "Failed", "Error: ErrImagePull".to_owned());
        }
        "ImagePullBackOff" => {
            say(
                false,
                "BackOff",
                format!("Back-off pulling image \"{image}\""),
            );
            say(true, "Failed", "Error: ImagePullBackOff".to_owned());
        }
        "CreateContainerConfigError" => say(
            true,
            "Failed",
            "Error: secret \"missing\" not found".to_owned(),
        ),
        "CrashLoopBackOff" => {
            let (pod, namespace, uid) = (
                text(&meta["name"]),
                text(&meta["namespace"]),
                text(&meta["uid"]),
            );
            say(
                true,
                "BackOff",
                format!(
                    "Back-off restarting failed container {name} in pod {pod}_{namespace}({uid})"
                ),
            );
        }
        _ => {}
    }
}
