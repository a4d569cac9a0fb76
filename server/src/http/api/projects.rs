//! Projects with how they run.

use axum::{
    Extension,
    extract::{Path, Query, State},
    response::Response,
};
use http::request::Parts;
use model::{
    access::Viewer,
    view::{ComponentRow, Page, ProjectRow, ProjectView},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Part, Site, answer,
    listing::{Listed, Listing, cursor},
    ports,
};

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::default()
        .routes(routes!(projects))
        .routes(routes!(project))
        .routes(routes!(components))
}

/// A part of a list that goes on after its last item's name.
fn listed<T>(page: Page<T>, name: impl Fn(&T) -> &str) -> Listed<T> {
    let full = i64::try_from(page.items.len()).is_ok_and(|length| length >= page.per_page);
    let last = page.items.last().filter(|_| full);
    Listed {
        next: last.map(|last| cursor(&name(last))),
        total: Some(page.total),
        items: page.items,
    }
}

/// Projects with how they run, by name.
#[utoipa::path(get, path = "/projects", tag = "Projects", params(Listing), responses((status = 200, body = Listed<ProjectRow>)))]
async fn projects(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Query(listing): Query<Listing>,
    parts: Parts,
) -> Response {
    let done = async {
        let paging = listing.paging()?;
        let page = ports(&state).projects.list(&viewer, &paging).await?;
        Ok(listing.chosen(listed(page, |row| &row.name)))
    };
    answer(&parts, done.await)
}

/// One project with a part of its components.
#[utoipa::path(get, path = "/projects/{project}", tag = "Projects", params(("project" = String, Path), Part), responses((status = 200, body = ProjectView)))]
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

/// A project's components in their environments, by name.
#[utoipa::path(get, path = "/projects/{project}/components", tag = "Components", params(("project" = String, Path), Listing), responses((status = 200, body = Listed<ComponentRow>)))]
async fn components(
    State(state): State<Site>,
    Extension(viewer): Extension<Viewer>,
    Path(project): Path<String>,
    Query(listing): Query<Listing>,
    parts: Parts,
) -> Response {
    let done = async {
        let paging = listing.paging()?;
        let projects = ports(&state).projects;
        let found = projects.find(&viewer, &project, &paging).await?;
        Ok(listing.chosen(listed(found.components, |row| &row.name)))
    };
    answer(&parts, done.await)
}
