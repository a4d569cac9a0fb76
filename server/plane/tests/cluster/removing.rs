//! Deletion: ours, and nothing else.

use plane::Deletion;
use serde_json::json;

use super::*;

fn why(deletion: Deletion) -> String {
    match deletion {
        Deletion::NotOurs { why } => why,
        other => panic!("should have been left alone: {other:?}"),
    }
}

#[tokio::test]
async fn what_is_ours_goes_with_all_that_came_of_it() {
    let (_cluster, plane) = start().await;
    let applied = plane
        .apply(&[deployment("cart:1")], &owner())
        .await
        .unwrap();
    let about = reference(&deployment(""));
    let deletion = plane
        .delete(&about, Some(&applied[0].uid), &owner())
        .await
        .unwrap();
    assert_eq!(deletion, Deletion::Gone);
    assert_eq!(plane.get(&about).await.unwrap(), None);
    assert_eq!(
        plane.delete(&about, None, &owner()).await.unwrap(),
        Deletion::Gone
    );
}

#[tokio::test]
async fn foreign_objects_are_left_alone() {
    let (cluster, plane) = start().await;
    plane.apply(&[config("cart", "a")], &owner()).await.unwrap();
    let about = reference(&config("cart", ""));
    cluster.reset_requests();
    assert!(
        why(plane.delete(&about, Some("other"), &owner()).await.unwrap())
            .contains("another object of this name")
    );
    let other = Owner {
        binding: "another".into(),
        ..owner()
    };
    assert!(why(plane.delete(&about, None, &other).await.unwrap()).contains("another binding"));
    let other = Owner {
        install: "two".into(),
        ..owner()
    };
    assert!(
        why(plane.delete(&about, None, &other).await.unwrap()).contains("another installation")
    );
    assert_eq!(writes(&cluster), 0);

    meddle(&cluster, config("theirs", "a"), "kubectl").await;
    let theirs = reference(&config("theirs", ""));
    assert!(
        why(plane.delete(&theirs, None, &owner()).await.unwrap())
            .contains("isn't managed by Troupe")
    );

    let mut copy = plane.get(&about).await.unwrap().unwrap();
    copy["metadata"] = json!({"name": "copy", "namespace": "shop", "labels": copy["metadata"]["labels"], "annotations": copy["metadata"]["annotations"]});
    meddle(&cluster, copy, "velero").await;
    let copy = reference(&config("copy", ""));
    assert!(
        why(plane.delete(&copy, None, &owner()).await.unwrap()).contains("copy of another object")
    );
}

#[tokio::test]
async fn some_things_are_kept() {
    let (_cluster, plane) = start().await;
    let shop = reference(&namespace("shop"));
    assert!(why(plane.delete(&shop, None, &owner()).await.unwrap()).contains("never deleted"));
    let mut kept = config("kept", "a");
    kept["metadata"]["annotations"] = json!({"troupe.dev/prune": "disabled"});
    plane.apply(&[kept.clone()], &owner()).await.unwrap();
    assert!(
        why(plane
            .delete(&reference(&kept), None, &owner())
            .await
            .unwrap())
        .contains("troupe.dev/prune")
    );
}

#[tokio::test]
async fn finalizers_are_named() {
    let (_cluster, plane) = start().await;
    let mut held = config("held", "a");
    held["metadata"]["finalizers"] = json!(["example.com/hold"]);
    plane.apply(&[held.clone()], &owner()).await.unwrap();
    let held = reference(&held);
    let deleting = Deletion::Deleting {
        finalizers: vec!["example.com/hold".into()],
    };
    assert_eq!(plane.delete(&held, None, &owner()).await.unwrap(), deleting);
    assert_eq!(
        plane.delete(&held, None, &owner()).await.unwrap(),
        deleting,
        "and not deleted again"
    );
}
