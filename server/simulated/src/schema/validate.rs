//! Rules that a real server enforces on the kinds of a delivery platform, all broken ones at once.

use crate::failure::Cause;
use crate::kinds::Kind;
use crate::schema::workload;
use crate::value::{items, text};
use serde_json::{Value, json};

/// Everything that is wrong with an object. `old` is null on create.
pub(crate) fn check(kind: &Kind, object: &Value, old: &Value) -> Vec<Cause> {
    let mut out = Vec::new();
    metadata(kind, &object["metadata"], &mut out);
    let spec = &object["spec"];
    match kind.kind {
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" => {
            workload::set(kind, spec, &old["spec"], &mut out)
        }
        "Pod" => {
            workload::pod(spec, "spec", "Always", &mut out);
            workload::pod_change(spec, &old["spec"], &mut out);
        }
        "Job" => workload::job(spec, &old["spec"], &mut out),
        "CronJob" => workload::cron_job(spec, &mut out),
        "Service" => service(spec, &old["spec"], &mut out),
        "Secret" => {
            if !old.is_null() && old["type"] != object["type"] {
                out.push(Cause::invalid(
                    "type",
                    &object["type"],
                    "field is immutable",
                ));
            }
            frozen(object, old, &mut out);
            data_keys(&object["data"], &mut out);
        }
        "ConfigMap" => {
            frozen(object, old, &mut out);
            data_keys(&object["data"], &mut out);
        }
        "HorizontalPodAutoscaler" => autoscaler(spec, &mut out),
        "PodDisruptionBudget"
            if !spec["minAvailable"].is_null() && !spec["maxUnavailable"].is_null() =>
        {
            let why = "minAvailable and maxUnavailable cannot be both set";
            out.push(Cause::invalid("spec", &json!({}), why));
        }
        "PersistentVolumeClaim" => claim(spec, &old["spec"], &mut out),
        "HTTPRoute" | "GRPCRoute" => route(kind, spec, &mut out),
        "NetworkPolicy" => {
            for (i, kind) in items(&spec["policyTypes"]).iter().enumerate() {
                if !matches!(text(kind), "Ingress" | "Egress") {
                    out.push(Cause::unsupported(
                        format!("spec.policyTypes[{i}]"),
                        kind,
                        &["Egress", "Ingress"],
                    ));
                }
            }
        }
        _ => {}
    }
    out
}

const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start \
                     and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
                     '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and \
                         must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation \
                         is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_1035: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an \
                          alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', \
                          regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

/// Lower case letters, digits and inner dashes.
pub(crate) fn is_label(name: &str) -> bool {
    let inner = name
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    inner && !name.is_empty() && !name.starts_with('-') && !name.ends_with('-')
}

fn metadata(kind: &Kind, meta: &Value, out: &mut Vec<Cause>) {
    let name = text(&meta["name"]);
    let mut bad = |why: &str| out.push(Cause::invalid("metadata.name", &json!(name), why));
    let limit = match kind.kind {
        "Namespace" | "Service" | "Job" => 63,
        "CronJob" => 52,
        _ => 253,
    };
    let fits = match kind.kind {
        "Service" if !is_label(name) || name.starts_with(|c: char| c.is_ascii_digit()) => {
            Err(LABEL_1035)
        }
        "Namespace" if !is_label(name) => Err(LABEL),
        "Role" | "RoleBinding" | "ClusterRole" | "ClusterRoleBinding" => Ok(()),
        _ if !name.split('.').all(is_label) => Err(SUBDOMAIN),
        _ => Ok(()),
    };
    if let Err(why) = fits {
        bad(why);
    }
    if name.len() > limit {
        bad(&format!("must be no more than {limit} characters"));
    }
    labels(&meta["labels"], "metadata.labels", out);
    for (key, _) in meta["annotations"].as_object().into_iter().flatten() {
        if !is_qualified(key) {
            out.push(Cause::invalid(
                "metadata.annotations",
                &json!(key),
                QUALIFIED,
            ));
        }
    }
    let size: usize = meta["annotations"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(k, v)| k.len() + text(v).len())
        .sum();
    if size > 256 * 1024 {
        out.push(Cause {
            reason: "FieldValueTooLong",
            field: "metadata.annotations".into(),
            message: "Too long: may not be more than 262144 bytes".into(),
        });
    }
}

const QUALIFIED: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
                         alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
                         '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

fn is_word(word: &str) -> bool {
    let inner = word
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    let edge = |c: char| c.is_ascii_alphanumeric();
    inner && word.len() <= 63 && word.starts_with(edge) && word.ends_with(edge)
}

fn is_qualified(key: &str) -> bool {
    match key.split_once('/') {
        Some((prefix, name)) => {
            prefix.len() <= 253
                && prefix.to_ascii_lowercase().split('.').all(is_label)
                && is_word(name)
        }
        None => is_word(key),
    }
}

/// Label keys and values.
pub(crate) fn labels(labels: &Value, field: &str, out: &mut Vec<Cause>) {
    for (key, value) in labels.as_object().into_iter().flatten() {
        if !is_qualified(key) {
            out.push(Cause::invalid(field, &json!(key), QUALIFIED));
        }
        let value = text(value);
        if !value.is_empty() && !is_word(value) {
            let why = if value.len() > 63 {
                "must be no more than 63 characters"
            } else {
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
            };
            out.push(Cause::invalid(field, &json!(value), why));
        }
    }
}

fn frozen(object: &Value, old: &Value, out: &mut Vec<Cause>) {
    if old["immutable"] == true && old["data"] != object["data"] {
        out.push(Cause::forbidden(
            "data",
            "field is immutable when `immutable` is set",
        ));
    }
}

fn data_keys(data: &Value, out: &mut Vec<Cause>) {
    for (key, _) in data.as_object().into_iter().flatten() {
        let fine = key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        if !fine || key.is_empty() || key.len() > 253 {
            let why = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or \
                       'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
            out.push(Cause::invalid(format!("data[{key}]"), &json!(key), why));
        }
    }
}

/// A TCP or UDP port.
pub(crate) fn port(value: &Value, field: &str, out: &mut Vec<Cause>) {
    match value {
        Value::String(_) => {}
        Value::Number(n) if n.as_i64().is_some_and(|n| (1..=65_535).contains(&n)) => {}
        Value::Null => out.push(Cause::required(field, "")),
        other => out.push(Cause::invalid(
            field,
            other,
            "must be between 1 and 65535, inclusive",
        )),
    }
}

fn service(spec: &Value, old: &Value, out: &mut Vec<Cause>) {
    let kinds = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    if !kinds.contains(&text(&spec["type"])) {
        out.push(Cause::unsupported("spec.type", &spec["type"], &kinds));
    }
    let ports = items(&spec["ports"]);
    if ports.is_empty() && spec["type"] != "ExternalName" && spec["clusterIP"] != "None" {
        out.push(Cause::required("spec.ports", ""));
    }
    for (i, one) in ports.iter().enumerate() {
        let at = format!("spec.ports[{i}]");
        port(&one["port"], &format!("{at}.port"), out);
        port(&one["targetPort"], &format!("{at}.targetPort"), out);
        let name = text(&one["name"]);
        if ports.len() > 1 && name.is_empty() {
            out.push(Cause::required(format!("{at}.name"), ""));
        } else if !name.is_empty() && !is_label(name) {
            out.push(Cause::invalid(format!("{at}.name"), &one["name"], LABEL));
        }
        if !matches!(text(&one["protocol"]), "TCP" | "UDP" | "SCTP") {
            out.push(Cause::unsupported(
                format!("{at}.protocol"),
                &one["protocol"],
                &["SCTP", "TCP", "UDP"],
            ));
        }
        if ports[..i]
            .iter()
            .any(|p| !name.is_empty() && p["name"] == one["name"])
        {
            out.push(Cause::duplicate(format!("{at}.name"), &one["name"]));
        }
        if ports[..i]
            .iter()
            .any(|p| p["port"] == one["port"] && p["protocol"] == one["protocol"])
        {
            out.push(Cause::duplicate(
                at,
                &json!({"port": one["port"], "protocol": one["protocol"]}),
            ));
        }
    }
    if !old.is_null()
        && old["clusterIP"].is_string()
        && spec["type"] != "ExternalName"
        && old["clusterIP"] != spec["clusterIP"]
    {
        out.push(Cause::invalid(
            "spec.clusterIPs[0]",
            &json!([spec["clusterIP"]]),
            "may not change once set",
        ));
    }
    labels(&spec["selector"], "spec.selector", out);
}

fn autoscaler(spec: &Value, out: &mut Vec<Cause>) {
    let max = spec["maxReplicas"].as_i64().unwrap_or_default();
    if max < 1 {
        out.push(Cause::invalid(
            "spec.maxReplicas",
            &spec["maxReplicas"],
            "must be greater than 0",
        ));
    } else if spec["minReplicas"].as_i64().unwrap_or(1) > max {
        out.push(Cause::invalid(
            "spec.maxReplicas",
            &spec["maxReplicas"],
            "must be greater than or equal to `minReplicas`",
        ));
    }
    if text(&spec["scaleTargetRef"]["name"]).is_empty() {
        out.push(Cause::required("spec.scaleTargetRef.name", ""));
    }
}

fn claim(spec: &Value, old: &Value, out: &mut Vec<Cause>) {
    if items(&spec["accessModes"]).is_empty() {
        out.push(Cause::required(
            "spec.accessModes",
            "at least 1 access mode is required",
        ));
    }
    if spec["resources"]["requests"]["storage"].is_null() {
        out.push(Cause::required("spec.resources[storage]", ""));
    }
    if !old.is_null()
        && (old["accessModes"] != spec["accessModes"]
            || old["storageClassName"] != spec["storageClassName"])
    {
        let why = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
        out.push(Cause::forbidden("spec", why));
    }
}

fn route(kind: &Kind, spec: &Value, out: &mut Vec<Cause>) {
    for (i, host) in items(&spec["hostnames"]).iter().enumerate() {
        let name = text(host);
        if name.is_empty()
            || name.len() > 253
            || !name
                .strip_prefix("*.")
                .unwrap_or(name)
                .split('.')
                .all(is_label)
        {
            let why = "spec.hostnames in body should match '^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'";
            out.push(Cause::invalid(format!("spec.hostnames[{i}]"), host, why));
        }
    }
    for (r, rule) in items(&spec["rules"]).iter().enumerate() {
        for (b, backend) in items(&rule["backendRefs"]).iter().enumerate() {
            let at = format!("spec.rules[{r}].backendRefs[{b}]");
            if text(&backend["name"]).is_empty() {
                out.push(Cause::required(format!("{at}.name"), ""));
            }
            if backend["kind"] == "Service" && backend["port"].is_null() {
                out.push(Cause::invalid(
                    at,
                    &json!("object"),
                    "Must have port for Service reference",
                ));
            }
        }
        for (m, found) in items(&rule["matches"]).iter().enumerate() {
            let path = &found["path"];
            if kind.kind == "HTTPRoute"
                && path["type"] != "RegularExpression"
                && !text(&path["value"]).starts_with('/')
            {
                let why = "value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']";
                out.push(Cause::invalid(
                    format!("spec.rules[{r}].matches[{m}].path"),
                    &path["value"],
                    why,
                ));
            }
        }
    }
}
