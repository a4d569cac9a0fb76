//! Suggestions for fields of forms: the options of a list, as markup that is put into it as it is.

use app::render;
use axum::{
    Extension,
    extract::{Query, State},
    response::{Html, IntoResponse, Response},
};
use http::request::Parts;
use model::access::Viewer;
use serde::Deserialize;

use super::{Site, told};

/// What is looked for, and for whom.
#[derive(Deserialize)]
pub(super) struct Wanted {
    /// The project of the component that would call.
    #[serde(default)]
    project: String,
    /// The component that would call; empty for one that is being made.
    #[serde(default)]
    component: String,
    /// A part of the name.
    #[serde(default)]
    q: String,
}

/// Endpoints that may be called.
pub(super) async fn endpoints(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Query(wanted): Query<Wanted>,
    parts: Parts,
) -> Response {
    let drafting = state.platform.ports().drafting;
    let Wanted {
        project,
        component,
        q,
    } = &wanted;
    match drafting.endpoints(&viewer, project, component, q).await {
        Ok(offers) => Html(render::endpoint_options(&offers, project)).into_response(),
        Err(problem) => told(&state, &parts, Some(&viewer), &problem).await,
    }
}

/// Keys of ConfigurationGroups.
pub(super) async fn keys(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Query(wanted): Query<Wanted>,
    parts: Parts,
) -> Response {
    let drafting = state.platform.ports().drafting;
    match drafting.keys(&viewer, &wanted.q).await {
        Ok(offers) => Html(render::key_options(&offers)).into_response(),
        Err(problem) => told(&state, &parts, Some(&viewer), &problem).await,
    }
}
