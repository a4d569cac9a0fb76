//! Connections: whom a workload calls, and what its containers are told of that.

use serde_json::{Map, Value, json};

use super::{at, get, listed, same, settle, text};
use crate::form::Fields;

const CONNECTIONS: &[&str] = &["spec", "connections"];
const INJECTED: &[&str] = &["inject", "env"];

/// What a container is told unless somebody says otherwise.
pub(super) const DEFAULT_TEMPLATE: &str = "{{ .host }}:{{ .port }}";

/// Templates that people want, with what they are.
pub const TEMPLATES: &[(&str, &str)] = &[
    (DEFAULT_TEMPLATE, "host and port"),
    ("{{ .uri }}", "the whole address"),
    ("{{ .host }}", "the host alone"),
    ("{{ .port }}", "the port alone"),
    ("{{ .scheme }}", "the scheme"),
    ("{{ .basePath }}", "the path"),
];

/// The rows that stand for connections, with their index and their name. One that nobody named is
/// called like the component that it calls.
pub(super) fn rows(fields: &Fields) -> Vec<(usize, String, Fields)> {
    let rows = fields
        .indexes("connection")
        .into_iter()
        .filter_map(|index| {
            let row = fields.under(&format!("connection.{index}"));
            let says = !row.text("name").is_empty() || !row.text("to").is_empty();
            says.then(|| (index, row.text("name").to_owned(), row))
        });
    let mut rows: Vec<(usize, String, Fields)> = rows.collect();
    for at in 0..rows.len() {
        if !rows[at].1.is_empty() {
            continue;
        }
        let (_, component, endpoint) = parts(rows[at].2.text("to"));
        let taken = |name: &str| rows.iter().any(|(_, other, _)| other == name);
        rows[at].1 = if taken(&component) && !endpoint.is_empty() {
            format!("{component}-{endpoint}")
        } else {
            component
        };
    }
    rows
}

/// Reads `component/endpoint`, or `project/component/endpoint`.
fn parts(typed: &str) -> (Option<String>, String, String) {
    let parts: Vec<&str> = typed.split('/').map(str::trim).collect();
    match parts.as_slice() {
        [component] => (None, (*component).to_owned(), String::new()),
        [component, endpoint] => (None, (*component).to_owned(), (*endpoint).to_owned()),
        [project, component, rest @ ..] => (
            Some((*project).to_owned()),
            (*component).to_owned(),
            rest.join("/"),
        ),
        [] => (None, String::new(), String::new()),
    }
}

/// The endpoint that a connection calls, as it is typed.
fn shown_to(connection: &Value, own: &str) -> String {
    let param = |key: &str| get(connection, &["params", key]);
    let (project, component, endpoint) = (
        param("projectName"),
        param("componentName"),
        param("endpoint"),
    );
    let mut shown = Vec::new();
    if !project.is_empty() && project != own {
        shown.push(project);
    }
    shown.extend([component, endpoint].into_iter().filter(|p| !p.is_empty()));
    shown.join("/")
}

/// The name of a variable that nobody named: `cart` gives `CART_ADDR`.
fn variable_name(connection: &str) -> String {
    let upper = connection.chars().map(|letter| {
        if letter.is_ascii_alphanumeric() {
            letter.to_ascii_uppercase()
        } else {
            '_'
        }
    });
    format!("{}_ADDR", upper.collect::<String>())
}

/// Writes what was typed of connections.
pub(super) fn write(workload: &mut Value, fields: &Fields, own: &str) {
    let mut made = Map::new();
    for (_, name, row) in rows(fields) {
        let old = at(workload, CONNECTIONS).and_then(|all| all.get(row.raw("was")));
        let mut connection = old.cloned().unwrap_or_else(|| json!({"type": "api"}));
        if shown_to(&connection, own) != row.text("to") {
            connection["params"] = params(row.text("to"), own);
        }
        let injected = listed(&row, "inject", at(&connection, INJECTED), |row, entry| {
            let (typed, template) = (row.text("name"), row.raw("value"));
            if typed.is_empty() && template.trim().is_empty() {
                return None;
            }
            let new = entry.is_none();
            let mut entry = entry.unwrap_or_else(|| json!({}));
            if typed.is_empty() && new {
                entry["name"] = variable_name(&name).into();
            } else {
                text(&mut entry, &["name"], typed);
            }
            if !same(get(&entry, &["value"]), template) {
                settle(&mut entry, &["value"], template.into());
            }
            Some(entry)
        });
        settle(&mut connection, INJECTED, injected.into());
        made.insert(name, connection);
    }
    settle(workload, CONNECTIONS, made.into());
}

fn params(typed: &str, own: &str) -> Value {
    let (project, component, endpoint) = parts(typed);
    let mut params = Map::new();
    let project = project.filter(|project| project != own);
    let entries = [
        ("projectName", project.unwrap_or_default()),
        ("componentName", component),
        ("endpoint", endpoint),
    ];
    for (key, value) in entries {
        if !value.is_empty() {
            params.insert(key.into(), value.into());
        }
    }
    params.into()
}

/// Shows connections.
pub(super) fn read(workload: &Value, own: &str, into: &mut Fields) {
    let all = at(workload, CONNECTIONS).and_then(Value::as_object);
    for (index, (name, connection)) in all.into_iter().flatten().enumerate() {
        let prefix = format!("connection.{index}");
        into.set(&format!("{prefix}.was"), name);
        into.set(&format!("{prefix}.name"), name);
        into.set(&format!("{prefix}.to"), &shown_to(connection, own));
        let injected = at(connection, INJECTED).and_then(Value::as_array);
        for (at, entry) in injected.into_iter().flatten().enumerate() {
            let prefix = format!("{prefix}.inject.{at}");
            into.set(&format!("{prefix}.was"), &at.to_string());
            into.set(&format!("{prefix}.name"), get(entry, &["name"]));
            into.set(&format!("{prefix}.value"), get(entry, &["value"]));
        }
    }
}
