//! What a component is on its plane: objects, events, logs.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt;
use model::{
    access::{Thing, Verb, Viewer, may},
    health::Health,
    kind::Kind,
    log::Marker,
    moment::Moment,
    port::{Lines, LogQuestion},
    problem::Problem,
    view::{ContainerRow, EventRow, LogLine, LogView, ObjectNode, RuntimeView},
};
use plane::{EventKind, LogOptions, PodRef, summary::Summary};
use store::{artifacts::Of, bindings::Binding, live::Live};

use super::look;
use crate::{Error, Platform, Result, clock, planes::Connected};

/// The binding of a component in an environment.
async fn binding(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    name: &str,
    environment: &str,
) -> Result<Binding> {
    let of = Of {
        organization: &viewer.organization,
        project,
        component: name,
    };
    let all = platform.store().bindings_of_component(of).await?;
    if all.is_empty() {
        let who = model::identity::Identity::in_project(
            Kind::Component,
            &viewer.organization,
            project,
            name,
        );
        crate::delete::found(platform, &who).await?;
    }
    let known = all
        .iter()
        .map(|binding| binding.environment.clone())
        .collect();
    let found = if environment.is_empty() {
        all.into_iter().next()
    } else {
        all.into_iter()
            .find(|binding| binding.environment == environment)
    };
    found.ok_or_else(|| {
        Problem::NotFound {
            what: "deployment of it in an environment".into(),
            name: environment.to_owned(),
            near: known,
        }
        .into()
    })
}

fn connected(platform: &Platform, binding: &Binding) -> Result<Connected> {
    platform
        .planes()
        .get(&binding.organization, &binding.plane)
        .ok_or_else(|| {
            Problem::PlaneUnreachable {
                plane: binding.plane.clone(),
                reason: "it isn't connected; see its page".into(),
            }
            .into()
        })
}

/// The live objects as a tree.
pub(super) async fn runtime(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    name: &str,
    environment: &str,
) -> Result<RuntimeView> {
    look(viewer, Kind::Component, project)?;
    let binding = binding(platform, viewer, project, name, environment).await?;
    let rows = platform.store().live_of_binding(&binding.id).await?;
    let plane = platform.planes().get(&binding.organization, &binding.plane);
    let states = platform.store().plane_states(&binding.organization).await?;
    let state = states.iter().find(|state| state.name == binding.plane);
    let newest = rows.iter().map(|row| row.seen_at).max().unwrap_or_default();
    let live = state.is_some_and(|state| state.live == 1);
    Ok(RuntimeView {
        unreachable: state.map(|state| state.trouble.clone()).unwrap_or_default(),
        as_of: Moment(if live { clock::now().0 } else { newest }),
        objects: tree(&rows),
        simulated: plane.is_some_and(|plane| plane.simulated.is_some()),
        environment: binding.environment,
        plane: binding.plane,
        namespace: binding.namespace,
    })
}

/// Puts what controllers made under what they made it for. Replica sets of older rollouts that
/// hold no pods are left out.
fn tree(rows: &[Live]) -> Vec<ObjectNode> {
    let known: BTreeSet<&str> = rows.iter().map(|row| row.uid.as_str()).collect();
    let mut children: BTreeMap<&str, Vec<&Live>> = BTreeMap::new();
    let mut roots = Vec::new();
    for row in rows {
        if known.contains(row.owner_uid.as_str()) {
            children
                .entry(row.owner_uid.as_str())
                .or_default()
                .push(row);
        } else if row.owner_uid.is_empty() {
            roots.push(row);
        }
    }
    roots.sort_by_key(|row| {
        (
            plane::rank(&row.kind) <= plane::rank("Service"),
            plane::rank(&row.kind),
            &row.name,
        )
    });
    roots
        .into_iter()
        .map(|row| node(row, &children, 0))
        .collect()
}

fn node(row: &Live, children: &BTreeMap<&str, Vec<&Live>>, depth: usize) -> ObjectNode {
    let summary: Summary = serde_json::from_str(&row.summary).unwrap_or_default();
    let mut own: Vec<&Live> = children.get(row.uid.as_str()).cloned().unwrap_or_default();
    own.sort_by(|a, b| {
        b.created_at
            .cmp(&a.created_at)
            .then_with(|| a.name.cmp(&b.name))
    });
    own.retain(|child| {
        let empty = child.kind == "ReplicaSet"
            && !children.contains_key(child.uid.as_str())
            && serde_json::from_str::<Summary>(&child.summary)
                .is_ok_and(|summary| summary.wanted.unwrap_or(0) == 0);
        !empty
    });
    ObjectNode {
        kind: row.kind.clone(),
        namespace: row.namespace.clone(),
        name: row.name.clone(),
        health: Health::parse(&row.health),
        sentence: row.sentence.clone(),
        created: Moment(row.created_at),
        facts: facts(&summary),
        containers: if row.kind == "Pod" {
            containers(&summary)
        } else {
            Vec::new()
        },
        // A plane can't make us recurse without end, whatever its owner references say.
        children: if depth < 6 {
            own.into_iter()
                .map(|child| node(child, children, depth + 1))
                .collect()
        } else {
            Vec::new()
        },
    }
}

fn facts(summary: &Summary) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut fact = |label: &str, value: String| {
        if !value.is_empty() {
            facts.push((label.to_owned(), value));
        }
    };
    if let (Some(ready), Some(wanted)) = (summary.ready, summary.wanted) {
        fact("Ready", format!("{ready} of {wanted}"));
    }
    fact(
        "Revision",
        summary
            .revision
            .map(|revision| revision.to_string())
            .unwrap_or_default(),
    );
    fact("Phase", summary.phase.clone());
    fact("Node", summary.node.clone());
    fact("Ports", summary.ports.join(", "));
    fact("Hosts", summary.hosts.join(", "));
    if let Some(schedule) = &summary.schedule {
        let words = model::schedule::words(&schedule.cron).unwrap_or_default();
        fact(
            "Schedule",
            format!("{} {words}", schedule.cron).trim().to_owned(),
        );
    }
    facts
}

fn containers(summary: &Summary) -> Vec<ContainerRow> {
    let row = |container: &plane::summary::Container| ContainerRow {
        name: container.name.clone(),
        image: container.image.clone(),
        ready: container.ready,
        restarts: container.restarts,
        state: match (container.state.as_str(), container.reason.as_str()) {
            (state, "") => state.to_owned(),
            (state, reason) => format!("{state}: {reason}"),
        },
    };
    summary.containers.iter().map(row).collect()
}

/// The plane's events about a component's objects.
pub(super) async fn events(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    name: &str,
    environment: &str,
) -> Result<Vec<EventRow>> {
    look(viewer, Kind::Component, project)?;
    let binding = binding(platform, viewer, project, name, environment).await?;
    if binding.namespace.is_empty() {
        return Ok(Vec::new());
    }
    let rows = platform.store().live_of_binding(&binding.id).await?;
    let ours: BTreeSet<(&str, &str)> = rows
        .iter()
        .map(|row| (row.kind.as_str(), row.name.as_str()))
        .collect();
    // Pods that are gone keep their events for a while; they are named after what made them.
    let stems: Vec<String> = rows
        .iter()
        .filter(|row| matches!(row.kind.as_str(), "Deployment" | "CronJob"))
        .map(|row| format!("{}-", row.name))
        .collect();
    let connected = connected(platform, &binding)?;
    let events = connected
        .plane
        .events(&binding.namespace, None)
        .await
        .map_err(|source| Error::Plane {
            plane: binding.plane.clone(),
            source,
        })?;
    let about = |event: &plane::ObjectEvent| {
        ours.contains(&(event.object.kind.as_str(), event.object.name.as_str()))
            || stems
                .iter()
                .any(|stem| event.object.name.starts_with(stem.as_str()))
    };
    Ok(events
        .into_iter()
        .filter(about)
        .map(|event| EventRow {
            at: Moment(event.at),
            warning: event.kind == EventKind::Warning,
            reason: event.reason,
            message: event.message,
            object: format!("{} {}", event.object.kind, event.object.name),
            count: event.count,
        })
        .collect())
}

struct Chosen {
    connected: Connected,
    binding: Binding,
    pods: Vec<(String, Vec<String>)>,
    pod: String,
    container: String,
}

/// Finds the pod and container whose log is wanted: what is asked for, or what most likely is.
async fn choose(platform: &Platform, viewer: &Viewer, question: &LogQuestion) -> Result<Chosen> {
    let thing = Thing::in_project(Kind::Component, &viewer.organization, &question.project);
    may(viewer, Verb::View, &thing)?;
    let binding = binding(
        platform,
        viewer,
        &question.project,
        &question.component,
        &question.environment,
    )
    .await?;
    let rows = platform.store().live_of_binding(&binding.id).await?;
    let mut pods: Vec<&Live> = rows.iter().filter(|row| row.kind == "Pod").collect();
    let bad = |row: &Live| Health::parse(&row.health) == Health::Degraded;
    pods.sort_by_key(|row| (!bad(row), std::cmp::Reverse(row.created_at)));
    let listed: Vec<(String, Vec<String>)> = pods
        .iter()
        .map(|row| {
            let summary: Summary = serde_json::from_str(&row.summary).unwrap_or_default();
            (
                row.name.clone(),
                summary.containers.into_iter().map(|c| c.name).collect(),
            )
        })
        .collect();
    let first = listed
        .first()
        .map(|(pod, _)| pod.clone())
        .unwrap_or_default();
    let pod = if question.pod.is_empty() {
        first
    } else {
        question.pod.clone()
    };
    let Some((_, containers)) = listed.iter().find(|(name, _)| *name == pod) else {
        if pod.is_empty() {
            let connected = connected(platform, &binding)?;
            return Ok(Chosen {
                connected,
                binding,
                pods: listed,
                pod,
                container: String::new(),
            });
        }
        return Err(Problem::not_found("pod of it", &pod).into());
    };
    let container = if question.container.is_empty() {
        let main = containers
            .iter()
            .find(|name| *name == "main")
            .or(containers.first());
        main.cloned().unwrap_or_default()
    } else if containers.contains(&question.container) {
        question.container.clone()
    } else {
        return Err(Problem::not_found("container of that pod", &question.container).into());
    };
    let connected = connected(platform, &binding)?;
    Ok(Chosen {
        connected,
        binding,
        pods: listed,
        pod,
        container,
    })
}

/// So many lines are looked through at most.
const MOST: i64 = 5_000;

async fn lines(chosen: &Chosen, question: &LogQuestion, follow: bool) -> Result<Lines> {
    let tail = match question.tail {
        0 => 200,
        tail => tail.clamp(1, MOST),
    };
    let mut marker = Marker::after(&question.after);
    // Planes count seconds, so the second that the mark is in comes again; the marker knows it.
    let since_time = marker.since().and_then(|at| at.parse().ok());
    let known = since_time.is_some();
    let options = LogOptions {
        container: Some(chosen.container.clone()).filter(|name| !name.is_empty()),
        previous: question.previous,
        follow,
        // What is searched for may stand anywhere; what comes after a mark is wanted whole.
        tail: match (known, question.search.is_empty()) {
            (true, _) => None,
            (false, true) => Some(tail),
            (false, false) => Some(MOST),
        },
        since_seconds: Some(question.since_seconds).filter(|seconds| *seconds > 0 && !known),
        since_time,
        timestamps: true,
    };
    let pod = PodRef {
        namespace: chosen.binding.namespace.clone(),
        name: chosen.pod.clone(),
    };
    let plane = chosen.binding.plane.clone();
    let told = |source: plane::PlaneError| match &source {
        plane::PlaneError::Refused {
            code: 400, message, ..
        } => Error::Told(Problem::invalid(
            "container",
            message,
            "Choose another, or wait until it has started",
        )),
        plane::PlaneError::Refused { code: 404, .. } => {
            Error::Told(Problem::not_found("pod of it", &pod.name))
        }
        _ => Error::Plane {
            plane: plane.clone(),
            source,
        },
    };
    let lines = chosen
        .connected
        .plane
        .logs(&pod, &options)
        .await
        .map_err(told)?;
    let plane = chosen.binding.plane.clone();
    Ok(Box::pin(lines.filter_map(move |line| {
        let line = match line {
            Ok(line) => marker.take(&line).map(Ok),
            Err(source) => Some(Err(Problem::PlaneUnreachable {
                plane: plane.clone(),
                reason: source.to_string(),
            })),
        };
        async { line }
    })))
}

/// Whether a line has the text in it, whatever its case.
fn fits(search: &str, line: &LogLine) -> bool {
    search.is_empty() || line.text.to_lowercase().contains(search)
}

/// The end of a pod's log.
pub(super) async fn log(
    platform: &Platform,
    viewer: &Viewer,
    question: &LogQuestion,
) -> Result<LogView> {
    let chosen = choose(platform, viewer, question).await?;
    let mut read: Vec<LogLine> = if chosen.pod.is_empty() {
        Vec::new()
    } else {
        match lines(&chosen, question, false).await {
            Ok(lines) => lines.filter_map(|line| async { line.ok() }).collect().await,
            // A container that hasn't started, or has no earlier life, has no lines.
            Err(Error::Told(Problem::Invalid { .. })) => Vec::new(),
            Err(error) => return Err(error),
        }
    };
    let last = read.last().map(|line| line.mark.clone());
    let count = i64::try_from(read.len()).unwrap_or(i64::MAX);
    let search = question.search.to_lowercase();
    read.retain(|line| fits(&search, line));
    if question.tail > 0 {
        let most = usize::try_from(question.tail).unwrap_or(usize::MAX);
        read.drain(..read.len().saturating_sub(most));
    }
    Ok(LogView {
        environment: chosen.binding.environment,
        pods: chosen.pods,
        pod: chosen.pod,
        container: chosen.container,
        previous: question.previous,
        lines: read,
        read: count,
        last: last.unwrap_or_default(),
    })
}

/// A pod's log as it grows.
pub(super) async fn follow(
    platform: &Platform,
    viewer: &Viewer,
    question: &LogQuestion,
) -> Result<Lines> {
    let chosen = choose(platform, viewer, question).await?;
    if chosen.pod.is_empty() {
        return Err(Problem::not_found("pod of it", "any").into());
    }
    let lines = lines(&chosen, question, true).await?;
    let search = question.search.to_lowercase();
    Ok(Box::pin(lines.filter(move |line| {
        let wanted = line.as_ref().map_or(true, |line| fits(&search, line));
        async move { wanted }
    })))
}
