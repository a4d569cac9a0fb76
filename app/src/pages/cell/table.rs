//! The same as the picture, as a table; of many components a part each.

use leptos::prelude::*;
use model::{
    kind::value::Exposure,
    path,
    view::{CellComponent, CellView},
};

use super::{Open, Parts, sketch};
use crate::parts::{icon, state, things, version};

/// The table, or one for each part.
pub(super) fn table(view: &CellView, open: Open<'_>, parts: &Parts) -> AnyView {
    let title = format!("Components in {}", view.environment.display_name);
    let many = parts.groups.len() > 1;
    let tables: Vec<AnyView> = parts
        .groups
        .iter()
        .enumerate()
        .filter(|(at, _)| parts.chosen.is_none_or(|chosen| chosen == *at))
        .map(|(at, (name, group))| {
            let rows: Vec<AnyView> = group
                .iter()
                .filter_map(|at| view.components.get(*at))
                .map(|own| row(view, open, own))
                .collect();
            let heading = many.then(|| part_head(view, parts, at, name, group.len()));
            let label = if many {
                format!("part-{at}")
            } else {
                "rows".to_owned()
            };
            view! { <div class="stack" data-gap="small">{heading}{boxed(label, rows)}</div> }
                .into_any()
        })
        .collect();
    let says = if many {
        format!(
            "{} in {} parts",
            things::components(number(view.components.len())),
            parts.groups.len()
        )
    } else {
        "The same as the picture, as a table".to_owned()
    };
    let ways = many.then(|| by(view, parts));
    view! {
        <section class="band" aria-labelledby="rows">
            <header><h2 id="rows">{title}</h2><p>{says}</p></header>
            {ways}
            <div class="stack" data-live="rows">{tables}</div>
        </section>
    }
    .into_any()
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn boxed(label: String, rows: Vec<AnyView>) -> AnyView {
    view! {
        <div class="boxed" tabindex="0" role="group" aria-labelledby=label>
            <table class="table">
                <thead><tr>
                    <th scope="col">"Component"</th><th scope="col">"Version"</th>
                    <th scope="col">"Health"</th><th scope="col">"Called by"</th>
                    <th scope="col">"Calls"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn part_head(view: &CellView, parts: &Parts, at: usize, name: &str, count: usize) -> AnyView {
    let id = format!("part-{at}");
    let mut address = path::cell(&view.project, &view.environment.name, "", "");
    address.push(if address.contains('?') { '&' } else { '?' });
    address.push_str(&path::query("part", &at.to_string()));
    if !parts.by.is_empty() {
        address.push('&');
        address.push_str(&path::query("by", &parts.by));
    }
    let draw = (parts.chosen.is_none() && count > 1).then(|| {
        let label = format!("Draw {name}");
        view! { <a class="btn" data-size="small" href=address aria-label=label>{icon("net")}"Draw"</a> }
    });
    view! {
        <header class="row" data-spread="">
            <h3 id=id>{name.to_owned()}<span class="quiet">{format!(", {count}")}</span></h3>{draw}
        </header>
    }
    .into_any()
}

/// What the parts are told by: connections, or a label that components have.
fn by(view: &CellView, parts: &Parts) -> AnyView {
    let mut labels: Vec<&str> = view
        .components
        .iter()
        .flat_map(|own| own.labels.keys().map(String::as_str))
        .collect();
    labels.sort_unstable();
    labels.dedup();
    labels.truncate(8);
    let here = path::cell(&view.project, &view.environment.name, "", "");
    let glue = if here.contains('?') { '&' } else { '?' };
    let mut links = vec![view! {
        <a href=here.clone() aria-current=parts.by.is_empty().then_some("true")>"By connections"</a>
    }
    .into_any()];
    links.extend(labels.into_iter().map(|label| {
        let address = format!("{here}{glue}{}", path::query("by", label));
        let current = (parts.by == label).then_some("true");
        view! { <a href=address aria-current=current>{format!("By {label}")}</a> }.into_any()
    }));
    let whole = format!("{here}{glue}picture=on");
    let whole = (!parts.drawn)
        .then(|| view! { <a class="btn" data-size="small" href=whole>{icon("net")}"Draw all"</a> });
    view! {
        <div class="row" data-spread="">
            <nav class="pick" aria-label="Parts">{links}</nav>{whole}
        </div>
    }
    .into_any()
}

fn row(view: &CellView, open: Open<'_>, own: &CellComponent) -> AnyView {
    let selected = matches!(open, Open::Component(open) if open.name == own.name);
    let selected = selected.then_some("true");
    let at = |open: &str, to: &str| path::cell(&view.project, &view.environment.name, open, to);
    let health = match own.artifact {
        Some(_) => match state::wanted(own.state) {
            Some(wanted) => state::says(own.health, wanted),
            None => state::state(own.health),
        },
        None => view! { <span class="quiet">"not here"</span> }.into_any(),
    };
    let mut callers: Vec<AnyView> = Vec::new();
    for (level, words) in [
        (Exposure::Public, "the internet"),
        (Exposure::Organization, "the organization"),
    ] {
        if own.is_exposed(level) {
            callers.push(words.into_any());
        }
    }
    let mut from: Vec<&str> = view
        .connections
        .iter()
        .filter(|c| c.project == view.project && c.component == own.name)
        .map(|c| c.from.as_str())
        .collect();
    from.sort_unstable();
    from.dedup();
    callers.extend(
        from.into_iter()
            .map(|name| view! { <a href=at(name, &own.name)>{name.to_owned()}</a> }.into_any()),
    );
    let mut to: Vec<String> = view
        .connections
        .iter()
        .filter(|c| c.from == own.name)
        .map(|c| sketch::end(view, c))
        .filter(|to| !to.is_empty())
        .collect();
    to.sort();
    to.dedup();
    let calls: Vec<AnyView> = to
        .into_iter()
        .map(|name| {
            let address = at(&own.name, &name);
            view! { <a href=address>{name}</a> }.into_any()
        })
        .collect();
    view! {
        <tr aria-selected=selected>
            <th scope="row"><a href=at(&own.name, "")>{icon(things::sign(own.component_type))}{own.display_name.clone()}</a></th>
            <td>{version(&own.version)}</td>
            <td>{health}</td>
            <td>{listed(callers, "nobody")}</td>
            <td>{listed(calls, "nobody")}</td>
        </tr>
    }
    .into_any()
}

/// Links with commas between them.
fn listed(all: Vec<AnyView>, none: &'static str) -> AnyView {
    if all.is_empty() {
        return view! { <span class="quiet">{none}</span> }.into_any();
    }
    all.into_iter()
        .enumerate()
        .map(|(at, one)| view! { {(at > 0).then_some(", ")}{one} }.into_any())
        .collect::<Vec<AnyView>>()
        .into_any()
}
