//! REST under `/api/v1`, described by the OpenAPI document that its own handlers make.
//!
//! Answers are the views that pages show, as JSON; problems are RFC 9457 problem details.

mod apply;
mod components;
mod overview;
mod places;
mod projects;
mod resources;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header, request::Parts};
use model::{health::Health, kind::Kind, port::Ports, problem::Problem, view::Paging};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, OpenApi};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Site;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Troupe",
        description = "An internal developer platform: declare, deliver, look. Send a token as `Authorization: Bearer trp_…`."
    ),
    servers((url = "/api/v1"))
)]
struct Document;

/// All routes of the API.
pub(super) fn router() -> axum::Router<Site> {
    let (router, document) = OpenApiRouter::with_openapi(Document::openapi())
        .merge(apply::routes())
        .merge(components::routes())
        .merge(overview::routes())
        .merge(places::routes())
        .merge(projects::routes())
        .merge(resources::routes())
        .routes(routes!(super::events::changes))
        .split_for_parts();
    let text = Value::to_string(&serde_json::to_value(&document).unwrap_or_default());
    router
        .route(
            "/openapi.json",
            axum::routing::get(move || async move {
                ([(header::CONTENT_TYPE, "application/json")], text)
            }),
        )
        .fallback(missing)
}

async fn missing(parts: Parts) -> Response {
    details(&Problem::not_found("route", parts.uri.path()), &parts)
}

/// A problem as RFC 9457 says it.
pub(super) fn details(problem: &Problem, parts: &Parts) -> Response {
    let status =
        StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    details_with(problem, status, parts)
}

/// The same where HTTP has a status of its own for it.
pub(super) fn details_with(problem: &Problem, status: StatusCode, parts: &Parts) -> Response {
    let request = parts.extensions.get::<app::context::RequestId>();
    let mut body = json!({
        "type": format!("urn:troupe:problem:{}", problem.code()),
        "title": problem.title(),
        "status": status.as_u16(),
        "detail": problem.to_string(),
        "code": problem.code(),
        "instance": request.map(|id| format!("urn:uuid:{}", id.0)),
    });
    match problem {
        Problem::Invalid { faults, .. } => body["faults"] = json!(faults),
        Problem::NotFound { near, .. } => body["near"] = json!(near),
        Problem::Stale { current, .. } => body["current"] = json!(current),
        _ => {}
    }
    let mut response = (status, body.to_string()).into_response();
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    if status == StatusCode::UNAUTHORIZED {
        let ask = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, ask);
    }
    if let Problem::Throttled { seconds } = problem {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

/// An answer with its ETag; nothing but that when the client has it already.
fn answer<T: Serialize>(parts: &Parts, outcome: Result<T, Problem>) -> Response {
    tagged(parts, "", outcome)
}

/// The same with a tag that begins with the version that a later `If-Match` is held against.
fn tagged<T: Serialize>(parts: &Parts, version: &str, outcome: Result<T, Problem>) -> Response {
    let value = match outcome {
        Ok(value) => serde_json::to_value(value).unwrap_or_default(),
        Err(problem) => return details(&problem, parts),
    };
    let wants_yaml = parts
        .headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.starts_with("application/yaml"));
    let (kind, body) = if wants_yaml {
        ("application/yaml", model::yaml::write(&value))
    } else {
        ("application/json", value.to_string())
    };
    let hash = &hex::encode(Sha256::digest(body.as_bytes()))[..32];
    let tag = if version.is_empty() {
        format!("\"{hash}\"")
    } else {
        format!("\"{version}-{hash}\"")
    };
    let known = parts
        .headers
        .get(header::IF_NONE_MATCH)
        .and_then(|tags| tags.to_str().ok());
    if known.is_some_and(|tags| tags.split(',').any(|one| one.trim() == tag)) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    (
        [(header::CONTENT_TYPE, kind.to_owned()), (header::ETAG, tag)],
        body,
    )
        .into_response()
}

/// Which part of a long list is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Part {
    /// From 1.
    page: Option<i64>,
    /// At most 200; 50 without it.
    per_page: Option<i64>,
    /// A part of the name.
    search: Option<String>,
    /// Only what runs so somewhere: Healthy, Progressing, Degraded, Suspended, Unknown.
    health: Option<String>,
    /// Only of this project.
    project: Option<String>,
    /// Only of this component.
    component: Option<String>,
    /// Only of this environment.
    environment: Option<String>,
}

impl Part {
    fn paging(&self) -> Paging {
        Paging {
            page: self.page.unwrap_or(1).max(1),
            per_page: self.per_page.unwrap_or(50).clamp(1, 200),
            search: self.search.clone().unwrap_or_default(),
            health: self.health.as_deref().map(Health::parse),
        }
    }

    fn environment(&self) -> &str {
        self.environment.as_deref().unwrap_or_default()
    }
}

fn ports(state: &Site) -> Ports {
    state.platform.ports()
}

fn kind_of(plural: &str) -> Result<Kind, Problem> {
    Kind::guessed(plural).ok_or_else(|| Problem::not_found("kind", plural))
}
