//! Jobs and CronJobs.

use super::*;

fn job(name: &str, words: &str, limit: i64) -> Value {
    json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": {"backoffLimit": limit,
        "template": {"metadata": {"annotations": {crate::SIMULATE: words}}, "spec": {"restartPolicy": "Never",
            "containers": [{"name": "app", "image": "job:1"}]}}}})
}

#[tokio::test]
async fn jobs_end_well_or_badly() {
    let cluster = cluster().await;
    apply(&cluster, "shop", job("good", "", 0)).await.unwrap();
    apply(&cluster, "shop", job("bad", "job-fail", 1))
        .await
        .unwrap();
    let good = until("complete", || async {
        let it = get(&cluster, "Job", "good").await;
        (condition(&it, "Complete")["status"] == "True").then_some(it)
    })
    .await;
    assert_eq!(good["status"]["succeeded"], 1);
    assert!(good["status"]["completionTime"].is_string());
    let bad = until("failed", || async {
        let it = get(&cluster, "Job", "bad").await;
        (condition(&it, "Failed")["status"] == "True").then_some(it)
    })
    .await;
    assert_eq!(condition(&bad, "Failed")["reason"], "BackoffLimitExceeded");
    assert_eq!(bad["status"]["failed"], 2);
    let pods = list(&cluster, "Pod").await;
    let failed: Vec<_> = pods
        .iter()
        .filter(|p| p["status"]["phase"] == "Failed")
        .collect();
    assert_eq!(failed.len(), 2);
    assert_eq!(
        failed[0]["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"],
        1
    );
    let same = apply(&cluster, "shop", job("good", "", 0)).await.unwrap();
    assert_eq!(
        same["metadata"]["resourceVersion"],
        good["metadata"]["resourceVersion"]
    );
}

fn cron(policy: &str, words: &str, suspend: bool) -> Value {
    json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "tick"}, "spec": {
        "schedule": "*/1 * * * *", "concurrencyPolicy": policy, "suspend": suspend, "successfulJobsHistoryLimit": 2,
        "jobTemplate": {"spec": job("", words, 0)["spec"]}}})
}

#[tokio::test]
async fn cron_jobs_run_on_time_and_keep_a_short_history() {
    let cluster = cluster().await;
    apply(&cluster, "shop", cron("Allow", "", false))
        .await
        .unwrap();
    for turn in 1..=4 {
        cluster.advance(Duration::from_secs(60));
        until("a job ended", || async {
            let done = list(&cluster, "Event")
                .await
                .iter()
                .filter(|e| e["reason"] == "Completed")
                .count();
            (done >= turn).then_some(())
        })
        .await;
    }
    let it = until("history is short", || async {
        (list(&cluster, "Job").await.len() == 2).then_some(get(&cluster, "CronJob", "tick").await)
    })
    .await;
    assert!(
        it["status"]["lastScheduleTime"].is_string()
            && it["status"]["lastSuccessfulTime"].is_string(),
        "{}",
        it["status"]
    );
    apply(&cluster, "shop", cron("Allow", "", true))
        .await
        .unwrap();
    let before = list(&cluster, "Job").await.len();
    cluster.advance(Duration::from_secs(300));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(list(&cluster, "Job").await.len(), before, "suspended");
}

#[tokio::test]
async fn forbid_waits_for_the_running_job() {
    let cluster = cluster().await;
    apply(&cluster, "shop", cron("Forbid", "done=1h", false))
        .await
        .unwrap();
    cluster.advance(Duration::from_secs(61));
    until("one runs", || async {
        (get(&cluster, "CronJob", "tick").await["status"]["active"]
            .as_array()
            .map(Vec::len)
            == Some(1))
        .then_some(())
    })
    .await;
    cluster.advance(Duration::from_secs(120));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(list(&cluster, "Job").await.len(), 1);
}

#[tokio::test]
async fn cron_jobs_are_checked() {
    let cluster = cluster().await;
    let mut bad = cron("Allow", "", false);
    bad["spec"]["schedule"] = json!("every now and then");
    assert_eq!(code(apply(&cluster, "shop", bad).await).0, 422);
    let mut long = cron("Allow", "", false);
    long["metadata"]["name"] = json!("x".repeat(53));
    assert!(
        code(apply(&cluster, "shop", long).await)
            .1
            .contains("must be no more than 52 characters")
    );
    let mut always = cron("Allow", "", false);
    always["spec"]["jobTemplate"]["spec"]["template"]["spec"]["restartPolicy"] = json!("Always");
    assert!(
        code(apply(&cluster, "shop", always).await)
            .1
            .contains("restartPolicy: Unsupported value")
    );
}
