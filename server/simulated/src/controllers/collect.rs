//! Garbage collection: children without owners, objects on their way out, namespaces with what is in them.

use super::make;
use crate::delete::{self, Options};
use crate::kinds::by_kind;
use crate::storage::{Key, State};
use crate::value::{int, items, text};
use serde_json::{Value, json};

/// Deletes an object whose owners are all gone. True when it did.
pub(crate) fn orphaned(state: &mut State, key: &Key, object: &Value, now: i64) -> bool {
    let owners = items(&object["metadata"]["ownerReferences"]);
    if owners.is_empty()
        || owners
            .iter()
            .any(|o| state.uids.contains_key(text(&o["uid"])))
    {
        return false;
    }
    if !object["metadata"]["deletionTimestamp"].is_null() {
        return false;
    }
    let _ = delete::delete(state, key, &Options::default(), now);
    true
}

/// Goes on with a deletion that has begun. True when there is one.
pub(crate) fn deleting(state: &mut State, key: &Key, object: &Value, now: i64) -> bool {
    if object["metadata"]["deletionTimestamp"].is_null() {
        return false;
    }
    let finalizers = items(&object["metadata"]["finalizers"]);
    if finalizers.iter().any(|f| f == "foregroundDeletion") {
        foreground(state, key, object, now);
        return true;
    }
    match key.kind().kind {
        "Pod" => terminate(state, key, object, now),
        "Namespace" => empty(state, key, now),
        _ => {}
    }
    true
}

/// Children first; the finalizer goes when none is left that holds its owner back.
fn foreground(state: &mut State, key: &Key, object: &Value, now: i64) {
    let uid = text(&object["metadata"]["uid"]);
    let children: Vec<Key> = state
        .owned
        .get(uid)
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let mut held = false;
    for child in children {
        let Some(found) = state.get(&child).cloned() else {
            continue;
        };
        let blocks = items(&found["metadata"]["ownerReferences"])
            .iter()
            .any(|o| text(&o["uid"]) == uid && o["blockOwnerDeletion"] == true);
        if found["metadata"]["deletionTimestamp"].is_null() {
            let options = Options {
                policy: "Foreground".into(),
                ..Options::default()
            };
            let _ = delete::delete(state, &child, &options, now);
        }
        held |= blocks && state.get(&child).is_some();
    }
    if held {
        return;
    }
    let left = state.modify(key, |o| {
        if let Some(list) = o["metadata"]["finalizers"].as_array_mut() {
            list.retain(|f| f != "foregroundDeletion");
        }
    });
    let done = left.is_some_and(|o| items(&o["metadata"]["finalizers"]).is_empty());
    if done && key.kind().kind != "Pod" {
        state.remove(key);
    }
}

/// A pod's containers stop within a moment, never later than its grace.
fn terminate(state: &mut State, key: &Key, pod: &Value, now: i64) {
    let meta = &pod["metadata"];
    let grace = int(&meta["deletionGracePeriodSeconds"], 0) * 1_000_000;
    if !items(&meta["finalizers"]).is_empty() {
        return;
    }
    let uid = text(&meta["uid"]).to_owned();
    let begun = state
        .lives
        .get(&uid)
        .filter(|l| l.rule == ENDING)
        .map(|l| l.since);
    let ends = begun.unwrap_or(now + grace.min(state.pace / 3));
    if now >= ends {
        state.remove(key);
        return;
    }
    if begun.is_none() {
        // A pod that is on its way out remembers when it will be gone.
        let life = crate::storage::Life {
            since: ends,
            rule: ENDING.into(),
            restarts: 0,
            warm: true,
        };
        state.lives.insert(uid, life);
        for container in items(&pod["spec"]["containers"]) {
            let name = text(&container["name"]);
            let message = format!("Stopping container {name}");
            let news = super::events::News {
                container: Some(name),
                ..super::events::News::normal("kubelet", "Killing", &message)
            };
            super::events::tell(state, pod, &news, now);
        }
        state.modify(key, |o| crate::pods::unready(&mut o["status"], now));
    }
    state.due.insert(key.clone(), ends);
}

/// The rule of a pod that is on its way out.
const ENDING: &str = "\u{0}ending";

/// Removes what is in a namespace, then the namespace.
fn empty(state: &mut State, key: &Key, now: i64) {
    let inside: Vec<Key> = state
        .objects
        .keys()
        .filter(|k| k.namespace == key.name)
        .cloned()
        .collect();
    for one in &inside {
        let fresh = state
            .get(one)
            .is_some_and(|o| o["metadata"]["deletionTimestamp"].is_null());
        if fresh {
            let _ = delete::delete(state, one, &Options::default(), now);
        }
    }
    // Events told while the content went.
    let events = by_kind("Event").id();
    let left: Vec<Key> = state
        .objects
        .keys()
        .filter(|k| k.namespace == key.name)
        .cloned()
        .collect();
    if left.iter().all(|k| k.kind == events) {
        left.iter().for_each(|k| {
            state.remove(k);
        });
        state.remove(key);
    }
}

/// Every namespace has its default account.
pub(crate) fn furnish(state: &mut State, key: &Key, now: i64) -> Option<i64> {
    if state
        .get(&Key::new(by_kind("ServiceAccount"), &key.name, "default"))
        .is_none()
    {
        let _ = make(
            state,
            "ServiceAccount",
            &key.name,
            json!({"metadata": {"name": "default"}}),
            now,
        );
    }
    None
}
