//! A configuration group: its names and groups of environments in one form, its values in another.
//!
//! Rows of values are `row.0.key`, with `row.0.all`, `row.0.g.GROUP` and `row.0.e.ENVIRONMENT` for
//! what is given there, and `row.0.k.…` for what kind of thing that is.

pub mod dotenv;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Fields, get, put};
use crate::{configuration::Level, kind::API_VERSION};

const DISPLAY_NAME: &[&str] = &["metadata", "annotations", "openchoreo.dev/display-name"];
const DESCRIPTION: &[&str] = &["metadata", "annotations", "openchoreo.dev/description"];
const SCOPE: [(&str, &[&str]); 2] = [
    ("project", &["spec", "scope", "project"]),
    ("component", &["spec", "scope", "component"]),
];

/// The name that a level has among a row's fields.
pub fn column(level: &Level) -> String {
    match level {
        Level::Global => "all".into(),
        Level::Group(name) => format!("g.{name}"),
        Level::Environment(name) => format!("e.{name}"),
    }
}

/// Reads what [`column`] wrote.
pub fn level(column: &str) -> Option<Level> {
    if column == "all" {
        return Some(Level::Global);
    }
    match column.split_once('.')? {
        ("g", name) if !name.is_empty() => Some(Level::Group(name.into())),
        ("e", name) if !name.is_empty() => Some(Level::Environment(name.into())),
        _ => None,
    }
}

/// A group's names, scope and groups of environments as its form has them; `before` is what is there.
pub fn settings(fields: &Fields, before: Option<&Value>) -> Value {
    let mut manifest = before.cloned().unwrap_or_else(|| {
        json!({
            "apiVersion": API_VERSION,
            "kind": "ConfigurationGroup",
            "metadata": {"name": fields.text("name")},
            "spec": {"configurations": []},
        })
    });
    put(
        &mut manifest,
        DISPLAY_NAME,
        fields.text("display_name").into(),
    );
    put(
        &mut manifest,
        DESCRIPTION,
        fields.text("description").into(),
    );
    for (name, path) in SCOPE {
        put(&mut manifest, path, fields.text(name).into());
    }
    let old = list(&manifest, "environmentGroups");
    let mut groups = Vec::new();
    for row in fields.rows("group") {
        let (was, name) = (row.text("was"), row.text("name"));
        let ticked = row.under("in");
        let ticked: BTreeSet<&str> = ticked.iter().map(|(name, _)| name).collect();
        if was.is_empty() && name.is_empty() && ticked.is_empty() {
            continue;
        }
        let known = old
            .iter()
            .find(|group| !was.is_empty() && group["name"] == was);
        let mut group = known.cloned().unwrap_or_else(|| json!({}));
        let mut members: Vec<String> = list_of(&group, "environments");
        members.retain(|member| ticked.contains(member.as_str()));
        for name in ticked {
            if !members.iter().any(|member| member == name) {
                members.push(name.to_owned());
            }
        }
        group["name"] = name.into();
        group["environments"] = members.into();
        groups.push(group);
        if !was.is_empty() && was != name {
            renamed(&mut manifest, was, name);
        }
    }
    put(&mut manifest, &["spec", "environmentGroups"], groups.into());
    manifest
}

/// Lets the values of a group follow its new name.
fn renamed(manifest: &mut Value, was: &str, name: &str) {
    let entries = manifest["spec"]["configurations"].as_array_mut();
    for entry in entries.into_iter().flatten() {
        let values = entry.get_mut("values").and_then(Value::as_array_mut);
        for value in values.into_iter().flatten() {
            if value
                .get("environmentGroupRef")
                .is_some_and(|group| group == was)
            {
                value["environmentGroupRef"] = name.into();
            }
        }
    }
}

/// What the settings' form shows of a manifest.
pub fn settings_fields(manifest: &Value) -> Fields {
    let mut entries: Vec<(String, String)> = [
        ("name", &["metadata", "name"][..]),
        ("display_name", DISPLAY_NAME),
        ("description", DESCRIPTION),
    ]
    .into_iter()
    .chain(SCOPE)
    .map(|(name, path)| (name.to_owned(), get(manifest, path).to_owned()))
    .collect();
    for (at, group) in list(manifest, "environmentGroups").iter().enumerate() {
        let name = group["name"].as_str().unwrap_or_default().to_owned();
        entries.push((format!("group.{at}.was"), name.clone()));
        entries.push((format!("group.{at}.name"), name));
        for member in list_of(group, "environments") {
            entries.push((format!("group.{at}.in.{member}"), "on".into()));
        }
    }
    entries.into_iter().collect()
}

/// A group's values as the form of its rows has them. Where the form carries `whole`, keys that have
/// no row in it go; else they stay.
pub fn values(fields: &Fields, before: &Value) -> Value {
    let mut manifest = before.clone();
    let mut entries = list(&manifest, "configurations");
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for row in fields.rows("row") {
        let (was, key) = (row.text("was"), row.text("key"));
        if was.is_empty() && key.is_empty() {
            continue;
        }
        let known = entries
            .iter()
            .position(|entry| !was.is_empty() && entry["key"] == was);
        let at = known.unwrap_or_else(|| {
            entries.push(json!({"key": key, "values": []}));
            entries.len() - 1
        });
        if !key.is_empty() {
            entries[at]["key"] = key.into();
        }
        seen.insert(entries[at]["key"].as_str().unwrap_or_default().to_owned());
        for (name, text) in row.iter() {
            if let Some(level) = level(name) {
                give(
                    &mut entries[at],
                    &level,
                    row.raw(&format!("k.{name}")),
                    text,
                );
            }
        }
    }
    if fields.has("whole") {
        entries.retain(|entry| seen.contains(entry["key"].as_str().unwrap_or_default()));
    }
    manifest["spec"]["configurations"] = entries.into();
    manifest
}

/// Gives a key many values at one level: what a pasted file says.
pub fn pasted(level: &Level, pairs: &[(String, String)], before: &Value) -> Value {
    let mut manifest = before.clone();
    let mut entries = list(&manifest, "configurations");
    for (key, value) in pairs {
        let known = entries.iter().position(|entry| entry["key"] == *key);
        let at = known.unwrap_or_else(|| {
            entries.push(json!({"key": key, "values": []}));
            entries.len() - 1
        });
        give(&mut entries[at], level, "plain", value);
    }
    manifest["spec"]["configurations"] = entries.into();
    manifest
}

/// Puts in what is given for a key at a level: `plain`, `vault` or `none`; where the form doesn't say
/// which, a text is plain and nothing is none.
fn give(entry: &mut Value, level: &Level, kind: &str, text: &str) {
    if !entry["values"].is_array() {
        entry["values"] = json!([]);
    }
    let Some(values) = entry["values"].as_array_mut() else {
        return;
    };
    let at = values.iter().position(|value| is_for(value, level));
    let plain = |value: &Value| {
        value
            .get("value")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let there = at.and_then(|at| plain(&values[at]));
    let (field, other) = match kind {
        "vault" if !text.trim().is_empty() => (Some("vaultKey"), "value"),
        "plain" => (Some("value"), "vaultKey"),
        // An empty text that was given on purpose stays what it is.
        "" if !text.is_empty() || there.as_deref() == Some("") => (Some("value"), "vaultKey"),
        _ => (None, ""),
    };
    let Some(field) = field else {
        if let Some(at) = at {
            values.remove(at);
        }
        return;
    };
    let at = at.unwrap_or_else(|| {
        values.push(match level {
            Level::Global => json!({}),
            Level::Group(name) => json!({"environmentGroupRef": name}),
            Level::Environment(name) => json!({"environment": name}),
        });
        values.len() - 1
    });
    if let Some(value) = values[at].as_object_mut() {
        value.remove(other);
        let text = if field == "vaultKey" {
            text.trim()
        } else {
            text
        };
        value.insert(field.into(), text.into());
    }
}

fn is_for(value: &Value, level: &Level) -> bool {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    match (text("environment"), text("environmentGroupRef")) {
        (None, None) => *level == Level::Global,
        (Some(name), None) => *level == Level::Environment(name.into()),
        (None, Some(name)) => *level == Level::Group(name.into()),
        (Some(_), Some(_)) => false,
    }
}

/// What the form of values shows of a manifest: of one key, or of all when `key` is `None`.
pub fn values_fields(manifest: &Value, key: Option<&str>) -> Fields {
    let mut entries: Vec<(String, String)> = Vec::new();
    if key.is_none() {
        entries.push(("whole".into(), "on".into()));
    }
    let shown = list(manifest, "configurations");
    let shown = shown
        .iter()
        .filter(|entry| key.is_none_or(|key| entry["key"] == key));
    for (at, entry) in shown.enumerate() {
        let name = entry["key"].as_str().unwrap_or_default();
        entries.push((format!("row.{at}.was"), name.into()));
        entries.push((format!("row.{at}.key"), name.into()));
        for value in entry["values"].as_array().into_iter().flatten() {
            let Some(level) = level_of(value) else {
                continue;
            };
            let column = column(&level);
            let text = |key: &str| value.get(key).and_then(Value::as_str);
            let (kind, text) = match (text("value"), text("vaultKey")) {
                (_, Some(path)) => ("vault", path),
                (text, None) => ("plain", text.unwrap_or_default()),
            };
            // A text says itself that it is one, unless it is empty on purpose.
            if kind == "vault" || (key.is_some() && text.is_empty()) {
                entries.push((format!("row.{at}.k.{column}"), kind.into()));
            }
            entries.push((format!("row.{at}.{column}"), text.into()));
        }
    }
    entries.into_iter().collect()
}

fn level_of(value: &Value) -> Option<Level> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    match (text("environment"), text("environmentGroupRef")) {
        (None, None) => Some(Level::Global),
        (Some(name), None) => Some(Level::Environment(name)),
        (None, Some(name)) => Some(Level::Group(name)),
        (Some(_), Some(_)) => None,
    }
}

fn list(manifest: &Value, name: &str) -> Vec<Value> {
    let list = manifest.pointer(&format!("/spec/{name}"));
    list.and_then(Value::as_array).cloned().unwrap_or_default()
}

fn list_of(value: &Value, name: &str) -> Vec<String> {
    let list = value.get(name).and_then(Value::as_array);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

/// The field of the settings' form that a path of the manifest is typed into.
pub fn settings_field(path: &str) -> Option<String> {
    match path {
        "metadata.name" => return Some("name".into()),
        "spec.scope.project" => return Some("project".into()),
        "spec.scope.component" => return Some("component".into()),
        _ => {}
    }
    let (at, rest) = path
        .strip_prefix("spec.environmentGroups[")?
        .split_once(']')?;
    let at: usize = at.parse().ok()?;
    (rest.is_empty() || rest.starts_with(".name")).then(|| format!("group.{at}.name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn before() -> Value {
        json!({
            "apiVersion": API_VERSION, "kind": "ConfigurationGroup",
            "metadata": {"name": "shop", "labels": {"team": "a"},
                "annotations": {"openchoreo.dev/display-name": "Shop"}},
            "spec": {
                "scope": {"project": "shop"},
                "environmentGroups": [
                    {"name": "lower", "environments": ["qa", "development"]},
                    {"name": "upper.eu", "environments": ["production"]},
                ],
                "configurations": [
                    {"key": "TIMEOUT", "values": [
                        {"environment": "production", "value": "12s"},
                        {"value": "8s"},
                        {"environmentGroupRef": "upper.eu", "value": ""},
                    ]},
                    {"key": "PASSWORD", "values": [
                        {"environmentGroupRef": "lower", "vaultKey": "secret/shop#password"}]},
                    {"key": "BANNER", "values": [{"value": " two\nlines "}]},
                ],
            },
        })
    }

    #[test]
    fn forms_keep_all_of_a_group() {
        let before = before();
        assert_eq!(settings(&settings_fields(&before), Some(&before)), before);
        assert_eq!(values(&values_fields(&before, None), &before), before);
        for key in ["TIMEOUT", "PASSWORD", "BANNER"] {
            assert_eq!(
                values(&values_fields(&before, Some(key)), &before),
                before,
                "{key}"
            );
        }
    }

    #[test]
    fn cells_are_set_changed_and_taken_away() {
        let before = before();
        let mut typed = values_fields(&before, None);
        typed.set("row.0.all", "9s");
        typed.set("row.0.e.production", "");
        typed.set("row.0.e.qa", "1s");
        typed.set("row.1.k.g.lower", "none");
        typed.set("row.3.key", "NEW");
        typed.set("row.3.g.lower", "x");
        let after = values(&typed, &before);
        assert_eq!(
            after["spec"]["configurations"],
            json!([
                {"key": "TIMEOUT", "values": [
                    {"value": "9s"},
                    {"environmentGroupRef": "upper.eu", "value": ""},
                    {"environment": "qa", "value": "1s"},
                ]},
                {"key": "PASSWORD", "values": []},
                {"key": "BANNER", "values": [{"value": " two\nlines "}]},
                {"key": "NEW", "values": [{"environmentGroupRef": "lower", "value": "x"}]},
            ])
        );
        assert_eq!(after["metadata"], before["metadata"]);
    }

    #[test]
    fn a_row_that_is_dropped_goes_from_the_whole_and_only_from_it() {
        let before = before();
        let mut typed = values_fields(&before, None);
        typed.set("drop", "row.1");
        assert!(typed.reshape());
        let keys = |manifest: &Value| -> Vec<String> {
            let entries = list(manifest, "configurations");
            entries
                .iter()
                .map(|e| e["key"].as_str().expect("a key").to_owned())
                .collect()
        };
        assert_eq!(keys(&values(&typed, &before)), ["TIMEOUT", "BANNER"]);
        let one = values_fields(&before, Some("BANNER"));
        assert_eq!(
            keys(&values(&one, &before)),
            ["TIMEOUT", "PASSWORD", "BANNER"]
        );
    }

    #[test]
    fn a_secret_may_take_the_place_of_a_text_and_back() {
        let before = before();
        let mut typed = values_fields(&before, Some("TIMEOUT"));
        typed.set("row.0.k.all", "vault");
        typed.set("row.0.all", " secret/t ");
        let after = values(&typed, &before);
        let entry = &after["spec"]["configurations"][0];
        assert_eq!(entry["values"][1], json!({"vaultKey": "secret/t"}));
        let mut typed = values_fields(&after, Some("TIMEOUT"));
        typed.set("row.0.k.all", "plain");
        let back = values(&typed, &after);
        assert_eq!(
            back["spec"]["configurations"][0]["values"][1],
            json!({"value": "secret/t"})
        );
    }

    #[test]
    fn values_follow_a_group_that_is_renamed() {
        let before = before();
        let mut typed = settings_fields(&before);
        typed.set("group.0.name", "non-prod");
        typed.set("group.0.in.staging", "on");
        let after = settings(&typed, Some(&before));
        assert_eq!(
            after["spec"]["environmentGroups"][0],
            json!({"name": "non-prod", "environments": ["qa", "development", "staging"]})
        );
        let value = &after["spec"]["configurations"][1]["values"][0];
        assert_eq!(value["environmentGroupRef"], "non-prod");
    }

    #[test]
    fn what_is_pasted_is_given_at_one_level() {
        let pairs = [
            ("TIMEOUT".to_owned(), "5s".to_owned()),
            ("LEVEL".to_owned(), String::new()),
        ];
        let after = pasted(&Level::Environment("qa".into()), &pairs, &before());
        let entries = list(&after, "configurations");
        assert_eq!(
            entries[0]["values"][3],
            json!({"environment": "qa", "value": "5s"})
        );
        assert_eq!(
            entries[3],
            json!({"key": "LEVEL", "values": [{"environment": "qa", "value": ""}]})
        );
    }

    #[test]
    fn columns_name_levels() {
        for known in [
            Level::Global,
            Level::Group("a.b".into()),
            Level::Environment("e.g".into()),
        ] {
            assert_eq!(level(&column(&known)), Some(known));
        }
        for other in ["", "was", "key", "g.", "k.all", "k.e.qa"] {
            assert_eq!(level(other), None, "{other}");
        }
    }
}
