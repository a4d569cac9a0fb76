//! Labels and annotations, checked as Kubernetes checks them.

use std::collections::BTreeMap;

use super::format;
use super::found::Found;
use super::node::{Node, Tree};
use super::scalar::Scalar;
use super::step::Step;
use super::walk::short;

/// Kubernetes' own ceiling on all annotations of an object.
const ANNOTATION_BYTES: usize = 256 << 10;

/// Which of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// `metadata.labels`.
    Labels,
    /// `metadata.annotations`.
    Annotations,
}

/// Reads labels or annotations from `metadata`.
pub(crate) fn read(
    metadata: &Node,
    which: Which,
    found: &mut Vec<Found>,
) -> BTreeMap<String, String> {
    let field = if which == Which::Labels {
        "labels"
    } else {
        "annotations"
    };
    let steps = |key: &str| {
        vec![
            Step::Key("metadata".into()),
            Step::Key(field.into()),
            Step::Key(key.into()),
        ]
    };
    let Some(node) = metadata.get(field).filter(|node| !node.is_null()) else {
        return BTreeMap::new();
    };
    let Tree::Map(entries) = &node.tree else {
        found.push(Found::new(
            steps("")[..2].to_vec(),
            "not a group of named values",
            format!("Write {field} as `key: value`, one a line"),
        ));
        return BTreeMap::new();
    };
    let mut out = BTreeMap::new();
    for (key, (_, value)) in entries {
        if let Err(wrong) = qualified(key) {
            let message = format!("the key `{}` {}", short(key), wrong.message);
            found.push(Found::new(steps(key), message, wrong.remedy));
        }
        match &value.tree {
            Tree::Leaf(Scalar::Text(text), _) => {
                if which == Which::Labels
                    && let Err(wrong) = label_value(text)
                {
                    let message = format!("`{}` {}", short(text), wrong.message);
                    found.push(Found::new(steps(key), message, wrong.remedy));
                }
                out.insert(key.clone(), text.clone());
            }
            Tree::Leaf(Scalar::Null, _) => {
                out.insert(key.clone(), String::new());
            }
            Tree::Leaf(_, written) => found.push(Found::new(
                steps(key),
                "not text",
                format!("Quote it: \"{written}\""),
            )),
            _ => found.push(Found::new(steps(key), "not text", "Write one text value")),
        }
    }
    let size: usize = out.iter().map(|(key, value)| key.len() + value.len()).sum();
    if which == Which::Annotations && size > ANNOTATION_BYTES {
        found.push(Found::new(
            steps("")[..2].to_vec(),
            format!("{size} bytes of annotations; at most {ANNOTATION_BYTES} are possible"),
            "Shorten them",
        ));
    }
    out
}

fn wrong(message: &str, remedy: &str) -> format::Wrong {
    format::Wrong {
        message: message.into(),
        remedy: remedy.into(),
    }
}

/// A key: a name, with a DNS name and `/` before it if wanted.
pub(crate) fn qualified(key: &str) -> Result<(), format::Wrong> {
    let name = match key.split_once('/') {
        Some((prefix, name)) => {
            format::object_name(&prefix.to_ascii_lowercase()).map_err(|_| {
                wrong(
                    "has a prefix that isn't a DNS name",
                    "Write it like `acme.io/team`",
                )
            })?;
            name
        }
        None => key,
    };
    if name.is_empty() || name.len() > 63 || !is_word(name) {
        return Err(wrong(
            "isn't a label key",
            "Use at most 63 letters, digits, `-`, `_` and `.`, beginning and ending with a letter or digit; a prefix such as `acme.io/` may stand before it",
        ));
    }
    Ok(())
}

/// A label's value: empty, or at most 63 characters.
pub(crate) fn label_value(value: &str) -> Result<(), format::Wrong> {
    if value.len() > 63 {
        return Err(wrong(
            "has more than 63 characters",
            "Shorten it, or make it an annotation",
        ));
    }
    if value.is_empty() || is_word(value) {
        return Ok(());
    }
    Err(wrong(
        "isn't a label value",
        "Use letters, digits, `-`, `_` and `.`, beginning and ending with a letter or digit; other text belongs into annotations",
    ))
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
