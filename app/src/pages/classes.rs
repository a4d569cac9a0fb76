//! All classes: what they give, who uses them, and who is behind.

use leptos::prelude::*;
use model::{identity::Identity, kind::Kind, path, problem::Problem, view::ClassRow};

use crate::{
    context::Ask,
    pages::resources::named,
    parts::{command, count, empty, icon, moment},
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let rows = ask.ports.classes.list(&ask.viewer).await?;
        let bands: Vec<AnyView> = kinds().map(|kind| band(&ask, kind, &rows)).collect();
        let number = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let body = view! {
            <header class="head">
                <div>
                    <h1>"Classes"</h1>
                    <p class="sub">
                        <span>{class_count(number)}</span>
                        <span>"Templates and policies that components are made with"</span>
                    </p>
                </div>
            </header>
            {bands}
            {command::same_by_cli(&["troupe class list".into()])}
        };
        Ok(Screen::new("Classes", Place::Classes, body))
    })
}

/// "1 class", "5 classes".
fn class_count(number: i64) -> String {
    if number == 1 {
        "1 class".into()
    } else {
        format!("{number} classes")
    }
}

/// The kinds of classes, in the order in which they are shown.
pub fn kinds() -> impl Iterator<Item = Kind> {
    Kind::ALL.iter().copied().filter(|kind| kind.is_class())
}

/// The kind of class that the address names.
///
/// # Errors
/// When there is no such kind of class.
pub fn class_kind(ask: &Ask) -> Result<Kind, Problem> {
    let kind = named(ask)?;
    if kind.is_class() {
        Ok(kind)
    } else {
        Err(Problem::not_found("kind of class", kind.plural()))
    }
}

/// The class that the address names.
///
/// # Errors
/// When there is no such kind of class.
pub fn asked(ask: &Ask) -> Result<Identity, Problem> {
    let kind = class_kind(ask)?;
    let org = &ask.viewer.organization;
    Ok(Identity::in_organization(kind, org, &ask.param("name")))
}

/// What people call the kind, and for whom it is.
pub fn about(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::ServiceClass => ("Service classes", "How services are deployed and reached"),
        Kind::WebApplicationClass => (
            "Web application classes",
            "How web applications are deployed and reached",
        ),
        Kind::ScheduledTaskClass => (
            "Scheduled task classes",
            "When tasks run, how often they are tried, what is kept of them",
        ),
        Kind::APIClass => ("API classes", "Policies of managed APIs"),
        _ => ("Endpoint classes", "Policies of endpoints"),
    }
}

fn band(ask: &Ask, kind: Kind, all: &[ClassRow]) -> AnyView {
    let (title, says) = about(kind);
    let own: Vec<AnyView> = all
        .iter()
        .filter(|row| row.identity.kind == kind)
        .map(|row| class_row(ask, row))
        .collect();
    let id = kind.plural();
    let table = if own.is_empty() {
        let next = view! { <a class="btn" href=path::new_class(kind)>{icon("plus")}"New "{kind.as_str()}</a> };
        empty::nothing("stencil", "There is none yet.", next)
    } else {
        view! {
            <div class="boxed" tabindex="0" role="group" aria-labelledby=id>
                <table class="table">
                    <thead><tr>
                        <th scope="col">"Class"</th><th scope="col">"What it gives"</th>
                        <th scope="col">"Version"</th><th scope="col" class="num">"Components"</th>
                        <th scope="col">"Changed"</th>
                    </tr></thead>
                    <tbody>{own}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="band" aria-labelledby=id>
            <header>
                <h2 id=id>{title}</h2><p>{says}</p>
                <a class="btn" data-size="small" href=path::new_class(kind)>
                    {icon("plus")}"New"<span class="sr">" "{kind.as_str()}</span>
                </a>
            </header>
            {table}
        </section>
    }
    .into_any()
}

fn class_row(ask: &Ask, row: &ClassRow) -> AnyView {
    let says = if row.description.is_empty() {
        row.gives.join(" · ")
    } else {
        row.description.clone()
    };
    let title = row.gives.join("\n");
    let title = (!title.is_empty()).then_some(title);
    let behind = (row.behind > 0).then(|| {
        view! { " "<span class="ahead" data-way="behind">{format!("{} behind", row.behind)}</span> }
    });
    let name = (row.display_name != row.identity.name).then(|| {
        view! { " "<span class="quiet">{row.display_name.clone()}</span> }
    });
    view! {
        <tr>
            <th scope="row"><a href=path::class(&row.identity)>{row.identity.name.clone()}</a>{name}</th>
            <td class="wide" title=title>{says}</td>
            <td>{format!("v{}", row.version)}</td>
            <td class="num">{row.users}{behind}</td>
            <td>{moment::ago(ask.now(), row.updated)}" by "{row.by.clone()}</td>
        </tr>
    }
    .into_any()
}

/// "38 components" as a class's heading has it.
pub fn used(row: &ClassRow) -> String {
    match row.users {
        0 => "used by nobody yet".into(),
        users => count(users, "component"),
    }
}
