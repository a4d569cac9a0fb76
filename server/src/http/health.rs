//! Whether the process is well, for whoever keeps it running.

use axum::{extract::State, response::IntoResponse};
use http::StatusCode;

use super::Site;

/// Its loops turn.
pub(super) async fn live(State(state): State<Site>) -> impl IntoResponse {
    if state.platform.alive() {
        (StatusCode::OK, "ok\n")
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "no worker has looked at the queue for a minute\n",
        )
    }
}

/// Its database answers. A plane that doesn't is no reason not to serve.
pub(super) async fn ready(State(state): State<Site>) -> impl IntoResponse {
    match state.platform.ready().await {
        Ok(()) => (StatusCode::OK, "ok\n".to_owned()),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")),
    }
}
