//! A registry small enough to be told what it holds.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;

/// Tags with their digests.
type Tags = Arc<BTreeMap<&'static str, String>>;

pub(crate) fn digest(letter: char) -> String {
    format!("sha256:{}", letter.to_string().repeat(64))
}

/// Serves `acme/cart` with these tags on a port of its own, and gives its address.
pub(crate) async fn serve(tags: &[(&'static str, char)]) -> String {
    let tags = tags.iter().map(|(tag, letter)| (*tag, digest(*letter)));
    let tags: Tags = Arc::new(tags.collect());
    let router = Router::new()
        .route("/v2/", get(|| async { Json(json!({})) }))
        .route("/v2/acme/cart/tags/list", get(list))
        .route("/v2/acme/cart/manifests/{reference}", get(manifest))
        .with_state(tags);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address.to_string()
}

async fn list(State(tags): State<Tags>) -> Response {
    let tags: Vec<&&str> = tags.keys().collect();
    Json(json!({"name": "acme/cart", "tags": tags})).into_response()
}

async fn manifest(State(tags): State<Tags>, Path(reference): Path<String>) -> Response {
    let known = tags
        .iter()
        .find(|(tag, digest)| **tag == reference || **digest == reference);
    let Some((_, digest)) = known else {
        let code = json!({"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]});
        return (StatusCode::NOT_FOUND, Json(code)).into_response();
    };
    let mut headers = HeaderMap::new();
    let name = HeaderName::from_static("docker-content-digest");
    headers.insert(name, digest.parse().expect("a header"));
    (headers, Json(json!({"schemaVersion": 2}))).into_response()
}
