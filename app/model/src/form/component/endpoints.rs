//! Endpoints: what a workload opens, and how much of that others see.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Before, at, get, same, settle, text};
use crate::{form::Fields, kind::value::EndpointType};

const ENDPOINTS: &[&str] = &["spec", "endpoints"];
const APIS: &[&str] = &["spec", "apis"];
const LEVELS: &[&str] = &["rest", "exposeLevels"];
const BACKEND_PORT: &[&str] = &["rest", "backend", "port"];
const BASE_PATH: &[&str] = &["rest", "backend", "basePath"];

/// The rows that stand for endpoints, with their index and their name.
pub(super) fn rows(fields: &Fields) -> Vec<(usize, String, Fields)> {
    let rows = fields.indexes("endpoint").into_iter().filter_map(|index| {
        let row = fields.under(&format!("endpoint.{index}"));
        let says = ["name", "port", "schema", "base_path"]
            .iter()
            .any(|field| !row.text(field).is_empty());
        says.then(|| (index, row.text("name").to_owned(), row))
    });
    rows.collect()
}

/// A port as a number; as it was typed when it isn't one, so that this is told.
fn port(typed: &str) -> Value {
    match typed.parse::<i64>() {
        Ok(number) => number.into(),
        Err(_) => typed.into(),
    }
}

fn shown_port(entry: Option<&Value>) -> String {
    match entry {
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    }
}

/// Writes what was typed of endpoints into the workload.
pub(super) fn write(workload: &mut Value, fields: &Fields) {
    let mut made = Map::new();
    for (_, name, row) in rows(fields) {
        let old = at(workload, ENDPOINTS).and_then(|all| all.get(row.raw("was")));
        let mut endpoint = old.cloned().unwrap_or_else(|| json!({}));
        text(&mut endpoint, &["type"], row.text("type"));
        if shown_port(endpoint.get("port")) != row.text("port") {
            settle(&mut endpoint, &["port"], port(row.text("port")));
        }
        text(&mut endpoint, &["schema", "type"], row.text("schema_type"));
        if !same(get(&endpoint, &["schema", "content"]), row.raw("schema")) {
            settle(
                &mut endpoint,
                &["schema", "content"],
                row.raw("schema").into(),
            );
        }
        made.insert(name, endpoint);
    }
    settle(workload, ENDPOINTS, made.into());
}

/// Who sees an API, in one word of the form.
fn seen(levels: Option<&Value>) -> &'static str {
    let levels = levels.and_then(Value::as_array);
    let has = |word: &str| {
        levels.is_some_and(|levels| levels.iter().any(|level| level.as_str() == Some(word)))
    };
    match (has("Organization"), has("Public")) {
        (false, false) => "Project",
        (true, false) => "Organization",
        (false, true) => "Public",
        (true, true) => "Both",
    }
}

fn levels(word: &str) -> Value {
    match word {
        "Organization" => json!(["Organization"]),
        "Public" => json!(["Public"]),
        "Both" => json!(["Organization", "Public"]),
        "" | "Project" => json!([]),
        // Told as a fault of the field.
        other => json!([other]),
    }
}

/// Writes what was typed of who sees the endpoints into the service.
pub(super) fn write_apis(service: &mut Value, before: &Before, fields: &Fields) {
    let workload = before.workload.as_ref().unwrap_or(&Value::Null);
    let endpoints = at(workload, ENDPOINTS).and_then(Value::as_object);
    let old = at(service, APIS).cloned().unwrap_or_default();
    // An API that no endpoint has is not shown, and stays.
    let mut made: Map<String, Value> = old.as_object().cloned().unwrap_or_default();
    made.retain(|name, _| !endpoints.is_some_and(|all| all.contains_key(name)));
    for (_, name, row) in rows(fields) {
        let was = row.raw("was");
        let port_was = endpoints
            .and_then(|all| all.get(was))
            .and_then(|endpoint| endpoint.get("port"));
        let known = old.get(if was.is_empty() { &name } else { was });
        if let Some(api) = api(&row, known, port_was) {
            made.insert(name, api);
        }
    }
    settle(service, APIS, made.into());
}

fn api(row: &Fields, known: Option<&Value>, port_was: Option<&Value>) -> Option<Value> {
    let typed = match row.text("seen") {
        "" => "Project",
        word => word,
    };
    let class = match row.text("api_class") {
        "" => "default",
        name => name,
    };
    let path = row.text("base_path");
    if known.is_none() && typed == "Project" && class == "default" && path.is_empty() {
        return None;
    }
    let mut api = known.cloned().unwrap_or_else(|| json!({}));
    let shown = match get(&api, &["className"]) {
        "" => "default",
        name => name,
    };
    if class != shown {
        api["className"] = class.into();
    }
    let speaks = EndpointType::deserialize(Value::from(row.text("type"))).ok();
    // Only REST has levels and a path; all that HTTP carries can be managed as such.
    match (known, speaks) {
        (Some(_), _) => {}
        (None, Some(speaks)) if !speaks.is_http() => api["type"] = speaks.as_str().into(),
        (None, _) => api["type"] = "REST".into(),
    }
    let own_port = at(&api, BACKEND_PORT);
    if own_port.is_none() || own_port == port_was {
        settle(&mut api, BACKEND_PORT, port(row.text("port")));
    }
    text(&mut api, BASE_PATH, path);
    if seen(at(&api, LEVELS)) != typed {
        settle(&mut api, LEVELS, levels(typed));
    }
    Some(api)
}

/// Shows endpoints.
pub(super) fn read(workload: &Value, declaration: &Value, into: &mut Fields) {
    let all = at(workload, ENDPOINTS).and_then(Value::as_object);
    for (index, (name, endpoint)) in all.into_iter().flatten().enumerate() {
        let prefix = format!("endpoint.{index}");
        let api = at(declaration, APIS).and_then(|apis| apis.get(name));
        let api = api.unwrap_or(&Value::Null);
        let class = match get(api, &["className"]) {
            "" => "default",
            class => class,
        };
        let entries = [
            ("was", name.as_str()),
            ("name", name),
            ("type", get(endpoint, &["type"])),
            ("port", &shown_port(endpoint.get("port"))),
            ("schema_type", get(endpoint, &["schema", "type"])),
            ("schema", get(endpoint, &["schema", "content"])),
            ("seen", seen(at(api, LEVELS))),
            ("base_path", get(api, BASE_PATH)),
            ("api_class", class),
        ];
        for (field, value) in entries {
            into.set(&format!("{prefix}.{field}"), value);
        }
    }
}

/// Writes what was typed of an API proxy.
pub(super) fn write_proxy(declaration: &mut Value, fields: &Fields) {
    let Some(spec) = declaration.get_mut("spec") else {
        return;
    };
    text(spec, &["environmentName"], fields.text("api_environment"));
    text(spec, &["type"], fields.text("api_type"));
    if shown_port(at(spec, BACKEND_PORT)) != fields.text("api_port") {
        settle(spec, BACKEND_PORT, port(fields.text("api_port")));
    }
    text(spec, BASE_PATH, fields.text("api_base_path"));
    let typed = match fields.text("api_seen") {
        "" => "Project",
        word => word,
    };
    if seen(at(spec, LEVELS)) != typed {
        settle(spec, LEVELS, levels(typed));
    }
}

/// Shows an API proxy.
pub(super) fn read_proxy(declaration: &Value, into: &mut Fields) {
    if get(declaration, &["kind"]) != "API" {
        return;
    }
    let nothing = Value::Null;
    let spec = declaration.get("spec").unwrap_or(&nothing);
    into.set("api_environment", get(spec, &["environmentName"]));
    into.set("api_type", get(spec, &["type"]));
    into.set("api_port", &shown_port(at(spec, BACKEND_PORT)));
    into.set("api_base_path", get(spec, BASE_PATH));
    into.set("api_seen", seen(at(spec, LEVELS)));
}
