//! Planes against the simulated cluster: what is written, seen, survived and refused.
#![expect(
    clippy::unwrap_used,
    reason = "a panic in a helper is a failed test as well"
)]

mod applying;
mod breaking;
mod reading;
mod removing;
mod watching;

use std::collections::BTreeMap;
use std::time::Duration;

use kube::api::{Api, DynamicObject, Patch, PatchParams};
use kube::core::{ApiResource, GroupVersionKind};
use plane::{Access, ObjectRef, Owner, Plane, Timings};
use serde_json::{Value, json};
use simulated::{Cluster, Options};

/// Timings that let a test wait for what production waits minutes for.
fn fast() -> Timings {
    Timings {
        call: Duration::from_millis(400),
        failures: 3,
        probe_first: Duration::from_millis(100),
        probe_longest: Duration::from_millis(200),
        absent: Duration::from_millis(200),
        established: Duration::from_secs(3),
        ..Timings::default()
    }
}

/// A fast cluster with the namespace `shop`, and a plane that reaches it.
async fn start() -> (Cluster, Plane) {
    start_with(Timings {
        call: Duration::from_secs(10),
        ..fast()
    })
    .await
}

async fn start_with(timings: Timings) -> (Cluster, Plane) {
    let cluster = Cluster::start(Options {
        pace: Duration::from_millis(20),
        ..Options::default()
    });
    let plane = Plane::connect_with("test", Access::Client(cluster.client()), timings).unwrap();
    plane.apply(&[namespace("shop")], &owner()).await.unwrap();
    cluster.reset_requests();
    (cluster, plane)
}

fn owner() -> Owner {
    Owner {
        install: "one".into(),
        binding: "0190a000-0000-7000-8000-000000000001".into(),
        release: "cart-1".into(),
        labels: BTreeMap::from([("troupe.dev/component".into(), "cart".into())]),
    }
}

fn namespace(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
}

fn config(name: &str, value: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "shop"}, "data": {"key": value}})
}

fn deployment(image: &str) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart", "namespace": "shop"},
        "spec": {
            "replicas": 1, "selector": {"matchLabels": {"app": "cart"}},
            "template": {"metadata": {"labels": {"app": "cart"}},
                         "spec": {"containers": [{"name": "main", "image": image, "ports": [{"containerPort": 8080}]}]}}
        }
    })
}

fn service() -> Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "cart", "namespace": "shop"},
           "spec": {"selector": {"app": "cart"}, "ports": [{"port": 80, "targetPort": 8080}]}})
}

fn reference(object: &Value) -> ObjectRef {
    ObjectRef::of(object).unwrap()
}

/// Somebody else's server-side apply, by force.
async fn meddle(cluster: &Cluster, object: Value, manager: &str) {
    let about = reference(&object);
    let (group, version) = about
        .api_version
        .split_once('/')
        .unwrap_or(("", &about.api_version));
    let resource = ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, &about.kind));
    let api: Api<DynamicObject> = Api::namespaced_with(
        cluster.client(),
        about.namespace.as_deref().unwrap(),
        &resource,
    );
    let params = PatchParams::apply(manager).force();
    api.patch(&about.name, &params, &Patch::Apply(&object))
        .await
        .unwrap();
}

fn writes(cluster: &Cluster) -> usize {
    cluster
        .requests()
        .iter()
        .filter(|request| request.is_write())
        .count()
}
