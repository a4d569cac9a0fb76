//! A project: what it is called, what it is for, and the pipeline that its components go through.

use serde_json::{Value, json};

use super::{Fields, get, put};
use crate::kind::API_VERSION;

const DISPLAY_NAME: &[&str] = &["metadata", "annotations", "openchoreo.dev/display-name"];
const DESCRIPTION: &[&str] = &["metadata", "annotations", "openchoreo.dev/description"];
const PIPELINE: &[&str] = &["spec", "deploymentPipelineRef"];

/// What is typed into a project's form, as a manifest; `before` is what is there.
pub fn manifest(fields: &Fields, before: Option<&Value>) -> Value {
    let mut manifest = before.cloned().unwrap_or_else(|| {
        json!({
            "apiVersion": API_VERSION,
            "kind": "Project",
            "metadata": {"name": fields.text("name")},
            "spec": {},
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
    put(&mut manifest, PIPELINE, fields.text("pipeline").into());
    manifest
}

/// What a project's form shows of its manifest.
pub fn fields(manifest: &Value) -> Fields {
    let entries = [
        ("name", &["metadata", "name"][..]),
        ("display_name", DISPLAY_NAME),
        ("description", DESCRIPTION),
        ("pipeline", PIPELINE),
    ];
    entries
        .into_iter()
        .map(|(name, path)| (name.to_owned(), get(manifest, path).to_owned()))
        .collect()
}

/// The field of the form that a path of the manifest is typed into.
pub fn field(path: &str) -> Option<&'static str> {
    match path {
        "metadata.name" => Some("name"),
        "spec.deploymentPipelineRef" => Some("pipeline"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_keeps_what_it_does_not_show() {
        let before = json!({
            "apiVersion": API_VERSION, "kind": "Project",
            "metadata": {"name": "shop", "labels": {"team": "a"},
                         "annotations": {"openchoreo.dev/description": "Sells things", "x": "y"}},
            "spec": {"deploymentPipelineRef": "default"},
        });
        let mut typed = fields(&before);
        assert_eq!(manifest(&typed, Some(&before)), before);
        typed.set("description", "");
        typed.set("pipeline", "other");
        let after = manifest(&typed, Some(&before));
        assert_eq!(after["metadata"]["annotations"], json!({"x": "y"}));
        assert_eq!(after["metadata"]["labels"], json!({"team": "a"}));
        assert_eq!(after["spec"]["deploymentPipelineRef"], "other");
    }
}
