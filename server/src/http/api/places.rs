//! Environments and planes.

use axum::{Extension, extract::State, response::Response};
use http::request::Parts;
use model::{
    access::Viewer,
    view::{EnvironmentRow, PlaneRow},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Site, answer, ports};

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::default()
        .routes(routes!(environments))
        .routes(routes!(planes))
}

/// Environments, in pipeline order.
#[utoipa::path(get, path = "/environments", tag = "Places", responses((status = 200, body = Vec<EnvironmentRow>)))]
async fn environments(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
) -> Response {
    answer(&parts, ports(&state).platform.environments(&viewer).await)
}

/// DataPlanes and whether they answer.
#[utoipa::path(get, path = "/planes", tag = "Places", responses((status = 200, body = Vec<PlaneRow>)))]
async fn planes(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
) -> Response {
    answer(&parts, ports(&state).platform.planes(&viewer).await)
}
