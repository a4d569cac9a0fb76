//! New versions, what should run where, and what is done with it.

use axum::{
    Extension,
    body::Bytes,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header, request::Parts};
use model::{
    access::Viewer,
    kind::binding::ReleaseState,
    problem::Problem,
    view::{Acted, Action, BindingView, Bulk, BulkView, Checked, NewVersion, Shipped},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{answer, apply::Applying, components::OfComponent, details, ports};
use crate::http::Site;

/// The room's routes.
pub(super) fn router() -> OpenApiRouter<Site> {
    OpenApiRouter::default()
        .routes(routes!(ship))
        .routes(routes!(binding))
        .routes(routes!(state))
        .routes(routes!(restart))
        .routes(routes!(run))
        .routes(routes!(bulk))
}

type OfBinding = Path<(String, String, String)>;

/// A body as JSON of a known form.
fn read<T: DeserializeOwned>(body: &Bytes, example: &str) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        let remedy = format!("Send such as {example}");
        Problem::invalid("body", &format!("It can't be read: {error}"), &remedy)
    })
}

/// Something that was made.
fn made<T: Serialize>(parts: &Parts, outcome: Result<T, Problem>) -> Response {
    match outcome {
        Ok(value) => {
            let body = serde_json::to_string(&value).unwrap_or_default();
            let kind = [(header::CONTENT_TYPE, "application/json")];
            (StatusCode::CREATED, kind, body).into_response()
        }
        Err(problem) => details(&problem, parts),
    }
}

/// Another image for a component.
#[derive(ToSchema)]
#[expect(dead_code, reason = "tells the document what NewVersion looks like")]
struct Image {
    /// The image; its digest is looked up where its registry can be asked.
    #[schema(example = "registry.acme.io/shop/cart:1.4.2")]
    image: String,
    /// The container; `main`, or the only one, without it.
    #[schema(example = "main")]
    container: Option<String>,
    /// The commit that it was built from.
    #[schema(example = "9fceb02")]
    commit: Option<String>,
}

/// Gives a component another image, and with that its next artifact: what a pipeline of your own sends
/// once it has pushed. The same content is the same artifact.
#[utoipa::path(post, path = "/projects/{project}/components/{component}/artifacts", params(("project" = String, Path), ("component" = String, Path)), request_body = Image,
    responses((status = 201, description = "The new artifact, and the environments that it goes to", body = Value), (status = 200, description = "The artifact that was there already", body = Value), (status = 422, description = "The registry has no such image, or the component isn't whole yet")))]
async fn ship(
    State(site): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, component)): OfComponent,
    parts: Parts,
    body: Bytes,
) -> Response {
    let done = async {
        let version: NewVersion = read(&body, r#"{"image": "registry/path:tag"}"#)?;
        let delivery = ports(&site).delivery;
        delivery.ship(&viewer, &project, &component, &version).await
    };
    match done.await {
        Ok(shipped) if shipped.made => made(&parts, Ok(told(&shipped))),
        Ok(shipped) => answer(&parts, Ok(told(&shipped))),
        Err(problem) => details(&problem, &parts),
    }
}

/// What a pipeline wants to know, in one place each.
fn told(shipped: &Shipped) -> Value {
    json!({
        "artifact": shipped.artifact,
        "number": shipped.artifact.number,
        "version": shipped.artifact.version,
        "created": shipped.made,
        "goesTo": shipped.goes_to,
        "waitsFor": shipped.waits,
        "image": {
            "reference": shipped.check.image,
            "pinned": shipped.check.checked == Checked::Found,
            "registry": shipped.check.says,
        },
    })
}

/// What a component should be in an environment: its binding, what can be set there, and what its
/// class and artifact say without that.
#[utoipa::path(get, path = "/projects/{project}/components/{component}/environments/{environment}", params(("project" = String, Path), ("component" = String, Path), ("environment" = String, Path)),
    responses((status = 200, body = BindingView)))]
async fn binding(
    State(site): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, component, environment)): OfBinding,
    parts: Parts,
) -> Response {
    let delivery = ports(&site).delivery;
    let found = delivery.binding(&viewer, &project, &component, &environment, None);
    answer(&parts, found.await)
}

/// Whether something should run.
#[derive(Deserialize, ToSchema)]
struct Wanted {
    /// `Active`, `Suspend` or `Undeploy`.
    #[schema(value_type = String, example = "Suspend")]
    state: ReleaseState,
}

/// Suspends, resumes or undeploys a component in an environment.
#[utoipa::path(put, path = "/projects/{project}/components/{component}/environments/{environment}/state", params(("project" = String, Path), ("component" = String, Path), ("environment" = String, Path)), request_body = Wanted,
    responses((status = 200, body = Acted), (status = 422, description = "It is so already, or can't be")))]
async fn state(
    State(site): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, component, environment)): OfBinding,
    parts: Parts,
    body: Bytes,
) -> Response {
    let done = async {
        let wanted: Wanted = read(&body, r#"{"state": "Suspend"}"#)?;
        let action = match wanted.state {
            ReleaseState::Active => Action::Resume,
            ReleaseState::Suspend => Action::Suspend,
            ReleaseState::Undeploy => Action::Undeploy,
        };
        let delivery = ports(&site).delivery;
        delivery
            .act(&viewer, &project, &component, &environment, action)
            .await
    };
    answer(&parts, done.await)
}

/// Restarts a component in an environment: new pods take the place of the old ones, a few at a time.
#[utoipa::path(post, path = "/projects/{project}/components/{component}/environments/{environment}/restarts", params(("project" = String, Path), ("component" = String, Path), ("environment" = String, Path)),
    responses((status = 201, body = Acted), (status = 422, description = "Nothing of it runs there, or it is a task")))]
async fn restart(
    State(site): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, component, environment)): OfBinding,
    parts: Parts,
) -> Response {
    let delivery = ports(&site).delivery;
    let acted = delivery.act(&viewer, &project, &component, &environment, Action::Restart);
    made(&parts, acted.await)
}

/// Runs a scheduled task once, now.
#[utoipa::path(post, path = "/projects/{project}/components/{component}/environments/{environment}/runs", params(("project" = String, Path), ("component" = String, Path), ("environment" = String, Path)),
    responses((status = 201, description = "The run, with the name of its Job", body = Acted), (status = 422, description = "It isn't a task, or isn't on the plane")))]
async fn run(
    State(site): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((project, component, environment)): OfBinding,
    parts: Parts,
) -> Response {
    let delivery = ports(&site).delivery;
    let acted = delivery.act(&viewer, &project, &component, &environment, Action::Run);
    made(&parts, acted.await)
}

/// Many components of a project, and what is done with them.
#[derive(ToSchema)]
#[expect(dead_code, reason = "tells the document what Bulk looks like")]
struct Many {
    /// `restart`, `suspend`, `resume` or `class`.
    #[schema(example = "restart")]
    deed: String,
    /// The components.
    components: Vec<String>,
    /// Only in this environment; everywhere without it.
    environment: Option<String>,
}

/// Does one thing with many components of a project, in one transaction.
#[utoipa::path(post, path = "/projects/{project}/bulk", params(("project" = String, Path), Applying), request_body = Many,
    responses((status = 200, description = "What was or would be done, row by row", body = BulkView), (status = 409, description = "It changed while it was read")))]
async fn bulk(
    State(site): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path(project): Path<String>,
    Query(how): Query<Applying>,
    parts: Parts,
    body: Bytes,
) -> Response {
    let done = async {
        let example = r#"{"deed": "restart", "components": ["cart"]}"#;
        let bulk: Bulk = read(&body, example)?;
        let delivery = ports(&site).delivery;
        let listed = delivery.bulk(&viewer, &project, &bulk, None).await?;
        if how.dry_run || !listed.rows.iter().any(|row| row.does) {
            return Ok(listed);
        }
        let shown = Some(listed.shown.as_str());
        let view = delivery.bulk(&viewer, &project, &bulk, shown).await?;
        if view.done {
            return Ok(view);
        }
        Err(Problem::Stale {
            message: "Something changed while it was read. Nothing was done; try again".into(),
            current: None,
        })
    };
    answer(&parts, done.await)
}
