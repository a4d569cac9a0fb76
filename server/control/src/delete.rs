//! Deleting: what would go is shown first; what others need doesn't go.

use model::{
    access::{Thing, Verb, Viewer, may, platform as platform_grant},
    identity::Identity,
    kind::{Kind, Scope},
    problem::Problem,
    view::{Change, DeleteView},
};
use store::resources::Resource;

use crate::{Platform, Result, clock, follow, references::references};

/// A resource that is there, or the problem that it isn't, with names that come near.
///
/// # Errors
/// [`Problem::NotFound`], or when the store refuses.
pub async fn found(platform: &Platform, identity: &Identity) -> Result<Resource> {
    match platform.store().resource(identity).await? {
        Some(resource) => Ok(resource),
        None => Err(missing(platform, identity).await?.into()),
    }
}

/// The problem that something isn't there.
pub(crate) async fn missing(platform: &Platform, identity: &Identity) -> Result<Problem> {
    let kind = identity.kind.as_str();
    let names = platform
        .store()
        .names(&identity.organization, kind, &identity.project)
        .await?;
    let near = model::manifest::suggest::nearest(&identity.name, names.iter().map(String::as_str));
    Ok(Problem::NotFound {
        what: identity.kind.to_string(),
        name: identity.name.clone(),
        near: near.into_iter().map(str::to_owned).collect(),
    })
}

/// What deleting something would take away, and what stands against it.
///
/// # Errors
/// When it isn't there, or the store refuses.
pub async fn preview(
    platform: &Platform,
    viewer: &Viewer,
    identity: &Identity,
) -> Result<DeleteView> {
    let thing = Thing::in_project(identity.kind, &identity.organization, &identity.project);
    may(viewer, Verb::View, &thing)?;
    let resource = found(platform, identity).await?;
    let with = belongings(platform, &resource).await?;
    let mut objects = Vec::new();
    for part in with
        .iter()
        .chain([&resource])
        .filter(|part| part.identity.kind.is_binding())
    {
        for item in platform.store().inventory(&part.id).await? {
            let object = format!("{} {}/{}", item.kind, item.namespace, item.name);
            objects.push((item.plane, object));
        }
    }
    objects.sort();
    Ok(DeleteView {
        identity: identity.clone(),
        resources: with.into_iter().map(|part| part.identity).collect(),
        objects,
        blocked_by: blockers(platform, identity).await?,
    })
}

/// What goes with a resource.
async fn belongings(platform: &Platform, resource: &Resource) -> Result<Vec<Resource>> {
    let who = &resource.identity;
    let all = match who.kind {
        Kind::Project => {
            platform
                .store()
                .resources_of_project(&who.organization, &who.name)
                .await?
        }
        Kind::Component => {
            platform
                .store()
                .resources_of_component(&who.organization, &who.project, &who.name)
                .await?
        }
        _ => Vec::new(),
    };
    Ok(all
        .into_iter()
        .filter(|part| part.id != resource.id)
        .collect())
}

/// Who needs it, of those that wouldn't go with it.
pub(crate) async fn users(platform: &Platform, identity: &Identity) -> Result<Vec<Identity>> {
    let kinds: &[Kind] = match identity.kind {
        Kind::DataPlane => &[Kind::Environment],
        Kind::Environment => &[
            Kind::DeploymentPipeline,
            Kind::ConfigurationGroup,
            Kind::ServiceBinding,
            Kind::WebApplicationBinding,
            Kind::ScheduledTaskBinding,
        ],
        Kind::DeploymentPipeline => &[Kind::Project],
        Kind::ServiceClass | Kind::APIClass => &[Kind::Service],
        Kind::WebApplicationClass => &[Kind::WebApplication],
        Kind::ScheduledTaskClass => &[Kind::ScheduledTask],
        Kind::ConfigurationGroup | Kind::Component => &[Kind::Workload],
        Kind::Workload => &[Kind::Service, Kind::WebApplication, Kind::ScheduledTask],
        _ => &[],
    };
    let mut users = Vec::new();
    for kind in kinds {
        for other in platform
            .store()
            .resources_of_kind(&identity.organization, *kind)
            .await?
        {
            let own = identity.kind == Kind::Component
                && other.identity.project == identity.project
                && other.identity.component == identity.name;
            if !own && references(&other.identity, &other.spec).contains(identity) {
                users.push(other.identity);
            }
        }
    }
    Ok(users)
}

async fn blockers(platform: &Platform, identity: &Identity) -> Result<Vec<String>> {
    if identity.kind == Kind::Organization {
        return Ok(vec!["Organizations can't be deleted yet".into()]);
    }
    if identity.kind.scope() != Scope::Organization {
        // What calls a component that goes says so itself, and waits for it to come back.
        return Ok(Vec::new());
    }
    let users = users(platform, identity).await?;
    Ok(users
        .iter()
        .map(|user| format!("{user} needs it"))
        .collect())
}

/// Deletes something, with what belongs to it. What is on planes goes first; the rows follow.
///
/// # Errors
/// When others need it, it isn't there, or the viewer may not.
pub async fn run(platform: &Platform, viewer: &Viewer, identity: &Identity) -> Result<DeleteView> {
    let thing = Thing::in_project(identity.kind, &identity.organization, &identity.project);
    let grant = may(viewer, Verb::Delete, &thing)?;
    let view = preview(platform, viewer, identity).await?;
    if !view.blocked_by.is_empty() {
        let message = format!(
            "{identity} can't be deleted: {}",
            view.blocked_by.join("; ")
        );
        return Err(
            Problem::invalid("metadata.name", &message, "Change or delete those first").into(),
        );
    }
    let resource = found(platform, identity).await?;
    let with = belongings(platform, &resource).await?;
    let mut tx = platform.store().begin(clock::now().0).await?;
    let slow =
        identity.kind.is_binding() || matches!(identity.kind, Kind::Component | Kind::Project);
    if !slow {
        tx.remove_resource(&grant, &resource).await?;
        if matches!(identity.kind, Kind::DataPlane | Kind::BuildPlane) {
            let (org, name) = (&identity.organization, &identity.name);
            tx.remove_plane_tests(org, identity.kind, name).await?;
        }
        follow::follow(&mut tx, &resource.id, identity, Change::Deleted).await?;
        tx.commit().await?;
        platform.wake();
        return Ok(view);
    }
    for part in with.iter().chain([&resource]) {
        tx.mark_deleted(&grant, part).await?;
        let who = &part.identity;
        if who.kind.is_binding() {
            tx.put_job(&follow::binding_key(&part.id), store::jobs::URGENT)
                .await?;
        } else if who.kind == Kind::Component {
            let key = follow::component_key(&who.organization, &who.project, &who.name);
            tx.put_job(&key, store::jobs::URGENT).await?;
            tx.touch_component(&who.organization, &who.project, &who.name);
        } else if who.kind == Kind::Project {
            let key = follow::project_key(&who.organization, &who.name);
            tx.put_job(&key, store::jobs::URGENT).await?;
        }
    }
    // Parts whose component was never declared have no component to take them along.
    let stray = with.iter().filter(|part| {
        let who = &part.identity;
        !who.component.is_empty()
            && !who.kind.is_binding()
            && !with.iter().chain([&resource]).any(|other| {
                other.identity.kind == Kind::Component && other.identity.name == who.component
            })
    });
    let platform_grant = platform_grant("delete", &identity.organization);
    for part in stray {
        tx.remove_resource(&platform_grant, part).await?;
    }
    tx.commit().await?;
    platform.wake();
    Ok(view)
}
