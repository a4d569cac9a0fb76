//! What asks a server: over its REST API, with a token.

use std::{
    io::{BufRead, Write},
    path::PathBuf,
};

use clap::Args;
use futures::StreamExt;
use model::{
    health::Health,
    kind::Kind,
    view::{Change, ComponentRow, DeleteView, PlanView, ProjectView},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Failure, Output, offline};

/// Which server, as whom.
#[derive(Debug, Clone, Args)]
pub struct Server {
    /// The server's address.
    #[arg(long, env = "TROUPE_SERVER", default_value = "http://127.0.0.1:3000")]
    server: String,
    /// An API token, made with `troupe token create`.
    #[arg(long, env = "TROUPE_TOKEN", hide_env_values = true)]
    token: Option<String>,
}

/// One resource, by kind and name.
#[derive(Debug, Clone, Args)]
pub struct Thing {
    /// The kind.
    pub(super) kind: String,
    /// The name.
    pub(super) name: String,
    /// Its project.
    #[arg(short, long, default_value = "")]
    pub(super) project: String,
    /// Its component.
    #[arg(short, long, default_value = "")]
    pub(super) component: String,
}

impl Thing {
    /// Its address in the API.
    pub(super) fn path(&self) -> Result<String, Failure> {
        let kind = kind_of(&self.kind)?;
        Ok(format!("/resources/{}/{}", kind.plural(), self.name))
    }

    /// Whose it is, as the API is asked.
    pub(super) fn owner(&self) -> [(&str, &str); 2] {
        [("project", &self.project), ("component", &self.component)]
    }
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Only this one.
    pub(super) name: Option<&'a str>,
    /// Only of this project.
    pub(super) project: &'a str,
    /// Only of this component.
    pub(super) component: &'a str,
    /// Only with this label.
    pub(super) label: &'a str,
}

impl Server {
    /// All items of a list, part by part.
    pub(super) async fn all<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, Failure> {
        #[derive(serde::Deserialize)]
        struct Listed<T> {
            items: Vec<T>,
            next: Option<String>,
        }
        let mut all = Vec::new();
        let mut cursor = String::new();
        loop {
            let mut query = query.to_vec();
            query.extend([("limit", "200"), ("cursor", &cursor)]);
            let part: Listed<T> = self.ask(http::Method::GET, path, &query, None).await?;
            all.extend(part.items);
            match part.next {
                Some(next) => cursor = next,
                None => return Ok(all),
            }
        }
    }

    pub(super) async fn send(
        &self,
        method: http::Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Value>,
    ) -> Result<reqwest::Response, Failure> {
        let request = self.request(method, path, query)?;
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        answered(request).await
    }

    /// Sends a manifest's text over the one that had this tag.
    pub(super) async fn put(
        &self,
        path: &str,
        query: &[(&str, &str)],
        tag: &str,
        text: String,
    ) -> Result<reqwest::Response, Failure> {
        let request = self.request(http::Method::PUT, path, query)?;
        let request = request
            .header(http::header::IF_MATCH, tag)
            .header(http::header::CONTENT_TYPE, "application/yaml")
            .body(text);
        answered(request).await
    }

    fn request(
        &self,
        method: http::Method,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<reqwest::RequestBuilder, Failure> {
        let mut url = url::Url::parse(&format!(
            "{}/api/v1{path}",
            self.server.trim_end_matches('/')
        ))
        .map_err(|error| Failure::Refused(format!("--server {}: {error}", self.server)))?;
        if !query.is_empty() {
            url.query_pairs_mut()
                .extend_pairs(query.iter().filter(|(_, value)| !value.is_empty()));
        }
        let client = reqwest::Client::builder()
            .use_preconfigured_tls(tls())
            .connect_timeout(std::time::Duration::from_secs(10))
            .build()?;
        let mut request = client.request(method, url);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        Ok(request)
    }

    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        method: http::Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Value>,
    ) -> Result<T, Failure> {
        let response = self.send(method, path, query, body).await?;
        Ok(response.json().await?)
    }
}

/// The answer, when it isn't a refusal.
async fn answered(request: reqwest::RequestBuilder) -> Result<reqwest::Response, Failure> {
    let response = request.send().await?;
    if response.status().is_success() {
        return Ok(response);
    }
    Err(refused(response).await)
}

/// The authorities that this host trusts, with the one provider of TLS that is built in.
fn tls() -> rustls::ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    rustls::ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// What the server's refusal means here.
async fn refused(response: reqwest::Response) -> Failure {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap_or_default();
    let mut text = body["detail"]
        .as_str()
        .map_or_else(|| format!("the server answered {status}"), str::to_owned);
    for fault in body["faults"].as_array().into_iter().flatten() {
        let field = |name: &str| fault[name].as_str().unwrap_or_default().to_owned();
        let place = match (field("file"), fault["line"].as_u64().unwrap_or(0)) {
            (file, 0) => file,
            (file, line) => format!("{file}:{line}"),
        };
        text.push_str(&format!(
            "\n  {place}: {}: {}. {}",
            field("path"),
            field("message"),
            field("remedy")
        ));
    }
    let near: Vec<&str> = body["near"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if !near.is_empty() {
        text.push_str(&format!(". Did you mean {}?", near.join(" or ")));
    }
    match status {
        401 => Failure::SignedOut("the token is missing or doesn't hold. Make one on the server's host with `troupe token create`, and set TROUPE_TOKEN".into()),
        404 => Failure::Missing(text),
        _ => Failure::Refused(text),
    }
}

/// Sends manifests, to be applied or only planned.
pub(super) async fn sent(
    server: &Server,
    paths: &[PathBuf],
    dry_run: bool,
) -> Result<PlanView, Failure> {
    let files = offline::read(paths)?;
    let files: Vec<Value> = files
        .iter()
        .map(|file| json!({"name": file.name, "text": file.text}))
        .collect();
    let body = json!({"files": files});
    let dry = if dry_run { "true" } else { "false" };
    server
        .ask(http::Method::POST, "/apply", &[("dryRun", dry)], Some(body))
        .await
}

/// Applies manifests; shows first what changes.
pub(super) async fn apply(
    server: &Server,
    paths: &[PathBuf],
    dry_run: bool,
) -> Result<(), Failure> {
    let view = sent(server, paths, dry_run).await?;
    for row in &view.rows {
        if row.change == Change::Unchanged {
            continue;
        }
        println!("{} {}", row.identity, row.change.as_str().to_lowercase());
        for field in &row.fields {
            let show = |value: &Option<Value>| {
                value
                    .as_ref()
                    .map_or_else(|| "(none)".into(), Value::to_string)
            };
            println!(
                "  {}: {} → {}",
                field.path,
                show(&field.before),
                show(&field.after)
            );
        }
        for what in &row.waiting {
            println!("  will wait for {what}");
        }
        if let Some(note) = &row.note {
            println!("  note: {note}");
        }
    }
    let count = |change| view.count(change);
    println!(
        "{}: {} created, {} changed, {} unchanged",
        if view.applied { "applied" } else { "dry run" },
        count(Change::Created),
        count(Change::Changed),
        count(Change::Unchanged)
    );
    Ok(())
}

pub(super) fn kind_of(word: &str) -> Result<Kind, Failure> {
    Kind::guessed(word).ok_or_else(|| Failure::Missing(format!("there is no kind {word}")))
}

/// Shows resources.
pub(super) async fn get(
    server: &Server,
    kind: &str,
    wanted: &Wanted<'_>,
    output: Output,
) -> Result<(), Failure> {
    let kind = kind_of(kind)?;
    let name = wanted.name;
    let query = [
        ("name", name.unwrap_or_default()),
        ("project", wanted.project),
        ("component", wanted.component),
        ("label", wanted.label),
    ];
    let path = format!("/resources/{}", kind.plural());
    let items: Vec<Value> = server.all(&path, &query).await?;
    if let (Some(name), true) = (name, items.is_empty()) {
        return Err(Failure::Missing(format!("there is no {kind} {name}")));
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match output {
        Output::Json if name.is_some() && items.len() == 1 => println!("{}", items[0]),
        Output::Json => println!("{}", json!({"items": items})),
        Output::Yaml => {
            for item in &items {
                print!("---\n{}", model::yaml::write(item));
            }
        }
        Output::Name => items
            .iter()
            .for_each(|item| println!("{}", text(&item["metadata"]["name"]))),
        Output::Table => {
            let mut rows = vec![vec!["NAME".into(), "PROJECT".into(), "STATUS".into()]];
            rows.extend(items.iter().map(|item| {
                vec![
                    text(&item["metadata"]["name"]),
                    text(&item["spec"]["owner"]["projectName"]),
                    status_of(item),
                ]
            }));
            table(&rows);
        }
    }
    Ok(())
}

/// A manifest's status in one cell.
fn status_of(item: &Value) -> String {
    let status = &item["status"];
    let waiting = status["waitingFor"]
        .as_array()
        .filter(|waiting| !waiting.is_empty());
    if let Some(waiting) = waiting {
        let waiting: Vec<&str> = waiting.iter().filter_map(Value::as_str).collect();
        return format!("waiting for {}", waiting.join(", "));
    }
    let one = |environment: &Value| {
        let health = environment["health"].as_str()?;
        Some(format!(
            "{} {health}",
            environment["name"].as_str().unwrap_or_default()
        ))
    };
    match status["environments"].as_array() {
        Some(all) => all.iter().filter_map(one).collect::<Vec<_>>().join(", "),
        None => one(status).unwrap_or_default(),
    }
}

/// Prints rows in columns that line up.
pub(super) fn table(rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}", width = *width))
            .collect();
        println!("{}", cells.join("  ").trim_end());
    }
}

/// Shows a project's components in their environments. All is well: exit code 0, else 1.
pub(super) async fn status(server: &Server, project: &str) -> Result<(), Failure> {
    let path = format!("/projects/{project}");
    let view: ProjectView = server
        .ask(http::Method::GET, &path, &[("per_page", "1")], None)
        .await?;
    let components: Vec<ComponentRow> = server.all(&format!("{path}/components"), &[]).await?;
    let mut head = vec!["COMPONENT".to_owned()];
    head.extend(view.environments.iter().map(|e| e.name.to_uppercase()));
    let mut rows = vec![head];
    let mut failing = Vec::new();
    for component in &components {
        let mut row = vec![component.name.clone()];
        for cell in &component.cells {
            row.push(match cell.artifact {
                None => "-".into(),
                Some(_) => format!("{} {}", cell.version, cell.health.word()),
            });
            if cell.health == Health::Degraded {
                failing.push(format!(
                    "{} in {}: {}",
                    component.name, cell.environment, cell.sentence
                ));
            }
        }
        if !component.waiting.is_empty() {
            row.push(component.waiting.clone());
        }
        rows.push(row);
    }
    table(&rows);
    for line in &failing {
        println!("{line}");
    }
    if failing.is_empty() {
        Ok(())
    } else {
        Err(Failure::Refused(format!("{} failing", failing.len())))
    }
}

/// Prints a component's log.
#[derive(Debug, Args)]
pub struct Logs {
    #[command(flatten)]
    server: Server,
    /// The component.
    component: String,
    /// Its project.
    #[arg(short, long)]
    project: String,
    /// The environment; the first without it.
    #[arg(short, long, default_value = "")]
    environment: String,
    /// The pod; one that fails, else the newest, without it.
    #[arg(long, default_value = "")]
    pod: String,
    /// The container; the main one without it.
    #[arg(short, long, default_value = "")]
    container: String,
    /// Waits for more lines.
    #[arg(short, long)]
    follow: bool,
    /// The container before its last restart.
    #[arg(long)]
    previous: bool,
    /// The last so many lines, at most 5,000.
    #[arg(long, default_value_t = 200)]
    tail: i64,
    /// Only of the last so many seconds.
    #[arg(long, default_value_t = 0)]
    since: i64,
}

impl Logs {
    /// Prints it.
    pub(super) async fn run(&self) -> Result<(), Failure> {
        let path = format!(
            "/projects/{}/components/{}/logs",
            self.project, self.component
        );
        let flag = |on: bool| if on { "true" } else { "false" };
        let (tail, since) = (self.tail.to_string(), self.since.to_string());
        let query = [
            ("environment", self.environment.as_str()),
            ("pod", &self.pod),
            ("container", &self.container),
            ("follow", flag(self.follow)),
            ("previous", flag(self.previous)),
            ("tail", &tail),
            ("since", &since),
        ];
        let response = self
            .server
            .send(http::Method::GET, &path, &query, None)
            .await?;
        let mut chunks = response.bytes_stream();
        let mut out = std::io::stdout();
        while let Some(chunk) = chunks.next().await {
            let written = out.write_all(&chunk?).and_then(|()| out.flush());
            // The reader has seen enough, as `head` does.
            if written.is_err() {
                break;
            }
        }
        Ok(())
    }
}

/// Deletes a resource, once what goes was shown and confirmed.
pub(super) async fn delete(
    server: &Server,
    thing: &Thing,
    yes: bool,
    dry_run: bool,
) -> Result<(), Failure> {
    let (kind, name) = (kind_of(&thing.kind)?, &thing.name);
    let path = thing.path()?;
    let mut query = thing.owner().to_vec();
    query.push(("dryRun", "true"));
    let view: DeleteView = server
        .ask(http::Method::DELETE, &path, &query, None)
        .await?;
    for identity in &view.resources {
        println!("{identity}");
    }
    for (plane, object) in &view.objects {
        println!("{object} on {plane}");
    }
    if !view.blocked_by.is_empty() {
        return Err(Failure::Refused(format!(
            "{kind} {name}: {}",
            view.blocked_by.join("; ")
        )));
    }
    if dry_run {
        println!("dry run: nothing was deleted");
        return Ok(());
    }
    if !yes {
        print!("Type {name} to delete it: ");
        let _ = std::io::stdout().flush();
        let mut typed = String::new();
        let read = std::io::stdin().lock().read_line(&mut typed);
        if read.is_err() || typed.trim() != name {
            return Err(Failure::Refused("nothing was deleted".into()));
        }
    }
    let _: DeleteView = server
        .ask(http::Method::DELETE, &path, &thing.owner(), None)
        .await?;
    println!("{kind} {name} is being deleted");
    Ok(())
}
