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
    parts::{command, count, empty, icon, log},
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
            search: ask.query("q").trim().to_owned(),
            after: String::new(),
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
    let more = command_of(question, found);
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

/// The rest of the command that prints the same.
fn command_of(question: &LogQuestion, found: &LogView) -> String {
    let mut more = String::new();
    if !found.container.is_empty() {
        more.push_str(&format!(" --container {}", found.container));
    }
    if question.previous {
        more.push_str(" --previous");
    }
    if question.since_seconds > 0 {
        more.push_str(&format!(" --since {}", question.since_seconds));
    }
    if !question.search.is_empty() {
        more.push_str(&format!(
            " | grep -i '{}'",
            question.search.replace('\'', "'\\''")
        ));
    }
    more
}

fn shown(question: &LogQuestion, found: &LogView) -> AnyView {
    // What was shown is what is kept and gone on with: the same pod, container and search.
    let shown = LogQuestion {
        pod: found.pod.clone(),
        container: found.container.clone(),
        ..question.clone()
    };
    let follow = (!found.previous).then(|| {
        let address = path::log_stream(&shown);
        let after = found.last.clone();
        view! { <FollowLog address after/> }
    });
    let nothing = found.lines.is_empty().then(|| {
        let says = match (question.search.as_str(), found.read) {
            (_, 0) | ("", _) => "It has written nothing in this time.".to_owned(),
            (search, read) => format!(
                "None of {} has \u{201c}{search}\u{201d} in it.",
                count(read, "line")
            ),
        };
        view! { <li data-level="dim" data-nothing="">{says}</li> }
    });
    let says = if question.search.is_empty() {
        count(number(found.lines.len()), "line")
    } else {
        format!(
            "{} of {} with \u{201c}{}\u{201d}",
            number(found.lines.len()),
            count(found.read, "line"),
            question.search
        )
    };
    view! {
        <div class="row" data-spread="">
            <span class="row">{follow}<span class="quiet">{says}</span></span>
            <a class="btn" data-size="small" href=path::log_text(&shown) download="log.txt">{icon("down2")}"Download"</a>
        </div>
        <ol class="log" id="log" tabindex="0" data-tall="" aria-label=format!("Log of {}", found.pod)>
            {nothing}{log::marked(&found.lines, &question.search)}
        </ol>
    }
    .into_any()
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
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
                <label for="q">"Search"</label>
                <input
                    class="input" type="search" id="q" name="q" value=question.search.clone()
                    placeholder="Text in the line" autocomplete="off" spellcheck="false"
                />
            </div>
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
