//! What differs between two releases, object by object, for people to read.
//!
//! Values of Secrets are never in it: only whether they changed.

use std::collections::BTreeMap;

use model::{diff::FieldChange, view::Change};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use similar::{ChangeTag, TextDiff};

/// What stands for a value that isn't shown.
const HIDDEN: &str = "(hidden)";
/// What stands for a value that isn't shown and differs from before.
const HIDDEN_CHANGED: &str = "(hidden, changed)";

/// What differs in one object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectDiff {
    /// The kind.
    pub kind: String,
    /// The namespace, or empty.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// What becomes of it.
    pub change: Change,
    /// The text before; empty when new.
    pub before: String,
    /// The text after; empty when gone.
    pub after: String,
    /// The fields that change; none when the whole is new or gone.
    pub fields: Vec<FieldChange>,
    /// Both texts as one, line by line.
    pub lines: Vec<Line>,
}

/// A line of a text difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Whether it comes, goes or stays.
    pub side: Side,
    /// Its number before, from 1.
    pub before: Option<usize>,
    /// Its number after, from 1.
    pub after: Option<usize>,
    /// Its text, without the end of line.
    pub text: String,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// In both.
    Both,
    /// Before alone.
    Before,
    /// After alone.
    After,
}

/// Compares two sets of objects. The order is that of `after`; what is gone comes last.
pub fn objects(before: &[Value], after: &[Value]) -> Vec<ObjectDiff> {
    let old: BTreeMap<Key, &Value> = before.iter().map(|object| (key(object), object)).collect();
    let new: BTreeMap<Key, &Value> = after.iter().map(|object| (key(object), object)).collect();
    let there = after
        .iter()
        .map(|object| compare(old.get(&key(object)).copied(), Some(object)));
    let gone = before
        .iter()
        .filter(|object| !new.contains_key(&key(object)))
        .map(|object| compare(Some(object), None));
    there.chain(gone).collect()
}

type Key = (String, String, String, String);

/// Group (not version), kind, namespace and name: what makes an object the same object.
fn key(object: &Value) -> Key {
    let text = |path| {
        object
            .pointer(path)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let version = text("/apiVersion");
    let group = version
        .rsplit_once('/')
        .map_or("", |(group, _)| group)
        .to_owned();
    (
        group,
        text("/kind"),
        text("/metadata/namespace"),
        text("/metadata/name"),
    )
}

fn compare(before: Option<&Value>, after: Option<&Value>) -> ObjectDiff {
    let (_, kind, namespace, name) = after.or(before).map(key).unwrap_or_default();
    let change = match (before, after) {
        (None, _) => Change::Created,
        (_, None) => Change::Deleted,
        (Some(before), Some(after)) if before == after => Change::Unchanged,
        _ => Change::Changed,
    };
    let (before, after) = hide(before, after);
    let fields = match (&before, &after) {
        (Some(before), Some(after)) => model::diff::fields(before, after),
        _ => Vec::new(),
    };
    let text = |value: &Option<Value>| value.as_ref().map(model::yaml::write).unwrap_or_default();
    let (before, after) = (text(&before), text(&after));
    let lines = lines(&before, &after);
    ObjectDiff {
        kind,
        namespace,
        name,
        change,
        before,
        after,
        fields,
        lines,
    }
}

/// The object as people may see it: the values of a Secret hidden.
pub fn shown(object: &Value) -> Value {
    hide(None, Some(object)).1.unwrap_or_default()
}

fn hide(before: Option<&Value>, after: Option<&Value>) -> (Option<Value>, Option<Value>) {
    let (mut before, mut after) = (before.cloned(), after.cloned());
    let secret = |object: &Option<Value>| {
        object
            .as_ref()
            .is_some_and(|object| object["kind"] == "Secret")
    };
    if !secret(&before) && !secret(&after) {
        return (before, after);
    }
    for field in ["data", "stringData"] {
        let values = |object: &Option<Value>| -> Map<String, Value> {
            let map = object
                .as_ref()
                .and_then(|object| object.get(field)?.as_object());
            map.cloned().unwrap_or_default()
        };
        let (old, new) = (values(&before), values(&after));
        let mask = |object: &mut Option<Value>, other: &Map<String, Value>, changed: &str| {
            let map = object
                .as_mut()
                .and_then(|object| object.get_mut(field)?.as_object_mut());
            for (key, value) in map.into_iter().flatten() {
                let differs = other.get(key).is_some_and(|other| other != value);
                *value = if differs { changed } else { HIDDEN }.into();
            }
        };
        mask(&mut before, &new, HIDDEN);
        mask(&mut after, &old, HIDDEN_CHANGED);
    }
    (before, after)
}

/// Two texts as one, line by line.
pub fn lines(before: &str, after: &str) -> Vec<Line> {
    TextDiff::from_lines(before, after)
        .iter_all_changes()
        .map(|change| Line {
            side: match change.tag() {
                ChangeTag::Equal => Side::Both,
                ChangeTag::Delete => Side::Before,
                ChangeTag::Insert => Side::After,
            },
            before: change.old_index().map(|index| index + 1),
            after: change.new_index().map(|index| index + 1),
            text: change.value().trim_end_matches(['\n', '\r']).to_owned(),
        })
        .collect()
}
