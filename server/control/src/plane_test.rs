//! Tests of planes: made on demand, kept, and shown in words.
//!
//! A test takes a connection of its own, with what is declared now or is about to be, so that the
//! breaker and the pool of the working one say nothing about it.

use std::time::Duration;

use model::{
    access::{Thing, Verb, Viewer, may},
    identity::Identity,
    kind::{
        Kind,
        plane::{BuildPlaneSpec, DataPlaneSpec, KubernetesCluster},
    },
    moment::Moment,
    problem::Problem,
    view::{PlaneTest, TestOutcome, TestStep},
};
use plane::{Access, Plane, Step, Timings, Tried};
use serde::Deserialize;
use serde_json::Value;
use store::plane_tests::PlaneTestRow;

use crate::{
    Error, Platform, Result, apply, clock,
    delete::found,
    planes::{self, is_simulated},
    sealed,
};

/// Nobody waits longer for one answer while they look at a page.
const PATIENCE: Duration = Duration::from_secs(8);

/// Makes a test of a declared plane and keeps it.
///
/// # Errors
/// A refusal, that there is no such plane, or what broke.
pub async fn run(platform: &Platform, viewer: &Viewer, who: &Identity) -> Result<PlaneTest> {
    let thing = Thing::of(who.kind, &who.organization);
    let grant = may(viewer, Verb::Apply, &thing)?;
    let resource = found(platform, who).await?;
    platform.seal().refresh(platform.store()).await?;
    let spec =
        sealed::unseal(platform.seal(), who, &resource.spec).map_err(|reason| Error::Corrupt {
            what: who.to_string(),
            reason,
        })?;
    let steps = tried(platform, who, &cluster(who.kind, &spec)?).await;
    let test = PlaneTest {
        id: clock::id(),
        ..test(steps, grant.actor())
    };
    let row = PlaneTestRow {
        id: test.id.clone(),
        organization: who.organization.clone(),
        kind: who.kind.to_string(),
        name: who.name.clone(),
        at: test.at.0,
        actor: test.by.clone(),
        passed: i64::from(test.passed),
        steps: serde_json::to_string(&test.steps).expect("plain data serialises"),
    };
    let mut tx = platform.store().begin(test.at.0).await?;
    tx.add_plane_test(&grant, &row).await?;
    tx.commit().await?;
    platform.wake();
    Ok(test)
}

/// Tests a plane as a manifest has it, before it is declared. Nothing is kept.
///
/// # Errors
/// A refusal, every fault of the manifest, or what broke.
pub async fn try_out(platform: &Platform, viewer: &Viewer, manifest: &Value) -> Result<PlaneTest> {
    let files = [model::port::SentFile {
        name: String::new(),
        text: manifest.to_string(),
    }];
    let invalid = |faults| Problem::Invalid {
        message: "This plane can't be tested yet".into(),
        faults,
    };
    let documents = apply::read(&files, &viewer.organization).map_err(invalid)?;
    let document = documents.first().ok_or_else(|| invalid(Vec::new()))?;
    let who = &document.identity;
    if !matches!(who.kind, Kind::DataPlane | Kind::BuildPlane) {
        return Err(Problem::invalid(
            "kind",
            "It isn't a plane",
            "Send a DataPlane or a BuildPlane",
        )
        .into());
    }
    let grant = may(viewer, Verb::Apply, &Thing::of(who.kind, &who.organization))?;
    let stored = platform.store().resource(who).await?;
    platform.seal().refresh(platform.store()).await?;
    let stored = stored.as_ref().map(|resource| &resource.spec);
    let spec = sealed::opened(platform.seal(), who, &document.spec, stored)
        .map_err(|message| Problem::invalid("spec", &message, "Give the secret itself"))?;
    let steps = tried(platform, who, &cluster(who.kind, &spec)?).await;
    Ok(test(steps, grant.actor()))
}

/// The tests of a plane that are kept, newest first.
///
/// # Errors
/// When the store refuses or holds what can't be read.
pub async fn kept(platform: &Platform, who: &Identity) -> Result<Vec<PlaneTest>> {
    let rows = platform
        .store()
        .plane_tests(&who.organization, who.kind, &who.name)
        .await?;
    rows.iter().map(read).collect()
}

/// A test out of its row.
///
/// # Errors
/// When it holds what can't be read.
pub fn read(row: &PlaneTestRow) -> Result<PlaneTest> {
    let steps = serde_json::from_str(&row.steps).map_err(|error| Error::Corrupt {
        what: format!("a test of {} {}", row.kind, row.name),
        reason: error.to_string(),
    })?;
    Ok(PlaneTest {
        id: row.id.clone(),
        at: Moment(row.at),
        by: row.actor.clone(),
        passed: row.passed == 1,
        steps,
    })
}

/// The cluster of a plane's spec.
fn cluster(kind: Kind, spec: &Value) -> Result<KubernetesCluster> {
    let read = if kind == Kind::BuildPlane {
        BuildPlaneSpec::deserialize(spec).map(|spec| spec.kubernetes_cluster)
    } else {
        DataPlaneSpec::deserialize(spec).map(|spec| spec.kubernetes_cluster)
    };
    read.map_err(|error| Error::Corrupt {
        what: kind.to_string(),
        reason: error.to_string(),
    })
}

async fn tried(platform: &Platform, who: &Identity, cluster: &KubernetesCluster) -> Vec<Step> {
    let embedded = is_simulated(cluster).then(|| {
        let known = platform.planes().get(&who.organization, &who.name);
        // One that isn't there yet is tried as it would be: empty.
        known
            .and_then(|known| known.simulated)
            .unwrap_or_else(|| simulated::Cluster::start(simulated::Options::default()))
    });
    let access: Access = planes::access(cluster, embedded.as_ref());
    let timings = Timings {
        connect: PATIENCE,
        call: PATIENCE,
        ..Timings::default()
    };
    match Plane::connect_with(&who.name, access, timings) {
        Ok(plane) => plane.trial().await,
        Err(error) => plane::unusable(&error),
    }
}

fn test(steps: Vec<Step>, actor: &str) -> PlaneTest {
    let outcome = |tried| match tried {
        Tried::Passed => TestOutcome::Passed,
        Tried::Failed => TestOutcome::Failed,
        Tried::Lacking => TestOutcome::Lacking,
        Tried::Skipped => TestOutcome::Skipped,
    };
    let steps: Vec<TestStep> = steps
        .into_iter()
        .map(|step| TestStep {
            name: step.name.into(),
            outcome: outcome(step.tried),
            says: step.says,
            took_us: i64::try_from(step.took.as_micros()).unwrap_or(i64::MAX),
        })
        .collect();
    PlaneTest {
        id: String::new(),
        at: clock::now(),
        by: actor.to_owned(),
        passed: steps.iter().all(|step| step.outcome != TestOutcome::Failed),
        steps,
    }
}
