//! Deployments, StatefulSets, DaemonSets, Services and routes.

use super::*;
use kube::api::{DeleteParams, EvictParams};

#[tokio::test]
async fn a_deployment_becomes_available_and_rolls() {
    let cluster = cluster().await;
    apply(&cluster, "shop", deployment("web", "web:1", 3))
        .await
        .unwrap();
    let first = rolled_out(&cluster, "web").await;
    assert_eq!(first["status"]["readyReplicas"], 3);
    assert_eq!(
        condition(&first, "Available")["reason"],
        "MinimumReplicasAvailable"
    );
    assert_eq!(
        first["metadata"]["annotations"]["deployment.kubernetes.io/revision"],
        "1"
    );
    apply(&cluster, "shop", deployment("web", "web:2", 3))
        .await
        .unwrap();
    let watch = async {
        // Never fewer than allowed: 25 % of 3, rounded down, is none.
        loop {
            let now = get(&cluster, "Deployment", "web").await;
            assert!(
                now["status"]["availableReplicas"].as_i64().unwrap_or(0) >= 3,
                "{}",
                now["status"]
            );
            assert!(
                now["status"]["replicas"].as_i64().unwrap_or(0) <= 4,
                "{}",
                now["status"]
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let second =
        tokio::select! { done = rolled_out(&cluster, "web") => done, () = watch => unreachable!() };
    assert_eq!(
        second["metadata"]["annotations"]["deployment.kubernetes.io/revision"],
        "2"
    );
    let sets = list(&cluster, "ReplicaSet").await;
    let mut sizes: Vec<_> = sets
        .iter()
        .map(|s| s["spec"]["replicas"].as_i64().unwrap())
        .collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [0, 3]);
    until("old pods are gone", || async {
        (list(&cluster, "Pod").await.len() == 3).then_some(())
    })
    .await;
    apply(&cluster, "shop", deployment("web", "web:1", 3))
        .await
        .unwrap();
    let back = rolled_out(&cluster, "web").await;
    assert_eq!(
        back["metadata"]["annotations"]["deployment.kubernetes.io/revision"],
        "3"
    );
    assert_eq!(
        list(&cluster, "ReplicaSet").await.len(),
        2,
        "a rollback takes the old set up again"
    );
    apply(&cluster, "shop", deployment("web", "web:1", 0))
        .await
        .unwrap();
    until("scaled to nothing", || async {
        list(&cluster, "Pod").await.is_empty().then_some(())
    })
    .await;
    let reasons: Vec<_> = list(&cluster, "Event")
        .await
        .into_iter()
        .map(|e| e["reason"].clone())
        .collect();
    for reason in [
        "ScalingReplicaSet",
        "SuccessfulCreate",
        "Scheduled",
        "Pulling",
        "Pulled",
        "Created",
        "Started",
        "Killing",
    ] {
        assert!(reasons.contains(&json!(reason)), "{reason}");
    }
}

#[tokio::test]
async fn recreate_stops_all_before_it_starts_any() {
    let cluster = cluster().await;
    let make = |image| {
        let mut it = deployment("web", image, 2);
        it["spec"]["strategy"] = json!({"type": "Recreate"});
        it
    };
    apply(&cluster, "shop", make("web:1")).await.unwrap();
    rolled_out(&cluster, "web").await;
    apply(&cluster, "shop", make("web:2")).await.unwrap();
    rolled_out(&cluster, "web").await;
    until("only new pods", || async {
        let pods = list(&cluster, "Pod").await;
        (pods.len() == 2
            && pods
                .iter()
                .all(|p| p["spec"]["containers"][0]["image"] == "web:2"))
        .then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_stuck_rollout_passes_its_deadline() {
    let cluster = cluster().await;
    apply(&cluster, "shop", deployment("web", "web:1--never-ready", 1))
        .await
        .unwrap();
    until("it runs", || async {
        let pods = list(&cluster, "Pod").await;
        pods.first()
            .is_some_and(|p| p["status"]["phase"] == "Running")
            .then_some(())
    })
    .await;
    cluster.advance(Duration::from_secs(700));
    let late = until("deadline", || async {
        let it = get(&cluster, "Deployment", "web").await;
        (condition(&it, "Progressing")["reason"] == "ProgressDeadlineExceeded").then_some(it)
    })
    .await;
    assert_eq!(condition(&late, "Progressing")["status"], "False");
    assert_eq!(condition(&late, "Available")["status"], "False");
}

#[tokio::test]
async fn stateful_and_daemon_sets_run() {
    let cluster = cluster().await;
    let template = deployment("db", "db:1", 1)["spec"]["template"].clone();
    let set = json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": {"replicas": 2,
        "serviceName": "db", "selector": {"matchLabels": {"app": "db"}}, "template": template,
        "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}}}}]}});
    apply(&cluster, "shop", set.clone()).await.unwrap();
    let ready = |wanted: &'static str| {
        let cluster = cluster.clone();
        move || {
            let cluster = cluster.clone();
            async move {
                let it = get(&cluster, "StatefulSet", "db").await;
                let image =
                    get(&cluster, "Pod", "db-0").await["spec"]["containers"][0]["image"] == wanted;
                (image
                    && it["status"]["readyReplicas"] == 2
                    && it["status"]["updatedReplicas"] == 2
                    && it["status"]["currentRevision"] == it["status"]["updateRevision"])
                    .then_some(())
            }
        }
    };
    until("both are ready", ready("db:1")).await;
    assert_eq!(
        get(&cluster, "PersistentVolumeClaim", "data-db-1").await["status"]["phase"],
        "Bound"
    );
    let mut newer = set;
    newer["spec"]["template"]["spec"]["containers"][0]["image"] = json!("db:2");
    apply(&cluster, "shop", newer).await.unwrap();
    until("both are new", ready("db:2")).await;
    let template = deployment("agent", "agent:1", 1)["spec"]["template"].clone();
    let set = json!({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent"},
        "spec": {"selector": {"matchLabels": {"app": "agent"}}, "template": template}});
    apply(&cluster, "shop", set).await.unwrap();
    until("the daemon is ready", || async {
        (get(&cluster, "DaemonSet", "agent").await["status"]["numberAvailable"] == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn services_lead_to_ready_pods_and_routes_to_services() {
    let cluster = cluster().await;
    let route = json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "web"},
        "spec": {"parentRefs": [{"name": "gateway-external"}], "hostnames": ["web.example"],
            "rules": [{"backendRefs": [{"name": "web", "port": 80}]}]}});
    apply(&cluster, "shop", route).await.unwrap();
    let resolved = || async {
        let it = get(&cluster, "HTTPRoute", "web").await;
        let words = json!({"status": {"conditions": it["status"]["parents"][0]["conditions"]}});
        let word = condition(&words, "ResolvedRefs");
        word.is_object().then_some(word)
    };
    assert_eq!(until("told", resolved).await["reason"], "BackendNotFound");
    apply(&cluster, "shop", service("web")).await.unwrap();
    until("resolved", || async {
        resolved().await.filter(|w| w["status"] == "True")
    })
    .await;
    apply(&cluster, "shop", deployment("web", "web:1", 2))
        .await
        .unwrap();
    rolled_out(&cluster, "web").await;
    let slice = until("endpoints", || async {
        let slices = list(&cluster, "EndpointSlice").await;
        slices.into_iter().find(|s| {
            let all = s["endpoints"].as_array().cloned().unwrap_or_default();
            all.len() == 2 && all.iter().all(|e| e["conditions"]["ready"] == true)
        })
    })
    .await;
    assert_eq!(slice["ports"][0]["port"], 8080);
}

#[tokio::test]
async fn budgets_refuse_evictions_and_autoscalers_keep_bounds() {
    let cluster = cluster().await;
    apply(&cluster, "shop", deployment("web", "web:1", 2))
        .await
        .unwrap();
    let budget = json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "web"},
        "spec": {"minAvailable": 2, "selector": {"matchLabels": {"app": "web"}}}});
    apply(&cluster, "shop", budget).await.unwrap();
    rolled_out(&cluster, "web").await;
    until("counted", || async {
        (get(&cluster, "PodDisruptionBudget", "web").await["status"]["currentHealthy"] == 2)
            .then_some(())
    })
    .await;
    let pods: Api<k8s_openapi::api::core::v1::Pod> = Api::namespaced(cluster.client(), "shop");
    let name = list(&cluster, "Pod").await[0]["metadata"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    let evict = async || {
        tokio::time::timeout(
            Duration::from_secs(1),
            pods.evict(&name, &EvictParams::default()),
        )
        .await
    };
    assert!(!matches!(evict().await, Ok(Ok(_))), "refused with 429");
    objects(&cluster, "shop", "PodDisruptionBudget")
        .delete("web", &DeleteParams::default())
        .await
        .unwrap();
    assert!(matches!(evict().await, Ok(Ok(_))));
    let scaler = json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"},
        "spec": {"minReplicas": 3, "maxReplicas": 5, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}});
    apply(&cluster, "shop", scaler).await.unwrap();
    until("scaled up", || async {
        (get(&cluster, "Deployment", "web").await["status"]["readyReplicas"] == 3).then_some(())
    })
    .await;
    let refused = apply(&cluster, "shop", deployment("web", "web:1", 2)).await;
    assert_eq!(code(refused).0, 409);
}
