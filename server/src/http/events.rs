//! Streams: what changed, and what a pod says.

use std::{
    collections::BTreeSet,
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Extension,
    extract::{Path, Query, State},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt};
use http::{HeaderMap, request::Parts};
use model::{access::Viewer, port::LogQuestion};
use serde::Deserialize;
use tokio::sync::{broadcast::error::RecvError, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use utoipa::IntoParams;

use super::{STREAM, Site, guard::Key, told};

/// A comment is sent this often, so that proxies keep the stream open.
const ALIVE: Duration = Duration::from_secs(15);
/// A page has few topics.
const MOST_TOPICS: usize = 20;

/// What somebody listens for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Topics {
    /// Topics joined by commas: `home`, `waiting`, `planes`, `project/P`, `component/P/C`.
    #[serde(default)]
    topics: String,
}

/// What changed under the topics asked for, in order, as server-sent events; resumes after
/// `Last-Event-ID`.
#[utoipa::path(get, path = "/events", tag = "Overview", params(Topics), responses((status = 200, body = String, content_type = "text/event-stream")))]
pub(super) async fn changes(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Extension(key): Extension<Key>,
    Query(query): Query<Topics>,
    headers: HeaderMap,
    parts: Parts,
) -> Response {
    let wanted: BTreeSet<String> = query
        .topics
        .split(',')
        .filter(|topic| !topic.is_empty())
        .take(MOST_TOPICS)
        .map(|topic| format!("{}/{topic}", viewer.organization))
        .collect();
    let last = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.parse::<i64>().ok());
    // Listening begins before the past is read, so that nothing falls between.
    let live = state.platform.changes();
    let past = match last {
        Some(last) => state.platform.changes_since(last).await,
        None => Ok(Some(Vec::new())),
    };
    let (past, newest) = match (past, state.platform.newest_change().await) {
        (Ok(past), Ok(newest)) => (past, newest),
        (Err(error), _) | (_, Err(error)) => {
            return told(&state, &parts, Some(&viewer), &error.into()).await;
        }
    };
    let (sender, receiver) = mpsc::channel::<Result<Event, Infallible>>(64);
    let pump = Pump {
        wanted,
        sender,
        resumed: last,
    };
    let ended = ended(state, key);
    tokio::spawn(async move {
        tokio::select! {
            () = pump.run(past, newest, live) => {}
            () = ended => {}
        }
    });
    stream(ReceiverStream::new(receiver))
}

fn stream(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE));
    ([STREAM, ("cache-control", "no-store")], sse).into_response()
}

/// Ends when the server stops, or when whoever looks may look no longer.
pub(super) async fn ended(state: Site, key: Key) {
    let recheck = async {
        loop {
            tokio::time::sleep(state.recheck).await;
            if !key.holds(&state).await {
                return;
            }
        }
    };
    tokio::select! {
        () = state.stop.cancelled() => {}
        () = recheck => {}
    }
}

struct Pump {
    wanted: BTreeSet<String>,
    sender: mpsc::Sender<Result<Event, Infallible>>,
    /// The newest that the client had when it came.
    resumed: Option<i64>,
}

impl Pump {
    async fn run(
        self,
        past: Option<Vec<control::Change>>,
        newest: i64,
        mut live: tokio::sync::broadcast::Receiver<control::Change>,
    ) {
        // Until the past is told, the client stays where it was: a stream that breaks in between
        // resumes there.
        let at = match &past {
            Some(_) => self.resumed.unwrap_or(newest),
            None => newest,
        };
        let hello = Event::default()
            .event("hello")
            .id(at.to_string())
            .data(newest.to_string());
        if self.sender.send(Ok(hello)).await.is_err() {
            return;
        }
        let mut seen = newest;
        match past {
            Some(past) => {
                for change in past {
                    seen = seen.max(change.sequence);
                    if !self.tell(&change).await {
                        return;
                    }
                }
            }
            // Too long ago: everything may have changed.
            None => {
                if !self.everything(newest).await {
                    return;
                }
            }
        }
        loop {
            tokio::select! {
                change = live.recv() => match change {
                    Ok(change) if change.sequence > seen => {
                        seen = seen.max(change.sequence);
                        if !self.tell(&change).await { return; }
                    }
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => if !self.everything(seen).await { return; },
                    Err(RecvError::Closed) => return,
                },
                () = self.sender.closed() => return,
            }
        }
    }

    async fn tell(&self, change: &control::Change) -> bool {
        if !self.wanted.contains(&change.topic) {
            return true;
        }
        let topic = change.topic.split_once('/').map_or("", |(_, topic)| topic);
        let event = Event::default()
            .event("change")
            .id(change.sequence.to_string())
            .data(topic);
        self.sender.send(Ok(event)).await.is_ok()
    }

    async fn everything(&self, sequence: i64) -> bool {
        for topic in &self.wanted {
            let change = control::Change {
                sequence,
                topic: topic.clone(),
            };
            if !self.tell(&change).await {
                return false;
            }
        }
        true
    }
}

/// Which part of which log, as addresses say it.
#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    environment: String,
    #[serde(default)]
    pod: String,
    #[serde(default)]
    container: String,
    #[serde(default)]
    previous: bool,
    #[serde(default)]
    since: i64,
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

impl Which {
    fn question(self, project: String, component: String) -> LogQuestion {
        LogQuestion {
            project,
            component,
            environment: self.environment,
            pod: self.pod,
            container: self.container,
            previous: self.previous,
            tail: 0,
            since_seconds: self.since.max(0),
            search: self.q,
            after: self.after,
        }
    }
}

/// The end of a pod's log as a text to keep.
pub(super) async fn log_text(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, component)): Path<(String, String)>,
    Query(which): Query<Which>,
    parts: Parts,
) -> Response {
    let name = format!("{component}.log");
    let question = LogQuestion {
        tail: 5000,
        ..which.question(project, component)
    };
    match state
        .platform
        .ports()
        .components
        .log(&viewer, &question)
        .await
    {
        Ok(view) => {
            let lines = view.lines.iter();
            let text: String = lines
                .map(|line| format!("{} {}\n", line.at, line.text))
                .collect();
            let kind = ("content-type", "text/plain; charset=utf-8".to_owned());
            let file = (
                "content-disposition",
                format!("attachment; filename=\"{name}\""),
            );
            ([kind, file], text).into_response()
        }
        Err(problem) => told(&state, &parts, Some(&viewer), &problem).await,
    }
}

/// A pod's log as it grows: one event a line, with the line's mark as its id. A client that comes
/// back with the last one goes on after it.
pub(super) async fn log(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Extension(key): Extension<Key>,
    Path((project, component)): Path<(String, String)>,
    Query(which): Query<Which>,
    headers: HeaderMap,
    parts: Parts,
) -> Response {
    let mut question = which.question(project, component);
    let last = headers.get("last-event-id");
    if let Some(last) = last.and_then(|id| id.to_str().ok()) {
        last.clone_into(&mut question.after);
    }
    let lines = match state
        .platform
        .ports()
        .components
        .follow(&viewer, &question)
        .await
    {
        Ok(lines) => lines,
        Err(problem) => return told(&state, &parts, Some(&viewer), &problem).await,
    };
    let lost = Arc::new(AtomicBool::new(false));
    let broke = lost.clone();
    let events = lines.map(move |line| {
        Ok(match line {
            Ok(line) if line.mark.is_empty() => Event::default().data(one_line(&line.text)),
            Ok(line) => Event::default().id(line.mark).data(one_line(&line.text)),
            Err(problem) => {
                lost.store(true, Ordering::Relaxed);
                Event::default()
                    .event("lost")
                    .data(one_line(&problem.to_string()))
            }
        })
    });
    // The browser would ask again and again for a log that has ended. It should for one that broke
    // off: it says what it had, and goes on after that.
    let end = futures::stream::once(async move {
        let ended = !broke.load(Ordering::Relaxed);
        ended.then(|| Ok(Event::default().event("end").data("")))
    });
    let end = end.filter_map(std::future::ready);
    stream(events.chain(end).take_until(Box::pin(ended(state, key))))
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}
