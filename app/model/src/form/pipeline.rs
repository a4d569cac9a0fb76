//! A deployment pipeline: what it is called, and its edges, a row each.
//!
//! Manifests group edges by where they begin; the form has them one under the other, as
//! `edge.0.from`, `edge.0.to` and `edge.0.approval`.

use serde_json::{Map, Value, json};

use super::{Fields, get, put};
use crate::{kind::API_VERSION, problem::FieldFault};

const DISPLAY_NAME: &[&str] = &["metadata", "annotations", "openchoreo.dev/display-name"];
const DESCRIPTION: &[&str] = &["metadata", "annotations", "openchoreo.dev/description"];
const PATHS: &[&str] = &["spec", "promotionPaths"];
/// v0.3 knows the flag by two names.
const APPROVAL: [&str; 2] = ["requiresApproval", "isManualApprovalRequired"];

/// One edge, as it is typed.
struct Edge {
    /// The row that it stands in.
    row: usize,
    from: String,
    to: String,
    approval: bool,
}

/// The rows in which anything is typed.
fn edges(fields: &Fields) -> Vec<Edge> {
    let indexes = fields.indexes("edge").into_iter();
    let edges = indexes.zip(fields.rows("edge")).map(|(row, edge)| Edge {
        row,
        from: edge.text("from").to_owned(),
        to: edge.text("to").to_owned(),
        approval: edge.has("approval"),
    });
    edges
        .filter(|edge| !edge.from.is_empty() || !edge.to.is_empty())
        .collect()
}

/// The edges grouped by where they begin, in order of appearance.
fn grouped(fields: &Fields) -> Vec<Vec<Edge>> {
    let mut groups: Vec<Vec<Edge>> = Vec::new();
    for edge in edges(fields) {
        match groups.iter_mut().find(|group| group[0].from == edge.from) {
            Some(group) => group.push(edge),
            None => groups.push(vec![edge]),
        }
    }
    groups
}

/// What is there of an edge.
fn known<'a>(before: Option<&'a Value>, edge: &Edge) -> Option<&'a Map<String, Value>> {
    let paths = before?.get("spec")?.get("promotionPaths")?.as_array()?;
    let own = paths
        .iter()
        .filter(|path| get(path, &["sourceEnvironmentRef"]) == edge.from);
    own.filter_map(|path| path.get("targetEnvironmentRefs")?.as_array())
        .flatten()
        .find(|target| get(target, &["name"]) == edge.to)?
        .as_object()
}

fn target(before: Option<&Value>, edge: &Edge) -> Value {
    let mut target = known(before, edge).cloned().unwrap_or_default();
    target.insert("name".into(), edge.to.as_str().into());
    let approves = |target: &Map<String, Value>| APPROVAL.iter().any(|flag| is_on(target, flag));
    if edge.approval && !approves(&target) {
        target.insert(APPROVAL[0].into(), true.into());
    }
    if !edge.approval && approves(&target) {
        for flag in APPROVAL {
            target.remove(flag);
        }
    }
    Value::Object(target)
}

fn is_on(target: &Map<String, Value>, flag: &str) -> bool {
    target.get(flag).and_then(Value::as_bool).unwrap_or(false)
}

/// What is typed into a pipeline's form, as a manifest; `before` is what is there.
pub fn manifest(fields: &Fields, before: Option<&Value>) -> Value {
    let mut manifest = before.cloned().unwrap_or_else(|| {
        json!({
            "apiVersion": API_VERSION,
            "kind": "DeploymentPipeline",
            "metadata": {"name": fields.text("name")},
            "spec": {},
        })
    });
    for (path, name) in [(DISPLAY_NAME, "display_name"), (DESCRIPTION, "description")] {
        put(&mut manifest, path, fields.text(name).into());
    }
    let paths: Vec<Value> = grouped(fields)
        .iter()
        .map(|group| {
            let targets: Vec<Value> = group.iter().map(|edge| target(before, edge)).collect();
            json!({"sourceEnvironmentRef": group[0].from, "targetEnvironmentRefs": targets})
        })
        .collect();
    put(&mut manifest, PATHS, paths.into());
    if manifest.get("spec").is_none() {
        manifest["spec"] = json!({});
    }
    manifest
}

/// What a pipeline's form shows of its manifest.
pub fn fields(manifest: &Value) -> Fields {
    let mut fields = Fields::default();
    for (name, path) in [
        ("name", &["metadata", "name"][..]),
        ("display_name", DISPLAY_NAME),
        ("description", DESCRIPTION),
    ] {
        fields.set(name, get(manifest, path));
    }
    let paths = manifest["spec"]["promotionPaths"].as_array();
    let mut row = 0;
    for path in paths.into_iter().flatten() {
        let targets = path["targetEnvironmentRefs"].as_array();
        for target in targets.into_iter().flatten() {
            let from = get(path, &["sourceEnvironmentRef"]);
            fields.set(&format!("edge.{row}.from"), from);
            fields.set(&format!("edge.{row}.to"), get(target, &["name"]));
            let on = target
                .as_object()
                .is_some_and(|target| APPROVAL.iter().any(|flag| is_on(target, flag)));
            if on {
                fields.set(&format!("edge.{row}.approval"), "on");
            }
            row += 1;
        }
    }
    fields
}

/// The field of the form that a path of the manifest is typed into.
pub fn field(fields: &Fields, path: &str) -> Option<String> {
    if path == "metadata.name" {
        return Some("name".into());
    }
    let rest = path.strip_prefix("spec.promotionPaths")?;
    let numbers: Vec<usize> = rest
        .split(['[', ']'])
        .filter_map(|part| part.parse().ok())
        .collect();
    let groups = grouped(fields);
    let group = groups.get(numbers.first().copied().unwrap_or(0))?;
    let edge = group.get(numbers.get(1).copied().unwrap_or(0))?;
    let end = if rest.contains("sourceEnvironmentRef") {
        "from"
    } else {
        "to"
    };
    Some(format!("edge.{}.{end}", edge.row))
}

/// Ends of edges that name an environment which isn't there. A manifest may name one that comes
/// later; a form offers those that are there, so one that isn't is a mistake.
pub fn unknown(fields: &Fields, environments: &[&str]) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    for edge in edges(fields) {
        for (end, name) in [("from", &edge.from), ("to", &edge.to)] {
            if !name.is_empty() && !environments.contains(&name.as_str()) {
                faults.push(FieldFault {
                    path: format!("edge.{}.{end}", edge.row),
                    message: format!("there is no environment `{name}`"),
                    remedy: "Choose one that is there, or make it first".into(),
                    ..FieldFault::default()
                });
            }
        }
    }
    faults
}

/// The edges as they are typed, for a picture of them.
pub fn ways(fields: &Fields) -> Vec<(String, String, bool)> {
    let whole = edges(fields).into_iter();
    whole
        .filter(|edge| !edge.from.is_empty() && !edge.to.is_empty())
        .map(|edge| (edge.from, edge.to, edge.approval))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored() -> Value {
        json!({
            "apiVersion": API_VERSION, "kind": "DeploymentPipeline",
            "metadata": {"name": "default", "labels": {"a": "b"},
                         "annotations": {"openchoreo.dev/display-name": "Default", "x": "y"}},
            "spec": {"promotionPaths": [
                {"sourceEnvironmentRef": "dev", "targetEnvironmentRefs": [
                    {"name": "qa"}, {"name": "staging", "isManualApprovalRequired": true}]},
                {"sourceEnvironmentRef": "staging", "targetEnvironmentRefs": [
                    {"name": "prod", "requiresApproval": true}]},
            ]},
        })
    }

    #[test]
    fn a_form_keeps_what_it_does_not_show() {
        let before = stored();
        let mut typed = fields(&before);
        assert_eq!(manifest(&typed, Some(&before)), before);
        typed.set("edge.0.approval", "on");
        typed.set("display_name", "");
        let after = manifest(&typed, Some(&before));
        assert_eq!(after["metadata"]["annotations"], json!({"x": "y"}));
        assert_eq!(
            after["spec"]["promotionPaths"][0]["targetEnvironmentRefs"],
            json!([{"name": "qa", "requiresApproval": true},
                   {"name": "staging", "isManualApprovalRequired": true}])
        );
    }

    #[test]
    fn a_tick_taken_away_takes_both_names_of_the_flag() {
        let before = stored();
        let typed: Fields = fields(&before)
            .iter()
            .filter(|(name, _)| !name.ends_with("approval"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let after = manifest(&typed, Some(&before)).to_string();
        assert!(!after.contains("pproval"), "{after}");
    }

    #[test]
    fn rows_that_are_dropped_or_empty_are_no_edges_and_faults_find_their_row() {
        let before = stored();
        let mut typed = fields(&before);
        typed.set("drop", "edge.0");
        assert!(typed.reshape());
        typed.set("edge.7.from", "staging");
        typed.set("edge.7.to", "dev");
        typed.set("edge.8.from", " ");
        assert_eq!(ways(&typed).len(), 3);
        let after = manifest(&typed, Some(&before));
        assert_eq!(
            after["spec"]["promotionPaths"][1]["targetEnvironmentRefs"][1]["name"],
            "dev"
        );
        let path = "spec.promotionPaths[1].targetEnvironmentRefs[1].name";
        assert_eq!(field(&typed, path).as_deref(), Some("edge.7.to"));
        let path = "spec.promotionPaths[0].sourceEnvironmentRef";
        assert_eq!(field(&typed, path).as_deref(), Some("edge.1.from"));
        assert_eq!(field(&typed, "spec.other"), None);
        let faults = unknown(&typed, &["dev", "staging"]);
        let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["edge.2.to"]);
    }

    #[test]
    fn without_edges_it_is_a_pipeline_all_the_same() {
        let typed: Fields = [("name".to_owned(), "empty".to_owned())]
            .into_iter()
            .collect();
        assert_eq!(manifest(&typed, None)["spec"], json!({}));
    }
}
