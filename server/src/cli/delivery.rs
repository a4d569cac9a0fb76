//! New versions, and what is done with what runs, from the command line.

use std::io::{BufRead, Write};

use clap::Args;
use http::Method;
use model::view::{Acted, Action};
use serde_json::{Value, json};

use super::{Failure, remote::Server};

/// Gives a component another image, and with that its next artifact.
#[derive(Debug, Args)]
pub struct Deploy {
    #[command(flatten)]
    server: Server,
    /// The component.
    component: String,
    /// Its project.
    #[arg(short, long)]
    project: String,
    /// The image.
    #[arg(short, long)]
    image: String,
    /// The container; `main`, or the only one, without it.
    #[arg(short, long, default_value = "")]
    container: String,
    /// The commit that it was built from.
    #[arg(long, default_value = "")]
    commit: String,
}

impl Deploy {
    /// Does it, and says what came of it.
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let path = format!(
            "/projects/{}/components/{}/artifacts",
            self.project, self.component
        );
        let body = json!({"image": self.image, "container": self.container, "commit": self.commit});
        let view: Value = self
            .server
            .ask(Method::POST, &path, &[], Some(body))
            .await?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        println!(
            "{} artifact {}, version {}{}",
            self.component,
            view["number"],
            text(&view["version"]),
            if view["created"] == true {
                ""
            } else {
                " (it was there already)"
            }
        );
        println!("  {}", text(&view["image"]["registry"]));
        let goes: Vec<String> = view["goesTo"]
            .as_array()
            .into_iter()
            .flatten()
            .map(text)
            .collect();
        match (goes.as_slice(), text(&view["waitsFor"])) {
            ([], why) => println!("  {why}"),
            (goes, _) => println!("  goes to {}", goes.join(", ")),
        }
        Ok(())
    }
}

/// A component in an environment.
#[derive(Debug, Args)]
pub struct Target {
    #[command(flatten)]
    server: Server,
    /// The component.
    component: String,
    /// Its project.
    #[arg(short, long)]
    project: String,
    /// The environment.
    #[arg(short, long)]
    environment: String,
}

impl Target {
    /// Does something with it.
    pub(super) async fn act(&self, action: Action) -> Result<(), Failure> {
        let (method, last, body) = match action.state() {
            Some(state) => (Method::PUT, "state", Some(json!({"state": state}))),
            None if action == Action::Run => (Method::POST, "runs", None),
            None => (Method::POST, "restarts", None),
        };
        let path = format!(
            "/projects/{}/components/{}/environments/{}/{last}",
            self.project, self.component, self.environment
        );
        let acted: Acted = self.server.ask(method, &path, &[], body).await?;
        let what = format!("{} in {}", self.component, self.environment);
        match action {
            Action::Restart => println!("{what} is being restarted"),
            Action::Run => println!("{what} runs as Job {}", acted.job),
            Action::Suspend => println!("{what} is being suspended"),
            Action::Resume => println!("{what} is being resumed"),
            Action::Undeploy => println!("{what} is being taken off the plane"),
        }
        Ok(())
    }
}

/// Takes a component off the plane in an environment.
#[derive(Debug, Args)]
pub struct Undeploy {
    #[command(flatten)]
    target: Target,
    /// Doesn't ask.
    #[arg(short, long)]
    yes: bool,
}

impl Undeploy {
    /// Asks first, then does it.
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let name = &self.target.component;
        if !self.yes {
            print!(
                "{} Type {name} to undeploy it in {}: ",
                Action::Undeploy.means(),
                self.target.environment
            );
            let _ = std::io::stdout().flush();
            let mut typed = String::new();
            let read = std::io::stdin().lock().read_line(&mut typed);
            if read.is_err() || typed.trim() != name {
                return Err(Failure::Refused("nothing was undeployed".into()));
            }
        }
        self.target.act(Action::Undeploy).await
    }
}
