//! A version of a class, and what differs between two.

use leptos::prelude::*;
use model::{
    path,
    problem::Problem,
    view::{ClassDiffView, ClassVersionView},
};

use crate::{
    context::Ask,
    pages::classes::asked,
    parts::{change, count, diff, icon, moment, yaml},
    screen::{self, Place, Screen},
};

/// One version.
pub fn version() -> AnyView {
    screen::page(|ask: Ask| async move {
        let class = asked(&ask)?;
        let number = ask.param("version");
        let missing = || Problem::not_found("version", &number);
        let number = number.parse().map_err(|_| missing())?;
        let found = ask
            .ports
            .classes
            .version(&ask.viewer, &class, number)
            .await?;
        Ok(draw(&ask, &found))
    })
}

fn draw(ask: &Ask, view: &ClassVersionView) -> Screen {
    let (own, number) = (&view.identity, view.version.version);
    let title = format!("v{number}");
    let gives: Vec<AnyView> = view
        .gives
        .iter()
        .map(|words| view! { <li>{icon("tick")}<span>{words.clone()}</span></li> }.into_any())
        .collect();
    let before = (number > 1).then(|| {
        let address = path::class_diff(own, Some((number - 1, number)));
        view! { <a class="btn" href=address>{format!("Against v{}", number - 1)}</a> }
    });
    let newest = (number < view.newest).then(|| {
        let address = path::class_diff(own, Some((number, view.newest)));
        view! { <a class="btn" href=address>{format!("Against the newest, v{}", view.newest)}</a> }
    });
    let changed: Vec<AnyView> = view
        .version
        .words
        .iter()
        .map(|words| view! { <li>{icon("s-drift")}<span>{words.clone()}</span></li> }.into_any())
        .collect();
    let changed = (!changed.is_empty()).then(|| {
        view! {
            <section class="band" aria-labelledby="changed">
                <header><h2 id="changed">"What it changed"</h2></header><ul class="words">{changed}</ul>
            </section>
        }
    });
    let body = view! {
        <header class="head">
            <div>
                <h1>{format!("{} {title}", own.name)}</h1>
                <p class="sub">
                    <span>{own.kind.as_str()}</span>
                    <span>{count(view.version.users, "component")}</span>
                    <span>"published "{moment::ago(ask.now(), view.version.at)}" by "{view.version.by.clone()}</span>
                </p>
            </div>
            <div class="acts">{before}{newest}</div>
        </header>
        {changed}
        <section class="band" aria-labelledby="gives">
            <header><h2 id="gives">"What it gives"</h2></header><ul class="words">{gives}</ul>
        </section>
        <section class="band" aria-labelledby="template">
            <header><h2 id="template">"Template"</h2></header>{yaml::yaml("yaml", &view.yaml)}
        </section>
    };
    Screen::new(&title, Place::Classes, body)
        .titled(format!("{} {title}", own.name))
        .under("Classes", path::classes())
        .under(&own.name, path::class(own))
}

/// What differs between two.
pub fn between() -> AnyView {
    screen::page(|ask: Ask| async move {
        let class = asked(&ask)?;
        let number = |name: &str| ask.query(name).trim_start_matches('v').parse().ok();
        let (from, to) = (number("from"), number("to"));
        let found = ask
            .ports
            .classes
            .diff(&ask.viewer, &class, from, to)
            .await?;
        Ok(draw_between(&found))
    })
}

fn draw_between(view: &ClassDiffView) -> Screen {
    let own = &view.identity;
    let title = format!("v{} to v{}", view.from, view.to);
    let choice = |name: &'static str, label: &'static str, chosen: i64| {
        let options: Vec<AnyView> = view
            .versions
            .iter()
            .map(|number| {
                view! { <option value=*number selected=*number == chosen>{format!("v{number}")}</option> }
                    .into_any()
            })
            .collect();
        view! {
            <div class="field">
                <label for=name>{label}</label>
                <select class="input" data-size="fit" id=name name=name>{options}</select>
            </div>
        }
    };
    let words: Vec<AnyView> = view
        .words
        .iter()
        .map(|words| view! { <li>{icon("s-drift")}<span>{words.clone()}</span></li> }.into_any())
        .collect();
    let content = if view.fields.is_empty() {
        view! { <p class="says">"Both say the same."</p> }.into_any()
    } else {
        view! {
            <section class="band" aria-labelledby="words">
                <header><h2 id="words">"In plain words"</h2></header><ul class="words">{words}</ul>
            </section>
            <section class="band" aria-labelledby="lines">
                <header><h2 id="lines">"Line by line"</h2></header>
                {diff::diff("diff", own.kind.as_str(), &own.name, true, &view.before, &view.after)}
            </section>
            <section class="band" aria-labelledby="each">
                <header><h2 id="each">"Field by field"</h2></header>{change::fields(&view.fields)}
            </section>
        }
        .into_any()
    };
    let body = view! {
        <header class="head">
            <div><h1>{format!("{}: {title}", own.name)}</h1><p class="sub"><span>{own.kind.as_str()}</span></p></div>
        </header>
        <form class="filters" action=path::class_diff(own, None)>
            {choice("from", "From", view.from)}
            {choice("to", "To", view.to)}
            <button class="btn">"Compare"</button>
        </form>
        {content}
    };
    Screen::new(&title, Place::Classes, body)
        .titled(format!("{} {title}", own.name))
        .under("Classes", path::classes())
        .under(&own.name, path::class(own))
}
