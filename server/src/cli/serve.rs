//! `troupe serve`.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};
use control::{Platform, Settings};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::http::{self, Serving};

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Whether something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// It is.
    On,
    /// It isn't.
    Off,
}

/// Serves the portal and the API, and reconciles.
#[derive(Debug, Args)]
pub struct Serve {
    /// The address to listen on.
    #[arg(long, env = "TROUPE_LISTEN", default_value = "127.0.0.1:3000")]
    listen: String,
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    #[arg(
        long,
        env = "TROUPE_DATABASE_URL",
        default_value = "sqlite://troupe.db",
        hide_env_values = true
    )]
    database: String,
    /// Where the key that seals secrets is kept.
    #[arg(long, env = "TROUPE_DATA_DIR", default_value = ".")]
    data_dir: PathBuf,
    /// Makes nothing at first start.
    #[arg(long)]
    bare: bool,
    /// Adds the shop and a story at first start.
    #[arg(long)]
    demo: bool,
    /// Gives objects on planes the names that OpenChoreo v0.3 gave them.
    #[arg(long, env = "TROUPE_V03_NAMES")]
    v03_names: bool,
    /// The address that browsers use, such as `https://troupe.acme.io`; with https, cookies are
    /// bound to it.
    #[arg(long, env = "TROUPE_PUBLIC_URL")]
    public_url: Option<String>,
    /// A proxy stands in front: its `X-Forwarded-For` says whom to slow down after wrong passwords.
    #[arg(long, env = "TROUPE_BEHIND_PROXY")]
    behind_proxy: bool,
    /// Whether images are looked up in their registries before they are taken, and pinned to their
    /// digest.
    #[arg(long, env = "TROUPE_REGISTRY_CHECK", value_enum, default_value_t = Switch::On)]
    registry_check: Switch,
    /// Another address that serves `/metrics`, without a token.
    #[arg(long, env = "TROUPE_METRICS_LISTEN")]
    metrics_listen: Option<String>,
    /// The password of `admin`, for automation; without it a one-time link is printed.
    #[arg(
        long,
        env = "TROUPE_ADMIN_PASSWORD",
        hide = true,
        hide_env_values = true
    )]
    admin_password: Option<String>,
    /// How log lines look.
    #[arg(long, env = "TROUPE_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
}

impl Serve {
    /// Serves until it is told to stop.
    pub async fn run(self) -> anyhow::Result<()> {
        self.log();
        // Before anybody can know that we are there: who asks us to end must not find us deaf.
        let asked_to_end = asked_to_end()?;
        let listener = TcpListener::bind(&self.listen).await.with_context(|| {
            format!(
                "can't listen on {}; choose another with --listen",
                self.listen
            )
        })?;
        let platform = Platform::open(Settings {
            database_url: self.database.clone(),
            data_dir: self.data_dir.clone(),
            bare: self.bare,
            demo: self.demo,
            admin_password: self.admin_password.clone(),
            v03_names: self.v03_names,
            registry_check: self.registry_check == Switch::On,
            ..Settings::default()
        })
        .await?;
        let stop = CancellationToken::new();
        let serving = Serving {
            public_url: self.public_url.clone(),
            behind_proxy: self.behind_proxy,
            ..Serving::default()
        };
        let router = http::router(platform.clone(), &serving, stop.clone())?;
        let address = listener.local_addr()?;
        let url = self
            .public_url
            .clone()
            .unwrap_or_else(|| format!("http://{address}"));
        tracing::info!(version = env!("CARGO_PKG_VERSION"), "serving {url}");
        if let Some(link) = platform.accounts().new_setup_link().await? {
            // Not a log line: it lets its reader in, and logs travel.
            println!(
                "\nNobody administers this yet. Open this once to become the administrator:\n  {url}/setup?token={}\n",
                *link
            );
        }
        let loops = tokio::spawn({
            let (platform, stop) = (platform.clone(), stop.clone());
            async move { platform.run(stop).await }
        });
        if let Some(metrics) = &self.metrics_listen {
            let listener = TcpListener::bind(metrics)
                .await
                .with_context(|| format!("can't listen on {metrics}"))?;
            let router = http::metrics_router(platform.clone(), serving.metrics.clone());
            tokio::spawn(http::serve(router, listener, stop.clone()));
        }
        tokio::spawn({
            let stop = stop.clone();
            async move {
                asked_to_end.await;
                tracing::info!("stopping");
                stop.cancel();
            }
        });
        http::serve(router, listener, stop.clone()).await?;
        stop.cancel();
        loops.await?;
        platform.store().close().await;
        Ok(())
    }

    fn log(&self) {
        let filter = EnvFilter::try_from_env("TROUPE_LOG")
            .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,hyper=warn,kube=warn"));
        let builder = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr);
        match self.log_format {
            LogFormat::Text => builder.init(),
            LogFormat::Json => builder.json().init(),
        }
    }
}

/// Listens from now on, and waits until somebody wants the process to end.
fn asked_to_end() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
