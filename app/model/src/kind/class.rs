//! Templates that platform engineers keep, one kind per component type.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::value::Template;

/// Templates for services and web applications (`openchoreo.md` 1.11).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkloadClassSpec {
    /// The base of the Deployment's spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_template: Option<Template>,
    /// The base of the Service's spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_template: Option<Template>,
}

/// Templates for scheduled tasks (`openchoreo.md` 1.11).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScheduledTaskClassSpec {
    /// The base of the CronJob's spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cron_job_template: Option<Template>,
}

/// The annotation of a class that names what no binding may override, such as `replicas, resources`.
/// v0.3's classes have no place for it, and an annotation is kept by all that read them.
pub const LOCKS: &str = "troupe.dev/locks";

/// What a class can lock.
pub const LOCKABLE: [&str; 4] = ["replicas", "schedule", "resources", "env"];

/// What a class's annotations lock; words that nobody knows are told apart.
pub fn locks(annotations: &BTreeMap<String, String>) -> (BTreeSet<&str>, Vec<&str>) {
    let text = annotations.get(LOCKS).map_or("", String::as_str);
    let words = text
        .split([',', ' '])
        .map(str::trim)
        .filter(|word| !word.is_empty());
    let (known, unknown): (Vec<&str>, Vec<&str>) = words.partition(|word| LOCKABLE.contains(word));
    (known.into_iter().collect(), unknown)
}

/// The lock that a setting falls under: `requests.cpu` under `resources`, `env.NAME` under `env`.
pub fn lock_of(setting: &str) -> &str {
    match setting.split('.').next().unwrap_or_default() {
        "requests" | "limits" => "resources",
        other => other,
    }
}

/// What a class gives to whoever chooses it, in words.
pub fn gives(spec: &Value) -> String {
    let mut words = Vec::new();
    if let Some(schedule) = spec
        .pointer("/cronJobTemplate/schedule")
        .and_then(Value::as_str)
    {
        words.push(crate::schedule::words(schedule).unwrap_or_else(|_| schedule.to_owned()));
    }
    match spec
        .pointer("/deploymentTemplate/replicas")
        .and_then(Value::as_i64)
    {
        Some(1) => words.push("1 replica".into()),
        Some(many) => words.push(format!("{many} replicas")),
        None => {}
    }
    let pods = [
        "/deploymentTemplate/template/spec/containers",
        "/cronJobTemplate/jobTemplate/spec/template/spec/containers",
    ];
    let containers = pods
        .iter()
        .filter_map(|path| spec.pointer(path)?.as_array())
        .flatten();
    for container in containers {
        let limit = |what: &str| {
            container
                .pointer(&format!("/resources/limits/{what}"))
                .and_then(Value::as_str)
        };
        let limits: Vec<String> = [("cpu", "CPU"), ("memory", "memory")]
            .into_iter()
            .filter_map(|(key, word)| Some(format!("{} {word}", limit(key)?)))
            .collect();
        if !limits.is_empty() {
            words.push(format!("at most {}", limits.join(" and ")));
        }
        if ["livenessProbe", "readinessProbe", "startupProbe"]
            .iter()
            .any(|probe| container.get(probe).is_some())
        {
            words.push("probes".into());
        }
    }
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::gives;

    #[test]
    fn what_a_class_gives_is_said_in_words() {
        let service = json!({"deploymentTemplate": {"replicas": 2, "template": {"spec": {
            "containers": [{"name": "main", "readinessProbe": {},
                            "resources": {"limits": {"cpu": "400m", "memory": "256Mi"}}}]}}}});
        assert_eq!(
            gives(&service),
            "2 replicas, at most 400m CPU and 256Mi memory, probes"
        );
        let task = json!({"cronJobTemplate": {"schedule": "30 2 * * *"}});
        assert_eq!(gives(&task), "At 02:30");
        assert_eq!(gives(&json!({})), "");
    }
}
