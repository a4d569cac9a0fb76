//! Why a container doesn't run, from its status and its specification.

use model::health::Verdict;
use serde_json::Value;

use super::{degraded, lower};
use crate::json::{at, flag, list, number, text, time};

/// Who ends within this time of starting crashes right after start.
const RIGHT_AFTER: i64 = 30 * 1_000_000;

/// What is wrong with a container that should always run; none if nothing is.
pub(super) fn trouble(pod: &Value, status: &Value) -> Option<Verdict> {
    if let Some(verdict) = stuck(pod, status) {
        return Some(verdict);
    }
    let reason = text(status, "state.waiting.reason");
    let waits = reason == "CrashLoopBackOff" || is_error(reason);
    let unready = !flag(status, "ready");
    let crashed = unready && at(status, "lastState.terminated").is_some();
    let down = number(status, "state.terminated.exitCode").is_some_and(|code| code != 0);
    if waits || crashed || down {
        let code = if reason.is_empty() { "Crashed" } else { reason };
        return Some(blame(status, crash(pod, status, code)));
    }
    None
}

/// What keeps a container from starting at all: its image, its configuration.
pub(super) fn stuck(pod: &Value, status: &Value) -> Option<Verdict> {
    let reason = text(status, "state.waiting.reason");
    let message = text(status, "state.waiting.message");
    let image = image(pod, status);
    let sentence = match reason {
        "ErrImagePull"
        | "ImagePullBackOff"
        | "ErrImageNeverPull"
        | "RegistryUnavailable"
        | "InvalidImageName"
        | "ImageInspectError" => pull(reason, message, image),
        "CreateContainerConfigError"
        | "CreateContainerError"
        | "RunContainerError"
        | "PreCreateHookError"
        | "PostStartHookError" => {
            let why = if message.is_empty() {
                reason.to_owned()
            } else {
                lower(message)
            };
            format!("can't start: {why}")
        }
        _ => return None,
    };
    Some(blame(status, degraded(reason, sentence)))
}

fn is_error(reason: &str) -> bool {
    reason.starts_with("Err") || reason.ends_with("Error") || reason.ends_with("BackOff")
}

fn blame(status: &Value, mut verdict: Verdict) -> Verdict {
    verdict.container = Some(text(status, "name").to_owned()).filter(|name| !name.is_empty());
    verdict
}

/// The image as the pod asks for it; the status may hold a resolved one, or none.
fn image<'a>(pod: &'a Value, status: &'a Value) -> &'a str {
    let asked = specification(pod, text(status, "name")).map_or("", |spec| text(spec, "image"));
    if asked.is_empty() {
        text(status, "image")
    } else {
        asked
    }
}

fn specification<'a>(pod: &'a Value, name: &str) -> Option<&'a Value> {
    let first = list(pod, "spec.containers").iter();
    first
        .chain(list(pod, "spec.initContainers"))
        .find(|spec| text(spec, "name") == name)
}

fn pull(reason: &str, message: &str, image: &str) -> String {
    let message = message.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if reason == "InvalidImageName" {
        format!("not a valid image name: {image}")
    } else if says(&[
        "not found",
        "notfound",
        "manifest unknown",
        "does not exist",
        "name unknown",
    ]) {
        format!("image not found: {image}")
    } else if says(&[
        "unauthorized",
        "denied",
        "forbidden",
        "authentication",
        "authorization",
    ]) {
        format!("no permission to pull the image: {image}")
    } else if says(&[
        "no such host",
        "timeout",
        "timed out",
        "refused",
        "x509",
        "unreachable",
    ]) || reason == "RegistryUnavailable"
    {
        format!("the image's registry can't be reached: {image}")
    } else if reason == "ErrImageNeverPull" {
        format!("the image isn't on the node, and may not be pulled: {image}")
    } else {
        format!("image can't be pulled: {image}")
    }
}

fn crash(pod: &Value, status: &Value, code: &str) -> Verdict {
    let restarts = number(status, "restartCount").unwrap_or(0);
    let again = match restarts {
        0 => String::new(),
        1 => ", restarted once".to_owned(),
        times => format!(", restarted {times} times"),
    };
    let end = at(status, "lastState.terminated")
        .or_else(|| at(status, "state.terminated"))
        .unwrap_or(&Value::Null);
    if text(end, "reason") == "OOMKilled" {
        return degraded(
            "OOMKilled",
            format!("{}{again}", out_of_memory(pod, status)),
        );
    }
    let quick = match (time(end, "startedAt"), time(end, "finishedAt")) {
        (Some(start), Some(finish)) => finish - start < RIGHT_AFTER,
        _ => true,
    };
    let when = if quick { " right after start" } else { "" };
    let exit = number(end, "exitCode");
    let sentence = match exit {
        None => format!("crashes{when}{again}"),
        Some(0) => format!("ends{when} (exit code 0) although it should keep running{again}"),
        Some(exit) => format!("crashes{when} ({}){again}", exit_code(exit)),
    };
    degraded(code, sentence)
}

fn exit_code(code: i64) -> String {
    let meaning = match code {
        126 => ": the command isn't executable",
        127 => ": command not found",
        134 => ": aborted",
        137 => ": killed",
        139 => ": segmentation fault",
        143 => ": told to stop",
        _ => "",
    };
    format!("exit code {code}{meaning}")
}

fn out_of_memory(pod: &Value, status: &Value) -> String {
    let spec = specification(pod, text(status, "name"));
    match spec.map_or("", |spec| text(spec, "resources.limits.memory")) {
        "" => "out of memory: killed by its node".to_owned(),
        limit => format!("out of memory: killed at its limit of {limit}"),
    }
}

/// Why a container of a failed pod ended; none if it did well.
pub(super) fn ended(pod: &Value, status: &Value) -> Option<Verdict> {
    let end = at(status, "state.terminated").or_else(|| at(status, "lastState.terminated"))?;
    let exit = number(end, "exitCode").unwrap_or(0);
    if text(end, "reason") == "OOMKilled" {
        return Some(blame(
            status,
            degraded("OOMKilled", out_of_memory(pod, status)),
        ));
    }
    if exit == 0 {
        return None;
    }
    let reason = text(end, "reason");
    let code = if reason.is_empty() { "Error" } else { reason };
    Some(blame(
        status,
        degraded(code, format!("failed with {}", exit_code(exit))),
    ))
}

/// What a container's readiness check asks for.
pub(super) fn probe(pod: &Value, name: &str) -> String {
    let Some(probe) = specification(pod, name).and_then(|spec| spec.get("readinessProbe")) else {
        return "it has no readiness check, but reports that it isn't ready".to_owned();
    };
    let port = |path: &str| match at(probe, path) {
        Some(Value::String(port)) => port.clone(),
        Some(port) => port.to_string(),
        None => "?".to_owned(),
    };
    if let Some(get) = probe.get("httpGet") {
        let path = Some(text(get, "path"))
            .filter(|path| !path.is_empty())
            .unwrap_or("/");
        format!(
            "its readiness check GET {path} on port {} fails",
            port("httpGet.port")
        )
    } else if probe.get("tcpSocket").is_some() {
        format!(
            "its readiness check finds nothing on port {}",
            port("tcpSocket.port")
        )
    } else if probe.get("grpc").is_some() {
        format!(
            "its gRPC readiness check on port {} fails",
            port("grpc.port")
        )
    } else {
        "its readiness check fails".to_owned()
    }
}
