//! Who asks, and what waits.

use axum::{Extension, extract::State, response::Response};
use http::request::Parts;
use model::access::Viewer;
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Site, answer, ports};

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::default()
        .routes(routes!(whoami))
        .routes(routes!(waiting))
}

/// Who the token belongs to.
#[utoipa::path(get, path = "/whoami", responses((status = 200, body = Value)))]
async fn whoami(Extension(viewer): Extension<Viewer>, parts: Parts) -> Response {
    let body = json!({
        "name": viewer.name,
        "administrator": viewer.administrator,
        "organization": viewer.organization,
    });
    answer(&parts, Ok(body))
}

/// What waits for something that isn't there yet.
#[utoipa::path(get, path = "/waiting", responses((status = 200, body = Value)))]
async fn waiting(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
) -> Response {
    answer(&parts, ports(&state).overview.waiting(&viewer).await)
}
