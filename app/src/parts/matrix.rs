//! Keys by environments: the head of the table, and a value with where it comes from.

use leptos::prelude::*;
use model::{
    configuration::{Cell, Given, Level},
    view::EnvironmentName,
};

use super::icon;

/// Longer values are cut in a cell; they are whole on hover and where they are changed.
const LONGEST: usize = 60;

/// The two rows of the head: what environments are, and their names. `levels` are the columns
/// between the key and the environments.
pub fn head(levels: &[Level], environments: &[EnvironmentName]) -> AnyView {
    let columns: Vec<AnyView> = levels
        .iter()
        .map(|level| {
            view! { <th scope="col" rowspan="2">{name(level, environments)}</th> }.into_any()
        })
        .collect();
    let production = environments.iter().filter(|one| one.production).count();
    let others = environments.len() - production;
    let span = |number: usize, words: &'static str| {
        (number > 0).then(|| view! { <th scope="colgroup" colspan=number.to_string()>{words}</th> })
    };
    let names: Vec<AnyView> = environments
        .iter()
        .map(|one| view! { <th scope="col">{one.display_name.clone()}</th> }.into_any())
        .collect();
    view! {
        <thead>
            <tr>
                <th scope="col" rowspan="2">"Key"</th>{columns}
                {span(others, "not production")}{span(production, "production")}
            </tr>
            <tr>{names}</tr>
        </thead>
    }
    .into_any()
}

/// What a level is called.
pub fn name(level: &Level, environments: &[EnvironmentName]) -> String {
    match level {
        Level::Global => "Global".into(),
        Level::Group(name) => format!("Group {name}"),
        Level::Environment(name) => environments
            .iter()
            .find(|one| one.name == *name)
            .map_or_else(|| name.clone(), |one| one.display_name.clone()),
    }
}

/// A value as it is read: a text, or a secret's path.
pub fn value(given: &Given) -> AnyView {
    let text = given.text();
    let whole = (text.chars().count() > LONGEST || text.contains('\n')).then(|| text.to_owned());
    let short: String = text.replace('\n', "⏎").chars().take(LONGEST).collect();
    let short = match (
        short.is_empty(),
        whole.is_some() && short.chars().count() == LONGEST,
    ) {
        (true, _) => "(empty)".to_owned(),
        (_, true) => format!("{short}…"),
        _ => short,
    };
    let lock = matches!(given, Given::Vault(_))
        .then(|| view! { {icon("lock")}<span class="sr">"from Vault: "</span> });
    view! { <span class="v" title=whole>{lock}{short}</span> }.into_any()
}

/// A cell of an environment; `needed_by` says who needs it where there is no value.
pub fn cell(cell: &Cell, needed_by: &str, address: String, open: bool) -> AnyView {
    let (from, shown, words) = match &cell.value {
        Some((level, given)) => {
            let (from, words) = match level {
                Level::Environment(_) => ("override", "set here".to_owned()),
                Level::Group(name) => ("group", format!("from {name}")),
                Level::Global => ("inherited", "from global".to_owned()),
            };
            (from, value(given), words)
        }
        None if !cell.clash.is_empty() => ("missing", sign("unclear"), cell.clash.clone()),
        None if !needed_by.is_empty() => (
            "missing",
            sign("missing"),
            format!("required by {needed_by}"),
        ),
        None => ("inherited", dash(), "no value".to_owned()),
    };
    view! {
        <td data-from=from data-open=open.then_some("") aria-current=open.then_some("true")>
            <a href=address>{shown}<small>{words}</small></a>
        </td>
    }
    .into_any()
}

/// The cell of the value for all.
pub fn global(given: Option<&Given>, address: String) -> AnyView {
    let (from, shown, words) = match given {
        Some(given) => ("group", value(given), "set here"),
        None => ("inherited", dash(), "no global value"),
    };
    view! { <td data-from=from><a href=address>{shown}<small>{words}</small></a></td> }.into_any()
}

fn sign(word: &'static str) -> AnyView {
    view! { <span class="v">{icon("s-warn")}{word}</span> }.into_any()
}

fn dash() -> AnyView {
    view! { <span class="v">"–"</span> }.into_any()
}
