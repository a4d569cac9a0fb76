//! YAML out: block style, stable order, and text that every reader takes as the same text.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::identity::Identity;
use crate::kind::{API_VERSION, Kind};
use crate::manifest::{Scalar, resolve};

/// Keys that lead where an object has a kind; the rest is sorted.
const LEADING: &[&str] = &["apiVersion", "kind", "metadata", "spec", "status"];

/// Writes a value as one YAML document.
pub fn write(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => mapping(map, 0, &mut out),
        Value::Array(items) if !items.is_empty() => sequence(items, 0, &mut out),
        leaf => {
            scalar(leaf, 0, &mut out);
            out.push('\n');
        }
    }
    out
}

/// A manifest as text.
pub fn manifest(
    identity: &Identity,
    labels: &BTreeMap<String, String>,
    annotations: &BTreeMap<String, String>,
    spec: &Value,
    status: Option<&Value>,
) -> String {
    write(&manifest_value(identity, labels, annotations, spec, status))
}

/// A manifest as a value.
pub fn manifest_value(
    identity: &Identity,
    labels: &BTreeMap<String, String>,
    annotations: &BTreeMap<String, String>,
    spec: &Value,
    status: Option<&Value>,
) -> Value {
    let mut metadata = Map::new();
    metadata.insert("name".into(), identity.name.clone().into());
    if identity.kind != Kind::Organization {
        metadata.insert("namespace".into(), identity.organization.clone().into());
    }
    let labels = with_owner(identity, labels, spec);
    for (key, words) in [("labels", &labels), ("annotations", annotations)] {
        if !words.is_empty() {
            metadata.insert(key.into(), json!(words));
        }
    }
    let mut root = Map::new();
    root.insert("apiVersion".into(), API_VERSION.into());
    root.insert("kind".into(), identity.kind.as_str().into());
    root.insert("metadata".into(), Value::Object(metadata));
    root.insert("spec".into(), spec.clone());
    if let Some(status) = status {
        root.insert("status".into(), status.clone());
    }
    Value::Object(root)
}

/// Kinds without `spec.owner` say by labels whose they are; without them a manifest that is read
/// back would be about something else.
fn with_owner(
    identity: &Identity,
    labels: &BTreeMap<String, String>,
    spec: &Value,
) -> BTreeMap<String, String> {
    let mut labels = labels.clone();
    if spec.get("owner").is_none() {
        for (key, value) in [
            ("openchoreo.dev/project", &identity.project),
            ("openchoreo.dev/component", &identity.component),
        ] {
            if !value.is_empty() {
                labels.entry(key.into()).or_insert_with(|| value.clone());
            }
        }
    }
    labels
}

fn indent(level: usize, out: &mut String) {
    for _ in 0..level {
        out.push_str("  ");
    }
}

fn mapping(map: &Map<String, Value>, level: usize, out: &mut String) {
    for (index, key) in ordered(map).into_iter().enumerate() {
        // The first key of a list's entry stands on the line of its dash.
        if index > 0 || !out.ends_with("- ") {
            indent(level, out);
        }
        text(key, level, true, out);
        out.push(':');
        match &map[key] {
            Value::Object(inner) if !inner.is_empty() => {
                out.push('\n');
                mapping(inner, level + 1, out);
            }
            Value::Array(items) if !items.is_empty() => {
                out.push('\n');
                sequence(items, level + 1, out);
            }
            leaf => {
                out.push(' ');
                scalar(leaf, level + 1, out);
                out.push('\n');
            }
        }
    }
}

fn ordered(map: &Map<String, Value>) -> Vec<&String> {
    let mut keys: Vec<&String> = map.keys().collect();
    keys.sort();
    if map.contains_key("apiVersion") && map.contains_key("kind") {
        let place = |key: &str| {
            LEADING
                .iter()
                .position(|lead| *lead == key)
                .unwrap_or(LEADING.len())
        };
        keys.sort_by_key(|key| place(key));
    }
    keys
}

fn sequence(items: &[Value], level: usize, out: &mut String) {
    for item in items {
        // A list in a list begins on the line of the outer dash.
        if !out.ends_with("- ") {
            indent(level, out);
        }
        out.push_str("- ");
        match item {
            Value::Object(inner) if !inner.is_empty() => mapping(inner, level + 1, out),
            Value::Array(inner) if !inner.is_empty() => sequence(inner, level + 1, out),
            leaf => {
                scalar(leaf, level + 1, out);
                out.push('\n');
            }
        }
    }
}

fn scalar(value: &Value, level: usize, out: &mut String) {
    match value {
        Value::String(words) => text(words, level, false, out),
        other => {
            let _ = write!(out, "{other}");
        }
    }
}

fn text(words: &str, level: usize, key: bool, out: &mut String) {
    if !key && is_block(words) {
        block(words, level.max(1), out);
    } else if is_plain(words) {
        out.push_str(words);
    } else {
        quoted(words, out);
    }
}

/// Whether text can stand without quotes, for readers of YAML 1.1 and 1.2 alike.
fn is_plain(words: &str) -> bool {
    let first =
        |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '+' | '(' | '$' | '^');
    let inner = |c: char| {
        c.is_alphanumeric()
            || matches!(
                c,
                '/' | '.'
                    | '_'
                    | '-'
                    | ' '
                    | ':'
                    | '@'
                    | '='
                    | '+'
                    | '('
                    | ')'
                    | '$'
                    | '~'
                    | '%'
                    | '*'
                    | ';'
                    | ','
                    | '\''
                    | '!'
                    | '?'
                    | '&'
                    | '^'
                    | '|'
                    | '<'
                    | '>'
                    | '\\'
                    | '#'
            )
    };
    // Options such as `--port` are safe; a lone dash is a list's.
    let option = words
        .trim_start_matches('-')
        .starts_with(|c: char| c.is_ascii_alphabetic());
    (words.starts_with(first) || option)
        && words.len() <= 1000
        && words.chars().all(|c| c.is_ascii() && inner(c))
        && !words.ends_with([' ', ':'])
        && !words.contains(": ")
        && !words.contains(" #")
        && !is_typed(words)
}

/// Whether some reader would take unquoted text for something else: a number, a word for true, a
/// date, a time in base 60.
fn is_typed(words: &str) -> bool {
    if !matches!(resolve(words, true), Scalar::Text(_)) {
        return true;
    }
    let lower = words.to_ascii_lowercase();
    if matches!(
        lower.as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
    ) {
        return true;
    }
    let digits = words.trim_start_matches(['+', '-', '.']);
    let numeric = |c: char| {
        c.is_ascii_hexdigit()
            || matches!(
                c,
                'x' | 'X'
                    | 'o'
                    | 'O'
                    | 'T'
                    | 't'
                    | 'Z'
                    | 'z'
                    | '_'
                    | ':'
                    | '.'
                    | ','
                    | ' '
                    | '+'
                    | '-'
            )
    };
    matches!(lower.trim_start_matches(['+', '-']), ".inf" | ".nan")
        || (digits.starts_with(|c: char| c.is_ascii_digit()) && digits.chars().all(numeric))
}

/// Whether text of several lines can stand as a `|` block.
fn is_block(words: &str) -> bool {
    let lines = words.strip_suffix('\n').unwrap_or(words);
    words.contains('\n')
        && !words.starts_with([' ', '\t', '\n'])
        && !words.ends_with("\n\n")
        && lines
            .split('\n')
            .all(|line| line.is_empty() || !line.trim().is_empty())
        && words
            .chars()
            .all(|c| c == '\n' || c == '\t' || (!c.is_control() && !is_odd(c)))
}

/// Characters that break lines or mark encodings for some readers.
fn is_odd(c: char) -> bool {
    matches!(
        c,
        '\u{85}' | '\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    )
}

fn block(words: &str, level: usize, out: &mut String) {
    out.push_str(if words.ends_with('\n') { "|" } else { "|-" });
    for line in words.strip_suffix('\n').unwrap_or(words).split('\n') {
        out.push('\n');
        if !line.is_empty() {
            indent(level, out);
            out.push_str(line);
        }
    }
}

fn quoted(words: &str, out: &mut String) {
    out.push('"');
    for c in words.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || is_odd(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
