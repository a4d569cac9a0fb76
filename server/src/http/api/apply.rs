//! Manifests sent in: applied in one transaction, or only shown.

use axum::{
    Extension,
    body::Bytes,
    extract::{DefaultBodyLimit, Query, State},
    response::Response,
};
use http::{HeaderMap, header, request::Parts};
use model::{
    access::Viewer,
    port::SentFile,
    problem::Problem,
    view::{PlanView, PreviewView},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Site, answer, ports};
use crate::http::APPLY;

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::default()
        .routes(routes!(apply))
        .routes(routes!(preview))
        .layer(DefaultBodyLimit::max(APPLY))
}

/// How manifests are sent.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct Applying {
    /// Only shows what would happen.
    #[serde(default)]
    pub(super) dry_run: bool,
    /// What to call the text in faults.
    #[serde(default)]
    pub(super) file: String,
}

/// Applies manifests, YAML or JSON, many documents, in one transaction. `application/json` with a
/// list of `{name, text}` under `files` sends several files at once.
#[utoipa::path(post, path = "/apply", tag = "Manifests", params(Applying), request_body(content((String = "application/yaml"), (Files = "application/json"))),
    responses((status = 200, description = "What was or would be done", body = PlanView), (status = 422, description = "Every fault of every document")))]
async fn apply(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Query(how): Query<Applying>,
    headers: HeaderMap,
    parts: Parts,
    body: Bytes,
) -> Response {
    let done = async {
        let files = sent(&headers, &how.file, &body)?.into();
        let manifests = ports(&state).manifests;
        faultless(if how.dry_run {
            manifests.plan(&viewer, &files).await?
        } else {
            manifests.apply(&viewer, &files).await?
        })
    };
    answer(&parts, done.await)
}

/// A plan with faults is a problem to machines.
pub(super) fn faultless(view: PlanView) -> Result<PlanView, Problem> {
    if view.faults.is_empty() {
        return Ok(view);
    }
    Err(Problem::Invalid {
        message: format!("{} faults; nothing was written", view.faults.len()),
        faults: view.faults,
    })
}

/// What applying manifests would do, down to the objects on planes. Nothing is written.
#[utoipa::path(post, path = "/preview", tag = "Manifests", params(Applying), request_body(content((String = "application/yaml"), (Files = "application/json"))),
    responses((status = 200, description = "What would be done, and the releases that would come of it", body = PreviewView), (status = 422, description = "Every fault of every document")))]
async fn preview(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Query(how): Query<Applying>,
    headers: HeaderMap,
    parts: Parts,
    body: Bytes,
) -> Response {
    let done = async {
        let files = sent(&headers, &how.file, &body)?.into();
        let view = ports(&state).manifests.preview(&viewer, &files).await?;
        Ok(PreviewView {
            plan: faultless(view.plan)?,
            releases: view.releases,
        })
    };
    answer(&parts, done.await)
}

/// Several files at once.
#[derive(Deserialize, ToSchema)]
struct Files {
    /// The files.
    files: Vec<File>,
}

/// A file of manifests.
#[derive(Deserialize, ToSchema)]
struct File {
    /// What to call it in faults.
    name: String,
    /// YAML or JSON, many documents.
    text: String,
}

pub(super) fn sent(
    headers: &HeaderMap,
    name: &str,
    body: &Bytes,
) -> Result<Vec<SentFile>, Problem> {
    let text = std::str::from_utf8(body)
        .map_err(|_| Problem::invalid("body", "It isn't UTF-8 text", "Send YAML or JSON"))?;
    let json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/json"));
    if json && let Ok(files) = serde_json::from_str::<Files>(text) {
        let files = files.files.into_iter().map(|file| SentFile {
            name: file.name,
            text: file.text,
        });
        return Ok(files.collect());
    }
    if text.trim().is_empty() {
        return Err(Problem::invalid(
            "body",
            "Nothing was sent",
            "Send manifests",
        ));
    }
    Ok(vec![SentFile {
        name: name.to_owned(),
        text: text.to_owned(),
    }])
}
