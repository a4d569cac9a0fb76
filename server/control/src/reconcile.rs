//! The loop: take a key, look for yourself, bring it nearer to what is declared, come again.
//!
//! Level-triggered: a key says where to look and never what happened, so doing it twice is doing
//! it once. Keys wait in the database; a process that is killed loses none.

mod binding;
mod component;
mod deploy;
mod plane;
mod project;
mod run;
mod verdict;

use std::{sync::atomic::Ordering, time::Duration};

use futures::FutureExt;
use model::kind::Kind;
use rand::RngExt;
use store::jobs::{self, Job};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{Error, Platform, Result, clock, follow};

pub(crate) use component::{forward, new_binding, pinned};
pub(crate) use verdict::refresh as refresh_verdicts;

/// Workers of this process. Planes have limits of their own.
const WORKERS: usize = 8;
/// So long a worker may hold a key before another takes it.
const LEASE: i64 = 5 * 60 * 1_000_000;
/// Between two looks when nobody rings.
const PAUSE: Duration = Duration::from_secs(1);
/// Every binding is compared with its plane this often, give or take a fifth.
const RESYNC: i64 = 10 * 60;
/// The first pause after a failure, in microseconds; it doubles up to [`LONGEST`].
const FIRST: i64 = 1_000_000;
/// The longest pause after failures, in microseconds.
const LONGEST: i64 = 5 * 60 * 1_000_000;

/// What is to become of a key that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing is left to do until something changes.
    Done,
    /// Look again in so many seconds.
    In(i64),
}

/// Runs the workers until told to stop; each ends what it is at.
pub async fn run(platform: Platform, stop: CancellationToken) {
    if let Err(error) = begin(&platform).await {
        tracing::error!(%error, "the reconcilers couldn't begin");
    }
    let workers = TaskTracker::new();
    for _ in 0..WORKERS {
        workers.spawn(work(platform.clone(), stop.clone()));
    }
    workers.spawn(resync(platform.clone(), stop.clone()));
    workers.close();
    workers.wait().await;
}

/// Connects the planes and puts in what a killed process may have left half done.
async fn begin(platform: &Platform) -> Result<()> {
    if matches!(platform.store(), store::Store::Sqlite(..)) {
        platform.store().free_jobs().await?;
    }
    let now = clock::now().0;
    for plane in platform
        .store()
        .resources_of_kind_everywhere(Kind::DataPlane)
        .await?
    {
        let key = follow::plane_key(&plane.identity.organization, &plane.identity.name);
        platform
            .store()
            .put_job(&key, jobs::URGENT, now, now)
            .await?;
    }
    Ok(())
}

/// Puts every binding in now and then, as a safety net under the watchers.
async fn resync(platform: Platform, stop: CancellationToken) {
    loop {
        let share = rand::rng().random_range(0.8..1.2);
        let pause = Duration::from_secs(RESYNC.unsigned_abs()).mul_f64(share);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return,
        }
        for ((organization, name), _) in platform.planes().all() {
            if let Err(error) = resync_plane(&platform, &organization, &name).await {
                tracing::warn!(%error, plane = name, "bindings couldn't be put in for a look");
            }
        }
    }
}

/// Puts in every binding of a plane, spread over a minute.
pub(crate) async fn resync_plane(
    platform: &Platform,
    organization: &str,
    name: &str,
) -> Result<()> {
    let bindings = platform
        .store()
        .bindings_on_plane(organization, name)
        .await?;
    let now = clock::now().0;
    let step = 60_000_000 / i64::try_from(bindings.len().max(600)).unwrap_or(600);
    for (at, binding) in (0i64..).zip(&bindings) {
        let key = follow::resync_key(&binding.id);
        platform
            .store()
            .put_job(&key, jobs::NORMAL, now + at * step, now)
            .await?;
    }
    platform.wake();
    Ok(())
}

/// One worker.
async fn work(platform: Platform, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let rung = platform.0.bell.notified();
        let now = clock::now().0;
        platform.0.beat.store(now, Ordering::Relaxed);
        match platform.store().claim_job(now, now + LEASE).await {
            Ok(Some(job)) => {
                one(&platform, &job).await;
                continue;
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the queue can't be read"),
        }
        let due = platform.store().next_job_due().await.ok().flatten();
        let wait = due.map_or(PAUSE, |due| {
            let micros = (due - clock::now().0).clamp(1_000, 1_000_000);
            Duration::from_micros(micros.unsigned_abs())
        });
        tokio::select! {
            () = rung => {}
            () = tokio::time::sleep(wait.min(PAUSE)) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Does one job, and decides when it is looked at again.
async fn one(platform: &Platform, job: &Job) {
    let look = std::panic::AssertUnwindSafe(look(platform, &job.key))
        .catch_unwind()
        .await;
    let now = clock::now().0;
    let ended = match look {
        Ok(Ok(Next::Done)) => platform.store().finish_job(job).await,
        Ok(Ok(Next::In(seconds))) => {
            platform
                .store()
                .postpone_job(job, now + seconds * 1_000_000, "")
                .await
        }
        Ok(Err(error)) => {
            let pause = backoff(job.attempts);
            tracing::warn!(job = job.key, attempt = job.attempts + 1, %error, "will be tried again");
            platform
                .store()
                .postpone_job(job, now + pause, &error.to_string())
                .await
        }
        Err(_) => {
            // The panic's own hook has logged it; one bad key must not stop the others.
            let pause = backoff(job.attempts.max(5));
            platform
                .store()
                .postpone_job(job, now + pause, "it panicked; see the log")
                .await
        }
    };
    if let Err(error) = ended {
        tracing::warn!(job = job.key, %error, "a job couldn't be ended; its lease will");
    }
    platform.wake();
}

/// The pause after so many failures, with some chance in it so that many don't come at once.
fn backoff(attempts: i64) -> i64 {
    let shift = u32::try_from(attempts.clamp(0, 20)).unwrap_or(20);
    let pause = FIRST.saturating_mul(1 << shift).min(LONGEST);
    rand::rng().random_range(pause / 2..=pause)
}

async fn look(platform: &Platform, key: &str) -> Result<Next> {
    let mut parts = key.splitn(4, '/');
    let mut part = || parts.next().unwrap_or_default();
    match part() {
        "component" => component::reconcile(platform, part(), part(), part()).await,
        "binding" => binding::reconcile(platform, part(), binding::Depth::Changes).await,
        "resync" => binding::reconcile(platform, part(), binding::Depth::Plane).await,
        "project" => project::reconcile(platform, part(), part()).await,
        "plane" => plane::reconcile(platform, part(), part()).await,
        "verdict" => verdict::reconcile(platform, part()).await,
        "run" => run::reconcile(platform, part()).await,
        other => Err(Error::Corrupt {
            what: "a job".into(),
            reason: format!("no job is called {other}"),
        }),
    }
}
