//! The palette's options, and favourites.

use app::render::{Palette, deeds};
use axum::{
    Extension, Form,
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use http::request::Parts;
use model::{
    access::Viewer,
    identity::Identity,
    kind::Kind,
    problem::Problem,
    view::{SearchQuestion, SearchView},
};
use serde::Deserialize;

use super::{
    Site,
    forms::{checked, local},
    told,
};

/// So many of each kind are offered.
const OF_EACH: i64 = 5;

#[derive(Deserialize)]
pub(super) struct Asked {
    /// What was typed.
    #[serde(default)]
    q: String,
    /// The path of the page that it was typed on.
    #[serde(default)]
    at: String,
}

/// What can be done and gone to, as a part of a page.
pub(super) async fn palette(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<Asked>,
    parts: Parts,
) -> Response {
    match options(&state, &viewer, &asked).await {
        Ok(html) => Html(html).into_response(),
        Err(problem) => told(&state, &parts, Some(&viewer), &problem).await,
    }
}

async fn options(state: &Site, viewer: &Viewer, asked: &Asked) -> Result<String, Problem> {
    let find = state.platform.ports().find;
    let question = |text: &str, kind| SearchQuestion {
        text: text.to_owned(),
        kind,
        per_kind: OF_EACH,
        page: 1,
    };
    let found = find.search(viewer, &question(&asked.q, None)).await?;
    // "log cart": some words say what to do, the others with what.
    let (meant, left) = deeds(&asked.q);
    let subjects = if meant.is_empty() || left.is_empty() {
        SearchView::default()
    } else {
        let of = question(&left, Some(Kind::Component));
        find.search(viewer, &of).await?
    };
    let kept = if asked.q.trim().is_empty() {
        find.favourites(viewer).await?
    } else {
        Vec::new()
    };
    Ok(app::render::palette(&Palette {
        viewer,
        text: &asked.q,
        at: &asked.at,
        found: &found,
        subjects: &subjects,
        kept: &kept,
    }))
}

#[derive(Deserialize)]
pub(super) struct Star {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    return_to: String,
    #[serde(default)]
    intent: String,
    kind: String,
    #[serde(default)]
    project: String,
    name: String,
}

/// Makes a favourite, or lets it go.
pub(super) async fn star(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
    Form(form): Form<Star>,
) -> Response {
    let done = async {
        checked(&viewer, &form.csrf)?;
        let kind = Kind::named(&form.kind).ok_or_else(|| Problem::not_found("kind", &form.kind))?;
        let organization = &viewer.organization;
        let identity = Identity::in_project(kind, organization, &form.project, &form.name);
        let find = state.platform.ports().find;
        if form.intent == "drop" {
            find.let_go(&viewer, &identity).await
        } else {
            find.keep(&viewer, &identity).await
        }
    };
    match done.await {
        Ok(()) => Redirect::to(&local(&form.return_to)).into_response(),
        Err(problem) => told(&state, &parts, Some(&viewer), &problem).await,
    }
}
