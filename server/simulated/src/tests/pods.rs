//! How pods fail when they are told to, and what they log.

use super::*;
use futures::{AsyncBufReadExt as _, StreamExt as _};
use k8s_openapi::api::core::v1::Pod;
use kube::api::LogParams;

async fn told(cluster: &Cluster, name: &str, words: &str) {
    let mut it = deployment(name, "shop/app:1", 1);
    it["spec"]["template"]["metadata"]["annotations"] = json!({crate::SIMULATE: words});
    apply(cluster, "shop", it).await.unwrap();
}

async fn pod_where(cluster: &Cluster, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
    until(what, || async {
        list(cluster, "Pod").await.into_iter().find(|p| fits(p))
    })
    .await
}

fn waits(pod: &Value, reason: &str) -> bool {
    pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"] == reason
}

#[tokio::test]
async fn an_image_that_cannot_be_pulled() {
    let cluster = cluster().await;
    told(&cluster, "a", "pull").await;
    let pod = pod_where(&cluster, "ErrImagePull", |p| waits(p, "ErrImagePull")).await;
    assert_eq!(pod["status"]["phase"], "Pending");
    let message = pod["status"]["containerStatuses"][0]["state"]["waiting"]["message"]
        .as_str()
        .unwrap();
    assert!(
        message.contains("failed to pull and unpack image \"shop/app:1\"")
            && message.ends_with("not found")
    );
    pod_where(&cluster, "ImagePullBackOff", |p| {
        waits(p, "ImagePullBackOff")
    })
    .await;
    pod_where(&cluster, "tries again", |p| waits(p, "ErrImagePull")).await;
}

#[tokio::test]
async fn a_crash_loop_counts_and_says_why() {
    let cluster = cluster().await;
    told(&cluster, "a", "crash=3").await;
    let pod = pod_where(&cluster, "third crash", |p| {
        p["status"]["containerStatuses"][0]["restartCount"].as_i64() >= Some(2)
            && waits(p, "CrashLoopBackOff")
    })
    .await;
    let last = &pod["status"]["containerStatuses"][0]["lastState"]["terminated"];
    assert_eq!(
        (&last["exitCode"], &last["reason"]),
        (&json!(3), &json!("Error"))
    );
    assert_eq!(condition(&pod, "Ready")["status"], "False");
    let pods: Api<Pod> = Api::namespaced(cluster.client(), "shop");
    let name = pod["metadata"]["name"].as_str().unwrap();
    let previous = LogParams {
        previous: true,
        ..LogParams::default()
    };
    let log = pods.logs(name, &previous).await.unwrap();
    assert!(
        log.contains("fatal, exiting with code 3") && log.contains("goroutine 1 [running]"),
        "{log}"
    );
    let deployment = get(&cluster, "Deployment", "a").await;
    assert_eq!(condition(&deployment, "Available")["status"], "False");
}

#[tokio::test]
async fn every_other_failure() {
    let cluster = cluster().await;
    told(&cluster, "oom", "oom").await;
    let pod = pod_where(&cluster, "OOMKilled", |p| {
        p["metadata"]["labels"]["app"] == "oom"
            && p["status"]["containerStatuses"][0]["lastState"]["terminated"]["reason"]
                == "OOMKilled"
    })
    .await;
    assert_eq!(
        pod["status"]["containerStatuses"][0]["lastState"]["terminated"]["exitCode"],
        137
    );
    told(&cluster, "config", "config").await;
    pod_where(&cluster, "CreateContainerConfigError", |p| {
        waits(p, "CreateContainerConfigError")
    })
    .await;
    told(&cluster, "nowhere", "unschedulable").await;
    let pod = pod_where(&cluster, "unschedulable", |p| {
        condition(p, "PodScheduled")["reason"] == "Unschedulable"
    })
    .await;
    assert_eq!(pod["status"]["phase"], "Pending");
    assert!(
        condition(&pod, "PodScheduled")["message"]
            .as_str()
            .unwrap()
            .starts_with("0/3 nodes are available: 3 Insufficient cpu.")
    );
    told(&cluster, "late", "ready=400ms").await;
    let pod = pod_where(&cluster, "runs but isn't ready", |p| {
        p["metadata"]["labels"]["app"] == "late" && p["status"]["phase"] == "Running"
    })
    .await;
    assert_eq!(condition(&pod, "Ready")["status"], "False");
    pod_where(&cluster, "ready at last", |p| {
        p["metadata"]["labels"]["app"] == "late" && condition(p, "Ready")["status"] == "True"
    })
    .await;
    told(&cluster, "never", "never-ready").await;
    pod_where(&cluster, "never ready", |p| {
        p["metadata"]["labels"]["app"] == "never" && p["status"]["phase"] == "Running"
    })
    .await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(
        get(&cluster, "Deployment", "never").await["status"]["readyReplicas"],
        Value::Null
    );
}

#[tokio::test]
async fn a_running_workload_can_be_told_to_fail_and_to_recover() {
    let cluster = cluster().await;
    apply(&cluster, "shop", deployment("web", "web:1", 1))
        .await
        .unwrap();
    rolled_out(&cluster, "web").await;
    let api = objects(&cluster, "shop", "Deployment");
    let say = async |word: Value| {
        let patch = json!({"metadata": {"annotations": {crate::SIMULATE: word}}});
        api.patch("web", &PatchParams::default(), &Patch::Merge(patch))
            .await
            .unwrap();
    };
    say(json!("crash")).await;
    pod_where(&cluster, "crashes", |p| waits(p, "CrashLoopBackOff")).await;
    assert_eq!(list(&cluster, "Pod").await.len(), 1, "the same pod");
    say(Value::Null).await;
    pod_where(&cluster, "runs again", |p| {
        condition(p, "Ready")["status"] == "True"
    })
    .await;
}

#[tokio::test]
async fn all_containers_are_reported() {
    let cluster = cluster().await;
    let mut it = deployment("web", "web:1", 1);
    it["spec"]["template"]["spec"]["containers"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "side", "image": "side:1--crash"}));
    it["spec"]["template"]["spec"]["initContainers"] =
        json!([{"name": "prepare", "image": "init:1"}]);
    apply(&cluster, "shop", it).await.unwrap();
    let pod = pod_where(&cluster, "the second crashes", |p| {
        p["status"]["containerStatuses"][1]["state"]["waiting"]["reason"] == "CrashLoopBackOff"
            && p["status"]["containerStatuses"][0]["ready"] == true
    })
    .await;
    assert_eq!(
        pod["status"]["initContainerStatuses"][0]["state"]["terminated"]["reason"],
        "Completed"
    );
    assert_eq!(
        condition(&pod, "Ready")["message"],
        "containers with unready status: [side]"
    );
}

#[tokio::test]
async fn logs_tail_and_follow() {
    let cluster = cluster().await;
    apply(&cluster, "shop", deployment("cart", "shop/cart:7", 1))
        .await
        .unwrap();
    rolled_out(&cluster, "cart").await;
    let name = list(&cluster, "Pod").await[0]["metadata"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    let pods: Api<Pod> = Api::namespaced(cluster.client(), "shop");
    cluster.advance(Duration::from_secs(60));
    let all = pods.logs(&name, &LogParams::default()).await.unwrap();
    assert!(
        all.lines()
            .next()
            .unwrap()
            .ends_with("cart: starting cart 7"),
        "{all}"
    );
    assert!(all.lines().count() > 10);
    let tail = LogParams {
        tail_lines: Some(2),
        timestamps: true,
        ..LogParams::default()
    };
    let tail = pods.logs(&name, &tail).await.unwrap();
    assert_eq!(tail.lines().count(), 2);
    assert!(
        tail.lines()
            .last()
            .unwrap()
            .ends_with(all.lines().last().unwrap()),
        "a second look says the same"
    );
    let short = LogParams {
        limit_bytes: Some(10),
        ..LogParams::default()
    };
    assert_eq!(pods.logs(&name, &short).await.unwrap().len(), 10);
    let follow = LogParams {
        follow: true,
        tail_lines: Some(1),
        ..LogParams::default()
    };
    let mut lines = pods.log_stream(&name, &follow).await.unwrap().lines();
    assert_eq!(
        lines.next().await.unwrap().unwrap(),
        all.lines().last().unwrap()
    );
    let next = tokio::time::timeout(Duration::from_secs(9), lines.next())
        .await
        .expect("a line each few seconds");
    assert!(next.unwrap().unwrap().contains("cart: "));
    apply(&cluster, "shop", deployment("cart", "shop/cart:7", 0))
        .await
        .unwrap();
    let rest = async { while lines.next().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(5), rest)
        .await
        .expect("the stream ends with the pod");
    let refused = pods.logs("none", &LogParams::default()).await;
    assert!(matches!(refused, Err(kube::Error::Api(s)) if s.code == 404));
}

#[tokio::test]
async fn restarts_outlive_the_process() {
    let cluster = cluster().await;
    told(&cluster, "a", "crash").await;
    pod_where(&cluster, "crashed twice", |p| {
        p["status"]["containerStatuses"][0]["restartCount"].as_i64() >= Some(2)
    })
    .await;
    let calm = json!({"metadata": {"annotations": {crate::SIMULATE: ""}}});
    let pods = objects(&cluster, "shop", "Pod");
    let name = list(&cluster, "Pod").await[0]["metadata"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    // The pod itself is told to recover, so that it stays the same pod.
    pods.patch(&name, &PatchParams::default(), &Patch::Merge(calm))
        .await
        .unwrap();
    let before = pod_where(&cluster, "runs again", |p| {
        condition(p, "Ready")["status"] == "True"
    })
    .await;
    let stored = cluster.snapshot();
    drop((cluster, pods));
    let options = Options {
        pace: Duration::from_millis(60),
        ..Options::default()
    };
    let cluster = Cluster::restore(options, stored);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let after = get(&cluster, "Pod", &name).await;
    assert_eq!(after["status"], before["status"]);
}
