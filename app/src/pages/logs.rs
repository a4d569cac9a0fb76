//! A pod's log: which, how much of it, and as it grows.

use leptos::prelude::*;
use model::{
    path,
    port::LogQuestion,
    view::{ComponentView, LogView},
};

use crate::{
    context::Ask,
    islands::FollowLog,
    pages::tabs,
    parts::{command, empty, icon, log},
    screen,
};

/// How many of the last lines are offered.
const TAILS: [i64; 4] = [200, 500, 1_000, 5_000];
/// From how long ago, in seconds; all when 0.
const SINCE: [(i64, &str); 5] = [
    (0, "the start"),
    (300, "5 min ago"),
    (3_600, "1 h ago"),
    (21_600, "6 h ago"),
    (86_400, "24 h ago"),
];

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let component = tabs::component(&ask).await?;
        let Some(card) = tabs::chosen(&ask, &component) else {
            let body = empty::nothing(
                "layers",
                "The project's pipeline has no environment yet.",
                (),
            );
            return Ok(tabs::within(&ask, &component, "logs", (), body));
        };
        if card.artifact.is_none() {
            let body = tabs::not_there(&component, "logs", &card.environment);
            return Ok(tabs::within(&ask, &component, "logs", (), body));
        }
        let question = LogQuestion {
            project: component.project.clone(),
            component: component.name.clone(),
            environment: card.environment.name.clone(),
            pod: ask.query("pod"),
            container: ask.query("container"),
            previous: ask.query("previous") == "on",
            tail: ask.number("tail", 200).clamp(1, 5_000),
            since_seconds: ask.number("since", 0).max(0),
        };
        let found = ask.ports.components.log(&ask.viewer, &question).await?;
        let body = draw(&component, &question, &found);
        Ok(tabs::within(&ask, &component, "logs", (), body))
    })
}

fn draw(component: &ComponentView, question: &LogQuestion, found: &LogView) -> AnyView {
    let environment = &question.environment;
    let content = if found.pods.is_empty() {
        empty::nothing(
            "term",
            "No pod of it is on the plane here, so there is no log.",
            (),
        )
    } else {
        shown(question, found)
    };
    let more = if found.container.is_empty() {
        String::new()
    } else {
        format!(" --container {}", found.container)
    };
    view! {
        <section class="band" aria-labelledby="log-title">
            <header><h2 id="log-title">"Log"</h2>{tabs::pick(component, "logs", environment)}</header>
            {choices(component, question, found)}
            {content}
        </section>
        {command::same_by_cli(&[format!(
            "troupe logs {} -p {} --environment {environment}{more}", component.name, component.project
        )])}
    }
    .into_any()
}

fn shown(question: &LogQuestion, found: &LogView) -> AnyView {
    let (project, name) = (&question.project, &question.component);
    let environment = &question.environment;
    let whole = path::log_text(project, name, environment, &found.pod, &found.container);
    let follow = (!found.previous).then(|| {
        let address = path::log_stream(project, name, environment, &found.pod, &found.container);
        view! { <FollowLog address/> }
    });
    let nothing = found.lines.is_empty().then(|| {
        view! { <li data-level="dim">"It has written nothing in this time."</li> }
    });
    view! {
        <div class="row" data-spread="">
            {follow}
            <a class="btn" data-size="small" href=whole download="log.txt">{icon("down2")}"Download"</a>
        </div>
        <ol class="log" id="log" tabindex="0" data-tall="" aria-label=format!("Log of {}", found.pod)>
            {nothing}{log::rows(&found.lines)}
        </ol>
    }
    .into_any()
}

fn choices(component: &ComponentView, question: &LogQuestion, found: &LogView) -> AnyView {
    let option = |value: String, words: String, chosen: bool| {
        view! { <option value=value selected=chosen>{words}</option> }.into_any()
    };
    let pods: Vec<AnyView> = found
        .pods
        .iter()
        .map(|(pod, _)| option(pod.clone(), pod.clone(), *pod == found.pod))
        .collect();
    let containers = found.pods.iter().find(|(pod, _)| *pod == found.pod);
    let containers: Vec<AnyView> = containers
        .map(|(_, names)| names.as_slice())
        .unwrap_or_default()
        .iter()
        .map(|name| option(name.clone(), name.clone(), *name == found.container))
        .collect();
    let tails: Vec<AnyView> = TAILS
        .iter()
        .map(|tail| {
            option(
                tail.to_string(),
                format!("{tail} lines"),
                *tail == question.tail,
            )
        })
        .collect();
    let since: Vec<AnyView> = SINCE
        .iter()
        .map(|(seconds, words)| {
            option(
                seconds.to_string(),
                (*words).into(),
                *seconds == question.since_seconds,
            )
        })
        .collect();
    let action = path::component_tab(&component.project, &component.name, "logs", "");
    view! {
        <form class="filters" action=action>
            <input type="hidden" name="environment" value=question.environment.clone()/>
            <div class="field">
                <label for="pod">"Pod"</label>
                <select class="input" data-size="fit" id="pod" name="pod">{pods}</select>
            </div>
            <div class="field">
                <label for="container">"Container"</label>
                <select class="input" data-size="fit" id="container" name="container">{containers}</select>
            </div>
            <div class="field">
                <label for="tail">"The last"</label>
                <select class="input" data-size="fit" id="tail" name="tail">{tails}</select>
            </div>
            <div class="field">
                <label for="since">"Since"</label>
                <select class="input" data-size="fit" id="since" name="since">{since}</select>
            </div>
            <label class="check">
                <input type="checkbox" name="previous" value="on" checked=question.previous/>
                "Before the last restart"
            </label>
            <button class="btn">"Show"</button>
        </form>
    }
    .into_any()
}
