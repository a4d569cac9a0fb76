//! Projects with how they run.

use axum::{
    Extension,
    extract::{Path, Query, State},
    response::Response,
};
use http::request::Parts;
use model::access::Viewer;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Part, Site, answer, ports};

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::default()
        .routes(routes!(projects))
        .routes(routes!(project))
}

/// Projects with how they run.
#[utoipa::path(get, path = "/projects", params(Part), responses((status = 200, body = Value)))]
async fn projects(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Query(part): Query<Part>,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state).projects.list(&viewer, &part.paging()).await,
    )
}

/// One project with a part of its components.
#[utoipa::path(get, path = "/projects/{project}", params(("project" = String, Path), Part), responses((status = 200, body = Value), (status = 404, body = Value)))]
async fn project(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path(project): Path<String>,
    Query(part): Query<Part>,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state)
            .projects
            .find(&viewer, &project, &part.paging())
            .await,
    )
}
