//! What is told beside the picture: the cell's four sides, a component, or the way between two.

use leptos::prelude::*;
use model::{
    kind::value::Exposure,
    path,
    view::{CellComponent, CellConnection, CellEndpoint, CellView, ConnectionStanding},
};

use super::{Open, sketch};
use crate::{
    islands::Copy,
    parts::{icon, state, things, version},
};

/// What is opened, in words.
pub(super) fn drawer(view: &CellView, open: Open<'_>) -> AnyView {
    match open {
        Open::Cell => cell(view),
        Open::Component(own) => component(view, own),
        Open::Way(from, to) => way(view, from, to),
    }
}

fn words(rows: Vec<AnyView>) -> AnyView {
    view! { <ul class="words">{rows}</ul> }.into_any()
}

fn word(tone: &'static str, sign: &'static str, body: AnyView) -> AnyView {
    view! { <li data-state=tone>{icon(sign)}<span>{body}</span></li> }.into_any()
}

fn link(view: &CellView, name: &str) -> AnyView {
    let known = view.components.iter().any(|own| own.name == name);
    let name = name.to_owned();
    if known {
        let address = path::cell(&view.project, &view.environment.name, &name, "");
        view! { <a href=address>{name}</a> }.into_any()
    } else {
        view! { <b>{name}</b> }.into_any()
    }
}

fn head(view: &CellView, title: String, sub: AnyView) -> AnyView {
    let close = path::cell(&view.project, &view.environment.name, "", "");
    view! {
        <header>
            <div><h2 id="details">{title}</h2><p class="sub">{sub}</p></div>
            <a
                class="btn" data-kind="bare" data-size="small" data-only="icon" href=close
                aria-label="Close the details" title="Close the details"
            >{icon("cross")}</a>
        </header>
    }
    .into_any()
}

/// The four sides of the cell.
fn cell(view: &CellView) -> AnyView {
    let exposed = |level: Exposure| -> Vec<AnyView> {
        let rows = view.components.iter().filter(|own| own.is_exposed(level));
        rows.map(|own| word("healthy", "tick", link(view, &own.name)))
            .collect()
    };
    let mut others: Vec<String> = view
        .connections
        .iter()
        .filter(|connection| connection.project != view.project)
        .map(|connection| {
            let to = sketch::end(view, connection);
            format!("{} calls {to}", connection.from)
        })
        .collect();
    others.sort();
    others.dedup();
    let east: Vec<AnyView> = others
        .into_iter()
        .map(|says| word("healthy", "tick", says.into_any()))
        .collect();
    let side = |title: &'static str, rows: Vec<AnyView>, none: &'static str| {
        let rows = if rows.is_empty() {
            vec![word("none", "s-none", none.into_any())]
        } else {
            rows
        };
        view! { <section><h3>{title}</h3>{words(rows)}</section> }
    };
    let trouble: Vec<AnyView> = view
        .connections
        .iter()
        .filter(|connection| connection.standing != ConnectionStanding::Ready)
        .map(|connection| called(view, connection))
        .collect();
    let trouble = (!trouble.is_empty()).then(|| {
        view! { <section><h3>"Lead nowhere yet"</h3>{words(trouble)}</section> }
    });
    view! {
        <header><div>
            <h2 id="details">"The cell in words"</h2>
            <p class="sub">{view.environment.display_name.clone()}</p>
        </div></header>
        {trouble}
        {side("North: the internet reaches", exposed(Exposure::Public), "Nothing")}
        {side("West: the organization reaches", exposed(Exposure::Organization), "Nothing")}
        {side("East: other cells are called", east, "None")}
        {side("South: to the internet", Vec::new(), "Nothing can be declared yet")}
        <section><p class="hint">"Planes don't hold back yet what isn't declared."</p></section>
    }
    .into_any()
}

/// A component: what it accepts, what it calls, where it is.
fn component(view: &CellView, own: &CellComponent) -> AnyView {
    let health = match own.artifact {
        Some(_) => state::state(own.health),
        None => state::named("none", "s-none", "Not here"),
    };
    let says = own.sentence.clone();
    let says = (!says.is_empty()).then(|| view! { <span>{says}</span> });
    let sub =
        view! { <span class="row" data-live="opened">{version(&own.version)}{health}{says}</span> }
            .into_any();
    let accepts: Vec<AnyView> = own
        .endpoints
        .iter()
        .map(|endpoint| accepts(view, own, endpoint))
        .collect();
    let accepts = if accepts.is_empty() {
        vec![word(
            "none",
            "s-none",
            "Nothing: it has no endpoint".into_any(),
        )]
    } else {
        accepts
    };
    let calls: Vec<AnyView> = view
        .connections
        .iter()
        .filter(|connection| connection.from == own.name)
        .map(|connection| called(view, connection))
        .collect();
    let calls = if calls.is_empty() {
        vec![word("none", "s-none", "Nobody".into_any())]
    } else {
        calls
    };
    let page = path::component(&view.project, &own.name);
    let logs = path::component_tab(&view.project, &own.name, "logs", &view.environment.name);
    let kind = own.component_type.label();
    view! {
        {head(view, own.display_name.clone(), sub)}
        <section data-live="accepts"><h3>"Accepts"</h3>{words(accepts)}</section>
        <section data-live="calls"><h3>"Calls"</h3>{words(calls)}</section>
        {addresses(own)}
        <section class="acts">
            <a class="btn" data-size="small" href=page>{icon(things::sign(own.component_type))}{format!("Open the {}", kind.to_lowercase())}</a>
            <a class="btn" data-size="small" data-kind="bare" href=logs>{icon("term")}"Logs"</a>
        </section>
    }
    .into_any()
}

/// An endpoint, and who calls it.
fn accepts(view: &CellView, own: &CellComponent, endpoint: &CellEndpoint) -> AnyView {
    let callers = view.connections.iter().filter(|connection| {
        connection.project == view.project
            && connection.component == own.name
            && connection.endpoint == endpoint.name
    });
    let mut who: Vec<AnyView> = callers.map(|c| link(view, &c.from)).collect();
    for (level, words) in [
        (Exposure::Organization, "the organization"),
        (Exposure::Public, "the internet"),
    ] {
        if endpoint.addresses.iter().any(|(own, _)| *own == level) {
            who.push(view! { <b>{words}</b> }.into_any());
        }
    }
    let number = who.len();
    let who: Vec<AnyView> = who
        .into_iter()
        .enumerate()
        .map(|(at, one)| {
            let glue = match at {
                0 => " from ",
                _ if at + 1 == number => " and ",
                _ => ", ",
            };
            view! { {glue}{one} }.into_any()
        })
        .collect();
    let nobody = who.is_empty().then_some(", nobody calls it");
    let port = format!(":{}", endpoint.port);
    let body = view! {
        <code>{port}</code>" "{endpoint.speaks.clone()}{who}{nobody}
    };
    word("healthy", "tick", body.into_any())
}

/// A connection, seen from its caller.
fn called(view: &CellView, connection: &CellConnection) -> AnyView {
    let to = sketch::end(view, connection);
    let (tone, sign) = standing(connection.standing);
    let address = path::cell(&view.project, &view.environment.name, &connection.from, &to);
    let port =
        (connection.port > 0).then(|| view! { " "<code>{format!(":{}", connection.port)}</code> });
    let speaks = (!connection.speaks.is_empty()).then(|| format!(" {}", connection.speaks));
    let to = if to.is_empty() {
        "nobody yet".to_owned()
    } else {
        to
    };
    let says: Vec<AnyView> = connection
        .says
        .iter()
        .map(|says| view! { <small class="line">{says.clone()}</small> }.into_any())
        .collect();
    word(
        tone,
        sign,
        view! { <a href=address>{to}</a>{port}{speaks}{says} }.into_any(),
    )
}

fn standing(standing: ConnectionStanding) -> (&'static str, &'static str) {
    match standing {
        ConnectionStanding::Ready => ("healthy", "tick"),
        ConnectionStanding::Waiting => ("waiting", "s-clock"),
        ConnectionStanding::Faulty => ("denied", "s-no"),
    }
}

/// Where a component is reached, to be copied.
fn addresses(own: &CellComponent) -> Option<AnyView> {
    let all = own
        .endpoints
        .iter()
        .flat_map(|endpoint| &endpoint.addresses);
    let rows: Vec<AnyView> = all
        .enumerate()
        .map(|(at, (level, uri))| {
            let id = format!("address-{at}");
            let who = match level {
                Exposure::Project => "in the cell",
                Exposure::Organization => "in the organization",
                Exposure::Public => "from the internet",
            };
            view! {
                <li>
                    <small>{who}</small>
                    <span class="address"><code id=id.clone()>{uri.clone()}</code><Copy of=id label="Copy the address".to_owned()/></span>
                </li>
            }
            .into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! { <section><h3>"Addresses"</h3><ul class="addresses">{rows}</ul></section> }
            .into_any()
    })
}

/// The way from one to another: each connection with what it injects.
fn way(view: &CellView, from: &str, to: &str) -> AnyView {
    let all = view
        .connections
        .iter()
        .filter(|connection| connection.from == from && sketch::end_of(view, connection) == to);
    let rows: Vec<AnyView> = all.map(|connection| one(view, connection)).collect();
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let sub = crate::parts::count(count, "declared connection").into_any();
    view! {
        {head(view, format!("{from} → {to}"), sub)}
        {rows}
        <section class="acts">{link(view, from)}<span class="quiet">"calls"</span>{link(view, to)}</section>
    }
    .into_any()
}

fn one(view: &CellView, connection: &CellConnection) -> AnyView {
    let (tone, sign) = standing(connection.standing);
    let word = match connection.standing {
        ConnectionStanding::Ready => "Leads there",
        ConnectionStanding::Waiting => "Waits",
        ConnectionStanding::Faulty => "Must be put right",
    };
    let says: Vec<AnyView> = connection
        .says
        .iter()
        .map(|says| view! { <p>{says.clone()}</p> }.into_any())
        .collect();
    let speaks = (connection.port > 0).then(|| {
        let port = format!(":{}", connection.port);
        view! { <dt>"Speaks"</dt><dd>{connection.speaks.clone()}" "<code>{port}</code></dd> }
    });
    let address = connection.address.clone();
    let address =
        (!address.is_empty()).then(|| view! { <dt>"Address"</dt><dd><code>{address}</code></dd> });
    let variables = connection.variables.join(", ");
    let variables = (!variables.is_empty()).then(|| {
        view! { <dt>"Injects"</dt><dd><code>{variables}</code></dd> }
    });
    let declared = path::component_tab(&view.project, &connection.from, "definition", "");
    view! {
        <section>
            <p class="row">{state::named(tone, sign, word)}<a href=declared>{connection.name.clone()}</a></p>
            {says}
            <dl class="facts">
                <dt>"Endpoint"</dt><dd>{connection.endpoint.clone()}</dd>
                {speaks}{address}{variables}
            </dl>
        </section>
    }
    .into_any()
}
