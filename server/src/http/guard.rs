//! What stands before every handler: an id, a log line, headers, who it is, whether it was meant.

use std::{
    net::{IpAddr, SocketAddr},
    panic::AssertUnwindSafe,
    time::Instant,
};

use app::context::{Nonce, RequestId, Theme};
use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use base64::Engine;
use futures::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use model::{access::Viewer, problem::Problem};
use rand::RngExt;
use tracing::Instrument;

use super::{PATIENCE, PUBLIC, PUBLIC_FOLDERS, Site, is_api, told};

/// The session cookie's name. With https it is bound to this very host.
pub(super) fn cookie_name(https: bool) -> &'static str {
    if https {
        "__Host-troupe"
    } else {
        "troupe_session"
    }
}

/// Where a request came from, for throttling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address(pub String);

/// An id, a nonce, a log line, the headers of the answer; a panic becomes a page.
pub(super) async fn around(
    State(state): State<Site>,
    mut request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let id = control::clock::id();
    let random: [u8; 16] = rand::rng().random();
    let nonce = base64::engine::general_purpose::STANDARD_NO_PAD.encode(random);
    let address = address(&state, &request);
    request.extensions_mut().insert(RequestId(id.clone()));
    request.extensions_mut().insert(Nonce(nonce.clone()));
    request.extensions_mut().insert(Address(address));
    // What a proxy or a rogue client says about who it is counts for nothing here.
    for name in [
        "x-forwarded-user",
        "x-remote-user",
        "impersonate-user",
        "impersonate-group",
    ] {
        request.headers_mut().remove(name);
    }
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let parts = parts_of(&request);
    let stream = path == "/events" || path.ends_with("/log-stream") || path.ends_with("/logs");
    let span = tracing::info_span!("request", id);
    let work = AssertUnwindSafe(next.run(request).instrument(span)).catch_unwind();
    let outcome = if stream {
        Ok(work.await)
    } else {
        tokio::time::timeout(PATIENCE, work).await
    };
    let mut response = match outcome {
        Ok(Ok(response)) => response,
        Ok(Err(_)) | Err(_) => {
            let problem = Problem::Broken {
                reference: id.clone(),
            };
            told(&state, &parts, None, &problem).await
        }
    };
    let status = response.status();
    let took = began.elapsed();
    state.metrics.answered(
        route.as_deref().unwrap_or("other"),
        known(&method),
        status.as_u16(),
        took,
    );
    headers(
        response.headers_mut(),
        &nonce,
        &id,
        state.https,
        is_file(&path),
    );
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if status.is_server_error() {
        tracing::error!(request = id, %method, path, status = status.as_u16(), duration_ms, "answered");
    } else {
        tracing::debug!(request = id, %method, path, status = status.as_u16(), duration_ms, "answered");
    }
    response
}

/// Where a request came from. A proxy's word is taken only when there is one: the last entry is
/// what it wrote itself.
fn address(state: &Site, request: &Request) -> String {
    if state.behind_proxy {
        let entries = request.headers().get_all("x-forwarded-for").iter();
        let last = entries.filter_map(|entry| entry.to_str().ok()).next_back();
        let last = last.and_then(|entry| entry.rsplit(',').next());
        if let Some(address) = last.and_then(|text| text.trim().parse::<IpAddr>().ok()) {
            return address.to_string();
        }
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.map(|peer| peer.0.ip().to_string()).unwrap_or_default()
}

/// A method as a label. Anybody can make methods up, and each label is kept for ever.
fn known(method: &Method) -> &str {
    match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS" | "PATCH") => known,
        _ => "other",
    }
}

/// The head of a request, for pages that are drawn without their handler.
pub(super) fn parts_of(request: &Request) -> http::request::Parts {
    let mut copy = http::Request::new(());
    *copy.uri_mut() = request.uri().clone();
    *copy.method_mut() = request.method().clone();
    *copy.headers_mut() = request.headers().clone();
    *copy.extensions_mut() = request.extensions().clone();
    copy.into_parts().0
}

fn is_file(path: &str) -> bool {
    PUBLIC_FOLDERS.iter().any(|folder| path.starts_with(folder))
}

fn headers(headers: &mut HeaderMap, nonce: &str, id: &str, https: bool, file: bool) {
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &policy);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    set(HeaderName::from_static("x-request-id"), id);
    if https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if !file && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

fn is_public(path: &str) -> bool {
    PUBLIC.contains(&path) || is_file(path)
}

/// What let a request in. Streams outlive their request, and ask again with it.
#[derive(Clone)]
pub(super) enum Key {
    /// A session's cookie.
    Session(String),
    /// An API token.
    Token(String),
}

impl Key {
    /// Whether it would still let in. Asking is no use of it: an open page keeps no session alive.
    pub(super) async fn holds(&self, state: &Site) -> bool {
        let accounts = state.platform.accounts();
        let holds = match self {
            Self::Session(session) => accounts.session_holds(session).await,
            Self::Token(token) => accounts.token_holds(token).await,
        };
        holds.unwrap_or(false)
    }
}

/// Who it is. The API knows tokens and no cookies, pages know cookies and no tokens.
pub(super) async fn who(State(state): State<Site>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let key = if is_api(&path) {
        bearer(request.headers()).map(|token| Key::Token(token.to_owned()))
    } else {
        let jar = CookieJar::from_headers(request.headers());
        let cookie = jar.get(cookie_name(state.https));
        cookie.map(|cookie| Key::Session(cookie.value().to_owned()))
    };
    let accounts = state.platform.accounts();
    let found = match &key {
        Some(Key::Token(token)) => {
            let viewer = accounts.viewer_by_token(token).await;
            viewer.map(|viewer| viewer.map(|viewer| (viewer, None)))
        }
        Some(Key::Session(session)) => {
            let signed_in = accounts.signed_in(session).await;
            signed_in.map(|found| found.map(|(viewer, theme)| (viewer, Some(theme))))
        }
        None => Ok(None),
    };
    let viewer: Option<(Viewer, Option<String>)> = match found {
        Ok(viewer) => viewer,
        Err(error) => return told(&state, &parts_of(&request), None, &error.into()).await,
    };
    if let (Some((viewer, theme)), Some(key)) = (viewer, key) {
        if let Some(theme) = theme {
            request.extensions_mut().insert(Theme::parse(&theme));
        }
        request.extensions_mut().insert(viewer);
        request.extensions_mut().insert(key);
    } else if !is_public(&path) {
        return signed_out(&state, parts_of(&request)).await;
    }
    next.run(request).await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn signed_out(state: &Site, parts: http::request::Parts) -> Response {
    let path = parts.uri.path();
    let looks = matches!(parts.method, Method::GET | Method::HEAD);
    let page = looks && !is_api(path) && path != "/events" && !path.ends_with("/log-stream");
    if !page {
        return told(state, &parts, None, &Problem::SignedOut).await;
    }
    let back = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let query: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
    Redirect::to(&format!("/sign-in?return_to={query}")).into_response()
}

/// Whether a change was meant: it must come from a page of this very host. Tokens aren't sent by
/// browsers on their own, so the API needs no such proof.
pub(super) async fn meant(State(state): State<Site>, request: Request, next: Next) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if safe || is_api(request.uri().path()) || same_origin(&state, request.headers()) {
        return next.run(request).await;
    }
    let problem = Problem::invalid(
        "Origin",
        "This came from another site, so it was not done",
        "Open the page here and send it again",
    );
    let viewer = request.extensions().get::<Viewer>().cloned();
    let parts = parts_of(&request);
    let mut response = told(&state, &parts, viewer.as_ref(), &problem).await;
    *response.status_mut() = http::StatusCode::FORBIDDEN;
    response
}

fn same_origin(state: &Site, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin").or_else(|| text("referer")) else {
        return false;
    };
    let Ok(origin) = url::Url::parse(origin) else {
        return false;
    };
    let origin = origin.origin().ascii_serialization();
    match (&state.public_origin, text("host")) {
        (Some(ours), _) => origin == *ours,
        (None, Some(host)) => origin == format!("http://{host}"),
        (None, None) => false,
    }
}
