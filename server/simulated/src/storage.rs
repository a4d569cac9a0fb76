//! The objects, what changed lately, and what the controllers have yet to look at. One lock around it all;
//! every change goes through [`State::put`] or [`State::remove`] and gets the next resourceVersion.

use crate::kinds::{KINDS, Kind, by_object};
use crate::value::{self, items, text};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

/// Where an object is. Ordered by kind, namespace, name, as lists are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub kind: u16,
    pub namespace: String,
    pub name: String,
}

impl Key {
    pub(crate) fn new(kind: &Kind, namespace: &str, name: &str) -> Self {
        let namespace = if kind.namespaced {
            namespace.to_owned()
        } else {
            String::new()
        };
        Self {
            kind: kind.id(),
            namespace,
            name: name.to_owned(),
        }
    }

    pub(crate) fn kind(&self) -> &'static Kind {
        &KINDS[usize::from(self.kind)]
    }

    fn of(kind: &Kind, object: &Value) -> Self {
        Self::new(
            kind,
            text(&object["metadata"]["namespace"]),
            text(&object["metadata"]["name"]),
        )
    }
}

/// One step of an object's life, for watchers.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub version: u64,
    pub namespace: String,
    /// Before; none for a new object.
    pub old: Option<Arc<Value>>,
    /// After; none for a removed one.
    pub new: Option<Arc<Value>>,
}

/// The last changes of one kind.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    pub changes: VecDeque<Change>,
    /// Versions up to here are forgotten.
    pub forgotten: u64,
}

/// What is known of a pod beyond its object: when its present life began. Rebuilt from timestamps after a restart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Life {
    pub since: i64,
    pub rule: String,
    pub restarts: i64,
    /// The containers ran already when this rule began: nothing is pulled again.
    pub warm: bool,
}

/// All of it.
#[derive(Debug)]
pub(crate) struct State {
    pub name: String,
    pub pace: i64,
    pub history: usize,
    pub version: u64,
    pub objects: BTreeMap<Key, Arc<Value>>,
    pub rings: Vec<Ring>,
    /// Children by their owner's uid.
    pub owned: BTreeMap<String, BTreeSet<Key>>,
    /// uid → where it is.
    pub uids: BTreeMap<String, Key>,
    /// To be reconciled.
    pub dirty: BTreeSet<Key>,
    /// To be reconciled later.
    pub due: BTreeMap<Key, i64>,
    pub lives: BTreeMap<String, Life>,
    /// Events in the order in which they were last told, to expire the oldest.
    pub told: VecDeque<Key>,
    pub serial: u64,
}

impl State {
    pub(crate) fn new(name: &str, pace: i64, history: usize) -> Self {
        Self {
            name: name.to_owned(),
            pace,
            history,
            version: 1,
            objects: BTreeMap::new(),
            rings: KINDS
                .iter()
                .map(|_| Ring {
                    changes: VecDeque::new(),
                    forgotten: 1,
                })
                .collect(),
            owned: BTreeMap::new(),
            uids: BTreeMap::new(),
            dirty: BTreeSet::new(),
            due: BTreeMap::new(),
            lives: BTreeMap::new(),
            told: VecDeque::new(),
            serial: 0,
        }
    }

    pub(crate) fn get(&self, key: &Key) -> Option<&Arc<Value>> {
        self.objects.get(key)
    }

    /// All objects of a kind, in one namespace or in all.
    pub(crate) fn list<'a>(
        &'a self,
        kind: &Kind,
        namespace: &str,
    ) -> impl Iterator<Item = (&'a Key, &'a Arc<Value>)> + use<'a> {
        let id = kind.id();
        let within = if kind.namespaced {
            namespace.to_owned()
        } else {
            String::new()
        };
        let start = Key {
            kind: id,
            namespace: within.clone(),
            name: String::new(),
        };
        self.objects
            .range((Bound::Included(start), Bound::Unbounded))
            .take_while(move |(k, _)| k.kind == id && (within.is_empty() || k.namespace == within))
    }

    /// What an object owns, of one kind.
    pub(crate) fn children(&self, owner: &Value, kind: &Kind) -> Vec<(Key, Arc<Value>)> {
        let id = kind.id();
        let keys = self.owned.get(text(&owner["metadata"]["uid"]));
        keys.into_iter()
            .flatten()
            .filter(|k| k.kind == id)
            .filter_map(|k| self.objects.get(k).map(|o| (k.clone(), o.clone())))
            .collect()
    }

    /// Stores a version and tells watchers and controllers.
    pub(crate) fn put(&mut self, kind: &'static Kind, mut object: Value) -> Arc<Value> {
        self.version += 1;
        object["metadata"]["resourceVersion"] = self.version.to_string().into();
        let key = Key::of(kind, &object);
        let object = Arc::new(object);
        let old = self.objects.insert(key.clone(), object.clone());
        if let Some(old) = &old {
            self.unlink(&key, old);
        }
        self.link(&key, &object);
        self.record(&key, old.clone(), Some(object.clone()));
        if key.kind().kind != "Event" {
            self.disturb(&key, old.as_deref());
            self.disturb(&key, Some(&object));
            let word = |o: &Value| o["metadata"]["annotations"][crate::SIMULATE].clone();
            if old.is_some_and(|old| word(&old) != word(&object)) {
                self.disturb_below(&object, 3);
            }
        }
        object
    }

    /// Removes an object for good.
    pub(crate) fn remove(&mut self, key: &Key) -> Option<Arc<Value>> {
        let old = self.objects.remove(key)?;
        self.version += 1;
        self.unlink(key, &old);
        self.due.remove(key);
        self.lives.remove(text(&old["metadata"]["uid"]));
        self.record(key, Some(old.clone()), None);
        if key.kind().kind != "Event" {
            let uid = text(&old["metadata"]["uid"]);
            self.dirty
                .extend(self.owned.get(uid).into_iter().flatten().cloned());
            self.disturb(key, Some(&old));
            self.disturb_above(&old);
        }
        Some(old)
    }

    fn record(&mut self, key: &Key, old: Option<Arc<Value>>, new: Option<Arc<Value>>) {
        let ring = &mut self.rings[usize::from(key.kind)];
        // A removed object goes out with the version of its removal, as a real server sends it.
        let old = match (&new, old) {
            (None, Some(old)) => {
                let mut last = (*old).clone();
                last["metadata"]["resourceVersion"] = self.version.to_string().into();
                Some(Arc::new(last))
            }
            (_, old) => old,
        };
        ring.changes.push_back(Change {
            version: self.version,
            namespace: key.namespace.clone(),
            old,
            new,
        });
        while ring.changes.len() > self.history {
            if let Some(gone) = ring.changes.pop_front() {
                ring.forgotten = gone.version;
            }
        }
    }

    /// Marks what a change of this object concerns: itself, its owners, and what looks at its kind.
    fn disturb(&mut self, key: &Key, object: Option<&Value>) {
        self.dirty.insert(key.clone());
        for owner in object.map_or(&[][..], |o| items(&o["metadata"]["ownerReferences"])) {
            if let Some(owner) = self.uids.get(text(&owner["uid"])) {
                self.dirty.insert(owner.clone());
            }
        }
        let interested: &[&str] = match key.kind().kind {
            "Pod" => &["Service", "PodDisruptionBudget"],
            "Service" => &["HTTPRoute", "GRPCRoute"],
            "Deployment" => &["HorizontalPodAutoscaler"],
            _ => &[],
        };
        for kind in interested {
            let kind = crate::kinds::by_kind(kind);
            let keys: Vec<Key> = self
                .list(kind, &key.namespace)
                .map(|(k, _)| k.clone())
                .collect();
            self.dirty.extend(keys);
        }
        if !key.namespace.is_empty() {
            let namespace = Key::new(crate::kinds::by_kind("Namespace"), "", &key.namespace);
            if self
                .objects
                .get(&namespace)
                .is_some_and(|n| !n["metadata"]["deletionTimestamp"].is_null())
            {
                self.dirty.insert(namespace);
            }
        }
    }

    /// The owners' owners: a Deployment waits for its last old pod.
    fn disturb_above(&mut self, object: &Value) {
        for owner in items(&object["metadata"]["ownerReferences"]) {
            let above = self
                .uids
                .get(text(&owner["uid"]))
                .and_then(|k| self.objects.get(k))
                .cloned();
            for owner in above
                .iter()
                .flat_map(|o| items(&o["metadata"]["ownerReferences"]))
            {
                if let Some(key) = self.uids.get(text(&owner["uid"])) {
                    self.dirty.insert(key.clone());
                }
            }
        }
    }

    /// All that comes from an object: it was told to behave otherwise.
    fn disturb_below(&mut self, object: &Value, depth: u8) {
        let children: Vec<Key> = self
            .owned
            .get(text(&object["metadata"]["uid"]))
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        for key in children {
            if let (true, Some(child)) = (depth > 0, self.objects.get(&key).cloned()) {
                self.disturb_below(&child, depth - 1);
            }
            self.dirty.insert(key);
        }
    }

    fn link(&mut self, key: &Key, object: &Value) {
        self.uids
            .insert(text(&object["metadata"]["uid"]).to_owned(), key.clone());
        for owner in items(&object["metadata"]["ownerReferences"]) {
            self.owned
                .entry(text(&owner["uid"]).to_owned())
                .or_default()
                .insert(key.clone());
        }
    }

    fn unlink(&mut self, key: &Key, object: &Value) {
        self.uids.remove(text(&object["metadata"]["uid"]));
        for owner in items(&object["metadata"]["ownerReferences"]) {
            let uid = text(&owner["uid"]);
            if let Some(children) = self.owned.get_mut(uid) {
                children.remove(key);
                if children.is_empty() {
                    self.owned.remove(uid);
                }
            }
        }
    }

    /// Changes an object in place, as a controller does; nothing is stored when nothing is different.
    pub(crate) fn modify(
        &mut self,
        key: &Key,
        change: impl FnOnce(&mut Value),
    ) -> Option<Arc<Value>> {
        let old = self.objects.get(key)?.clone();
        let mut new = (*old).clone();
        change(&mut new);
        if new == *old {
            return Some(old);
        }
        if key.kind().generation && key.kind().kind != "Pod" && new["spec"] != old["spec"] {
            new["metadata"]["generation"] =
                (value::int(&old["metadata"]["generation"], 0) + 1).into();
        }
        Some(self.put(key.kind(), new))
    }

    /// A number that differs for each call and after each restart.
    pub(crate) fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        value::hash(&format!("{}/{}/{}", self.name, self.version, self.serial))
    }

    /// An id for a new object: by its time and the place in this cluster's history.
    pub(crate) fn next_uid(&mut self, now: i64) -> String {
        let (a, b) = (self.next_serial(), now.unsigned_abs());
        let mut rest = [0; 10];
        rest[..8].copy_from_slice(&value::hash(&format!("{a}/{b}")).to_be_bytes());
        rest[8..].copy_from_slice(&a.to_be_bytes()[..2]);
        uuid::Builder::from_unix_timestamp_millis(b / 1_000, &rest)
            .into_uuid()
            .to_string()
    }

    /// Everything, to be stored.
    pub(crate) fn snapshot(&self) -> Value {
        let objects: Vec<&Value> = self.objects.values().map(|o| &**o).collect();
        json!({"format": 1, "name": self.name, "resourceVersion": self.version, "objects": objects})
    }

    /// Takes a snapshot up again. What doesn't belong to a known kind is left out.
    pub(crate) fn load(&mut self, snapshot: &Value) {
        self.version = snapshot["resourceVersion"].as_u64().unwrap_or(1).max(1);
        for object in items(&snapshot["objects"]) {
            let Some(kind) = by_object(text(&object["apiVersion"]), text(&object["kind"])) else {
                continue;
            };
            let key = Key::of(kind, object);
            let object = Arc::new(object.clone());
            self.link(&key, &object);
            self.objects.insert(key.clone(), object);
            if kind.kind == "Event" {
                self.told.push_back(key);
            } else {
                self.dirty.insert(key);
            }
        }
        for ring in &mut self.rings {
            ring.forgotten = self.version;
        }
    }
}

/// The owner that controls an object.
pub(crate) fn controller(object: &Value) -> Option<&Value> {
    items(&object["metadata"]["ownerReferences"])
        .iter()
        .find(|o| o["controller"] == true)
}
