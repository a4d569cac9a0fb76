//! The cluster as its owner sees it: start, client, snapshot, faults.

use crate::controllers;
use crate::faults::{Fault, Harm, Request};
use crate::service::Api;
use crate::storage::State;
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// How many requests are remembered.
const REQUESTS: usize = 20_000;

/// How a simulated cluster behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// The cluster's name; its node is `simulated-1`.
    pub name: String,
    /// How long it takes until a pod is ready.
    pub pace: Duration,
    /// How many changes of each kind a watch may resume from.
    pub history: usize,
    /// How often an idle watch gets a bookmark.
    pub bookmark: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: "simulated".to_owned(),
            pace: Duration::from_millis(1_200),
            history: 1_000,
            bookmark: Duration::from_secs(60),
        }
    }
}

/// What service, watches and controllers share.
#[derive(Debug)]
pub(crate) struct Inner {
    pub state: Mutex<State>,
    pub changed: watch::Sender<u64>,
    pub faults: Mutex<Vec<Fault>>,
    pub requests: Mutex<VecDeque<Request>>,
    /// Rises when open watches are to look for a fault.
    pub alarm: AtomicU64,
    pub ahead: AtomicI64,
    pub bookmark: Duration,
}

impl Inner {
    /// The cluster's clock: microseconds since the epoch.
    pub(crate) fn now(&self) -> i64 {
        jiff::Timestamp::now().as_microsecond() + self.ahead.load(Ordering::Relaxed)
    }

    /// The lock. A panic under it is a defect, but no reason to take the whole plane down.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells watchers and controllers of the newest version, if it is new.
    pub(crate) fn announce(&self, version: u64) {
        self.changed.send_if_modified(|v| {
            let news = *v < version;
            *v = (*v).max(version);
            news
        });
    }

    /// Wakes all who wait, news or not.
    pub(crate) fn rouse(&self) {
        self.changed.send_modify(|_| {});
    }
}

/// A Kubernetes cluster in this process. Cheap to clone; it ends with its last clone and client.
#[derive(Clone, Debug)]
pub struct Cluster(Arc<Inner>);

impl Cluster {
    /// Starts an empty cluster with its controllers on the current tokio runtime.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn start(options: Options) -> Self {
        Self::restore(options, Value::Null)
    }

    /// Takes a cluster up again from what [`Cluster::snapshot`] gave.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn restore(options: Options, snapshot: Value) -> Self {
        let pace = i64::try_from(options.pace.as_micros()).unwrap_or(1_200_000);
        let mut state = State::new(&options.name, pace.max(1_000), options.history.max(1));
        if !snapshot.is_null() {
            state.load(&snapshot);
        }
        let ahead = AtomicI64::new(0);
        controllers::furnish(&mut state, jiff::Timestamp::now().as_microsecond());
        let inner = Inner {
            changed: watch::Sender::new(state.version),
            state: Mutex::new(state),
            faults: Mutex::default(),
            requests: Mutex::default(),
            alarm: AtomicU64::new(0),
            ahead,
            bookmark: options.bookmark,
        };
        let inner = Arc::new(inner);
        tokio::spawn(controllers::run(
            Arc::downgrade(&inner),
            inner.changed.subscribe(),
        ));
        Self(inner)
    }

    /// A client over the in-process API. Each has a request queue of its own.
    pub fn client(&self) -> kube::Client {
        kube::Client::new(Api::new(self.0.clone()), "default")
    }

    /// All objects, to be stored.
    pub fn snapshot(&self) -> Value {
        self.0.state().snapshot()
    }

    /// The newest resourceVersion, so that the owner knows when to store a snapshot.
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.0.changed.subscribe()
    }

    /// Sets a fault. [`Harm::Expire`] and [`Harm::Cut`] also end open watches that fit.
    pub fn fail_next(&self, fault: Fault) {
        let rouse = matches!(fault.harm, Harm::Expire | Harm::Cut);
        self.0
            .faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(fault);
        if rouse {
            self.0.alarm.fetch_add(1, Ordering::SeqCst);
            self.0.rouse();
        }
    }

    /// Takes back all faults that haven't happened yet.
    pub fn forgive(&self) {
        self.0
            .faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// Whether no controller has anything to do, now or later.
    #[cfg(test)]
    pub(crate) fn nothing_due(&self) -> bool {
        let state = self.0.state();
        state.dirty.is_empty() && state.due.is_empty()
    }

    /// What clients have asked for, oldest first (the last 20,000).
    pub fn requests(&self) -> Vec<Request> {
        self.0
            .requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    /// Forgets the requests so far.
    pub fn reset_requests(&self) {
        self.0
            .requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// Sets the cluster's clock ahead, so that tests needn't wait for schedules and deadlines.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_micros()).unwrap_or_default();
        self.0.ahead.fetch_add(by, Ordering::Relaxed);
        self.0.rouse();
    }
}

impl Inner {
    /// Notes a request and gives the fault that fits it.
    pub(crate) fn receive(&self, method: &str, path: &str, watch: bool) -> Option<Harm> {
        let mut log = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        if log.len() == REQUESTS {
            log.pop_front();
        }
        log.push_back(Request {
            method: method.to_owned(),
            path: path.to_owned(),
        });
        drop(log);
        self.fault(method, path, |f| watch || !f.of_watch())
    }

    /// Takes the first fault that fits.
    pub(crate) fn fault(
        &self,
        method: &str,
        path: &str,
        also: impl Fn(&Fault) -> bool,
    ) -> Option<Harm> {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let at = faults
            .iter()
            .position(|f| f.fits(method, path) && also(f))?;
        faults[at].times -= 1;
        let harm = faults[at].harm.clone();
        faults.retain(|f| f.times > 0);
        Some(harm)
    }
}
