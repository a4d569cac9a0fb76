//! The files of this build: in the binary when it is released, from disk while it is developed.

use app::assets::Assets;
use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use model::{access::Viewer, problem::Problem};
use rust_embed::RustEmbed;
use serde::Deserialize;

use super::{Site, told};

#[derive(RustEmbed)]
#[folder = "../app/bundle/dist"]
#[allow_missing = true]
struct Dist;

#[derive(Deserialize)]
struct Manifest {
    build: String,
    js: Option<String>,
    wasm: Option<String>,
    style: String,
}

/// Where this build's files are; without a bundle, pages go unstyled and say so in the log.
pub fn current() -> Assets {
    let manifest = Dist::get("manifest.json")
        .and_then(|file| serde_json::from_slice::<Manifest>(&file.data).ok());
    let Some(manifest) = manifest else {
        tracing::error!("there are no style sheet and islands: run `cargo bundle` and start again");
        return Assets::default();
    };
    Assets {
        css: format!("/{}", manifest.style),
        js: manifest.js.map(|file| format!("/{file}")),
        wasm: manifest.wasm.map(|file| format!("/{file}")),
        build: manifest.build,
    }
}

/// Serves a file, in the smallest form that the browser takes; or says that there is nothing.
pub(super) async fn serve(State(state): State<Site>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    if let Some(response) = file(&path, request.headers()) {
        return response;
    }
    let (parts, _) = request.into_parts();
    let viewer = parts.extensions.get::<Viewer>().cloned();
    let problem = Problem::not_found("page", parts.uri.path());
    told(&state, &parts, viewer.as_ref(), &problem).await
}

fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    if path.is_empty() || path == "manifest.json" || path.ends_with(".br") || path.ends_with(".gz")
    {
        return None;
    }
    let plain = Dist::get(path)?;
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let packed = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .find_map(|(encoding, ending)| {
            let takes = accepted
                .split(',')
                .any(|one| one.trim().split(';').next() == Some(encoding));
            Some((
                encoding,
                Dist::get(&format!("{path}{ending}")).filter(|_| takes)?,
            ))
        });
    let hashed = path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.split('.').count() > 2);
    let cache = if hashed {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let builder = Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, kind.as_ref())
        .header(header::CACHE_CONTROL, cache)
        .header(header::VARY, "accept-encoding");
    let response = match packed {
        Some((encoding, file)) => builder
            .header(header::CONTENT_ENCODING, encoding)
            .body(Body::from(file.data.into_owned())),
        None => builder.body(Body::from(plain.data.into_owned())),
    };
    Some(response.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response()))
}
