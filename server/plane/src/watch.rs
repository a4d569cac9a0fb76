//! What happens on a plane, as it happens: one watcher a kind, each on its own.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use futures::stream::{BoxStream, select_all};
use futures::{Stream, StreamExt};
use kube::Api;
use kube::api::DynamicObject;
use kube::runtime::WatchStreamExt;
use kube::runtime::watcher::{self, DefaultBackoff, Event, watcher};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::{sleep, timeout};

use crate::breaker::PlaneState;
use crate::error::PlaneError;
use crate::hide::hide;
use crate::json::text;
use crate::owner::{FIELD_MANAGER, label};
use crate::plane::{Plane, chain, no_answer};
use crate::reference::ObjectRef;
use crate::resources::Resource;

/// A kind to watch, in all namespaces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Watched {
    /// Group and version, such as `apps/v1`.
    pub api_version: String,
    /// The kind.
    pub kind: String,
    /// Only objects with these labels; all if none.
    pub selector: Option<String>,
}

impl Watched {
    /// The objects of a kind that Troupe manages, and what controllers made from their
    /// templates: pods, replica sets and jobs inherit the labels of what they stem from.
    pub fn ours(api_version: &str, kind: &str) -> Self {
        Self {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            selector: Some(format!("{}={FIELD_MANAGER}", label::MANAGED_BY)),
        }
    }
}

/// Something seen on a plane.
#[derive(Debug, Clone, PartialEq)]
pub enum Observed {
    /// An object as it is now. The values of secrets are hidden, managed fields left out.
    Seen(Value),
    /// An object that is no more, and the uid it had.
    Gone(ObjectRef, String),
    /// A kind was listed from scratch: what isn't among these uids is no more.
    Listed {
        /// The kind.
        kind: Watched,
        /// All there are.
        uids: BTreeSet<String>,
    },
    /// A kind is no longer seen; what was last seen of it may be stale.
    Lost {
        /// The kind.
        kind: Watched,
        /// Why.
        error: PlaneError,
    },
    /// A kind is seen, from now on or again. Comes after [`Observed::Listed`].
    Live {
        /// The kind.
        kind: Watched,
    },
    /// The plane doesn't have the kind; it is looked for again now and then.
    Absent {
        /// The kind.
        kind: Watched,
    },
}

impl Plane {
    /// Everything that happens to objects of these kinds, for as long as it is read. Begins
    /// with all there are. Kinds don't wait for each other.
    pub fn watch(&self, kinds: &[Watched]) -> impl Stream<Item = Observed> + Send + Unpin + use<> {
        select_all(kinds.iter().map(|kind| {
            let watch = KindWatch::new(self.clone(), kind.clone());
            futures::stream::unfold(watch, |mut watch| async {
                let observed = watch.next().await;
                Some((observed, watch))
            })
            .boxed()
        }))
    }
}

type Events = BoxStream<'static, watcher::Result<Event<DynamicObject>>>;

/// The life of one kind's watcher. It is started anew, with a fresh list, whenever it can't
/// be known whether it still sees; a connection that merely broke is resumed by kube's own.
struct KindWatch {
    plane: Plane,
    kind: Watched,
    queue: VecDeque<Observed>,
    running: Option<(Events, Resource)>,
    /// Before the next start.
    pause: Duration,
    backoff: DefaultBackoff,
    listing: bool,
    uids: BTreeSet<String>,
    /// What was told last, so that nothing is told twice.
    told: Told,
}

#[derive(PartialEq)]
enum Told {
    Nothing,
    Live,
    Lost,
    Absent,
}

impl KindWatch {
    fn new(plane: Plane, kind: Watched) -> Self {
        Self {
            plane,
            kind,
            queue: VecDeque::new(),
            running: None,
            pause: Duration::ZERO,
            backoff: DefaultBackoff::default(),
            listing: false,
            uids: BTreeSet::new(),
            told: Told::Nothing,
        }
    }

    async fn next(&mut self) -> Observed {
        loop {
            if let Some(observed) = self.queue.pop_front() {
                return observed;
            }
            let Some((mut events, resource)) = self.running.take() else {
                self.start().await;
                continue;
            };
            let limit = self.plane.timings().call;
            let event = if self.listing {
                match timeout(limit, events.next()).await {
                    Ok(event) => event,
                    Err(_) => {
                        let error = self.plane.lost(&no_answer(limit));
                        self.lose(error);
                        continue;
                    }
                }
            } else {
                events.next().await
            };
            if self.take(event, &resource) {
                self.running = Some((events, resource));
            }
        }
    }

    /// Starts the watcher, if the plane answers and has the kind.
    async fn start(&mut self) {
        sleep(std::mem::take(&mut self.pause)).await;
        if let PlaneState::Unreachable { since, error } = self.plane.state() {
            if self.told != Told::Lost {
                self.lose(PlaneError::Unreachable { since, error });
                return;
            }
            let mut states = self.plane.states();
            // Fails only if the plane is gone, and it isn't: we hold it.
            let _ = states.wait_for(|state| *state == PlaneState::Live).await;
        }
        match self
            .plane
            .resource(&self.kind.api_version, &self.kind.kind)
            .await
        {
            Ok(Some(resource)) => {
                self.listing = true;
                self.running = Some((self.events(&resource), resource));
            }
            Ok(None) => {
                self.plane.resources().forget(&self.kind.api_version);
                self.pause = self.plane.timings().absent;
                if self.told != Told::Absent {
                    self.told = Told::Absent;
                    self.queue.push_back(Observed::Absent {
                        kind: self.kind.clone(),
                    });
                }
            }
            Err(error) => self.lose(error),
        }
    }

    fn events(&self, resource: &Resource) -> Events {
        let api: Api<DynamicObject> = Api::all_with(self.plane.streams(), &resource.api);
        let seconds = u32::try_from(self.plane.timings().watch.as_secs()).unwrap_or(u32::MAX);
        let config = watcher::Config {
            label_selector: self.kind.selector.clone(),
            timeout: Some(seconds.max(1)),
            ..watcher::Config::default()
        };
        watcher(api, config).default_backoff().boxed()
    }

    /// Takes what the watcher says. False if it must be started anew.
    fn take(
        &mut self,
        event: Option<watcher::Result<Event<DynamicObject>>>,
        resource: &Resource,
    ) -> bool {
        match event {
            Some(Ok(event)) => {
                self.plane.answered();
                self.take_event(event, resource);
                true
            }
            // The version to resume from is too old: the watcher lists anew by itself.
            Some(Err(watcher::Error::WatchError(status))) if status.code == 410 => {
                self.listing = true;
                true
            }
            // A connection that broke is resumed where it was.
            Some(Err(watcher::Error::WatchFailed(error))) => {
                tracing::debug!(plane = self.plane.name(), kind = self.kind.kind, %error, "watch broke; resuming");
                true
            }
            Some(Err(error)) => {
                let error = self.explain(error);
                if error.is_not_found() {
                    // The kind may be gone: look it up anew.
                    self.plane.resources().forget(&self.kind.api_version);
                }
                self.lose(error);
                false
            }
            None => {
                self.lose(PlaneError::Garbled("the watch ended".to_owned()));
                false
            }
        }
    }

    fn take_event(&mut self, event: Event<DynamicObject>, resource: &Resource) {
        match event {
            Event::Init => {
                self.listing = true;
                self.uids.clear();
            }
            Event::InitApply(object) => {
                if let Some(uid) = &object.metadata.uid {
                    self.uids.insert(uid.clone());
                }
                self.see(object, resource);
            }
            Event::InitDone => {
                self.listing = false;
                self.backoff = DefaultBackoff::default();
                self.queue.push_back(Observed::Listed {
                    kind: self.kind.clone(),
                    uids: std::mem::take(&mut self.uids),
                });
                if self.told != Told::Live {
                    self.told = Told::Live;
                    self.queue.push_back(Observed::Live {
                        kind: self.kind.clone(),
                    });
                }
            }
            Event::Apply(object) => self.see(object, resource),
            Event::Delete(object) => {
                if let Some(object) = whole(object, resource)
                    && let Ok(reference) = ObjectRef::of(&object)
                {
                    let uid = text(&object, "metadata.uid").to_owned();
                    self.queue.push_back(Observed::Gone(reference, uid));
                }
            }
        }
    }

    fn see(&mut self, object: DynamicObject, resource: &Resource) {
        if let Some(mut object) = whole(object, resource) {
            // Names of fields, and no values: `whole` left only what tells of drift.
            let foreign = object["metadata"]["managedFields"].take();
            hide(&mut object);
            if foreign.is_array() {
                object["metadata"]["managedFields"] = foreign;
            }
            self.queue.push_back(Observed::Seen(object));
        }
    }

    /// Tells once that the kind isn't seen, and waits a while before the next start.
    fn lose(&mut self, error: PlaneError) {
        self.running = None;
        self.listing = false;
        self.pause = self.backoff.next().unwrap_or(Duration::from_secs(30));
        if self.told != Told::Lost {
            self.told = Told::Lost;
            self.queue.push_back(Observed::Lost {
                kind: self.kind.clone(),
                error,
            });
        }
    }

    fn explain(&self, error: watcher::Error) -> PlaneError {
        match error {
            watcher::Error::InitialListFailed(error) | watcher::Error::WatchStartFailed(error) => {
                match self.plane.judge::<()>(Err(error)) {
                    Err(error) => error,
                    Ok(()) => PlaneError::Garbled("no error".to_owned()),
                }
            }
            other => PlaneError::Garbled(chain(&other)),
        }
    }
}

/// The object as JSON with its type: items of a list come without. Of who owns which field only
/// that is kept which tells of drift: what others wrote into an object that no controller made.
fn whole(mut object: DynamicObject, resource: &Resource) -> Option<Value> {
    let owners = object.metadata.owner_references.iter().flatten();
    let made = owners
        .into_iter()
        .any(|owner| owner.controller == Some(true));
    object.metadata.managed_fields = object.metadata.managed_fields.take().and_then(|entries| {
        let foreign = entries.into_iter().filter(|entry| {
            entry.manager.as_deref() != Some(FIELD_MANAGER) && entry.subresource.is_none()
        });
        let foreign: Vec<_> = foreign.collect();
        (!made && !foreign.is_empty()).then_some(foreign)
    });
    let types = object.types.get_or_insert_default();
    types.api_version.clone_from(&resource.api.api_version);
    types.kind.clone_from(&resource.api.kind);
    serde_json::to_value(object).ok()
}
