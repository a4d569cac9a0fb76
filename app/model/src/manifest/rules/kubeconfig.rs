//! Kubeconfigs: parsed, and free of what would run programs or read files on the server.

use serde_json::Value;

use crate::manifest::Limits;
use crate::manifest::suggest::one_of;
use crate::manifest::{node, parse};

/// Fields that name files on the machine that reads them.
const FILES: &[&str] = &[
    "certificate-authority",
    "client-certificate",
    "client-key",
    "tokenFile",
];

/// What is wrong with a kubeconfig, each with what to do.
pub(super) fn check(text: &str, context: Option<&str>) -> Vec<(String, String)> {
    let parsed = parse::parse(text, &Limits::default(), &mut 0);
    let [only] = parsed.as_slice() else {
        return vec![(
            "isn't one kubeconfig".into(),
            "Give the text of `kubectl config view --raw --flatten --minify`".into(),
        )];
    };
    if let Some(mistake) = only.mistakes.first() {
        return vec![(
            format!("line {}: {}", mistake.line, mistake.message),
            mistake.remedy.clone(),
        )];
    }
    let config = only
        .root
        .as_ref()
        .map(node::Node::value)
        .unwrap_or_default();
    let mut wrong = Vec::new();
    for list in ["clusters", "users", "contexts"] {
        if named(&config, list).is_empty() {
            wrong.push((
                format!("has no `{list}`"),
                "Give the text of `kubectl config view --raw --flatten --minify`".into(),
            ));
        }
    }
    if wrong.is_empty() {
        wrong.extend(chosen(&config, context));
    }
    dangers(&config, &mut wrong);
    wrong
}

fn named<'a>(config: &'a Value, list: &str) -> Vec<&'a str> {
    let entries = config
        .get(list)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    entries
        .iter()
        .filter_map(|entry| entry.get("name").and_then(Value::as_str))
        .collect()
}

/// The context in use, with its cluster and user.
fn chosen(config: &Value, context: Option<&str>) -> Option<(String, String)> {
    let current = config
        .get("current-context")
        .and_then(Value::as_str)
        .filter(|it| !it.is_empty());
    let Some(wanted) = context.or(current) else {
        return Some((
            "says no `current-context`".into(),
            format!("Give `context`: {}", one_of(named(config, "contexts"))),
        ));
    };
    let entries = config.get("contexts").and_then(Value::as_array)?;
    let found = entries
        .iter()
        .find(|it| it.get("name").and_then(Value::as_str) == Some(wanted));
    let Some(found) = found else {
        return Some((
            format!("has no context `{wanted}`"),
            format!("It has {}", one_of(named(config, "contexts"))),
        ));
    };
    for (key, list) in [("cluster", "clusters"), ("user", "users")] {
        let name = found
            .pointer(&format!("/context/{key}"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !named(config, list).contains(&name) {
            return Some((
                format!("the context `{wanted}` names the {key} `{name}`, which isn't there"),
                format!("Add it to `{list}`"),
            ));
        }
    }
    None
}

/// Whatever would make the server run a program or open a file of its own.
fn dangers(config: &Value, wrong: &mut Vec<(String, String)>) {
    for (list, inner) in [("users", "user"), ("clusters", "cluster")] {
        for entry in config
            .get(list)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let name = entry
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let Some(fields) = entry.get(inner).and_then(Value::as_object) else {
                continue;
            };
            for field in fields.keys() {
                match field.as_str() {
                    "exec" | "auth-provider" => wrong.push((
                        format!("`{field}` of `{name}` would run a program on the server"),
                        "Give a token or a client certificate of a service account".into(),
                    )),
                    file if FILES.contains(&file) => wrong.push((
                        format!("`{file}` of `{name}` names a file on the server"),
                        "Put the content in with `kubectl config view --raw --flatten`".into(),
                    )),
                    _ => {}
                }
            }
        }
    }
}
