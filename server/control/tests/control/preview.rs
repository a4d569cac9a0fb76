//! What people see before they save, and what becomes of those who were slower.

use model::{health::Health, identity::Identity, kind::Kind, problem::Problem, view::Change};

use crate::{
    Running,
    declare::{CART, workload},
    sent,
};

fn in_cart(kind: Kind) -> Identity {
    Identity::in_component(kind, "default", "shop", "cart", "cart")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_shows_the_objects_that_the_release_will_hold_and_writes_nothing() {
    let running = Running::start(|_| {}).await;
    let all = format!("{CART}---{}", workload("cart:1"));
    let manifests = &running.ports.manifests;
    let view = manifests
        .preview(&running.viewer, &sent(&all))
        .await
        .expect("previews");
    let [release] = view.releases.as_slice() else {
        panic!("{view:?}")
    };
    assert_eq!(release.environment, "development");
    assert_eq!(release.blocked, [] as [&str; 0]);
    assert!(
        release
            .diff
            .iter()
            .all(|diff| diff.change == Change::Created)
    );
    let nothing = manifests
        .find(&running.viewer, &in_cart(Kind::Workload))
        .await;
    assert!(nothing.is_err(), "a preview writes nothing");

    running.apply(&all).await;
    running
        .health("shop", "cart", "development", Health::Healthy)
        .await;
    let made = running
        .ports
        .components
        .release(&running.viewer, "shop", "cart", "development", 1)
        .await
        .expect("a release");
    assert_eq!(release.objects, made.objects, "what was shown is what came");

    let view = manifests
        .preview(&running.viewer, &sent(&workload("cart:2")))
        .await
        .expect("previews");
    let changed: Vec<&str> = view.releases[0]
        .diff
        .iter()
        .filter(|diff| diff.change == Change::Changed)
        .map(|diff| diff.kind.as_str())
        .collect();
    assert_eq!(changed, ["Deployment"]);
    let same = manifests
        .preview(&running.viewer, &sent(&workload("cart:1")))
        .await
        .expect("previews");
    assert_eq!(same.releases, [], "the same content makes no release");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_says_what_is_missing() {
    let running = Running::start(|_| {}).await;
    let view = running
        .ports
        .manifests
        .preview(&running.viewer, &sent(CART))
        .await
        .expect("previews");
    assert_eq!(view.releases.len(), 1);
    assert!(
        view.releases[0].blocked[0].contains("cart"),
        "{:?}",
        view.releases
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_slower_is_told_and_sees_what_is_there_now() {
    let running = Running::start(|_| {}).await;
    running
        .apply(&format!("{CART}---{}", workload("cart:1")))
        .await;
    let manifests = &running.ports.manifests;
    let what = in_cart(Kind::Workload);
    let seen = manifests.find(&running.viewer, &what).await.expect("there");
    let send = |image: &str, version| sent(&workload(image)).expecting(what.clone(), version);

    let done = manifests
        .apply(&running.viewer, &send("cart:2", seen.version))
        .await
        .expect("applies");
    assert!(done.applied);
    let stale = manifests
        .apply(&running.viewer, &send("cart:3", seen.version))
        .await;
    let Err(Problem::Stale { current, message }) = stale else {
        panic!("{stale:?}")
    };
    let current = current.expect("what it is now");
    assert_eq!(
        current["spec"]["containers"]["main"]["image"], "cart:2",
        "{current}"
    );
    assert!(message.contains("ana"), "{message}");

    let taken = manifests
        .apply(&running.viewer, &send("cart:3", 0))
        .await
        .expect("answers");
    assert!(!taken.applied);
    assert!(taken.faults[0].message.contains("there already"));
}
