//! REST under `/api/v1`, described by the OpenAPI document that its own handlers make.
//!
//! Answers are the views that pages show, as JSON; problems are RFC 9457 problem details.

mod apply;
mod classes;
mod components;
mod delivery;
mod document;
mod drawn;
mod listing;
mod once;
mod overview;
mod places;
mod planes;
mod projects;
mod resources;
mod revisions;

use axum::{
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use model::{
    health::Health,
    kind::Kind,
    port::Ports,
    problem::{FieldFault, Problem},
    view::Paging,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, OpenApi, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use self::{document::Document, listing::Chosen};
use super::{Site, guard::parts_of};

/// All routes of the API.
pub(super) fn router(site: &Site) -> axum::Router<Site> {
    let (router, document) = OpenApiRouter::with_openapi(Document::openapi())
        .merge(apply::routes())
        .merge(classes::routes())
        .merge(components::routes())
        .merge(delivery::router())
        .merge(drawn::routes())
        .merge(overview::routes())
        .merge(places::routes())
        .merge(planes::routes())
        .merge(projects::routes())
        .merge(resources::routes())
        .merge(revisions::routes())
        .routes(routes!(super::events::changes))
        .split_for_parts();
    let text = document::whole(&document).to_string();
    router
        .route(
            "/openapi.json",
            axum::routing::get(move || async move {
                ([(header::CONTENT_TYPE, "application/json")], text)
            }),
        )
        .fallback(missing)
        .layer(middleware::from_fn_with_state(site.clone(), once::once))
        .layer(middleware::from_fn(speakable))
}

/// No name and no word of ours holds a NUL, and not every database takes one.
async fn speakable(request: Request, next: Next) -> Response {
    if request.uri().to_string().contains("%00") {
        let parts = parts_of(&request);
        let problem = Problem::invalid("address", "It holds a NUL", "Take it out");
        return details(&problem, &parts);
    }
    next.run(request).await
}

async fn missing(parts: Parts) -> Response {
    details(&Problem::not_found("route", parts.uri.path()), &parts)
}

/// Why something wasn't done, as RFC 9457 says it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Details {
    /// Stands for the class of problem.
    #[serde(rename = "type")]
    urn: String,
    /// The class of problem in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What happened.
    detail: String,
    /// The class of problem in one word.
    code: String,
    /// Stands for this one request; our log knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    /// What is wrong in each field of what was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    faults: Option<Vec<FieldFault>>,
    /// Names that come near the one that isn't there.
    #[serde(skip_serializing_if = "Option::is_none")]
    near: Option<Vec<String>>,
    /// What somebody else made of it meanwhile, as its manifest.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<Value>,
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
    let mut body = Details {
        urn: format!("urn:troupe:problem:{}", problem.code()),
        title: problem.title().into(),
        status: status.as_u16(),
        detail: problem.to_string(),
        code: problem.code().into(),
        instance: request.map(|id| format!("urn:uuid:{}", id.0)),
        faults: None,
        near: None,
        current: None,
    };
    match problem {
        Problem::Invalid { faults, .. } => body.faults = Some(faults.clone()),
        Problem::NotFound { near, .. } => body.near = Some(near.clone()),
        Problem::Stale { current, .. } => body.current = current.clone(),
        _ => {}
    }
    let body = serde_json::to_string(&body).unwrap_or_default();
    let mut response = (status, body).into_response();
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

/// A manifest with what the store knows of it. What a kind's spec holds stands in `troupe`'s
/// reference of kinds.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "only the document speaks of it")]
struct Manifest {
    /// The one version: `openchoreo.dev/v1alpha1`.
    api_version: String,
    /// The kind.
    kind: Kind,
    /// What it is called.
    metadata: Metadata,
    /// As declared, secrets masked.
    #[schema(value_type = Object)]
    spec: Value,
    /// What became of it, of kinds that run.
    #[schema(value_type = Option<Object>)]
    status: Option<Value>,
}

/// What a resource is called, and how often it was changed.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "only the document speaks of it")]
struct Metadata {
    /// Its name.
    name: String,
    /// Its organization.
    namespace: Option<String>,
    /// Its labels.
    labels: Option<std::collections::BTreeMap<String, String>>,
    /// Its annotations.
    annotations: Option<std::collections::BTreeMap<String, String>>,
    /// Its id.
    uid: String,
    /// How often its spec was changed.
    generation: i64,
    /// Changes with every write.
    resource_version: String,
}

/// Whose it is, where its kind has an owner.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Owner {
    /// Its project.
    #[serde(default)]
    project: String,
    /// Its component.
    #[serde(default)]
    component: String,
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
            after: String::new(),
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
