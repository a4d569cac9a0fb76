//! Asked twice, done once: a POST with an `Idempotency-Key` gets its first answer again.
//!
//! The key is taken first, the work commits by itself, the answer is kept after it. Who is killed in
//! between leaves a key without an answer: for [`ABANDONED`] it is refused as being worked on, then
//! the same request may do its work again, as it would have without a key. Manifests are declared,
//! so doing that twice changes nothing the second time.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use model::{access::Viewer, problem::Problem};
use sha2::{Digest, Sha256};
use store::Store;
use tracing::Instrument;

use super::{Site, details};
use crate::http::{APPLY, guard::parts_of};

/// So long an answer is kept.
const KEPT: i64 = 24 * 3600 * 1_000_000;
/// So long work may go on before it counts as abandoned: twice what any request is given.
const ABANDONED: i64 = 120 * 1_000_000;
/// More than any answer of ours.
const MOST: usize = 64 << 20;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// Answers from what is kept, or does the work and keeps the answer.
pub(super) async fn once(State(site): State<Site>, request: Request, next: Next) -> Response {
    let asked = request.headers().get(KEY).cloned();
    let viewer = request.extensions().get::<Viewer>().cloned();
    let (Some(asked), Some(viewer), &Method::POST) = (asked, viewer, request.method()) else {
        return next.run(request).await;
    };
    let parts = parts_of(&request);
    let word = asked.to_str().unwrap_or_default();
    if word.is_empty() || word.len() > 255 || !word.bytes().all(|byte| byte.is_ascii_graphic()) {
        let problem = Problem::invalid(
            "Idempotency-Key",
            "It isn't one word of up to 255 ASCII letters, digits and signs",
            "Send a UUID",
        );
        return details(&problem, &parts);
    }
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, APPLY).await else {
        let message = "More was sent than is taken here".into();
        return details(&Problem::TooLarge { message }, &parts);
    };
    let key = hash(
        &[&viewer.user, &viewer.organization, head.uri.path(), word],
        b"",
    );
    let kind = header_text(&head.headers, &header::CONTENT_TYPE);
    let asked = hash(&[head.uri.query().unwrap_or_default(), &kind], &body);
    let store = site.platform.store().clone();
    let begun = control::clock::now().0;
    match taken(&store, &key, &asked, begun).await {
        Ok(None) => {}
        Ok(Some(answer)) => return answer.unwrap_or_else(|problem| details(&problem, &parts)),
        Err(error) => return broken(&error, &parts),
    }
    // Whoever hangs up meanwhile must find the answer when they ask again.
    let work = async move {
        let response = next.run(Request::from_parts(head, Body::from(body))).await;
        kept(&store, &key, begun, response).await
    };
    match tokio::spawn(work.in_current_span()).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => broken(&error, &parts),
        Err(error) => broken(&error, &parts),
    }
}

/// Takes the key, or gives what is to be said instead.
async fn taken(
    store: &Store,
    key: &str,
    asked: &str,
    now: i64,
) -> Result<Option<Result<Response, Problem>>, store::Error> {
    store.forget_keys(now - KEPT).await?;
    if store.take_key(key, asked, now, now - ABANDONED).await? {
        return Ok(None);
    }
    let known = store.known_key(key).await?;
    let Some(known) = known else {
        return Ok(Some(Err(busy())));
    };
    if known.request != asked {
        return Ok(Some(Err(Problem::invalid(
            "Idempotency-Key",
            "It was used for another request",
            "Take a new key for each request, and the same only to send the same again",
        ))));
    }
    let Some(status) = known.status else {
        return Ok(Some(Err(busy())));
    };
    let status = u16::try_from(status).ok();
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    let mut response = (status.unwrap_or(StatusCode::OK), known.body).into_response();
    let head: Vec<(String, String)> = serde_json::from_str(&known.head).unwrap_or_default();
    for (name, value) in head {
        let name = HeaderName::try_from(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    let yes = HeaderValue::from_static("true");
    response.headers_mut().insert(REPLAYED, yes);
    Ok(Some(Ok(response)))
}

fn busy() -> Problem {
    Problem::Stale {
        message: "A request with this Idempotency-Key is being worked on. Ask again in a moment"
            .into(),
        current: None,
    }
}

/// Keeps an answer and gives it. What says nothing of the request itself isn't kept.
async fn kept(
    store: &Store,
    key: &str,
    begun: i64,
    response: Response,
) -> Result<Response, store::Error> {
    let (head, body) = response.into_parts();
    let passing = matches!(
        head.status,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS
    );
    let bytes = to_bytes(body, MOST).await;
    let text = bytes.as_ref().ok();
    let text = text.and_then(|bytes| std::str::from_utf8(bytes).ok());
    match text {
        Some(text) if !passing && !head.status.is_server_error() => {
            let names = [header::CONTENT_TYPE, header::ETAG, header::LOCATION];
            let words: Vec<(String, String)> = names
                .iter()
                .map(|name| (name.to_string(), header_text(&head.headers, name)))
                .filter(|(_, value)| !value.is_empty())
                .collect();
            let words = serde_json::to_string(&words).unwrap_or_default();
            let status = i64::from(head.status.as_u16());
            store.keep_answer(key, begun, status, &words, text).await?;
        }
        _ => store.drop_key(key, begun).await?,
    }
    Ok(Response::from_parts(
        head,
        Body::from(bytes.unwrap_or_else(|_| Bytes::new())),
    ))
}

fn broken(error: &impl std::fmt::Display, parts: &Parts) -> Response {
    let id = parts.extensions.get::<app::context::RequestId>();
    let reference = id.map(|id| id.0.clone()).unwrap_or_default();
    tracing::error!(request = reference, %error, "a kept answer broke");
    details(&Problem::Broken { reference }, parts)
}

fn header_text(headers: &HeaderMap, name: &HeaderName) -> String {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// Words and bytes, told apart whatever they hold.
fn hash(words: &[&str], bytes: &[u8]) -> String {
    let mut hasher = Sha256::new();
    for word in words {
        hasher.update(word.len().to_le_bytes());
        hasher.update(word);
    }
    hasher.update(bytes);
    hex::encode(hasher.finalize())
}
