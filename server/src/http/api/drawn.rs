//! What the portal draws, as JSON: cells, pipelines, environments.

use axum::{
    Extension,
    extract::{Path, Query, State},
    response::Response,
};
use http::request::Parts;
use model::{
    access::Viewer,
    view::{CellView, EnvironmentView, PipelineRow},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Site, answer, ports};

/// The room's routes.
pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::default()
        .routes(routes!(cell))
        .routes(routes!(pipelines))
        .routes(routes!(environment))
}

/// Which environment is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Where {
    /// The environment; one that fails, else the first that something runs in, without it.
    #[serde(default)]
    environment: String,
}

/// A project in one environment: its components, who calls whom, and where each connection leads.
#[utoipa::path(get, path = "/projects/{project}/cell", params(("project" = String, Path), Where), responses((status = 200, body = CellView)))]
async fn cell(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path(project): Path<String>,
    Query(part): Query<Where>,
    parts: Parts,
) -> Response {
    let cells = ports(&state).cells;
    answer(
        &parts,
        cells.find(&viewer, &project, &part.environment).await,
    )
}

/// Deployment pipelines: which environment follows which, and who uses them.
#[utoipa::path(get, path = "/pipelines", responses((status = 200, body = Vec<PipelineRow>)))]
async fn pipelines(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
) -> Response {
    answer(&parts, ports(&state).pipelines.list(&viewer).await)
}

/// One environment: what runs in it, and the names that come of it.
#[utoipa::path(get, path = "/environments/{environment}", params(("environment" = String, Path)), responses((status = 200, body = EnvironmentView)))]
async fn environment(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path(environment): Path<String>,
    parts: Parts,
) -> Response {
    let environments = ports(&state).environments;
    answer(&parts, environments.find(&viewer, &environment).await)
}
