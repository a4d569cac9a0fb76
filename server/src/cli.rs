//! The command line: the same binary serves, applies, looks and renders offline.
//!
//! Exit codes: 0 done; 1 refused or invalid; 2 wrong usage; 3 not there; 4 the server can't be
//! reached; 5 not signed in. `diff` is as diff(1): 0 nothing differs, 1 something does, 2 and more
//! trouble.

mod class;
mod delivery;
mod edit;
mod keys;
mod offline;
mod past;
mod plane;
mod remote;
mod seed;
mod serve;
mod token;

use std::{path::PathBuf, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use model::view::Action;

/// Why a command didn't do what it should.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Refused, or something is wrong with the input.
    #[error("{0}")]
    Refused(String),
    /// Not there.
    #[error("{0}")]
    Missing(String),
    /// The server doesn't answer.
    #[error("{0}")]
    Unreachable(String),
    /// No token, or one that doesn't hold.
    #[error("{0}")]
    SignedOut(String),
    /// Something differs, and was shown.
    #[error("something differs")]
    Differs,
    /// Whether anything differs can't be told.
    #[error("{0}")]
    Trouble(String),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Self::Refused(_) | Self::Differs | Self::Other(_) => 1,
            Self::Trouble(_) => 2,
            Self::Missing(_) => 3,
            Self::Unreachable(_) => 4,
            Self::SignedOut(_) => 5,
        }
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        Self::Unreachable(format!(
            "the server can't be reached: {error}. Is TROUPE_SERVER right?"
        ))
    }
}

/// An internal developer platform in one binary.
///
/// Exit codes: 0 done; 1 refused or invalid; 2 wrong usage; 3 not there; 4 the server can't be
/// reached; 5 not signed in. Of diff: 0 nothing differs; 1 something does; 2 it can't be told.
#[derive(Debug, Parser)]
#[command(
    name = "troupe",
    version,
    propagate_version = true,
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the portal and the API, and reconciles.
    Serve(serve::Serve),
    /// Applies manifests; shows first what that changes.
    Apply {
        #[command(flatten)]
        server: remote::Server,
        /// A file, a folder or - for standard input.
        #[arg(short, long = "filename", value_name = "PATH", required = true)]
        file: Vec<PathBuf>,
        /// Only shows what would happen.
        #[arg(long)]
        dry_run: bool,
    },
    /// Checks manifests without a server.
    Validate {
        /// A file, a folder or - for standard input.
        #[arg(short, long = "filename", value_name = "PATH", required = true)]
        file: Vec<PathBuf>,
    },
    /// Prints the objects that releases would hold, without a server.
    Render(offline::Render),
    /// Shows resources with their status.
    Get {
        #[command(flatten)]
        server: remote::Server,
        /// The kind, such as component, dp or deploymentpipelines.
        kind: String,
        /// One of them; all without it.
        name: Option<String>,
        /// Only of this project.
        #[arg(short, long, default_value = "")]
        project: String,
        /// Only of this component.
        #[arg(short, long, default_value = "")]
        component: String,
        /// Only with this label, as key or key=value.
        #[arg(short, long, default_value = "")]
        label: String,
        /// How to print.
        #[arg(short, long, value_enum, default_value_t = Output::Table)]
        output: Output,
    },
    /// Shows a project's components in their environments.
    Status {
        #[command(flatten)]
        server: remote::Server,
        /// The project.
        project: String,
    },
    /// Prints a component's log.
    Logs(remote::Logs),
    /// Gives a component another image, and with that its next artifact.
    Deploy(delivery::Deploy),
    /// Restarts a component in an environment, a few pods at a time.
    Restart(delivery::Target),
    /// Runs a scheduled task once, now.
    Run(delivery::Target),
    /// Lets a component stand still in an environment.
    Suspend(delivery::Target),
    /// Lets a component run again in an environment.
    Resume(delivery::Target),
    /// Takes a component off the plane in an environment.
    Undeploy(delivery::Undeploy),
    /// Deletes a resource, and what it made from every plane.
    Delete {
        #[command(flatten)]
        server: remote::Server,
        /// The kind.
        kind: String,
        /// The name.
        name: String,
        /// Its project.
        #[arg(short, long)]
        project: Option<String>,
        /// Its component.
        #[arg(short, long)]
        component: Option<String>,
        /// Doesn't ask.
        #[arg(short, long)]
        yes: bool,
        /// Only shows what would go.
        #[arg(long)]
        dry_run: bool,
    },
    /// Opens a resource's YAML in $VISUAL or $EDITOR, and saves what comes out of it.
    Edit {
        #[command(flatten)]
        server: remote::Server,
        #[command(flatten)]
        thing: remote::Thing,
    },
    /// Shows what became of a resource: who changed which fields, and when.
    History {
        #[command(flatten)]
        server: remote::Server,
        #[command(flatten)]
        thing: remote::Thing,
    },
    /// Shows what applying manifests would change, field by field.
    Diff {
        #[command(flatten)]
        server: remote::Server,
        /// A file, a folder or - for standard input.
        #[arg(short, long = "filename", value_name = "PATH", required = true)]
        file: Vec<PathBuf>,
    },
    /// Shows classes and what an edit would do, and rolls versions out.
    Class {
        #[command(subcommand)]
        command: class::Command,
    },
    /// Makes, lists and revokes API tokens, on the server's own host.
    Token {
        #[command(subcommand)]
        command: token::Command,
    },
    /// Tests planes.
    Plane {
        #[command(subcommand)]
        command: plane::Command,
    },
    /// Lists and rotates the keys that seal secrets, on the server's own host.
    Keys {
        #[command(subcommand)]
        command: keys::Command,
    },
    /// Fills a database with a made-up world, to measure with.
    #[command(hide = true)]
    Seed(seed::Seed),
    /// Prints the version.
    Version,
    /// Prints a script that completes commands.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// Columns for people.
    Table,
    /// Manifests with status.
    Yaml,
    /// Manifests with status.
    Json,
    /// Names alone.
    Name,
}

/// Reads the command line and does it.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("troupe: no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(perform(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Differs) => ExitCode::from(Failure::Differs.code()),
        Err(failure) => {
            eprintln!("troupe: {failure}");
            ExitCode::from(failure.code())
        }
    }
}

async fn perform(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(options) => Ok(options.run().await?),
        Command::Apply {
            server,
            file,
            dry_run,
        } => remote::apply(&server, &file, dry_run).await,
        Command::Validate { file } => offline::validate(&file),
        Command::Render(options) => options.run(),
        Command::Get {
            server,
            kind,
            name,
            project,
            component,
            label,
            output,
        } => {
            let wanted = remote::Wanted {
                name: name.as_deref(),
                project: &project,
                component: &component,
                label: &label,
            };
            remote::get(&server, &kind, &wanted, output).await
        }
        Command::Edit { server, thing } => edit::edit(&server, &thing).await,
        Command::History { server, thing } => past::history(&server, &thing).await,
        Command::Diff { server, file } => past::diff(&server, &file).await,
        Command::Status { server, project } => remote::status(&server, &project).await,
        Command::Logs(options) => options.run().await,
        Command::Deploy(options) => options.run().await,
        Command::Restart(target) => target.act(Action::Restart).await,
        Command::Run(target) => target.act(Action::Run).await,
        Command::Suspend(target) => target.act(Action::Suspend).await,
        Command::Resume(target) => target.act(Action::Resume).await,
        Command::Undeploy(options) => options.run().await,
        Command::Delete {
            server,
            kind,
            name,
            project,
            component,
            yes,
            dry_run,
        } => {
            let thing = remote::Thing {
                kind,
                name,
                project: project.unwrap_or_default(),
                component: component.unwrap_or_default(),
            };
            remote::delete(&server, &thing, yes, dry_run).await
        }
        Command::Class { command } => class::run(command).await,
        Command::Token { command } => token::run(command).await,
        Command::Plane { command } => plane::run(command).await,
        Command::Keys { command } => keys::run(command).await,
        Command::Seed(options) => Ok(options.run().await?),
        Command::Version => {
            println!("troupe {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "troupe", &mut std::io::stdout());
            Ok(())
        }
    }
}
