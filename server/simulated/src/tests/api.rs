//! Discovery, apply, dry runs, refusals, deletion.

use super::*;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace};
use kube::api::{
    DeleteParams, ListParams, PostParams, Preconditions, PropagationPolicy, ValidationDirective,
};
use kube::discovery::{Discovery, Scope, pinned_kind};

#[tokio::test]
async fn discovery_says_what_there_is() {
    let cluster = cluster().await;
    let client = cluster.client();
    assert_eq!(
        client.apiserver_version().await.unwrap().git_version,
        crate::VERSION
    );
    for discovery in [
        Discovery::new(client.clone()).run().await,
        Discovery::new(client.clone()).run_aggregated().await,
    ] {
        let discovery = discovery.unwrap();
        let (route, caps) = discovery
            .resolve_gvk(&GroupVersionKind::gvk(
                "gateway.networking.k8s.io",
                "v1",
                "HTTPRoute",
            ))
            .unwrap();
        assert_eq!(
            (route.plural.as_str(), caps.scope),
            ("httproutes", Scope::Namespaced)
        );
        let (_, caps) = discovery
            .resolve_gvk(&GroupVersionKind::gvk("", "v1", "Namespace"))
            .unwrap();
        assert_eq!(caps.scope, Scope::Cluster);
        let (_, caps) = discovery
            .resolve_gvk(&GroupVersionKind::gvk("apps", "v1", "Deployment"))
            .unwrap();
        assert!(caps.subresources.iter().any(|(r, _)| r.plural == "scale"));
    }
    assert!(
        pinned_kind(&client, &GroupVersionKind::gvk("apps", "v1", "Deployment"))
            .await
            .is_ok()
    );
    assert!(
        pinned_kind(
            &client,
            &GroupVersionKind::gvk("cilium.io", "v2", "CiliumNetworkPolicy")
        )
        .await
        .is_err()
    );
    let unknown = ApiResource::from_gvk(&GroupVersionKind::gvk(
        "cilium.io",
        "v2",
        "CiliumNetworkPolicy",
    ));
    let refused = Api::<DynamicObject>::namespaced_with(client, "shop", &unknown)
        .list(&ListParams::default())
        .await;
    assert!(matches!(refused, Err(kube::Error::Api(s)) if s.code == 404));
}

#[tokio::test]
async fn apply_creates_then_leaves_alone_then_changes() {
    let cluster = cluster().await;
    let first = apply(&cluster, "shop", deployment("web", "web:1", 2))
        .await
        .unwrap();
    assert_eq!(first["metadata"]["generation"], 1);
    assert_eq!(
        first["spec"]["strategy"]["rollingUpdate"]["maxSurge"],
        "25%"
    );
    assert_eq!(
        first["spec"]["template"]["spec"]["containers"][0]["resources"]["requests"]["cpu"],
        "1"
    );
    let done = rolled_out(&cluster, "web").await;
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let again = apply(&cluster, "shop", deployment("web", "web:1", 2))
        .await
        .unwrap();
    assert_eq!(
        again["metadata"], done["metadata"],
        "no new version, no new time of a manager"
    );
    let changed = apply(&cluster, "shop", deployment("web", "web:2", 2))
        .await
        .unwrap();
    assert_eq!(changed["metadata"]["generation"], 2);
    let mut less = deployment("web", "web:2", 2);
    less["spec"]["template"]["spec"]["containers"][0]
        .as_object_mut()
        .unwrap()
        .remove("resources");
    let less = apply(&cluster, "shop", less).await.unwrap();
    assert_eq!(
        less["spec"]["template"]["spec"]["containers"][0]["resources"],
        json!({})
    );
}

#[tokio::test]
async fn a_lowered_limit_meets_no_request_that_nobody_made() {
    let cluster = cluster().await;
    let with = |memory: &str| {
        let mut object = deployment("web", "web:1", 1);
        object["spec"]["template"]["spec"]["containers"][0]["resources"] =
            json!({"limits": {"memory": memory}});
        object
    };
    apply(&cluster, "shop", with("256Mi")).await.unwrap();
    let lowered = apply(&cluster, "shop", with("128Mi")).await.unwrap();
    assert_eq!(
        lowered["spec"]["template"]["spec"]["containers"][0]["resources"],
        json!({"limits": {"memory": "128Mi"}})
    );
}

#[tokio::test]
async fn conflicts_name_the_manager_and_force_takes_over() {
    let cluster = cluster().await;
    apply(&cluster, "shop", deployment("web", "web:1", 2))
        .await
        .unwrap();
    let api: Api<Deployment> = Api::namespaced(cluster.client(), "shop");
    let by = PatchParams {
        field_manager: Some("kubectl".into()),
        ..PatchParams::default()
    };
    api.patch_scale("web", &by, &Patch::Merge(json!({"spec": {"replicas": 5}})))
        .await
        .unwrap();
    let refused = apply(&cluster, "shop", deployment("web", "web:1", 2))
        .await
        .unwrap_err();
    let kube::Error::Api(status) = refused else {
        panic!("{refused}")
    };
    assert_eq!((status.code, status.reason.as_str()), (409, "Conflict"));
    let cause = &status.details.as_ref().unwrap().causes[0];
    assert_eq!(
        (cause.reason.as_str(), cause.field.as_str()),
        ("FieldManagerConflict", ".spec.replicas")
    );
    assert_eq!(
        cause.message,
        "conflict with \"kubectl\" with subresource \"scale\" using apps/v1"
    );
    let forced = apply_with(
        &cluster,
        "shop",
        deployment("web", "web:1", 2),
        &PatchParams::apply("troupe").force(),
    )
    .await;
    assert_eq!(forced.unwrap()["spec"]["replicas"], 2);
}

#[tokio::test]
async fn a_dry_run_leaves_no_trace() {
    let cluster = cluster().await;
    let dry = PatchParams::apply("troupe").dry_run();
    let seen = apply_with(&cluster, "shop", deployment("web", "web:1", 2), &dry)
        .await
        .unwrap();
    assert_eq!(seen["spec"]["revisionHistoryLimit"], 10);
    assert!(seen["metadata"]["resourceVersion"].is_null());
    assert_eq!(get(&cluster, "Deployment", "web").await, Value::Null);
    apply(&cluster, "shop", deployment("web", "web:1", 2))
        .await
        .unwrap();
    rolled_out(&cluster, "web").await;
    let before = cluster.snapshot();
    let seen = apply_with(&cluster, "shop", deployment("web", "web:2", 2), &dry)
        .await
        .unwrap();
    assert_eq!(seen["metadata"]["generation"], 2);
    let api = objects(&cluster, "shop", "Deployment");
    api.delete(
        "web",
        &DeleteParams {
            dry_run: true,
            ..DeleteParams::default()
        },
    )
    .await
    .unwrap();
    assert_eq!(cluster.snapshot(), before);
}

#[tokio::test]
async fn refusals_are_those_of_a_real_server() {
    let cluster = cluster().await;
    let mut bad = deployment("web", "web:1", 1);
    bad["spec"]["replikas"] = json!(1);
    let (code_, message) = code(apply(&cluster, "shop", bad).await);
    assert_eq!(code_, 500);
    assert!(
        message.ends_with("Kind=Deployment): .spec.replikas: field not declared in schema"),
        "{message}"
    );
    let mut none = service("web");
    none["spec"]["ports"] = json!([]);
    let (code_, message) = code(apply(&cluster, "shop", none).await);
    assert_eq!(
        (code_, message.as_str()),
        (
            422,
            "Service \"web\" is invalid: spec.ports: Required value"
        )
    );
    let (code_, message) = code(apply(&cluster, "nowhere", service("web")).await);
    assert_eq!(
        (code_, message.as_str()),
        (404, "namespaces \"nowhere\" not found")
    );
    let (code_, _) = code(apply(&cluster, "shop", deployment("Web", "web:1", 1)).await);
    assert_eq!(code_, 422);
    apply(&cluster, "shop", deployment("web", "web:1", 1))
        .await
        .unwrap();
    let mut other = deployment("web", "web:1", 1);
    other["spec"]["selector"]["matchLabels"] = json!({"app": "web", "more": "x"});
    other["spec"]["template"]["metadata"]["labels"] = json!({"app": "web", "more": "x"});
    let (code_, message) = code(apply(&cluster, "shop", other).await);
    assert!(
        code_ == 422
            && message.contains("spec.selector: Invalid value")
            && message.contains("field is immutable"),
        "{message}"
    );
    let mut apart = deployment("other", "web:1", 1);
    apart["spec"]["template"]["metadata"]["labels"] = json!({"app": "x"});
    assert!(
        code(apply(&cluster, "shop", apart).await)
            .1
            .contains("`selector` does not match template `labels`")
    );
    let maps: Api<ConfigMap> = Api::namespaced(cluster.client(), "shop");
    let strict = PatchParams {
        field_validation: Some(ValidationDirective::Strict),
        ..PatchParams::apply("troupe")
    };
    let refused = maps
        .patch(
            "a",
            &strict,
            &Patch::Apply(json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": 1}})),
        )
        .await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn stale_updates_conflict() {
    let cluster = cluster().await;
    let maps: Api<ConfigMap> = Api::namespaced(cluster.client(), "shop");
    let map: ConfigMap =
        serde_json::from_value(json!({"metadata": {"name": "a"}, "data": {"x": "1"}})).unwrap();
    let made = maps.create(&PostParams::default(), &map).await.unwrap();
    assert!(
        matches!(maps.create(&PostParams::default(), &map).await, Err(kube::Error::Api(s)) if s.is_already_exists())
    );
    let mut newer = made.clone();
    newer.data.as_mut().unwrap().insert("x".into(), "2".into());
    maps.replace("a", &PostParams::default(), &newer)
        .await
        .unwrap();
    assert!(
        matches!(maps.replace("a", &PostParams::default(), &newer).await, Err(kube::Error::Api(s)) if s.is_conflict())
    );
    let wrong = DeleteParams::default().preconditions(Preconditions {
        uid: Some("other".into()),
        resource_version: None,
    });
    assert!(matches!(maps.delete("a", &wrong).await, Err(kube::Error::Api(s)) if s.is_conflict()));
}

#[tokio::test]
async fn deletion_follows_its_policy() {
    let cluster = cluster().await;
    for name in ["back", "fore", "orphan"] {
        apply(&cluster, "shop", deployment(name, "web:1", 1))
            .await
            .unwrap();
        rolled_out(&cluster, name).await;
    }
    let api = objects(&cluster, "shop", "Deployment");
    api.delete("back", &DeleteParams::background())
        .await
        .unwrap();
    assert_eq!(get(&cluster, "Deployment", "back").await, Value::Null);
    let left = api
        .delete("fore", &DeleteParams::foreground())
        .await
        .unwrap()
        .left()
        .expect("it waits for its children");
    assert_eq!(
        left.metadata.finalizers,
        Some(vec!["foregroundDeletion".to_owned()])
    );
    let orphan = DeleteParams {
        propagation_policy: Some(PropagationPolicy::Orphan),
        ..DeleteParams::default()
    };
    api.delete("orphan", &orphan).await.unwrap();
    until("all gone but the orphans", || async {
        let sets = list(&cluster, "ReplicaSet").await;
        let gone = get(&cluster, "Deployment", "fore").await.is_null();
        (gone && sets.len() == 1 && list(&cluster, "Pod").await.len() == 1).then_some(())
    })
    .await;
    let all: Api<Namespace> = Api::all(cluster.client());
    all.delete("shop", &DeleteParams::default()).await.unwrap();
    assert_eq!(code(apply(&cluster, "shop", service("late")).await).0, 403);
    until("the namespace is gone", || async {
        all.get_opt("shop").await.unwrap().is_none().then_some(())
    })
    .await;
    let inside: Vec<Value> = cluster.snapshot()["objects"].as_array().unwrap().clone();
    assert!(inside.iter().all(|o| o["metadata"]["namespace"] != "shop"));
}

#[tokio::test]
async fn finalizers_hold_an_object() {
    let cluster = cluster().await;
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "finalizers": ["troupe.dev/hold"]}});
    apply(&cluster, "shop", map).await.unwrap();
    let api = objects(&cluster, "shop", "ConfigMap");
    api.delete("a", &DeleteParams::default()).await.unwrap();
    assert!(!get(&cluster, "ConfigMap", "a").await["metadata"]["deletionTimestamp"].is_null());
    api.patch(
        "a",
        &PatchParams::default(),
        &Patch::Merge(json!({"metadata": {"finalizers": null}})),
    )
    .await
    .unwrap();
    assert_eq!(get(&cluster, "ConfigMap", "a").await, Value::Null);
}

#[tokio::test]
async fn lists_are_selected_and_paged() {
    let cluster = cluster().await;
    for i in 0..7 {
        let map = json!({"apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": format!("m{i}"), "labels": {"odd": (i % 2 == 1).to_string()}}});
        apply(&cluster, "shop", map).await.unwrap();
    }
    let api: Api<ConfigMap> = Api::namespaced(cluster.client(), "shop");
    let odd = api
        .list(&ListParams::default().labels("odd=true"))
        .await
        .unwrap();
    assert_eq!(odd.items.len(), 3);
    let one = api
        .list(&ListParams::default().fields("metadata.name=m4"))
        .await
        .unwrap();
    assert_eq!(one.items.len(), 1);
    let mut names = Vec::new();
    let mut params = ListParams::default().limit(3);
    loop {
        let page = api.list(&params).await.unwrap();
        names.extend(page.items.into_iter().filter_map(|m| m.metadata.name));
        match page.metadata.continue_.filter(|c| !c.is_empty()) {
            Some(token) => params.continue_token = Some(token),
            None => break,
        }
    }
    assert_eq!(names, ["m0", "m1", "m2", "m3", "m4", "m5", "m6"]);
    let meta = api.list_metadata(&ListParams::default()).await.unwrap();
    assert_eq!(meta.items.len(), 7);
    api.delete_collection(
        &DeleteParams::default(),
        &ListParams::default().labels("odd=true"),
    )
    .await
    .unwrap();
    assert_eq!(list(&cluster, "ConfigMap").await.len(), 4);
}

#[tokio::test]
async fn a_snapshot_keeps_everything() {
    let cluster = cluster().await;
    let mut web = deployment("web", "web:1", 2);
    web["spec"]["template"]["spec"]["initContainers"] =
        json!([{"name": "prepare", "image": "init:1"}]);
    apply(&cluster, "shop", web.clone()).await.unwrap();
    rolled_out(&cluster, "web").await;
    let pods = list(&cluster, "Pod").await;
    let stored = cluster.snapshot();
    drop(cluster);
    // Into another second: times must come from the objects, not from now.
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    let options = || Options {
        pace: Duration::from_millis(60),
        ..Options::default()
    };
    let cluster = Cluster::restore(options(), stored.clone());
    tokio::time::sleep(Duration::from_millis(300)).await;
    let again = list(&cluster, "Pod").await;
    let uids = |pods: &[Value]| {
        pods.iter()
            .map(|p| p["metadata"]["uid"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(uids(&again), uids(&pods));
    assert_eq!(
        get(&cluster, "Deployment", "web").await["status"]["readyReplicas"],
        2
    );
    let same = apply(&cluster, "shop", web).await.unwrap();
    assert_eq!(same["metadata"]["generation"], 1);
    assert_eq!(
        cluster.snapshot(),
        stored,
        "nothing was disturbed by taking it up again"
    );
}
