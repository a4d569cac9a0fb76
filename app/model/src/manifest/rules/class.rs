//! Templates of classes, and objects of releases: what can be seen to be wrong without a cluster.

use std::collections::BTreeSet;

use super::unique;
use crate::kind::Kind;
use crate::manifest::format;
use crate::manifest::found::{At, Found};

/// Checks the templates of a class.
pub(super) fn check(kind: Kind, spec: &At<'_>, found: &mut Vec<Found>) {
    if kind == Kind::ScheduledTaskClass {
        let Some(cron_job) = spec.get("cronJobTemplate") else {
            return;
        };
        schedule(&cron_job, found);
        pod(
            cron_job.at(&["jobTemplate", "spec", "template", "spec"]),
            found,
        );
        return;
    }
    let Some(deployment) = spec.get("deploymentTemplate") else {
        return;
    };
    if let Some(replicas) = deployment.get("replicas")
        && !replicas
            .value
            .as_i64()
            .is_some_and(|count| (0..=1000).contains(&count))
    {
        found.push(replicas.fault(
            format!("{} isn't a number of replicas", replicas.value),
            "Write a whole number from 0 to 1000",
        ));
    }
    pod(deployment.at(&["template", "spec"]), found);
}

fn schedule(cron_job: &At<'_>, found: &mut Vec<Found>) {
    if let Some(schedule) = cron_job.get("schedule") {
        match schedule.value.as_str() {
            None => found.push(schedule.fault("not text", "Quote it, such as \"30 2 * * *\"")),
            Some(text) => {
                if let Err(wrong) = format::check("cron", text) {
                    found.push(schedule.fault(format!("`{text}` {}", wrong.message), wrong.remedy));
                }
            }
        }
    }
    if let Some(zone) = cron_job.get("timeZone")
        && let Some(name) = zone.value.as_str()
        && crate::schedule::zone(Some(name)).is_err()
    {
        found.push(zone.fault(
            format!("the time zone `{name}` isn't known"),
            "Write a name of the IANA list, such as `Europe/Berlin`",
        ));
    }
}

fn pod(pod: Option<At<'_>>, found: &mut Vec<Found>) {
    let Some(pod) = pod else { return };
    let mut names = BTreeSet::new();
    for list in ["initContainers", "containers"] {
        for container in pod.list(list) {
            match container
                .get("name")
                .map(|name| (name.value.as_str(), name))
            {
                None => found.push(container.fault_at(
                    "name",
                    "missing",
                    "Add `name`: templates and workloads are merged by the containers' names",
                )),
                Some((None, name)) => found.push(name.fault("not text", "Quote it")),
                Some((Some(text), name)) => {
                    if let Err(wrong) = format::label_name(text) {
                        found.push(name.fault(format!("`{text}` {}", wrong.message), wrong.remedy));
                    } else if !names.insert(text) {
                        found.push(name.fault(
                            format!("the container `{text}` stands here twice"),
                            "Give it another name",
                        ));
                    }
                }
            }
            container_fields(&container, found);
        }
    }
}

fn container_fields(container: &At<'_>, found: &mut Vec<Found>) {
    let env = container.list("env");
    unique(&env, "name", "variable", found);
    for variable in env {
        if variable.get("name").is_none() {
            found.push(variable.fault_at(
                "name",
                "missing",
                "Add `name`; a class's template is plain Kubernetes, where variables have a `name`",
            ));
        }
        if let Some(value) = variable
            .get("value")
            .filter(|value| !value.value.is_string())
        {
            found.push(value.fault("not text", format!("Quote it: \"{}\"", value.value)));
        }
    }
    for list in ["requests", "limits"] {
        for (_, quantity) in container
            .get("resources")
            .map(|it| it.map(list))
            .unwrap_or_default()
        {
            let text = match quantity.value {
                serde_json::Value::String(text) => text.clone(),
                // Kubernetes reads plain numbers here.
                serde_json::Value::Number(number) => number.to_string(),
                other => other.to_string(),
            };
            if let Err(wrong) = format::quantity(&text) {
                found.push(quantity.fault(format!("`{text}` {}", wrong.message), wrong.remedy));
            }
        }
    }
}

/// Checks the objects of a release.
pub(super) fn release(spec: &At<'_>, found: &mut Vec<Found>) {
    let resources = spec.list("resources");
    unique(&resources, "id", "object", found);
    for resource in resources {
        let Some(object) = resource
            .get("object")
            .filter(|object| object.value.is_object())
        else {
            continue;
        };
        for field in ["apiVersion", "kind"] {
            if object.text(field).unwrap_or_default().is_empty() {
                found.push(object.fault_at(
                    field,
                    "missing",
                    format!("Add `{field}`; a release holds whole Kubernetes objects"),
                ));
            }
        }
    }
}
