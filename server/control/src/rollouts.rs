//! Roll-outs: chosen components take a version of their class, by new artifacts that pin it.
//!
//! A roll-out is written down with the keys of the components it is for, in one transaction. Each
//! component's reconciler makes the artifact and ends the wish in another; what it makes goes to the
//! first environments as any artifact does, and on from there by promotion.

use std::collections::BTreeMap;

use model::{
    access::{Thing, Verb, Viewer, may},
    identity::Identity,
    kind::Kind,
    moment::Moment,
    problem::Problem,
    view::{RolloutOrder, RolloutRow},
};
use store::{
    classes::{User, Users},
    resources::Resource,
    rollouts::Rollout,
};

use crate::{Platform, Result, clock, delete::found, follow::component_key};

/// Has these components take a version of their class: the newest, or the one that is named.
///
/// # Errors
/// When the class or its version isn't there, a component doesn't use it, or the viewer may not
/// change one of them: then nothing is rolled out.
pub async fn create(
    platform: &Platform,
    viewer: &Viewer,
    class: &Identity,
    version: Option<i64>,
    components: &[Identity],
) -> Result<RolloutRow> {
    let order = RolloutOrder {
        version,
        components: components
            .iter()
            .map(|component| (component.project.clone(), component.name.clone()))
            .collect(),
        ..RolloutOrder::default()
    };
    ordered(platform, viewer, class, &order).await
}

/// The same for an order, which may also name all users, or all of a project.
///
/// # Errors
/// As [`create`].
pub async fn ordered(
    platform: &Platform,
    viewer: &Viewer,
    class: &Identity,
    order: &RolloutOrder,
) -> Result<RolloutRow> {
    let grant = may(
        viewer,
        Verb::View,
        &Thing::of(class.kind, &class.organization),
    )?;
    let class = found(platform, class).await?;
    let version = version(platform, &class, order.version).await?;
    let chosen = chosen(platform, &class, version, order).await?;
    let mut grant = grant;
    let mut projects: Vec<&str> = chosen.iter().map(|user| user.project.as_str()).collect();
    projects.dedup();
    for project in projects {
        let thing = Thing::in_project(Kind::Component, &class.identity.organization, project);
        grant = may(viewer, Verb::Apply, &thing)?;
    }
    let id = clock::id();
    let now = clock::now();
    let org = class.identity.organization.as_str();
    let mut tx = platform.store().begin(now.0).await?;
    tx.create_rollout(&grant, &id, &class.id, version).await?;
    for user in &chosen {
        tx.roll_out_to(&id, &user.component_id).await?;
        let key = component_key(org, &user.project, &user.component);
        tx.put_job(&key, store::jobs::NORMAL).await?;
    }
    tx.touch(topic(&class.identity));
    tx.commit().await?;
    platform.wake();
    let count = i64::try_from(chosen.len()).unwrap_or(i64::MAX);
    Ok(RolloutRow {
        id,
        version,
        at: now,
        by: grant.actor().to_owned(),
        chosen: count,
        taken: 0,
        waiting: count,
    })
}

/// What watchers of a class listen to.
pub(crate) fn topic(class: &Identity) -> String {
    format!("{}/class/{}/{}", class.organization, class.kind, class.name)
}

/// A stored roll-out as pages show it.
pub(crate) fn row(rollout: Rollout) -> RolloutRow {
    RolloutRow {
        id: rollout.id,
        version: rollout.version,
        at: Moment(rollout.created_at),
        by: rollout.created_by,
        chosen: rollout.chosen,
        taken: rollout.taken,
        waiting: rollout.waiting,
    }
}

/// All users of a class.
pub(crate) fn users_of(class: &Identity) -> Option<Users<'_>> {
    let declaration = class.kind.component_type()?.declaration()?;
    Some(Users {
        organization: &class.organization,
        declaration: declaration.as_str(),
        class: &class.name,
        project: "",
        search: "",
        only: 0,
        except: 0,
    })
}

/// The version that is meant, once it is sure that it is there.
async fn version(platform: &Platform, class: &Resource, wanted: Option<i64>) -> Result<i64> {
    let versions = platform.store().class_versions(&class.id).await?;
    let newest = versions.first().map_or(1, |newest| newest.version);
    let Some(wanted) = wanted else {
        return Ok(newest);
    };
    if platform
        .store()
        .class_version(&class.id, wanted)
        .await?
        .is_none()
    {
        return Err(Problem::invalid(
            "version",
            &format!("{} has no version {wanted}", class.identity),
            &format!("Name one from 1 to {newest}"),
        )
        .into());
    }
    Ok(wanted)
}

/// The users that an order names.
async fn chosen(
    platform: &Platform,
    class: &Resource,
    version: i64,
    order: &RolloutOrder,
) -> Result<Vec<User>> {
    let who = &class.identity;
    let Some(users) = users_of(who) else {
        let message = format!("{} is no class that components are made with", who.kind);
        return Err(Problem::invalid("class", &message, "Choose a class of components").into());
    };
    let project = order.project.as_deref().unwrap_or_default();
    let several = order.all || !project.is_empty();
    if several != order.components.is_empty() {
        return Err(Problem::invalid(
            "components",
            "It isn't clear which components are to take it",
            "Name components, or a project, or say that all are meant",
        )
        .into());
    }
    let users = Users {
        project: if order.all { "" } else { project },
        except: if several { version } else { 0 },
        ..users
    };
    let found = platform.store().class_users(users, i64::MAX, 0).await?;
    if several {
        if found.is_empty() {
            let message = format!("Nobody has another version of {who} than {version}");
            return Err(Problem::invalid("components", &message, "There is nothing to do").into());
        }
        return Ok(found);
    }
    let mut known: BTreeMap<(String, String), User> = found
        .into_iter()
        .map(|user| ((user.project.clone(), user.component.clone()), user))
        .collect();
    let mut chosen = Vec::new();
    let mut named = order.components.clone();
    named.sort();
    named.dedup();
    for key in named {
        let Some(user) = known.remove(&key) else {
            let (project, component) = key;
            return Err(Problem::invalid(
                "components",
                &format!("{project}/{component} doesn't use {who}"),
                "Leave it out, or name the class in its declaration first",
            )
            .into());
        };
        chosen.push(user);
    }
    Ok(chosen)
}
