//! Reads the slice of the declared world that one component's questions need.

use std::collections::BTreeMap;

use model::{
    identity::Identity,
    kind::{Kind, binding::BindingSpec, workload::WorkloadSpec, workload::WorkloadTemplate},
    manifest::Document,
};
use render::{ArtifactContent, Bound, BoundTo, World};
use serde::Deserialize;
use serde_json::Value;
use store::{Store, artifacts::Of, resources::Resource};

use crate::{Result, clock, error::Error, references::targets};

/// The kinds that an organization has few of, and that any component may need.
const SHARED: &[Kind] = &[
    Kind::DataPlane,
    Kind::Environment,
    Kind::DeploymentPipeline,
    Kind::ConfigurationGroup,
    Kind::ServiceClass,
    Kind::WebApplicationClass,
    Kind::ScheduledTaskClass,
    Kind::APIClass,
];

/// A component's world, and its own resources.
#[derive(Debug)]
pub struct Slice {
    /// What there is.
    pub world: World,
    /// The component and everything that belongs to it; also what is being deleted.
    pub own: Vec<Resource>,
}

impl Slice {
    /// The component's own row, when it is there.
    pub fn component(&self) -> Option<&Resource> {
        self.own
            .iter()
            .find(|resource| resource.identity.kind == Kind::Component)
    }
}

fn put(world: &mut World, resources: &[Resource]) {
    let there = resources
        .iter()
        .filter(|resource| resource.deleted_at.is_none());
    world
        .resources
        .extend(there.map(|r| (r.identity.clone(), r.spec.clone())));
}

/// Reads what a component's artifact and releases are made from.
///
/// # Errors
/// When the store refuses or holds what can't be read.
pub async fn slice(
    store: &Store,
    organization: &str,
    project: &str,
    component: &str,
) -> Result<Slice> {
    slice_with(store, organization, project, component, &[]).await
}

/// Reads what the connections of a whole project lead to in one environment: a few queries for it,
/// and as many for each other project that is called.
///
/// # Errors
/// When the store refuses or holds what can't be read.
pub async fn of_project(
    store: &Store,
    organization: &str,
    project: &str,
    environment: &str,
) -> Result<Slice> {
    let mut world = World::default();
    let pipelines = store
        .resources_of_kind(organization, Kind::DeploymentPipeline)
        .await?;
    put(&mut world, &pipelines);
    let own = add_whole(store, &mut world, organization, project, environment).await?;
    let mut others: Vec<String> = Vec::new();
    let components = own
        .iter()
        .filter(|resource| resource.identity.kind == Kind::Component);
    for component in components {
        let workload = world.workload(&component.identity, environment);
        let called = workload.map(|workload| targets(&component.identity, &workload));
        others.extend(called.into_iter().flatten().map(|target| target.project));
    }
    others.retain(|other| other != project);
    others.sort();
    others.dedup();
    for other in others {
        add_whole(store, &mut world, organization, &other, environment).await?;
    }
    Ok(Slice { world, own })
}

/// Adds all of a project, and what its components should run in an environment.
async fn add_whole(
    store: &Store,
    world: &mut World,
    organization: &str,
    project: &str,
    environment: &str,
) -> Result<Vec<Resource>> {
    let own = store.resources_of_project(organization, project).await?;
    put(world, &own);
    for placed in store.placed(organization, project, environment).await? {
        let key = Bound {
            organization: organization.into(),
            project: project.into(),
            component: placed.component,
            environment: environment.into(),
        };
        let bound = BoundTo {
            binding: placed.binding,
            content: content(&placed.content)?,
        };
        world.bound.insert(key, bound);
    }
    Ok(own)
}

/// The same as it would be if these documents were stored: what a preview looks at.
///
/// # Errors
/// When the store refuses or holds what can't be read.
pub async fn slice_with(
    store: &Store,
    organization: &str,
    project: &str,
    component: &str,
    drafts: &[Document],
) -> Result<Slice> {
    let mut world = World::default();
    for kind in SHARED {
        put(
            &mut world,
            &store.resources_of_kind(organization, *kind).await?,
        );
    }
    world.class_versions = store
        .newest_class_versions(organization)
        .await?
        .into_iter()
        .collect();
    let own = store
        .resources_of_component(organization, project, component)
        .await?;
    put(&mut world, &own);
    add_project(store, &mut world, organization, project).await?;
    let of = Of {
        organization,
        project,
        component,
    };
    add_bound(store, &mut world, of, &own).await?;
    add_restarts(store, &mut world, of, &own).await?;
    let drafted = |identity: &Identity| drafts.iter().any(|draft| draft.identity == *identity);
    let mut called: Vec<Identity> = Vec::new();
    for resource in own.iter().filter(|own| !drafted(&own.identity)) {
        called.extend(calls(&resource.identity, &resource.spec));
    }
    for draft in drafts
        .iter()
        .filter(|draft| draft.identity.project == project && draft.identity.component == component)
    {
        called.extend(calls(&draft.identity, &draft.spec));
    }
    let bound: Vec<WorkloadTemplate> = world
        .bound
        .values()
        .map(|bound| bound.content.workload.clone())
        .collect();
    let me = Identity::in_project(Kind::Component, organization, project, component);
    called.extend(bound.iter().flat_map(|workload| targets(&me, workload)));
    called.sort();
    called.dedup();
    for target in called {
        if target.project == project && target.name == component {
            continue;
        }
        add_project(store, &mut world, organization, &target.project).await?;
        let theirs = store
            .resources_of_component(organization, &target.project, &target.name)
            .await?;
        put(&mut world, &theirs);
        let of = Of {
            organization,
            project: &target.project,
            component: &target.name,
        };
        add_bound(store, &mut world, of, &theirs).await?;
    }
    let drafts = drafts
        .iter()
        .map(|draft| (draft.identity.clone(), draft.spec.clone()));
    world.resources.extend(drafts);
    Ok(Slice { world, own })
}

/// The components that a workload or a binding calls.
fn calls(identity: &Identity, spec: &Value) -> Vec<Identity> {
    let template = match identity.kind {
        Kind::Workload => WorkloadSpec::deserialize(spec)
            .ok()
            .map(|spec| spec.template()),
        kind if kind.is_binding() && kind != Kind::APIBinding => BindingSpec::deserialize(spec)
            .ok()
            .and_then(|spec| spec.workload_spec),
        _ => None,
    };
    template
        .map(|template| targets(identity, &template))
        .unwrap_or_default()
}

async fn add_project(
    store: &Store,
    world: &mut World,
    organization: &str,
    project: &str,
) -> Result<()> {
    let identity = Identity::in_organization(Kind::Project, organization, project);
    if !world.resources.contains_key(&identity)
        && let Some(found) = store.resource(&identity).await?
    {
        put(world, &[found]);
    }
    Ok(())
}

/// Adds which artifact each of a component's bindings has.
async fn add_bound(store: &Store, world: &mut World, of: Of<'_>, own: &[Resource]) -> Result<()> {
    let bindings = own.iter().filter(|resource| {
        resource.deleted_at.is_none()
            && resource.identity.kind.is_binding()
            && resource.identity.kind != Kind::APIBinding
    });
    let mut known: BTreeMap<i64, ArtifactContent> = BTreeMap::new();
    for binding in bindings {
        let Ok(spec) = BindingSpec::deserialize(&binding.spec) else {
            continue;
        };
        let number = match spec.artifact {
            Some(number) => Some(number),
            None => store
                .binding(&binding.id)
                .await?
                .and_then(|status| status.artifact),
        };
        let Some(number) = number else { continue };
        if let std::collections::btree_map::Entry::Vacant(place) = known.entry(number) {
            let Some(artifact) = store.artifact(of, number).await? else {
                continue;
            };
            place.insert(content(&artifact.content)?);
        }
        let key = Bound {
            organization: of.organization.into(),
            project: of.project.into(),
            component: of.component.into(),
            environment: spec.environment.0.clone(),
        };
        if let Some(content) = known.get(&number) {
            let binding = binding.identity.name.clone();
            world.bound.insert(
                key,
                BoundTo {
                    binding,
                    content: content.clone(),
                },
            );
        }
    }
    Ok(())
}

/// Adds when the pods of a component were last restarted by hand, where they were.
async fn add_restarts(
    store: &Store,
    world: &mut World,
    of: Of<'_>,
    own: &[Resource],
) -> Result<()> {
    let restarts = store.restarts_of_component(of).await?;
    for binding in own.iter().filter(|own| own.identity.kind.is_binding()) {
        let (Some(at), Ok(spec)) = (
            restarts.get(&binding.id),
            BindingSpec::deserialize(&binding.spec),
        ) else {
            continue;
        };
        let key = Bound {
            organization: of.organization.into(),
            project: of.project.into(),
            component: of.component.into(),
            environment: spec.environment.0,
        };
        world.restarts.insert(key, clock::text(*at));
    }
    Ok(())
}

/// Reads an artifact's content.
///
/// # Errors
/// When the row doesn't hold what we wrote.
pub fn content(text: &str) -> Result<ArtifactContent> {
    serde_json::from_str(text).map_err(|error| Error::Corrupt {
        what: "an artifact".into(),
        reason: error.to_string(),
    })
}
