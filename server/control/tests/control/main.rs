//! The control plane from outside: a database, a plane, and what people declare.

mod cell;
mod classes;
mod cluster;
mod configuration;
mod declare;
mod delivery;
mod drafting;
mod keys;
mod planes;
mod postgres;
mod preview;
mod registry;
mod shop;

use std::time::Duration;

use control::{Platform, Settings};
use model::{
    access::{Via, Viewer},
    port::{Ports, Sending},
    view::PlanView,
};
use tokio_util::sync::CancellationToken;

/// A platform in a folder of its own.
pub(crate) struct Running {
    #[expect(dead_code, reason = "keeps the platform alive")]
    platform: Platform,
    pub(crate) ports: Ports,
    pub(crate) viewer: Viewer,
    settings: Settings,
    /// Where the platform lives, so that all of it can be made to vanish at once.
    runtime: Option<tokio::runtime::Runtime>,
    folder: Option<tempfile::TempDir>,
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

pub(crate) fn viewer() -> Viewer {
    Viewer {
        user: "test".into(),
        name: "ana".into(),
        administrator: true,
        organization: "default".into(),
        via: Via::Host,
    }
}

pub(crate) fn settings(folder: &tempfile::TempDir) -> Settings {
    Settings {
        database_url: format!("sqlite://{}/troupe.db", folder.path().display()),
        data_dir: folder.path().into(),
        pace: Duration::from_millis(30),
        ..Settings::default()
    }
}

impl Running {
    pub(crate) async fn start(change: impl FnOnce(&mut Settings)) -> Running {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = settings(&folder);
        change(&mut settings);
        Self::with(settings, folder).await
    }

    pub(crate) async fn with(settings: Settings, folder: tempfile::TempDir) -> Running {
        // What went wrong stands beside the assertion that noticed.
        let _ = tracing_subscriber::fmt()
            .with_test_writer()
            .with_max_level(tracing::Level::WARN)
            .try_init();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let opened = runtime.spawn({
            let settings = settings.clone();
            async move { Platform::open(settings).await.expect("opens") }
        });
        let platform = opened.await.expect("no panic");
        runtime.spawn({
            let platform = platform.clone();
            async move { platform.run(CancellationToken::new()).await }
        });
        let ports = platform.ports();
        let (runtime, folder) = (Some(runtime), Some(folder));
        Running {
            ports,
            platform,
            viewer: viewer(),
            settings,
            runtime,
            folder,
        }
    }

    /// Drops everything where it stands, as kill -9 would, and starts another on the same database.
    pub(crate) async fn kill(mut self) -> Running {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        let folder = self.folder.take().expect("it has one until it is dropped");
        Self::with(self.settings.clone(), folder).await
    }

    pub(crate) async fn apply(&self, text: &str) -> PlanView {
        let view = self
            .ports
            .manifests
            .apply(&self.viewer, &sent(text))
            .await
            .expect("applies");
        assert_eq!(view.faults, [], "no faults");
        view
    }

    /// Waits until `look` says yes, and shows what it last said when it doesn't come.
    pub(crate) async fn until<T, F, W>(&self, what: &str, mut look: F) -> T
    where
        F: FnMut() -> W,
        W: Future<Output = Result<T, String>>,
    {
        let mut last = String::new();
        for _ in 0..400 {
            match look().await {
                Ok(found) => return found,
                Err(said) => last = said,
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{what} didn't come about: {last}");
    }

    /// Waits for so long; what it last said when it doesn't come.
    pub(crate) async fn within<T, F, W>(&self, patience: Duration, mut look: F) -> Result<T, String>
    where
        F: FnMut() -> W,
        W: Future<Output = Result<T, String>>,
    {
        let mut last = Err("never asked".to_owned());
        let rounds = patience.as_millis() / 250;
        for _ in 0..rounds {
            last = look().await;
            if last.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        last
    }

    /// Waits until a component's binding runs so, and gives its card.
    pub(crate) async fn health(
        &self,
        project: &str,
        component: &str,
        environment: &str,
        wanted: model::health::Health,
    ) -> model::view::EnvironmentCard {
        self.until(
            &format!("{component} in {environment} {wanted:?}"),
            || async {
                let view = self
                    .ports
                    .components
                    .find(&self.viewer, project, component)
                    .await
                    .map_err(|error| error.to_string())?;
                let card = view
                    .environments
                    .into_iter()
                    .find(|card| card.environment.name == environment);
                match card {
                    Some(card) if card.health == wanted && card.release.is_some() => Ok(card),
                    other => Err(format!("{other:?}")),
                }
            },
        )
        .await
    }
}

pub(crate) fn sent(text: &str) -> Sending {
    Sending::text("test.yaml", text)
}
