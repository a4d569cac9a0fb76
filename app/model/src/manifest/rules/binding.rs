//! Bindings: which artifact, and what differs.

use super::{api, exactly_one, workload};
use crate::kind::Kind;
use crate::manifest::found::{At, Found};

/// Checks the binding of a service, web application or scheduled task.
pub(super) fn check(kind: Kind, spec: &At<'_>, found: &mut Vec<Found>) {
    exactly_one(spec, &["artifact", "workloadSpec"], found);
    if let Some(copy) = spec.get("workloadSpec") {
        workload::check(&copy, found);
    }
    api::apis(spec, found);
    if kind != Kind::ServiceBinding
        && let Some(apis) = spec.get("apis").filter(|apis| !apis.entries().is_empty())
    {
        found.push(apis.fault(format!("a {kind} has no managed APIs"), "Take `apis` away"));
    }
    overrides(kind, spec, found);
}

fn overrides(kind: Kind, spec: &At<'_>, found: &mut Vec<Found>) {
    let Some(overrides) = spec.get("overrides") else {
        return;
    };
    let is_task = kind == Kind::ScheduledTaskBinding;
    if let Some(schedule) = overrides.get("schedule").filter(|_| !is_task) {
        found.push(schedule.fault("only scheduled tasks have a schedule", "Take it away"));
    }
    if let Some(replicas) = overrides.get("replicas").filter(|_| is_task) {
        found.push(replicas.fault("a scheduled task has no replicas", "Take it away"));
    }
    for (name, container) in overrides.map("containers") {
        workload::env(&container.list("env"), found);
        let known = spec.at(&["workloadSpec", "containers"]);
        if let Some(known) = known.filter(|known| known.get(name).is_none()) {
            let names: Vec<&str> = known.entries().iter().map(|(name, _)| *name).collect();
            found.push(container.fault(
                format!("the workload has no container `{name}`"),
                format!(
                    "Its containers are {}",
                    crate::manifest::suggest::one_of(names)
                ),
            ));
        }
    }
}
