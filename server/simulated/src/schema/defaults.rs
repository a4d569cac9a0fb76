//! The values that a real server fills in, so that differences and no-op writes are exercised honestly.

use crate::kinds::Kind;
use crate::schema::quantity;
use crate::value::{default_to, drop_field, hash, items, text};
use serde_json::{Value, json};

/// Fills in what the manifest leaves open. Idempotent.
pub(crate) fn fill(kind: &Kind, object: &mut Value) {
    by_kind(kind, object);
    crate::value::strip_nulls(object);
}

fn by_kind(kind: &Kind, object: &mut Value) {
    object["apiVersion"] = kind.api_version().into();
    object["kind"] = kind.kind.into();
    drop_null_times(object);
    if kind.custom() {
        routes(kind, object);
        return;
    }
    match kind.kind {
        "Deployment" => deployment(&mut object["spec"]),
        "ReplicaSet" => {
            default_to(&mut object["spec"], "replicas", 1);
            template(&mut object["spec"]["template"], "Always");
        }
        "StatefulSet" => stateful_set(&mut object["spec"]),
        "DaemonSet" => {
            let spec = &mut object["spec"];
            default_to(spec, "revisionHistoryLimit", 10);
            default_to(
                spec,
                "updateStrategy",
                json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}),
            );
            template(&mut spec["template"], "Always");
        }
        "Pod" => {
            pod(&mut object["spec"], "Always");
            requests(&mut object["spec"]);
            default_to(&mut object["spec"], "enableServiceLinks", true);
        }
        "Job" => job(&mut object["spec"]),
        "CronJob" => {
            let spec = &mut object["spec"];
            default_to(spec, "concurrencyPolicy", "Allow");
            default_to(spec, "suspend", false);
            default_to(spec, "successfulJobsHistoryLimit", 3);
            default_to(spec, "failedJobsHistoryLimit", 1);
            let job = &mut spec["jobTemplate"]["spec"];
            if job.is_object() {
                template(&mut job["template"], "");
            }
        }
        "Service" => service(object),
        "Secret" => secret(object),
        "Namespace" => {
            let name = object["metadata"]["name"].clone();
            default_to(object, "spec", json!({}));
            default_to(&mut object["spec"], "finalizers", json!(["kubernetes"]));
            if !object["metadata"]["labels"].is_object() {
                object["metadata"]["labels"] = json!({});
            }
            object["metadata"]["labels"]["kubernetes.io/metadata.name"] = name;
        }
        "NetworkPolicy" => network_policy(&mut object["spec"]),
        "HorizontalPodAutoscaler" => default_to(&mut object["spec"], "minReplicas", 1),
        "PersistentVolumeClaim" => {
            default_to(&mut object["spec"], "volumeMode", "Filesystem");
            default_to(&mut object["spec"], "storageClassName", "simulated");
            quantities(&mut object["spec"]["resources"]);
        }
        _ => {}
    }
}

/// `creationTimestamp: null`, which Go programs write into templates.
fn drop_null_times(object: &mut Value) {
    for pointer in [
        "/metadata",
        "/spec/template/metadata",
        "/spec/jobTemplate/metadata",
        "/spec/jobTemplate/spec/template/metadata",
    ] {
        if let Some(meta) = object.pointer_mut(pointer)
            && meta["creationTimestamp"].is_null()
        {
            drop_field(meta, "creationTimestamp");
        }
    }
}

fn deployment(spec: &mut Value) {
    default_to(spec, "replicas", 1);
    default_to(spec, "revisionHistoryLimit", 10);
    default_to(spec, "progressDeadlineSeconds", 600);
    default_to(spec, "strategy", json!({}));
    default_to(&mut spec["strategy"], "type", "RollingUpdate");
    if spec["strategy"]["type"] == "RollingUpdate" {
        default_to(&mut spec["strategy"], "rollingUpdate", json!({}));
        default_to(&mut spec["strategy"]["rollingUpdate"], "maxSurge", "25%");
        default_to(
            &mut spec["strategy"]["rollingUpdate"],
            "maxUnavailable",
            "25%",
        );
    }
    template(&mut spec["template"], "Always");
}

fn stateful_set(spec: &mut Value) {
    default_to(spec, "replicas", 1);
    default_to(spec, "revisionHistoryLimit", 10);
    default_to(spec, "podManagementPolicy", "OrderedReady");
    default_to(
        spec,
        "updateStrategy",
        json!({"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}),
    );
    default_to(
        spec,
        "persistentVolumeClaimRetentionPolicy",
        json!({"whenDeleted": "Retain", "whenScaled": "Retain"}),
    );
    template(&mut spec["template"], "Always");
}

fn job(spec: &mut Value) {
    if spec["completions"].is_null() && spec["parallelism"].is_null() {
        default_to(spec, "completions", 1);
    }
    default_to(spec, "parallelism", 1);
    default_to(spec, "backoffLimit", 6);
    default_to(spec, "completionMode", "NonIndexed");
    default_to(spec, "suspend", false);
    default_to(spec, "manualSelector", false);
    default_to(spec, "podReplacementPolicy", "TerminatingOrFailed");
    template(&mut spec["template"], "");
}

fn template(template: &mut Value, restart: &str) {
    if template.is_object() {
        pod(&mut template["spec"], restart);
    }
}

/// A pod's spec. Jobs get no default restart policy: theirs must be said.
fn pod(spec: &mut Value, restart: &str) {
    if !spec.is_object() {
        return;
    }
    if !restart.is_empty() {
        default_to(spec, "restartPolicy", restart);
    }
    default_to(spec, "dnsPolicy", "ClusterFirst");
    default_to(spec, "schedulerName", "default-scheduler");
    default_to(spec, "terminationGracePeriodSeconds", 30);
    default_to(spec, "securityContext", json!({}));
    if let Some(account) = spec.get("serviceAccountName").cloned() {
        default_to(spec, "serviceAccount", account);
    }
    for list in ["containers", "initContainers"] {
        for container in spec
            .get_mut(list)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            self::container(container);
        }
    }
    for volume in spec
        .get_mut("volumes")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        for source in ["configMap", "secret", "projected"] {
            if volume[source].is_object() {
                default_to(&mut volume[source], "defaultMode", 420);
            }
        }
    }
}

fn container(container: &mut Value) {
    if !container.is_object() {
        return;
    }
    default_to(container, "terminationMessagePath", "/dev/termination-log");
    default_to(container, "terminationMessagePolicy", "File");
    let image = text(&container["image"]).to_owned();
    let name = image.rsplit('/').next().unwrap_or_default();
    let latest = !image.contains('@') && (!name.contains(':') || name.ends_with(":latest"));
    default_to(
        container,
        "imagePullPolicy",
        if latest { "Always" } else { "IfNotPresent" },
    );
    default_to(container, "resources", json!({}));
    quantities(&mut container["resources"]);
    for port in container
        .get_mut("ports")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if port.is_object() {
            default_to(port, "protocol", "TCP");
        }
    }
    for env in container
        .get_mut("env")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if let Some(reference) = env.pointer_mut("/valueFrom/fieldRef") {
            default_to(reference, "apiVersion", "v1");
        }
        if env.get("value") == Some(&json!("")) {
            drop_field(env, "value");
        }
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let probe = &mut container[probe];
        if probe.is_null() {
            continue;
        }
        default_to(probe, "timeoutSeconds", 1);
        default_to(probe, "periodSeconds", 10);
        default_to(probe, "successThreshold", 1);
        default_to(probe, "failureThreshold", 3);
        if probe["httpGet"].is_object() {
            default_to(&mut probe["httpGet"], "scheme", "HTTP");
            default_to(&mut probe["httpGet"], "path", "/");
        }
        if probe["grpc"].is_object() {
            default_to(&mut probe["grpc"], "service", "");
        }
    }
    if let Some(map) = container.as_object_mut() {
        map.retain(|_, v| !v.is_null());
    }
}

fn quantities(resources: &mut Value) {
    for list in ["limits", "requests"] {
        for (_, value) in resources
            .get_mut(list)
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
        {
            let written = match &*value {
                Value::String(s) => s.clone(),
                Value::Number(n) => n.to_string(),
                _ => continue,
            };
            if let Some(canonical) = quantity::canonical(&written) {
                *value = canonical.into();
            }
        }
    }
    if let Some(map) = resources.as_object_mut() {
        map.retain(|_, v| !v.is_null());
    }
}

/// A limit without a request asks for as much. A real server fills that in for pods, and not for the
/// templates that pods are made from: there a lowered limit would fall below what was asked for before.
fn requests(pod: &mut Value) {
    for list in ["containers", "initContainers"] {
        let containers = pod.get_mut(list).and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten() {
            let limits = container["resources"]["limits"].as_object().cloned();
            for (name, limit) in limits.into_iter().flatten() {
                let resources = &mut container["resources"];
                if !resources["requests"].is_object() {
                    resources["requests"] = json!({});
                }
                default_to(&mut resources["requests"], &name, limit);
            }
        }
    }
}

fn service(object: &mut Value) {
    let seed = hash(&format!(
        "{}/{}",
        text(&object["metadata"]["namespace"]),
        text(&object["metadata"]["name"])
    ));
    let spec = &mut object["spec"];
    default_to(spec, "type", "ClusterIP");
    default_to(spec, "sessionAffinity", "None");
    if spec["type"] == "ExternalName" {
        return;
    }
    default_to(
        spec,
        "clusterIP",
        format!("10.96.{}.{}", seed >> 8 & 255, (seed & 255).clamp(2, 254)),
    );
    let ip = spec["clusterIP"].clone();
    default_to(spec, "clusterIPs", json!([ip]));
    default_to(spec, "internalTrafficPolicy", "Cluster");
    default_to(spec, "ipFamilies", json!(["IPv4"]));
    default_to(spec, "ipFamilyPolicy", "SingleStack");
    let public = spec["type"] != "ClusterIP";
    if public {
        default_to(spec, "externalTrafficPolicy", "Cluster");
    }
    if spec["type"] == "LoadBalancer" {
        default_to(spec, "allocateLoadBalancerNodePorts", true);
    }
    for (i, port) in spec
        .get_mut("ports")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .enumerate()
    {
        if !port.is_object() {
            continue;
        }
        default_to(port, "protocol", "TCP");
        let own = port["port"].clone();
        default_to(port, "targetPort", own);
        if public {
            default_to(
                port,
                "nodePort",
                30_000 + (seed.wrapping_add(i as u64 * 7)) % 2_767,
            );
        }
    }
}

fn secret(object: &mut Value) {
    default_to(object, "type", "Opaque");
    let plain = object["stringData"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    if let Some(map) = object.as_object_mut() {
        map.remove("stringData");
        map.retain(|_, v| !v.is_null());
    }
    for (name, value) in plain {
        object["data"][name] = base64(text(&value).as_bytes()).into();
    }
}

/// Standard base64 with padding.
fn base64(bytes: &[u8]) -> String {
    serde_json::to_value(k8s_openapi::ByteString(bytes.to_vec()))
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn network_policy(spec: &mut Value) {
    if spec["policyTypes"].is_null() {
        let egress = !items(&spec["egress"]).is_empty();
        spec["policyTypes"] = if egress {
            json!(["Ingress", "Egress"])
        } else {
            json!(["Ingress"])
        };
    }
    default_to(spec, "podSelector", json!({}));
    for direction in ["ingress", "egress"] {
        for rule in spec
            .get_mut(direction)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            for port in rule
                .get_mut("ports")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                default_to(port, "protocol", "TCP");
            }
        }
    }
}

fn routes(kind: &Kind, object: &mut Value) {
    if !matches!(kind.kind, "HTTPRoute" | "GRPCRoute") {
        return;
    }
    let spec = &mut object["spec"];
    for parent in spec
        .get_mut("parentRefs")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        default_to(parent, "group", "gateway.networking.k8s.io");
        default_to(parent, "kind", "Gateway");
    }
    for rule in spec
        .get_mut("rules")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if kind.kind == "HTTPRoute" {
            default_to(
                rule,
                "matches",
                json!([{"path": {"type": "PathPrefix", "value": "/"}}]),
            );
            for found in rule
                .get_mut("matches")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                if found.is_object() {
                    default_to(found, "path", json!({"type": "PathPrefix", "value": "/"}));
                    default_to(&mut found["path"], "type", "PathPrefix");
                }
            }
        }
        for backend in rule
            .get_mut("backendRefs")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            default_to(backend, "group", "");
            default_to(backend, "kind", "Service");
            default_to(backend, "weight", 1);
        }
    }
}
