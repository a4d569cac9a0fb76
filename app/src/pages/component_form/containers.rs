//! Containers, each with its variables.

use leptos::prelude::*;

use crate::{
    forms::Typed,
    parts::{
        fold,
        form::{Choice, Line, Sheet, ask as question, group as fieldset, pair},
    },
};

/// The group.
pub(super) fn group(sheet: &Sheet<'_>, typed: &Typed) -> AnyView {
    let indexes = typed.fields.indexes("container");
    let alone = indexes.len() == 1;
    let rows: Vec<AnyView> = indexes
        .into_iter()
        .map(|at| container(sheet, typed, at, alone))
        .collect();
    let body = view! {
        <ol class="entries" data-boxed aria-label="Containers">{rows}</ol>
        {sheet.add("container", "Add container")}
    };
    fieldset(
        "Containers",
        "What runs. All containers of a component share one pod and its network.",
        vec![body.into_any()],
    )
}

fn container(sheet: &Sheet<'_>, typed: &Typed, at: usize, alone: bool) -> AnyView {
    let field = |name: &str| format!("container.{at}.{name}");
    let name = sheet.value(&field("name"));
    let what = if name.is_empty() {
        format!("container {}", at + 1)
    } else {
        format!("container {name}")
    };
    let drop = (!alone).then(|| sheet.drop("container", at, &what));
    // Drawn first, since typing goes on there in a new row.
    let head = view! {
        <div class="pair" data-first="narrow">
                    {sheet.line(
                        question(&field("name"), "Container", "Usually main."),
                        Line { example: "main", ..Line::default() },
                    )}
                    {sheet.line(
                        question(&field("image"), "Image", "Registry, path, and a tag or digest."),
                        Line { example: "registry.acme.dev/shop/cart:1.4.0", ..Line::default() },
                    )}
                </div>
    };
    let says = ["command", "args"]
        .iter()
        .any(|list| !sheet.value(&field(list)).is_empty());
    let words = pair(vec![
        sheet.area(
            question(
                &field("command"),
                "Command",
                "Replaces the image's own; one part a line.",
            ),
            2,
            true,
            false,
        ),
        sheet.area(
            question(&field("args"), "Arguments", "One a line."),
            2,
            true,
            false,
        ),
    ]);
    view! {
        <li class="entry">
            <input type="hidden" name=field("was") value=sheet.value(&field("was"))/>
            <div class="stack">
                {head}
                {variables(sheet, typed, at, &what)}
                {fold(&format!("words-{at}"), "Command and arguments", says, words)}
            </div>
            {drop}
        </li>
    }
    .into_any()
}

fn sources() -> Vec<Choice> {
    [
        ("value", "Text"),
        ("text", "Text of several lines"),
        ("configuration", "Configuration"),
        ("secret", "Secret on the plane"),
    ]
    .into_iter()
    .map(|(value, label)| Choice::called(value, label))
    .collect()
}

fn variables(sheet: &Sheet<'_>, typed: &Typed, container: usize, what: &str) -> AnyView {
    let list = format!("container.{container}.env");
    let sources = sources();
    let rows: Vec<AnyView> = typed
        .fields
        .indexes(&list)
        .into_iter()
        .map(|at| {
            let field = |name: &str| format!("{list}.{at}.{name}");
            let key = sheet.value(&field("key"));
            let told = if key.is_empty() { "this variable".to_owned() } else { key };
            view! {
                <li class="entry" data-slim>
                    <input type="hidden" name=field("was") value=sheet.value(&field("was"))/>
                    <div class="variable">
                        {sheet.line(question(&field("key"), "Variable", ""), Line { example: "LOG_LEVEL", ..Line::default() })}
                        {sheet.select(question(&field("from"), "Comes from", ""), &sources, false)}
                        <div class="value">{sheet.line(question(&field("value"), "Value", ""), Line::default())}</div>
                        <div class="text">{sheet.area(question(&field("text"), "Lines", ""), 3, false, false)}</div>
                        <div class="ref">{sheet.line(
                            question(&field("ref"), "Name / key", ""),
                            Line { example: "database/host", list: "known-keys", ..Line::default() },
                        )}</div>
                    </div>
                    {sheet.drop(&list, at, &told)}
                </li>
            }
            .into_any()
        })
        .collect();
    let label = format!("Variables of {what}");
    let rows = (!rows.is_empty())
        .then(|| view! { <ol class="entries" data-slim aria-label=label>{rows}</ol> });
    view! {
        <div class="stack" data-gap="small">
            <h3>"Environment variables"</h3>
            {rows}
            {sheet.add(&list, "Add variable")}
        </div>
    }
    .into_any()
}
