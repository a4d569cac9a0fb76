//! One plane: its clients, its bulkhead, and the calls that everything else is made of.

use std::sync::Arc;
use std::time::Duration;

use http::Request;
use jiff::Timestamp;
use kube::Client;
use kube::core::Status;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

use crate::access::{Access, Clients, ConnectError};
use crate::breaker::{Breaker, PlaneState};
use crate::error::{Cause, PlaneError};
use crate::hide::hide;
use crate::json::text;
use crate::reference::ObjectRef;
use crate::resources::Resources;
use crate::timings::Timings;

/// A connection to a DataPlane. Clones share it: its limits, its breaker, what it learnt.
#[derive(Clone)]
pub struct Plane(Arc<Inner>);

struct Inner {
    name: String,
    clients: Clients,
    timings: Timings,
    slots: Semaphore,
    breaker: Breaker,
    resources: Resources,
}

/// What a plane says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Such as `v1.36.3`.
    pub git_version: String,
    /// Such as `1`.
    pub major: String,
    /// Such as `36`.
    pub minor: String,
    /// Such as `linux/amd64`.
    pub platform: String,
}

impl std::fmt::Debug for Plane {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plane")
            .field("name", &self.0.name)
            .field("state", &self.state())
            .finish()
    }
}

impl Plane {
    /// A plane, reached as told. Nothing is sent yet: see [`Plane::version`].
    ///
    /// Must be called within a Tokio runtime, which drives the connections.
    pub fn connect(name: &str, access: Access) -> Result<Self, ConnectError> {
        Self::connect_with(name, access, Timings::default())
    }

    /// As [`Plane::connect`], with other timings.
    pub fn connect_with(
        name: &str,
        access: Access,
        timings: Timings,
    ) -> Result<Self, ConnectError> {
        let clients = access.clients(&timings)?;
        Ok(Self(Arc::new(Inner {
            name: name.to_owned(),
            clients,
            slots: Semaphore::new(timings.concurrency),
            breaker: Breaker::new(timings.failures),
            timings,
            resources: Resources::default(),
        })))
    }

    /// The plane's name, as given to [`Plane::connect`].
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether the plane is asked at all.
    pub fn state(&self) -> PlaneState {
        self.0.breaker.state()
    }

    /// Tells of each change of [`Plane::state`], so that what was parked can go on.
    pub fn states(&self) -> watch::Receiver<PlaneState> {
        self.0.breaker.subscribe()
    }

    /// The plane's own version.
    pub async fn version(&self) -> Result<Version, PlaneError> {
        let answer = self.read("/version").await?;
        let part = |path| text(&answer, path).to_owned();
        Ok(Version {
            git_version: part("gitVersion"),
            major: part("major"),
            minor: part("minor"),
            platform: part("platform"),
        })
    }

    /// An object as it is; none if it isn't there. The values of a secret are hidden.
    pub async fn get(&self, object: &ObjectRef) -> Result<Option<Value>, PlaneError> {
        let mut live = match self.fetch(object).await {
            Err(PlaneError::NoSuchKind { .. }) => return Ok(None),
            other => other?,
        };
        if let Some(live) = &mut live {
            hide(live);
        }
        Ok(live)
    }

    /// An object as it is, a secret's values included: for comparing, never to be shown.
    pub(crate) async fn fetch(&self, object: &ObjectRef) -> Result<Option<Value>, PlaneError> {
        let collection = self
            .resource_of(object)
            .await?
            .path(object.namespace.as_deref());
        match self.read(&format!("{collection}/{}", object.name)).await {
            Ok(live) => Ok(Some(live)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn timings(&self) -> &Timings {
        &self.0.timings
    }

    pub(crate) fn resources(&self) -> &Resources {
        &self.0.resources
    }

    /// The client for watches and logs: it bounds the wait for an answer, not its length.
    pub(crate) fn streams(&self) -> Client {
        self.0.clients.streams.clone()
    }

    /// A read of a path.
    pub(crate) async fn read(&self, path: &str) -> Result<Value, PlaneError> {
        self.call(build(Request::get(path), Vec::new())?).await
    }

    /// One call within all limits: a free slot, a closed breaker, a deadline.
    pub(crate) async fn call(&self, request: Request<Vec<u8>>) -> Result<Value, PlaneError> {
        let client = self.0.clients.calls.clone();
        let answer = self.guarded(client.request_text(request)).await?;
        serde_json::from_str(&answer).map_err(|error| PlaneError::Garbled(error.to_string()))
    }

    /// Runs something that talks to the plane within all limits.
    pub(crate) async fn guarded<T>(
        &self,
        work: impl Future<Output = kube::Result<T>>,
    ) -> Result<T, PlaneError> {
        self.0.breaker.admit()?;
        let slot = self.0.slots.acquire().await;
        // The breaker may have opened while we queued.
        self.0.breaker.admit()?;
        let outcome = timeout(self.0.timings.call, work).await;
        drop(slot);
        match outcome {
            Ok(outcome) => self.judge(outcome),
            Err(_) => Err(self.lost(&no_answer(self.0.timings.call))),
        }
    }

    /// Counts an outcome for the breaker, and translates its error.
    pub(crate) fn judge<T>(&self, outcome: kube::Result<T>) -> Result<T, PlaneError> {
        match outcome {
            Ok(value) => {
                self.0.breaker.answered();
                Ok(value)
            }
            Err(kube::Error::Api(status)) => {
                self.0.breaker.answered();
                Err(refused(*status))
            }
            Err(
                error @ (kube::Error::SerdeError(_)
                | kube::Error::FromUtf8(_)
                | kube::Error::BuildRequest(_)
                | kube::Error::HttpError(_)),
            ) => Err(PlaneError::Garbled(error.to_string())),
            Err(error) => Err(self.lost(&chain(&error))),
        }
    }

    /// Something answered outside of [`Plane::call`].
    pub(crate) fn answered(&self) {
        self.0.breaker.answered();
    }

    /// Nothing answered: tells the breaker, which may open and be probed from then on.
    pub(crate) fn lost(&self, error: &str) -> PlaneError {
        let now = now();
        if self.0.breaker.silent(error, now) {
            tracing::warn!(
                plane = self.name(),
                error,
                "plane doesn't answer; calls are parked"
            );
            tokio::spawn(probe(Arc::downgrade(&self.0), self.0.timings.clone()));
        }
        match self.state() {
            PlaneState::Unreachable { since, error } => PlaneError::Unreachable { since, error },
            PlaneState::Live => PlaneError::Unreachable {
                since: now,
                error: error.to_owned(),
            },
        }
    }
}

/// Asks for the version now and then until something answers, or the plane is given up.
async fn probe(plane: std::sync::Weak<Inner>, timings: Timings) {
    let mut pause = timings.probe_first;
    loop {
        tokio::time::sleep(pause).await;
        let Some(plane) = plane.upgrade() else { return };
        if plane.breaker.state() == PlaneState::Live {
            return;
        }
        let Ok(request) = build(Request::get("/version"), Vec::new()) else {
            return;
        };
        let asked = plane.clients.calls.request_text(request);
        match timeout(timings.call, asked).await {
            Ok(Ok(_) | Err(kube::Error::Api(_))) => {
                tracing::info!(plane = plane.name, "plane answers again");
                plane.breaker.answered();
                return;
            }
            _ => pause = (pause * 2).min(timings.probe_longest),
        }
    }
}

/// The sentence for a deadline that passed.
pub(crate) fn no_answer(after: Duration) -> String {
    format!("no answer within {} s", after.as_secs_f32().ceil())
}

/// The present, in microseconds since the epoch.
pub(crate) fn now() -> i64 {
    Timestamp::now().as_microsecond()
}

/// A request; fails only for a path that isn't one.
pub(crate) fn build(
    builder: http::request::Builder,
    body: Vec<u8>,
) -> Result<Request<Vec<u8>>, PlaneError> {
    builder
        .body(body)
        .map_err(|error| PlaneError::Garbled(format!("not a path: {error}")))
}

fn refused(status: Status) -> PlaneError {
    let causes = status
        .details
        .map(|details| details.causes)
        .unwrap_or_default()
        .into_iter()
        .map(|cause| Cause {
            reason: cause.reason,
            field: cause.field,
            message: cause.message,
        })
        .collect();
    PlaneError::Refused {
        code: status.code,
        reason: status.reason,
        message: status.message,
        causes,
    }
}

/// An error and what is behind it, each said once: connection errors hide the useful part
/// (`connection refused`) at the end of their chain.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
        next = error.source();
    }
    parts.join(": ")
}
