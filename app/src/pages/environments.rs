//! All environments, in the order in which releases move through them.

use leptos::prelude::*;
use model::{kind::Kind, path, view::EnvironmentRow};

use crate::{
    context::Ask,
    parts::{command, count, empty, icon, state, things},
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let rows = ask.ports.platform.environments(&ask.viewer).await?;
        let number = i64::try_from(rows.len()).unwrap_or_default();
        let list = if rows.is_empty() {
            empty::nothing(
                "layers",
                "No environment yet. An Environment names a DataPlane and says whether it is production.",
                view! { <a class="btn" data-kind="main" href=path::new_environment()>{icon("plus")}"New environment"</a> },
            )
        } else {
            let cards: Vec<AnyView> = rows.iter().map(card).collect();
            view! { <ul class="grid" data-at="wide">{cards}</ul> }.into_any()
        };
        let body = view! {
            <header class="head">
                <div><h1>"Environments"</h1><p class="sub">{count(number, "environment")}", in the order of the pipelines"</p></div>
                <div class="acts"><a class="btn" data-kind="main" href=path::new_environment()>{icon("plus")}"New environment"</a></div>
            </header>
            <div class="stack" data-live="environments">{list}</div>
            {command::same_by_cli(&["troupe get environments".into()])}
        };
        Ok(Screen::new("Environments", Place::Environments, body)
            .live(&["home".into(), "planes".into()]))
    })
}

fn card(row: &EnvironmentRow) -> AnyView {
    let production = row
        .environment
        .production
        .then(|| view! { <span class="chip" data-state="changed">"production"</span> });
    let (health, words) = things::tally(&row.counts);
    let runs = if row.counts.total() == 0 {
        state::named("none", "s-none", "Nothing runs here yet")
    } else {
        state::says(health, &words)
    };
    let trouble = row.plane_trouble.clone();
    let trouble = (!trouble.is_empty()).then(|| {
        view! { <p class="why" data-state="degraded">{icon("s-warn")}<span>{trouble}</span></p> }
    });
    let prefix = row.dns_prefix.clone();
    let prefix = (!prefix.is_empty())
        .then(|| view! { <dt>"Host prefix"</dt><dd><code>{prefix}</code></dd> });
    let pipelines: Vec<AnyView> = row
        .pipelines
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let glue = (at > 0).then_some(", ");
            view! { {glue}<a href=path::pipeline(name)>{name.clone()}</a> }.into_any()
        })
        .collect();
    let pipelines = if pipelines.is_empty() {
        "none yet".into_any()
    } else {
        pipelines.into_any()
    };
    let all = row.counts.total();
    let all = (all > 0).then(|| format!(" of {}", things::components(all)));
    view! {
        <li class="card">
            <header>
                <h2><a href=path::environment(&row.environment.name)>{row.environment.display_name.clone()}</a></h2>{production}
            </header>
            <p class="row">{runs}<span class="quiet">{all}</span></p>
            {trouble}
            <dl class="facts">
                <dt>"Plane"</dt><dd><a href=path::plane(Kind::DataPlane, &row.plane)>{row.plane.clone()}</a></dd>
                <dt>"Pipelines"</dt><dd>{pipelines}</dd>
                {prefix}
            </dl>
        </li>
    }
    .into_any()
}
