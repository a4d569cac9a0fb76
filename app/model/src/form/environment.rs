//! An environment: its plane, whether it is production, and what its hosts begin with.

use serde_json::{Value, json};

use super::{Fields, get, put};
use crate::kind::API_VERSION;

/// The fields that hold texts, and where they stand in the manifest.
const TEXTS: [(&str, &[&str]); 6] = [
    ("name", &["metadata", "name"]),
    (
        "display_name",
        &["metadata", "annotations", "openchoreo.dev/display-name"],
    ),
    (
        "description",
        &["metadata", "annotations", "openchoreo.dev/description"],
    ),
    ("plane", &["spec", "dataPlaneRef"]),
    ("prefix", &["spec", "gateway", "dnsPrefix"]),
    (
        "jwks",
        &["spec", "gateway", "security", "remoteJwks", "uri"],
    ),
];
const PRODUCTION: &str = "isProduction";

/// What is typed into an environment's form, as a manifest; `before` is what is there.
pub fn manifest(fields: &Fields, before: Option<&Value>) -> Value {
    let mut manifest = before.cloned().unwrap_or_else(|| {
        json!({
            "apiVersion": API_VERSION,
            "kind": "Environment",
            "metadata": {"name": fields.text("name")},
            "spec": {},
        })
    });
    for (name, path) in TEXTS.into_iter().skip(1) {
        put(&mut manifest, path, fields.text(name).into());
    }
    if !manifest["spec"].is_object() {
        manifest["spec"] = json!({});
    }
    let (was, is) = (is_production(&manifest), fields.has("production"));
    if was != is {
        manifest["spec"][PRODUCTION] = is.into();
    }
    manifest
}

fn is_production(manifest: &Value) -> bool {
    manifest["spec"][PRODUCTION].as_bool().unwrap_or(false)
}

/// What an environment's form shows of its manifest.
pub fn fields(manifest: &Value) -> Fields {
    let texts = TEXTS
        .into_iter()
        .map(|(name, path)| (name.to_owned(), get(manifest, path).to_owned()));
    let production = is_production(manifest).then(|| ("production".to_owned(), "on".to_owned()));
    texts.chain(production).collect()
}

/// The field of the form that a path of the manifest is typed into.
pub fn field(path: &str) -> Option<&'static str> {
    let own = TEXTS.into_iter().find(|(_, way)| way.join(".") == path);
    match (own, path) {
        (Some((name, _)), _) => Some(name),
        (None, "spec.isProduction") => Some("production"),
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_keeps_what_it_does_not_show() {
        let before = json!({
            "apiVersion": API_VERSION, "kind": "Environment",
            "metadata": {"name": "prod", "labels": {"a": "b"}},
            "spec": {"dataPlaneRef": "eu", "isProduction": true,
                     "gateway": {"dnsPrefix": "www", "security": {"remoteJwks": {"uri": "https://id.example/keys"}}}},
        });
        let mut typed = fields(&before);
        assert_eq!(manifest(&typed, Some(&before)), before);
        assert!(typed.has("production"));
        typed.set("jwks", "");
        typed.set("plane", "us");
        let after = manifest(&typed, Some(&before));
        assert_eq!(
            after["spec"],
            json!({"dataPlaneRef": "us", "isProduction": true, "gateway": {"dnsPrefix": "www"}})
        );
    }

    #[test]
    fn production_is_written_when_it_changes_and_not_before() {
        let plain = json!({"metadata": {"name": "dev"}, "spec": {"dataPlaneRef": "eu"}});
        let mut typed = fields(&plain);
        assert_eq!(manifest(&typed, Some(&plain)), plain);
        typed.set("production", "on");
        let after = manifest(&typed, Some(&plain));
        assert_eq!(after["spec"]["isProduction"], json!(true));
        let back = manifest(&fields(&plain), Some(&after));
        assert_eq!(back["spec"]["isProduction"], json!(false));
    }

    #[test]
    fn an_empty_form_makes_an_empty_environment() {
        let typed: Fields = [("name".to_owned(), "dev".to_owned())]
            .into_iter()
            .collect();
        assert_eq!(manifest(&typed, None)["spec"], json!({}));
        assert_eq!(field("spec.gateway.dnsPrefix"), Some("prefix"));
        assert_eq!(field("spec.isProduction"), Some("production"));
        assert_eq!(field("spec.gateway"), None);
    }
}
