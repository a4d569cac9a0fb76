//! Resources of any kind, each by its kind and name: read, replaced, changed and deleted.

use axum::{
    Extension,
    body::Bytes,
    extract::{Path, Query, State},
    response::Response,
};
use http::{HeaderMap, HeaderValue, header, request::Parts};
use model::{
    access::Viewer,
    identity::Identity,
    port::{Sending, SentFile},
    problem::Problem,
    view::{DeleteView, KindCount, PlanView, Slice},
};
use serde_json::Value;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Manifest, Owner, Site, answer,
    apply::{Applying, faultless, sent},
    kind_of,
    listing::{Filter, Listed, Listing, cursor},
    ports, tagged,
};

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::default()
        .routes(routes!(kinds))
        .routes(routes!(resources))
        .routes(routes!(resource, replace, change, remove))
}

/// How many there are of each kind.
#[utoipa::path(get, path = "/kinds", tag = "Resources", responses((status = 200, body = Vec<KindCount>)))]
async fn kinds(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
) -> Response {
    answer(&parts, ports(&state).manifests.kinds(&viewer).await)
}

/// Manifests of a kind with their status, by project, component and name.
#[utoipa::path(get, path = "/resources/{kind}", tag = "Resources", params(("kind" = String, Path, description = "Plural or name of the kind"), Listing, Filter), responses((status = 200, body = Listed<Manifest>)))]
async fn resources(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path(kind): Path<String>,
    Query(listing): Query<Listing>,
    Query(filter): Query<Filter>,
    parts: Parts,
) -> Response {
    let done = async {
        let slice = listing.slice(kind_of(&kind)?, filter)?;
        let found = ports(&state).manifests.manifests(&viewer, &slice).await?;
        Ok(listing.chosen(Listed {
            next: found.next.as_ref().map(cursor),
            total: None,
            items: found.items,
        }))
    };
    answer(&parts, done.await)
}

/// Which one is meant: its kind and name in the path, its owner in the query.
pub(super) fn identity(
    viewer: &Viewer,
    kind: &str,
    name: &str,
    owner: &Owner,
) -> Result<Identity, Problem> {
    Ok(Identity::in_component(
        kind_of(kind)?,
        &viewer.organization,
        &owner.project,
        &owner.component,
        name,
    ))
}

/// The version that a client saw: `If-Match` takes any tag that was given out for the resource,
/// whatever became of its status since; `If-None-Match: *` wants it not to be there (RFC 9110, 13.1).
fn seen(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_NONE_MATCH) == Some("*") {
        return Ok(Some(0));
    }
    let Some(tag) = text(header::IF_MATCH).filter(|tag| *tag != "*") else {
        return Ok(None);
    };
    let version = tag.trim().trim_matches('"').split('-').next();
    let version = version.and_then(|version| version.parse().ok());
    version.map(Some).ok_or_else(|| {
        Problem::invalid(
            "If-Match",
            "It isn't a tag that was given out for a resource",
            "Send the ETag of the last GET as it is",
        )
    })
}

/// Puts one manifest in the place of what is there. With `If-Match` only if that is still what the
/// client saw; with `If-None-Match: *` only if nothing is.
#[utoipa::path(put, path = "/resources/{kind}/{name}", tag = "Resources", params(("kind" = String, Path), ("name" = String, Path), Owner, Applying, ("If-Match" = Option<String>, Header, description = "The ETag that was read")),
    request_body(content = String, content_type = "application/yaml"),
    responses((status = 200, description = "What became of it", body = PlanView), (status = 409, description = "Somebody else changed it; `current` is what it is now")))]
#[expect(clippy::too_many_arguments, reason = "each is an extractor of its own")]
async fn replace(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((kind, name)): Path<(String, String)>,
    Query(owner): Query<Owner>,
    Query(how): Query<Applying>,
    headers: HeaderMap,
    parts: Parts,
    body: Bytes,
) -> Response {
    let done = async {
        let identity = identity(&viewer, &kind, &name, &owner)?;
        let files = sent(&headers, &how.file, &body)?;
        written(&state, &viewer, identity, files, &headers, how.dry_run).await
    };
    answer(&parts, done.await)
}

/// Changes fields of one manifest by a JSON merge patch (RFC 7396): `null` takes a field away.
#[utoipa::path(patch, path = "/resources/{kind}/{name}", tag = "Resources", params(("kind" = String, Path), ("name" = String, Path), Owner, Applying, ("If-Match" = Option<String>, Header, description = "The ETag that was read")),
    request_body(content = Object, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "What became of it", body = PlanView), (status = 409, description = "Somebody else changed it; `current` is what it is now")))]
#[expect(clippy::too_many_arguments, reason = "each is an extractor of its own")]
async fn change(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((kind, name)): Path<(String, String)>,
    Query(owner): Query<Owner>,
    Query(how): Query<Applying>,
    headers: HeaderMap,
    parts: Parts,
    body: Bytes,
) -> Response {
    let done = async {
        let identity = identity(&viewer, &kind, &name, &owner)?;
        let patch: Value = serde_json::from_slice(&body).map_err(|error| {
            let message = format!("It isn't JSON: {error}");
            Problem::invalid("body", &message, "Send a JSON merge patch (RFC 7396)")
        })?;
        let known = ports(&state).manifests.find(&viewer, &identity).await?;
        let mut manifest = known.manifest;
        json_patch::merge(&mut manifest, &patch);
        let files = vec![SentFile {
            name: how.file.clone(),
            text: manifest.to_string(),
        }];
        // Between reading and writing somebody may have been faster, whether or not the client asked.
        let mut headers = headers.clone();
        headers
            .entry(header::IF_MATCH)
            .or_insert(HeaderValue::from(known.version));
        written(&state, &viewer, identity, files, &headers, how.dry_run).await
    };
    answer(&parts, done.await)
}

/// Writes one manifest that must be about this thing.
async fn written(
    state: &Site,
    viewer: &Viewer,
    identity: Identity,
    files: Vec<SentFile>,
    headers: &HeaderMap,
    dry_run: bool,
) -> Result<PlanView, Problem> {
    let mut sending = Sending::from(files);
    if let Some(version) = seen(headers)? {
        if version == 0
            && let Ok(there) = ports(state).manifests.find(viewer, &identity).await
        {
            return Err(Problem::Stale {
                message: format!("{identity} is there already"),
                current: Some(there.manifest),
            });
        }
        sending = sending.expecting(identity.clone(), version);
    }
    let manifests = ports(state).manifests;
    let plan = faultless(manifests.plan(viewer, &sending).await?)?;
    if plan.rows.len() != 1 || plan.rows[0].identity != identity {
        let message = format!("The body isn't one manifest of {identity}");
        let remedy = "Send the manifest of the address, or use POST /apply";
        return Err(Problem::invalid("body", &message, remedy));
    }
    if dry_run {
        return Ok(plan);
    }
    faultless(manifests.apply(viewer, &sending).await?)
}

/// One manifest with its status.
#[utoipa::path(get, path = "/resources/{kind}/{name}", tag = "Resources", params(("kind" = String, Path), ("name" = String, Path), Owner), responses((status = 200, body = Manifest)))]
async fn resource(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((kind, name)): Path<(String, String)>,
    Query(owner): Query<Owner>,
    parts: Parts,
) -> Response {
    let done = async {
        let mut slice = Slice::of(kind_of(&kind)?);
        slice.name.clone_from(&name);
        slice.project.clone_from(&owner.project);
        slice.component.clone_from(&owner.component);
        slice.limit = 2;
        let manifests = ports(&state).manifests;
        let mut found = manifests.manifests(&viewer, &slice).await?.items;
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(_), false) => Err(Problem::invalid(
                "project",
                &format!("Several are called {name}"),
                "Say which with ?project= and ?component=",
            )),
            // The same question again, for names that come near.
            (None, _) => {
                let identity = identity(&viewer, &kind, &name, &owner)?;
                let found = manifests.find(&viewer, &identity).await;
                found.and_then(|_| Err(Problem::not_found(&kind, &name)))
            }
        }
    };
    let found = done.await;
    let version = found
        .as_ref()
        .ok()
        .and_then(|manifest| manifest["metadata"]["resourceVersion"].as_str())
        .unwrap_or_default()
        .to_owned();
    tagged(&parts, &version, found)
}

/// Deletes a resource, and what it made from every plane.
#[utoipa::path(delete, path = "/resources/{kind}/{name}", tag = "Resources", params(("kind" = String, Path), ("name" = String, Path), Owner, Applying), responses((status = 200, description = "What goes", body = DeleteView)))]
async fn remove(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((kind, name)): Path<(String, String)>,
    Query(owner): Query<Owner>,
    Query(how): Query<Applying>,
    parts: Parts,
) -> Response {
    let done = async {
        let identity = identity(&viewer, &kind, &name, &owner)?;
        let manifests = ports(&state).manifests;
        if how.dry_run {
            manifests.delete_preview(&viewer, &identity).await
        } else {
            manifests.delete(&viewer, &identity).await
        }
    };
    answer(&parts, done.await)
}
