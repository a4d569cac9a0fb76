//! A value against a schema: every fault, each at its path.

use serde_json::{Map, Value};

use super::found::Found;
use super::kubernetes::resolved;
use super::node::Node;
use super::step::Step;
use super::suggest::{nearest, one_of};
use super::{format, hint};
use crate::kind::Kind;

/// Checks a spec against its kind's schema. With the text's tree, remedies quote what was written.
pub(crate) fn walk(kind: Kind, schema: &Value, spec: &Value, written: Option<&Node>) -> Vec<Found> {
    walk_at(kind, schema, spec, vec![Step::Key("spec".into())], written)
}

/// The same for what stands at a path.
pub(crate) fn walk_at(
    kind: Kind,
    schema: &Value,
    value: &Value,
    path: Vec<Step>,
    written: Option<&Node>,
) -> Vec<Found> {
    let mut walk = Walk {
        kind,
        written,
        path,
        found: Vec::new(),
    };
    walk.value(schema, value);
    walk.found
}

/// A longer list of what would be right is none that anybody reads.
const LISTED: usize = 12;

struct Walk<'a> {
    kind: Kind,
    written: Option<&'a Node>,
    path: Vec<Step>,
    found: Vec<Found>,
}

impl Walk<'_> {
    fn fault(&mut self, message: impl Into<String>, remedy: impl Into<String>) {
        self.found
            .push(Found::new(self.path.clone(), message, remedy));
    }

    fn inside(&mut self, step: Step, run: impl FnOnce(&mut Self)) {
        self.path.push(step);
        run(self);
        self.path.pop();
    }

    fn value(&mut self, schema: &Value, value: &Value) {
        let schema = resolved(schema);
        let wanted = schema.get("type").and_then(Value::as_str).unwrap_or("any");
        match (wanted, value) {
            ("object", Value::Object(map)) => self.object(schema, map),
            ("array", Value::Array(items)) => self.array(schema, items),
            ("string", Value::String(text)) => self.text(schema, text),
            ("integer", Value::Number(number)) if number.is_i64() || number.is_u64() => {
                self.number(schema, value);
            }
            ("number", Value::Number(_)) => self.number(schema, value),
            ("quantity", Value::String(text)) => self.formatted("quantity", text),
            ("int-or-string", Value::Number(number)) if number.is_f64() => {
                self.wrong_type(schema, wanted, value);
            }
            ("boolean", Value::Bool(_))
            | ("quantity", Value::Number(_))
            | ("int-or-string", Value::Number(_) | Value::String(_))
            | ("any", _) => {}
            _ => self.wrong_type(schema, wanted, value),
        }
    }

    fn wrong_type(&mut self, schema: &Value, wanted: &str, value: &Value) {
        let written = self
            .written
            .and_then(|node| node.written(&self.path))
            .map(str::to_owned);
        let shown = written.unwrap_or_else(|| plain(value));
        let message = format!("{} where {} is expected", kind_of(value), describe(schema));
        let remedy = match (wanted, value) {
            ("string", Value::Number(_) | Value::Bool(_)) => format!("Quote it: \"{shown}\""),
            ("integer" | "number", Value::String(text)) if text.trim().parse::<f64>().is_ok() => {
                format!("Take the quotes away: {}", text.trim())
            }
            ("boolean", Value::String(text)) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "y" => "Write true, without quotes".into(),
                "false" | "no" | "off" | "n" => "Write false, without quotes".into(),
                _ => "Write true or false, without quotes".into(),
            },
            ("array", Value::Object(_)) => "Begin each entry with `- `".into(),
            ("array", Value::String(_) | Value::Number(_) | Value::Bool(_)) => {
                format!("Write a list: [{shown}]")
            }
            ("object", Value::Array(_)) => "Write fields with their names, without `- `".into(),
            _ => format!("Write {}", describe(schema)),
        };
        self.fault(message, remedy);
    }

    fn object(&mut self, schema: &Value, map: &Map<String, Value>) {
        let none = Map::new();
        let properties = schema
            .get("properties")
            .and_then(Value::as_object)
            .unwrap_or(&none);
        for name in schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let Some(name) = name.as_str().filter(|name| !map.contains_key(*name)) else {
                continue;
            };
            let what = properties
                .get(name)
                .map_or_else(|| "a value".into(), |schema| describe(resolved(schema)));
            self.inside(Step::Key(name.into()), |walk| {
                walk.fault("missing", format!("Add `{name}`, {what}"));
            });
        }
        let rest = schema.get("additionalProperties");
        for (key, value) in map {
            self.inside(Step::Key(key.clone()), |walk| {
                match (properties.get(key), rest) {
                    (Some(schema), _) => walk.value(schema, value),
                    (None, Some(Value::Object(_))) => {
                        walk.key(schema, key);
                        walk.value(rest.unwrap_or(&Value::Null), value);
                    }
                    (None, Some(Value::Bool(true))) => {}
                    _ => walk.unknown(key, properties),
                }
            });
        }
    }

    /// A key of a map that people name themselves.
    fn key(&mut self, schema: &Value, key: &str) {
        let format = schema
            .pointer("/propertyNames/format")
            .and_then(Value::as_str);
        if let Some(Err(wrong)) = format.map(|format| format::check(format, key)) {
            self.fault(format!("the name `{key}` {}", wrong.message), wrong.remedy);
        }
    }

    fn unknown(&mut self, key: &str, properties: &Map<String, Value>) {
        let known = || properties.keys().map(String::as_str);
        let remedy = if let Some(hint) = hint::later_field(self.kind, &self.path) {
            hint.to_owned()
        } else if let Some(near) = nearest(key, known()) {
            format!("Did you mean `{near}`?")
        } else if properties.is_empty() {
            "Take it away; nothing may stand here".into()
        } else if properties.len() > LISTED {
            format!(
                "Take it away; none of the {} fields that may stand here is called like it",
                properties.len()
            )
        } else {
            format!("Take it away, or write {}", one_of(known()))
        };
        self.fault("unknown field", remedy);
    }

    fn array(&mut self, schema: &Value, items: &[Value]) {
        let bound = |key| schema.get(key).and_then(Value::as_u64);
        let length = items.len() as u64;
        if bound("minItems").is_some_and(|least| length < least) {
            self.fault(
                "too few entries",
                format!("Give at least {}", bound("minItems").unwrap_or(1)),
            );
        }
        if bound("maxItems").is_some_and(|most| length > most) {
            self.fault(
                "too many entries",
                format!("Give at most {}", bound("maxItems").unwrap_or(0)),
            );
        }
        if let Some(schema) = schema.get("items") {
            for (index, item) in items.iter().enumerate() {
                self.inside(Step::Index(index), |walk| walk.value(schema, item));
            }
        }
    }

    fn text(&mut self, schema: &Value, text: &str) {
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            if !words.contains(&text) {
                let remedy = match nearest(text, words.iter().copied()) {
                    Some(near) => format!("Did you mean `{near}`? Possible are {}", one_of(words)),
                    None => format!("Write {}", one_of(words)),
                };
                self.fault(format!("`{}` isn't possible here", short(text)), remedy);
            }
        }
        let length = text.chars().count() as u64;
        let bound = |key| schema.get(key).and_then(Value::as_u64);
        if bound("minLength").is_some_and(|least| length < least) {
            let message = if text.is_empty() {
                "is empty"
            } else {
                "is too short"
            };
            self.fault(
                message,
                format!(
                    "Give at least {} characters",
                    bound("minLength").unwrap_or(1)
                ),
            );
        }
        if bound("maxLength").is_some_and(|most| length > most) {
            self.fault(
                "is too long",
                format!(
                    "Give at most {} characters",
                    bound("maxLength").unwrap_or(0)
                ),
            );
        }
        let pattern = schema.get("pattern").and_then(Value::as_str);
        if pattern
            .and_then(|it| regex::Regex::new(it).ok())
            .is_some_and(|it| !it.is_match(text))
        {
            self.fault(
                format!("`{}` isn't possible here", short(text)),
                format!("Write text that matches {}", pattern.unwrap_or_default()),
            );
        }
        if let Some(format) = schema.get("format").and_then(Value::as_str) {
            self.formatted(format, text);
        }
    }

    fn formatted(&mut self, format: &str, text: &str) {
        if let Err(wrong) = format::check(format, text) {
            let message = if text.is_empty() {
                wrong.message
            } else {
                format!("`{}` {}", short(text), wrong.message)
            };
            self.fault(message, wrong.remedy);
        }
    }

    fn number(&mut self, schema: &Value, value: &Value) {
        let (least, most) = bounds(schema);
        let Some(number) = value.as_f64() else { return };
        if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
            self.fault(
                format!("{value} is out of bounds"),
                format!("Write {}", describe(schema)),
            );
        }
    }
}

/// The least and the greatest number, from the schema or from its width.
fn bounds(schema: &Value) -> (Option<f64>, Option<f64>) {
    let width = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => (Some(f64::from(i32::MIN)), Some(f64::from(i32::MAX))),
        _ => (None, None),
    };
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    (bound("minimum").or(width.0), bound("maximum").or(width.1))
}

/// What a schema wants, in a few words: "a whole number from 1 to 65535".
pub(crate) fn describe(schema: &Value) -> String {
    let format = schema.get("format").and_then(Value::as_str);
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return one_of(words.iter().filter_map(Value::as_str));
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => match format.and_then(format::wanted) {
            Some(wanted) => wanted.into(),
            None => "text".into(),
        },
        Some("integer") => whole_number(schema),
        Some("number") => "a number".into(),
        Some("boolean") => "true or false".into(),
        Some("quantity") => "a quantity such as `100m` or `64Mi`".into(),
        Some("int-or-string") => "a whole number or text".into(),
        Some("array") => match schema.get("items").map(resolved) {
            Some(items) if items.get("type") == Some(&"object".into()) => {
                format!("a list of entries{}", with_fields(items))
            }
            _ => "a list".into(),
        },
        Some("object") if schema.get("properties").is_some() => {
            format!("a group of fields{}", with_fields(schema))
        }
        Some("object") => "a group of named entries".into(),
        _ => "a value".into(),
    }
}

fn whole_number(schema: &Value) -> String {
    let bound = |key: &str| schema.get(key).and_then(Value::as_i64);
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => format!("a whole number from {least} to {most}"),
        (Some(least), None) => format!("a whole number of at least {least}"),
        (None, Some(most)) => format!("a whole number of at most {most}"),
        (None, None) => "a whole number".into(),
    }
}

fn with_fields(schema: &Value) -> String {
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    match required.as_slice() {
        [] => String::new(),
        [only] => format!(" with `{only}`"),
        [rest @ .., last] => format!(" with `{}` and `{last}`", rest.join("`, `")),
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a group of fields",
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => short(text),
        other => short(&other.to_string()),
    }
}

/// Enough of a text to be recognised.
pub(crate) fn short(text: &str) -> String {
    if text.chars().count() <= 80 {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(79).collect();
    cut.push('…');
    cut
}
