//! `make bench`: the figures of the README, measured here. Nothing passes or fails.
//!
//! Pages are asked through the real router, one after the other, on a made-up world; each time is
//! also told as a multiple of a handler that lets its viewer in and asks the database one question,
//! measured in the same run. `TROUPE_BENCH_COMPONENTS` says how large the world is.

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and is told by its runner where databases are"
)]

mod pages;
mod process;
mod render;

use std::time::Duration;

use anyhow::Context;

/// Times of one thing, sorted.
pub struct Times(Vec<Duration>);

impl Times {
    /// Sorts what was measured.
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times)
    }

    /// The time that so many of a hundred stay under.
    pub fn percentile(&self, of_hundred: usize) -> Duration {
        let last = self.0.len().saturating_sub(1);
        let at = self.0.len() * of_hundred / 100;
        self.0.get(at.min(last)).copied().unwrap_or_default()
    }
}

/// Milliseconds, as tables have them.
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn main() -> anyhow::Result<()> {
    let components = match std::env::var("TROUPE_BENCH_COMPONENTS") {
        Ok(text) => text
            .parse()
            .context("TROUPE_BENCH_COMPONENTS is a number")?,
        Err(_) => 10_000,
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let folder = tempfile::tempdir()?;
    let file = format!("sqlite://{}/troupe.db", folder.path().display());
    println!("Pages, {components} components in 3 environments, SQLite");
    runtime.block_on(pages::measure(&file, folder.path(), components))?;
    match std::env::var("TEST_POSTGRES_URL") {
        Ok(server) => {
            let url = runtime.block_on(pages::database(&server))?;
            println!("\nPages, {components} components in 3 environments, PostgreSQL");
            runtime.block_on(pages::measure(&url, folder.path(), components))?;
        }
        Err(_) => println!("\nNo PostgreSQL: name one in TEST_POSTGRES_URL"),
    }
    render::measure()?;
    process::measure(&file, folder.path())
}
