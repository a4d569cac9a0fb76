//! The clusters that run workloads, and whether they answer.

use leptos::prelude::*;
use model::{health::Health, identity::Identity, kind::Kind, path, view::PlaneRow};

use crate::{
    context::Ask,
    parts::{command, count, empty, facts, icon, moment, said, state},
    screen::{self, Place, Screen},
};

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let rows = ask.ports.platform.planes(&ask.viewer).await?;
        let silent: Vec<&PlaneRow> = rows.iter().filter(|row| !row.live).collect();
        let banner = (!silent.is_empty()).then(|| banner(&silent));
        let number = i64::try_from(rows.len()).unwrap_or_default();
        let list = if rows.is_empty() {
            empty::nothing(
                "server",
                "No plane yet. A DataPlane says how to reach a Kubernetes cluster.",
                view! { <a class="btn" data-kind="main" href=path::apply()>"Apply a manifest"</a> },
            )
        } else {
            let cards: Vec<AnyView> = rows.iter().map(|row| card(&ask, row)).collect();
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
        let body = view! {
            <header class="head">
                <div><h1>"Planes"</h1><p class="sub">{count(number, "data plane")}</p></div>
                <div class="acts"><a class="btn" href=path::apply()>{icon("plus")}"Connect a plane"</a></div>
            </header>
            <div class="stack" data-live="list">{banner}{list}</div>
            {command::same_by_cli(&["troupe get dataplanes".into()])}
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

fn card(ask: &Ask, row: &PlaneRow) -> AnyView {
    let own = Identity::in_organization(Kind::DataPlane, &ask.viewer.organization, &row.name);
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
    view! {
        <li class="card" data-state=tone>
            <header>
                <h2><a href=path::resource(&own)>{row.display_name.clone()}</a></h2>{simulated}
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
            ])}
        </li>
    }
    .into_any()
}
