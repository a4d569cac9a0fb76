//! The router: what is served, to whom, and in which order the layers stand.
//!
//! Outside in: the request's id, its log line and the headers of the answer ([`guard::around`]);
//! the limit of the body; who it is ([`guard::who`]), and nobody gets further than [`PUBLIC`];
//! whether a change was meant ([`guard::meant`]); then pages, forms and the API.

pub mod api;
pub mod assets;
pub mod events;
mod find;
mod forms;
mod guard;
mod health;
mod metrics;
mod speak;
mod suggest;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use app::{assets::Assets, context::Around, routes::App, shell::shell};
use axum::{
    Extension, Form, Router,
    extract::{DefaultBodyLimit, FromRef, RawPathParams, State},
    middleware,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use control::Platform;
use http::{Extensions, HeaderMap, StatusCode, Version, request::Parts};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use model::{access::Viewer, problem::Problem};
use tower_http::compression::{
    CompressionLayer,
    predicate::{DefaultPredicate, Predicate},
};

pub use metrics::Metrics;

/// What may be asked without being signed in. Everything else may not, by default.
pub const PUBLIC: &[&str] = &[
    "/sign-in",
    "/setup",
    "/health/live",
    "/health/ready",
    "/api/v1/openapi.json",
];

/// Folders of files that are public by nature.
pub const PUBLIC_FOLDERS: &[&str] = &[
    "/pkg/",
    "/style.",
    "/icons.svg",
    "/favicon.svg",
    "/wordmark.svg",
    "/robots.txt",
];

/// So much may be sent before anybody is known.
pub const BODY: usize = 1 << 20;
/// So much may be applied at once.
pub const APPLY: usize = 10 << 20;
/// So long a request may take, streams aside.
const PATIENCE: Duration = Duration::from_secs(60);

/// So long requests may take to end when the server stops.
const LAST: Duration = Duration::from_secs(5);
/// Tells proxies, and our own compressor, not to gather a stream.
pub(crate) const STREAM: (&str, &str) = ("x-accel-buffering", "no");

/// What handlers share.
#[derive(Clone)]
pub struct Site(Arc<Shared>);

/// See [`Site`].
pub struct Shared {
    /// The platform.
    pub platform: Platform,
    /// The build's files.
    pub assets: Assets,
    /// Whether browsers come by https.
    pub https: bool,
    /// The origin that browsers come by, when it was set.
    pub public_origin: Option<String>,
    /// Whether a proxy says where requests come from.
    pub behind_proxy: bool,
    /// How often a stream asks whether its viewer may still look.
    pub recheck: Duration,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Ends streams when the server stops.
    pub stop: tokio_util::sync::CancellationToken,
    options: LeptosOptions,
}

impl std::ops::Deref for Site {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRef<Site> for LeptosOptions {
    fn from_ref(state: &Site) -> Self {
        state.options.clone()
    }
}

/// How the server is told to serve.
#[derive(Clone)]
pub struct Serving {
    /// The address that browsers use, such as `https://troupe.acme.io`.
    pub public_url: Option<String>,
    /// Whether a proxy of ours stands in front, whose `X-Forwarded-For` can be believed.
    pub behind_proxy: bool,
    /// How often a stream asks whether its viewer may still look.
    pub recheck: Duration,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

impl Default for Serving {
    fn default() -> Self {
        Self {
            public_url: None,
            behind_proxy: false,
            recheck: Duration::from_secs(30),
            metrics: Arc::default(),
        }
    }
}

/// The whole router.
///
/// # Errors
/// When the public address isn't one.
pub fn router(
    platform: Platform,
    serving: &Serving,
    stop: tokio_util::sync::CancellationToken,
) -> anyhow::Result<Router> {
    let public = serving
        .public_url
        .as_deref()
        .map(url::Url::parse)
        .transpose()?;
    let state = Site(Arc::new(Shared {
        assets: assets::current(),
        https: public.as_ref().is_some_and(|url| url.scheme() == "https"),
        public_origin: public
            .as_ref()
            .map(|url| url.origin().ascii_serialization()),
        behind_proxy: serving.behind_proxy,
        recheck: serving.recheck,
        metrics: serving.metrics.clone(),
        options: LeptosOptions::builder().output_name("troupe").build(),
        platform,
        stop,
    }));
    let ports = state.platform.ports();
    let files = state.assets.clone();
    let context = move || {
        provide_context(ports.clone());
        provide_context(files.clone());
    };
    let routes = generate_route_list(App);
    let pages = Router::new()
        .leptos_routes_with_context(&state, routes, context, shell)
        .route("/sign-in", post(forms::sign_in))
        .route("/setup", post(forms::setup))
        .route("/sign-out", post(forms::sign_out))
        .route("/theme", post(forms::theme))
        .route("/palette", get(find::palette))
        .route("/favourites", post(find::star))
        .route(
            "/apply",
            post(forms::apply).layer(DefaultBodyLimit::max(APPLY + BODY)),
        )
        .route("/resources/delete", post(forms::delete))
        .route(
            "/projects/{project}/components/{component}/log-stream",
            get(events::log),
        )
        .route(
            "/projects/{project}/components/{component}/log.txt",
            get(events::log_text),
        )
        .route("/suggest/endpoints", get(suggest::endpoints))
        .route("/suggest/keys", get(suggest::keys))
        .route("/events", get(events::changes))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::scrape))
        .nest("/api/v1", api::router(&state))
        .fallback(assets::serve);
    let pages = app::forms::FORMS
        .iter()
        .fold(pages, |pages, (path, handler)| {
            let sent = move |State(state): State<Site>,
                             Extension(viewer): Extension<Viewer>,
                             parts: Parts,
                             params: RawPathParams,
                             Form(fields): Form<Vec<(String, String)>>| {
                forms::posted(state, viewer, parts, params, fields, *handler)
            };
            pages.route(path, post(sent))
        });
    // A stream goes out line by line; a compressor would keep lines back.
    let whole = |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| {
        !headers.contains_key(STREAM.0)
    };
    let app = pages
        .layer(DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            speak::plainly,
        ))
        .layer(middleware::from_fn_with_state(state.clone(), guard::meant))
        .layer(middleware::from_fn_with_state(state.clone(), guard::who))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(whole)))
        .layer(middleware::from_fn_with_state(state.clone(), guard::around))
        .with_state(state);
    Ok(app)
}

/// Serves the figures alone, for a listener that only operators reach.
pub fn metrics_router(platform: Platform, metrics: Arc<Metrics>) -> Router {
    Router::new().route(
        "/metrics",
        get(move || {
            let (platform, metrics) = (platform.clone(), metrics.clone());
            async move { metrics.text(&platform).await }
        }),
    )
}

/// Serves until told to stop, then ends what is under way.
///
/// # Errors
/// When the address is taken.
pub async fn serve(
    router: Router,
    listener: tokio::net::TcpListener,
    stop: tokio_util::sync::CancellationToken,
) -> std::io::Result<()> {
    use axum::serve::ListenerExt;
    // Nagle's wait for more to send would cost 40 ms a page.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection stays slow");
        }
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served =
        axum::serve(listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
    tokio::select! {
        served = served => served,
        () = async { stop.cancelled().await; tokio::time::sleep(LAST).await } => {
            tracing::warn!("some requests didn't end in time");
            Ok(())
        }
    }
}

/// Whether the path belongs to machines: they get problem details, browsers get pages.
fn is_api(path: &str) -> bool {
    path.starts_with("/api/") || path == "/metrics"
}

/// A problem as whoever asked can read it.
pub(crate) async fn told(
    state: &Site,
    parts: &Parts,
    viewer: Option<&Viewer>,
    problem: &Problem,
) -> Response {
    let status =
        StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    told_with(state, parts, viewer, problem, status).await
}

/// The same where HTTP has a status of its own for it.
pub(crate) async fn told_with(
    state: &Site,
    parts: &Parts,
    viewer: Option<&Viewer>,
    problem: &Problem,
    status: StatusCode,
) -> Response {
    if is_api(parts.uri.path()) {
        return api::details_with(problem, status, parts);
    }
    let frame = match viewer {
        Some(viewer) => state.platform.ports().overview.frame(viewer).await.ok(),
        None => None,
    };
    let around = Around::of(parts, &state.assets, control::clock::now());
    let page = app::render::problem(&around, viewer, frame.as_ref(), problem);
    (status, Html(page)).into_response()
}
