//! What tables show of an object: a few facts, picked out of it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json::{annotation, at, condition, flag, list, number, text, time};

/// A digest of one object. Fields that its kind doesn't have are empty, and not serialised.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Summary {
    /// The kind.
    pub kind: String,
    /// The name.
    pub name: String,
    /// The namespace; empty for objects of the whole cluster.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// When it was made, in microseconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<i64>,
    /// Kind and name of the object that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_by: Option<(String, String)>,
    /// How many replicas are wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wanted: Option<i64>,
    /// How many replicas are ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready: Option<i64>,
    /// The rollout's number, as Kubernetes counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
    /// A pod's phase, as kubectl shows it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phase: String,
    /// The node a pod runs on.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub node: String,
    /// A pod's containers, init containers first; of a workload, what its template asks for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<Container>,
    /// A scheduled task's runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// The hosts of a route or ingress.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// The ports of a service, such as `http 80 → 8080/TCP`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<String>,
}

/// A container and how it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// The image it was asked to run.
    pub image: String,
    /// Whether it runs before the others, once.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub init: bool,
    /// Whether it is ready.
    pub ready: bool,
    /// How often it was started again.
    pub restarts: i64,
    /// `running`, `waiting`, `terminated`, or empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// Why, such as `CrashLoopBackOff`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The exit code of the last end, if it ever ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i64>,
}

/// When a scheduled task runs. The next run follows from `cron` and `time_zone`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Schedule {
    /// The cron expression.
    pub cron: String,
    /// The time zone it is meant in; empty for that of the plane.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub time_zone: String,
    /// Whether it is off.
    pub suspended: bool,
    /// How many runs are under way.
    pub active: usize,
    /// When the last run began, in microseconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_run: Option<i64>,
    /// When a run last succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_success: Option<i64>,
}

/// The digest of an object.
pub fn summary(object: &Value) -> Summary {
    let kind = text(object, "kind");
    let mut summary = Summary {
        kind: kind.to_owned(),
        name: text(object, "metadata.name").to_owned(),
        namespace: text(object, "metadata.namespace").to_owned(),
        created: time(object, "metadata.creationTimestamp"),
        made_by: maker(object),
        ..Summary::default()
    };
    match kind {
        "Deployment" | "ReplicaSet" | "StatefulSet" => {
            summary.wanted = Some(number(object, "spec.replicas").unwrap_or(1));
            summary.ready = Some(number(object, "status.readyReplicas").unwrap_or(0));
            summary.revision = annotation(object, "deployment.kubernetes.io/revision")
                .and_then(|revision| revision.parse().ok());
            summary.containers = asked(object, "spec.template.spec");
        }
        "DaemonSet" => {
            summary.wanted = number(object, "status.desiredNumberScheduled");
            summary.ready = number(object, "status.numberReady");
            summary.containers = asked(object, "spec.template.spec");
        }
        "Pod" => {
            summary.phase = phase(object);
            summary.node = text(object, "spec.nodeName").to_owned();
            summary.containers = containers(object);
        }
        "Job" => {
            summary.wanted = Some(number(object, "spec.completions").unwrap_or(1));
            summary.ready = Some(number(object, "status.succeeded").unwrap_or(0));
            summary.containers = asked(object, "spec.template.spec");
        }
        "CronJob" => {
            summary.schedule = Some(schedule(object));
            summary.containers = asked(object, "spec.jobTemplate.spec.template.spec");
        }
        "HTTPRoute" | "GRPCRoute" => summary.hosts = texts(list(object, "spec.hostnames")),
        "Ingress" => {
            summary.hosts = list(object, "spec.rules")
                .iter()
                .map(|rule| text(rule, "host").to_owned())
                .filter(|host| !host.is_empty())
                .collect();
        }
        "Service" => summary.ports = list(object, "spec.ports").iter().map(port).collect(),
        "HorizontalPodAutoscaler" => {
            summary.wanted = number(object, "status.desiredReplicas");
            summary.ready = number(object, "status.currentReplicas");
        }
        _ => {}
    }
    summary
}

fn maker(object: &Value) -> Option<(String, String)> {
    list(object, "metadata.ownerReferences")
        .iter()
        .find(|owner| flag(owner, "controller"))
        .map(|owner| {
            (
                text(owner, "kind").to_owned(),
                text(owner, "name").to_owned(),
            )
        })
}

fn texts(values: &[Value]) -> Vec<String> {
    values
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

fn port(port: &Value) -> String {
    let show = |name: &str| match port.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    let (name, from, to) = (show("name"), show("port"), show("targetPort"));
    let protocol = Some(show("protocol"))
        .filter(|p| !p.is_empty())
        .unwrap_or("TCP".to_owned());
    let way = if to.is_empty() || to == from {
        from
    } else {
        format!("{from} → {to}")
    };
    format!("{name} {way}/{protocol}").trim_start().to_owned()
}

/// The phase; being deleted and a telling reason go before it.
fn phase(pod: &Value) -> String {
    if at(pod, "metadata.deletionTimestamp").is_some() {
        return "Terminating".to_owned();
    }
    match text(pod, "status.reason") {
        "" => text(pod, "status.phase").to_owned(),
        reason => reason.to_owned(),
    }
}

/// What a pod template asks for.
fn asked(object: &Value, path: &str) -> Vec<Container> {
    let Some(spec) = at(object, path) else {
        return Vec::new();
    };
    let of = |name, init| {
        list(spec, name).iter().map(move |container| Container {
            name: text(container, "name").to_owned(),
            image: text(container, "image").to_owned(),
            init,
            ..Container::default()
        })
    };
    of("initContainers", true)
        .chain(of("containers", false))
        .collect()
}

fn containers(pod: &Value) -> Vec<Container> {
    let mut containers = asked(pod, "spec");
    for container in &mut containers {
        let path = if container.init {
            "status.initContainerStatuses"
        } else {
            "status.containerStatuses"
        };
        let status = list(pod, path)
            .iter()
            .find(|s| text(s, "name") == container.name);
        let Some(status) = status else { continue };
        container.ready = flag(status, "ready");
        container.restarts = number(status, "restartCount").unwrap_or(0);
        if let Some((state, detail)) = state(status) {
            state.clone_into(&mut container.state);
            text(detail, "reason").clone_into(&mut container.reason);
        }
        container.exit_code = number(status, "state.terminated.exitCode")
            .or_else(|| number(status, "lastState.terminated.exitCode"));
    }
    containers
}

fn state(status: &Value) -> Option<(&'static str, &Value)> {
    ["running", "waiting", "terminated"]
        .into_iter()
        .find_map(|state| {
            let detail = status.get("state")?.get(state)?;
            (!detail.is_null()).then_some((state, detail))
        })
}

fn schedule(object: &Value) -> Schedule {
    Schedule {
        cron: text(object, "spec.schedule").to_owned(),
        time_zone: text(object, "spec.timeZone").to_owned(),
        suspended: flag(object, "spec.suspend"),
        active: list(object, "status.active").len(),
        last_run: time(object, "status.lastScheduleTime"),
        last_success: time(object, "status.lastSuccessfulTime"),
    }
}

/// Whether a pod is ready to serve.
pub fn is_ready(pod: &Value) -> bool {
    condition(list(pod, "status.conditions"), "Ready")
        .is_some_and(|found| text(found, "status") == "True")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pods_containers_and_why_they_fail() {
        let pod = json!({
            "kind": "Pod", "apiVersion": "v1",
            "metadata": {"name": "cart-1", "namespace": "shop", "creationTimestamp": "2026-01-01T00:00:00Z",
                         "ownerReferences": [{"kind": "ReplicaSet", "name": "cart", "controller": true}]},
            "spec": {"nodeName": "n1", "initContainers": [{"name": "init", "image": "i:1"}], "containers": [{"name": "main", "image": "cart:1"}]},
            "status": {"phase": "Running", "containerStatuses": [{"name": "main", "ready": false, "restartCount": 4,
                "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"exitCode": 1}}}]}
        });
        let summary = summary(&pod);
        assert_eq!(summary.made_by, Some(("ReplicaSet".into(), "cart".into())));
        assert_eq!(
            (summary.phase.as_str(), summary.node.as_str()),
            ("Running", "n1")
        );
        assert_eq!(summary.created, Some(1_767_225_600_000_000));
        assert_eq!(
            serde_json::to_value(&summary.containers).unwrap(),
            json!([
                {"name": "init", "image": "i:1", "init": true, "ready": false, "restarts": 0},
                {"name": "main", "image": "cart:1", "ready": false, "restarts": 4, "state": "waiting", "reason": "CrashLoopBackOff", "exitCode": 1}
            ])
        );
        let back: Summary =
            serde_json::from_value(serde_json::to_value(&summary).unwrap()).unwrap();
        assert_eq!(back, summary);
    }

    #[test]
    fn services_routes_and_schedules() {
        let service = json!({"kind": "Service", "metadata": {"name": "s"}, "spec": {"ports": [
            {"name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"}, {"port": 53, "targetPort": 53, "protocol": "UDP"}]}});
        assert_eq!(summary(&service).ports, ["http 80 → 8080/TCP", "53/UDP"]);
        let route = json!({"kind": "HTTPRoute", "metadata": {"name": "r"}, "spec": {"hostnames": ["a.example"]}});
        assert_eq!(summary(&route).hosts, ["a.example"]);
        let cron = json!({"kind": "CronJob", "metadata": {"name": "c"}, "spec": {"schedule": "*/5 * * * *", "timeZone": "Europe/Berlin"},
            "status": {"active": [{}], "lastScheduleTime": "2026-01-01T00:00:00Z"}});
        let schedule = summary(&cron).schedule.unwrap();
        assert_eq!(
            (schedule.cron.as_str(), schedule.active, schedule.last_run),
            ("*/5 * * * *", 1, Some(1_767_225_600_000_000))
        );
    }
}
