//! Refusals that the framework makes (a body too large, a query that can't be read, a method that
//! isn't there) are told like all others: as problem details to machines, as a page to people.

use axum::{
    body::to_bytes,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{StatusCode, header};
use model::{access::Viewer, problem::Problem};

use super::{Site, guard::parts_of, told_with};

/// The framework's own words are short.
const MOST: usize = 4096;

/// Gives every refusal the form that whoever asked can read.
pub(super) async fn plainly(State(state): State<Site>, request: Request, next: Next) -> Response {
    let parts = parts_of(&request);
    let response = next.run(request).await;
    let status = response.status();
    let refused = status.is_client_error() || status.is_server_error();
    if !refused || parts.uri.path().starts_with("/health/") || is_told(&response) {
        return response;
    }
    let (head, body) = response.into_parts();
    let words = to_bytes(body, MOST).await.unwrap_or_default();
    let words = String::from_utf8_lossy(&words).trim().to_owned();
    let problem = problem(status, words, &parts);
    let viewer = parts.extensions.get::<Viewer>();
    let mut response = told_with(&state, &parts, viewer, &problem, status).await;
    if let Some(allowed) = head.headers.get(header::ALLOW) {
        response
            .headers_mut()
            .insert(header::ALLOW, allowed.clone());
    }
    response
}

fn is_told(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| {
            kind.starts_with("text/html") || kind.starts_with("application/problem+json")
        })
}

fn problem(status: StatusCode, words: String, parts: &http::request::Parts) -> Problem {
    match status {
        StatusCode::NOT_FOUND => Problem::not_found("page", parts.uri.path()),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge {
            message: "More was sent than is taken here".into(),
        },
        StatusCode::METHOD_NOT_ALLOWED => {
            let message = format!("{} can't be done here", parts.method);
            Problem::Invalid {
                message,
                faults: Vec::new(),
            }
        }
        status if status.is_server_error() => {
            let id = parts.extensions.get::<app::context::RequestId>();
            let reference = id.map(|id| id.0.clone()).unwrap_or_default();
            tracing::error!(request = reference, words, "a handler broke");
            Problem::Broken { reference }
        }
        _ if words.is_empty() => Problem::Invalid {
            message: "What was sent can't be read".into(),
            faults: Vec::new(),
        },
        _ => Problem::Invalid {
            message: words,
            faults: Vec::new(),
        },
    }
}
