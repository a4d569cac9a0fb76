//! REST under `/api/v1`, described by the OpenAPI document that its own handlers make.
//!
//! Answers are the views that pages show, as JSON; problems are RFC 9457 problem details.

mod classes;
mod delivery;
mod drawn;

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Path, Query, State},
    response::{IntoResponse, Response},
};
use futures::StreamExt;
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use model::{
    access::Viewer,
    health::Health,
    identity::Identity,
    kind::Kind,
    port::{LogQuestion, Ports, Sending, SentFile},
    problem::Problem,
    view::{Paging, PlanView, PreviewView},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, OpenApi};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{APPLY, STREAM, Site, guard::Key};

mod planes;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Troupe",
        description = "An internal developer platform: declare, deliver, look. Send a token as `Authorization: Bearer trp_…`."
    ),
    servers((url = "/api/v1"))
)]
struct Document;

/// All routes of the API.
pub(super) fn router() -> axum::Router<Site> {
    let (router, document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(whoami))
        .routes(routes!(kinds))
        .routes(routes!(resources))
        .routes(routes!(resource, replace, change, remove))
        .routes(routes!(projects))
        .routes(routes!(project))
        .routes(routes!(component))
        .routes(routes!(artifacts))
        .routes(routes!(releases))
        .routes(routes!(release))
        .routes(routes!(runtime))
        .routes(routes!(events))
        .routes(routes!(history))
        .routes(routes!(logs))
        .routes(routes!(environments))
        .routes(routes!(planes))
        .routes(routes!(planes::plane_tests, planes::test_plane))
        .routes(routes!(planes::build_plane_tests, planes::test_build_plane))
        .routes(routes!(planes::configuration))
        .routes(routes!(waiting))
        .merge(classes::routes())
        .routes(routes!(drawn::cell))
        .routes(routes!(drawn::pipelines))
        .routes(routes!(drawn::environment))
        .routes(routes!(super::events::changes))
        .merge(delivery::router())
        .split_for_parts();
    let (applying, applied) = OpenApiRouter::<Site>::default()
        .routes(routes!(apply))
        .routes(routes!(preview))
        .split_for_parts();
    let document = document.merge_from(applied);
    let text = Value::to_string(&serde_json::to_value(&document).unwrap_or_default());
    router
        .merge(applying.layer(DefaultBodyLimit::max(APPLY)))
        .route(
            "/openapi.json",
            axum::routing::get(move || async move {
                ([(header::CONTENT_TYPE, "application/json")], text)
            }),
        )
        .fallback(missing)
}

async fn missing(parts: Parts) -> Response {
    details(&Problem::not_found("route", parts.uri.path()), &parts)
}

/// A problem as RFC 9457 says it.
pub(super) fn details(problem: &Problem, parts: &Parts) -> Response {
    let status =
        StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    details_with(problem, status, parts)
}

/// The same where HTTP has a status of its own for it.
pub(super) fn details_with(problem: &Problem, status: StatusCode, parts: &Parts) -> Response {
    let request = parts.extensions.get::<app::context::RequestId>();
    let mut body = json!({
        "type": format!("urn:troupe:problem:{}", problem.code()),
        "title": problem.title(),
        "status": status.as_u16(),
        "detail": problem.to_string(),
        "code": problem.code(),
        "instance": request.map(|id| format!("urn:uuid:{}", id.0)),
    });
    match problem {
        Problem::Invalid { faults, .. } => body["faults"] = json!(faults),
        Problem::NotFound { near, .. } => body["near"] = json!(near),
        Problem::Stale { current, .. } => body["current"] = json!(current),
        _ => {}
    }
    let mut response = (status, body.to_string()).into_response();
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    if status == StatusCode::UNAUTHORIZED {
        let ask = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, ask);
    }
    if let Problem::Throttled { seconds } = problem {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

/// An answer with its ETag; nothing but that when the client has it already.
fn answer<T: Serialize>(parts: &Parts, outcome: Result<T, Problem>) -> Response {
    tagged(parts, "", outcome)
}

/// The same with a tag that begins with the version that a later `If-Match` is held against.
fn tagged<T: Serialize>(parts: &Parts, version: &str, outcome: Result<T, Problem>) -> Response {
    let value = match outcome {
        Ok(value) => serde_json::to_value(value).unwrap_or_default(),
        Err(problem) => return details(&problem, parts),
    };
    let wants_yaml = parts
        .headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.starts_with("application/yaml"));
    let (kind, body) = if wants_yaml {
        ("application/yaml", model::yaml::write(&value))
    } else {
        ("application/json", value.to_string())
    };
    let hash = &hex::encode(Sha256::digest(body.as_bytes()))[..32];
    let tag = if version.is_empty() {
        format!("\"{hash}\"")
    } else {
        format!("\"{version}-{hash}\"")
    };
    let known = parts
        .headers
        .get(header::IF_NONE_MATCH)
        .and_then(|tags| tags.to_str().ok());
    if known.is_some_and(|tags| tags.split(',').any(|one| one.trim() == tag)) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    (
        [(header::CONTENT_TYPE, kind.to_owned()), (header::ETAG, tag)],
        body,
    )
        .into_response()
}

/// Which part of a long list is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Part {
    /// From 1.
    page: Option<i64>,
    /// At most 200; 50 without it.
    per_page: Option<i64>,
    /// A part of the name.
    search: Option<String>,
    /// Only what runs so somewhere: Healthy, Progressing, Degraded, Suspended, Unknown.
    health: Option<String>,
    /// Only of this project.
    project: Option<String>,
    /// Only of this component.
    component: Option<String>,
    /// Only of this environment.
    environment: Option<String>,
}

impl Part {
    fn paging(&self) -> Paging {
        Paging {
            page: self.page.unwrap_or(1).max(1),
            per_page: self.per_page.unwrap_or(50).clamp(1, 200),
            search: self.search.clone().unwrap_or_default(),
            health: self.health.as_deref().map(Health::parse),
        }
    }

    fn environment(&self) -> &str {
        self.environment.as_deref().unwrap_or_default()
    }
}

fn ports(state: &Site) -> Ports {
    state.platform.ports()
}

fn kind_of(plural: &str) -> Result<Kind, Problem> {
    Kind::guessed(plural).ok_or_else(|| Problem::not_found("kind", plural))
}

/// Who the token belongs to.
#[utoipa::path(get, path = "/whoami", responses((status = 200, body = Value)))]
async fn whoami(Extension(viewer): Extension<Viewer>, parts: Parts) -> Response {
    let body = json!({
        "name": viewer.name,
        "administrator": viewer.administrator,
        "organization": viewer.organization,
    });
    answer(&parts, Ok(body))
}

/// How manifests are sent.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
struct Applying {
    /// Only shows what would happen.
    #[serde(default)]
    dry_run: bool,
    /// What to call the text in faults.
    #[serde(default)]
    file: String,
}

/// Applies manifests, YAML or JSON, many documents, in one transaction. `application/json` with a
/// list of `{name, text}` under `files` sends several files at once.
#[utoipa::path(post, path = "/apply", params(Applying), request_body(content = String, content_type = "application/yaml"),
    responses((status = 200, description = "What was or would be done", body = Value), (status = 422, description = "Every fault of every document", body = Value)))]
async fn apply(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Query(how): Query<Applying>,
    headers: HeaderMap,
    parts: Parts,
    body: Bytes,
) -> Response {
    let done = async {
        let files = sent(&headers, &how.file, &body)?.into();
        let manifests = ports(&state).manifests;
        faultless(if how.dry_run {
            manifests.plan(&viewer, &files).await?
        } else {
            manifests.apply(&viewer, &files).await?
        })
    };
    answer(&parts, done.await)
}

/// A plan with faults is a problem to machines.
fn faultless(view: PlanView) -> Result<PlanView, Problem> {
    if view.faults.is_empty() {
        return Ok(view);
    }
    Err(Problem::Invalid {
        message: format!("{} faults; nothing was written", view.faults.len()),
        faults: view.faults,
    })
}

/// What applying manifests would do, down to the objects on planes. Nothing is written.
#[utoipa::path(post, path = "/preview", params(Applying), request_body(content = String, content_type = "application/yaml"),
    responses((status = 200, description = "What would be done, and the releases that would come of it", body = Value), (status = 422, description = "Every fault of every document", body = Value)))]
async fn preview(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Query(how): Query<Applying>,
    headers: HeaderMap,
    parts: Parts,
    body: Bytes,
) -> Response {
    let done = async {
        let files = sent(&headers, &how.file, &body)?.into();
        let view = ports(&state).manifests.preview(&viewer, &files).await?;
        Ok(PreviewView {
            plan: faultless(view.plan)?,
            releases: view.releases,
        })
    };
    answer(&parts, done.await)
}

#[derive(Deserialize)]
struct Files {
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    name: String,
    text: String,
}

fn sent(headers: &HeaderMap, name: &str, body: &Bytes) -> Result<Vec<SentFile>, Problem> {
    let text = std::str::from_utf8(body)
        .map_err(|_| Problem::invalid("body", "It isn't UTF-8 text", "Send YAML or JSON"))?;
    let json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/json"));
    if json && let Ok(files) = serde_json::from_str::<Files>(text) {
        let files = files.files.into_iter().map(|file| SentFile {
            name: file.name,
            text: file.text,
        });
        return Ok(files.collect());
    }
    if text.trim().is_empty() {
        return Err(Problem::invalid(
            "body",
            "Nothing was sent",
            "Send manifests",
        ));
    }
    Ok(vec![SentFile {
        name: name.to_owned(),
        text: text.to_owned(),
    }])
}

/// How many there are of each kind.
#[utoipa::path(get, path = "/kinds", responses((status = 200, body = Value)))]
async fn kinds(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
) -> Response {
    answer(&parts, ports(&state).manifests.kinds(&viewer).await)
}

/// Manifests of a kind with their status; the first 200.
#[utoipa::path(get, path = "/resources/{kind}", params(("kind" = String, Path, description = "Plural or name of the kind"), Part), responses((status = 200, body = Value)))]
async fn resources(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path(kind): Path<String>,
    Query(part): Query<Part>,
    parts: Parts,
) -> Response {
    let done = async {
        let project = part.project.as_deref().unwrap_or_default();
        let items = ports(&state)
            .manifests
            .manifests(&viewer, kind_of(&kind)?, project, "")
            .await?;
        Ok(json!({"items": items}))
    };
    answer(&parts, done.await)
}

/// Which one is meant: its kind and name in the path, its owner in the query.
fn identity(viewer: &Viewer, kind: &str, name: &str, part: &Part) -> Result<Identity, Problem> {
    let owner = |owner: &Option<String>| owner.clone().unwrap_or_default();
    Ok(Identity::in_component(
        kind_of(kind)?,
        &viewer.organization,
        &owner(&part.project),
        &owner(&part.component),
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
#[utoipa::path(put, path = "/resources/{kind}/{name}", params(("kind" = String, Path), ("name" = String, Path), Part, Applying, ("If-Match" = Option<String>, Header, description = "The ETag that was read")),
    request_body(content = String, content_type = "application/yaml"),
    responses((status = 200, description = "What became of it", body = Value), (status = 409, description = "Somebody else changed it; `current` is what it is now", body = Value), (status = 422, body = Value)))]
#[expect(clippy::too_many_arguments, reason = "each is an extractor of its own")]
async fn replace(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((kind, name)): Path<(String, String)>,
    Query(part): Query<Part>,
    Query(how): Query<Applying>,
    headers: HeaderMap,
    parts: Parts,
    body: Bytes,
) -> Response {
    let done = async {
        let identity = identity(&viewer, &kind, &name, &part)?;
        let files = sent(&headers, &how.file, &body)?;
        written(&state, &viewer, identity, files, &headers, how.dry_run).await
    };
    answer(&parts, done.await)
}

/// Changes fields of one manifest by a JSON merge patch (RFC 7396): `null` takes a field away.
#[utoipa::path(patch, path = "/resources/{kind}/{name}", params(("kind" = String, Path), ("name" = String, Path), Part, Applying, ("If-Match" = Option<String>, Header, description = "The ETag that was read")),
    request_body(content = Value, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "What became of it", body = Value), (status = 404, body = Value), (status = 409, description = "Somebody else changed it; `current` is what it is now", body = Value), (status = 422, body = Value)))]
#[expect(clippy::too_many_arguments, reason = "each is an extractor of its own")]
async fn change(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((kind, name)): Path<(String, String)>,
    Query(part): Query<Part>,
    Query(how): Query<Applying>,
    headers: HeaderMap,
    parts: Parts,
    body: Bytes,
) -> Response {
    let done = async {
        let identity = identity(&viewer, &kind, &name, &part)?;
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
#[utoipa::path(get, path = "/resources/{kind}/{name}", params(("kind" = String, Path), ("name" = String, Path), Part), responses((status = 200, body = Value), (status = 404, body = Value)))]
async fn resource(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((kind, name)): Path<(String, String)>,
    Query(part): Query<Part>,
    parts: Parts,
) -> Response {
    let done = async {
        let project = part.project.as_deref().unwrap_or_default();
        let found = ports(&state)
            .manifests
            .manifests(&viewer, kind_of(&kind)?, project, &name)
            .await?;
        let component = part.component.as_deref().unwrap_or_default();
        let owner = |manifest: &Value| manifest["spec"]["owner"]["componentName"] == component;
        let mut found: Vec<Value> = found
            .into_iter()
            .filter(|manifest| component.is_empty() || owner(manifest))
            .collect();
        match found.len() {
            0 => Err(Problem::not_found(&kind, &name)),
            1 => Ok(found.swap_remove(0)),
            _ => Err(Problem::invalid(
                "project",
                &format!("Several are called {name}"),
                "Say which with ?project= and ?component=",
            )),
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
#[utoipa::path(delete, path = "/resources/{kind}/{name}", params(("kind" = String, Path), ("name" = String, Path), Part, Applying), responses((status = 200, description = "What goes", body = Value)))]
async fn remove(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((kind, name)): Path<(String, String)>,
    Query(part): Query<Part>,
    Query(how): Query<Applying>,
    parts: Parts,
) -> Response {
    let done = async {
        let project = part.project.as_deref().unwrap_or_default();
        let component = part.component.as_deref().unwrap_or_default();
        let kind = kind_of(&kind)?;
        let identity =
            Identity::in_component(kind, &viewer.organization, project, component, &name);
        let manifests = ports(&state).manifests;
        if how.dry_run {
            manifests.delete_preview(&viewer, &identity).await
        } else {
            manifests.delete(&viewer, &identity).await
        }
    };
    answer(&parts, done.await)
}

/// Projects with how they run.
#[utoipa::path(get, path = "/projects", params(Part), responses((status = 200, body = Value)))]
async fn projects(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Query(part): Query<Part>,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state).projects.list(&viewer, &part.paging()).await,
    )
}

/// One project with a part of its components.
#[utoipa::path(get, path = "/projects/{project}", params(("project" = String, Path), Part), responses((status = 200, body = Value), (status = 404, body = Value)))]
async fn project(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path(project): Path<String>,
    Query(part): Query<Part>,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state)
            .projects
            .find(&viewer, &project, &part.paging())
            .await,
    )
}

type OfComponent = Path<(String, String)>;

/// One component with its environments.
#[utoipa::path(get, path = "/projects/{project}/components/{component}", params(("project" = String, Path), ("component" = String, Path)), responses((status = 200, body = Value), (status = 404, body = Value)))]
async fn component(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, name)): OfComponent,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state)
            .components
            .find(&viewer, &project, &name)
            .await,
    )
}

/// Its artifacts, newest first.
#[utoipa::path(get, path = "/projects/{project}/components/{component}/artifacts", params(("project" = String, Path), ("component" = String, Path), Part), responses((status = 200, body = Value)))]
async fn artifacts(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, name)): OfComponent,
    Query(part): Query<Part>,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state)
            .components
            .artifacts(&viewer, &project, &name, &part.paging())
            .await,
    )
}

/// Its releases, newest first.
#[utoipa::path(get, path = "/projects/{project}/components/{component}/releases", params(("project" = String, Path), ("component" = String, Path), Part), responses((status = 200, body = Value)))]
async fn releases(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, name)): OfComponent,
    Query(part): Query<Part>,
    parts: Parts,
) -> Response {
    let components = ports(&state).components;
    answer(
        &parts,
        components
            .releases(&viewer, &project, &name, part.environment(), &part.paging())
            .await,
    )
}

/// One release: its objects, and what differs from the one before.
#[utoipa::path(get, path = "/projects/{project}/components/{component}/releases/{environment}/{number}", params(("project" = String, Path), ("component" = String, Path), ("environment" = String, Path), ("number" = i64, Path)), responses((status = 200, body = Value), (status = 404, body = Value)))]
async fn release(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, name, environment, number)): Path<(String, String, String, i64)>,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state)
            .components
            .release(&viewer, &project, &name, &environment, number)
            .await,
    )
}

/// Its live objects in an environment.
#[utoipa::path(get, path = "/projects/{project}/components/{component}/runtime", params(("project" = String, Path), ("component" = String, Path), Part), responses((status = 200, body = Value)))]
async fn runtime(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, name)): OfComponent,
    Query(part): Query<Part>,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state)
            .components
            .runtime(&viewer, &project, &name, part.environment())
            .await,
    )
}

/// The plane's events about it, newest first.
#[utoipa::path(get, path = "/projects/{project}/components/{component}/events", params(("project" = String, Path), ("component" = String, Path), Part), responses((status = 200, body = Value)))]
async fn events(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, name)): OfComponent,
    Query(part): Query<Part>,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state)
            .components
            .events(&viewer, &project, &name, part.environment())
            .await,
    )
}

/// What became of it and its parts, newest first.
#[utoipa::path(get, path = "/projects/{project}/components/{component}/history", params(("project" = String, Path), ("component" = String, Path)), responses((status = 200, body = Value)))]
async fn history(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, name)): OfComponent,
    parts: Parts,
) -> Response {
    answer(
        &parts,
        ports(&state)
            .components
            .history(&viewer, &project, &name)
            .await,
    )
}

/// Which log is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LogPart {
    /// The environment; the first without it.
    #[serde(default)]
    environment: String,
    /// The pod; one that fails, else the newest, without it.
    #[serde(default)]
    pod: String,
    /// The container; the main one without it.
    #[serde(default)]
    container: String,
    /// The container before its last restart.
    #[serde(default)]
    previous: bool,
    /// Waits for more lines.
    #[serde(default)]
    follow: bool,
    /// The last so many lines, at most 5,000; 200 without it.
    #[serde(default)]
    tail: i64,
    /// Only of the last so many seconds.
    #[serde(default)]
    since: i64,
    /// Only lines with this text in them, whatever their case.
    #[serde(default)]
    q: String,
}

/// A pod's log as text.
#[utoipa::path(get, path = "/projects/{project}/components/{component}/logs", params(("project" = String, Path), ("component" = String, Path), LogPart), responses((status = 200, body = String, content_type = "text/plain")))]
async fn logs(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Extension(key): Extension<Key>,
    Path((project, component)): OfComponent,
    Query(part): Query<LogPart>,
    parts: Parts,
) -> Response {
    let question = LogQuestion {
        project,
        component,
        environment: part.environment,
        pod: part.pod,
        container: part.container,
        previous: part.previous,
        tail: part.tail,
        since_seconds: part.since,
        search: part.q,
        after: String::new(),
    };
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    let components = ports(&state).components;
    if part.follow {
        return match components.follow(&viewer, &question).await {
            Ok(lines) => {
                let ended = Box::pin(super::events::ended(state, key));
                let lines = lines.take_until(ended).map(|line| {
                    let text = line.map_or_else(|problem| format!("# {problem}"), |line| line.text);
                    Ok::<_, std::convert::Infallible>(format!("{text}\n"))
                });
                ([STREAM], plain, Body::from_stream(lines)).into_response()
            }
            Err(problem) => details(&problem, &parts),
        };
    }
    match components.log(&viewer, &question).await {
        Ok(view) => {
            let lines = view.lines.iter();
            let text: String = lines.map(|line| format!("{}\n", line.text)).collect();
            (plain, text).into_response()
        }
        Err(problem) => details(&problem, &parts),
    }
}

/// Environments, in pipeline order.
#[utoipa::path(get, path = "/environments", responses((status = 200, body = Value)))]
async fn environments(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
) -> Response {
    answer(&parts, ports(&state).platform.environments(&viewer).await)
}

/// DataPlanes and whether they answer.
#[utoipa::path(get, path = "/planes", responses((status = 200, body = Value)))]
async fn planes(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
) -> Response {
    answer(&parts, ports(&state).platform.planes(&viewer).await)
}

/// What waits for something that isn't there yet.
#[utoipa::path(get, path = "/waiting", responses((status = 200, body = Value)))]
async fn waiting(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
) -> Response {
    answer(&parts, ports(&state).overview.waiting(&viewer).await)
}
