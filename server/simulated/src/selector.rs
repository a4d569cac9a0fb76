//! Label and field selectors, as lists and watches take them.

use crate::failure::Failure;
use crate::value::{items, text};
use serde_json::Value;

#[derive(Clone, Debug, PartialEq)]
enum Test {
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Exists(String),
    Missing(String),
}

/// What a list or watch is limited to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Selector {
    labels: Vec<Test>,
    /// (pointer, value, equal)
    fields: Vec<(String, String, bool)>,
}

impl Selector {
    /// Reads the query parameters `labelSelector` and `fieldSelector`.
    pub(crate) fn parse(labels: &str, fields: &str) -> Result<Self, Failure> {
        let mut out = Self::default();
        for part in split(labels) {
            out.labels.push(test(part).ok_or_else(|| {
                Failure::bad_request(format!("unable to parse requirement: {part}"))
            })?);
        }
        for part in fields.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let (name, value, equal) = if let Some((n, v)) = part.split_once("!=") {
                (n, v, false)
            } else if let Some((n, v)) = part.split_once("==").or_else(|| part.split_once('=')) {
                (n, v, true)
            } else {
                return Err(Failure::bad_request(format!(
                    "invalid selector: '{part}'; can't understand '{part}'"
                )));
            };
            let known = [
                "metadata.name",
                "metadata.namespace",
                "status.phase",
                "spec.nodeName",
                "type",
                "reason",
            ];
            let event = name.starts_with("involvedObject.") || name.starts_with("source");
            if !known.contains(&name)
                && !event
                && name != "spec.restartPolicy"
                && name != "status.successful"
            {
                return Err(Failure::bad_request(format!(
                    "field label not supported: {name}"
                )));
            }
            out.fields.push((
                format!("/{}", name.replace('.', "/")),
                value.to_owned(),
                equal,
            ));
        }
        Ok(out)
    }

    /// Whether an object is within.
    pub(crate) fn matches(&self, object: &Value) -> bool {
        let labels = &object["metadata"]["labels"];
        let fields = |(pointer, value, equal): &(String, String, bool)| {
            (text(object.pointer(pointer).unwrap_or(&Value::Null)) == value) == *equal
        };
        self.labels.iter().all(|t| t.holds(labels)) && self.fields.iter().all(fields)
    }
}

impl Test {
    fn holds(&self, labels: &Value) -> bool {
        let get = |key: &str| labels.get(key).map(text);
        match self {
            Self::In(key, values) => get(key).is_some_and(|v| values.iter().any(|x| x == v)),
            Self::NotIn(key, values) => get(key).is_none_or(|v| values.iter().all(|x| x != v)),
            Self::Exists(key) => get(key).is_some(),
            Self::Missing(key) => get(key).is_none(),
        }
    }
}

/// Splits at commas outside of parentheses.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0;
    text.split(move |c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    })
    .map(str::trim)
    .filter(|p| !p.is_empty())
    .collect()
}

fn test(part: &str) -> Option<Test> {
    let values = |list: &str| -> Option<Vec<String>> {
        let inner = list.trim().strip_prefix('(')?.strip_suffix(')')?;
        Some(inner.split(',').map(|v| v.trim().to_owned()).collect())
    };
    if let Some((key, list)) = part.split_once(" notin ") {
        return Some(Test::NotIn(key.trim().into(), values(list)?));
    }
    if let Some((key, list)) = part.split_once(" in ") {
        return Some(Test::In(key.trim().into(), values(list)?));
    }
    if let Some((key, value)) = part.split_once("!=") {
        return Some(Test::NotIn(key.trim().into(), vec![value.trim().into()]));
    }
    if let Some((key, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
        return Some(Test::In(key.trim().into(), vec![value.trim().into()]));
    }
    match part.strip_prefix('!') {
        Some(key) => Some(Test::Missing(key.trim().into())),
        None => Some(Test::Exists(part.into())),
    }
}

/// Whether a LabelSelector object chooses these labels. An empty one chooses all.
pub(crate) fn chooses(selector: &Value, labels: &Value) -> bool {
    let wanted = selector["matchLabels"].as_object();
    wanted
        .into_iter()
        .flatten()
        .all(|(k, v)| labels.get(k) == Some(v))
        && items(&selector["matchExpressions"]).iter().all(|e| {
            let key = text(&e["key"]).to_owned();
            let values = items(&e["values"])
                .iter()
                .map(|v| text(v).to_owned())
                .collect();
            match text(&e["operator"]) {
                "In" => Test::In(key, values),
                "NotIn" => Test::NotIn(key, values),
                "Exists" => Test::Exists(key),
                _ => Test::Missing(key),
            }
            .holds(labels)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn all_forms_of_requirements() {
        let object = json!({"metadata": {"name": "a", "labels": {"app": "web", "tier": "front"}}});
        for (labels, holds) in [
            ("app=web", true),
            ("app==web,tier!=back", true),
            ("app in (web, api),tier", true),
            ("app notin (web)", false),
            ("!app", false),
            ("!other", true),
            ("other notin (x)", true),
        ] {
            assert_eq!(
                Selector::parse(labels, "").unwrap().matches(&object),
                holds,
                "{labels}"
            );
        }
        assert!(
            Selector::parse("", "metadata.name=a")
                .unwrap()
                .matches(&object)
        );
        assert!(
            !Selector::parse("", "metadata.name!=a")
                .unwrap()
                .matches(&object)
        );
        assert!(Selector::parse("", "spec.replicas=1").is_err());
    }
}
