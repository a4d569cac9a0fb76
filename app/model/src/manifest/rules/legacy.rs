//! DeploymentTrack, DeployableArtifact, Deployment: either/or fields that v0.3 left to comments.

use super::{at_most_one, endpoint, exactly_one, workload};
use crate::kind::Kind;
use crate::manifest::found::{At, Found};

/// Checks a legacy kind.
pub(super) fn check(kind: Kind, spec: &At<'_>, found: &mut Vec<Found>) {
    match kind {
        Kind::DeploymentTrack => {
            if let Some(build) = spec.at(&["buildTemplateSpec", "buildConfiguration"]) {
                exactly_one(&build, &["docker", "buildpack"], found);
            }
        }
        Kind::Deployment => {
            if let Some(at) = spec.at(&["configurationOverrides", "application"]) {
                application(&at, found);
            }
        }
        _ => artifact(spec, found),
    }
}

fn artifact(spec: &At<'_>, found: &mut Vec<Found>) {
    if let Some(target) = spec.get("targetArtifact") {
        exactly_one(&target, &["fromBuildRef", "fromImageRef"], found);
        if let Some(build) = target.get("fromBuildRef") {
            exactly_one(&build, &["name", "gitRevision"], found);
        }
    }
    let Some(configuration) = spec.get("configuration") else {
        return;
    };
    for template in configuration.list("endpointTemplates") {
        if let Some(at) = template.get("spec") {
            endpoint::check(&at, found);
        }
    }
    if let Some(at) = configuration.get("application") {
        application(&at, found);
    }
}

fn application(at: &At<'_>, found: &mut Vec<Found>) {
    workload::env(&at.list("env"), found);
    for list in ["envFrom", "fileMountsFrom"] {
        for entry in at.list(list) {
            exactly_one(&entry, &["configurationGroupRef", "secretRef"], found);
        }
    }
    for mount in at.list("fileMounts") {
        workload::source(&mount, found);
    }
    if let Some(scaling) = at.get("scaling") {
        exactly_one(&scaling, &["hpa", "s2z"], found);
        let count = |field: &str| scaling.at(&["hpa", field]).and_then(|it| it.value.as_i64());
        if let (Some(least), Some(most)) = (count("minReplicas"), count("maxReplicas"))
            && least > most
            && let Some(hpa) = scaling.get("hpa")
        {
            found.push(hpa.fault_at(
                "maxReplicas",
                format!("{most} is less than `minReplicas`, {least}"),
                format!("Write at least {least}"),
            ));
        }
    }
    if let Some(zone) = at.at(&["task", "schedule", "timezone"])
        && let Some(name) = zone.value.as_str()
        && crate::schedule::zone(Some(name)).is_err()
    {
        found.push(zone.fault(
            format!("the time zone `{name}` isn't known"),
            "Write a name of the IANA list, such as `Europe/Berlin`",
        ));
    }
    if let Some(resources) = at.get("probes") {
        for (_, probe) in resources.entries() {
            at_most_one(&probe, &["httpGet", "tcpSocket", "exec", "grpc"], found);
        }
    }
}
