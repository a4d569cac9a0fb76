//! A component: what it is, what runs, what it offers and whom it calls. One form for its Component,
//! its Workload, the declaration of its type, and for a task's schedule the bindings of the first
//! environments.
//!
//! What was typed is compared with what would be shown of the manifests that are there, and only
//! what differs is written: editing nothing changes nothing.

mod check;
mod connections;
mod containers;
mod endpoints;
mod place;
#[cfg(test)]
mod tests;

pub use check::check;
pub use connections::TEMPLATES;
pub use place::place;

use std::collections::BTreeMap;

use connections::DEFAULT_TEMPLATE;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Fields, get, put};
use crate::{
    kind::{API_VERSION, Kind, component::ComponentType},
    view::ComponentParts,
};

const DISPLAY_NAME: &[&str] = &["metadata", "annotations", "openchoreo.dev/display-name"];
const DESCRIPTION: &[&str] = &["metadata", "annotations", "openchoreo.dev/description"];
const BUILD: &[(&str, &[&str])] = &[
    ("repository", &["spec", "build", "repository", "url"]),
    (
        "branch",
        &["spec", "build", "repository", "revision", "branch"],
    ),
    ("app_path", &["spec", "build", "repository", "appPath"]),
    ("template", &["spec", "build", "templateRef", "name"]),
    ("engine", &["spec", "build", "templateRef", "engine"]),
];
const PARAMETERS: &[&str] = &["spec", "build", "templateRef", "parameters"];
const SCHEDULE: &[&str] = &["spec", "overrides", "schedule"];

/// The manifests that are there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Before {
    /// The Component.
    pub component: Option<Value>,
    /// The declaration of its type, such as the Service.
    pub declaration: Option<Value>,
    /// The Workload.
    pub workload: Option<Value>,
    /// The bindings, by environment.
    pub bindings: BTreeMap<String, Value>,
}

impl From<&ComponentParts> for Before {
    fn from(parts: &ComponentParts) -> Self {
        let manifest = |part: &crate::view::PartView| part.manifest.clone();
        Self {
            component: Some(manifest(&parts.component)),
            declaration: parts.declaration.as_ref().map(manifest),
            workload: parts.workload.as_ref().map(manifest),
            bindings: parts
                .bindings
                .iter()
                .map(|(environment, part)| (environment.clone(), manifest(part)))
                .collect(),
        }
    }
}

/// Where a component is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Home {
    /// The project.
    pub project: String,
    /// The environments that its new versions go to by themselves.
    pub first: Vec<String>,
}

/// What the component is: what it was, or what was chosen for a new one.
pub fn component_type(fields: &Fields, before: &Before) -> Option<ComponentType> {
    let word = match &before.component {
        Some(component) => get(component, &["spec", "type"]),
        None => fields.text("type"),
    };
    ComponentType::deserialize(Value::from(word)).ok()
}

/// Whether components of this type run a workload.
pub fn has_workload(component_type: ComponentType) -> bool {
    component_type.declaration().is_some() && component_type.binding() != Some(Kind::APIBinding)
}

/// The field that the class of a type is chosen in.
pub fn class_field(component_type: ComponentType) -> String {
    format!("class_{component_type}")
}

/// What is typed into a component's form, as manifests in the order in which they are applied.
pub fn manifests(fields: &Fields, before: &Before, home: &Home) -> Vec<Value> {
    let made = component(fields, before, home);
    let name = get(&made, &["metadata", "name"]).to_owned();
    let owner = json!({"projectName": home.project, "componentName": name});
    let mut all = vec![made];
    let Some(component_type) = component_type(fields, before) else {
        return all;
    };
    if has_workload(component_type) {
        let blank = || blank(Kind::Workload, &name, json!({"owner": owner}));
        let mut workload = before.workload.clone().unwrap_or_else(blank);
        containers::write(&mut workload, fields);
        endpoints::write(&mut workload, fields);
        connections::write(&mut workload, fields, &home.project);
        all.push(workload);
    }
    if let Some(kind) = component_type.declaration() {
        let blank = || blank(kind, &name, json!({"owner": owner}));
        let mut declaration = before.declaration.clone().unwrap_or_else(blank);
        if has_workload(component_type) && get(&declaration, &["spec", "workloadName"]).is_empty() {
            let workload = all
                .last()
                .map_or("", |workload| get(workload, &["metadata", "name"]));
            declaration["spec"]["workloadName"] = workload.into();
        }
        declare(&mut declaration, fields, before, component_type);
        let bindings = match component_type {
            ComponentType::ScheduledTask => {
                bindings(fields, before, home, &declaration, all.last())
            }
            _ => Vec::new(),
        };
        all.push(declaration);
        all.extend(bindings);
    }
    all
}

fn blank(kind: Kind, name: &str, spec: Value) -> Value {
    json!({
        "apiVersion": API_VERSION,
        "kind": kind.as_str(),
        "metadata": {"name": name},
        "spec": spec,
    })
}

fn component(fields: &Fields, before: &Before, home: &Home) -> Value {
    let blank = || {
        let spec = json!({"owner": {"projectName": home.project}, "type": fields.text("type")});
        blank(Kind::Component, fields.text("name"), spec)
    };
    let mut made = before.component.clone().unwrap_or_else(blank);
    text(&mut made, DISPLAY_NAME, fields.text("display_name"));
    text(&mut made, DESCRIPTION, fields.text("description"));
    match fields.text("from") {
        "source" => {
            for (name, path) in BUILD {
                text(&mut made, path, fields.text(name));
            }
            let parameters = listed(fields, "parameter", at(&made, PARAMETERS), |row, entry| {
                if row.text("name").is_empty() && row.text("value").is_empty() {
                    return None;
                }
                let mut entry = entry.unwrap_or_else(|| json!({"value": ""}));
                text(&mut entry, &["name"], row.text("name"));
                if !same(get(&entry, &["value"]), row.raw("value")) {
                    entry["value"] = row.raw("value").into();
                }
                Some(entry)
            });
            settle(&mut made, PARAMETERS, parameters.into());
        }
        "image" => put(&mut made, &["spec", "build"], Value::Null),
        _ => {}
    }
    made
}

/// Writes what the declaration of a type has beside its owner and its workload.
fn declare(declaration: &mut Value, fields: &Fields, before: &Before, of: ComponentType) {
    let class = class_field(of);
    if fields.has(&class) && fields.text(&class) != shown_class(declaration) {
        put(
            declaration,
            &["spec", "className"],
            fields.text(&class).into(),
        );
    } else if before.declaration.is_none() {
        // Said even where it is what would be taken anyway: people learn from what they see.
        put(declaration, &["spec", "className"], "default".into());
    }
    match of {
        ComponentType::Service => endpoints::write_apis(declaration, before, fields),
        ComponentType::API | ComponentType::APIProxy => endpoints::write_proxy(declaration, fields),
        _ => {}
    }
}

fn shown_class(declaration: &Value) -> &str {
    match get(declaration, &["spec", "className"]) {
        "" => "default",
        name => name,
    }
}

/// The bindings whose schedule changes.
///
/// A new one has v0.3's form, with the workload in it, since there is no artifact yet that it could
/// name. The first artifact takes the workload's place, and the schedule stays.
fn bindings(
    fields: &Fields,
    before: &Before,
    home: &Home,
    declaration: &Value,
    workload: Option<&Value>,
) -> Vec<Value> {
    let typed = fields.text("schedule");
    if typed == schedule(before, home) {
        return Vec::new();
    }
    let there: Vec<&Value> = home
        .first
        .iter()
        .filter_map(|first| before.bindings.get(first))
        .collect();
    if there.is_empty() {
        let made = home.first.first().map(|first| {
            let mut template = workload
                .and_then(|workload| workload.get("spec").cloned())
                .unwrap_or_default();
            put(&mut template, &["owner"], Value::Null);
            let spec = json!({
                "owner": declaration["spec"]["owner"],
                "environment": first,
                "className": shown_class(declaration),
                "workloadSpec": template,
                "overrides": {"schedule": typed},
            });
            let name = get(declaration, &["metadata", "name"]);
            blank(Kind::ScheduledTaskBinding, name, spec)
        });
        return made.into_iter().collect();
    }
    let changed = there.into_iter().map(|binding| {
        let mut binding = binding.clone();
        settle(&mut binding, SCHEDULE, typed.into());
        binding
    });
    changed.collect()
}

/// The schedule that the first environments have of their own.
fn schedule<'a>(before: &'a Before, home: &Home) -> &'a str {
    let own = home.first.iter().filter_map(|e| before.bindings.get(e));
    own.map(|binding| get(binding, SCHEDULE))
        .find(|schedule| !schedule.is_empty())
        .unwrap_or_default()
}

/// What a component's form shows of the manifests that are there.
pub fn fields(before: &Before, home: &Home) -> Fields {
    let nothing = Value::Null;
    let component = before.component.as_ref().unwrap_or(&nothing);
    let declaration = before.declaration.as_ref().unwrap_or(&nothing);
    let workload = before.workload.as_ref().unwrap_or(&nothing);
    let mut shown = Fields::default();
    shown.set("name", get(component, &["metadata", "name"]));
    shown.set("type", get(component, &["spec", "type"]));
    shown.set("display_name", get(component, DISPLAY_NAME));
    shown.set("description", get(component, DESCRIPTION));
    let from = match at(component, &["spec", "build"]) {
        Some(_) => "source",
        None => "image",
    };
    shown.set("from", from);
    for (name, path) in BUILD {
        shown.set(name, get(component, path));
    }
    let parameters = at(component, PARAMETERS).and_then(Value::as_array);
    for (row, entry) in parameters.into_iter().flatten().enumerate() {
        shown.set(&format!("parameter.{row}.was"), &row.to_string());
        shown.set(&format!("parameter.{row}.name"), get(entry, &["name"]));
        shown.set(&format!("parameter.{row}.value"), get(entry, &["value"]));
    }
    if let Some(component_type) = component_type(&shown, before) {
        shown.set(&class_field(component_type), shown_class(declaration));
    }
    containers::read(workload, &mut shown);
    endpoints::read(workload, declaration, &mut shown);
    connections::read(workload, &home.project, &mut shown);
    endpoints::read_proxy(declaration, &mut shown);
    shown.set("schedule", schedule(before, home));
    shown
}

/// What a new component's form begins with.
pub fn fresh() -> Fields {
    let entries = [
        ("type", "Service"),
        ("from", "image"),
        ("class_Service", "default"),
        ("class_WebApplication", "default"),
        ("class_ScheduledTask", "default"),
        ("class_API", "default"),
        ("container.0.name", "main"),
        ("endpoint.0.name", "http"),
        ("endpoint.0.type", "HTTP"),
        ("endpoint.0.port", "8080"),
        ("endpoint.0.seen", "Project"),
        ("endpoint.0.api_class", "default"),
        ("api_seen", "Project"),
        ("api_type", "REST"),
    ];
    let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    entries.into_iter().map(own).collect()
}

/// Fills rows that were just made with what most of them are.
pub fn begin(fields: &mut Fields) {
    let new = |fields: &Fields, row: &str, of: &str| {
        fields.has(&format!("{row}.row")) && !fields.has(&format!("{row}.{of}"))
    };
    for index in fields.indexes("container") {
        for variable in fields.indexes(&format!("container.{index}.env")) {
            let row = format!("container.{index}.env.{variable}");
            if new(fields, &row, "from") {
                fields.set(&format!("{row}.from"), "value");
            }
        }
    }
    for index in fields.indexes("endpoint") {
        let row = format!("endpoint.{index}");
        if new(fields, &row, "type") {
            fields.set(&format!("{row}.type"), "HTTP");
            fields.set(&format!("{row}.seen"), "Project");
            fields.set(&format!("{row}.api_class"), "default");
        }
    }
    for index in fields.indexes("connection") {
        let list = format!("connection.{index}.inject");
        // A connection that no container is told of helps nobody.
        if new(fields, &format!("connection.{index}"), "name") {
            fields.set(&format!("{list}.0.row"), "");
        }
        for variable in fields.indexes(&list) {
            let row = format!("{list}.{variable}");
            if new(fields, &row, "value") {
                fields.set(&format!("{row}.value"), DEFAULT_TEMPLATE);
            }
        }
    }
}

/// What stands at a path of keys.
fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, step| value.get(step))
}

/// Whether a text that was typed is the one that was shown: browsers write line ends their own way.
fn same(shown: &str, typed: &str) -> bool {
    shown == typed || lines(shown) == lines(typed)
}

fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Puts a text that was typed in place, unless it is the one that was shown.
fn text(manifest: &mut Value, path: &[&str], typed: &str) {
    let shown = get(manifest, path);
    if !same(shown.trim(), typed.trim()) {
        put(manifest, path, typed.into());
    }
}

/// Puts a value in place; where nothing was said, or said that there is nothing, that stays.
fn settle(manifest: &mut Value, path: &[&str], value: Value) {
    let nothing = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    if !(nothing(&value) && at(manifest, path).is_none_or(nothing)) {
        put(manifest, path, value);
    }
}

/// The entries of a list as its rows say: each begins as the entry that it `was`.
fn listed(
    fields: &Fields,
    list: &str,
    before: Option<&Value>,
    one: impl Fn(&Fields, Option<Value>) -> Option<Value>,
) -> Vec<Value> {
    let rows = fields.rows(list);
    let made = rows.iter().filter_map(|row| {
        let was = row.text("was").parse::<usize>().ok();
        one(row, was.and_then(|was| before?.get(was).cloned()))
    });
    made.collect()
}
