//! The shop demo, from manifests to pods that are ready.

use model::{health::Health, view::Paging};

use crate::Running;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_comes_up_green_but_for_what_is_meant_to_fail() {
    let running = Running::start(|settings| settings.demo = true).await;
    let view = running
        .until("the shop is green", || async {
            let view = running
                .ports
                .projects
                .find(&running.viewer, "gcp-microservice-demo", &Paging::default())
                .await
                .map_err(|error| error.to_string())?;
            let count = &view.counts[0];
            if count.healthy == 11 {
                Ok(view)
            } else {
                Err(format!("{:?}", view.components))
            }
        })
        .await;
    assert_eq!(view.components.total, 11);
    let failing = running
        .health(
            "bookshop",
            "recommendations",
            "development",
            Health::Degraded,
        )
        .await;
    assert!(failing.sentence.contains("crash"), "{}", failing.sentence);
    running
        .until("the last lines of what crashed", || async {
            let card = running
                .health(
                    "bookshop",
                    "recommendations",
                    "development",
                    Health::Degraded,
                )
                .await;
            if card.last_lines.is_empty() {
                Err("no lines".into())
            } else {
                Ok(())
            }
        })
        .await;
    let waiting = running
        .ports
        .overview
        .waiting(&running.viewer)
        .await
        .expect("waiting");
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    assert_eq!(waiting[0].for_what, "Workload bookshop/orders");
    running
        .health("bookshop", "catalog", "staging", Health::Healthy)
        .await;
    let task = running
        .health("bookshop", "sales-report", "development", Health::Healthy)
        .await;
    assert_eq!(task.artifact, Some(1));
    let again = running
        .ports
        .overview
        .home(&running.viewer)
        .await
        .expect("home");
    assert_eq!(again.failing.len(), 1, "{:?}", again.failing);
}
