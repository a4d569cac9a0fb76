//! Use cases and reconcilers: everything between a request and a plane.
//!
//! [`Platform`] is the whole: it answers the ports that pages, the API and the command line ask,
//! and runs the loops that bring planes to what is declared.

pub mod accounts;
mod act;
pub mod apply;
mod bulk;
pub mod clock;
pub mod defaults;
mod delete;
mod drift;
mod error;
mod feed;
mod figures;
mod follow;
mod impact;
pub mod keys;
mod locks;
mod observe;
mod plane_test;
mod planes;
mod ports;
mod preview;
mod reconcile;
mod references;
pub mod registry;
pub mod rollouts;
pub mod seal;
mod sealed;
mod ship;
mod turns;
mod world;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

pub use error::{Error, Result};
pub use figures::Figures;
use model::port::Ports;
use render::Options;
use store::Store;
pub use store::changes::Change;
use tokio::sync::{Notify, broadcast};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{accounts::Accounts, planes::Planes, registry::Registries, seal::Seal};

/// How an installation is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `sqlite://FILE` or `postgres://…`.
    pub database_url: String,
    /// Where the key that seals secrets is kept, unless the environment gives it.
    pub data_dir: PathBuf,
    /// Makes nothing at first start.
    pub bare: bool,
    /// Adds the shop and a story at first start.
    pub demo: bool,
    /// The password of `admin`, for automation; a one-time link is made without it.
    pub admin_password: Option<String>,
    /// Names on planes as v0.3 made them, to take over what it left there.
    pub v03_names: bool,
    /// Whether this process reconciles, besides answering.
    pub reconcile: bool,
    /// How long the simulated plane takes to make a pod ready.
    pub pace: Duration,
    /// Whether images are looked up in their registries before they are taken.
    pub registry_check: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            database_url: "sqlite://troupe.db".into(),
            data_dir: ".".into(),
            bare: false,
            demo: false,
            admin_password: None,
            v03_names: false,
            reconcile: true,
            pace: Duration::from_millis(1200),
            registry_check: true,
        }
    }
}

/// The whole. Clones share it.
#[derive(Clone)]
pub struct Platform(Arc<Inner>);

struct Inner {
    store: Store,
    settings: Settings,
    seal: Seal,
    accounts: Accounts,
    planes: Planes,
    registries: Registries,
    install: String,
    options: Options,
    /// Rung when a job was put in.
    bell: Notify,
    changes: broadcast::Sender<Change>,
    /// When a worker last looked at the queue.
    beat: AtomicI64,
    live: observe::Memory,
    /// One look at a binding at a time, whichever of its keys asks for it.
    turns: turns::Turns,
    /// Watchers and the like, so that stopping waits for them.
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Platform {
    /// Opens the database, brings it up to date, and makes what a first start makes.
    ///
    /// # Errors
    /// When the database or the key can't be used.
    pub async fn open(settings: Settings) -> Result<Platform> {
        let store = Store::open(&settings.database_url).await?;
        let seal = Seal::open(&store, &settings.data_dir).await?;
        let mut tx = store.begin(clock::now().0).await?;
        let install = tx.meta_or("install", &clock::id()).await?;
        tx.commit().await?;
        let join = if settings.v03_names {
            model::name::Join::V03
        } else {
            model::name::Join::Unambiguous
        };
        let platform = Platform(Arc::new(Inner {
            accounts: Accounts::new(store.clone()),
            store,
            registries: Registries::new(settings.registry_check),
            settings,
            seal,
            planes: Planes::default(),
            install,
            options: Options::new(join),
            bell: Notify::new(),
            changes: broadcast::channel(1024).0,
            beat: AtomicI64::new(clock::now().0),
            live: observe::Memory::default(),
            turns: turns::Turns::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        }));
        defaults::first_start(&platform).await?;
        if let Some(password) = &platform.0.settings.admin_password {
            platform.accounts().ensure_admin(password).await?;
        }
        Ok(platform)
    }

    /// What pages, the API and the command line ask.
    pub fn ports(&self) -> Ports {
        Ports {
            overview: Arc::new(self.clone()),
            projects: Arc::new(self.clone()),
            components: Arc::new(self.clone()),
            platform: Arc::new(self.clone()),
            manifests: Arc::new(self.clone()),
            planes: Arc::new(self.clone()),
            configuration: Arc::new(self.clone()),
            delivery: Arc::new(self.clone()),
            classes: Arc::new(self.clone()),
            cells: Arc::new(self.clone()),
            environments: Arc::new(self.clone()),
            pipelines: Arc::new(self.clone()),
            drafting: Arc::new(self.clone()),
        }
    }

    /// Users, sessions and tokens.
    pub fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    /// Runs the feed, and unless told otherwise the reconcilers and watchers, until `stop`.
    pub async fn run(&self, stop: CancellationToken) {
        let feed = tokio::spawn(feed::run(self.clone(), stop.clone()));
        if self.0.settings.reconcile {
            reconcile::run(self.clone(), stop.clone()).await;
        } else {
            stop.cancelled().await;
        }
        self.0.stop.cancel();
        for ((organization, name), _) in self.0.planes.all() {
            self.0.planes.disconnect(&organization, &name);
        }
        self.0.tasks.close();
        let patience = Duration::from_secs(5);
        if tokio::time::timeout(patience, self.0.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("some watchers didn't end in time");
        }
        if let Err(error) = feed.await {
            tracing::error!(%error, "the change feed broke");
        }
    }

    /// Tells of each change from now on.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.0.changes.subscribe()
    }

    /// The changes after that number, oldest first, at most 1,000; `None` when they are no longer
    /// kept, so that the watcher must look at everything anew.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn changes_since(&self, sequence: i64) -> Result<Option<Vec<Change>>> {
        let oldest = self.store().oldest_change().await?.unwrap_or(0);
        let newest = self.store().newest_sequence().await?;
        if sequence > newest || sequence + 1 < oldest {
            return Ok(None);
        }
        let changes = self.store().changes_after(sequence, 1000).await?;
        Ok(if changes.len() == 1000 {
            None
        } else {
            Some(changes)
        })
    }

    /// The number of the newest change.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn newest_change(&self) -> Result<i64> {
        Ok(self.store().newest_sequence().await?)
    }

    /// Whether it can answer.
    ///
    /// # Errors
    /// Why it can't.
    pub async fn ready(&self) -> Result<(), String> {
        self.store().ping().await.map_err(|error| error.to_string())
    }

    /// Whether its loops still turn: a worker looked at the queue in the last minute.
    pub fn alive(&self) -> bool {
        !self.0.settings.reconcile
            || clock::now().0 - self.0.beat.load(Ordering::Relaxed) < 60_000_000
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn seal(&self) -> &Seal {
        &self.0.seal
    }

    pub(crate) fn planes(&self) -> &Planes {
        &self.0.planes
    }

    pub(crate) fn registries(&self) -> &Registries {
        &self.0.registries
    }

    pub(crate) fn options(&self) -> &Options {
        &self.0.options
    }

    pub(crate) fn install(&self) -> &str {
        &self.0.install
    }

    /// Tells workers and the feed that something was committed.
    pub(crate) fn wake(&self) {
        self.0.bell.notify_waiters();
    }
}
