//! Planes that don't answer, and that come back.

use plane::{Class, PlaneError, PlaneState};
use simulated::{Fault, Harm};
use tokio::time::timeout;

use super::*;

#[tokio::test]
async fn the_breaker_opens_parks_callers_and_closes() {
    let (cluster, plane) = start_with(fast()).await;
    let about = reference(&config("a", ""));
    plane.get(&about).await.unwrap();
    cluster.fail_next(Fault::new(Harm::Hang).times(1_000));
    for attempt in 1..=3 {
        assert_eq!(plane.state(), PlaneState::Live, "attempt {attempt}");
        let error = plane.get(&about).await.unwrap_err();
        assert_eq!(error.class(), Class::Unreachable, "{error}");
    }
    let PlaneState::Unreachable { error, .. } = plane.state() else {
        panic!("should be open")
    };
    assert!(error.contains("no answer within"), "{error}");

    cluster.reset_requests();
    let at_once = timeout(Duration::from_millis(50), plane.get(&about)).await;
    assert!(
        matches!(at_once, Ok(Err(PlaneError::Unreachable { .. }))),
        "parked callers aren't kept waiting"
    );
    assert!(
        cluster
            .requests()
            .iter()
            .all(|r| r.path.starts_with("/version")),
        "only probes go out"
    );

    let mut states = plane.states();
    cluster.forgive();
    timeout(
        Duration::from_secs(5),
        states.wait_for(|state| *state == PlaneState::Live),
    )
    .await
    .expect("closes")
    .unwrap();
    assert_eq!(plane.get(&about).await.unwrap(), None);
}

#[tokio::test]
async fn refusals_do_not_open_the_breaker() {
    let (cluster, plane) = start_with(fast()).await;
    cluster.fail_next(
        Fault::new(Harm::Error(500))
            .on("GET", "configmaps")
            .times(10),
    );
    for _ in 0..10 {
        let error = plane.get(&reference(&config("a", ""))).await.unwrap_err();
        assert_eq!(error.class(), Class::Transient);
    }
    assert_eq!(plane.state(), PlaneState::Live);
}

#[tokio::test]
async fn a_watch_waits_for_the_plane_and_lists_anew() {
    use futures::StreamExt;
    use plane::{Observed, Watched};
    let (cluster, plane) = start_with(fast()).await;
    let kind = Watched::ours("v1", "ConfigMap");
    plane.apply(&[config("a", "1")], &owner()).await.unwrap();
    cluster.fail_next(Fault::new(Harm::Hang).times(1_000));
    for _ in 0..3 {
        plane.version().await.unwrap_err();
    }
    let mut stream = plane.watch(std::slice::from_ref(&kind));
    let lost = timeout(Duration::from_secs(5), stream.next())
        .await
        .unwrap()
        .unwrap();
    assert!(matches!(lost, Observed::Lost { .. }), "{lost:?}");
    cluster.forgive();
    let live = timeout(Duration::from_secs(10), async {
        while stream.next().await != Some(Observed::Live { kind: kind.clone() }) {}
    });
    live.await.expect("comes back by itself");
}

#[tokio::test]
async fn no_more_calls_at_once_than_slots() {
    let (cluster, plane) = start_with(Timings {
        concurrency: 2,
        ..fast()
    })
    .await;
    cluster.fail_next(
        Fault::new(Harm::Delay(Duration::from_millis(100)))
            .on("GET", "configmaps")
            .times(6),
    );
    let about = reference(&config("a", ""));
    let begun = std::time::Instant::now();
    futures::future::join_all((0..6).map(|_| plane.get(&about))).await;
    assert!(
        begun.elapsed() >= Duration::from_millis(290),
        "three rounds of two: {:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn an_address_where_nothing_listens() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let yaml = format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{{name: a, context: {{cluster: c, user: u}}}}]\n\
         clusters: [{{name: c, cluster: {{server: 'http://127.0.0.1:{port}'}}}}]\nusers: [{{name: u, user: {{token: t}}}}]\n"
    );
    let plane = Plane::connect_with("dead", Access::Kubeconfig(yaml, None), fast()).unwrap();
    let error = plane.version().await.unwrap_err();
    assert_eq!(error.class(), Class::Unreachable);
    assert!(
        error.to_string().contains("Connection refused"),
        "says why: {error}"
    );
}
