//! What a component opens, whom it calls, and what an API proxy stands before.

use leptos::prelude::*;
use model::kind::{Kind, value::EndpointType};

use super::{Desk, levels, only};
use crate::{
    forms::Typed,
    parts::{
        fold,
        form::{Choice, Line, Sheet, ask as question, group as fieldset, pair},
    },
};

fn types() -> Vec<Choice> {
    EndpointType::ALL
        .into_iter()
        .map(|of| Choice::plain(of.as_str()))
        .collect()
}

fn classes(desk: &Desk) -> Vec<Choice> {
    let offers = desk.offers.classes.get(&Kind::APIClass);
    let offers = offers.map_or(&[][..], Vec::as_slice).iter();
    let mut choices: Vec<Choice> = offers.map(|class| Choice::plain(&class.name)).collect();
    if choices.is_empty() {
        choices.push(Choice::plain("default"));
    }
    choices
}

/// The endpoints.
pub(super) fn group(desk: &Desk, sheet: &Sheet<'_>, typed: &Typed) -> AnyView {
    let indexes = typed.fields.indexes("endpoint").into_iter();
    let rows: Vec<AnyView> = indexes.map(|at| endpoint(desk, sheet, at)).collect();
    let list = (!rows.is_empty())
        .then(|| view! { <ol class="entries" data-boxed aria-label="Endpoints">{rows}</ol> });
    let body = view! { {list}{sheet.add("endpoint", "Add endpoint")} };
    fieldset(
        "Endpoints",
        "What it listens on. Others reach it only through these.",
        vec![body.into_any()],
    )
}

fn endpoint(desk: &Desk, sheet: &Sheet<'_>, at: usize) -> AnyView {
    let field = |name: &str| format!("endpoint.{at}.{name}");
    let name = sheet.value(&field("name"));
    let what = if name.is_empty() {
        format!("endpoint {}", at + 1)
    } else {
        format!("endpoint {name}")
    };
    // Drawn first, since typing goes on there in a new row.
    let head = pair(vec![
        sheet.line(
            question(&field("name"), "Endpoint", ""),
            Line {
                example: "http",
                ..Line::default()
            },
        ),
        sheet.select(question(&field("type"), "Protocol", ""), &types(), false),
        sheet.line(
            question(&field("port"), "Port", ""),
            Line {
                example: "8080",
                ..Line::default()
            },
        ),
    ]);
    let fixed = desk.known.is_some();
    let service = desk.known.as_ref().is_none_or(|known| {
        known
            .declaration
            .as_ref()
            .is_none_or(|d| d.identity.kind == Kind::Service)
    });
    let exposure = service.then(|| {
        let seen = sheet.select(
            question(
                &field("seen"),
                "Seen by",
                "Beyond the project it gets a route on a gateway.",
            ),
            &levels(),
            false,
        );
        let path = sheet.line(
            question(&field("base_path"), "Base path", "Where it is served."),
            Line {
                example: "/v1",
                optional: true,
                ..Line::default()
            },
        );
        let class = sheet.select(
            question(
                &field("api_class"),
                "API class",
                "The policies of its route.",
            ),
            &classes(desk),
            false,
        );
        only(fixed, &["Service"], pair(vec![seen, path, class]))
    });
    let says = !sheet.value(&field("schema")).is_empty();
    let schema = view! {
        <div class="stack">
            {sheet.line(
                question(&field("schema_type"), "Language", "What the schema is written in."),
                Line { example: "OpenAPI", optional: true, ..Line::default() },
            )}
            {sheet.area(
                question(&field("schema"), "Schema", "OpenAPI, proto or GraphQL text, kept with the endpoint for those who call it."),
                6, true, true,
            )}
        </div>
    };
    view! {
        <li class="entry">
            <input type="hidden" name=field("was") value=sheet.value(&field("was"))/>
            <div class="stack">
                {head}
                {exposure}
                {fold(&format!("schema-{at}"), "Schema", says, schema)}
            </div>
            {sheet.drop("endpoint", at, &what)}
        </li>
    }
    .into_any()
}

/// The connections.
pub(super) fn connections(sheet: &Sheet<'_>, typed: &Typed) -> AnyView {
    let indexes = typed.fields.indexes("connection").into_iter();
    let rows: Vec<AnyView> = indexes.map(|at| connection(sheet, typed, at)).collect();
    let list = (!rows.is_empty())
        .then(|| view! { <ol class="entries" data-boxed aria-label="Connections">{rows}</ol> });
    let body = view! { {list}{sheet.add("connection", "Add connection")} };
    fieldset(
        "Connections",
        "What it may call. All else is denied. Its containers are told the addresses.",
        vec![body.into_any()],
    )
}

fn connection(sheet: &Sheet<'_>, typed: &Typed, at: usize) -> AnyView {
    let list = format!("connection.{at}.inject");
    let field = |name: &str| format!("connection.{at}.{name}");
    let to = sheet.value(&field("to"));
    let what = if to.is_empty() {
        format!("connection {}", at + 1)
    } else {
        format!("the connection to {to}")
    };
    let head = pair(vec![
        sheet.line(
            question(
                &field("to"),
                "Calls",
                "Component / endpoint; with the project before it for one of another project.",
            ),
            Line {
                example: "cart/http",
                list: "known-endpoints",
                ..Line::default()
            },
        ),
        sheet.line(
            question(
                &field("name"),
                "Name",
                "Called like the component without one.",
            ),
            Line {
                example: "cart",
                optional: true,
                ..Line::default()
            },
        ),
    ]);
    let indexes = typed.fields.indexes(&list).into_iter();
    let rows: Vec<AnyView> = indexes.map(|row| injected(sheet, &list, row)).collect();
    let rows = (!rows.is_empty()).then(|| {
        let label = format!("What the containers get of {what}");
        view! { <ol class="entries" data-slim aria-label=label>{rows}</ol> }
    });
    view! {
        <li class="entry">
            <input type="hidden" name=field("was") value=sheet.value(&field("was"))/>
            <div class="stack">
                {head}
                <div class="stack" data-gap="small">{rows}{sheet.add(&list, "Add variable")}</div>
            </div>
            {sheet.drop("connection", at, &what)}
        </li>
    }
    .into_any()
}

fn injected(sheet: &Sheet<'_>, list: &str, at: usize) -> AnyView {
    let field = |name: &str| format!("{list}.{at}.{name}");
    let key = sheet.value(&field("name"));
    let told = if key.is_empty() {
        "this variable".to_owned()
    } else {
        key
    };
    view! {
        <li class="entry" data-slim>
            <input type="hidden" name=field("was") value=sheet.value(&field("was"))/>
            <div class="pair">
                {sheet.line(
                    question(&field("name"), "Variable", ""),
                    Line { example: "CART_ADDR", optional: true, ..Line::default() },
                )}
                {sheet.line(
                    question(&field("value"), "Gets", ""),
                    Line { example: "{{ .host }}:{{ .port }}", list: "known-templates", ..Line::default() },
                )}
            </div>
            {sheet.drop(list, at, &told)}
        </li>
    }
    .into_any()
}

/// An API proxy.
pub(super) fn proxy(desk: &Desk, sheet: &Sheet<'_>) -> AnyView {
    let environments: Vec<Choice> = desk
        .offers
        .environments
        .iter()
        .map(|environment| Choice::called(&environment.name, &environment.display_name))
        .collect();
    let line = |name, label, hint, example, optional| {
        sheet.line(
            question(name, label, hint),
            Line {
                example,
                optional,
                ..Line::default()
            },
        )
    };
    fieldset(
        "What it stands before",
        "An API is stored and shown; its routes come with a later version.",
        vec![
            pair(vec![
                sheet.select(
                    question("api_environment", "Environment", "Where it is offered."),
                    &environments,
                    false,
                ),
                sheet.select(
                    question("api_type", "Protocol", "Only REST has a path and levels."),
                    &types(),
                    false,
                ),
            ]),
            pair(vec![
                line("api_port", "Port", "The port behind it.", "8080", false),
                line(
                    "api_base_path",
                    "Base path",
                    "Where it is served.",
                    "/v1",
                    true,
                ),
                sheet.select(
                    question("api_seen", "Seen by", "Who may reach it."),
                    &levels(),
                    false,
                ),
            ]),
        ],
    )
}
