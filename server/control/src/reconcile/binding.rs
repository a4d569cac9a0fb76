//! A binding: from the artifact that should run to objects on a plane.

use model::{
    access::platform as platform_grant,
    identity::Identity,
    kind::{
        Kind,
        binding::{BindingSpec, ReleaseState},
        environment::EnvironmentSpec,
    },
    view::Change,
};
use render::{ArtifactContent, BindingFacts, Blocked, Rendered, Waiting};
use serde::Deserialize;
use store::{artifacts::Of, bindings::Binding, inventory::Item, resources::Resource};

use super::{Next, component::told, deploy};
use crate::{
    Error, Platform, Result, clock, follow,
    references::{groups, targets},
    world,
};

/// How thoroughly a binding is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// The plane is asked only when something differs from what was applied last.
    Changes,
    /// The plane is compared whatever is known.
    Plane,
}

/// A binding with all that its release is made from.
pub(super) struct Subject<'a> {
    pub platform: &'a Platform,
    pub resource: &'a Resource,
    pub spec: BindingSpec,
    pub status: Binding,
}

impl Subject<'_> {
    pub fn of(&self) -> Of<'_> {
        let who = &self.resource.identity;
        Of {
            organization: &who.organization,
            project: &who.project,
            component: &who.component,
        }
    }
}

/// Looks at one binding.
pub(super) async fn reconcile(platform: &Platform, id: &str, depth: Depth) -> Result<Next> {
    let _turn = platform.0.turns.of(id).await;
    let Some(resource) = platform.store().resource_by_id(id).await? else {
        return Ok(Next::Done);
    };
    if resource.identity.kind == Kind::APIBinding {
        return unrendered(platform, &resource).await;
    }
    let spec = BindingSpec::deserialize(&resource.spec).map_err(|error| Error::Corrupt {
        what: resource.identity.to_string(),
        reason: error.to_string(),
    })?;
    let status = match platform.store().binding(id).await? {
        Some(status) => status,
        None => fresh(&resource, &spec),
    };
    let mut subject = Subject {
        platform,
        resource: &resource,
        spec,
        status,
    };
    if resource.deleted_at.is_some() {
        return remove(&subject).await;
    }
    subject.status.state = subject.spec.release_state.as_str().into();
    match prepare(&mut subject).await? {
        Ok((rendered, plane)) => {
            subject.status.blocked = "[]".into();
            deploy::bring(&mut subject, rendered, &plane, depth).await
        }
        Err(blocked) => halt(&mut subject, blocked).await,
    }
}

/// API bindings make nothing on planes yet, so theirs can go at once.
async fn unrendered(platform: &Platform, resource: &Resource) -> Result<Next> {
    if resource.deleted_at.is_some() {
        let who = &resource.identity;
        let mut tx = platform.store().begin(clock::now().0).await?;
        tx.remove_resource(&platform_grant("delete", &who.organization), resource)
            .await?;
        let key = follow::component_key(&who.organization, &who.project, &who.component);
        tx.put_job(&key, store::jobs::URGENT).await?;
        tx.commit().await?;
        platform.wake();
    }
    Ok(Next::Done)
}

fn fresh(resource: &Resource, spec: &BindingSpec) -> Binding {
    let who = &resource.identity;
    Binding {
        id: resource.id.clone(),
        organization: who.organization.clone(),
        project: who.project.clone(),
        component: who.component.clone(),
        environment: spec.environment.0.clone(),
        name: who.name.clone(),
        plane: String::new(),
        namespace: String::new(),
        state: spec.release_state.as_str().into(),
        artifact: None,
        label: String::new(),
        release: None,
        deployment_id: None,
        health: "Unknown".into(),
        sentence: "not brought here yet".into(),
        since: clock::now().0,
        ready: 0,
        wanted: 0,
        endpoints: "[]".into(),
        blocked: "[]".into(),
        last_lines: "[]".into(),
    }
}

/// Resolves and renders, or says what stands in the way.
async fn prepare(subject: &mut Subject<'_>) -> Result<Result<(Rendered, String), Blocked>> {
    let who = subject.resource.identity.clone();
    let store = subject.platform.store();
    let slice = world::slice(store, &who.organization, &who.project, &who.component).await?;
    let content = match content(subject, &slice).await? {
        Ok(content) => content,
        Err(blocked) => return Ok(Err(blocked)),
    };
    note_dependencies(subject, &content).await?;
    let facts = BindingFacts {
        organization: who.organization.clone(),
        project: who.project.clone(),
        component: who.component.clone(),
        environment: subject.spec.environment.0.clone(),
        name: who.name.clone(),
        state: subject.spec.release_state,
        overrides: subject.spec.overrides.clone(),
    };
    let input = match render::resolve(&slice.world, &content, &facts, subject.platform.options()) {
        Ok(input) => input,
        Err(blocked) => return Ok(Err(blocked)),
    };
    let environment = Identity::in_organization(
        Kind::Environment,
        &who.organization,
        subject.spec.environment.as_str(),
    );
    let plane = slice
        .world
        .resources
        .get(&environment)
        .and_then(|spec| EnvironmentSpec::deserialize(spec).ok())
        .map_or_else(
            || subject.status.plane.clone(),
            |spec| spec.data_plane().to_owned(),
        );
    Ok(render::render(&input)
        .map(|rendered| (rendered, plane))
        .map_err(Blocked::Faults))
}

/// What should run: the artifact that is named, or the one that the copied workload makes.
async fn content(
    subject: &mut Subject<'_>,
    slice: &world::Slice,
) -> Result<Result<ArtifactContent, Blocked>> {
    let platform = subject.platform;
    let store = platform.store();
    let who = subject.resource.identity.clone();
    if let Some(number) = subject.spec.artifact {
        let Some(artifact) = store.artifact(subject.of(), number).await? else {
            let missing = render::RenderFault {
                object: who.to_string(),
                field: "spec.artifact".into(),
                message: format!("{} has no artifact {number}", who.component),
                remedy: "Name one that its page lists".into(),
            };
            return Ok(Err(Blocked::Faults(vec![missing])));
        };
        subject.status.artifact = Some(number);
        subject.status.label = artifact.label;
        return Ok(Ok(world::content(&artifact.content)?));
    }
    let content = match render::compose_binding(&slice.world, &who, &subject.spec) {
        Ok(content) => content,
        Err(waiting) => return Ok(Err(Blocked::Waiting(waiting))),
    };
    // The version of the class that this binding got stays until its own content changes.
    let content = match subject.status.artifact {
        Some(number) => match store.artifact(subject.of(), number).await? {
            Some(before) => {
                let old = world::content(&before.content)?;
                let older = ArtifactContent {
                    class: old.class.clone(),
                    ..content.clone()
                };
                if old.class.name == content.class.name && older == old {
                    old
                } else {
                    content
                }
            }
            None => content,
        },
        None => content,
    };
    let text = serde_json::to_string(&content).expect("plain data serialises");
    let grant = platform_grant("artifacts", &who.organization);
    let mut tx = store.begin(clock::now().0).await?;
    let (hash, label) = (content.hash(), content.version_label());
    let (artifact, _) = tx
        .register_artifact(&grant, subject.of(), clock::id(), &hash, &label, &text)
        .await?;
    tx.commit().await?;
    subject.status.artifact = Some(artifact.number);
    subject.status.label = artifact.label;
    Ok(Ok(content))
}

/// Writes down whose changes are to be looked at here.
async fn note_dependencies(subject: &Subject<'_>, content: &ArtifactContent) -> Result<()> {
    let who = &subject.resource.identity;
    let env = content
        .workload
        .containers
        .values()
        .flat_map(|container| &container.env);
    let overrides = subject
        .spec
        .overrides
        .containers
        .values()
        .flat_map(|c| &c.env);
    let mut what: Vec<String> = groups(&who.organization, env.chain(overrides))
        .iter()
        .chain(&targets(who, &content.workload))
        .map(ToString::to_string)
        .collect();
    what.push(
        Identity::in_organization(
            Kind::Environment,
            &who.organization,
            subject.spec.environment.as_str(),
        )
        .to_string(),
    );
    what.sort();
    what.dedup();
    let mut tx = subject.platform.store().begin(clock::now().0).await?;
    tx.set_dependencies(&subject.resource.id, &who.organization, &what)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Says what stands in the way. What runs goes on running.
async fn halt(subject: &mut Subject<'_>, blocked: Blocked) -> Result<Next> {
    let now = clock::now().0;
    let (sentences, waiting): (Vec<String>, Vec<Waiting>) = match blocked {
        Blocked::Waiting(waiting) => (waiting.iter().map(|w| w.why.clone()).collect(), waiting),
        Blocked::Faults(faults) => (faults.iter().map(ToString::to_string).collect(), Vec::new()),
    };
    let status = &mut subject.status;
    if status.release.is_none() {
        let health = if waiting.is_empty() {
            "Degraded"
        } else {
            "Progressing"
        };
        if status.health != health {
            status.since = now;
        }
        status.health = health.into();
        status.sentence = sentences.first().cloned().unwrap_or_default();
    }
    status.blocked = serde_json::to_string(&sentences).expect("text serialises");
    let mut tx = subject.platform.store().begin(now).await?;
    tx.set_waiting(
        &subject.resource.identity,
        &subject.resource.id,
        &told(&waiting),
    )
    .await?;
    tx.save_binding(&subject.status).await?;
    tx.commit().await?;
    subject.platform.wake();
    Ok(Next::Done)
}

/// Takes everything off the planes, then the rows away.
async fn remove(subject: &Subject<'_>) -> Result<Next> {
    let platform = subject.platform;
    let who = &subject.resource.identity;
    let inventory = platform.store().inventory(&subject.resource.id).await?;
    let items: Vec<Item> = inventory;
    let outcome = deploy::prune(platform, &items).await?;
    let mut tx = platform.store().begin(clock::now().0).await?;
    for item in &outcome.gone {
        tx.forget(item).await?;
    }
    if outcome.left > 0 {
        tx.commit().await?;
        return Ok(Next::In(1));
    }
    let grant = platform_grant("delete", &who.organization);
    tx.remove_binding(&subject.resource.id).await?;
    tx.remove_resource(&grant, subject.resource).await?;
    follow::follow(&mut tx, &subject.resource.id, who, Change::Deleted).await?;
    let key = follow::component_key(&who.organization, &who.project, &who.component);
    tx.put_job(&key, store::jobs::URGENT).await?;
    tx.commit().await?;
    platform.wake();
    Ok(Next::Done)
}

/// Whether a binding wants nothing on the plane.
pub(super) fn undeployed(state: ReleaseState) -> bool {
    state == ReleaseState::Undeploy
}
