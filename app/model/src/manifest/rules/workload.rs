//! Containers, endpoints and connections.

use std::collections::BTreeMap;

use super::{exactly_one, unique};
use crate::manifest::found::{At, Found};
use crate::manifest::suggest::{nearest, one_of};
use crate::manifest::template;

/// More containers than this in one pod is a mistake, not a workload.
const CONTAINERS: usize = 20;
const PARAMS: &[&str] = &["projectName", "componentName", "endpoint"];

/// Checks a workload, or the part of one that bindings copy.
pub(super) fn check(spec: &At<'_>, found: &mut Vec<Found>) {
    let containers = spec.map("containers");
    if containers.len() > CONTAINERS
        && let Some(at) = spec.get("containers")
    {
        found.push(at.fault(
            format!(
                "{} containers; at most {CONTAINERS} are possible",
                containers.len()
            ),
            "Split the component",
        ));
    }
    for (_, container) in &containers {
        env(&container.list("env"), found);
    }
    ports(spec, found);
    for (_, connection) in spec.map("connections") {
        params(&connection, found);
    }
    injected(spec, &containers, found);
}

/// Environment variables: each once, each with exactly one source.
pub(super) fn env(variables: &[At<'_>], found: &mut Vec<Found>) {
    unique(variables, "key", "variable", found);
    for variable in variables.iter().filter(|it| it.value.is_object()) {
        source(variable, found);
    }
}

/// `value` or `valueFrom`, and of the latter one of its two.
pub(super) fn source(variable: &At<'_>, found: &mut Vec<Found>) {
    exactly_one(variable, &["value", "valueFrom"], found);
    if let Some(from) = variable
        .get("valueFrom")
        .filter(|from| from.value.is_object())
    {
        exactly_one(&from, &["configurationGroupRef", "secretRef"], found);
    }
}

fn protocol(endpoint_type: &str) -> &'static str {
    if endpoint_type == "UDP" { "UDP" } else { "TCP" }
}

/// One port may have several names, but speaks one language.
fn ports(spec: &At<'_>, found: &mut Vec<Found>) {
    let mut taken: BTreeMap<(i64, &str), (&str, &str)> = BTreeMap::new();
    for (name, endpoint) in spec.map("endpoints") {
        let port = endpoint
            .value
            .get("port")
            .and_then(serde_json::Value::as_i64);
        let (Some(port), Some(speaks)) = (port, endpoint.text("type")) else {
            continue;
        };
        match taken.get(&(port, protocol(speaks))) {
            Some((other, others)) if *others != speaks => found.push(endpoint.fault_at(
                "port",
                format!("{port} is taken by the endpoint `{other}`, which speaks {others}"),
                format!("Give another port, or let both speak {others}"),
            )),
            Some(_) => {}
            None => {
                taken.insert((port, protocol(speaks)), (name, speaks));
            }
        }
    }
}

fn params(connection: &At<'_>, found: &mut Vec<Found>) {
    let params = connection.map("params");
    for (key, at) in &params {
        if !PARAMS.contains(key) {
            let remedy = match nearest(key, PARAMS.iter().copied()) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => format!("Known are {}", one_of(PARAMS.iter().copied())),
            };
            found.push(at.fault("unknown parameter", remedy));
        } else if at.value.as_str() == Some("") {
            found.push(at.fault("is empty", format!("Give `{key}`, or take it away")));
        } else if let Some(text) = at.value.as_str()
            && let Err(wrong) = crate::manifest::format::object_name(text)
        {
            found.push(at.fault(format!("`{text}` {}", wrong.message), wrong.remedy));
        }
    }
    let place = connection
        .get("params")
        .unwrap_or_else(|| connection.clone());
    let inside = connection.get("params").is_some();
    for (needed, what) in [
        ("componentName", "the component it calls"),
        ("endpoint", "the name of that component's endpoint"),
    ] {
        if params.iter().any(|(key, _)| *key == needed) {
            continue;
        }
        let remedy = format!("Add `{needed}`, {what}");
        found.push(if inside {
            place.fault_at(needed, "missing", remedy)
        } else {
            place.fault_at("params", format!("`{needed}` is missing"), remedy)
        });
    }
}

/// Injected variables: their templates parse, their names are theirs alone.
fn injected(spec: &At<'_>, containers: &[(&str, At<'_>)], found: &mut Vec<Found>) {
    let mut own: BTreeMap<&str, &str> = BTreeMap::new();
    for (container, at) in containers {
        for variable in at.list("env") {
            if let Some(key) = variable.text("key") {
                own.entry(key).or_insert(container);
            }
        }
    }
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for (connection, at) in spec.map("connections") {
        for variable in at
            .get("inject")
            .map(|it| it.list("env"))
            .unwrap_or_default()
        {
            if let Some(name) = variable.text("name") {
                if let Some(other) = taken.get(name) {
                    found.push(variable.fault_at(
                        "name",
                        format!(
                            "the variable `{name}` is injected by the connection `{other}` as well"
                        ),
                        "Give it another name",
                    ));
                } else if let Some(container) = own.get(name) {
                    found.push(variable.fault_at(
                        "name",
                        format!("the container `{container}` sets the variable `{name}` itself"),
                        "Give it another name, or take the container's own away",
                    ));
                } else {
                    taken.insert(name, connection);
                }
            }
            if let Some(Err(bad)) = variable.text("value").map(template::parse) {
                found.push(variable.fault_at("value", bad.message, bad.remedy));
            }
        }
    }
}
