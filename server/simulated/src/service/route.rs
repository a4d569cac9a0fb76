//! Paths and queries of the Kubernetes API.

use crate::kinds::{KINDS, Kind, by_path};
use std::collections::BTreeMap;

/// What a path means.
#[derive(Debug)]
pub(crate) enum Route {
    Version,
    Health,
    /// `/api`
    Core,
    /// `/apis`
    Groups,
    /// `/apis/{group}`
    Group(String),
    /// `/api/v1`, `/apis/{group}/{version}`
    Resources(String, String),
    Resource {
        kind: &'static Kind,
        namespace: String,
        name: String,
        subresource: String,
    },
    Unknown,
}

/// Finds what a path means.
pub(crate) fn parse(path: &str) -> Route {
    let parts: Vec<String> = path
        .split('/')
        .filter(|p| !p.is_empty())
        .map(decode)
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["version"] => Route::Version,
        ["healthz" | "livez" | "readyz", ..] => Route::Health,
        ["api"] => Route::Core,
        ["apis"] => Route::Groups,
        ["apis", group] => Route::Group((*group).to_owned()),
        ["api", version] => Route::Resources(String::new(), (*version).to_owned()),
        ["apis", group, version] => Route::Resources((*group).to_owned(), (*version).to_owned()),
        ["api", version, rest @ ..] => resource("", version, rest),
        ["apis", group, version, rest @ ..] => resource(group, version, rest),
        _ => Route::Unknown,
    }
}

fn resource(group: &str, version: &str, rest: &[&str]) -> Route {
    if !KINDS
        .iter()
        .any(|k| k.group == group && k.version == version)
    {
        return Route::Unknown;
    }
    let (namespace, rest) = match rest {
        ["namespaces", namespace, inner @ ..]
            if !inner.is_empty() && !matches!(inner, ["status" | "finalize"]) =>
        {
            (*namespace, inner)
        }
        other => ("", other),
    };
    let (plural, name, subresource) = match rest {
        [plural] => (*plural, "", ""),
        [plural, name] => (*plural, *name, ""),
        [plural, name, subresource] => (*plural, *name, *subresource),
        _ => return Route::Unknown,
    };
    match by_path(group, version, plural) {
        Some(kind) => Route::Resource {
            kind,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            subresource: subresource.to_owned(),
        },
        None => Route::Unknown,
    }
}

/// A decoded query.
#[derive(Debug, Default)]
pub(crate) struct Query(BTreeMap<String, String>);

impl Query {
    pub(crate) fn parse(query: &str) -> Self {
        Self(
            query
                .split('&')
                .filter(|p| !p.is_empty())
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (
                        decode(&name.replace('+', " ")),
                        decode(&value.replace('+', " ")),
                    )
                })
                .collect(),
        )
    }

    /// The value of a parameter, or nothing.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub(crate) fn truth(&self, name: &str) -> bool {
        matches!(self.get(name), "true" | "1")
    }

    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.get(name).parse().ok()
    }
}

/// Percent-decoding; what isn't valid stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = bytes
            .get(i + 1..i + 3)
            .and_then(|h| std::str::from_utf8(h).ok());
        match hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(byte) if bytes[i] == b'%' => {
                out.push(byte);
                i += 3;
            }
            _ => {
                out.push(bytes[i]);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_understood() {
        let place = |path: &str| match parse(path) {
            Route::Resource {
                kind,
                namespace,
                name,
                subresource,
            } => {
                format!("{} {namespace} {name} {subresource}", kind.kind)
            }
            other => format!("{other:?}"),
        };
        assert_eq!(place("/api/v1/namespaces/shop"), "Namespace  shop ");
        assert_eq!(
            place("/api/v1/namespaces/shop/status"),
            "Namespace  shop status"
        );
        assert_eq!(
            place("/api/v1/namespaces/shop/pods/a/log"),
            "Pod shop a log"
        );
        assert_eq!(place("/apis/apps/v1/deployments"), "Deployment   ");
        assert_eq!(place("/apis/apps/v1/namespaces/shop/gadgets"), "Unknown");
        assert_eq!(place("/apis/none.example/v1/gadgets"), "Unknown");
    }

    #[test]
    fn queries_are_decoded() {
        let query = Query::parse("labelSelector=a%3Db%2Cc+in+%28d%29&watch=true&limit=5");
        assert_eq!(query.get("labelSelector"), "a=b,c in (d)");
        assert!(query.truth("watch"));
        assert_eq!(query.number("limit"), Some(5));
    }
}
