//! An example of each kind with every field: what must be there, and the rest as comments.
//!
//! It is made of the kind's schema, so that a new field teaches itself.

use serde_json::Value;

use super::schema;
use crate::kind::{API_VERSION, Kind, Scope};

/// A manifest of this kind to begin with. It can be read as it is.
pub fn example(kind: Kind) -> String {
    let mut lines = vec![
        format!("apiVersion: {API_VERSION}"),
        format!("kind: {kind}"),
        "metadata:".into(),
        "  name: example".into(),
        "  # annotations:".into(),
        "  #   openchoreo.dev/display-name: Example".into(),
        "  #   openchoreo.dev/description: What it is for.".into(),
    ];
    let mut body = Vec::new();
    for line in object("spec", schema(kind), first(kind)) {
        body.push(format!("  {line}"));
    }
    let empty = body.iter().all(|line| line.trim_start().starts_with('#'));
    lines.push(if empty { "spec: {}" } else { "spec:" }.into());
    lines.extend(body);
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// Fields of a spec that a rule across fields asks for, though no schema can.
fn first(kind: Kind) -> &'static [&'static str] {
    match kind.scope() {
        _ if kind.is_binding() && kind != Kind::APIBinding => &["owner", "artifact"],
        _ if kind == Kind::DeployableArtifact => &["owner", "targetArtifact"],
        Scope::Project | Scope::Component => &["owner"],
        Scope::Root | Scope::Organization => &[],
    }
}

/// The same of an object further down.
fn needed(name: &str) -> &'static [&'static str] {
    match name {
        "values" => &["value"],
        "files" => &["content"],
        "repository" => &["revision"],
        "revision" => &["branch"],
        "targetArtifact" => &["fromImageRef"],
        "fromImageRef" => &["tag"],
        "backendRef" => &["componentRef"],
        _ => &[],
    }
}

/// The lines of an object's fields. What needn't be there is a comment.
fn object(own: &str, schema: &Value, needed: &[&str]) -> Vec<String> {
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .chain(needed.iter().copied())
        .collect();
    let mut lines = Vec::new();
    let all = schema["properties"].as_object().into_iter().flatten();
    let (must, may): (Vec<_>, Vec<_>) =
        all.partition(|(name, _)| required.contains(&name.as_str()));
    for (name, field) in must {
        lines.extend(says(field));
        lines.extend(entry(own, name, field));
    }
    for (name, field) in may {
        lines.extend(says(field));
        lines.extend(
            entry(own, name, field)
                .iter()
                .map(|line| format!("# {line}")),
        );
    }
    lines
}

/// What a field is, in its first sentence.
fn says(field: &Value) -> Option<String> {
    let text = field["description"].as_str()?;
    let first = text.split("\n\n").next()?.replace('\n', " ");
    Some(format!("# {first}"))
}

/// A field with its value.
fn entry(own: &str, name: &str, field: &Value) -> Vec<String> {
    match value(own, name, field) {
        Shape::Inline(text) => vec![format!("{name}: {text}")],
        Shape::Block(lines) => {
            let below = lines.into_iter().map(|line| format!("  {line}"));
            std::iter::once(format!("{name}:")).chain(below).collect()
        }
    }
}

enum Shape {
    Inline(String),
    Block(Vec<String>),
}

fn value(own: &str, name: &str, field: &Value) -> Shape {
    let kind = field["type"].as_str().unwrap_or_default();
    if let Some(words) = field["enum"].as_array() {
        return Shape::Inline(words.first().map(plain).unwrap_or_default());
    }
    match kind {
        "object" if field["properties"].is_object() => {
            block(object(name, field, needed(name)), "{}")
        }
        "object" if field["additionalProperties"].is_object() => {
            let key = match field["propertyNames"]["format"].as_str() {
                Some("env-name") => "EXAMPLE",
                _ => "main",
            };
            Shape::Block(entry(name, key, &field["additionalProperties"]))
        }
        "object" => Shape::Inline("{}".into()),
        "array" => item(name, &field["items"]),
        "boolean" => Shape::Inline("true".into()),
        "integer" | "number" => {
            let least = field["minimum"].as_i64().unwrap_or(0);
            let most = field["maximum"].as_i64().unwrap_or(i64::MAX);
            let usual = if name.to_lowercase().contains("port") {
                8080
            } else {
                1
            };
            Shape::Inline(usual.clamp(least, most.max(least)).to_string())
        }
        _ => Shape::Inline(text(own, name, field)),
    }
}

/// A list with one item.
fn item(name: &str, field: &Value) -> Shape {
    match value(name, name, field) {
        Shape::Inline(text) => Shape::Inline(format!("[{text}]")),
        Shape::Block(lines) => {
            // The dash stands before the first field; comments before it stay above.
            let mut dashed = false;
            let lines = lines.into_iter().map(|line| {
                let lead = if dashed || line.starts_with('#') {
                    "  "
                } else {
                    dashed = true;
                    "- "
                };
                format!("{lead}{line}")
            });
            let lines: Vec<String> = lines.collect();
            if dashed {
                Shape::Block(lines)
            } else {
                Shape::Block(std::iter::once("- {}".to_owned()).chain(lines).collect())
            }
        }
    }
}

/// A block, or what stands for it when all of it is comments.
fn block(lines: Vec<String>, empty: &str) -> Shape {
    if lines.iter().all(|line| line.starts_with('#')) {
        return if lines.is_empty() {
            Shape::Inline(empty.into())
        } else {
            Shape::Block(lines)
        };
    }
    Shape::Block(lines)
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A word that the field would take.
fn text(own: &str, name: &str, field: &Value) -> String {
    let words = match field["format"].as_str().unwrap_or_default() {
        "quantity" => "100m",
        "duration" => "30s",
        "cron" => "\"0 3 * * *\"",
        "cidr" => "10.0.0.0/8",
        "env-name" => "EXAMPLE",
        "image" => "registry.example.com/shop/example:1.0.0",
        "http-url" => "https://example.com",
        "host" => "example.com",
        _ => match name {
            "path" if own == "files" => "example.yaml",
            "basePath" | "path" | "mountPath" => "/",
            "repoURL" => "https://github.com/example/shop",
            "timeZone" => "Europe/Berlin",
            _ => "example",
        },
    };
    words.into()
}
