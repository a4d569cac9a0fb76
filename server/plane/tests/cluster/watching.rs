//! Watches: what is seen, and what they live through.

use std::collections::BTreeSet;

use futures::{Stream, StreamExt};
use plane::{Observed, Watched};
use serde_json::json;
use simulated::{Fault, Harm};
use tokio::time::timeout;

use super::*;

/// The next observation that fits, within a time that is long only for a broken watch.
async fn until(
    stream: &mut (impl Stream<Item = Observed> + Unpin),
    fits: impl Fn(&Observed) -> bool,
) -> Observed {
    let mut seen = Vec::new();
    let found = timeout(Duration::from_secs(15), async {
        loop {
            let observed = stream.next().await.expect("a watch never ends");
            if fits(&observed) {
                return observed;
            }
            seen.push(observed);
        }
    });
    match found.await {
        Ok(found) => found,
        Err(_) => panic!("never came; instead: {seen:#?}"),
    }
}

fn is_config(observed: &Observed, name: &str, value: &str) -> bool {
    matches!(observed, Observed::Seen(o) if o["metadata"]["name"] == name && o["data"]["key"] == value)
}

fn configs() -> Watched {
    Watched::ours("v1", "ConfigMap")
}

#[tokio::test]
async fn sees_what_is_there_what_changes_and_what_goes() {
    let (cluster, plane) = start().await;
    plane.apply(&[config("a", "1")], &owner()).await.unwrap();
    meddle(&cluster, config("foreign", "1"), "kubectl").await;
    let mut stream = plane.watch(&[configs()]);
    let Observed::Seen(first) = until(&mut stream, |o| is_config(o, "a", "1")).await else {
        unreachable!()
    };
    assert_eq!(
        (first["kind"].as_str(), first["apiVersion"].as_str()),
        (Some("ConfigMap"), Some("v1"))
    );
    assert!(first["metadata"].get("managedFields").is_none());
    let uid = first["metadata"]["uid"].as_str().unwrap().to_owned();
    let listed = until(&mut stream, |o| matches!(o, Observed::Listed { .. })).await;
    assert_eq!(
        listed,
        Observed::Listed {
            kind: configs(),
            uids: BTreeSet::from([uid.clone()])
        }
    );
    assert_eq!(
        stream.next().await,
        Some(Observed::Live { kind: configs() })
    );
    plane.apply(&[config("a", "2")], &owner()).await.unwrap();
    until(&mut stream, |o| is_config(o, "a", "2")).await;
    plane
        .delete(&reference(&config("a", "")), None, &owner())
        .await
        .unwrap();
    let gone = until(&mut stream, |o| matches!(o, Observed::Gone(..))).await;
    assert_eq!(gone, Observed::Gone(reference(&config("a", "")), uid));
}

#[tokio::test]
async fn pods_are_seen_by_the_labels_of_their_template() {
    let (_cluster, plane) = start().await;
    let kinds = [
        Watched::ours("v1", "Pod"),
        Watched::ours("apps/v1", "ReplicaSet"),
    ];
    let mut stream = plane.watch(&kinds);
    plane
        .apply(&[deployment("cart:1")], &owner())
        .await
        .unwrap();
    until(
        &mut stream,
        |o| matches!(o, Observed::Seen(o) if o["kind"] == "Pod" && plane::summary::is_ready(o)),
    )
    .await;
}

#[tokio::test]
async fn a_cut_is_resumed_without_a_word() {
    let (cluster, plane) = start().await;
    let mut stream = plane.watch(&[configs()]);
    until(&mut stream, |o| matches!(o, Observed::Live { .. })).await;
    cluster.fail_next(Fault::new(Harm::Cut).on("GET", "configmaps"));
    plane.apply(&[config("a", "1")], &owner()).await.unwrap();
    let next = until(&mut stream, |_| true).await;
    assert!(
        is_config(&next, "a", "1"),
        "neither lost nor listed anew: {next:?}"
    );
}

#[tokio::test]
async fn an_expired_version_is_listed_anew() {
    let (cluster, plane) = start().await;
    plane
        .apply(&[config("a", "1"), config("b", "1")], &owner())
        .await
        .unwrap();
    let mut stream = plane.watch(&[configs()]);
    until(&mut stream, |o| matches!(o, Observed::Live { .. })).await;
    cluster.fail_next(Fault::new(Harm::Expire).on("GET", "configmaps"));
    let listed = until(&mut stream, |o| matches!(o, Observed::Listed { .. })).await;
    let Observed::Listed { uids, .. } = listed else {
        unreachable!()
    };
    assert_eq!(uids.len(), 2);
    plane.apply(&[config("a", "2")], &owner()).await.unwrap();
    until(&mut stream, |o| is_config(o, "a", "2")).await;
}

#[tokio::test]
async fn a_kind_that_cannot_be_listed_is_lost_and_found() {
    let (cluster, plane) = start().await;
    cluster.fail_next(
        Fault::new(Harm::Error(503))
            .on("GET", "/configmaps")
            .times(2),
    );
    let kinds = [configs(), Watched::ours("v1", "Service")];
    let mut stream = plane.watch(&kinds);
    plane.apply(&[service()], &owner()).await.unwrap();
    let lost = until(&mut stream, |o| matches!(o, Observed::Lost { .. })).await;
    assert!(matches!(lost, Observed::Lost { kind, .. } if kind == configs()));
    until(
        &mut stream,
        |o| matches!(o, Observed::Listed { kind, .. } if *kind == configs()),
    )
    .await;
    until(
        &mut stream,
        |o| matches!(o, Observed::Live { kind } if *kind == configs()),
    )
    .await;
}

#[tokio::test]
async fn an_absent_kind_bothers_nobody_and_is_found_when_it_comes() {
    let (cluster, plane) = start().await;
    let routes = Watched::ours("gateway.networking.k8s.io/v1", "HTTPRoute");
    let discovery = "/apis/gateway.networking.k8s.io/v1";
    cluster.fail_next(Fault::new(Harm::Error(404)).on("GET", discovery).times(3));
    let mut stream = plane.watch(&[routes.clone(), configs()]);
    let absent = until(&mut stream, |o| matches!(o, Observed::Absent { .. })).await;
    assert_eq!(
        absent,
        Observed::Absent {
            kind: routes.clone()
        }
    );
    plane.apply(&[config("a", "1")], &owner()).await.unwrap();
    until(&mut stream, |o| is_config(o, "a", "1")).await;
    let next = until(&mut stream, |o| {
        matches!(o, Observed::Absent { .. } | Observed::Lost { .. })
            || matches!(o, Observed::Live { kind } if *kind == routes)
    })
    .await;
    assert_eq!(
        next,
        Observed::Live { kind: routes },
        "absence is told once"
    );
}

#[tokio::test]
async fn a_secrets_values_are_not_seen() {
    let (_cluster, plane) = start().await;
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "shop"}, "data": {"password": "Y2FuYXJ5"}});
    plane
        .apply(std::slice::from_ref(&secret), &owner())
        .await
        .unwrap();
    let mut stream = plane.watch(&[Watched::ours("v1", "Secret")]);
    let Observed::Seen(seen) = until(&mut stream, |o| matches!(o, Observed::Seen(_))).await else {
        unreachable!()
    };
    assert!(!seen.to_string().contains("Y2FuYXJ5"), "{seen}");
    let got = plane.get(&reference(&secret)).await.unwrap().unwrap();
    assert_eq!(got["data"]["password"], "(hidden)");
    let applied = plane.apply(&[secret], &owner()).await.unwrap();
    assert_eq!(
        applied[0].change,
        plane::Change::Unchanged,
        "compared by the real value"
    );
}
