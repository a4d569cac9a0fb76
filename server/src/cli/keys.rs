//! `troupe keys`: on the server's own host, against its database, with its master key.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use control::{keys, seal::Masters};
use jiff::Timestamp;
use model::problem::Problem;
use store::Store;

use super::{Failure, token::Database};

/// Which installation.
#[derive(Debug, Args)]
pub struct Installation {
    #[command(flatten)]
    database: Database,
    /// Where the file troupe.key is, unless TROUPE_KEY gives the master key.
    #[arg(long, env = "TROUPE_DATA_DIR", default_value = ".")]
    data_dir: PathBuf,
}

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Lists the data keys and what they seal; fails when something doesn't open.
    List {
        #[command(flatten)]
        installation: Installation,
    },
    /// Makes a new data key and seals every secret with it, in one transaction.
    ///
    /// With TROUPE_KEY_NEW set, all data keys are wrapped by that master key from then on. When the
    /// master key is in the file troupe.key, the new one takes its place there; else give it as
    /// TROUPE_KEY from then on. Servers that run go on: they look at the keys again when they meet
    /// a new one. Killed at any moment, it can be started again.
    Rotate {
        #[command(flatten)]
        installation: Installation,
    },
}

impl Installation {
    async fn open(&self) -> Result<(Store, Masters), Failure> {
        let store = self.database.open().await?;
        let masters = Masters::here(&self.data_dir).map_err(|error| refused(error.into()))?;
        Ok((store, masters))
    }
}

fn refused(error: control::Error) -> Failure {
    match &error {
        control::Error::Corrupt { .. } => Failure::Refused(error.to_string()),
        _ => Failure::Refused(Problem::from(error).to_string()),
    }
}

fn day(at: i64) -> String {
    Timestamp::from_microsecond(at).map_or_else(
        |_| "?".to_owned(),
        |at| at.strftime("%Y-%m-%d %H:%M").to_string(),
    )
}

/// Does it.
pub async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::List { installation } => {
            let (store, masters) = installation.open().await?;
            let found = keys::list(&store, &masters).await.map_err(refused)?;
            for key in &found.keys {
                let state = match key.retired_at {
                    None => "in use".to_owned(),
                    Some(at) => format!("retired {}", day(at)),
                };
                println!(
                    "{}\tmaster {}\tmade {}\tseals {}\t{state}",
                    key.id,
                    key.master,
                    day(key.created_at),
                    key.values
                );
            }
            if found.by_master > 0 {
                println!(
                    "{} values are sealed by the master key itself: `troupe keys rotate` seals them anew",
                    found.by_master
                );
            }
            if !found.closed.is_empty() {
                let places = found.closed.join("\n  ");
                return Err(Failure::Refused(format!("these don't open:\n  {places}")));
            }
        }
        Command::Rotate { installation } => {
            let (store, masters) = installation.open().await?;
            let done = keys::rotate(&store, &masters).await.map_err(refused)?;
            println!(
                "{} is in use, wrapped by the master key {}; {} values sealed anew",
                done.key, done.master, done.values
            );
            if !done.removed.is_empty() {
                println!("taken away: {}", done.removed.join(", "));
            }
        }
    }
    Ok(())
}
