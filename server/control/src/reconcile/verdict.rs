//! How a binding runs: the worst of its objects, in words, and what that makes of its attempt.

use std::time::Duration;

use futures::StreamExt;
use model::{
    health::{Health, Verdict},
    view::DeploymentStatus,
};
use plane::{LogOptions, ObjectRef, PlaneState, PodRef, health, json, label, summary};
use serde_json::Value;
use store::{bindings::Binding, jobs};

use super::Next;
use crate::{Platform, Result, clock};

/// The last so many lines of a failing container are kept.
const LINES: i64 = 12;
/// So long, in microseconds, an object that was just written may be unseen.
const GRACE: i64 = 30_000_000;

/// Puts every binding of a plane in to be judged anew.
pub(crate) async fn refresh(platform: &Platform, org: &str, plane: &str) -> Result<()> {
    let mut tx = platform.store().begin(clock::now().0).await?;
    for id in tx.binding_ids(org, "", "", "", plane).await? {
        tx.put_job(&format!("verdict/{id}"), jobs::NORMAL).await?;
    }
    tx.commit().await?;
    platform.wake();
    Ok(())
}

/// Judges one binding.
pub(super) async fn reconcile(platform: &Platform, id: &str) -> Result<Next> {
    let Some(before) = platform.store().binding(id).await? else {
        return Ok(Next::Done);
    };
    let Some(number) = before.release else {
        return Ok(Next::Done);
    };
    let Some(release) = platform.store().release(id, number).await? else {
        return Ok(Next::Done);
    };
    let Some(connected) = platform.planes().get(&before.organization, &before.plane) else {
        return Ok(Next::Done);
    };
    let wanted: Vec<Value> = serde_json::from_str(&release.objects).unwrap_or_default();
    let now = clock::now().0;
    let seen = platform
        .0
        .live
        .of_binding(&before.organization, &before.plane, id);
    let (verdict, again) = match (connected.plane.state(), seen.as_deref()) {
        (PlaneState::Unreachable { error, .. }, _) => (unreachable(&before, &error), None),
        (PlaneState::Live, None) => return Ok(Next::Done),
        (PlaneState::Live, Some(seen)) => worst(&wanted, seen, number, release.created_at, now),
    };
    let seen = seen.unwrap_or_default();
    let (ready, pods) = replicas(&seen);
    let mut after = Binding {
        ready,
        wanted: pods,
        ..before.clone()
    };
    if verdict.health.as_str() != before.health {
        after.since = now;
    }
    after.health = verdict.health.as_str().into();
    after.sentence = verdict.sentence.clone();
    if verdict.health == Health::Degraded {
        if before.sentence != after.sentence || before.last_lines == "[]" {
            let lines = last_lines(&connected.plane, &seen, now).await;
            after.last_lines = serde_json::to_string(&lines).expect("text serialises");
        }
    } else {
        after.last_lines = "[]".into();
    }
    write(platform, &before, after, verdict.health).await?;
    Ok(again.map_or(Next::Done, Next::In))
}

fn unreachable(before: &Binding, error: &str) -> Verdict {
    Verdict {
        health: Health::Unknown,
        code: "PlaneUnreachable".into(),
        sentence: format!("DataPlane {} doesn't answer: {error}", before.plane),
        container: None,
    }
}

/// The worst of what is wanted; and when to look again though nothing more is seen.
fn worst(
    wanted: &[Value],
    seen: &[Value],
    number: i64,
    since: i64,
    now: i64,
) -> (Verdict, Option<i64>) {
    let mut worst = Verdict {
        health: Health::Suspended,
        ..Verdict::default()
    };
    let mut again = None;
    let pods: Vec<Value> = seen
        .iter()
        .filter(|object| json::text(object, "kind") == "Pod")
        .cloned()
        .collect();
    let mut judged = 0;
    for object in wanted {
        let Ok(reference) = ObjectRef::of(object) else {
            continue;
        };
        if reference.kind == "Namespace" {
            continue;
        }
        let live = seen
            .iter()
            .find(|live| ObjectRef::of(live).is_ok_and(|r| same(&r, &reference)));
        let release = live.and_then(|live| json::annotation(live, label::RELEASE));
        let verdict = match live {
            Some(live) if release == Some(number.to_string().as_str()) => {
                health::workload(live, &pods, now)
            }
            None if now - since > GRACE => health::missing(),
            _ => {
                again = Some(5);
                Verdict {
                    health: Health::Progressing,
                    sentence: format!("{} is being written", reference.kind),
                    ..Verdict::default()
                }
            }
        };
        if verdict.health == Health::Progressing {
            // A deadline may pass without anything being seen.
            again = again.or(Some(15));
        }
        // These are there or not. That a Service finds no pods follows from its workload, which
        // says why; told on its own it would make every start and every stop look like a failure.
        let passive = matches!(
            reference.kind.as_str(),
            "ServiceAccount" | "ConfigMap" | "Service"
        );
        if passive && live.is_some() {
            continue;
        }
        let named = match verdict.health {
            Health::Missing => format!("{} {} is not on the plane", reference.kind, reference.name),
            _ => verdict.sentence.clone(),
        };
        judged += 1;
        if judged == 1 || verdict.health > worst.health {
            worst = Verdict {
                sentence: named,
                ..verdict
            };
        }
    }
    if judged == 0 {
        worst.health = Health::Healthy;
    }
    (worst, again)
}

fn same(one: &ObjectRef, other: &ObjectRef) -> bool {
    one.kind == other.kind && one.namespace == other.namespace && one.name == other.name
}

/// Pods that are ready, and pods that are wanted, over all workloads.
fn replicas(seen: &[Value]) -> (i64, i64) {
    let workloads = seen
        .iter()
        .filter(|object| json::text(object, "kind") == "Deployment");
    workloads
        .map(summary::summary)
        .fold((0, 0), |(ready, wanted), summary| {
            (
                ready + summary.ready.unwrap_or(0),
                wanted + summary.wanted.unwrap_or(0),
            )
        })
}

/// The last lines of the container that is to blame. None, when the plane is slow to give them.
async fn last_lines(plane: &plane::Plane, seen: &[Value], now: i64) -> Vec<String> {
    let blamed = seen
        .iter()
        .filter(|object| json::text(object, "kind") == "Pod")
        .map(|pod| (pod, health::judge(pod, now)))
        .find(|(_, verdict)| verdict.health == Health::Degraded);
    let Some((pod, verdict)) = blamed else {
        return Vec::new();
    };
    let reference = PodRef {
        namespace: json::text(pod, "metadata.namespace").into(),
        name: json::text(pod, "metadata.name").into(),
    };
    let read = async {
        for previous in [true, false] {
            let options = LogOptions {
                container: verdict.container.clone(),
                previous,
                tail: Some(LINES),
                ..LogOptions::default()
            };
            let Ok(lines) = plane.logs(&reference, &options).await else {
                continue;
            };
            let lines: Vec<String> = lines.filter_map(|line| async { line.ok() }).collect().await;
            if !lines.is_empty() {
                return lines;
            }
        }
        Vec::new()
    };
    tokio::time::timeout(Duration::from_secs(3), read)
        .await
        .unwrap_or_default()
}

/// Writes the verdict down, unless it is known; and ends the attempt that it decides.
async fn write(
    platform: &Platform,
    before: &Binding,
    after: Binding,
    health: Health,
) -> Result<()> {
    let attempt = match &after.deployment_id {
        Some(id) => platform.store().deployment(id).await?,
        None => None,
    };
    let now = clock::now().0;
    let decided = attempt.and_then(|mut attempt| {
        let status = decide(DeploymentStatus::parse(&attempt.status), health)?;
        attempt.status = status.as_str().into();
        if status == DeploymentStatus::Failed {
            attempt.sentence = after.sentence.clone();
        } else if attempt.sentence == before.sentence {
            attempt.sentence = String::new();
        }
        attempt.finished_at = Some(now);
        Some(attempt)
    });
    if decided.is_none() && *before == after {
        return Ok(());
    }
    let mut tx = platform.store().begin(now).await?;
    // Between reading and now the binding's own job may have written: only what a verdict says
    // is put over it.
    if let Some(current) = tx.binding(&after.id).await?
        && current.release == after.release
    {
        let merged = Binding {
            health: after.health,
            sentence: after.sentence,
            since: after.since,
            ready: after.ready,
            wanted: after.wanted,
            last_lines: after.last_lines,
            ..current
        };
        tx.save_binding(&merged).await?;
    }
    if let Some(attempt) = decided {
        tx.save_deployment(&attempt).await?;
    }
    tx.commit().await?;
    platform.wake();
    Ok(())
}

/// What a verdict makes of an attempt; `None` when it stays as it is. One that failed and then
/// came right, while still the newest, has succeeded after all.
fn decide(status: DeploymentStatus, health: Health) -> Option<DeploymentStatus> {
    use DeploymentStatus::{Failed, Progressing, Succeeded};
    match (status, health) {
        (Progressing | Failed, Health::Healthy | Health::Suspended) => Some(Succeeded),
        (Progressing, Health::Degraded) => Some(Failed),
        _ => None,
    }
}
