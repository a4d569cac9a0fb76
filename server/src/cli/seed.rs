//! `troupe seed`: a made-up world in an empty database, to measure with.

use std::path::PathBuf;

use clap::Args;
use control::{Platform, Settings};

/// Fills a database with a made-up world, to measure with.
#[derive(Debug, Args)]
pub struct Seed {
    /// How many components, each in three environments.
    #[arg(long, default_value_t = 10_000)]
    components: usize,
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
    /// The password of `admin`, made when nobody administers it yet.
    #[arg(
        long,
        env = "TROUPE_ADMIN_PASSWORD",
        hide = true,
        hide_env_values = true
    )]
    admin_password: Option<String>,
}

impl Seed {
    /// Makes it.
    pub async fn run(self) -> anyhow::Result<()> {
        let platform = Platform::open(Settings {
            database_url: self.database,
            data_dir: self.data_dir,
            admin_password: self.admin_password,
            reconcile: false,
            ..Settings::default()
        })
        .await?;
        let seeded = control::seed::seed(&platform, self.components).await?;
        platform.store().close().await;
        println!(
            "{} projects, {} components, {} bindings",
            seeded.projects, seeded.components, seeded.bindings
        );
        Ok(())
    }
}
