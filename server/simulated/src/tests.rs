//! The cluster as kube-rs sees it.

mod api;
mod jobs;
mod pods;
mod rollout;
mod stream;

use crate::{Cluster, Options};
use kube::api::{Api, DynamicObject, Patch, PatchParams};
use kube::core::GroupVersionKind;
use kube::discovery::ApiResource;
use serde_json::{Value, json};
use std::time::Duration;

/// A quick cluster with a namespace `shop`.
async fn cluster() -> Cluster {
    let cluster = Cluster::start(Options {
        pace: Duration::from_millis(60),
        ..Options::default()
    });
    apply(
        &cluster,
        "",
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}),
    )
    .await
    .unwrap();
    cluster
}

fn resource(kind: &str) -> ApiResource {
    let kind = crate::kinds::by_kind(kind);
    ApiResource::from_gvk_with_plural(
        &GroupVersionKind::gvk(kind.group, kind.version, kind.kind),
        kind.plural,
    )
}

fn objects(cluster: &Cluster, namespace: &str, kind: &str) -> Api<DynamicObject> {
    let resource = resource(kind);
    if crate::kinds::by_kind(kind).namespaced {
        Api::namespaced_with(cluster.client(), namespace, &resource)
    } else {
        Api::all_with(cluster.client(), &resource)
    }
}

async fn apply_with(
    cluster: &Cluster,
    namespace: &str,
    object: Value,
    params: &PatchParams,
) -> kube::Result<Value> {
    let api = objects(cluster, namespace, object["kind"].as_str().unwrap());
    let name = object["metadata"]["name"].as_str().unwrap().to_owned();
    api.patch(&name, params, &Patch::Apply(object))
        .await
        .map(|o| serde_json::to_value(o).unwrap())
}

async fn apply(cluster: &Cluster, namespace: &str, object: Value) -> kube::Result<Value> {
    apply_with(cluster, namespace, object, &PatchParams::apply("troupe")).await
}

async fn get(cluster: &Cluster, kind: &str, name: &str) -> Value {
    let found = objects(cluster, "shop", kind).get_opt(name).await.unwrap();
    found.map_or(Value::Null, |o| serde_json::to_value(o).unwrap())
}

async fn list(cluster: &Cluster, kind: &str) -> Vec<Value> {
    let all = objects(cluster, "shop", kind)
        .list(&kube::api::ListParams::default())
        .await
        .unwrap();
    all.items
        .into_iter()
        .map(|o| serde_json::to_value(o).unwrap())
        .collect()
}

/// Waits until a look at the cluster gives what is asked for.
async fn until<F: Future<Output = Option<T>>, T>(what: &str, look: impl Fn() -> F) -> T {
    let end = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < end, "never happened: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn deployment(name: &str, image: &str, replicas: i64) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "labels": {"app": name}},
        "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [
                {"name": "app", "image": image, "ports": [{"containerPort": 8080}],
                    "resources": {"requests": {"cpu": "1000m", "memory": "64Mi"}}}]}}}})
}

fn service(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
        "spec": {"selector": {"app": name}, "ports": [{"port": 80, "targetPort": 8080}]}})
}

fn code(result: kube::Result<Value>) -> (u16, String) {
    match result {
        Err(kube::Error::Api(status)) => (status.code, status.message.clone()),
        other => panic!("not refused: {other:?}"),
    }
}

fn condition(object: &Value, kind: &str) -> Value {
    crate::value::items(&object["status"]["conditions"])
        .iter()
        .find(|c| c["type"] == kind)
        .cloned()
        .unwrap_or_default()
}

/// Waits until a Deployment is what it is to be.
async fn rolled_out(cluster: &Cluster, name: &str) -> Value {
    until("rollout", || async {
        let it = get(cluster, "Deployment", name).await;
        let done = it["status"]["observedGeneration"] == it["metadata"]["generation"]
            && condition(&it, "Progressing")["reason"] == "NewReplicaSetAvailable"
            && it["status"]["unavailableReplicas"].is_null()
            && it["status"]["updatedReplicas"] == it["spec"]["replicas"];
        done.then_some(it)
    })
    .await
}
