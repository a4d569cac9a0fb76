//! Classes in words: what one gives to those who use it, and what a change of one comes to. Pure.

use serde_json::Value;

use crate::{diff::FieldChange, kind::Kind, schedule};

/// What a class gives, one short sentence each; none when it says nothing.
pub fn gives(kind: Kind, spec: &Value) -> Vec<String> {
    let mut says = Vec::new();
    match kind {
        Kind::ScheduledTaskClass => task(&spec["cronJobTemplate"], &mut says),
        Kind::APIClass | Kind::EndpointClass => policies(&spec["restPolicy"], &mut says),
        _ => workload(spec, &mut says),
    }
    says
}

fn workload(spec: &Value, says: &mut Vec<String>) {
    let deployment = &spec["deploymentTemplate"];
    match deployment["replicas"].as_i64() {
        Some(1) => says.push("One replica".into()),
        Some(count) => says.push(format!("{count} replicas")),
        None => {}
    }
    pod(&deployment["template"]["spec"], says);
    match spec["serviceTemplate"]["type"].as_str() {
        Some("ClusterIP") => says.push("Reached inside the cluster, by a ClusterIP service".into()),
        Some(other) => says.push(format!("Reached by a {other} service")),
        None => {}
    }
}

fn task(job: &Value, says: &mut Vec<String>) {
    if let Some(cron) = job["schedule"].as_str() {
        let words = schedule::words(cron).unwrap_or_else(|_| cron.to_owned());
        let zone = job["timeZone"]
            .as_str()
            .map_or(String::new(), |zone| format!(" ({zone})"));
        says.push(format!("Runs {}{zone}", lower(&words)));
    }
    match job["concurrencyPolicy"].as_str() {
        Some("Forbid") => {
            says.push("A run that would begin while one is on the way is left out".into());
        }
        Some("Replace") => says.push("A run takes the place of one that is on the way".into()),
        Some("Allow") => says.push("Runs may overlap".into()),
        _ => {}
    }
    if let Some(more) = job["jobTemplate"]["spec"]["backoffLimit"].as_i64() {
        let times = if more == 1 { "time" } else { "times" };
        says.push(format!("A failed run is tried {more} {times} more"));
    }
    pod(&job["jobTemplate"]["spec"]["template"]["spec"], says);
}

fn pod(pod: &Value, says: &mut Vec<String>) {
    for container in pod["containers"].as_array().into_iter().flatten() {
        let name = container["name"].as_str().unwrap_or("a container");
        if name != "main"
            && let Some(image) = container["image"].as_str()
        {
            says.push(format!("The container {name} beside it, from {image}"));
        }
        let amounts = |list: &str| {
            let amount = |what: &str| {
                let value = &container["resources"][list][what];
                let unit = if what == "cpu" { "CPU" } else { what };
                (!value.is_null()).then(|| format!("{} {unit}", plain(value)))
            };
            let both: Vec<String> = ["cpu", "memory"].into_iter().filter_map(amount).collect();
            both.join(" and ")
        };
        let (requests, limits) = (amounts("requests"), amounts("limits"));
        if !requests.is_empty() {
            says.push(format!("{requests} reserved for {name}"));
        }
        if !limits.is_empty() {
            says.push(format!("At most {limits} for {name}"));
        }
        for (probe, words) in [
            ("readinessProbe", "takes traffic once"),
            ("livenessProbe", "is started anew unless"),
            ("startupProbe", "has begun when"),
        ] {
            if let Some(check) = check(&container[probe]) {
                says.push(format!("{} {words} {check}", upper(name)));
            }
        }
    }
    if pod["securityContext"]["runAsNonRoot"] == true {
        says.push("Never runs as root".into());
    }
    if let Some(seconds) = pod["terminationGracePeriodSeconds"].as_i64() {
        says.push(format!("{seconds} s to end in peace"));
    }
}

/// What a probe looks at.
fn check(probe: &Value) -> Option<String> {
    let http = &probe["httpGet"];
    if !http.is_null() {
        let path = http["path"].as_str().unwrap_or("/");
        return Some(format!("{path} answers on port {}", plain(&http["port"])));
    }
    if !probe["tcpSocket"].is_null() {
        let port = plain(&probe["tcpSocket"]["port"]);
        return Some(format!("port {port} opens"));
    }
    if !probe["exec"].is_null() {
        return Some("a command in it succeeds".into());
    }
    (!probe["grpc"].is_null()).then(|| "its gRPC health check succeeds".into())
}

fn policies(rest: &Value, says: &mut Vec<String>) {
    for (level, whom) in [
        ("defaults", ""),
        ("public", " for the internet"),
        ("organization", " for the organization"),
    ] {
        let policy = &rest[level];
        let limit = &policy["rateLimit"];
        if !limit.is_null() {
            let (requests, window) = (plain(&limit["requests"]), plain(&limit["window"]));
            says.push(format!("At most {requests} calls in {window}{whom}"));
        }
        match policy["authentication"]["type"].as_str() {
            Some("jwt") => says.push(format!("Callers show a signed token{whom}")),
            Some("apikey") => says.push(format!("Callers show a key{whom}")),
            Some("oauth2") => says.push(format!("Callers sign in by OAuth 2{whom}")),
            Some(other) => says.push(format!("Callers sign in by {other}{whom}")),
            None => {}
        }
        if let Some(origins) = policy["cors"]["allowOrigins"].as_array() {
            let origins: Vec<String> = origins.iter().map(plain).collect();
            says.push(format!(
                "Web pages of {} may call{whom}",
                origins.join(", ")
            ));
        }
        if policy["security"]["requireTLS"] == true {
            says.push(format!("Only over TLS{whom}"));
        }
        if policy["circuitBreaker"]["enabled"] == true {
            says.push(format!("An ill backend is left alone for a while{whom}"));
        }
        if !policy["mediation"].is_null() {
            says.push(format!("Messages are changed on the way{whom}"));
        }
    }
}

/// What changes, one short sentence a field.
pub fn changes(fields: &[FieldChange]) -> Vec<String> {
    fields.iter().map(change).collect()
}

fn change(change: &FieldChange) -> String {
    let what = what(&change.path);
    let leaf = |value: &Value| !value.is_object() && !value.is_array();
    match (&change.before, &change.after) {
        (Some(before), Some(after)) if leaf(before) && leaf(after) => {
            format!("{what}: {} → {}", plain(before), plain(after))
        }
        (None, Some(after)) if leaf(after) => format!("{what}: {}, new", plain(after)),
        (Some(before), None) if leaf(before) => format!("{what}: {}, taken away", plain(before)),
        (None, _) => format!("{what}: new"),
        (_, None) => format!("{what}: taken away"),
        _ => format!("{what}: changed"),
    }
}

/// A path in a template or an object, in words: `…containers[main].resources.limits.memory` is
/// "memory limit of main".
fn what(path: &str) -> String {
    let steps = steps(path);
    let own: Vec<&str> = steps
        .iter()
        .map(String::as_str)
        .filter(|step| !step.starts_with('['))
        .collect();
    let container =
        named_after(&steps, "containers").or_else(|| named_after(&steps, "initContainers"));
    let probe = own.iter().position(|step| step.ends_with("Probe"));
    let said = match own.as_slice() {
        [.., "resources", "limits", what] => format!("{} limit", amount(what)),
        [.., "resources", "requests", what] => format!("{} request", amount(what)),
        [.., "env", _] | [.., "env"] => match named_after(&steps, "env") {
            Some(name) => format!("variable {name}"),
            None => "variables".into(),
        },
        [.., last] if probe.is_some_and(|at| at + 1 < own.len()) => {
            let probe = probe.map_or("", |at| own[at]);
            format!("{} of the {}", words(last), words(probe))
        }
        [
            ..,
            above @ ("metadata" | "labels" | "annotations" | "securityContext"),
            last,
        ] => {
            format!("{} in {}", words(last), words(above))
        }
        // Of the whole template, the last word says enough.
        [.., last] => words(last),
        [] => "all of it".into(),
    };
    match container {
        None => said,
        Some(name) if own.last().is_some_and(|last| last.ends_with("ontainers")) => {
            format!("container {name}")
        }
        Some(name) => format!("{said} of {name}"),
    }
}

/// The name in brackets that follows a list's key.
fn named_after<'a>(steps: &'a [String], list: &str) -> Option<&'a str> {
    let mut pairs = steps.iter().zip(steps.iter().skip(1));
    pairs.find_map(|(key, name)| {
        let bare = name.strip_prefix('[')?.strip_suffix(']')?;
        (key == list).then_some(bare)
    })
}

/// `a.b[c].d` as `a`, `b`, `[c]`, `d`.
fn steps(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    let mut own = String::new();
    let mut within = false;
    for letter in path.chars() {
        match letter {
            '[' if !within => {
                if !own.is_empty() {
                    steps.push(std::mem::take(&mut own));
                }
                within = true;
                own.push('[');
            }
            ']' if within => {
                own.push(']');
                // A key in quotes is a key like any other.
                let quoted = own
                    .strip_prefix("[\"")
                    .and_then(|it| it.strip_suffix("\"]"));
                steps.push(quoted.map_or_else(|| own.clone(), str::to_owned));
                own.clear();
                within = false;
            }
            '.' if !within => {
                if !own.is_empty() {
                    steps.push(std::mem::take(&mut own));
                }
            }
            letter => own.push(letter),
        }
    }
    if !own.is_empty() {
        steps.push(own);
    }
    steps
}

fn amount(what: &str) -> &str {
    if what == "cpu" { "CPU" } else { what }
}

/// `terminationGracePeriodSeconds` is "termination grace period seconds".
fn words(key: &str) -> String {
    if key.contains(['.', '/', '-', '_']) {
        return key.to_owned();
    }
    let mut out = String::new();
    let mut before_lower = false;
    for letter in key.chars() {
        if letter.is_uppercase() && before_lower {
            out.push(' ');
            out.extend(letter.to_lowercase());
        } else {
            out.push(letter);
        }
        before_lower = letter.is_lowercase();
    }
    out
}

/// A value as people read it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "(empty)".into(),
        Value::String(text) if text.chars().count() > 60 => {
            let head: String = text.chars().take(59).collect();
            format!("{head}…")
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_told_by_what_they_are() {
        let before = json!({"spec": {"replicas": 1, "template": {"spec": {"containers": [
            {"name": "main", "resources": {"limits": {"memory": "256Mi"}},
             "readinessProbe": {"periodSeconds": 10, "tcpSocket": {"port": 80}},
             "env": [{"name": "A", "value": "1"}]}]}}}});
        let after = json!({"spec": {"replicas": 2, "template": {
            "metadata": {"annotations": {"acme.io/team": "a"}},
            "spec": {"terminationGracePeriodSeconds": 45, "containers": [
            {"name": "main", "resources": {"limits": {"memory": "128Mi"}},
             "readinessProbe": {"periodSeconds": 5, "tcpSocket": {"port": 80}},
             "livenessProbe": {"tcpSocket": {"port": 80}}},
            {"name": "proxy", "image": "envoy:1"}]}}}});
        let said = changes(&crate::diff::fields(&before, &after));
        assert_eq!(
            said,
            [
                "replicas: 1 → 2",
                "metadata: new",
                "variables of main: taken away",
                "liveness probe of main: new",
                "period seconds of the readiness probe of main: 10 → 5",
                "memory limit of main: 256Mi → 128Mi",
                "container proxy: new",
                "termination grace period seconds: 45, new",
            ]
        );
    }

    #[test]
    fn a_class_says_what_it_gives() {
        let spec = json!({"deploymentTemplate": {"replicas": 2, "template": {"spec": {"containers": [
            {"name": "main", "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": 1}},
             "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}}}]}}},
            "serviceTemplate": {"type": "ClusterIP"}});
        assert_eq!(
            gives(Kind::ServiceClass, &spec),
            [
                "2 replicas",
                "100m CPU and 64Mi memory reserved for main",
                "At most 1 CPU for main",
                "Main takes traffic once /ready answers on port 8080",
                "Reached inside the cluster, by a ClusterIP service",
            ]
        );
        let task =
            json!({"cronJobTemplate": {"schedule": "0 * * * *", "concurrencyPolicy": "Forbid"}});
        let said = gives(Kind::ScheduledTaskClass, &task);
        assert!(said[0].starts_with("Runs "), "{said:?}");
        assert_eq!(gives(Kind::APIClass, &json!({})), [] as [String; 0]);
    }
}
