//! Scale, eviction and logs.

use super::{Answer, Call, Place, json_answer, uid};
use crate::cluster::Inner;
use crate::delete;
use crate::failure::{Cause, Failure};
use crate::kinds::by_kind;
use crate::logs;
use crate::selector::chooses;
use crate::value::{int, text};
use crate::write::{self, Patch, Target};
use http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

/// Answers everything below an object but its status.
pub(super) fn answer(
    inner: &Arc<Inner>,
    call: &Call,
    place: &Place,
    subresource: &str,
) -> Result<Answer, Failure> {
    match (place.kind.kind, subresource, call.method.as_str()) {
        (_, "scale", method) if place.kind.scale => scale(inner, call, place, method),
        ("Pod", "eviction", "POST") => evict(inner, call, place),
        ("Pod", "log", "GET") => {
            logs::answer(inner, &call.query, &place.key()).map(|body| match body {
                logs::Text::Whole(words) => super::plain(StatusCode::OK, &words),
                logs::Text::Flow(stream) => super::streamed("text/plain", stream),
            })
        }
        ("Pod", "eviction" | "log", _) => Err(Failure::method_not_allowed()),
        _ => Err(Failure::no_such_resource()),
    }
}

fn scale(inner: &Arc<Inner>, call: &Call, place: &Place, method: &str) -> Result<Answer, Failure> {
    let now = inner.now();
    let mut state = inner.state();
    let object = match method {
        "GET" => state
            .get(&place.key())
            .cloned()
            .ok_or_else(|| Failure::not_found(place.kind, &place.name))?,
        "PUT" | "PATCH" => {
            let replicas = call.body["spec"]["replicas"]
                .as_i64()
                .ok_or_else(|| Failure::bad_request("spec.replicas must be a whole number"))?;
            let mut patch = json!({"spec": {"replicas": replicas}});
            let version = &call.body["metadata"]["resourceVersion"];
            if !version.is_null() {
                patch["metadata"] = json!({"resourceVersion": version});
            }
            let target = Target {
                subresource: "scale",
                ..call.target(place, "scale", now)
            };
            let done = write::patch(&mut state, &target, Patch::Merge, patch);
            let version = state.version;
            drop(state);
            inner.announce(version);
            done?.0
        }
        _ => return Err(Failure::method_not_allowed()),
    };
    Ok(json_answer(StatusCode::OK, &as_scale(&object)))
}

fn as_scale(object: &Value) -> Value {
    let meta = &object["metadata"];
    let labels = object["spec"]["selector"]["matchLabels"].as_object();
    let selector: Vec<String> = labels
        .into_iter()
        .flatten()
        .map(|(k, v)| format!("{k}={}", text(v)))
        .collect();
    json!({"kind": "Scale", "apiVersion": "autoscaling/v1",
        "metadata": {"name": meta["name"], "namespace": meta["namespace"], "uid": meta["uid"],
            "resourceVersion": meta["resourceVersion"], "creationTimestamp": meta["creationTimestamp"]},
        "spec": {"replicas": int(&object["spec"]["replicas"], 1)},
        "status": {"replicas": int(&object["status"]["replicas"], 0), "selector": selector.join(",")}})
}

fn evict(inner: &Arc<Inner>, call: &Call, place: &Place) -> Result<Answer, Failure> {
    let now = inner.now();
    let mut state = inner.state();
    let pod = state
        .get(&place.key())
        .cloned()
        .ok_or_else(|| Failure::not_found(place.kind, &place.name))?;
    let budgets = state.list(by_kind("PodDisruptionBudget"), &place.namespace);
    for (key, budget) in budgets {
        let healthy = pod["status"]["phase"] == "Running";
        let covers = chooses(&budget["spec"]["selector"], &pod["metadata"]["labels"]);
        if healthy && covers && int(&budget["status"]["disruptionsAllowed"], 0) < 1 {
            let status = &budget["status"];
            let cause = Cause {
                reason: "DisruptionBudget",
                field: String::new(),
                message: format!(
                    "The disruption budget {} needs {} healthy pods and has {} currently",
                    key.name,
                    int(&status["desiredHealthy"], 0),
                    int(&status["currentHealthy"], 0)
                ),
            };
            return Err(Failure::too_many(
                "Cannot evict pod as it would violate the pod's disruption budget.",
                &[cause],
            ));
        }
    }
    let mut options = delete::Options::read(&call.body["deleteOptions"], |q| {
        call.query.get(q).to_owned()
    });
    options.uid = options.uid.or_else(|| Some(uid(&pod).to_owned()));
    delete::delete(&mut state, &place.key(), &options, now)?;
    let version = state.version;
    drop(state);
    inner.announce(version);
    Ok(json_answer(
        StatusCode::CREATED,
        &json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}),
    ))
}
