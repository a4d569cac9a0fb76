//! Containers: rows with rows of variables in them.

use serde_json::{Map, Value, json};

use super::{at, get, listed, put, same, settle, text};
use crate::form::Fields;

const CONTAINERS: &[&str] = &["spec", "containers"];
const WORDS: &[&str] = &["command", "args"];

/// The rows that stand for containers, with their index and their name.
pub(super) fn rows(fields: &Fields) -> Vec<(usize, String, Fields)> {
    let source = fields.text("from") == "source";
    let rows = fields.indexes("container").into_iter().filter_map(|index| {
        let row = fields.under(&format!("container.{index}"));
        let name = row.text("name").to_owned();
        let says = ["image", "command", "args"]
            .iter()
            .any(|field| !row.text(field).is_empty())
            || row.rows("env").iter().any(|row| !is_empty(row));
        // A build will bring the image of the one that nobody said more about.
        let bare = name.is_empty() || (source && name == "main");
        (says || !bare).then_some((index, name, row))
    });
    let mut rows: Vec<(usize, String, Fields)> = rows.collect();
    if let Some(unnamed) = rows.iter().position(|(_, name, _)| name.is_empty())
        && rows.iter().all(|(_, name, _)| name != "main")
    {
        rows[unnamed].1 = "main".into();
    }
    rows
}

/// Writes what was typed of containers.
pub(super) fn write(workload: &mut Value, fields: &Fields) {
    let mut made = Map::new();
    for (_, name, row) in rows(fields) {
        let old = at(workload, CONTAINERS).and_then(|all| all.get(row.raw("was")));
        let mut container = old.cloned().unwrap_or_else(|| json!({}));
        text(&mut container, &["image"], row.text("image"));
        for list in WORDS {
            let shown = shown_words(container.get(list));
            if !same(shown.trim(), row.text(list)) {
                settle(&mut container, &[list], words(row.text(list)).into());
            }
        }
        let env = listed(&row, "env", container.get("env"), variable);
        settle(&mut container, &["env"], env.into());
        made.insert(name, container);
    }
    settle(workload, CONTAINERS, made.into());
}

/// Words as lines; as a JSON list where a line can't hold one of them.
fn shown_words(words: Option<&Value>) -> String {
    let words = words.and_then(Value::as_array);
    let words: Vec<&str> = words
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let plain =
        |word: &&str| !word.is_empty() && word.trim() == *word && !word.contains(['\n', '\r']);
    if words.iter().all(plain) && !words.first().is_some_and(|word| word.starts_with('[')) {
        words.join("\n")
    } else {
        json!(words).to_string()
    }
}

fn words(typed: &str) -> Vec<String> {
    if typed.starts_with('[')
        && let Ok(words) = serde_json::from_str(typed)
    {
        return words;
    }
    let lines = typed.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether nothing was typed into a row of a variable.
pub(super) fn is_empty(row: &Fields) -> bool {
    ["key", "value", "text", "ref"]
        .iter()
        .all(|field| row.raw(field).is_empty())
}

/// What a row shows of a variable: its name, where its value comes from, and that.
fn shown(entry: &Value) -> [(&'static str, String); 3] {
    let reference = |field: &str| {
        let of = at(entry, &["valueFrom", field])?;
        let (name, key) = (get(of, &["name"]), get(of, &["key"]));
        Some(if key.is_empty() {
            name.to_owned()
        } else {
            format!("{name}/{key}")
        })
    };
    let key = ("key", get(entry, &["key"]).to_owned());
    if let Some(of) = reference("configurationGroupRef") {
        return [key, ("from", "configuration".into()), ("ref", of)];
    }
    if let Some(of) = reference("secretRef") {
        return [key, ("from", "secret".into()), ("ref", of)];
    }
    let value = get(entry, &["value"]).to_owned();
    // A single line can't hold it.
    if value.contains(['\n', '\r']) {
        return [key, ("from", "text".into()), ("text", value)];
    }
    [key, ("from", "value".into()), ("value", value)]
}

fn variable(row: &Fields, entry: Option<Value>) -> Option<Value> {
    if is_empty(row) {
        return None;
    }
    if let Some(entry) = &entry
        && shown(entry)
            .iter()
            .all(|(field, value)| same(value, row.raw(field)))
    {
        return Some(entry.clone());
    }
    let mut entry = entry.unwrap_or_else(|| json!({}));
    text(&mut entry, &["key"], row.text("key"));
    let (from, reference) = (row.text("from"), row.text("ref"));
    let field = match from {
        "configuration" => "configurationGroupRef",
        "secret" => "secretRef",
        _ => {
            put(&mut entry, &["valueFrom"], Value::Null);
            let typed = if from == "text" { "text" } else { "value" };
            // An empty text is a value too.
            entry["value"] = row.raw(typed).into();
            return Some(entry);
        }
    };
    put(&mut entry, &["value"], Value::Null);
    let (name, key) = reference.split_once('/').unwrap_or((reference, ""));
    let mut of = json!({});
    put(&mut of, &["name"], name.trim().into());
    put(&mut of, &["key"], key.trim().into());
    entry["valueFrom"] = json!({field: of});
    Some(entry)
}

/// Shows containers.
pub(super) fn read(workload: &Value, into: &mut Fields) {
    let all = at(workload, CONTAINERS).and_then(Value::as_object);
    for (index, (name, container)) in all.into_iter().flatten().enumerate() {
        let prefix = format!("container.{index}");
        into.set(&format!("{prefix}.was"), name);
        into.set(&format!("{prefix}.name"), name);
        into.set(&format!("{prefix}.image"), get(container, &["image"]));
        for list in WORDS {
            let shown = shown_words(container.get(list));
            into.set(&format!("{prefix}.{list}"), &shown);
        }
        let env = container.get("env").and_then(Value::as_array);
        for (at, entry) in env.into_iter().flatten().enumerate() {
            let prefix = format!("{prefix}.env.{at}");
            into.set(&format!("{prefix}.was"), &at.to_string());
            for (field, value) in shown(entry) {
                into.set(&format!("{prefix}.{field}"), &value);
            }
        }
    }
}
