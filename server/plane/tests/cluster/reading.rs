//! Logs, events, versions, and verdicts on what really runs.

use futures::StreamExt;
use model::health::Health;
use plane::health::workload;
use plane::{LogOptions, Observed, PodRef, Watched};
use serde_json::Value;
use tokio::time::timeout;

use super::*;

/// Applies a deployment and gives it and its pods once the pods fit.
async fn run(
    plane: &Plane,
    image: &str,
    fits: impl Fn(&Value, &[Value]) -> bool,
) -> (Value, Vec<Value>) {
    plane.apply(&[deployment(image)], &owner()).await.unwrap();
    let mut stream = plane.watch(&[
        Watched::ours("v1", "Pod"),
        Watched::ours("apps/v1", "Deployment"),
    ]);
    let mut pods: BTreeMap<String, Value> = BTreeMap::new();
    let mut owner = Value::Null;
    let waited = timeout(Duration::from_secs(20), async {
        loop {
            match stream.next().await.unwrap() {
                Observed::Seen(o) if o["kind"] == "Deployment" => owner = o,
                Observed::Seen(o) => {
                    pods.insert(o["metadata"]["uid"].as_str().unwrap().to_owned(), o);
                }
                Observed::Gone(_, uid) => {
                    pods.remove(&uid);
                }
                _ => {}
            }
            let all: Vec<Value> = pods.values().cloned().collect();
            if !owner.is_null() && fits(&owner, &all) {
                return;
            }
        }
    });
    if waited.await.is_err() {
        panic!("never came to this: {owner:#} {pods:#?}");
    }
    (owner, pods.into_values().collect())
}

fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

#[tokio::test]
async fn a_running_deployment_is_healthy_and_its_log_can_be_followed() {
    let (_cluster, plane) = start().await;
    let time = now();
    let (_, pods) = run(&plane, "cart:1", |owner, pods| {
        workload(owner, pods, time).health == Health::Healthy && !pods.is_empty()
    })
    .await;
    let pod = PodRef {
        namespace: "shop".into(),
        name: pods[0]["metadata"]["name"].as_str().unwrap().into(),
    };
    let options = LogOptions {
        follow: true,
        tail: Some(5),
        ..LogOptions::default()
    };
    let mut lines = plane.logs(&pod, &options).await.unwrap();
    let line = timeout(Duration::from_secs(15), lines.next())
        .await
        .expect("a line")
        .unwrap()
        .unwrap();
    assert!(!line.is_empty() && !line.ends_with('\n'), "{line:?}");
    let once = LogOptions {
        tail: Some(1),
        ..LogOptions::default()
    };
    let last: Vec<_> = plane.logs(&pod, &once).await.unwrap().collect().await;
    assert_eq!(last.len(), 1);
    let nobody = PodRef {
        namespace: "shop".into(),
        name: "nobody".into(),
    };
    assert!(
        plane
            .logs(&nobody, &once)
            .await
            .err()
            .expect("no such pod")
            .is_not_found()
    );
}

#[tokio::test]
async fn an_image_that_is_not_there_is_named() {
    let (_cluster, plane) = start().await;
    let time = now();
    let (owner, pods) = run(&plane, "cart:v9--pull", |owner, pods| {
        workload(owner, pods, time).health == Health::Degraded
    })
    .await;
    assert_eq!(
        workload(&owner, &pods, time).sentence,
        "image not found: cart:v9--pull"
    );
    let about = reference(&pods[0]);
    let events = plane.events("shop", Some(&about)).await.unwrap();
    assert!(
        !events.is_empty() && events.iter().all(|event| event.object.name == about.name),
        "{events:#?}"
    );
    assert!(events.is_sorted_by(|a, b| a.at >= b.at));
    let all = plane.events("shop", None).await.unwrap();
    assert!(all.len() >= events.len() && all.len() <= 100);
}

#[tokio::test]
async fn a_crash_tells_its_exit_code() {
    let (_cluster, plane) = start().await;
    let time = now();
    let (owner, pods) = run(&plane, "cart:v9--crash", |owner, pods| {
        workload(owner, pods, time).code == "CrashLoopBackOff"
    })
    .await;
    let sentence = workload(&owner, &pods, time).sentence;
    assert!(
        sentence.starts_with("crashes right after start (exit code 1"),
        "{sentence}"
    );
}

#[tokio::test]
async fn the_plane_tells_its_version() {
    let (_cluster, plane) = start().await;
    let version = plane.version().await.unwrap();
    assert!(version.git_version.ends_with("+simulated"), "{version:?}");
    assert_eq!(version.major, "1");
}

/// The futures must be able to move between threads.
#[tokio::test]
async fn all_calls_can_be_spawned() {
    let (_cluster, plane) = start().await;
    let task = tokio::spawn(async move {
        let owner = owner();
        plane.apply(&[config("a", "1")], &owner).await.unwrap();
        plane.dry_run(&[config("a", "2")], &owner).await.unwrap();
        plane
            .delete(&reference(&config("a", "")), None, &owner)
            .await
            .unwrap()
    });
    assert_eq!(task.await.unwrap(), plane::Deletion::Gone);
}
