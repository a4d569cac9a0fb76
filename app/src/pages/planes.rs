//! The clusters that run workloads, and whether they answer.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::{
    health::Health,
    kind::Kind,
    path,
    problem::Problem,
    view::{BuildPlaneRow, PlaneRow, PlaneTest},
};

use crate::{
    context::Ask,
    pages::plane::test_button,
    parts::{command, count, empty, facts, icon, moment, plane_test, said, state},
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let rows = ask.ports.platform.planes(&ask.viewer).await?;
        let builders = ask.ports.planes.build_planes(&ask.viewer).await?;
        let tests = Tests::of(&ask).await?;
        let silent: Vec<&PlaneRow> = rows.iter().filter(|row| !row.live).collect();
        let banner = (!silent.is_empty()).then(|| banner(&silent));
        let number = i64::try_from(rows.len()).unwrap_or_default();
        let list = if rows.is_empty() {
            empty::nothing(
                "server",
                "No data plane yet. It says how to reach a Kubernetes cluster that runs what is deployed.",
                view! { <a class="btn" data-kind="main" href=path::new_plane(Kind::DataPlane)>"Connect a plane"</a> },
            )
        } else {
            let cards: Vec<AnyView> = rows
                .iter()
                .map(|row| card(&ask, row, tests.data.get(&row.name)))
                .collect();
            view! { <ul class="grid" data-at="wide">{cards}</ul> }.into_any()
        };
        let mark = if rows.is_empty() {
            ""
        } else {
            state::mark(Some(if silent.is_empty() {
                Health::Healthy
            } else {
                Health::Degraded
            }))
        };
        let building = i64::try_from(builders.len()).unwrap_or_default();
        let build = build_planes(&ask, &builders, &tests.build);
        let body = view! {
            <header class="head">
                <div><h1>"Planes"</h1><p class="sub"><span>{count(number, "data plane")}</span><span>{count(building, "build plane")}</span></p></div>
                <div class="acts"><a class="btn" data-kind="main" href=path::new_plane(Kind::DataPlane)>{icon("plus")}"Connect a plane"</a></div>
            </header>
            <div class="stack" data-live="list">{banner}{list}</div>
            {build}
            {command::same_by_cli(&["troupe get dataplanes".into(), "troupe plane test NAME".into()])}
        };
        Ok(Screen::new("Planes", Place::Planes, body)
            .titled(format!("{mark}Planes"))
            .live(&["planes".into()]))
    })
}

fn banner(silent: &[&PlaneRow]) -> AnyView {
    let names: Vec<&str> = silent.iter().map(|row| row.name.as_str()).collect();
    let queued: i64 = silent.iter().map(|row| row.queued).sum();
    let verb = if silent.len() == 1 {
        "doesn't"
    } else {
        "don't"
    };
    view! {
        <div class="banner" data-state="degraded">
            {icon("s-warn")}
            <p>
                <b>{format!("{} {verb} answer. ", names.join(", "))}</b>
                {format!("What runs there keeps running. {} parked for it, and other planes are not affected.", count(queued, "task"))}
            </p>
        </div>
    }
    .into_any()
}

/// The newest test of each plane, by its name.
struct Tests {
    data: BTreeMap<String, PlaneTest>,
    build: BTreeMap<String, PlaneTest>,
}

impl Tests {
    async fn of(ask: &Ask) -> Result<Self, Problem> {
        let planes = &ask.ports.planes;
        let data = planes.newest_tests(&ask.viewer, Kind::DataPlane).await?;
        let build = planes.newest_tests(&ask.viewer, Kind::BuildPlane).await?;
        Ok(Self {
            data: data.into_iter().collect(),
            build: build.into_iter().collect(),
        })
    }
}

fn build_planes(ask: &Ask, rows: &[BuildPlaneRow], tests: &BTreeMap<String, PlaneTest>) -> AnyView {
    let cards: Vec<AnyView> = rows
        .iter()
        .map(|row| {
            let test = tests.get(&row.name);
            let simulated = row
                .simulated
                .then(|| view! { <span class="chip">"simulated"</span> });
            let state = test.map(|test| {
                let (health, word) = if test.passed {
                    (Health::Healthy, "Passed its test")
                } else {
                    (Health::Degraded, "Failed its test")
                };
                state::says(health, word)
            });
            view! {
                <li class="card" id=format!("plane-{}", row.name)>
                    <header>
                        <h3><a href=path::plane(Kind::BuildPlane, &row.name)>{row.display_name.clone()}</a></h3>{simulated}
                        {state}
                    </header>
                    {facts(vec![("Reached by", said(&row.access)), ("Tests", test.map(plane_test::chips))])}
                    <footer>{test_button(&ask.viewer, Kind::BuildPlane, &row.name, true)}</footer>
                </li>
            }
            .into_any()
        })
        .collect();
    let content = if cards.is_empty() {
        empty::nothing(
            "server",
            "No build plane yet. It builds images from source; what is deployed from images needs none.",
            view! { <a class="btn" href=path::new_plane(Kind::BuildPlane)>{icon("plus")}"Connect a build plane"</a> },
        )
    } else {
        view! {
            <ul class="grid" data-at="wide">{cards}</ul>
            <div class="acts"><a class="btn" href=path::new_plane(Kind::BuildPlane)>{icon("plus")}"Connect a build plane"</a></div>
        }
        .into_any()
    };
    view! {
        <section class="band" aria-labelledby="build-planes">
            <header><h2 id="build-planes">"Build planes"</h2></header>{content}
        </section>
    }
    .into_any()
}

fn card(ask: &Ask, row: &PlaneRow, test: Option<&PlaneTest>) -> AnyView {
    let (health, word) = if row.live {
        (Health::Healthy, "Answers")
    } else {
        (Health::Degraded, "Silent")
    };
    let (tone, _) = state::look(health);
    let simulated = row
        .simulated
        .then(|| view! { <span class="chip">"simulated"</span> });
    let says = if row.live {
        let kind = if row.simulated {
            "A cluster inside Troupe, for a first look."
        } else {
            "A Kubernetes cluster."
        };
        view! { <p class="says">{kind}" It has answered for "{moment::age(ask.now(), row.since)}"."</p> }.into_any()
    } else {
        view! { <p class="says">{row.trouble.clone()}", for "{moment::age(ask.now(), row.since)}</p> }.into_any()
    };
    let stats = [
        ("objects of ours", row.objects),
        ("still to do", row.queued),
    ];
    let stats: Vec<AnyView> = stats
        .into_iter()
        .map(|(name, number)| {
            view! { <div class="stat"><dt>{name}</dt><dd>{number}</dd></div> }.into_any()
        })
        .collect();
    let environments: Vec<AnyView> = row
        .environments
        .iter()
        .map(|name| view! { <span class="chip">{name.clone()}</span> }.into_any())
        .collect();
    let environments = (!environments.is_empty())
        .then(|| view! { <span class="chips">{environments}</span> }.into_any());
    let replace = (!row.simulated).then(|| {
        let address = path::edit_plane(Kind::DataPlane, &row.name);
        view! { <a class="btn" data-kind="bare" data-size="small" href=address>{icon("key")}"Replace the credential"</a> }
    });
    view! {
        <li class="card" data-state=tone id=format!("plane-{}", row.name)>
            <header>
                <h2><a href=path::plane(Kind::DataPlane, &row.name)>{row.display_name.clone()}</a></h2>{simulated}
                {state::says(health, word)}
            </header>
            {says}
            <dl class="stats">{stats}</dl>
            {facts(vec![
                ("API server", said(&row.server)),
                ("Kubernetes", said(&row.version)),
                ("Environments", environments),
                ("Public hosts", said(&row.public_host)),
                ("Inner hosts", said(&row.organization_host)),
                ("Tests", test.map(plane_test::chips)),
            ])}
            <footer>
                {test_button(&ask.viewer, Kind::DataPlane, &row.name, true)}
                {replace}
            </footer>
        </li>
    }
    .into_any()
}
