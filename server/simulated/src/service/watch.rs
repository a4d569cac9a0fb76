//! Watches: what changed since a version, as lines of JSON, until the client goes or the time is up.
//! A watch holds nothing but its place; changes are read out of the kind's history when it is woken.

use super::{Answer, Call, Place, read, streamed};
use crate::cluster::Inner;
use crate::failure::Failure;
use crate::faults::Harm;
use crate::kinds::Kind;
use crate::selector::Selector;
use crate::storage::State;
use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::time::Instant;

struct Watch {
    inner: Weak<Inner>,
    changed: tokio::sync::watch::Receiver<u64>,
    kind: &'static Kind,
    namespace: String,
    path: String,
    selector: Selector,
    partial: bool,
    bookmarks: bool,
    version: u64,
    alarm: u64,
    deadline: Instant,
    bookmark_at: Instant,
    bookmark_every: Duration,
    ready: VecDeque<Bytes>,
    over: bool,
}

/// Opens a watch.
pub(super) fn answer(
    inner: &Arc<Inner>,
    call: &Call,
    place: &Place,
    broken: Option<Harm>,
) -> Result<Answer, Failure> {
    let selector = call.selector()?;
    let initial = call.query.truth("sendInitialEvents");
    let wanted = call.query.get("resourceVersion");
    let since: u64 = match wanted {
        "" => 0,
        v => v
            .parse()
            .map_err(|_| Failure::bad_request(format!("invalid resource version \"{v}\"")))?,
    };
    let seconds = call
        .query
        .number("timeoutSeconds")
        .and_then(|s| u64::try_from(s).ok())
        .unwrap_or(1_800);
    let now = Instant::now();
    let mut watch = Watch {
        inner: Arc::downgrade(inner),
        changed: inner.changed.subscribe(),
        kind: place.kind,
        namespace: place.namespace.clone(),
        path: format!("{}{}", place.namespace, place.kind.plural),
        selector,
        partial: call.partial,
        bookmarks: call.query.truth("allowWatchBookmarks"),
        version: since,
        alarm: inner.alarm.load(Ordering::SeqCst),
        deadline: now + Duration::from_secs(seconds),
        bookmark_at: now + inner.bookmark,
        bookmark_every: inner.bookmark,
        ready: VecDeque::new(),
        over: false,
    };
    watch.path = format!("/{}/{}", place.namespace, place.kind.plural);
    match broken {
        Some(Harm::Expire) => watch.expire(since, inner.state().version),
        Some(_) => watch.over = true,
        None => {
            let state = inner.state();
            if since == 0 || initial {
                watch.begin(&state, initial);
            } else if since > state.version {
                // Another history than this one: the cluster was made anew.
                watch.expire(since, state.version);
            }
        }
    }
    let lines = stream::unfold(watch, |mut watch| async move {
        watch.next().await.map(|line| (line, watch))
    });
    Ok(streamed("application/json", lines.boxed()))
}

impl Watch {
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(line) = self.ready.pop_front() {
                return Some(line);
            }
            if self.over {
                return None;
            }
            self.changed.borrow_and_update();
            self.look()?;
            if !self.ready.is_empty() || self.over {
                continue;
            }
            let until = if self.bookmarks {
                self.bookmark_at.min(self.deadline)
            } else {
                self.deadline
            };
            tokio::select! {
                changed = self.changed.changed() => changed.ok()?,
                () = tokio::time::sleep_until(until) => self.pause(),
            }
        }
    }

    /// Time for a bookmark, or the end.
    fn pause(&mut self) {
        let now = Instant::now();
        if self.bookmarks {
            self.bookmark(false);
            self.bookmark_at = now + self.bookmark_every;
        }
        if now >= self.deadline {
            self.over = true;
        }
    }

    /// Reads what is new. None when the cluster is gone.
    fn look(&mut self) -> Option<()> {
        let inner = self.inner.upgrade()?;
        let alarm = inner.alarm.load(Ordering::SeqCst);
        if alarm != self.alarm {
            self.alarm = alarm;
            let fits = |f: &crate::faults::Fault| {
                f.of_watch()
                    && (f.path.is_empty()
                        || self.path.contains(&f.path)
                        || f.path.contains(self.kind.plural))
            };
            match inner.open_watch_fault(fits) {
                Some(Harm::Expire) => {
                    self.expire(self.version, inner.state().version);
                    return Some(());
                }
                Some(_) => {
                    self.over = true;
                    return Some(());
                }
                None => {}
            }
        }
        let state = inner.state();
        let ring = &state.rings[usize::from(self.kind.id())];
        if self.version < ring.forgotten {
            let oldest = ring.forgotten;
            drop(state);
            self.expire(self.version, oldest);
            return Some(());
        }
        let from = ring.changes.partition_point(|c| c.version <= self.version);
        let mut lines = Vec::new();
        for change in ring.changes.range(from..) {
            if !self.namespace.is_empty() && change.namespace != self.namespace {
                continue;
            }
            let was = change
                .old
                .as_ref()
                .is_some_and(|o| self.selector.matches(o));
            let is = change
                .new
                .as_ref()
                .is_some_and(|o| self.selector.matches(o));
            match (was, is, &change.old, &change.new) {
                (false, true, _, Some(new)) => lines.push(self.line("ADDED", new)),
                (true, true, _, Some(new)) => lines.push(self.line("MODIFIED", new)),
                (true, false, Some(old), new) => {
                    lines.push(self.line("DELETED", new.as_ref().unwrap_or(old)))
                }
                _ => {}
            }
        }
        self.version = state.version;
        drop(state);
        self.ready.extend(lines);
        Some(())
    }

    /// All there is, as if it had just been added.
    fn begin(&mut self, state: &State, marked: bool) {
        let all: Vec<Bytes> = state
            .list(self.kind, &self.namespace)
            .filter(|(_, o)| self.selector.matches(o))
            .map(|(_, o)| self.line("ADDED", o))
            .collect();
        self.ready.extend(all);
        self.version = state.version;
        if marked {
            self.bookmark(true);
        }
    }

    fn line(&self, kind: &str, object: &Value) -> Bytes {
        if self.partial {
            return format!(
                "{{\"type\":\"{kind}\",\"object\":{}}}\n",
                read::partial(object)
            )
            .into();
        }
        format!("{{\"type\":\"{kind}\",\"object\":{object}}}\n").into()
    }

    fn bookmark(&mut self, initial_end: bool) {
        let (kind, api) = if self.partial {
            (
                "PartialObjectMetadata".to_owned(),
                "meta.k8s.io/v1".to_owned(),
            )
        } else {
            (self.kind.kind.to_owned(), self.kind.api_version())
        };
        let mut object = json!({"kind": kind, "apiVersion": api, "metadata": {"resourceVersion": self.version.to_string()}});
        if initial_end {
            object["metadata"]["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        self.ready
            .push_back(format!("{}\n", json!({"type": "BOOKMARK", "object": object})).into());
    }

    fn expire(&mut self, wanted: u64, oldest: u64) {
        let failure = Failure::expired(format!("too old resource version: {wanted} ({oldest})"));
        self.ready.push_back(
            format!("{}\n", json!({"type": "ERROR", "object": failure.status()})).into(),
        );
        self.over = true;
    }
}

impl Inner {
    /// A fault for a watch that is already open.
    fn open_watch_fault(&self, fits: impl Fn(&crate::faults::Fault) -> bool) -> Option<Harm> {
        let mut faults = self
            .faults
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let at = faults.iter().position(|f| f.times > 0 && fits(f))?;
        faults[at].times -= 1;
        let harm = faults[at].harm.clone();
        faults.retain(|f| f.times > 0);
        Some(harm)
    }
}
