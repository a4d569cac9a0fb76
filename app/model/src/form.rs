//! What forms send, and how that becomes manifests and comes back out of them. Pure.
//!
//! A form changes the fields that it shows and keeps all others of the manifest, so that people can
//! go to and fro between form and YAML. One file a form.

pub mod binding;
pub mod class;
pub mod component;
pub mod configuration;
pub mod environment;
pub mod pipeline;
pub mod plane;
pub mod project;

use serde_json::{Map, Value};

/// Entries of a form, in the order in which they were sent.
///
/// Rows that repeat are named `env.0.key`, `env.0.value`, `env.1.key` and so on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields(Vec<(String, String)>);

impl FromIterator<(String, String)> for Fields {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(entries: I) -> Self {
        // Browsers send line ends as CR LF (HTML, "normalize newlines").
        let entries = entries.into_iter();
        Self(
            entries
                .map(|(name, value)| (name, value.replace("\r\n", "\n")))
                .collect(),
        )
    }
}

impl Fields {
    /// An entry as it was sent, or empty.
    pub fn raw(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    /// An entry without white space around it, or empty.
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// Whether there is such an entry: what a ticked box sends.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// All values of entries with this name: what boxes of one name send.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// All entries, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Puts an entry in, in the place of one of the same name.
    pub fn set(&mut self, name: &str, value: &str) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
    }

    /// The indexes of the rows under a name, in order.
    pub fn indexes(&self, list: &str) -> Vec<usize> {
        let mut found: Vec<usize> = self
            .0
            .iter()
            .filter_map(|(name, _)| index(name, list).map(|(at, _)| at))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The rows under a name, in order, with what stands before their own names taken away.
    pub fn rows(&self, list: &str) -> Vec<Fields> {
        let rows = self.indexes(list).into_iter();
        rows.map(|at| self.under(&format!("{list}.{at}"))).collect()
    }

    /// The entries under a name, with it and its dot taken away.
    pub fn under(&self, prefix: &str) -> Fields {
        let entries = self.0.iter().filter_map(|(name, value)| {
            let rest = name.strip_prefix(prefix)?.strip_prefix('.')?;
            Some((rest.to_owned(), value.clone()))
        });
        Fields(entries.collect())
    }

    /// Does what a button asked of the form itself: `add=LIST` makes an empty row, `drop=LIST.3`
    /// takes one away. Tells whether one did.
    pub fn reshape(&mut self) -> bool {
        let (add, drop) = (self.text("add").to_owned(), self.text("drop").to_owned());
        if !add.is_empty() {
            let next = self.indexes(&add).last().map_or(0, |last| last + 1);
            // What a browser would send for a row whose fields are all empty.
            self.0.push((format!("{add}.{next}.row"), String::new()));
        }
        if !drop.is_empty() {
            self.0.retain(|(name, _)| {
                name.strip_prefix(&drop)
                    .is_none_or(|rest| !rest.starts_with('.'))
            });
        }
        self.0.retain(|(name, _)| name != "add" && name != "drop");
        !add.is_empty() || !drop.is_empty()
    }
}

/// Reads `LIST.3.REST`.
fn index<'a>(name: &'a str, list: &str) -> Option<(usize, &'a str)> {
    let (number, rest) = name
        .strip_prefix(list)?
        .strip_prefix('.')?
        .split_once('.')?;
    Some((number.parse().ok()?, rest))
}

/// Puts a value at a path of keys, making what is missing on the way; an empty text, list or
/// mapping and null take away what is there, and what that leaves empty.
pub fn put(manifest: &mut Value, path: &[&str], value: Value) {
    let empty = match &value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    let Some((last, way)) = path.split_last() else {
        return;
    };
    if empty {
        take(manifest, way, last);
        return;
    }
    let mut at = manifest;
    for step in way {
        if !at[*step].is_object() {
            at[*step] = Value::Object(Map::new());
        }
        at = &mut at[*step];
    }
    at[*last] = value;
}

fn take(value: &mut Value, way: &[&str], last: &str) {
    let Some(fields) = value.as_object_mut() else {
        return;
    };
    match way.split_first() {
        None => {
            fields.remove(last);
        }
        Some((step, rest)) => {
            let Some(inner) = fields.get_mut(*step) else {
                return;
            };
            take(inner, rest, last);
            if inner.as_object().is_some_and(Map::is_empty) {
                fields.remove(*step);
            }
        }
    }
}

/// The text at a path of keys, or empty.
pub fn get<'a>(manifest: &'a Value, path: &[&str]) -> &'a str {
    path.iter()
        .try_fold(manifest, |value, step| value.get(step))
        .and_then(Value::as_str)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(entries: &[(&str, &str)]) -> Fields {
        entries
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn rows_are_read_added_and_dropped() {
        let mut form = fields(&[
            ("env.0.key", "A"),
            ("env.2.key", "B"),
            ("env.10.key", "C"),
            ("environment.0.key", "no"),
            ("add", "env"),
            ("drop", "env.1"),
        ]);
        assert!(form.reshape());
        assert_eq!(form.indexes("env"), [0, 2, 10, 11]);
        form.set("drop", "env.2");
        assert!(form.reshape());
        let keys: Vec<String> = form
            .rows("env")
            .iter()
            .map(|row| row.text("key").to_owned())
            .collect();
        assert_eq!(keys, ["A", "C", ""]);
        assert_eq!(form.rows("environment").len(), 1);
        assert!(!form.reshape());
    }

    #[test]
    fn line_ends_are_those_of_the_text() {
        assert_eq!(fields(&[("a", "x\r\ny")]).raw("a"), "x\ny");
    }

    #[test]
    fn empty_values_take_away_and_the_rest_stays() {
        let mut manifest =
            json!({"metadata": {"annotations": {"a": "1"}, "name": "x"}, "spec": {}});
        put(&mut manifest, &["metadata", "annotations", "a"], "".into());
        put(
            &mut manifest,
            &["spec", "owner", "projectName"],
            "shop".into(),
        );
        assert_eq!(
            manifest,
            json!({"metadata": {"name": "x"}, "spec": {"owner": {"projectName": "shop"}}})
        );
        assert_eq!(get(&manifest, &["spec", "owner", "projectName"]), "shop");
    }
}
