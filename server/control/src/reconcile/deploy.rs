//! Brings a release onto its plane: intent first, then the writes, then what is no longer wanted.

use std::collections::BTreeMap;

use model::{health::Health, view::DeploymentStatus};
use plane::{Applied, ApplyError, Class, Deletion, ObjectRef, Owner};
use render::Rendered;
use serde_json::Value;
use store::{deployments::Deployment, inventory::Item, releases::Release};

use super::{
    Next,
    binding::{Depth, Subject, undeployed},
};
use crate::{Error, Platform, Result, clock, follow};

/// Brings what was rendered onto the plane, unless it is there as far as is known.
pub(super) async fn bring(
    subject: &mut Subject<'_>,
    rendered: Rendered,
    plane: &str,
    depth: Depth,
) -> Result<Next> {
    if undeployed(subject.spec.release_state) {
        return take_off(subject).await;
    }
    let store = subject.platform.store();
    let current = match subject.status.release {
        Some(number) => store.release(&subject.resource.id, number).await?,
        None => None,
    };
    let same = current
        .as_ref()
        .is_some_and(|release| release.hash == rendered.hash && release.plane == plane);
    subject.status.endpoints =
        serde_json::to_string(&rendered.endpoints).expect("plain data serialises");
    if same {
        let items = store.inventory(&subject.resource.id).await?;
        let settled = !items.is_empty()
            && items
                .iter()
                .all(|item| item.wanted == 1 && !item.uid.is_empty());
        if settled && depth == Depth::Changes {
            return rest(subject).await;
        }
        if !settled {
            intend(subject, None, &rendered, plane).await?;
        }
    } else {
        let release = number(subject, &rendered, plane).await?;
        intend(subject, Some(release), &rendered, plane).await?;
    }
    write(subject, &rendered, plane).await
}

/// Nothing to do on the plane: the row is brought up to date, and judged.
async fn rest(subject: &mut Subject<'_>) -> Result<Next> {
    let platform = subject.platform;
    let mut tx = platform.store().begin(clock::now().0).await?;
    let stored = tx.binding(&subject.resource.id).await?;
    if stored
        .as_ref()
        .is_some_and(|stored| stored.release != subject.status.release)
    {
        // Another replica brought it further since it was read.
        return Ok(Next::In(1));
    }
    tx.set_waiting(&subject.resource.identity, &subject.resource.id, &[])
        .await?;
    if stored.as_ref() != Some(&subject.status) {
        tx.save_binding(&subject.status).await?;
    }
    tx.put_job(
        &format!("verdict/{}", subject.resource.id),
        store::jobs::NORMAL,
    )
    .await?;
    tx.commit().await?;
    platform.wake();
    Ok(Next::Done)
}

/// Makes the next release out of what was rendered.
async fn number(subject: &Subject<'_>, rendered: &Rendered, plane: &str) -> Result<Release> {
    let status = &subject.status;
    let mut tx = subject.platform.store().begin(clock::now().0).await?;
    let number = tx.next_release(&status.id).await?;
    Ok(Release {
        id: clock::id(),
        binding_id: status.id.clone(),
        organization: status.organization.clone(),
        project: status.project.clone(),
        component: status.component.clone(),
        environment: status.environment.clone(),
        number,
        hash: rendered.hash.clone(),
        artifact: status.artifact.unwrap_or_default(),
        label: status.label.clone(),
        plane: plane.to_owned(),
        namespace: rendered.namespace.clone(),
        objects: serde_json::to_string(&rendered.objects).expect("plain data serialises"),
        object_count: i64::try_from(rendered.objects.len()).unwrap_or(i64::MAX),
        created_at: tx.now(),
    })
}

/// What an object is called in the inventory.
fn item(subject: &Subject<'_>, plane: &str, object: &ObjectRef, uid: &str) -> Item {
    Item {
        binding_id: subject.resource.id.clone(),
        organization: subject.status.organization.clone(),
        plane: plane.to_owned(),
        api_version: object.api_version.clone(),
        kind: object.kind.clone(),
        namespace: object.namespace.clone().unwrap_or_default(),
        name: object.name.clone(),
        uid: uid.to_owned(),
        wanted: 1,
    }
}

/// The objects that a release owns. Namespaces are shared, and so nobody's.
fn owned(objects: &[Value]) -> impl Iterator<Item = ObjectRef> {
    objects
        .iter()
        .filter_map(|object| ObjectRef::of(object).ok())
        .filter(|object| object.kind != "Namespace")
}

/// Writes down, in one transaction and before the plane hears of it: the release, the attempt,
/// and every object it will hold.
async fn intend(
    subject: &mut Subject<'_>,
    release: Option<Release>,
    rendered: &Rendered,
    plane: &str,
) -> Result<()> {
    let now = clock::now().0;
    let mut tx = subject.platform.store().begin(now).await?;
    tx.set_waiting(&subject.resource.identity, &subject.resource.id, &[])
        .await?;
    if let Some(release) = &release {
        tx.add_release(release).await?;
        tx.supersede_deployments(&subject.resource.id).await?;
        let attempt = Deployment {
            id: clock::id(),
            binding_id: release.binding_id.clone(),
            organization: release.organization.clone(),
            project: release.project.clone(),
            component: release.component.clone(),
            environment: release.environment.clone(),
            release: release.number,
            artifact: release.artifact,
            label: release.label.clone(),
            status: DeploymentStatus::Applying.as_str().into(),
            sentence: String::new(),
            actor: actor(subject).await?,
            started_at: now,
            finished_at: None,
            created: 0,
            changed: 0,
            pruned: 0,
            unchanged: 0,
        };
        tx.save_deployment(&attempt).await?;
        subject.status.deployment_id = Some(attempt.id);
        subject.status.release = Some(release.number);
        subject.status.health = Health::Progressing.as_str().into();
        subject.status.sentence = "being brought to the plane".into();
        subject.status.since = now;
        subject.status.last_lines = "[]".into();
    }
    subject.status.plane = plane.to_owned();
    subject.status.namespace = rendered.namespace.clone();
    tx.unwant_all(&subject.resource.id).await?;
    for object in owned(&rendered.objects) {
        tx.want(&item(subject, plane, &object, "")).await?;
    }
    tx.save_binding(&subject.status).await?;
    tx.commit().await?;
    subject.platform.wake();
    Ok(())
}

/// Who brought this about: who restarted it last, or who changed what is declared, whoever was later.
async fn actor(subject: &Subject<'_>) -> Result<String> {
    let resource = subject.resource;
    let restart = subject
        .platform
        .store()
        .newest_restart(&resource.id)
        .await?;
    Ok(match restart {
        Some(restart) if restart.at > resource.updated_at => restart.actor,
        _ => resource.updated_by.clone(),
    })
}

/// On whose behalf a binding's objects are written.
pub(super) fn owner(platform: &Platform, binding: &str, release: Option<i64>) -> Owner {
    Owner {
        install: platform.install().to_owned(),
        binding: binding.to_owned(),
        release: release.map(|number| number.to_string()).unwrap_or_default(),
        labels: BTreeMap::new(),
    }
}

/// Writes to the plane, confirms, and takes away what is no longer wanted.
async fn write(subject: &mut Subject<'_>, rendered: &Rendered, plane: &str) -> Result<Next> {
    let platform = subject.platform;
    let Some(connected) = platform.planes().get(&subject.status.organization, plane) else {
        // Its own job connects it, and puts this one in again.
        let key = follow::plane_key(&subject.status.organization, plane);
        let now = clock::now().0;
        platform
            .store()
            .put_job(&key, store::jobs::URGENT, now, now)
            .await?;
        return Ok(Next::In(2));
    };
    let owner = owner(platform, &subject.resource.id, subject.status.release);
    let applied = match connected.plane.apply(&rendered.objects, &owner).await {
        Ok(applied) => applied,
        Err(error) => return refused(subject, plane, &error).await,
    };
    confirm(subject, plane, &applied).await?;
    let unwanted: Vec<Item> = platform
        .store()
        .inventory(&subject.resource.id)
        .await?
        .into_iter()
        .filter(|item| item.wanted == 0)
        .collect();
    let pruned = prune(platform, &unwanted).await?;
    if !pruned.gone.is_empty() {
        let mut tx = platform.store().begin(clock::now().0).await?;
        for item in &pruned.gone {
            tx.forget(item).await?;
        }
        if let Some(mut attempt) = attempt(subject).await? {
            attempt.pruned += i64::try_from(pruned.gone.len()).unwrap_or(i64::MAX);
            tx.save_deployment(&attempt).await?;
        }
        tx.commit().await?;
    }
    Ok(if pruned.left > 0 {
        Next::In(2)
    } else {
        Next::Done
    })
}

async fn attempt(subject: &Subject<'_>) -> Result<Option<Deployment>> {
    Ok(match &subject.status.deployment_id {
        Some(id) => subject.platform.store().deployment(id).await?,
        None => None,
    })
}

/// Writes down what the plane took.
async fn confirm(subject: &mut Subject<'_>, plane: &str, applied: &[Applied]) -> Result<()> {
    let platform = subject.platform;
    let count = |change| {
        let all = applied
            .iter()
            .filter(|a| a.object.kind != "Namespace" && a.change == change);
        i64::try_from(all.count()).unwrap_or(i64::MAX)
    };
    let attempt = attempt(subject).await?;
    let mut tx = platform.store().begin(clock::now().0).await?;
    for done in applied
        .iter()
        .filter(|done| done.object.kind != "Namespace")
    {
        tx.want(&item(subject, plane, &done.object, &done.uid))
            .await?;
    }
    if let Some(mut attempt) = attempt {
        if attempt.status == "Applying" {
            attempt.status = DeploymentStatus::Progressing.as_str().into();
            attempt.sentence = took_back(applied);
            attempt.created = count(plane::Change::Created);
            attempt.changed = count(plane::Change::Changed);
            attempt.unchanged = count(plane::Change::Unchanged);
            tx.save_deployment(&attempt).await?;
        } else if let Some(repair) = repair(applied) {
            attempt.sentence = repair;
            tx.save_deployment(&attempt).await?;
        }
    }
    let known = tx.binding(&subject.resource.id).await?;
    if known.is_some_and(|known| known.blocked != subject.status.blocked) {
        tx.save_binding(&subject.status).await?;
    }
    tx.put_job(
        &format!("verdict/{}", subject.resource.id),
        store::jobs::URGENT,
    )
    .await?;
    tx.commit().await?;
    platform.wake();
    Ok(())
}

/// Fields that somebody else had changed on the plane are named, not fought over in silence.
fn took_back(applied: &[Applied]) -> String {
    let all = applied.iter().flat_map(|done| {
        done.took_back
            .iter()
            .map(move |(field, by)| format!("{field} of {} from {by}", done.object))
    });
    let all: Vec<String> = all.collect();
    if all.is_empty() {
        String::new()
    } else {
        format!("took back {}", all.join(", "))
    }
}

/// What had to be put right on a plane where all of it was already.
fn repair(applied: &[Applied]) -> Option<String> {
    let gone: Vec<String> = applied
        .iter()
        .filter(|done| done.change == plane::Change::Created)
        .map(|done| format!("{} {}", done.object.kind, done.object.name))
        .collect();
    let again = (!gone.is_empty())
        .then(|| format!("made again what was no longer there: {}", gone.join(", ")));
    let back = Some(took_back(applied)).filter(|text| !text.is_empty());
    let all: Vec<String> = again.into_iter().chain(back).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// The plane said no. What it needs decides whether to try again.
async fn refused(subject: &mut Subject<'_>, plane: &str, error: &ApplyError) -> Result<Next> {
    let platform = subject.platform;
    let now = clock::now().0;
    let final_word = error.class() == Class::Configuration;
    let sentences: Vec<String> = error.failures.iter().map(ToString::to_string).collect();
    let sentence = sentences
        .first()
        .cloned()
        .unwrap_or_else(|| error.to_string());
    let attempt = attempt(subject).await?;
    let mut tx = platform.store().begin(now).await?;
    if let Some(mut attempt) = attempt.filter(|attempt| attempt.finished_at.is_none()) {
        attempt.sentence = sentence.clone();
        if final_word {
            attempt.status = DeploymentStatus::Failed.as_str().into();
            attempt.finished_at = Some(now);
        }
        tx.save_deployment(&attempt).await?;
    }
    subject.status.blocked = serde_json::to_string(&sentences).expect("text serialises");
    if final_word {
        if subject.status.health != Health::Degraded.as_str() {
            subject.status.since = now;
        }
        subject.status.health = Health::Degraded.as_str().into();
        subject.status.sentence = sentence.clone();
    }
    tx.save_binding(&subject.status).await?;
    tx.commit().await?;
    platform.wake();
    if final_word {
        return Ok(Next::Done);
    }
    let source = plane::PlaneError::Unreachable {
        since: now,
        error: sentence,
    };
    Err(Error::Plane {
        plane: plane.to_owned(),
        source,
    })
}

/// Takes everything of a binding off its plane, and leaves the rest of it as it is.
async fn take_off(subject: &mut Subject<'_>) -> Result<Next> {
    let platform = subject.platform;
    let items = platform.store().inventory(&subject.resource.id).await?;
    let pruned = prune(platform, &items).await?;
    let now = clock::now().0;
    let mut tx = platform.store().begin(now).await?;
    tx.set_waiting(&subject.resource.identity, &subject.resource.id, &[])
        .await?;
    for item in &pruned.gone {
        tx.forget(item).await?;
    }
    let (health, sentence) = if pruned.left > 0 {
        (Health::Progressing, "being taken off the plane")
    } else {
        (
            Health::Suspended,
            "undeployed: nothing of it is on the plane",
        )
    };
    let status = &mut subject.status;
    if status.health != health.as_str() {
        status.since = now;
    }
    status.health = health.as_str().into();
    status.sentence = sentence.into();
    (status.ready, status.wanted) = (0, 0);
    status.endpoints = "[]".into();
    status.last_lines = "[]".into();
    status.release = None;
    tx.supersede_deployments(&subject.resource.id).await?;
    tx.save_binding(status).await?;
    tx.commit().await?;
    platform.wake();
    Ok(if pruned.left > 0 {
        Next::In(1)
    } else {
        Next::Done
    })
}

/// What became of objects that are to go.
pub(super) struct Pruned {
    /// They are gone, or never were ours.
    pub gone: Vec<Item>,
    /// So many are still on their way.
    pub left: usize,
}

/// Deletes objects, in the reverse of the order in which they were made.
pub(super) async fn prune(platform: &Platform, items: &[Item]) -> Result<Pruned> {
    let mut outcome = Pruned {
        gone: Vec::new(),
        left: 0,
    };
    let mut items: Vec<&Item> = items.iter().collect();
    items.sort_by_key(|item| std::cmp::Reverse(plane::rank(&item.kind)));
    for item in items {
        let Some(connected) = platform.planes().get(&item.organization, &item.plane) else {
            // A plane that is declared comes back. One whose declaration is gone holds nothing
            // that we could still reach.
            let gone = model::identity::Identity::in_organization(
                model::kind::Kind::DataPlane,
                &item.organization,
                &item.plane,
            );
            if platform.store().resource(&gone).await?.is_none() {
                outcome.gone.push(item.clone());
            } else {
                outcome.left += 1;
            }
            continue;
        };
        let object = ObjectRef {
            api_version: item.api_version.clone(),
            kind: item.kind.clone(),
            namespace: Some(item.namespace.clone()).filter(|namespace| !namespace.is_empty()),
            name: item.name.clone(),
        };
        let uid = Some(item.uid.as_str()).filter(|uid| !uid.is_empty());
        let owner = owner(platform, &item.binding_id, None);
        match connected.plane.delete(&object, uid, &owner).await {
            Ok(Deletion::Gone) => outcome.gone.push(item.clone()),
            Ok(Deletion::Deleting { .. }) => outcome.left += 1,
            Ok(Deletion::NotOurs { why }) => {
                tracing::warn!(%object, plane = item.plane, why, "left on the plane");
                outcome.gone.push(item.clone());
            }
            Err(source) => {
                return Err(Error::Plane {
                    plane: item.plane.clone(),
                    source,
                });
            }
        }
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(kind: &str, change: plane::Change, took_back: &[(&str, &str)]) -> Applied {
        let pair = |(field, by): &(&str, &str)| ((*field).to_owned(), (*by).to_owned());
        Applied {
            object: ObjectRef {
                api_version: "v1".into(),
                kind: kind.into(),
                namespace: Some("shop".into()),
                name: "cart".into(),
            },
            uid: "1".into(),
            change,
            fields: Vec::new(),
            took_back: took_back.iter().map(pair).collect(),
            left: Vec::new(),
            checked: true,
        }
    }

    #[test]
    fn a_repair_says_in_one_sentence_what_was_put_right() {
        let calm = done("Service", plane::Change::Unchanged, &[]);
        assert_eq!(repair(std::slice::from_ref(&calm)), None);
        let scaled = done(
            "Deployment",
            plane::Change::Changed,
            &[("spec.replicas", "kubectl")],
        );
        let gone = [
            done("ServiceAccount", plane::Change::Created, &[]),
            done("ConfigMap", plane::Change::Created, &[]),
            scaled,
            calm,
        ];
        let says = repair(&gone).expect("something was put right");
        assert!(
            says.starts_with(
                "made again what was no longer there: ServiceAccount cart, ConfigMap cart; took back"
            ),
            "{says}"
        );
        assert!(
            says.contains("spec.replicas") && says.contains("kubectl"),
            "{says}"
        );
    }
}
