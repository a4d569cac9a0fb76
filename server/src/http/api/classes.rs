//! Classes: who uses which version, what a draft would do, and roll-outs.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header, request::Parts};
use model::{
    access::Viewer,
    identity::Identity,
    path,
    problem::Problem,
    view::{
        ClassDiffView, ClassRow, ClassUsers, ClassVersionView, ClassView, ImpactView, RolloutOrder,
        RolloutRow,
    },
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Part, Site, answer, apply::sent, details, kind_of, ports};

/// The routes about classes.
pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::default()
        .routes(routes!(classes))
        .routes(routes!(class_impact))
        .routes(routes!(class))
        .routes(routes!(class_version))
        .routes(routes!(class_diff))
        .routes(routes!(roll_out))
}

type OfClass = Path<(String, String)>;

fn class_of(viewer: &Viewer, kind: &str, name: &str) -> Result<Identity, Problem> {
    let kind = kind_of(kind)?;
    if !kind.is_class() {
        return Err(Problem::not_found("kind of class", kind.plural()));
    }
    Ok(Identity::in_organization(kind, &viewer.organization, name))
}

/// All classes, with their newest version, users, and how many of them are behind.
#[utoipa::path(get, path = "/classes", responses((status = 200, body = Vec<ClassRow>)))]
async fn classes(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
) -> Response {
    answer(&parts, ports(&state).classes.list(&viewer).await)
}

/// Which users of a class are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfUsers {
    /// Only of this project.
    project: Option<String>,
    /// Only those that have this version.
    version: Option<i64>,
    /// Only those that don't have this version.
    except: Option<i64>,
}

/// One class: versions, a part of its users, and roll-outs.
#[utoipa::path(get, path = "/classes/{kind}/{name}", params(("kind" = String, Path), ("name" = String, Path), Part, OfUsers), responses((status = 200, body = ClassView)))]
async fn class(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((kind, name)): OfClass,
    Query(part): Query<Part>,
    Query(of): Query<OfUsers>,
    parts: Parts,
) -> Response {
    let found = async {
        let class = class_of(&viewer, &kind, &name)?;
        let users = ClassUsers {
            project: of.project.unwrap_or_default(),
            version: of.version,
            except: of.except,
        };
        let classes = ports(&state).classes;
        classes.find(&viewer, &class, &users, &part.paging()).await
    };
    answer(&parts, found.await)
}

/// One version of a class.
#[utoipa::path(get, path = "/classes/{kind}/{name}/versions/{version}", params(("kind" = String, Path), ("name" = String, Path), ("version" = i64, Path)), responses((status = 200, body = ClassVersionView)))]
async fn class_version(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((kind, name, version)): Path<(String, String, i64)>,
    parts: Parts,
) -> Response {
    let found = async {
        let class = class_of(&viewer, &kind, &name)?;
        ports(&state)
            .classes
            .version(&viewer, &class, version)
            .await
    };
    answer(&parts, found.await)
}

/// Two versions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Between {
    /// The one; the one before the other without it.
    from: Option<i64>,
    /// The other; the newest without it.
    to: Option<i64>,
}

/// What differs between two versions of a class, line by line, field by field and in words.
#[utoipa::path(get, path = "/classes/{kind}/{name}/diff", params(("kind" = String, Path), ("name" = String, Path), Between), responses((status = 200, body = ClassDiffView)))]
async fn class_diff(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((kind, name)): OfClass,
    Query(between): Query<Between>,
    parts: Parts,
) -> Response {
    let found = async {
        let class = class_of(&viewer, &kind, &name)?;
        let classes = ports(&state).classes;
        classes
            .diff(&viewer, &class, between.from, between.to)
            .await
    };
    answer(&parts, found.await)
}

/// What the class that is sent would do to those who use it, if they took it: counted for all,
/// rendered for a part (`per_page` components, at most 20). Nothing is written.
#[utoipa::path(post, path = "/classes/impact", params(Part), request_body(content = String, content_type = "application/yaml"),
    responses((status = 200, body = ImpactView), (status = 422, description = "Every fault of the class")))]
async fn class_impact(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Query(part): Query<Part>,
    headers: HeaderMap,
    parts: Parts,
    body: Bytes,
) -> Response {
    let seen = async {
        let sending = sent(&headers, "", &body)?.into();
        let classes = ports(&state).classes;
        classes.impact(&viewer, &sending, &part.paging()).await
    };
    answer(&parts, seen.await)
}

/// Has chosen components take a version of their class, by new artifacts that pin it. Components are
/// pairs of project and name; `project` or `all` mean those that have another version. They go to the
/// first environments as any artifact does.
#[utoipa::path(post, path = "/classes/{kind}/{name}/rollouts", params(("kind" = String, Path), ("name" = String, Path)),
    request_body(content = RolloutOrder, example = json!({"version": 2, "components": [["shop", "cart"]]})),
    responses((status = 201, body = RolloutRow)))]
async fn roll_out(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path((kind, name)): OfClass,
    parts: Parts,
    body: Bytes,
) -> Response {
    let made = async {
        let class = class_of(&viewer, &kind, &name)?;
        let order: RolloutOrder = serde_json::from_slice(&body).map_err(|error| {
            Problem::invalid(
                "components",
                &error.to_string(),
                "Send `components` as pairs of project and name, or `project`, or `all`",
            )
        })?;
        let classes = ports(&state).classes;
        let made = classes.roll_out(&viewer, &class, &order).await?;
        Ok::<_, Problem>((path::class(&class), made))
    };
    match made.await {
        Ok((address, made)) => {
            let headers = [(header::LOCATION, address)];
            (StatusCode::CREATED, headers, Json(made)).into_response()
        }
        Err(problem) => details(&problem, &parts),
    }
}
