//! Classes from the command line: who is behind, what an edit would do, and roll-outs.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use http::Method;
use model::{
    kind::Kind,
    view::{ClassRow, ClassView, ImpactView, RolloutOrder, RolloutRow},
};
use serde_json::json;

use super::{
    Failure, offline,
    remote::{Server, table},
};

/// What is done with classes.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Lists all classes, with how many use them and are behind.
    List {
        #[command(flatten)]
        server: Server,
    },
    /// Shows a class: what it gives, its versions, and who uses which.
    Show {
        #[command(flatten)]
        server: Server,
        /// The kind, such as serviceclass.
        kind: String,
        /// The class.
        name: String,
    },
    /// Shows what a class in a file would do to those who use it; nothing is written.
    Impact {
        #[command(flatten)]
        server: Server,
        /// The file, or - for standard input.
        #[arg(short, long = "filename", value_name = "PATH")]
        file: PathBuf,
    },
    /// Has chosen components take a version of their class, by new artifacts that pin it.
    Rollout(Rollout),
}

/// Which components are to take which version.
#[derive(Debug, Args)]
pub struct Rollout {
    #[command(flatten)]
    server: Server,
    /// The kind, such as serviceclass.
    kind: String,
    /// The class.
    name: String,
    /// The version; the newest without it.
    #[arg(long = "to", value_name = "VERSION")]
    to: Option<i64>,
    /// A component, as PROJECT/COMPONENT; may be given often.
    #[arg(short, long, value_name = "PROJECT/COMPONENT", conflicts_with_all = ["project", "all"])]
    component: Vec<String>,
    /// All components of a project that have another version.
    #[arg(short, long, conflicts_with = "all")]
    project: Option<String>,
    /// All components that have another version.
    #[arg(long)]
    all: bool,
}

/// Does it.
pub(super) async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::List { server } => list(&server).await,
        Command::Show { server, kind, name } => show(&server, &kind, &name).await,
        Command::Impact { server, file } => impact(&server, file).await,
        Command::Rollout(order) => order.run().await,
    }
}

/// The kind of class that a word means: `service` is enough for `serviceclass`.
fn kind_of(word: &str) -> Result<Kind, Failure> {
    let guessed = Kind::guessed(word).filter(|kind| kind.is_class());
    let guessed = guessed.or_else(|| Kind::guessed(&format!("{word}class")));
    guessed.ok_or_else(|| Failure::Missing(format!("there is no kind of class {word}")))
}

async fn list(server: &Server) -> Result<(), Failure> {
    let all: Vec<ClassRow> = server.ask(Method::GET, "/classes", &[], None).await?;
    let head = ["KIND", "NAME", "VERSION", "COMPONENTS", "BEHIND"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(all.into_iter().map(|row| {
        vec![
            row.identity.kind.to_string(),
            row.identity.name,
            format!("v{}", row.version),
            row.users.to_string(),
            row.behind.to_string(),
        ]
    }));
    table(&rows);
    Ok(())
}

async fn show(server: &Server, kind: &str, name: &str) -> Result<(), Failure> {
    let path = format!("/classes/{}/{name}", kind_of(kind)?.plural());
    let query = [("per_page", "200")];
    let view: ClassView = server.ask(Method::GET, &path, &query, None).await?;
    println!("{} v{}", view.row.identity, view.row.version);
    for words in &view.row.gives {
        println!("  {words}");
    }
    let mut rows = vec![vec![
        "VERSION".to_owned(),
        "COMPONENTS".into(),
        "CHANGED".into(),
    ]];
    rows.extend(view.versions.iter().map(|version| {
        vec![
            format!("v{}", version.version),
            version.users.to_string(),
            version.words.join(", "),
        ]
    }));
    table(&rows);
    let mut rows = vec![vec!["COMPONENT".to_owned(), "HAS".into(), "RUNS".into()]];
    rows.extend(view.users.items.iter().map(|user| {
        let version = |version: Option<i64>| version.map_or("-".into(), |it| format!("v{it}"));
        let runs = user
            .environments
            .iter()
            .map(|(environment, it)| format!("{environment} {}", version(*it)));
        vec![
            format!("{}/{}", user.project, user.component),
            version(user.version),
            runs.collect::<Vec<_>>().join(", "),
        ]
    }));
    table(&rows);
    if view.users.total > 200 {
        println!("and {} more", view.users.total - 200);
    }
    Ok(())
}

async fn impact(server: &Server, file: PathBuf) -> Result<(), Failure> {
    let files = offline::read(&[file])?;
    let files: Vec<_> = files
        .iter()
        .map(|file| json!({"name": file.name, "text": file.text}))
        .collect();
    let body = Some(json!({"files": files}));
    let query = [("per_page", "20")];
    let view: ImpactView = server
        .ask(Method::POST, "/classes/impact", &query, body)
        .await?;
    println!(
        "{} v{}: used by {}",
        view.identity,
        view.version,
        view.components()
    );
    for row in &view.rows.items {
        println!(
            "{}/{} in {}: {}",
            row.project,
            row.component,
            row.environment,
            row.outcome.as_str().to_lowercase()
        );
        for words in &row.words {
            println!("  {words}");
        }
    }
    if view.rows.total > view.rows.per_page {
        println!(
            "and {} components more",
            view.rows.total - view.rows.per_page
        );
    }
    Ok(())
}

impl Rollout {
    async fn run(self) -> Result<(), Failure> {
        let pair = |text: &String| {
            let (project, component) = text.split_once('/').ok_or_else(|| {
                Failure::Refused(format!("--component {text}: write PROJECT/COMPONENT"))
            })?;
            Ok((project.to_owned(), component.to_owned()))
        };
        let components: Result<Vec<_>, Failure> = self.component.iter().map(pair).collect();
        let order = RolloutOrder {
            version: self.to,
            components: components?,
            project: self.project,
            all: self.all,
        };
        let path = format!(
            "/classes/{}/{}/rollouts",
            kind_of(&self.kind)?.plural(),
            self.name
        );
        let made: RolloutRow = self
            .server
            .ask(Method::POST, &path, &[], Some(json!(order)))
            .await?;
        println!(
            "v{} of {} is rolled out to {}",
            made.version,
            self.name,
            if made.chosen == 1 {
                "1 component".to_owned()
            } else {
                format!("{} components", made.chosen)
            }
        );
        Ok(())
    }
}
