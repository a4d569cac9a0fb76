//! Tests of planes, and configuration groups as matrices.

use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use http::request::Parts;
use model::{
    access::Viewer,
    kind::Kind,
    view::{ConfigurationView, PlaneTest},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{super::Site, answer, ports};

/// The room's routes.
pub(super) fn routes() -> OpenApiRouter<super::Site> {
    OpenApiRouter::default()
        .routes(routes!(plane_tests, test_plane))
        .routes(routes!(build_plane_tests, test_build_plane))
        .routes(routes!(configuration))
}

/// The tests of a DataPlane that are kept, newest first.
#[utoipa::path(get, path = "/planes/{name}/tests", params(("name" = String, Path)),
    responses((status = 200, description = "What each test found, step by step", body = Vec<PlaneTest>)))]
async fn plane_tests(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path(name): Path<String>,
    parts: Parts,
) -> Response {
    let planes = ports(&state).planes;
    answer(&parts, planes.tests(&viewer, Kind::DataPlane, &name).await)
}

/// Tests a DataPlane: reach, list, apply and delete in a dry run, versions, network policy engine,
/// Gateway API. Nothing is changed on it; the result is kept.
#[utoipa::path(post, path = "/planes/{name}/tests", params(("name" = String, Path)),
    responses((status = 200, description = "What the test found, step by step", body = PlaneTest)))]
async fn test_plane(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path(name): Path<String>,
    parts: Parts,
) -> Response {
    let planes = ports(&state).planes;
    answer(&parts, planes.test(&viewer, Kind::DataPlane, &name).await)
}

/// The tests of a BuildPlane that are kept, newest first.
#[utoipa::path(get, path = "/build-planes/{name}/tests", params(("name" = String, Path)),
    responses((status = 200, description = "What each test found, step by step", body = Vec<PlaneTest>)))]
async fn build_plane_tests(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path(name): Path<String>,
    parts: Parts,
) -> Response {
    let planes = ports(&state).planes;
    answer(&parts, planes.tests(&viewer, Kind::BuildPlane, &name).await)
}

/// Tests a BuildPlane as a DataPlane is tested.
#[utoipa::path(post, path = "/build-planes/{name}/tests", params(("name" = String, Path)),
    responses((status = 200, description = "What the test found, step by step", body = PlaneTest)))]
async fn test_build_plane(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path(name): Path<String>,
    parts: Parts,
) -> Response {
    let planes = ports(&state).planes;
    answer(&parts, planes.test(&viewer, Kind::BuildPlane, &name).await)
}

/// A configuration group with its value for every key and environment, where each comes from, and
/// who takes it.
#[utoipa::path(get, path = "/configuration/{name}", params(("name" = String, Path)),
    responses((status = 200, description = "The matrix", body = ConfigurationView)))]
async fn configuration(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path(name): Path<String>,
    parts: Parts,
) -> Response {
    let groups = ports(&state).configuration;
    answer(&parts, groups.find(&viewer, &name).await)
}
