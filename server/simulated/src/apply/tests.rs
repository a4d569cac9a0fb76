//! The rules of ownership, one by one.

use super::*;
use serde_json::json;

fn writer(manager: &'static str, force: bool) -> Writer<'static> {
    Writer {
        kind: "Deployment",
        api_version: "apps/v1",
        manager,
        subresource: "",
        force,
        now: 1_000_000,
    }
}

fn web(image: &str, env: &Value) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "labels": {"a": "1"}},
        "spec": {"replicas": 2, "selector": {"matchLabels": {"a": "1"}}, "template": {"spec": {"containers": [
            {"name": "app", "image": image, "env": env, "ports": [{"containerPort": 80}]}]}}}})
}

#[test]
fn fields_survive_their_json_form() {
    let set = fields::owned_by(
        &web("a", &json!([{"name": "X", "value": "1"}])),
        "Deployment",
    );
    let form = fields::to_json(&set);
    assert_eq!(fields::from_json(&form), set);
    let app = &form["f:spec"]["f:template"]["f:spec"]["f:containers"]["k:{\"name\":\"app\"}"];
    assert_eq!(app["."], json!({}));
    assert_eq!(
        app["f:ports"]["k:{\"containerPort\":80,\"protocol\":\"TCP\"}"]["f:containerPort"],
        json!({})
    );
    assert_eq!(
        form["f:spec"]["f:selector"],
        json!({}),
        "a selector is atomic"
    );
}

#[test]
fn same_intent_changes_nothing() {
    let intent = web("a", &json!([{"name": "X", "value": "1"}]));
    let first = apply(&Value::Null, &intent, &writer("troupe", false)).unwrap();
    let second = apply(&first, &intent, &writer("troupe", false)).unwrap();
    assert_eq!(first, second);
}

#[test]
fn dropped_fields_go_and_others_stay() {
    let live = apply(
        &Value::Null,
        &web("a", &json!([{"name": "X", "value": "1"}])),
        &writer("troupe", false),
    )
    .unwrap();
    let other = json!({"spec": {"template": {"spec": {"containers": [
        {"name": "app", "env": [{"name": "Y", "value": "2"}]}, {"name": "side", "image": "s"}]}}}});
    let live = apply(&live, &other, &writer("mesh", false)).unwrap();
    let live = apply(&live, &web("b", &json!([])), &writer("troupe", false)).unwrap();
    let containers = &live["spec"]["template"]["spec"]["containers"];
    assert_eq!(containers[0]["image"], "b");
    assert_eq!(containers[0]["env"], json!([{"name": "Y", "value": "2"}]));
    assert_eq!(containers[1]["name"], "side");
    let live = apply(&live, &json!({}), &writer("mesh", false)).unwrap();
    assert_eq!(
        live["spec"]["template"]["spec"]["containers"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_conflict_names_field_and_manager() {
    let live = apply(
        &Value::Null,
        &web("a", &json!([])),
        &writer("troupe", false),
    )
    .unwrap();
    let other = json!({"spec": {"replicas": 5}});
    let refused = apply(&live, &other, &writer("kubectl", false)).unwrap_err();
    assert_eq!(
        refused.message,
        "Apply failed with 1 conflict: conflict with \"troupe\": .spec.replicas"
    );
    assert_eq!(refused.causes[0].field, ".spec.replicas");
    let taken = apply(&live, &other, &writer("kubectl", true)).unwrap();
    assert_eq!(taken["spec"]["replicas"], 5);
    let refused = apply(&taken, &web("a", &json!([])), &writer("troupe", false)).unwrap_err();
    assert_eq!(refused.causes[0].message, "conflict with \"kubectl\"");
    assert!(
        apply(
            &live,
            &json!({"spec": {"replicas": 2}}),
            &writer("kubectl", false)
        )
        .is_ok(),
        "agreeing is sharing"
    );
}

#[test]
fn several_conflicts_are_listed_by_manager() {
    let live = apply(
        &Value::Null,
        &web("a", &json!([])),
        &writer("troupe", false),
    )
    .unwrap();
    let refused = apply(
        &live,
        &json!({"spec": {"replicas": 5}, "metadata": {"labels": {"a": "2"}}}),
        &writer("x", false),
    );
    assert_eq!(
        refused.unwrap_err().message,
        "Apply failed with 2 conflicts: conflicts with \"troupe\":\n- .metadata.labels.a\n- .spec.replicas"
    );
}

#[test]
fn updates_take_ownership_of_what_they_change() {
    let live = apply(
        &Value::Null,
        &web("a", &json!([])),
        &writer("troupe", false),
    )
    .unwrap();
    let mut new = live.clone();
    new["spec"]["replicas"] = json!(7);
    updated(
        &live,
        &mut new,
        &Writer {
            subresource: "scale",
            ..writer("kubectl", false)
        },
    );
    let refused = apply(&new, &web("a", &json!([])), &writer("troupe", false)).unwrap_err();
    assert_eq!(
        refused.causes[0].message,
        "conflict with \"kubectl\" with subresource \"scale\" using apps/v1"
    );
    assert_eq!(refused.causes[0].field, ".spec.replicas");
}

#[test]
fn strategic_patches_merge_by_key_and_delete() {
    let live = web(
        "a",
        &json!([{"name": "X", "value": "1"}, {"name": "Y", "value": "2"}]),
    );
    let patch = json!({"spec": {"replicas": null, "template": {"spec": {"containers": [
        {"name": "app", "env": [{"name": "X", "$patch": "delete"}, {"name": "Y", "value": "3"}]}]}}}});
    let out = merge::strategic(&live, &patch, "Deployment");
    assert!(out["spec"].get("replicas").is_none());
    let app = &out["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(app["env"], json!([{"name": "Y", "value": "3"}]));
    assert_eq!(app["image"], "a");
}
