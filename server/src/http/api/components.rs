//! Components, and what runs of them.

use axum::{
    Extension,
    body::Body,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use futures::StreamExt;
use http::{header, request::Parts};
use model::{
    access::Viewer,
    port::LogQuestion,
    view::{
        ArtifactRow, ComponentView, EventRow, HistoryRow, Page, ReleaseRow, ReleaseView,
        RuntimeView,
    },
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Part, Site, answer, details, ports};
use crate::http::{STREAM, events::ended, guard::Key};

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::default()
        .routes(routes!(component))
        .routes(routes!(artifacts))
        .routes(routes!(releases))
        .routes(routes!(release))
        .routes(routes!(runtime))
        .routes(routes!(events))
        .routes(routes!(history))
        .routes(routes!(logs))
}

pub(super) type OfComponent = Path<(String, String)>;

/// One component with its environments.
#[utoipa::path(get, path = "/projects/{project}/components/{component}", tag = "Components", params(("project" = String, Path), ("component" = String, Path)), responses((status = 200, body = ComponentView)))]
async fn component(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, name)): OfComponent,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state)
            .components
            .find(&viewer, &project, &name)
            .await,
    )
}

/// Its artifacts, newest first.
#[utoipa::path(get, path = "/projects/{project}/components/{component}/artifacts", tag = "Components", params(("project" = String, Path), ("component" = String, Path), Part), responses((status = 200, body = Page<ArtifactRow>)))]
async fn artifacts(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, name)): OfComponent,
    Query(part): Query<Part>,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state)
            .components
            .artifacts(&viewer, &project, &name, &part.paging())
            .await,
    )
}

/// Its releases, newest first.
#[utoipa::path(get, path = "/projects/{project}/components/{component}/releases", tag = "Components", params(("project" = String, Path), ("component" = String, Path), Part), responses((status = 200, body = Page<ReleaseRow>)))]
async fn releases(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, name)): OfComponent,
    Query(part): Query<Part>,
    parts: Parts,
) -> Response {
    let components = ports(&state).components;
    answer(
        &parts,
        components
            .releases(&viewer, &project, &name, part.environment(), &part.paging())
            .await,
    )
}

/// One release: its objects, and what differs from the one before.
#[utoipa::path(get, path = "/projects/{project}/components/{component}/releases/{environment}/{number}", tag = "Components", params(("project" = String, Path), ("component" = String, Path), ("environment" = String, Path), ("number" = i64, Path)), responses((status = 200, body = ReleaseView)))]
async fn release(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, name, environment, number)): Path<(String, String, String, i64)>,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state)
            .components
            .release(&viewer, &project, &name, &environment, number)
            .await,
    )
}

/// Its live objects in an environment.
#[utoipa::path(get, path = "/projects/{project}/components/{component}/runtime", tag = "Components", params(("project" = String, Path), ("component" = String, Path), Part), responses((status = 200, body = RuntimeView)))]
async fn runtime(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, name)): OfComponent,
    Query(part): Query<Part>,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state)
            .components
            .runtime(&viewer, &project, &name, part.environment())
            .await,
    )
}

/// The plane's events about it, newest first.
#[utoipa::path(get, path = "/projects/{project}/components/{component}/events", tag = "Components", params(("project" = String, Path), ("component" = String, Path), Part), responses((status = 200, body = Vec<EventRow>)))]
async fn events(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, name)): OfComponent,
    Query(part): Query<Part>,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state)
            .components
            .events(&viewer, &project, &name, part.environment())
            .await,
    )
}

/// What became of it and its parts, newest first.
#[utoipa::path(get, path = "/projects/{project}/components/{component}/history", tag = "Components", params(("project" = String, Path), ("component" = String, Path)), responses((status = 200, body = Vec<HistoryRow>)))]
async fn history(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, name)): OfComponent,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state)
            .components
            .history(&viewer, &project, &name)
            .await,
    )
}

/// Which log is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LogPart {
    /// The environment; the first without it.
    #[serde(default)]
    environment: String,
    /// The pod; one that fails, else the newest, without it.
    #[serde(default)]
    pod: String,
    /// The container; the main one without it.
    #[serde(default)]
    container: String,
    /// The container before its last restart.
    #[serde(default)]
    previous: bool,
    /// Waits for more lines.
    #[serde(default)]
    follow: bool,
    /// The last so many lines, at most 5,000; 200 without it.
    #[serde(default)]
    tail: i64,
    /// Only of the last so many seconds.
    #[serde(default)]
    since: i64,
    /// Only lines with this text in them, whatever their case.
    #[serde(default)]
    q: String,
}

/// A pod's log as text.
#[utoipa::path(get, path = "/projects/{project}/components/{component}/logs", tag = "Components", params(("project" = String, Path), ("component" = String, Path), LogPart), responses((status = 200, body = String, content_type = "text/plain")))]
async fn logs(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Extension(key): Extension<Key>,
    Path((project, component)): OfComponent,
    Query(part): Query<LogPart>,
    parts: Parts,
) -> Response {
    let question = LogQuestion {
        project,
        component,
        environment: part.environment,
        pod: part.pod,
        container: part.container,
        previous: part.previous,
        tail: part.tail,
        since_seconds: part.since,
        search: part.q,
        after: String::new(),
    };
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    let components = ports(&state).components;
    if part.follow {
        return match components.follow(&viewer, &question).await {
            Ok(lines) => {
                let ended = Box::pin(ended(state, key));
                let lines = lines.take_until(ended).map(|line| {
                    let text = line.map_or_else(|problem| format!("# {problem}"), |line| line.text);
                    Ok::<_, std::convert::Infallible>(format!("{text}\n"))
                });
                ([STREAM], plain, Body::from_stream(lines)).into_response()
            }
            Err(problem) => details(&problem, &parts),
        };
    }
    match components.log(&viewer, &question).await {
        Ok(view) => {
            let lines = view.lines.iter();
            let text: String = lines.map(|line| format!("{}\n", line.text)).collect();
            (plain, text).into_response()
        }
        Err(problem) => details(&problem, &parts),
    }
}
