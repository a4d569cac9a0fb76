//! Faults on demand, so that tests can see what callers do when a cluster is slow, wrong, or silent.

use std::time::Duration;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Harm {
    /// Answer with this HTTP status instead of doing it.
    Error(u16),
    /// Do it, but only after this long.
    Delay(Duration),
    /// Never answer.
    Hang,
    /// Do it, then lose the answer: the caller sees a broken connection.
    LoseAnswer,
    /// End a watch with 410 Expired: the next one that starts, or those that are open when the fault is set.
    Expire,
    /// Cut a watch without a word: the next one that starts, or those that are open when the fault is set.
    Cut,
}

/// A fault that waits for requests that it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What happens.
    pub harm: Harm,
    /// Only for this HTTP method (`GET`, `PATCH` …); any when empty.
    pub method: String,
    /// Only where the path and query hold this; any when empty.
    pub path: String,
    /// For how many requests.
    pub times: u32,
}

impl Fault {
    /// One fault for whatever request comes next.
    pub fn new(harm: Harm) -> Self {
        Self {
            harm,
            method: String::new(),
            path: String::new(),
            times: 1,
        }
    }

    /// Only for requests with this method whose path and query hold `path`; empty means any.
    #[must_use]
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.method = method.to_owned();
        self.path = path.to_owned();
        self
    }

    /// For this many requests.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    pub(crate) fn fits(&self, method: &str, path: &str) -> bool {
        self.times > 0
            && (self.method.is_empty() || self.method == method)
            && path.contains(&self.path)
    }

    /// Whether it is about watches only.
    pub(crate) fn of_watch(&self) -> bool {
        matches!(self.harm, Harm::Expire | Harm::Cut)
    }
}

/// A request that the API has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `PATCH` …
    pub method: String,
    /// Path and query.
    pub path: String,
}

impl Request {
    /// Whether it would change something, dry runs aside.
    pub fn is_write(&self) -> bool {
        self.method != "GET" && !self.path.contains("dryRun=All")
    }

    /// Whether it is a dry run.
    pub fn is_dry_run(&self) -> bool {
        self.path.contains("dryRun=All")
    }
}
