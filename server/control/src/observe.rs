//! Watches planes: what is seen is written down, and the bindings it belongs to are judged anew.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::StreamExt;
use plane::{Observed, Plane, Watched, health, json, label, summary};
use serde_json::Value;
use store::{jobs, live::Live};
use tokio_util::sync::CancellationToken;

use crate::{Platform, Result, clock, drift, follow};

/// The kinds that are rendered, and what their controllers make of them.
const KINDS: &[(&str, &str)] = &[
    ("apps/v1", "Deployment"),
    ("apps/v1", "ReplicaSet"),
    ("v1", "Pod"),
    ("v1", "Service"),
    ("v1", "ServiceAccount"),
    ("v1", "ConfigMap"),
    ("batch/v1", "CronJob"),
    ("batch/v1", "Job"),
    ("gateway.networking.k8s.io/v1", "HTTPRoute"),
];

/// So many events are taken at once.
const BATCH: usize = 256;

/// What is seen now, by plane. Judging needs whole objects; the database keeps digests.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<BTreeMap<(String, String), PlaneMemory>>>);

#[derive(Default)]
struct PlaneMemory {
    objects: BTreeMap<String, Value>,
    by_binding: BTreeMap<String, BTreeSet<String>>,
    known: BTreeSet<String>,
    repairs: drift::Repairs,
}

impl Memory {
    /// All objects of a binding, or `None` until every kind was listed once.
    pub fn of_binding(&self, org: &str, plane: &str, binding: &str) -> Option<Vec<Value>> {
        let planes = self
            .0
            .lock()
            .expect("no one panics while holding the memory");
        let memory = planes.get(&(org.to_owned(), plane.to_owned()))?;
        if memory.known.len() < KINDS.len() {
            return None;
        }
        let uids = memory.by_binding.get(binding);
        let objects = uids
            .into_iter()
            .flatten()
            .filter_map(|uid| memory.objects.get(uid));
        Some(objects.cloned().collect())
    }

    fn with<T>(&self, org: &str, plane: &str, change: impl FnOnce(&mut PlaneMemory) -> T) -> T {
        let mut planes = self
            .0
            .lock()
            .expect("no one panics while holding the memory");
        change(
            planes
                .entry((org.to_owned(), plane.to_owned()))
                .or_default(),
        )
    }

    fn forget(&self, org: &str, plane: &str) {
        let mut planes = self
            .0
            .lock()
            .expect("no one panics while holding the memory");
        planes.remove(&(org.to_owned(), plane.to_owned()));
    }
}

impl PlaneMemory {
    fn remove(&mut self, uid: &str) -> Option<Value> {
        let old = self.objects.remove(uid)?;
        if let Some(uids) = self.by_binding.get_mut(binding_of(&old)) {
            uids.remove(uid);
        }
        Some(old)
    }
}

fn binding_of(object: &Value) -> &str {
    json::label(object, label::BINDING).unwrap_or_default()
}

/// Watches one plane until told to stop.
pub async fn run(
    platform: Platform,
    org: String,
    name: String,
    plane: Plane,
    stop: CancellationToken,
) {
    platform.0.live.forget(&org, &name);
    let kinds: Vec<Watched> = KINDS
        .iter()
        .map(|(api, kind)| Watched::ours(api, kind))
        .collect();
    let mut batches = plane.watch(&kinds).ready_chunks(BATCH);
    loop {
        let batch = tokio::select! {
            batch = batches.next() => match batch {
                Some(batch) => batch,
                None => return,
            },
            () = stop.cancelled() => return,
        };
        // What was seen and not written would be lost until the next list, so it is tried again.
        let mut pause = Duration::from_millis(200);
        while let Err(error) = take(&platform, &org, &name, &batch).await {
            tracing::warn!(plane = name, %error, "what was seen couldn't be written down");
            tokio::select! {
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(Duration::from_secs(10)),
                () = stop.cancelled() => return,
            }
        }
        platform.wake();
    }
}

/// Takes in what was seen.
async fn take(platform: &Platform, org: &str, name: &str, batch: &[Observed]) -> Result<()> {
    let now = clock::now().0;
    let mut touched: BTreeSet<String> = BTreeSet::new();
    let mut drifted: BTreeSet<String> = BTreeSet::new();
    let mut tx = platform.store().begin(now).await?;
    for observed in batch {
        match observed {
            Observed::Seen(object) => {
                let Some(live) = digest(org, name, object, now) else {
                    continue;
                };
                touched.insert(live.binding_id.clone());
                if remember(platform, org, name, object) {
                    drifted.insert(live.binding_id.clone());
                }
                let known = tx.live(org, name, &live.uid).await?;
                if known.is_none_or(|known| {
                    Live {
                        seen_at: now,
                        ..known
                    } != live
                }) {
                    tx.save_live(&live).await?;
                }
            }
            Observed::Gone(_, uid) => {
                let was = platform.0.live.with(org, name, |memory| memory.remove(uid));
                // One of ours that went: wanted or not, its binding knows.
                let own = was.filter(|object| !drift::made_by_a_controller(object));
                drifted.extend(own.map(|object| binding_of(&object).to_owned()));
                touched.extend(tx.remove_live(org, name, uid).await?);
            }
            Observed::Listed { kind, uids } => {
                let known = platform.store().live_uids(org, name, &kind.kind).await?;
                for uid in known.iter().filter(|uid| !uids.contains(*uid)) {
                    platform.0.live.with(org, name, |memory| memory.remove(uid));
                    touched.extend(tx.remove_live(org, name, uid).await?);
                }
                if know(platform, org, name, &kind.kind) {
                    touched.extend(tx.binding_ids(org, "", "", "", name).await?);
                }
            }
            Observed::Absent { kind } | Observed::Live { kind } => {
                if know(platform, org, name, &kind.kind) {
                    touched.extend(tx.binding_ids(org, "", "", "", name).await?);
                }
            }
            Observed::Lost { kind, error } => {
                tracing::warn!(plane = name, kind = kind.kind, %error, "a kind is no longer seen");
                tx.put_job(&follow::plane_key(org, name), jobs::URGENT)
                    .await?;
            }
        }
    }
    for binding in touched.iter().filter(|binding| !binding.is_empty()) {
        tx.put_job(&format!("verdict/{binding}"), jobs::URGENT)
            .await?;
    }
    tx.commit().await?;
    for binding in drifted.iter().filter(|binding| !binding.is_empty()) {
        let due = platform
            .0
            .live
            .with(org, name, |memory| memory.repairs.due(binding, now));
        let key = follow::resync_key(binding);
        platform
            .store()
            .put_job(&key, jobs::NORMAL, due, now)
            .await?;
    }
    Ok(())
}

/// Notes that a kind is seen. Tells whether it was the last one that was missing.
fn know(platform: &Platform, org: &str, name: &str, kind: &str) -> bool {
    platform.0.live.with(org, name, |memory| {
        memory.known.insert(kind.to_owned()) && memory.known.len() == KINDS.len()
    })
}

/// Keeps an object as seen now. Tells whether somebody else wrote to it since.
fn remember(platform: &Platform, org: &str, name: &str, object: &Value) -> bool {
    let uid = json::text(object, "metadata.uid").to_owned();
    let binding = binding_of(object).to_owned();
    platform.0.live.with(org, name, |memory| {
        memory
            .by_binding
            .entry(binding)
            .or_default()
            .insert(uid.clone());
        let before = memory.objects.insert(uid, object.clone());
        before.is_some_and(|before| drift::is_foreign(&before, object))
    })
}

/// What the database keeps of an object; `None` for one that is no binding's.
fn digest(org: &str, plane: &str, object: &Value, now: i64) -> Option<Live> {
    let binding = binding_of(object);
    let uid = json::text(object, "metadata.uid");
    if binding.is_empty() || uid.is_empty() {
        return None;
    }
    let verdict = health::judge(object, now);
    let summary = summary::summary(object);
    let owners = json::list(object, "metadata.ownerReferences");
    let owner = owners
        .iter()
        .find(|owner| owner["controller"] == Value::Bool(true));
    Some(Live {
        organization: org.into(),
        plane: plane.into(),
        uid: uid.into(),
        binding_id: binding.into(),
        api_version: json::text(object, "apiVersion").into(),
        kind: json::text(object, "kind").into(),
        namespace: json::text(object, "metadata.namespace").into(),
        name: json::text(object, "metadata.name").into(),
        owner_uid: owner.map_or("", |owner| json::text(owner, "uid")).into(),
        health: verdict.health.as_str().into(),
        code: verdict.code,
        sentence: verdict.sentence,
        created_at: summary.created.unwrap_or_default(),
        summary: serde_json::to_string(&summary).expect("plain data serialises"),
        seen_at: now,
    })
}
