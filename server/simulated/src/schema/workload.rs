//! Rules for pods and for what makes pods.

use crate::failure::Cause;
use crate::kinds::Kind;
use crate::schema::{quantity, validate};
use crate::value::{int, items, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Deployment, ReplicaSet, StatefulSet, DaemonSet.
pub(crate) fn set(kind: &Kind, spec: &Value, old: &Value, out: &mut Vec<Cause>) {
    let selector = &spec["selector"];
    let wanted = selector["matchLabels"].as_object();
    if wanted.is_none_or(serde_json::Map::is_empty)
        && items(&selector["matchExpressions"]).is_empty()
    {
        out.push(Cause::required("spec.selector", ""));
    }
    let labels = &spec["template"]["metadata"]["labels"];
    if wanted
        .into_iter()
        .flatten()
        .any(|(key, value)| labels.get(key) != Some(value))
    {
        let why = "`selector` does not match template `labels`";
        out.push(Cause::invalid("spec.template.metadata.labels", labels, why));
    }
    if !old.is_null() && old["selector"] != *selector {
        out.push(Cause::invalid(
            "spec.selector",
            selector,
            "field is immutable",
        ));
    }
    if int(&spec["replicas"], 1) < 0 {
        out.push(Cause::invalid(
            "spec.replicas",
            &spec["replicas"],
            "must be greater than or equal to 0",
        ));
    }
    validate::labels(labels, "spec.template.metadata.labels", out);
    template(&spec["template"], "spec.template", "Always", out);
    match kind.kind {
        "Deployment" => deployment(spec, out),
        "StatefulSet" if !old.is_null() => stateful_change(spec, old, out),
        _ => {}
    }
}

fn deployment(spec: &Value, out: &mut Vec<Cause>) {
    let strategy = &spec["strategy"];
    match text(&strategy["type"]) {
        "Recreate" if !strategy["rollingUpdate"].is_null() => {
            let why = "may not be specified when strategy `type` is 'Recreate'";
            out.push(Cause::forbidden("spec.strategy.rollingUpdate", why));
        }
        "Recreate" => {}
        "RollingUpdate" => {
            let rolling = &strategy["rollingUpdate"];
            let zero =
                |v: &Value| matches!(v, Value::Number(n) if n.as_i64() == Some(0)) || v == "0%";
            if zero(&rolling["maxSurge"]) && zero(&rolling["maxUnavailable"]) {
                let why = "may not be 0 when `maxSurge` is 0";
                out.push(Cause::invalid(
                    "spec.strategy.rollingUpdate.maxUnavailable",
                    &rolling["maxUnavailable"],
                    why,
                ));
            }
        }
        _ => out.push(Cause::unsupported(
            "spec.strategy.type",
            &strategy["type"],
            &["Recreate", "RollingUpdate"],
        )),
    }
    if int(&spec["progressDeadlineSeconds"], 600) <= int(&spec["minReadySeconds"], 0) {
        let why = "must be greater than minReadySeconds";
        out.push(Cause::invalid(
            "spec.progressDeadlineSeconds",
            &spec["progressDeadlineSeconds"],
            why,
        ));
    }
}

fn stateful_change(spec: &Value, old: &Value, out: &mut Vec<Cause>) {
    if ["serviceName", "podManagementPolicy", "volumeClaimTemplates"]
        .iter()
        .any(|f| spec[*f] != old[*f])
    {
        let why = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', \
                   'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
        out.push(Cause::forbidden("spec", why));
    }
}

fn template(template: &Value, at: &str, restart: &str, out: &mut Vec<Cause>) {
    pod(&template["spec"], &format!("{at}.spec"), restart, out);
}

/// A Job's spec; its template never changes.
pub(crate) fn job(spec: &Value, old: &Value, out: &mut Vec<Cause>) {
    job_template(spec, "spec", out);
    if !old.is_null() && old["template"] != spec["template"] {
        out.push(Cause::invalid(
            "spec.template",
            &spec["template"],
            "field is immutable",
        ));
    }
    if !old.is_null() && old["completions"] != spec["completions"] {
        out.push(Cause::invalid(
            "spec.completions",
            &spec["completions"],
            "field is immutable",
        ));
    }
}

fn job_template(spec: &Value, at: &str, out: &mut Vec<Cause>) {
    let policy = &spec["template"]["spec"]["restartPolicy"];
    let field = format!("{at}.template.spec.restartPolicy");
    match text(policy) {
        "OnFailure" | "Never" => {}
        "" => out.push(Cause::required(
            field,
            "valid values: \"OnFailure\", \"Never\"",
        )),
        _ => out.push(Cause::unsupported(field, policy, &["OnFailure", "Never"])),
    }
    template(&spec["template"], &format!("{at}.template"), "", out);
    if int(&spec["backoffLimit"], 0) < 0 {
        out.push(Cause::invalid(
            format!("{at}.backoffLimit"),
            &spec["backoffLimit"],
            "must be greater than or equal to 0",
        ));
    }
}

/// A CronJob's spec.
pub(crate) fn cron_job(spec: &Value, out: &mut Vec<Cause>) {
    let schedule = text(&spec["schedule"]);
    if schedule.is_empty() {
        out.push(Cause::required("spec.schedule", ""));
    } else if let Err(why) = crate::controllers::cron::parse(schedule) {
        out.push(Cause::invalid("spec.schedule", &spec["schedule"], &why));
    }
    if let Some(zone) = spec["timeZone"].as_str()
        && jiff::tz::TimeZone::get(zone).is_err()
    {
        out.push(Cause::invalid(
            "spec.timeZone",
            &spec["timeZone"],
            &format!("unknown time zone {zone}"),
        ));
    }
    let policies = ["Allow", "Forbid", "Replace"];
    if !policies.contains(&text(&spec["concurrencyPolicy"])) {
        out.push(Cause::unsupported(
            "spec.concurrencyPolicy",
            &spec["concurrencyPolicy"],
            &policies,
        ));
    }
    job_template(&spec["jobTemplate"]["spec"], "spec.jobTemplate.spec", out);
}

/// A pod's spec.
pub(crate) fn pod(spec: &Value, at: &str, restart: &str, out: &mut Vec<Cause>) {
    if restart == "Always"
        && at != "spec"
        && spec["restartPolicy"]
            .as_str()
            .is_some_and(|p| p != "Always")
    {
        out.push(Cause::unsupported(
            format!("{at}.restartPolicy"),
            &spec["restartPolicy"],
            &["Always"],
        ));
    }
    if items(&spec["containers"]).is_empty() {
        out.push(Cause::required(format!("{at}.containers"), ""));
    }
    let volumes: BTreeSet<&str> = items(&spec["volumes"])
        .iter()
        .map(|v| text(&v["name"]))
        .collect();
    let mut names = BTreeSet::new();
    for list in ["containers", "initContainers"] {
        for (i, one) in items(&spec[list]).iter().enumerate() {
            let at = format!("{at}.{list}[{i}]");
            if !names.insert(text(&one["name"])) {
                out.push(Cause::duplicate(format!("{at}.name"), &one["name"]));
            }
            container(one, &at, &volumes, out);
        }
    }
}

fn container(container: &Value, at: &str, volumes: &BTreeSet<&str>, out: &mut Vec<Cause>) {
    let name = text(&container["name"]);
    if name.is_empty() {
        out.push(Cause::required(format!("{at}.name"), ""));
    } else if !validate::is_label(name) || name.len() > 63 {
        let why = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and \
                   end with an alphanumeric character";
        out.push(Cause::invalid(
            format!("{at}.name"),
            &container["name"],
            why,
        ));
    }
    if text(&container["image"]).is_empty() {
        out.push(Cause::required(format!("{at}.image"), ""));
    }
    let ports = items(&container["ports"]);
    for (i, one) in ports.iter().enumerate() {
        validate::port(
            &one["containerPort"],
            &format!("{at}.ports[{i}].containerPort"),
            out,
        );
        let name = text(&one["name"]);
        if !name.is_empty() {
            let field = format!("{at}.ports[{i}].name");
            if name.len() > 15 {
                out.push(Cause::invalid(
                    &*field,
                    &one["name"],
                    "must be no more than 15 characters",
                ));
            } else if !validate::is_label(name) || !name.contains(|c: char| c.is_ascii_lowercase())
            {
                out.push(Cause::invalid(
                    &*field,
                    &one["name"],
                    "must contain at least one letter (a-z)",
                ));
            }
            if ports[..i].iter().any(|p| p["name"] == one["name"]) {
                out.push(Cause::duplicate(field, &one["name"]));
            }
        }
    }
    for (i, env) in items(&container["env"]).iter().enumerate() {
        if text(&env["name"]).is_empty() {
            out.push(Cause::required(format!("{at}.env[{i}].name"), ""));
        }
        if !text(&env["value"]).is_empty() && env["valueFrom"].is_object() {
            let why = "may not be specified when `value` is not empty";
            out.push(Cause::invalid(
                format!("{at}.env[{i}].valueFrom"),
                &json!(""),
                why,
            ));
        }
    }
    for (i, mount) in items(&container["volumeMounts"]).iter().enumerate() {
        if !volumes.contains(text(&mount["name"])) {
            out.push(Cause::not_found(
                format!("{at}.volumeMounts[{i}].name"),
                &mount["name"],
            ));
        }
        if text(&mount["mountPath"]).is_empty() {
            out.push(Cause::required(
                format!("{at}.volumeMounts[{i}].mountPath"),
                "",
            ));
        }
    }
    resources(&container["resources"], at, out);
}

fn resources(resources: &Value, at: &str, out: &mut Vec<Cause>) {
    let pattern = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    for list in ["limits", "requests"] {
        for (name, value) in resources[list].as_object().into_iter().flatten() {
            if quantity::parse(text(value)).is_none() {
                out.push(Cause::invalid(
                    format!("{at}.resources.{list}.{name}"),
                    value,
                    pattern,
                ));
            }
        }
    }
    for (name, request) in resources["requests"].as_object().into_iter().flatten() {
        let limit = &resources["limits"][name];
        if let (Some((asked, _)), Some((most, _))) =
            (quantity::parse(text(request)), quantity::parse(text(limit)))
            && asked > most
        {
            let why = format!(
                "must be less than or equal to {name} limit of {}",
                text(limit)
            );
            out.push(Cause::invalid(
                format!("{at}.resources.requests"),
                request,
                &why,
            ));
        }
    }
}

/// Of a pod that is there, only images and a few more may change.
pub(crate) fn pod_change(spec: &Value, old: &Value, out: &mut Vec<Cause>) {
    if old.is_null() {
        return;
    }
    let fixed = |spec: &Value| {
        let mut spec = spec.clone();
        for free in [
            "activeDeadlineSeconds",
            "terminationGracePeriodSeconds",
            "tolerations",
            "nodeName",
            "schedulingGates",
        ] {
            crate::value::drop_field(&mut spec, free);
        }
        for list in ["containers", "initContainers"] {
            for one in spec
                .get_mut(list)
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                for free in ["image", "imagePullPolicy", "resources"] {
                    crate::value::drop_field(one, free);
                }
            }
        }
        spec
    };
    if fixed(spec) != fixed(old) {
        let why = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,\
                   `spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),\
                   `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
        out.push(Cause::forbidden("spec", why));
    }
}
