//! A component: from what is declared to the artifact it makes, and on to the first environments.

use model::{
    access::{Grant, platform as platform_grant},
    identity::Identity,
    kind::{Kind, binding::BindingSpec, value::Owner},
    view::Change,
};
use render::{ArtifactContent, ClassPin, Waiting, World};
use serde::Deserialize;
use store::{
    Tx,
    artifacts::{Artifact, Of},
    resources::{Draft, Resource},
    rollouts::Wanted,
};

use super::Next;
use crate::{Error, Platform, Result, apply::written, clock, follow, rollouts, world};

/// Looks at one component.
pub(super) async fn reconcile(
    platform: &Platform,
    org: &str,
    project: &str,
    name: &str,
) -> Result<Next> {
    let slice = world::slice(platform.store(), org, project, name).await?;
    let me = Identity::in_project(Kind::Component, org, project, name);
    if slice.own.is_empty() {
        return Ok(Next::Done);
    }
    let Some(component) = slice.component() else {
        return orphans(platform, &me, &slice.own).await;
    };
    if component.deleted_at.is_some() {
        return remove(platform, component, &slice.own).await;
    }
    let waiting = match render::compose(&slice.world, &me) {
        Ok(content) => match advance(platform, component, &slice, content).await? {
            Some(waiting) => vec![waiting],
            None => Vec::new(),
        },
        Err(waiting) => waiting,
    };
    let mut tx = platform.store().begin(clock::now().0).await?;
    tx.set_waiting(&me, &component.id, &told(&waiting)).await?;
    for child in slice
        .own
        .iter()
        .filter(|r| r.identity.kind != Kind::Component)
    {
        if !child.identity.kind.is_binding() {
            tx.set_waiting(&child.identity, &child.id, &[]).await?;
        }
    }
    tx.commit().await?;
    Ok(Next::Done)
}

/// What is waited for, as rows hold it.
pub(super) fn told(waiting: &[Waiting]) -> Vec<(String, String)> {
    waiting
        .iter()
        .map(|w| (w.for_what.to_string(), w.why.clone()))
        .collect()
}

/// Parts whose component isn't there yet say so.
async fn orphans(platform: &Platform, me: &Identity, own: &[Resource]) -> Result<Next> {
    let mut tx = platform.store().begin(clock::now().0).await?;
    for child in own.iter().filter(|child| child.deleted_at.is_none()) {
        let why = format!("{} belongs to it", child.identity);
        tx.set_waiting(&child.identity, &child.id, &[(me.to_string(), why)])
            .await?;
    }
    tx.commit().await?;
    Ok(Next::Done)
}

/// Registers what the declarations make now. When that is another artifact than before, it goes
/// to the first environments. Gives what the latter wait for.
async fn advance(
    platform: &Platform,
    component: &Resource,
    slice: &world::Slice,
    content: ArtifactContent,
) -> Result<Option<Waiting>> {
    let who = &component.identity;
    let of = Of {
        organization: &who.organization,
        project: &who.project,
        component: &who.name,
    };
    let current = platform.store().current_artifact(&component.id).await?;
    let before = match current {
        Some(number) => platform.store().artifact(of, number).await?,
        None => None,
    };
    let wanted = platform.store().wanted_class(&component.id).await?;
    let (wanted, content) = match wanted {
        Some(wanted) if fits(&wanted, &content) => {
            let class = ClassPin {
                kind: wanted.kind,
                name: wanted.name,
                version: wanted.version,
                spec: wanted.spec,
            };
            (
                Some((wanted.rollout, true)),
                ArtifactContent { class, ..content },
            )
        }
        other => {
            let wanted = other.map(|wanted| (wanted.rollout, false));
            (wanted, pinned(before.as_ref(), content)?)
        }
    };
    let grant = platform_grant("artifacts", &who.organization);
    let mut tx = platform.store().begin(clock::now().0).await?;
    let forwarded = forward(&mut tx, &grant, slice, &content, current).await?;
    if forwarded.roots.is_ok()
        && let Some((rollout, taken)) = wanted
    {
        let made = taken.then_some(forwarded.artifact.number);
        tx.end_wish(&rollout, &component.id, made).await?;
        let class =
            Identity::in_organization(content.class.kind, &who.organization, &content.class.name);
        tx.touch(rollouts::topic(&class));
    }
    tx.commit().await?;
    platform.wake();
    Ok(forwarded.roots.err())
}

/// An artifact on its way.
pub(crate) struct Forwarded {
    /// The artifact.
    pub artifact: Artifact,
    /// Whether it is new.
    pub made: bool,
    /// The environments that it goes to, or what those wait for.
    pub roots: Result<Vec<String>, Waiting>,
}

/// Registers what a component consists of as its artifact. When that is another than it has now, it
/// goes to the first environments.
pub(crate) async fn forward(
    tx: &mut Tx,
    grant: &Grant,
    slice: &world::Slice,
    content: &ArtifactContent,
    current: Option<i64>,
) -> Result<Forwarded> {
    let component = slice.component().ok_or_else(|| Error::Corrupt {
        what: "a component".into(),
        reason: "its row went while it was looked at".into(),
    })?;
    let who = &component.identity;
    let of = Of {
        organization: &who.organization,
        project: &who.project,
        component: &who.name,
    };
    let project = Identity::in_organization(Kind::Project, &who.organization, &who.project);
    let roots = render::first_environments(&slice.world, &project);
    let text = serde_json::to_string(content).expect("plain data serialises");
    let (hash, label) = (content.hash(), content.version_label());
    let (artifact, made) = tx
        .register_artifact(grant, of, clock::id(), &hash, &label, &text)
        .await?;
    if made {
        tx.touch_component(&who.organization, &who.project, &who.name);
    }
    let roots = match roots {
        // An API is kept and shown, and not brought anywhere yet.
        Ok(_) if content.component_type.binding() == Some(Kind::APIBinding) => Ok(Vec::new()),
        Ok(roots) => {
            let moved = current != Some(artifact.number);
            let (world, own) = (&slice.world, &slice.own);
            for root in &roots {
                deploy(tx, world, own, who, content, &artifact, root, moved).await?;
            }
            Ok(roots)
        }
        Err(waiting) => Err(waiting),
    };
    // Without an environment to go to it isn't brought anywhere: the arrival of one does that.
    if roots.is_ok() {
        tx.set_current_artifact(&component.id, artifact.number)
            .await?;
    }
    Ok(Forwarded {
        artifact,
        made,
        roots,
    })
}

/// Whether a component still has the class that a roll-out is about.
fn fits(wanted: &Wanted, content: &ArtifactContent) -> bool {
    wanted.kind == content.class.kind && wanted.name == content.class.name
}

/// A class edit alone makes no artifact: the pinned version stays until something of the
/// component's own changes.
pub(crate) fn pinned(
    before: Option<&Artifact>,
    content: ArtifactContent,
) -> Result<ArtifactContent> {
    let Some(before) = before else {
        return Ok(content);
    };
    let old = world::content(&before.content)?;
    let same_class = old.class.kind == content.class.kind && old.class.name == content.class.name;
    let older = ArtifactContent {
        class: old.class.clone(),
        ..content.clone()
    };
    Ok(if same_class && older == old {
        old
    } else {
        content
    })
}

/// Makes or moves the binding of one first environment.
#[expect(
    clippy::too_many_arguments,
    reason = "one step of one transaction, called once"
)]
async fn deploy(
    tx: &mut Tx,
    world: &World,
    own: &[Resource],
    who: &Identity,
    content: &ArtifactContent,
    artifact: &Artifact,
    environment: &str,
    moved: bool,
) -> Result<()> {
    let Some(kind) = content.component_type.binding() else {
        return Ok(());
    };
    let grant = platform_grant("auto-deploy", &who.organization);
    let here = own.iter().find(|resource| {
        resource.identity.kind == kind
            && BindingSpec::deserialize(&resource.spec)
                .is_ok_and(|spec| spec.environment.as_str() == environment)
    });
    let draft = match here {
        // Somebody who pinned an older artifact by hand keeps it until something new is made.
        Some(_) if !moved => return Ok(()),
        Some(resource) if resource.deleted_at.is_some() => return Ok(()),
        Some(resource) => {
            let mut draft = resource.draft();
            let Some(fields) = draft.spec.as_object_mut() else {
                return Ok(());
            };
            for copied in ["workloadSpec", "apis", "className"] {
                fields.remove(copied);
            }
            fields.insert("artifact".into(), artifact.number.into());
            draft
        }
        None => new_binding(world, who, kind, environment, artifact.number),
    };
    let change = written(tx, &grant, here, &draft).await?;
    debug_assert_ne!(change, Change::Deleted, "writing never deletes");
    Ok(())
}

/// The binding that brings an artifact to an environment where none was before.
pub(crate) fn new_binding(
    world: &World,
    who: &Identity,
    kind: Kind,
    environment: &str,
    artifact: i64,
) -> Draft {
    let name = render::binding_name(world, who, environment);
    let spec = BindingSpec {
        owner: Owner {
            project_name: who.project.as_str().into(),
            component_name: who.name.as_str().into(),
        },
        environment: environment.into(),
        class_name: None,
        artifact: Some(artifact),
        workload_spec: None,
        apis: Default::default(),
        overrides: Default::default(),
        release_state: Default::default(),
    };
    Draft {
        identity: Identity::in_component(kind, &who.organization, &who.project, &who.name, &name),
        labels: Default::default(),
        annotations: Default::default(),
        spec: serde_json::to_value(spec).expect("plain data serialises"),
    }
}

/// Takes the rows away once the planes hold nothing of it.
async fn remove(platform: &Platform, component: &Resource, own: &[Resource]) -> Result<Next> {
    let who = &component.identity;
    let mut tx = platform.store().begin(clock::now().0).await?;
    let bindings: Vec<&Resource> = own
        .iter()
        .filter(|r| r.identity.kind.is_binding())
        .collect();
    let grant = platform_grant("delete", &who.organization);
    if !bindings.is_empty() {
        for binding in bindings {
            tx.mark_deleted(&grant, binding).await?;
            tx.put_job(&follow::binding_key(&binding.id), store::jobs::URGENT)
                .await?;
        }
        tx.commit().await?;
        platform.wake();
        return Ok(Next::Done);
    }
    for resource in own {
        tx.remove_resource(&grant, resource).await?;
    }
    let of = Of {
        organization: &who.organization,
        project: &who.project,
        component: &who.name,
    };
    tx.forget_component(of).await?;
    follow::follow(&mut tx, &component.id, who, Change::Deleted).await?;
    tx.put_job(
        &follow::project_key(&who.organization, &who.project),
        store::jobs::URGENT,
    )
    .await?;
    tx.commit().await?;
    platform.wake();
    Ok(Next::Done)
}
