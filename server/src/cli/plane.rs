//! `troupe plane`: what can be done with planes.

use clap::Subcommand;
use model::view::{PlaneTest, TestOutcome};

use super::{Failure, remote::Server};

/// What to do with planes.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tests a plane: reach, list, apply and delete in a dry run, versions, network policy, gateway.
    /// Ends with 1 when Troupe can't work with it.
    Test {
        #[command(flatten)]
        server: Server,
        /// The plane.
        name: String,
        /// It is a BuildPlane.
        #[arg(long)]
        build: bool,
    },
}

/// Does it.
pub async fn run(command: Command) -> Result<(), Failure> {
    let Command::Test {
        server,
        name,
        build,
    } = command;
    let planes = if build { "build-planes" } else { "planes" };
    let path = format!("/{planes}/{}/tests", segment(&name));
    let test: PlaneTest = server.ask(http::Method::POST, &path, &[], None).await?;
    let width = test.steps.iter().map(|step| step.name.len()).max();
    for step in &test.steps {
        let word = match step.outcome {
            TestOutcome::Passed => "ok",
            TestOutcome::Failed => "failed",
            TestOutcome::Lacking => "lacking",
            TestOutcome::Skipped => "skipped",
        };
        println!(
            "{word:<8}{:<width$}  {} ({} ms)",
            step.name,
            step.says,
            step.took_us / 1000,
            width = width.unwrap_or(0)
        );
    }
    if test.passed {
        return Ok(());
    }
    Err(Failure::Refused(format!("{name} failed its test")))
}

fn segment(name: &str) -> String {
    url::form_urlencoded::byte_serialize(name.as_bytes()).collect()
}
