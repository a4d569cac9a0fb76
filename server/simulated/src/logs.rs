//! Logs: computed, not kept. A line is a function of the container and its number, so a tail, a follow and a second
//! look agree, and a container that has run for a month costs nothing.

use crate::cluster::Inner;
use crate::failure::Failure;
use crate::kinds::by_kind;
use crate::service::Query;
use crate::storage::{Key, State};
use crate::value::{self, hash, items, parse_time, text};
use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use serde_json::Value;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// No log goes back further than this many lines.
const LONGEST: i64 = 2_000;

/// What a request for logs is answered with.
pub(crate) enum Text {
    Whole(String),
    Flow(BoxStream<'static, Bytes>),
}

/// One run of a container, and the voice it speaks with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Run {
    pub who: String,
    pub image: String,
    pub from: i64,
    /// None while it runs.
    pub to: Option<i64>,
    /// Exit code and reason of a run that failed.
    pub failed: Option<(i64, String)>,
}

/// The lines at the start of a run, in milliseconds after it.
const START: [(i64, &str); 5] = [
    (4, "starting {who} {tag}"),
    (31, "configuration loaded from environment"),
    (58, "connecting to dependencies"),
    (140, "telemetry: exporter disabled"),
    (212, "listening on :8080"),
];

/// What is said while running.
const WORK: [&str; 8] = [
    "request completed method=GET path=/{who} status=200 duration_ms={n}",
    "request completed method=POST path=/{who}/items status=201 duration_ms={n}",
    "cache hit ratio=0.{n} entries={m}",
    "request completed method=GET path=/healthz status=200 duration_ms=1",
    "request completed method=GET path=/{who}/{m} status=304 duration_ms={n}",
    "background sweep finished removed={n}",
    "request completed method=GET path=/{who}/{m} status=404 duration_ms={n}",
    "connection pool size=8 idle={i}",
];

/// What is said last before a crash.
const PANIC: [&str; 5] = [
    "panic: runtime error: invalid memory address or nil pointer dereference",
    "[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x6f2c41]",
    "goroutine 1 [running]:",
    "main.(*{who}).Serve(0x0, {0xc0001a2000, 0x1c})",
    "\t/src/{who}/server.go:118 +0x1a1",
];

impl Run {
    /// Microseconds between two lines of work.
    fn beat(&self) -> i64 {
        3_000_000 + i64::try_from(hash(&self.who) % 4_000).unwrap_or_default() * 1_000
    }

    /// When line `i` is said: None when the run ends before.
    fn at(&self, i: i64) -> Option<i64> {
        let start = i64::try_from(START.len()).unwrap_or_default();
        let time = if i < start {
            self.from + START[usize::try_from(i).ok()?].0 * 1_000
        } else {
            self.from + 1_000_000 + (i - start) * self.beat()
        };
        self.to
            .is_none_or(|to| time <= to || i < start)
            .then_some(time)
    }

    fn say(&self, i: i64, time: i64) -> String {
        let start = i64::try_from(START.len()).unwrap_or_default();
        let seed = hash(&format!("{}/{}/{i}", self.who, self.from));
        let tag = self.image.rsplit(':').next().unwrap_or("latest");
        let (level, words) = if i < start {
            ("INFO", START[usize::try_from(i).unwrap_or_default()].1)
        } else {
            let words = WORK[usize::try_from(seed % 8).unwrap_or_default()];
            (
                if words.contains("404") {
                    "WARN"
                } else {
                    "INFO"
                },
                words,
            )
        };
        let words = words
            .replace("{who}", &self.who)
            .replace("{tag}", tag)
            .replace("{n}", &(2 + seed / 8 % 90).to_string())
            .replace("{m}", &(100 + seed / 800 % 900).to_string())
            .replace("{i}", &(seed / 16 % 8).to_string());
        format!(
            "{} {level:<5} {}: {words}",
            value::stamp_millis(time),
            self.who
        )
    }

    /// The last lines of a run that failed.
    fn end(&self) -> Vec<(i64, String)> {
        let (Some(to), Some((code, reason))) = (self.to, &self.failed) else {
            return Vec::new();
        };
        if reason == "OOMKilled" {
            let words = format!(
                "{} WARN  {}: memory usage at 98% of limit",
                value::stamp_millis(to),
                self.who
            );
            return vec![(to, words)];
        }
        let mut out = vec![(
            to,
            format!(
                "{} ERROR {}: fatal, exiting with code {code}",
                value::stamp_millis(to),
                self.who
            ),
        )];
        out.extend(PANIC.iter().map(|l| (to, l.replace("{who}", &self.who))));
        out
    }

    /// All lines said until now, the last 2,000 at most.
    pub(crate) fn lines(&self, now: i64) -> Vec<(i64, String)> {
        let until = self.to.unwrap_or(now);
        let last =
            (until - self.from) / self.beat() + i64::try_from(START.len()).unwrap_or_default() + 1;
        let mut out: Vec<(i64, String)> = ((last - LONGEST).max(0)..=last)
            .filter_map(|i| {
                self.at(i)
                    .filter(|t| *t <= until || self.to.is_some())
                    .map(|t| (t, self.say(i, t)))
            })
            .collect();
        out.extend(self.end());
        out
    }
}

/// The component's name: what its labels say, else the container's name.
fn who(pod: &Value, container: &str) -> String {
    let labels = &pod["metadata"]["labels"];
    ["component-name", "app.kubernetes.io/name", "app"]
        .iter()
        .find_map(|l| labels[*l].as_str())
        .unwrap_or(container)
        .to_owned()
}

/// The run that a request is about.
fn run(pod: &Value, container: &str, previous: bool) -> Result<Run, Failure> {
    let name = text(&pod["metadata"]["name"]);
    let all = items(&pod["status"]["containerStatuses"])
        .iter()
        .chain(items(&pod["status"]["initContainerStatuses"]));
    let status = all
        .into_iter()
        .find(|s| s["name"] == container)
        .cloned()
        .unwrap_or(Value::Null);
    let terminated = |t: &Value| Run {
        who: who(pod, container),
        image: text(&status["image"]).to_owned(),
        from: parse_time(&t["startedAt"]).unwrap_or_default(),
        to: parse_time(&t["finishedAt"]),
        failed: (t["exitCode"] != 0)
            .then(|| (value::int(&t["exitCode"], 1), text(&t["reason"]).to_owned())),
    };
    let (state, last) = (&status["state"], &status["lastState"]["terminated"]);
    if previous {
        if last.is_null() {
            let message = format!(
                "previous terminated container \"{container}\" in pod \"{name}\" not found"
            );
            return Err(Failure::bad_request(message));
        }
        return Ok(terminated(last));
    }
    if let Some(from) = parse_time(&state["running"]["startedAt"]) {
        let (who, image) = (who(pod, container), text(&status["image"]).to_owned());
        return Ok(Run {
            who,
            image,
            from,
            to: None,
            failed: None,
        });
    }
    if !state["terminated"].is_null() {
        return Ok(terminated(&state["terminated"]));
    }
    if !last.is_null() {
        return Ok(terminated(last));
    }
    let why = match text(&state["waiting"]["reason"]) {
        "ErrImagePull" | "ImagePullBackOff" => "trying and failing to pull image".to_owned(),
        "" => "ContainerCreating".to_owned(),
        reason => reason.to_owned(),
    };
    Err(Failure::bad_request(format!(
        "container \"{container}\" in pod \"{name}\" is waiting to start: {why}"
    )))
}

fn chosen(pod: &Value, wanted: &str) -> Result<String, Failure> {
    let spec = &pod["spec"];
    let names: Vec<&str> = items(&spec["containers"])
        .iter()
        .chain(items(&spec["initContainers"]))
        .map(|c| text(&c["name"]))
        .collect();
    let name = text(&pod["metadata"]["name"]);
    if wanted.is_empty() {
        let apps = items(&spec["containers"]);
        if apps.len() > 1 {
            let message = format!(
                "a container name must be specified for pod {name}, choose one of: [{}]",
                apps.iter()
                    .map(|c| text(&c["name"]))
                    .collect::<Vec<_>>()
                    .join(" ")
            );
            return Err(Failure::bad_request(message));
        }
        return Ok(apps.first().map_or("", |c| text(&c["name"])).to_owned());
    }
    if names.contains(&wanted) {
        return Ok(wanted.to_owned());
    }
    Err(Failure::bad_request(format!(
        "container {wanted} is not valid for pod {name}"
    )))
}

/// Answers a request for logs.
pub(crate) fn answer(inner: &Arc<Inner>, query: &Query, key: &Key) -> Result<Text, Failure> {
    let now = inner.now();
    let state = inner.state();
    let pod = state
        .get(key)
        .cloned()
        .ok_or_else(|| Failure::not_found(by_kind("Pod"), &key.name))?;
    drop(state);
    let container = chosen(&pod, query.get("container"))?;
    let run = run(&pod, &container, query.truth("previous"))?;
    let stamps = query.truth("timestamps");
    let since = match (
        query.number("sinceSeconds"),
        query.get("sinceTime").parse::<jiff::Timestamp>(),
    ) {
        (Some(seconds), _) => now - seconds * 1_000_000,
        (_, Ok(time)) => time.as_microsecond(),
        _ => i64::MIN,
    };
    let mut lines: Vec<(i64, String)> = run
        .lines(now)
        .into_iter()
        .filter(|(t, _)| *t >= since)
        .collect();
    if let Some(tail) = query
        .number("tailLines")
        .and_then(|n| usize::try_from(n).ok())
    {
        lines.drain(..lines.len().saturating_sub(tail));
    }
    let mut whole: String = lines.iter().map(|(t, l)| printed(*t, l, stamps)).collect();
    if let Some(limit) = query
        .number("limitBytes")
        .and_then(|n| usize::try_from(n).ok())
    {
        whole.truncate(whole.floor_char_boundary(limit));
    }
    if !query.truth("follow") {
        return Ok(Text::Whole(whole));
    }
    let follow = Follow {
        inner: Arc::downgrade(inner),
        key: key.clone(),
        container,
        run,
        stamps,
        said: now,
        over: false,
        first: Some(whole),
    };
    Ok(Text::Flow(
        stream::unfold(
            follow,
            |mut f| async move { f.next().await.map(|b| (b, f)) },
        )
        .boxed(),
    ))
}

fn printed(time: i64, line: &str, stamps: bool) -> String {
    if stamps {
        format!("{} {line}\n", value::stamp_nanos(time))
    } else {
        format!("{line}\n")
    }
}

struct Follow {
    inner: Weak<Inner>,
    key: Key,
    container: String,
    run: Run,
    stamps: bool,
    /// Lines up to here are out.
    said: i64,
    over: bool,
    first: Option<String>,
}

impl Follow {
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(first) = self.first.take().filter(|f| !f.is_empty()) {
            return Some(first.into());
        }
        loop {
            if self.over {
                return None;
            }
            let inner = self.inner.upgrade()?;
            let mut changed = inner.changed.subscribe();
            let now = inner.now();
            let (lines, over) = self.news(&inner.state(), now);
            self.over = over;
            if !lines.is_empty() {
                self.said = now;
                return Some(
                    lines
                        .iter()
                        .map(|(t, l)| printed(*t, l, self.stamps))
                        .collect::<String>()
                        .into(),
                );
            }
            if over {
                continue;
            }
            drop(inner);
            let wait = (0..)
                .filter_map(|i| self.run.at(self.index(now) + i))
                .find(|t| *t > now)
                .map_or(1_000_000, |t| t - now);
            let wait = Duration::from_micros(u64::try_from(wait).unwrap_or(1_000_000));
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                alive = changed.changed() => alive.ok()?,
            }
        }
    }

    /// The number of a line that is not later than this.
    fn index(&self, now: i64) -> i64 {
        ((now - self.run.from) / self.run.beat() - 2).max(0)
    }

    /// Lines since the last look, and whether the run is over.
    fn news(&mut self, state: &State, now: i64) -> (Vec<(i64, String)>, bool) {
        let here = state
            .get(&self.key)
            .map(|pod| run(pod, &self.container, false));
        let over = match here {
            Some(Ok(found)) if found.from == self.run.from && found.to.is_none() => false,
            Some(Ok(found)) if found.from == self.run.from => {
                self.run = found;
                true
            }
            _ => true,
        };
        let said = self.said;
        let mut lines: Vec<_> = self
            .run
            .lines(now)
            .into_iter()
            .filter(|(t, _)| *t > said && *t <= now)
            .collect();
        if over && self.run.to.is_some_and(|to| to <= said) {
            lines.extend(self.run.end());
        }
        (lines, over)
    }
}
