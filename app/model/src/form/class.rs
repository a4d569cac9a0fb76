//! A class: what it is called, and the fields of its template that platform engineers set most.
//!
//! The rest of the template stays as it is, and is changed in the YAML.

use serde_json::{Map, Value, json};

use super::{Fields, get, put};
use crate::kind::{API_VERSION, Kind};

const DISPLAY_NAME: &[&str] = &["metadata", "annotations", "openchoreo.dev/display-name"];
const DESCRIPTION: &[&str] = &["metadata", "annotations", "openchoreo.dev/description"];
/// The container that the workload's `main` is merged into.
const MAIN: &str = "main";
/// The probes that the form shows: what their fields begin with, and where they stand.
const PROBES: [(&str, &str); 2] = [("ready", "readinessProbe"), ("live", "livenessProbe")];
/// How a probe may look, as the form names it and as Kubernetes does.
const CHECKS: [(&str, &str); 4] = [
    ("http", "httpGet"),
    ("tcp", "tcpSocket"),
    ("command", "exec"),
    ("grpc", "grpc"),
];

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Number,
    Lines,
    Tick,
}
use Holds::{Lines, Number, Text, Tick};

/// A field of the form, where it stands in the spec, and what it holds.
type Entry = (&'static str, &'static [&'static str], Holds);

const WORKLOAD: &[Entry] = &[
    ("replicas", &["deploymentTemplate", "replicas"], Number),
    ("service_type", &["serviceTemplate", "type"], Text),
];
const TASK: &[Entry] = &[
    ("schedule", &["cronJobTemplate", "schedule"], Text),
    ("time_zone", &["cronJobTemplate", "timeZone"], Text),
    (
        "concurrency",
        &["cronJobTemplate", "concurrencyPolicy"],
        Text,
    ),
    (
        "kept_good",
        &["cronJobTemplate", "successfulJobsHistoryLimit"],
        Number,
    ),
    (
        "kept_failed",
        &["cronJobTemplate", "failedJobsHistoryLimit"],
        Number,
    ),
    (
        "tries",
        &["cronJobTemplate", "jobTemplate", "spec", "backoffLimit"],
        Number,
    ),
    (
        "deadline",
        &[
            "cronJobTemplate",
            "jobTemplate",
            "spec",
            "activeDeadlineSeconds",
        ],
        Number,
    ),
];
const POLICIES: &[Entry] = &[
    (
        "rate_requests",
        &["restPolicy", "defaults", "rateLimit", "requests"],
        Number,
    ),
    (
        "rate_window",
        &["restPolicy", "defaults", "rateLimit", "window"],
        Text,
    ),
    (
        "authentication",
        &["restPolicy", "defaults", "authentication", "type"],
        Text,
    ),
    (
        "jwks",
        &["restPolicy", "defaults", "authentication", "jwt", "jwks"],
        Text,
    ),
    (
        "issuer",
        &["restPolicy", "defaults", "authentication", "jwt", "issuer"],
        Text,
    ),
    (
        "origins",
        &["restPolicy", "defaults", "cors", "allowOrigins"],
        Lines,
    ),
    (
        "tls",
        &["restPolicy", "defaults", "security", "requireTLS"],
        Tick,
    ),
];
/// Below the pod's spec.
const POD: &[Entry] = &[("grace", &["terminationGracePeriodSeconds"], Number)];
/// Below the container.
const CONTAINER: &[Entry] = &[
    ("request_cpu", &["resources", "requests", "cpu"], Text),
    ("request_memory", &["resources", "requests", "memory"], Text),
    ("limit_cpu", &["resources", "limits", "cpu"], Text),
    ("limit_memory", &["resources", "limits", "memory"], Text),
];
/// Below a probe; their names follow the probe's.
const PROBE: &[Entry] = &[
    ("delay", &["initialDelaySeconds"], Number),
    ("period", &["periodSeconds"], Number),
    ("failures", &["failureThreshold"], Number),
];

/// The fields of a kind that stand in its spec at fixed places.
fn entries(kind: Kind) -> &'static [Entry] {
    match kind {
        Kind::ScheduledTaskClass => TASK,
        Kind::APIClass | Kind::EndpointClass => POLICIES,
        _ => WORKLOAD,
    }
}

/// Where a kind's pod stands in its spec, if it has one.
fn pod_of(kind: Kind) -> Option<&'static [&'static str]> {
    match kind {
        Kind::ServiceClass | Kind::WebApplicationClass => {
            Some(&["deploymentTemplate", "template", "spec"])
        }
        Kind::ScheduledTaskClass => {
            Some(&["cronJobTemplate", "jobTemplate", "spec", "template", "spec"])
        }
        _ => None,
    }
}

/// A class that nobody has typed into yet: what is a good start for its kind.
pub fn start(kind: Kind) -> Value {
    let main = json!([{"name": MAIN, "resources": {
        "requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}}}]);
    let spec = match kind {
        Kind::ScheduledTaskClass => json!({"cronJobTemplate": {
            "schedule": "0 * * * *", "concurrencyPolicy": "Forbid",
            "successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 1,
            "jobTemplate": {"spec": {"backoffLimit": 2,
                "template": {"spec": {"containers": main}}}}}}),
        Kind::APIClass | Kind::EndpointClass => json!({}),
        _ => json!({
            "deploymentTemplate": {"replicas": 1, "template": {"spec": {"containers": main}}},
            "serviceTemplate": {"type": "ClusterIP"}}),
    };
    json!({
        "apiVersion": API_VERSION, "kind": kind.as_str(), "metadata": {"name": ""}, "spec": spec,
    })
}

/// What is typed into a class's form, as a manifest; `before` is what is there.
pub fn manifest(kind: Kind, fields: &Fields, before: Option<&Value>) -> Value {
    let mut manifest = before.cloned().unwrap_or_else(|| {
        let mut fresh = start(kind);
        fresh["spec"] = json!({});
        fresh["metadata"]["name"] = fields.text("name").into();
        fresh
    });
    put(
        &mut manifest,
        DISPLAY_NAME,
        fields.text("display_name").into(),
    );
    put(
        &mut manifest,
        DESCRIPTION,
        fields.text("description").into(),
    );
    let mut spec = manifest["spec"].take();
    if !spec.is_object() {
        spec = json!({});
    }
    write(&mut spec, entries(kind), "", fields);
    if let Some(way) = pod_of(kind) {
        let mut pod = at(&spec, way).cloned().unwrap_or_else(|| json!({}));
        write(&mut pod, POD, "", fields);
        container(&mut pod, kind, fields);
        put(&mut spec, way, pod);
    }
    manifest["spec"] = spec;
    manifest
}

/// Writes entries into a value; those that the form doesn't have stay.
fn write(value: &mut Value, entries: &[Entry], prefix: &str, fields: &Fields) {
    for (name, path, holds) in entries {
        let name = format!("{prefix}{name}");
        // A box that isn't ticked sends nothing; its form does.
        if *holds != Tick && !fields.has(&name) {
            continue;
        }
        let typed = match holds {
            Text => kept_number(at(value, path), fields.text(&name)),
            Number => number(fields.text(&name)),
            Lines => {
                let lines = fields.text(&name).lines().map(str::trim);
                lines
                    .filter(|line| !line.is_empty())
                    .map(Value::from)
                    .collect()
            }
            Tick => match (fields.has(&name), at(value, path)) {
                (true, _) => Value::Bool(true),
                // Who wrote `false` may keep it.
                (false, Some(Value::Bool(false))) => Value::Bool(false),
                (false, _) => Value::Null,
            },
        };
        put(value, path, typed);
    }
}

/// A whole number as such; what isn't one stays text, so that the check tells of it.
fn number(text: &str) -> Value {
    match text.parse::<i64>() {
        Ok(number) => number.into(),
        Err(_) => text.into(),
    }
}

/// Text, unless a number stands there that reads the same: `cpu: 1` stays what it is.
fn kept_number(before: Option<&Value>, text: &str) -> Value {
    match before {
        Some(Value::Number(known)) if known.to_string() == text => Value::Number(known.clone()),
        _ => text.into(),
    }
}

/// Writes what the form has of the container `main`, which is made when there is something to say.
fn container(pod: &mut Value, kind: Kind, fields: &Fields) {
    let mut list = pod["containers"].as_array().cloned().unwrap_or_default();
    let place = list.iter().position(|it| it["name"] == MAIN);
    let mut own = match place {
        Some(place) => list[place].clone(),
        None => json!({"name": MAIN}),
    };
    write(&mut own, CONTAINER, "", fields);
    if kind != Kind::ScheduledTaskClass {
        for (prefix, key) in PROBES {
            probe(&mut own, prefix, key, fields);
        }
    }
    match place {
        Some(place) => list[place] = own,
        None if own.as_object().is_some_and(|own| own.len() > 1) => list.push(own),
        None => return,
    }
    pod["containers"] = list.into();
}

fn probe(container: &mut Value, prefix: &str, key: &str, fields: &Fields) {
    let named = |name: &str| format!("{prefix}_{name}");
    if !fields.has(&named("check")) {
        return;
    }
    let chosen = fields.text(&named("check"));
    if chosen.is_empty() {
        put(container, &[key], Value::Null);
        return;
    }
    let mut probe = container[key].clone();
    if !probe.is_object() {
        probe = Value::Object(Map::new());
    }
    for (name, handler) in CHECKS {
        if name != chosen {
            put(&mut probe, &[handler], Value::Null);
        }
    }
    let port = number(fields.text(&named("port")));
    match chosen {
        "http" => {
            put(
                &mut probe,
                &["httpGet", "path"],
                fields.text(&named("path")).into(),
            );
            put(&mut probe, &["httpGet", "port"], port);
        }
        "tcp" => put(&mut probe, &["tcpSocket", "port"], port),
        // Commands and gRPC checks are written in YAML, and stay.
        _ => {}
    }
    write(&mut probe, PROBE, &format!("{prefix}_"), fields);
    put(container, &[key], probe);
}

/// What a class's form shows of its manifest.
pub fn fields(kind: Kind, manifest: &Value) -> Fields {
    let mut shown: Vec<(String, String)> = vec![
        ("name".into(), get(manifest, &["metadata", "name"]).into()),
        ("display_name".into(), get(manifest, DISPLAY_NAME).into()),
        ("description".into(), get(manifest, DESCRIPTION).into()),
    ];
    let spec = &manifest["spec"];
    read(spec, entries(kind), "", &mut shown);
    if let Some(way) = pod_of(kind) {
        let none = json!({});
        let pod = at(spec, way).unwrap_or(&none);
        read(pod, POD, "", &mut shown);
        let main = pod["containers"].as_array().into_iter().flatten();
        let main = main
            .into_iter()
            .find(|it| it["name"] == MAIN)
            .unwrap_or(&none);
        read(main, CONTAINER, "", &mut shown);
        if kind != Kind::ScheduledTaskClass {
            for (prefix, key) in PROBES {
                read_probe(&main[key], prefix, &mut shown);
            }
        }
    }
    shown.into_iter().collect()
}

fn read(value: &Value, entries: &[Entry], prefix: &str, shown: &mut Vec<(String, String)>) {
    for (name, path, holds) in entries {
        let found = at(value, path);
        let text = match (holds, found) {
            (Tick, Some(Value::Bool(true))) => "on".into(),
            (Tick, _) => continue,
            (_, Some(Value::String(text))) => text.clone(),
            (_, Some(Value::Array(lines))) => {
                let lines: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
                lines.join("\n")
            }
            (_, Some(other)) => other.to_string(),
            (_, None) => String::new(),
        };
        shown.push((format!("{prefix}{name}"), text));
    }
}

fn read_probe(probe: &Value, prefix: &str, shown: &mut Vec<(String, String)>) {
    let found = CHECKS
        .iter()
        .find(|(_, handler)| !probe[*handler].is_null());
    let (check, handler) = found.copied().unwrap_or(("", ""));
    let port = match &probe[handler]["port"] {
        Value::String(name) => name.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let path = probe[handler]["path"].as_str().unwrap_or_default();
    for (name, value) in [("check", check), ("path", path), ("port", &port)] {
        shown.push((format!("{prefix}_{name}"), value.to_owned()));
    }
    read(probe, PROBE, &format!("{prefix}_"), shown);
}

/// What stands at a path of keys.
fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, step| value.get(step))
}

/// The field of the form that a path of the manifest is typed into.
pub fn field(kind: &str, path: &str) -> Option<String> {
    if path == "metadata.name" {
        return Some("name".into());
    }
    let kind = Kind::named(kind)?;
    let below = path.strip_prefix("spec.")?;
    let fixed = entries(kind)
        .iter()
        .find(|(_, way, _)| below == way.join("."));
    if let Some((name, _, _)) = fixed {
        return Some((*name).to_owned());
    }
    let pod = below
        .strip_prefix(&pod_of(kind)?.join("."))?
        .strip_prefix('.')?;
    if let Some((name, _, _)) = POD.iter().find(|(_, way, _)| pod == way.join(".")) {
        return Some((*name).to_owned());
    }
    let (_, own) = pod.strip_prefix("containers[")?.split_once("].")?;
    if let Some((name, _, _)) = CONTAINER.iter().find(|(_, way, _)| own == way.join(".")) {
        return Some((*name).to_owned());
    }
    let (prefix, rest) = PROBES
        .iter()
        .find_map(|(prefix, key)| Some((prefix, own.strip_prefix(key)?.strip_prefix('.')?)))?;
    let name = match rest {
        "httpGet.path" => "path",
        "httpGet.port" | "tcpSocket.port" => "port",
        rest => PROBE.iter().find(|(_, way, _)| rest == way.join("."))?.0,
    };
    Some(format!("{prefix}_{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class() -> Value {
        json!({
            "apiVersion": API_VERSION, "kind": "ServiceClass",
            "metadata": {"name": "web", "labels": {"team": "platform"},
                         "annotations": {"openchoreo.dev/description": "For the web", "x": "y"}},
            "spec": {"deploymentTemplate": {"replicas": 2, "template": {"spec": {
                "terminationGracePeriodSeconds": 45, "priorityClassName": "high", "containers": [
                {"name": "proxy", "image": "envoy:1"},
                {"name": "main", "securityContext": {"runAsNonRoot": true},
                 "resources": {"limits": {"cpu": 1, "memory": "64Mi"}},
                 "readinessProbe": {"httpGet": {"path": "/ok", "port": "web", "scheme": "HTTPS"},
                                    "periodSeconds": 5, "successThreshold": 2},
                 "livenessProbe": {"exec": {"command": ["true"]}}}]}}},
                "serviceTemplate": {"type": "ClusterIP", "sessionAffinity": "ClientIP"}},
        })
    }

    fn task() -> Value {
        json!({
            "apiVersion": API_VERSION, "kind": "ScheduledTaskClass", "metadata": {"name": "night"},
            "spec": {"cronJobTemplate": {"schedule": "0 2 * * *", "suspend": true,
                "jobTemplate": {"spec": {"backoffLimit": 2, "template": {"spec": {}}}}}},
        })
    }

    fn policy() -> Value {
        json!({
            "apiVersion": API_VERSION, "kind": "APIClass", "metadata": {"name": "open"},
            "spec": {"restPolicy": {"public": {"rateLimit": {"requests": 1, "window": "1m"}},
                "defaults": {"cors": {"allowOrigins": ["https://a.io", "https://b.io"], "maxAge": 5},
                             "security": {"requireTLS": false}}}},
        })
    }

    #[test]
    fn what_is_shown_and_sent_back_changes_nothing() {
        for (kind, class) in [
            (Kind::ServiceClass, class()),
            (Kind::WebApplicationClass, start(Kind::WebApplicationClass)),
            (Kind::ScheduledTaskClass, task()),
            (Kind::ScheduledTaskClass, start(Kind::ScheduledTaskClass)),
            (Kind::APIClass, policy()),
            (Kind::EndpointClass, start(Kind::EndpointClass)),
        ] {
            // What the form can't say is empty is left as it is: an empty mapping isn't kept.
            let mut expected = class.clone();
            if kind == Kind::ScheduledTaskClass && class["metadata"]["name"] == "night" {
                expected["spec"]["cronJobTemplate"]["jobTemplate"]["spec"] =
                    json!({"backoffLimit": 2});
            }
            assert_eq!(
                manifest(kind, &fields(kind, &class), Some(&class)),
                expected
            );
        }
    }

    #[test]
    fn what_is_typed_is_written_and_the_rest_stays() {
        let before = class();
        let mut typed = fields(Kind::ServiceClass, &before);
        typed.set("replicas", "three");
        typed.set("limit_cpu", "500m");
        typed.set("limit_memory", "");
        typed.set("ready_check", "tcp");
        typed.set("ready_port", "8080");
        typed.set("live_check", "");
        let after = manifest(Kind::ServiceClass, &typed, Some(&before));
        let deployment = &after["spec"]["deploymentTemplate"];
        assert_eq!(deployment["replicas"], "three", "the check tells of it");
        let pod = &deployment["template"]["spec"];
        assert_eq!(pod["priorityClassName"], "high");
        assert_eq!(
            pod["containers"],
            json!([{"name": "proxy", "image": "envoy:1"},
                {"name": "main", "securityContext": {"runAsNonRoot": true},
                 "resources": {"limits": {"cpu": "500m"}},
                 "readinessProbe": {"tcpSocket": {"port": 8080}, "periodSeconds": 5,
                                    "successThreshold": 2}}])
        );
        assert_eq!(
            after["spec"]["serviceTemplate"]["sessionAffinity"],
            "ClientIP"
        );
        assert_eq!(after["metadata"]["labels"], json!({"team": "platform"}));
    }

    #[test]
    fn a_form_makes_a_whole_new_class() {
        let typed: Fields = [
            ("name", "nightly"),
            ("schedule", "0 2 * * *"),
            ("limit_memory", "1Gi"),
        ]
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
        let made = manifest(Kind::ScheduledTaskClass, &typed, None);
        assert_eq!(
            made,
            json!({"apiVersion": API_VERSION, "kind": "ScheduledTaskClass",
                "metadata": {"name": "nightly"},
                "spec": {"cronJobTemplate": {"schedule": "0 2 * * *", "jobTemplate": {"spec": {
                    "template": {"spec": {"containers": [
                        {"name": "main", "resources": {"limits": {"memory": "1Gi"}}}]}}}}}}})
        );
    }

    #[test]
    fn faults_find_their_fields() {
        let at = "spec.deploymentTemplate.template.spec.containers[1]";
        for (path, name) in [
            ("metadata.name".to_owned(), "name"),
            ("spec.deploymentTemplate.replicas".into(), "replicas"),
            (format!("{at}.resources.limits.memory"), "limit_memory"),
            (format!("{at}.readinessProbe.httpGet.port"), "ready_port"),
            (format!("{at}.livenessProbe.periodSeconds"), "live_period"),
        ] {
            assert_eq!(
                field("ServiceClass", &path).as_deref(),
                Some(name),
                "{path}"
            );
        }
        assert_eq!(field("ServiceClass", &format!("{at}.image")), None);
        assert_eq!(
            field("ScheduledTaskClass", "spec.cronJobTemplate.schedule").as_deref(),
            Some("schedule")
        );
    }
}
