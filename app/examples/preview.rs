//! The design workbench: every page with made-up data, and the style sheet read anew on each request.
//!
//! `cargo run -p troupe-app --features ssr --example preview [-- ADDRESS]`, then `/` is the shop;
//! with the word `empty` after the address there is nothing yet.

#[path = "../tests/pages/fixture.rs"]
mod fixture;
#[path = "../tests/pages/platform.rs"]
mod platform;

use std::{
    convert::Infallible,
    fs,
    path::Path,
    sync::LazyLock,
    time::{Duration, Instant},
};

use app::{
    assets::Assets,
    context::{Around, Nonce, Now, RequestId},
    render,
    routes::App,
    shell::shell,
};
use axum::{
    Router,
    extract::{Multipart, Request},
    http::header,
    middleware::{self, Next},
    response::{Html, IntoResponse, Response, Sse, sse::Event},
    routing::{get, post},
};
use fixture::{NOW, World, plan, ports, viewer};
use futures::{Stream, StreamExt};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use model::{moment::Moment, problem::Problem, view::FrameView};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const POLICY: &str = "default-src 'none'; script-src 'nonce-preview' 'strict-dynamic' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

#[tokio::main]
async fn main() {
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:3900".into());
    let options = LeptosOptions::builder().output_name("troupe").build();
    let routes = generate_route_list(App);
    let world = if std::env::args().any(|word| word == "empty") {
        World::Empty
    } else {
        World::Shop
    };
    let context = move || {
        provide_context(ports(world));
        provide_context(Now(now()));
        provide_context(assets());
    };
    let router = Router::new()
        .route("/style.css", get(style))
        .route(
            "/icons.svg",
            get(|| async { file("public/icons.svg", "image/svg+xml") }),
        )
        .route("/pkg/{name}", get(package))
        .route("/events", get(|| async { stream("change", "home") }))
        .route(
            "/projects/{p}/components/{c}/log-stream",
            get(|| async { stream("message", "12:00 INFO one more line") }),
        )
        .route("/apply", post(apply))
        .leptos_routes_with_context(&options, routes, context, shell)
        .fallback(missing)
        .with_state(options)
        .layer(middleware::from_fn(sign_in));
    let listener = tokio::net::TcpListener::bind(&address)
        .await
        .expect("the address is free");
    println!("http://{address}");
    axum::serve(listener, router)
        .await
        .expect("serves until it is stopped");
}

/// A minute a second, so that live parts have something to show.
fn now() -> Moment {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    NOW.plus_seconds(i64::try_from(START.elapsed().as_secs()).unwrap_or_default() * 60)
}

/// The same event again and again.
fn stream(
    name: &'static str,
    text: &'static str,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let every = futures::stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        Some(((), ()))
    });
    Sse::new(every.map(move |()| Ok(Event::default().event(name).data(text))))
}

/// What `cargo bundle` made, if it did.
fn assets() -> Assets {
    let built = |end: &str| {
        let folder = fs::read_dir(format!("{ROOT}/app/bundle/dist/pkg")).ok()?;
        let names = folder
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok());
        names
            .into_iter()
            .find(|name| name.ends_with(end))
            .map(|name| format!("/pkg/{name}"))
    };
    Assets {
        css: "/style.css".into(),
        js: built(".js"),
        wasm: built(".wasm"),
        build: "preview".into(),
    }
}

async fn sign_in(mut request: Request, next: Next) -> Response {
    let open = app::routes::PUBLIC.contains(&request.uri().path());
    if !open && request.uri().query() != Some("signed-out") {
        request.extensions_mut().insert(viewer());
    }
    request.extensions_mut().insert(Nonce("preview".into()));
    request
        .extensions_mut()
        .insert(RequestId("01JP8XQ4".into()));
    let mut response = next.run(request).await;
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        POLICY.parse().expect("plain text"),
    );
    response
}

/// In the order that the bundler has.
async fn style() -> impl IntoResponse {
    let mut sheet = String::new();
    for name in ["layers", "tokens", "reset", "base", "layout"] {
        sheet +=
            &fs::read_to_string(format!("{ROOT}/style/{name}.css")).expect("the file is there");
    }
    let mut parts: Vec<_> = fs::read_dir(format!("{ROOT}/style/parts"))
        .expect("the folder is there")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    parts.sort();
    parts.push(Path::new(ROOT).join("style/states.css"));
    for path in parts {
        sheet += &fs::read_to_string(path).expect("the file is there");
    }
    ([(header::CONTENT_TYPE, "text/css")], sheet)
}

fn file(path: &str, kind: &'static str) -> Response {
    match fs::read(format!("{ROOT}/{path}")) {
        Ok(content) => ([(header::CONTENT_TYPE, kind)], content).into_response(),
        Err(_) => axum::http::StatusCode::NOT_FOUND.into_response(),
    }
}

async fn package(axum::extract::Path(name): axum::extract::Path<String>) -> Response {
    let kind = if name.ends_with(".js") {
        "text/javascript"
    } else {
        "application/wasm"
    };
    file(&format!("app/bundle/dist/pkg/{name}"), kind)
}

fn frame() -> FrameView {
    FrameView {
        organization: "acme".into(),
        planes_live: 2,
        planes: 2,
        ..FrameView::default()
    }
}

async fn apply(request: Request) -> Html<String> {
    use axum::extract::FromRequest;
    let (parts, body) = request.into_parts();
    let around = Around::of(&parts, &assets(), NOW);
    let mut form = Multipart::from_request(Request::from_parts(parts, body), &())
        .await
        .expect("a form");
    let (mut text, mut intent) = (String::new(), String::new());
    while let Ok(Some(field)) = form.next_field().await {
        match field.name().unwrap_or_default() {
            "text" => text = field.text().await.unwrap_or_default(),
            "intent" => intent = field.text().await.unwrap_or_default(),
            _ => {}
        }
    }
    let plan = plan(text.contains("fault"), intent == "apply");
    Html(render::apply(&around, &viewer(), &frame(), &plan, &text))
}

async fn missing(request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let around = Around::of(&parts, &assets(), NOW);
    let problem = Problem::not_found("page", parts.uri.path());
    let page = render::problem(&around, Some(&viewer()), Some(&frame()), &problem);
    (axum::http::StatusCode::NOT_FOUND, Html(page)).into_response()
}
