//! A plane: connected as declared, watched, and known to answer or not.

use model::{identity::Identity, kind::Kind};
use store::planes::PlaneState;

use super::Next;
use crate::{Error, Platform, Result, clock, observe, planes};

/// Asks this often whether a plane still answers, in seconds.
const LOOK: i64 = 30;

/// Looks at one plane.
pub(super) async fn reconcile(platform: &Platform, org: &str, name: &str) -> Result<Next> {
    let identity = Identity::in_organization(Kind::DataPlane, org, name);
    let Some(resource) = platform.store().resource(&identity).await? else {
        platform.planes().disconnect(org, name);
        let mut tx = platform.store().begin(clock::now().0).await?;
        tx.remove_plane(org, name).await?;
        tx.commit().await?;
        return Ok(Next::Done);
    };
    let pace = platform.0.settings.pace;
    let connected = platform
        .planes()
        .connect(platform.store(), platform.seal(), &resource, pace)
        .await;
    let (connected, new) = match connected {
        Ok(connected) => connected,
        Err(error @ (Error::Connect { .. } | Error::Corrupt { .. })) => {
            // It can't work until somebody declares it otherwise; what was declared before holds
            // no longer.
            platform.planes().disconnect(org, name);
            seen(platform, org, name, Err(error.to_string())).await?;
            return Ok(Next::Done);
        }
        Err(error) => return Err(error),
    };
    if new {
        let stop = connected.stop.clone();
        if let Some(cluster) = connected.simulated.clone() {
            let store = platform.store().clone();
            let task = planes::remember(store, org.into(), name.into(), cluster, stop.clone());
            platform.0.tasks.spawn(task);
        }
        let (org, name) = (org.to_owned(), name.to_owned());
        let task = observe::run(platform.clone(), org, name, connected.plane.clone(), stop);
        platform.0.tasks.spawn(task);
    }
    let version = connected.plane.version().await;
    let answer = version
        .map(|version| version.git_version)
        .map_err(|error| error.to_string());
    let live = answer.is_ok();
    let was = seen(platform, org, name, answer).await?;
    if live && (new || !was) {
        super::resync_plane(platform, org, name).await?;
        waiting_for(platform, &identity).await?;
    }
    if live != was {
        super::refresh_verdicts(platform, org, name).await?;
    }
    Ok(Next::In(LOOK))
}

/// Writes down whether it answers, when that is news. Tells whether it did before.
async fn seen(
    platform: &Platform,
    org: &str,
    name: &str,
    answer: Result<String, String>,
) -> Result<bool> {
    let states = platform.store().plane_states(org).await?;
    let before = states.iter().find(|state| state.name == name);
    let now = clock::now().0;
    let (live, version, trouble) = match answer {
        Ok(version) => (1, version, String::new()),
        Err(trouble) => (0, String::new(), trouble),
    };
    let was = before.is_some_and(|state| state.live == 1);
    let news = before.is_none_or(|state| {
        state.live != live || state.trouble != trouble || (live == 1 && state.version != version)
    });
    if news {
        let state = PlaneState {
            organization: org.into(),
            name: name.into(),
            live,
            version,
            trouble,
            since: now,
            seen_at: now,
        };
        let mut tx = platform.store().begin(now).await?;
        tx.save_plane(&state).await?;
        tx.commit().await?;
        platform.wake();
    }
    Ok(was)
}

async fn waiting_for(platform: &Platform, identity: &Identity) -> Result<()> {
    let mut tx = platform.store().begin(clock::now().0).await?;
    crate::follow::follow(&mut tx, "", identity, model::view::Change::Unchanged).await?;
    tx.commit().await?;
    platform.wake();
    Ok(())
}
