//! A task that is run by hand: from the row that says so to its Job on the plane.

use plane::{Class, ObjectRef};
use serde_json::Value;
use store::actions::Run;

use super::{Next, deploy::owner};
use crate::{Error, Platform, Result, clock, follow};

/// A plane that doesn't answer for so long, in microseconds, runs nothing any more: nobody expects
/// a task that was asked for hours ago.
const PATIENCE: i64 = 10 * 60 * 1_000_000;

/// Makes the Job of a run, once.
pub(super) async fn reconcile(platform: &Platform, id: &str) -> Result<Next> {
    let store = platform.store();
    let Some(run) = store.run(id).await? else {
        return Ok(Next::Done);
    };
    if run.made_at.is_some() || !run.trouble.is_empty() {
        return Ok(Next::Done);
    }
    let Some(binding) = store.binding(&run.binding_id).await? else {
        return Ok(Next::Done);
    };
    let release = match binding.release {
        Some(number) => store.release(&binding.id, number).await?,
        None => None,
    };
    let cron_job = release
        .as_ref()
        .and_then(|release| cron_job(&release.objects));
    let (Some(release), Some(cron_job)) = (release, cron_job) else {
        return end(platform, &run, "nothing of it is on the plane any more").await;
    };
    let late = clock::now().0 - run.at > PATIENCE;
    let Some(connected) = platform.planes().get(&run.organization, &release.plane) else {
        if late {
            return end(platform, &run, "given up: the plane wasn't connected").await;
        }
        let key = follow::plane_key(&run.organization, &release.plane);
        let now = clock::now().0;
        store.put_job(&key, store::jobs::URGENT, now, now).await?;
        return Ok(Next::In(2));
    };
    let owner = owner(platform, &run.binding_id, Some(release.number));
    match connected.plane.start(&cron_job, &run.job, &owner).await {
        Ok(_) => end(platform, &run, "").await,
        Err(error) if late || error.class() == Class::Configuration || error.is_not_found() => {
            end(platform, &run, &error.to_string()).await
        }
        Err(source) => Err(Error::Plane {
            plane: release.plane,
            source,
        }),
    }
}

/// The CronJob among the objects of a release.
fn cron_job(objects: &str) -> Option<ObjectRef> {
    let objects: Vec<Value> = serde_json::from_str(objects).ok()?;
    objects
        .iter()
        .find(|object| object["kind"] == "CronJob")
        .and_then(|object| ObjectRef::of(object).ok())
}

/// Writes down how it ended.
async fn end(platform: &Platform, run: &Run, trouble: &str) -> Result<Next> {
    let mut tx = platform.store().begin(clock::now().0).await?;
    tx.end_run(&run.id, trouble).await?;
    if let Some(binding) = tx.binding(&run.binding_id).await? {
        tx.touch_component(&binding.organization, &binding.project, &binding.component);
    }
    tx.commit().await?;
    platform.wake();
    Ok(Next::Done)
}
