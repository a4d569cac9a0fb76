//! Kubernetes Events: what controllers tell. The same news again raises a count; old ones expire.

use crate::kinds::by_kind;
use crate::storage::{Key, State};
use crate::value::{hash, int, parse_time, stamp, text};
use serde_json::{Value, json};

/// No more than this many are kept.
const MOST: usize = 2_000;
/// Nor any older than an hour.
const OLDEST: i64 = 3_600_000_000;

/// One piece of news.
#[derive(Clone, Copy, Debug)]
pub(crate) struct News<'a> {
    pub component: &'static str,
    pub warning: bool,
    pub reason: &'a str,
    pub message: &'a str,
    /// The container it is about, if any.
    pub container: Option<&'a str>,
}

impl<'a> News<'a> {
    pub(crate) fn normal(component: &'static str, reason: &'a str, message: &'a str) -> Self {
        Self {
            component,
            warning: false,
            reason,
            message,
            container: None,
        }
    }

    pub(crate) fn warning(component: &'static str, reason: &'a str, message: &'a str) -> Self {
        Self {
            warning: true,
            ..Self::normal(component, reason, message)
        }
    }
}

/// Tells news about an object.
pub(crate) fn tell(state: &mut State, about: &Value, news: &News, now: i64) {
    let kind = by_kind("Event");
    let meta = &about["metadata"];
    let namespace = match text(&meta["namespace"]) {
        "" => "default",
        named => named,
    };
    let seed = format!(
        "{}/{}/{}/{:?}",
        text(&meta["uid"]),
        news.reason,
        news.message,
        news.container
    );
    let key = Key::new(
        kind,
        namespace,
        &format!("{}.{:016x}", text(&meta["name"]), hash(&seed)),
    );
    expire(state, now);
    if state.get(&key).is_some() {
        state.modify(&key, |e| {
            e["count"] = (int(&e["count"], 1) + 1).into();
            e["lastTimestamp"] = stamp(now).into();
        });
        return;
    }
    let uid = state.next_uid(now);
    let mut object = json!({
        "apiVersion": "v1", "kind": "Event",
        "metadata": {"name": key.name, "namespace": namespace, "uid": uid,
            "creationTimestamp": stamp(now)},
        "involvedObject": {"kind": about["kind"], "apiVersion": about["apiVersion"], "name": meta["name"],
            "namespace": meta["namespace"], "uid": meta["uid"], "resourceVersion": meta["resourceVersion"]},
        "reason": news.reason, "message": news.message, "type": if news.warning { "Warning" } else { "Normal" },
        "source": {"component": news.component}, "reportingComponent": news.component, "reportingInstance": "",
        "firstTimestamp": stamp(now), "lastTimestamp": stamp(now), "count": 1, "eventTime": null,
    });
    if news.component == "kubelet" {
        object["source"]["host"] = crate::NODE.into();
        object["reportingInstance"] = crate::NODE.into();
    }
    if let Some(container) = news.container {
        object["involvedObject"]["fieldPath"] = format!("spec.containers{{{container}}}").into();
    }
    crate::value::strip_nulls(&mut object);
    state.put(kind, object);
    state.told.push_back(key);
}

fn expire(state: &mut State, now: i64) {
    while let Some(first) = state.told.front().cloned() {
        let last = state
            .get(&first)
            .map(|e| parse_time(&e["lastTimestamp"]).unwrap_or_default());
        let keep = state.told.len() < MOST && last.is_some_and(|t| now - t < OLDEST);
        if keep {
            return;
        }
        state.told.pop_front();
        // Told again meanwhile: it is young.
        match last {
            Some(t) if now - t < OLDEST / 4 && state.told.len() < MOST - 1 => {
                state.told.push_back(first)
            }
            Some(_) => {
                state.remove(&first);
            }
            None => {}
        }
    }
}
