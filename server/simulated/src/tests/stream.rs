//! Watches and faults.

use super::*;
use crate::{Fault, Harm};
use futures::{StreamExt as _, TryStreamExt as _};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{DeleteParams, WatchEvent, WatchParams};
use kube::runtime::watcher::{self, Event};

fn map(name: &str, label: &str, value: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": {"tier": label}}, "data": {"x": value}})
}

fn maps(cluster: &Cluster) -> Api<ConfigMap> {
    Api::namespaced(cluster.client(), "shop")
}

fn told(event: &WatchEvent<ConfigMap>) -> String {
    let name = |m: &ConfigMap| m.metadata.name.clone().unwrap_or_default();
    match event {
        WatchEvent::Added(m) => format!("+{}", name(m)),
        WatchEvent::Modified(m) => format!("~{}", name(m)),
        WatchEvent::Deleted(m) => format!("-{}", name(m)),
        WatchEvent::Bookmark(_) => "bookmark".into(),
        WatchEvent::Error(e) => format!("{} {}", e.code, e.reason),
    }
}

#[tokio::test]
async fn a_watch_follows_its_selector() {
    let cluster = cluster().await;
    let api = maps(&cluster);
    let params = WatchParams::default().labels("tier=front");
    let mut stream = api.watch(&params, "0").await.unwrap().boxed();
    apply(&cluster, "shop", map("a", "front", "1"))
        .await
        .unwrap();
    apply(&cluster, "shop", map("b", "back", "1"))
        .await
        .unwrap();
    apply(&cluster, "shop", map("a", "front", "2"))
        .await
        .unwrap();
    apply(&cluster, "shop", map("a", "back", "2"))
        .await
        .unwrap();
    apply(&cluster, "shop", map("b", "front", "1"))
        .await
        .unwrap();
    api.delete("b", &DeleteParams::default()).await.unwrap();
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(told(&stream.try_next().await.unwrap().unwrap()));
    }
    assert_eq!(seen, ["+a", "~a", "-a", "+b", "-b"]);
}

#[tokio::test]
async fn a_watch_resumes_gets_bookmarks_and_expires() {
    let options = Options {
        history: 4,
        bookmark: Duration::from_millis(50),
        ..Options::default()
    };
    let cluster = Cluster::start(options);
    apply(
        &cluster,
        "",
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}),
    )
    .await
    .unwrap();
    let made = apply(&cluster, "shop", map("a", "x", "0")).await.unwrap();
    let version = made["metadata"]["resourceVersion"].as_str().unwrap();
    apply(&cluster, "shop", map("a", "x", "1")).await.unwrap();
    let api = maps(&cluster);
    let mut stream = api
        .watch(&WatchParams::default(), version)
        .await
        .unwrap()
        .boxed();
    assert_eq!(told(&stream.try_next().await.unwrap().unwrap()), "~a");
    assert_eq!(told(&stream.try_next().await.unwrap().unwrap()), "bookmark");
    for i in 2..12 {
        apply(&cluster, "shop", map("a", "x", &i.to_string()))
            .await
            .unwrap();
    }
    let mut stream = api
        .watch(&WatchParams::default(), version)
        .await
        .unwrap()
        .boxed();
    assert_eq!(
        told(&stream.try_next().await.unwrap().unwrap()),
        "410 Expired"
    );
    let short = WatchParams::default().timeout(1);
    let ended = api
        .watch(&short, "0")
        .await
        .unwrap()
        .try_collect::<Vec<_>>();
    let events = tokio::time::timeout(Duration::from_secs(3), ended)
        .await
        .expect("timeoutSeconds ends it")
        .unwrap();
    assert_eq!(told(&events[0]), "+a");
}

#[tokio::test]
async fn the_watcher_lists_again_after_410() {
    let cluster = cluster().await;
    apply(&cluster, "shop", map("a", "x", "0")).await.unwrap();
    for config in [
        watcher::Config::default(),
        watcher::Config::default().streaming_lists(),
    ] {
        let mut stream = kube::runtime::watcher(maps(&cluster), config).boxed();
        let mut until_done = async |wanted: &str| {
            let look = async {
                loop {
                    match stream.next().await.unwrap() {
                        Ok(Event::InitDone) if wanted == "init" => return,
                        Ok(Event::Apply(m))
                            if m.data.as_ref().is_some_and(|d| d["x"] == wanted) =>
                        {
                            return;
                        }
                        _ => {}
                    }
                }
            };
            tokio::time::timeout(Duration::from_secs(10), look)
                .await
                .unwrap_or_else(|_| panic!("no {wanted}"));
        };
        until_done("init").await;
        let value = cluster.snapshot()["resourceVersion"].to_string();
        apply(&cluster, "shop", map("a", "x", &value))
            .await
            .unwrap();
        until_done(&value).await;
        cluster.fail_next(Fault::new(Harm::Cut).on("", "configmaps"));
        let value = cluster.snapshot()["resourceVersion"].to_string();
        apply(&cluster, "shop", map("a", "x", &value))
            .await
            .unwrap();
        until_done(&value).await;
        cluster.fail_next(Fault::new(Harm::Expire).on("", "configmaps"));
        until_done("init").await;
    }
}

#[tokio::test]
async fn faults_happen_and_requests_are_counted() {
    let cluster = cluster().await;
    cluster.reset_requests();
    cluster.fail_next(Fault::new(Harm::Error(422)).on("PATCH", "configmaps/a"));
    assert_eq!(
        code(apply(&cluster, "shop", map("a", "x", "0")).await).0,
        422
    );
    cluster.fail_next(Fault::new(Harm::LoseAnswer).on("PATCH", ""));
    assert!(apply(&cluster, "shop", map("a", "x", "0")).await.is_err());
    assert_eq!(
        get(&cluster, "ConfigMap", "a").await["data"]["x"],
        "0",
        "it was done all the same"
    );
    cluster.fail_next(Fault::new(Harm::Hang).on("GET", ""));
    let hung = tokio::time::timeout(Duration::from_millis(50), maps(&cluster).get("a")).await;
    assert!(hung.is_err());
    cluster.fail_next(Fault::new(Harm::Delay(Duration::from_millis(80))));
    let start = std::time::Instant::now();
    maps(&cluster).get("a").await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(80));
    let requests = cluster.requests();
    assert_eq!(requests.iter().filter(|r| r.is_write()).count(), 2);
    assert_eq!(requests.len(), 5);
}

#[tokio::test]
async fn the_controllers_end_with_the_last_client() {
    let cluster = cluster().await;
    let mut changed = cluster.changed();
    drop(cluster);
    let gone = async { while changed.changed().await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(2), gone)
        .await
        .expect("nothing holds the cluster any more");
}

#[tokio::test]
async fn an_idle_cluster_is_quiet() {
    let cluster = cluster().await;
    for i in 0..11 {
        apply(
            &cluster,
            "shop",
            deployment(&format!("web-{i}"), "web:1", 3),
        )
        .await
        .unwrap();
    }
    for i in 0..11 {
        rolled_out(&cluster, &format!("web-{i}")).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let before = *cluster.changed().borrow();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(
        *cluster.changed().borrow(),
        before,
        "nothing changes when nobody asks"
    );
    assert!(cluster.nothing_due(), "and nothing will be looked at again");
}
