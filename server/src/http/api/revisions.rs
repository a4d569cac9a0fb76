//! What became of a resource, change by change.

use axum::{
    Extension,
    extract::{Path, Query, State},
    response::Response,
};
use http::request::Parts;
use model::{
    access::Viewer,
    problem::Problem,
    view::{Comparison, HistoryRow},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Owner, Site, answer,
    listing::{Listed, Listing, cursor},
    ports,
    resources::identity,
};

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::default()
        .routes(routes!(resource_history))
        .routes(routes!(comparison))
}

/// What became of a resource, newest first, also of one that is gone.
#[utoipa::path(get, path = "/resources/{kind}/{name}/history", tag = "Resources", params(("kind" = String, Path), ("name" = String, Path), Owner, Listing),
    responses((status = 200, body = Listed<HistoryRow>)))]
async fn resource_history(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((kind, name)): Path<(String, String)>,
    Query(owner): Query<Owner>,
    Query(listing): Query<Listing>,
    parts: Parts,
) -> Response {
    let done = async {
        let identity = identity(&viewer, &kind, &name, &owner)?;
        let limit = listing.limit()?;
        let before = listing.after()?.unwrap_or_default();
        let history = ports(&state).manifests;
        let items = history.history(&viewer, &identity, before, limit).await?;
        let full = i64::try_from(items.len()).is_ok_and(|length| length >= limit);
        let last = items.last().filter(|_| full);
        Ok(listing.chosen(Listed {
            next: last.map(|row| cursor(&row.sequence)),
            total: None,
            items,
        }))
    };
    answer(&parts, done.await)
}

/// Which changes are compared.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Between {
    /// The sequence of the older change; the one before the newer without it.
    from: Option<i64>,
    /// The sequence of the newer change; the newest without it.
    to: Option<i64>,
}

/// What differs between what two changes left of a resource.
#[utoipa::path(get, path = "/resources/{kind}/{name}/comparison", tag = "Resources", params(("kind" = String, Path), ("name" = String, Path), Owner, Between),
    responses((status = 200, body = Comparison)))]
async fn comparison(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((kind, name)): Path<(String, String)>,
    Query(owner): Query<Owner>,
    Query(between): Query<Between>,
    parts: Parts,
) -> Response {
    let done = async {
        let identity = identity(&viewer, &kind, &name, &owner)?;
        let manifests = ports(&state).manifests;
        let before = between.to.map_or(0, |to| to.saturating_add(1).max(1));
        let newest = manifests.history(&viewer, &identity, before, 2).await?;
        let missing = || Problem::not_found("change", &identity.to_string());
        let to = newest.first().ok_or_else(missing)?.sequence;
        let one_before = newest.get(1).map_or(to, |row| row.sequence);
        let (from, to) = (between.from.unwrap_or(one_before), between.to.unwrap_or(to));
        manifests.compare(&viewer, &identity, from, to).await
    };
    answer(&parts, done.await)
}
