//! One class: what it gives, its versions, who uses which, and what was rolled out.

use leptos::prelude::*;
use model::{
    path,
    view::{ClassUserRow, ClassUsers, ClassVersionRow, ClassView, Paging, RolloutRow},
};

use crate::{
    context::Ask,
    pages::classes::{asked, used},
    parts::{command, count, empty, icon, moment, pager, state, things, yaml},
    screen::{self, Place, Screen},
};

/// So many versions are shown at once.
const VERSIONS: usize = 12;

/// The page.
pub fn page() -> AnyView {
    screen::page(|ask: Ask| async move {
        let class = asked(&ask)?;
        let paging = ask.paging();
        let users = wanted(&ask);
        let found = ask
            .ports
            .classes
            .find(&ask.viewer, &class, &users, &paging)
            .await?;
        Ok(draw(&ask, &found, &users, &paging))
    })
}

/// Which users the address asks for.
fn wanted(ask: &Ask) -> ClassUsers {
    ClassUsers {
        project: ask.query("project"),
        version: ask.query("version").parse().ok(),
        except: None,
    }
}

fn draw(ask: &Ask, view: &ClassView, users: &ClassUsers, paging: &Paging) -> Screen {
    let own = &view.row.identity;
    let row = &view.row;
    let says = (!row.description.is_empty())
        .then(|| view! { <p class="says">{row.description.clone()}</p> });
    let note = view.note.clone();
    let note = note.map(|note| view! { <div class="banner">{icon("note")}<p>{note}</p></div> });
    let components = own.kind.component_type().is_some();
    let roll_out = components.then(|| {
        let main = (row.behind > 0).then_some("main");
        view! {
            <a class="btn" data-kind=main href=path::class_rollout(own)>{icon("ship")}{format!("Roll out v{}", row.version)}</a>
        }
    });
    let body = view! {
        <header class="head">
            <div>
                <h1>{own.name.clone()}</h1>
                <p class="sub">
                    <span>{own.kind.as_str()}</span>
                    <span>{format!("v{}", row.version)}</span>
                    <span>{used(row)}</span>
                    <span>"changed "{moment::ago(ask.now(), row.updated)}" by "{row.by.clone()}</span>
                </p>
                {says}
            </div>
            <div class="acts">
                <a class="btn" href=path::resource(own)>{icon("doc")}"Manifest"</a>
                <a class="btn" href=path::edit_class(own)>{icon("gear")}"Edit"</a>
                {roll_out}
            </div>
        </header>
        {note}
        {gives(view)}
        <section class="band" aria-labelledby="versions" data-live="versions">
            <header>
                <h2 id="versions">"Versions"</h2>
                <p>"An artifact pins its version. Publishing one changes nothing that runs."</p>
            </header>
            {versions(ask, view)}
        </section>
        {components.then(|| user_band(view, users, paging))}
        {services(view)}
        {rollouts(ask, view)}
        <section class="band" aria-labelledby="template">
            <header><h2 id="template">"Template"</h2></header>
            {yaml::yaml("yaml", &view.yaml)}
        </section>
        {command::same_by_cli(&[
            format!("troupe class show {} {}", own.kind.plural(), own.name),
            format!("troupe class impact -f {}.yaml", own.name),
            format!("troupe class rollout {} {} --component PROJECT/COMPONENT", own.kind.plural(), own.name),
        ])}
    };
    Screen::new(&own.name, Place::Classes, body)
        .titled(format!("{} {}", own.kind, own.name))
        .under("Classes", path::classes())
        .live(&[format!("class/{}/{}", own.kind, own.name)])
}

fn gives(view: &ClassView) -> AnyView {
    let rows: Vec<AnyView> = view
        .row
        .gives
        .iter()
        .map(|words| view! { <li>{icon("tick")}<span>{words.clone()}</span></li> }.into_any())
        .collect();
    let content = if rows.is_empty() {
        view! { <p class="says">"It says nothing of its own: Kubernetes' defaults hold."</p> }
            .into_any()
    } else {
        view! { <ul class="words">{rows}</ul> }.into_any()
    };
    view! {
        <section class="band" aria-labelledby="gives">
            <header><h2 id="gives">"What it gives"</h2><p>"Bindings may override amounts in one environment"</p></header>
            {content}
        </section>
    }
    .into_any()
}

fn versions(ask: &Ask, view: &ClassView) -> AnyView {
    let own = &view.row.identity;
    let rows: Vec<AnyView> = view
        .versions
        .iter()
        .take(VERSIONS)
        .map(|version| version_row(ask, view, version))
        .collect();
    let more = view.versions.len().saturating_sub(VERSIONS);
    let compare = (view.versions.len() > 1).then(|| {
        let words = if more > 0 {
            format!("Compare, and {} older", count(i64::try_from(more).unwrap_or(0), "version"))
        } else {
            "Compare any two".to_owned()
        };
        view! { <p><a class="btn" data-size="small" href=path::class_diff(own, None)>{words}</a></p> }
    });
    view! {
        <div class="boxed" tabindex="0" role="group" aria-labelledby="versions">
            <table class="table">
                <thead><tr>
                    <th scope="col">"Version"</th><th scope="col">"What changed"</th>
                    <th scope="col">"By"</th><th scope="col" class="num">"Components"</th>
                    <th scope="col"><span class="sr">"Share"</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {compare}
    }
    .into_any()
}

fn version_row(ask: &Ask, view: &ClassView, version: &ClassVersionRow) -> AnyView {
    let own = &view.row.identity;
    let number = version.version;
    let newest = (number == view.row.version)
        .then(|| view! { " "<span class="chip" data-state="healthy">"newest"</span> });
    let words = match (version.words.as_slice(), number) {
        ([], 1) => "The first".to_owned(),
        ([], _) => "Nothing".to_owned(),
        (words, _) if words.len() > 3 => {
            format!("{}, and {} more", words[..3].join(", "), words.len() - 3)
        }
        (words, _) => words.join(", "),
    };
    let changed = if number > 1 {
        view! { <a href=path::class_diff(own, Some((number - 1, number)))>{words}</a> }.into_any()
    } else {
        view! { <span>{words}</span> }.into_any()
    };
    let share = (version.users > 0 && view.row.users > 0).then(|| {
        let width = (version.users * 100 / view.row.users).clamp(1, 100);
        let tone = if number == view.row.version { "healthy" } else { "none" };
        view! {
            <svg class="share" data-state=tone viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                <rect class="all" width="100" height="4"></rect>
                <rect width=width height="4"></rect>
            </svg>
        }
    });
    view! {
        <tr>
            <th scope="row"><a href=path::class_version(own, number)>{format!("v{number}")}</a>{newest}</th>
            <td class="wide">{changed}</td>
            <td>{version.by.clone()}", "{moment::ago(ask.now(), version.at)}</td>
            <td class="num">{version.users}</td>
            <td class="fit">{share}</td>
        </tr>
    }
    .into_any()
}

fn user_band(view: &ClassView, users: &ClassUsers, paging: &Paging) -> AnyView {
    let own = &view.row.identity;
    let options: Vec<AnyView> = view
        .versions
        .iter()
        .filter(|version| version.users > 0 || users.version == Some(version.version))
        .map(|version| {
            let number = version.version;
            view! { <option value=number selected=users.version == Some(number)>{format!("v{number}")}</option> }
                .into_any()
        })
        .collect();
    let waiting = (view.waiting > 0).then(|| {
        let words = format!(
            "{} named it and has no artifact yet.",
            count(view.waiting, "component")
        );
        view! { <p class="why">{icon("s-clock")}<span>{words}</span></p> }
    });
    let list = if view.users.items.is_empty() {
        let words = if view.row.users == 0 {
            "No component names this class yet."
        } else {
            "No component is so."
        };
        let all = view! { <a class="btn" href=path::class(own)>"All of them"</a> };
        empty::nothing("cube", words, all)
    } else {
        user_table(view, users, paging)
    };
    view! {
        <section class="band" aria-labelledby="users">
            <header><h2 id="users">"Who uses it"</h2><p>{used(&view.row)}</p></header>
            <form class="filters" action=path::class(own)>
                <div class="field">
                    <label for="of">"Component"</label>
                    <input class="input" type="search" id="of" name="search" placeholder="Name contains" value=paging.search.clone()/>
                </div>
                <div class="field">
                    <label for="version">"Has"</label>
                    <select class="input" data-size="fit" id="version" name="version">
                        <option value="">"any version"</option>{options}
                    </select>
                </div>
                <button class="btn">{icon("filter")}"Filter"</button>
            </form>
            {waiting}
            {list}
        </section>
    }
    .into_any()
}

fn user_table(view: &ClassView, users: &ClassUsers, paging: &Paging) -> AnyView {
    let newest = view.row.version;
    let rows: Vec<AnyView> = view
        .users
        .items
        .iter()
        .map(|row| user_row(row, newest))
        .collect();
    let more = users.version.map_or(String::new(), |version| {
        path::query("version", &version.to_string())
    });
    view! {
        <div class="boxed" tabindex="0" role="group" aria-labelledby="users" data-live="users">
            <table class="table">
                <thead><tr>
                    <th scope="col">"Component"</th><th scope="col">"Newest artifact pins"</th>
                    <th scope="col">"Runs with"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {pager::pager(&path::class(&view.row.identity), paging, &view.users, &more)}
    }
    .into_any()
}

/// A component's name with its project.
pub fn name(row: &ClassUserRow) -> AnyView {
    view! {
        <a href=path::component(&row.project, &row.component)>{row.display_name.clone()}</a>
        " "<span class="quiet">{row.project.clone()}</span>
    }
    .into_any()
}

/// The version that somebody has, and whether it is the newest.
pub fn has(version: Option<i64>, newest: i64) -> AnyView {
    match version {
        None => state::named("waiting", "s-clock", "no artifact yet"),
        Some(version) if version == newest => {
            state::named("healthy", "s-ok", &format!("v{version}"))
        }
        Some(version) => state::named("degraded", "s-warn", &format!("v{version}")),
    }
}

/// Where it runs, with the version there.
pub fn runs(row: &ClassUserRow) -> String {
    let places: Vec<String> = row
        .environments
        .iter()
        .map(|(environment, version)| match version {
            Some(version) => format!("v{version} in {environment}"),
            None => environment.clone(),
        })
        .collect();
    if places.is_empty() {
        "nowhere yet".into()
    } else {
        places.join(", ")
    }
}

fn user_row(row: &ClassUserRow, newest: i64) -> AnyView {
    view! {
        <tr>
            <th scope="row">{name(row)}</th>
            <td>{has(row.version, newest)}</td>
            <td class="wide">{runs(row)}</td>
        </tr>
    }
    .into_any()
}

fn services(view: &ClassView) -> Option<AnyView> {
    if view.services.is_empty() {
        return None;
    }
    let rows: Vec<AnyView> = view
        .services
        .iter()
        .map(|service| view! { <li>{things::link(service)}</li> }.into_any())
        .collect();
    Some(
        view! {
            <section class="band" aria-labelledby="services">
                <header>
                    <h2 id="services">"Services with managed APIs of it"</h2>
                    <p>"They look at the newest version whenever a release is made"</p>
                </header>
                <ul class="stack" data-gap="small">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

fn rollouts(ask: &Ask, view: &ClassView) -> Option<AnyView> {
    if view.rollouts.is_empty() {
        return None;
    }
    let rows: Vec<AnyView> = view
        .rollouts
        .iter()
        .map(|rollout| rollout_row(ask, rollout))
        .collect();
    Some(
        view! {
            <section class="band" aria-labelledby="rollouts" data-live="rollouts">
                <header>
                    <h2 id="rollouts">"Roll-outs"</h2>
                    <p>"Each made new artifacts for chosen components; the pipeline takes them on"</p>
                </header>
                <div class="boxed" tabindex="0" role="group" aria-labelledby="rollouts">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">"Version"</th><th scope="col">"How far"</th>
                            <th scope="col">"By"</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
        .into_any(),
    )
}

fn rollout_row(ask: &Ask, rollout: &RolloutRow) -> AnyView {
    let (tone, sign) = if rollout.waiting > 0 {
        ("progressing", "s-turn")
    } else {
        ("healthy", "s-ok")
    };
    let passed = rollout.chosen - rollout.taken - rollout.waiting;
    let mut words = format!("{} of {} took it", rollout.taken, rollout.chosen);
    if rollout.waiting > 0 {
        words.push_str(&format!(", {} to come", rollout.waiting));
    }
    if passed > 0 {
        words.push_str(&format!(", {passed} went another way"));
    }
    view! {
        <tr>
            <th scope="row">{format!("v{}", rollout.version)}</th>
            <td>{state::named(tone, sign, &words)}</td>
            <td>{rollout.by.clone()}", "{moment::ago(ask.now(), rollout.at)}</td>
        </tr>
    }
    .into_any()
}
