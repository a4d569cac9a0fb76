//! The slice of the declared world that one question needs, and how it is looked up.

use std::collections::BTreeMap;

use model::{
    identity::Identity,
    kind::{
        Kind,
        api::{DeclarationSpec, ServiceApi, ServiceSpec},
        binding::BindingSpec,
        component::{ComponentSpec, ComponentType},
        pipeline::DeploymentPipelineSpec,
        project::ProjectSpec,
        value::LabelName,
        workload::{WorkloadSpec, WorkloadTemplate},
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{content::ArtifactContent, fault::Waiting};

/// A slice of the declared world, enough for one question.
///
/// What isn't in it counts as missing, so a slice for [`crate::resolve()`] holds the component's
/// project and pipeline, all environments of the organization with the DataPlane, the
/// configuration groups and API classes that are named, and of each connection's target: its
/// project, component, declaration, workload and binding.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct World {
    /// The specs as stored, by identity.
    pub resources: BTreeMap<Identity, Value>,
    /// The newest version of each class; 1 when absent.
    pub class_versions: BTreeMap<Identity, i64>,
    /// What is bound where.
    pub bound: BTreeMap<Bound, BoundTo>,
    /// When its pods were last restarted by hand, where they were: any text that names the restart.
    pub restarts: BTreeMap<Bound, String>,
}

/// A component in an environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Bound {
    /// The organization.
    pub organization: String,
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// The environment.
    pub environment: String,
}

/// What a component has in an environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoundTo {
    /// The binding's name, which the names on the plane are made of.
    pub binding: String,
    /// The artifact that should run there.
    pub content: ArtifactContent,
}

/// What a component declares, as far as others can see it.
pub(crate) struct Declared {
    pub component_type: ComponentType,
    pub class_name: String,
    pub workload: WorkloadTemplate,
    pub apis: BTreeMap<LabelName, ServiceApi>,
}

impl World {
    /// The spec of something, or what to wait for.
    pub(crate) fn read<'a, T: Deserialize<'a>>(
        &'a self,
        identity: &Identity,
        reason: impl std::fmt::Display,
    ) -> Result<T, Waiting> {
        let spec = self
            .resources
            .get(identity)
            .ok_or_else(|| Waiting::new(identity.clone(), reason))?;
        T::deserialize(spec).map_err(|error| {
            Waiting::new(
                identity.clone(),
                format!("its stored spec can't be read: {error}"),
            )
        })
    }

    /// All resources of a kind that a component owns, by name.
    pub(crate) fn owned<'a>(
        &'a self,
        kind: Kind,
        component: &'a Identity,
    ) -> impl Iterator<Item = (&'a Identity, &'a Value)> {
        let first = Identity::in_component(
            kind,
            &component.organization,
            &component.project,
            &component.name,
            "",
        );
        self.resources
            .range(first..)
            .take_while(move |(identity, _)| {
                identity.kind == kind
                    && identity.organization == component.organization
                    && identity.project == component.project
                    && identity.component == component.name
            })
    }

    /// The declaration of a component: the one of its own name, else the first by name.
    pub(crate) fn declaration<'a>(
        &'a self,
        kind: Kind,
        component: &'a Identity,
    ) -> Option<(&'a Identity, &'a Value)> {
        self.owned(kind, component)
            .find(|(identity, _)| identity.name == component.name)
            .or_else(|| self.owned(kind, component).next())
    }

    /// The workload of a component in an environment: of what is bound there, else what it declares;
    /// nothing while that isn't all there.
    pub fn workload(&self, component: &Identity, environment: &str) -> Option<WorkloadTemplate> {
        let key = Bound {
            organization: component.organization.clone(),
            project: component.project.clone(),
            component: component.name.clone(),
            environment: environment.to_owned(),
        };
        match self.bound.get(&key) {
            Some(bound) => Some(bound.content.workload.clone()),
            None => self.declared(component).ok().map(|d| d.workload),
        }
    }

    /// What a component of a workload type declares, or all that is missing of it.
    pub(crate) fn declared(&self, component: &Identity) -> Result<Declared, Vec<Waiting>> {
        let spec: ComponentSpec = self
            .read(component, "nothing declares it yet")
            .map_err(|w| vec![w])?;
        let component_type = spec.component_type;
        let Some(kind) = component_type
            .declaration()
            .filter(|kind| *kind != Kind::API)
        else {
            let why = format!("components of type {component_type} have no workload to run");
            return Err(vec![Waiting::new(component.clone(), why)]);
        };
        let Some((identity, _)) = self.declaration(kind, component) else {
            let missing = Identity::in_component(
                kind,
                &component.organization,
                &component.project,
                &component.name,
                &component.name,
            );
            let why = format!("{component} is a {kind}, and no {kind} declares what it runs");
            return Err(vec![Waiting::new(missing, why)]);
        };
        let (workload_name, class_name, apis) = if kind == Kind::Service {
            let spec: ServiceSpec = self.read(identity, "").map_err(|w| vec![w])?;
            (spec.workload_name, spec.class_name, spec.apis)
        } else {
            let spec: DeclarationSpec = self.read(identity, "").map_err(|w| vec![w])?;
            (spec.workload_name, spec.class_name, BTreeMap::new())
        };
        let workload = Identity {
            kind: Kind::Workload,
            name: workload_name.0,
            ..identity.clone()
        };
        let reason = format!("{identity} names it in spec.workloadName");
        let workload: WorkloadSpec = self.read(&workload, reason).map_err(|w| vec![w])?;
        Ok(Declared {
            component_type,
            class_name: class_name.0,
            workload: workload.template(),
            apis,
        })
    }
}

/// The environments that a project's new artifacts go to first: the roots of its pipeline.
pub fn first_environments(world: &World, project: &Identity) -> Result<Vec<String>, Waiting> {
    let spec: ProjectSpec = world.read(project, "nothing declares it yet")?;
    let pipeline = Identity::in_organization(
        Kind::DeploymentPipeline,
        &project.organization,
        spec.deployment_pipeline_ref.as_str(),
    );
    let reason = format!("{project} names it in spec.deploymentPipelineRef");
    let roots = world
        .read::<DeploymentPipelineSpec>(&pipeline, reason)?
        .roots();
    if roots.is_empty() {
        return Err(Waiting::new(pipeline, "it names no environment yet"));
    }
    Ok(roots)
}

/// What a component's binding in an environment is called, whether or not it exists.
///
/// An existing one keeps its name. Else v0.3's rule holds, from which names on planes follow: like
/// the declaration in a first environment, `<component>-<environment>` in one that is promoted to.
pub fn binding_name(world: &World, component: &Identity, environment: &str) -> String {
    let key = Bound {
        organization: component.organization.clone(),
        project: component.project.clone(),
        component: component.name.clone(),
        environment: environment.to_owned(),
    };
    if let Some(bound) = world.bound.get(&key) {
        return bound.binding.clone();
    }
    let component_type = world
        .read::<ComponentSpec>(component, "")
        .map(|spec| spec.component_type)
        .ok();
    if let Some(kind) = component_type.and_then(ComponentType::binding)
        && kind != Kind::APIBinding
    {
        let here = world.owned(kind, component).find(|(_, spec)| {
            BindingSpec::deserialize(*spec).is_ok_and(|b| b.environment.as_str() == environment)
        });
        if let Some((identity, _)) = here {
            return identity.name.clone();
        }
    }
    let project =
        Identity::in_organization(Kind::Project, &component.organization, &component.project);
    let first = first_environments(world, &project).unwrap_or_default();
    if first.iter().any(|name| name == environment) {
        component_type
            .and_then(ComponentType::declaration)
            .and_then(|kind| world.declaration(kind, component))
            .map_or_else(
                || component.name.clone(),
                |(identity, _)| identity.name.clone(),
            )
    } else {
        format!("{}-{environment}", component.name)
    }
}
