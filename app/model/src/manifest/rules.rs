//! The rules across fields, one file a family of kinds.
//!
//! They look at values, not at types, so that they speak up beside schema faults elsewhere in the
//! same document. Where a value has the wrong type a rule keeps silent: the schema has spoken.

mod api;
mod binding;
mod class;
mod configuration;
mod endpoint;
mod git;
mod kubeconfig;
mod legacy;
mod pipeline;
mod plane;
mod workload;

use std::collections::BTreeMap;

use serde_json::Value;

use super::found::{At, Found};
use crate::kind::Kind;

/// Checks a spec by its kind's rules.
pub(crate) fn check(kind: Kind, spec: &Value) -> Vec<Found> {
    let spec = At::spec(spec);
    let mut found = Vec::new();
    match kind {
        Kind::DataPlane | Kind::BuildPlane => plane::check(&spec, &mut found),
        Kind::DeploymentPipeline => pipeline::check(&spec, &mut found),
        Kind::ConfigurationGroup => configuration::check(&spec, &mut found),
        Kind::ServiceClass | Kind::WebApplicationClass | Kind::ScheduledTaskClass => {
            class::check(kind, &spec, &mut found);
        }
        Kind::APIClass | Kind::EndpointClass => api::policies(&spec, &mut found),
        Kind::Workload => workload::check(&spec, &mut found),
        Kind::Service => {
            api::apis(&spec, &mut found);
            placeholder(&spec, &mut found);
        }
        Kind::WebApplication | Kind::ScheduledTask => placeholder(&spec, &mut found),
        Kind::API => api::rest(&spec, &mut found),
        Kind::ServiceBinding | Kind::WebApplicationBinding | Kind::ScheduledTaskBinding => {
            binding::check(kind, &spec, &mut found);
        }
        Kind::DeploymentTrack | Kind::DeployableArtifact | Kind::Deployment => {
            legacy::check(kind, &spec, &mut found);
        }
        Kind::Endpoint => endpoint::check(&spec, &mut found),
        Kind::Release => class::release(&spec, &mut found),
        Kind::GitCommitRequest => git::check(&spec, &mut found),
        Kind::Component | Kind::Build => parameters(&spec, &mut found),
        Kind::Organization | Kind::Environment | Kind::Project | Kind::APIBinding => {}
    }
    found
}

/// v0.3's `overrides` of declarations: nothing ever read them.
fn placeholder(spec: &At<'_>, found: &mut Vec<Found>) {
    let Some(overrides) = spec.get("overrides") else {
        return;
    };
    if !overrides.entries().is_empty() {
        found.push(overrides.fault(
            "does nothing: v0.3 never read it",
            "Take it away. What differs in one environment stands in `overrides` of the binding: \
             `replicas`, `schedule`, `containers.<name>.env` and `.resources`",
        ));
    }
}

/// Parameters of a build template: each name once.
fn parameters(spec: &At<'_>, found: &mut Vec<Found>) {
    for template in [spec.get("templateRef"), spec.at(&["build", "templateRef"])]
        .into_iter()
        .flatten()
    {
        unique(&template.list("parameters"), "name", "parameter", found);
    }
}

/// Exactly one of several fields; an empty text counts as given.
fn exactly_one(at: &At<'_>, fields: &[&str], found: &mut Vec<Found>) {
    let given: Vec<&str> = fields
        .iter()
        .copied()
        .filter(|field| at.get(field).is_some())
        .collect();
    match given.as_slice() {
        [_] => {}
        [] => found.push(at.fault(
            format!("has none of {}", listed(fields)),
            format!("Give one of {}", listed(fields)),
        )),
        more => found.push(at.fault(
            format!("has {} at once", listed(more)),
            format!("Keep one of {}", listed(more)),
        )),
    }
}

/// At most one of several fields.
fn at_most_one(at: &At<'_>, fields: &[&str], found: &mut Vec<Found>) {
    if fields.iter().any(|field| at.get(field).is_some()) {
        exactly_one(at, fields, found);
    }
}

/// Entries whose `key` may stand only once.
fn unique(entries: &[At<'_>], key: &str, what: &str, found: &mut Vec<Found>) {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for entry in entries {
        let Some(value) = entry.text(key) else {
            continue;
        };
        match seen.get(value) {
            Some(first) => found.push(entry.fault_at(
                key,
                format!("the {what} `{value}` stands here twice, first at {first}"),
                "Keep one of them",
            )),
            None => {
                seen.insert(value, entry.path());
            }
        }
    }
}

/// `a` and `b`.
fn listed(fields: &[&str]) -> String {
    let quoted: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
    quoted.join(" and ")
}
