//! What must be looked at again when a resource changed: keys into the queue, in the transaction
//! that changed it.

use model::{identity::Identity, kind::Kind, view::Change};
use store::{Tx, jobs};

use crate::{Result, rollouts};

/// The job that looks at a component.
pub fn component_key(organization: &str, project: &str, component: &str) -> String {
    format!("component/{organization}/{project}/{component}")
}

/// The job that looks at a binding.
pub fn binding_key(id: &str) -> String {
    format!("binding/{id}")
}

/// The job that compares a binding with its plane, whatever is known of it.
pub fn resync_key(id: &str) -> String {
    format!("resync/{id}")
}

/// The job that makes the Job of a task that is run by hand.
pub fn run_key(id: &str) -> String {
    format!("run/{id}")
}

/// The job that looks at a project that is being deleted.
pub fn project_key(organization: &str, project: &str) -> String {
    format!("project/{organization}/{project}")
}

/// The job that connects to a plane anew.
pub fn plane_key(organization: &str, plane: &str) -> String {
    format!("plane/{organization}/{plane}")
}

/// Puts in all that a change of this resource touches, and tells watchers.
///
/// # Errors
/// When the store refuses.
pub async fn follow(tx: &mut Tx, id: &str, identity: &Identity, change: Change) -> Result<()> {
    let org = identity.organization.as_str();
    tx.touch(format!("{org}/resources/{}", identity.kind));
    let name = identity.name.as_str();
    match identity.kind {
        Kind::Component => component(tx, org, &identity.project, name).await?,
        kind if kind.is_binding() => {
            tx.put_job(&binding_key(id), jobs::URGENT).await?;
            tx.touch_component(org, &identity.project, &identity.component);
        }
        _ if !identity.component.is_empty() => {
            component(tx, org, &identity.project, &identity.component).await?;
        }
        Kind::Project => {
            tx.touch(format!("{org}/project/{name}"));
            tx.touch(format!("{org}/home"));
            bindings(tx, org, [name, "", "", ""]).await?;
        }
        Kind::DataPlane => {
            tx.put_job(&plane_key(org, name), jobs::URGENT).await?;
            tx.touch(format!("{org}/planes"));
            bindings(tx, org, ["", "", "", name]).await?;
        }
        Kind::Environment => {
            tx.touch(format!("{org}/environments"));
            bindings(tx, org, ["", "", name, ""]).await?;
        }
        kind if kind.is_class() => tx.touch(rollouts::topic(identity)),
        _ => {}
    }
    let what = identity.to_string();
    for dependent in tx.dependents(org, &what).await? {
        tx.put_job(&binding_key(&dependent), jobs::NORMAL).await?;
    }
    if change != Change::Deleted {
        for (org, project, name) in tx.components_waiting_for(org, &what).await? {
            component(tx, &org, &project, &name).await?;
        }
    }
    Ok(())
}

/// A component and its bindings.
async fn component(tx: &mut Tx, org: &str, project: &str, name: &str) -> Result<()> {
    tx.put_job(&component_key(org, project, name), jobs::URGENT)
        .await?;
    bindings(tx, org, [project, name, "", ""]).await?;
    tx.touch_component(org, project, name);
    // Those who call it find it by its own name, whatever of it changed.
    let what = Identity::in_project(Kind::Component, org, project, name).to_string();
    for dependent in tx.dependents(org, &what).await? {
        tx.put_job(&binding_key(&dependent), jobs::NORMAL).await?;
    }
    Ok(())
}

async fn bindings(
    tx: &mut Tx,
    org: &str,
    [project, component, environment, plane]: [&str; 4],
) -> Result<()> {
    for id in tx
        .binding_ids(org, project, component, environment, plane)
        .await?
    {
        tx.put_job(&binding_key(&id), jobs::NORMAL).await?;
    }
    Ok(())
}
