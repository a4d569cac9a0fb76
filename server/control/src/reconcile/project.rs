//! A project that is being deleted: its row and its namespaces go when its components have gone.

use model::{access::platform as platform_grant, identity::Identity, kind::Kind, view::Change};

use plane::Emptied;

use super::Next;
use crate::{Error, Platform, Result, clock, follow};

/// Looks at one project.
pub(super) async fn reconcile(platform: &Platform, org: &str, name: &str) -> Result<Next> {
    let identity = Identity::in_organization(Kind::Project, org, name);
    let Some(project) = platform.store().resource(&identity).await? else {
        return Ok(Next::Done);
    };
    if project.deleted_at.is_none() {
        return Ok(Next::Done);
    }
    let left = platform.store().resources_of_project(org, name).await?;
    if left
        .iter()
        .any(|resource| resource.identity.kind != Kind::Project)
    {
        // The last component to go puts this in again.
        return Ok(Next::Done);
    }
    for environment in platform
        .store()
        .resources_of_kind(org, Kind::Environment)
        .await?
    {
        let namespace = model::name::plane_name(
            63,
            &["dp", org, name, &environment.identity.name],
            platform.options().join,
        );
        for ((owner, plane), connected) in platform.planes().all() {
            if owner != org {
                continue;
            }
            let emptied = connected
                .plane
                .delete_namespace(&namespace, platform.install())
                .await;
            match emptied.map_err(|source| Error::Plane {
                plane: plane.clone(),
                source,
            })? {
                Emptied::Gone => {}
                Emptied::Going => return Ok(Next::In(2)),
                Emptied::Kept { why } => {
                    tracing::warn!(namespace, plane, why, "a namespace was left on the plane");
                }
            }
        }
    }
    let grant = platform_grant("delete", org);
    let mut tx = platform.store().begin(clock::now().0).await?;
    tx.remove_resource(&grant, &project).await?;
    follow::follow(&mut tx, &project.id, &identity, Change::Deleted).await?;
    tx.commit().await?;
    platform.wake();
    Ok(Next::Done)
}
