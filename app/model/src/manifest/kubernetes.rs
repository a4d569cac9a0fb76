//! Templates of classes against Kubernetes' own schema, as a real API server serves it.
//!
//! `kubernetes.json` holds the definitions of one version; a test holds it against a server.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::found::{At, Found};
use super::schema::schema;
use super::walk;
use crate::kind::Kind;

const SHIPPED: &str = include_str!("kubernetes.json");

/// What Troupe or the workload fills in, so that a template may leave it out.
const FILLED_IN: &[&str] = &[
    "CronJobSpec",
    "DeploymentSpec",
    "JobSpec",
    "JobTemplateSpec",
    "PodSpec",
];

/// The definitions, by short name such as `PodSpec`.
pub(super) fn definitions() -> &'static Map<String, Value> {
    static DEFINITIONS: OnceLock<Map<String, Value>> = OnceLock::new();
    DEFINITIONS.get_or_init(|| {
        let mut shipped: Value =
            serde_json::from_str(SHIPPED).expect("a test reads the shipped schema");
        let mut all = match shipped["definitions"].take() {
            Value::Object(all) => all,
            _ => Map::new(),
        };
        for name in FILLED_IN {
            if let Some(Value::Object(definition)) = all.get_mut(*name) {
                definition.remove("required");
            }
        }
        all
    })
}

/// The version of Kubernetes that templates are held against, such as `v1.36.3`.
pub fn kubernetes_version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let head: String = SHIPPED.chars().take(80).collect();
        let version = head.split('"').nth(3).unwrap_or_default();
        version.to_owned()
    })
}

/// The templates of a kind of class, with what they are to Kubernetes.
fn templates(kind: Kind) -> &'static [(&'static str, &'static str)] {
    match kind {
        Kind::ServiceClass | Kind::WebApplicationClass => &[
            ("deploymentTemplate", "DeploymentSpec"),
            ("serviceTemplate", "ServiceSpec"),
        ],
        Kind::ScheduledTaskClass => &[("cronJobTemplate", "CronJobSpec")],
        _ => &[],
    }
}

/// Every field of a class's templates that Kubernetes doesn't know, or knows otherwise.
pub(super) fn check(kind: Kind, spec: &Value, written: Option<&super::Node>) -> Vec<Found> {
    let spec = At::spec(spec);
    let mut found = Vec::new();
    for (key, definition) in templates(kind) {
        let (Some(template), Some(schema)) = (spec.get(key), definitions().get(*definition)) else {
            continue;
        };
        found.extend(walk::walk_at(
            kind,
            schema,
            template.value,
            template.steps,
            written,
        ));
    }
    found
}

/// A field that may stand somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What stands in it, such as "a list of entries with `name`".
    pub wants: String,
    /// What it is for, in a sentence; may be empty.
    pub help: String,
    /// Whether fields stand below it.
    pub deeper: bool,
}

/// The fields that may stand at a path of a class's manifest, such as
/// `spec.deploymentTemplate.template.spec.containers`; lists are looked into. `None` when nothing
/// may stand there.
pub fn fields(kind: Kind, path: &str) -> Option<Vec<Field>> {
    let mut steps = path.split('.').filter(|step| !step.is_empty());
    if steps.next() != Some("spec") {
        return None;
    }
    let mut at = schema(kind);
    let mut above = "";
    for step in steps {
        let step = step.split('[').next().unwrap_or(step);
        let next = inside(at).get("properties").and_then(|it| it.get(step));
        at = next.or_else(|| {
            inside(at)
                .get("additionalProperties")
                .filter(|it| it.is_object())
        })?;
        if above.is_empty()
            && let Some((_, definition)) = templates(kind).iter().find(|(key, _)| *key == step)
        {
            at = definitions().get(*definition)?;
        }
        above = step;
    }
    let all = inside(at).get("properties")?.as_object()?;
    Some(
        all.iter()
            .map(|(name, schema)| {
                let template =
                    above.is_empty() && templates(kind).iter().any(|(key, _)| key == name);
                Field {
                    name: name.clone(),
                    wants: walk::describe(resolved(schema)),
                    help: help(schema),
                    deeper: template || inside(schema).get("properties").is_some(),
                }
            })
            .collect(),
    )
}

fn help(schema: &Value) -> String {
    let words = schema.get("description").and_then(Value::as_str);
    words.unwrap_or_default().replace('\n', " ")
}

/// What a reference stands for; anything else as it is.
pub(super) fn resolved(schema: &Value) -> &Value {
    let named = schema.get("$ref").and_then(Value::as_str);
    named
        .and_then(|name| definitions().get(name))
        .unwrap_or(schema)
}

/// What stands in a list's entries; anything else as it is.
fn inside(schema: &Value) -> &Value {
    let schema = resolved(schema);
    schema.get("items").map_or(schema, resolved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        fn references(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(map) => {
                    found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                    map.values().for_each(|value| references(value, found));
                }
                Value::Array(list) => list.iter().for_each(|value| references(value, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        for definition in definitions().values() {
            references(definition, &mut found);
        }
        assert!(found.len() > 100);
        for name in found {
            assert!(definitions().contains_key(&name), "{name}");
        }
        assert!(kubernetes_version().starts_with("v1."));
    }

    #[test]
    fn fields_are_looked_up_through_templates_and_lists() {
        let names = |path: &str| -> Vec<String> {
            let found = fields(Kind::ServiceClass, path).expect(path);
            found.into_iter().map(|field| field.name).collect()
        };
        assert_eq!(names("spec"), ["deploymentTemplate", "serviceTemplate"]);
        let pod = "spec.deploymentTemplate.template.spec";
        assert!(names(pod).contains(&"serviceAccountName".to_owned()));
        let container = names(&format!("{pod}.containers[0]"));
        assert!(container.contains(&"readinessProbe".to_owned()));
        assert_eq!(
            names(&format!("{pod}.containers.readinessProbe.tcpSocket")),
            ["host", "port"]
        );
        assert_eq!(fields(Kind::ServiceClass, "spec.nothing"), None);
        assert_eq!(fields(Kind::ServiceClass, &format!("{pod}.hostname")), None);
    }
}
