//! Who asks, and what waits.

use axum::{Extension, extract::State, response::Response};
use http::request::Parts;
use model::{access::Viewer, view::WaitingRow};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Site, answer, ports};

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::default()
        .routes(routes!(whoami))
        .routes(routes!(waiting))
}

/// Somebody.
#[derive(Serialize, ToSchema)]
struct Whoami {
    /// The name they sign in with.
    name: String,
    /// Whether they may do everything.
    administrator: bool,
    /// Their organization.
    organization: String,
}

/// Who the token belongs to.
#[utoipa::path(get, path = "/whoami", tag = "Overview", responses((status = 200, body = Whoami)))]
async fn whoami(Extension(viewer): Extension<Viewer>, parts: Parts) -> Response {
    let body = Whoami {
        name: viewer.name,
        administrator: viewer.administrator,
        organization: viewer.organization,
    };
    answer(&parts, Ok(body))
}

/// What waits for something that isn't there yet.
#[utoipa::path(get, path = "/waiting", tag = "Overview", responses((status = 200, body = Vec<WaitingRow>)))]
async fn waiting(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
) -> Response {
    answer(&parts, ports(&state).overview.waiting(&viewer).await)
}
