//! From declarations to one environment's [`Input`]: every reference followed, every value known.

mod configuration;
pub mod connection;
mod containers;
mod route;

use std::collections::BTreeMap;

use model::{
    identity::Identity,
    kind::{
        Kind,
        binding::{Overrides, ReleaseState},
        component::ComponentType,
        environment::EnvironmentSpec,
        plane::DataPlaneSpec,
    },
};
use serde::{Deserialize, Serialize};

use crate::{
    content::ArtifactContent,
    fault::{Blocked, RenderFault, Troubles, Waiting},
    input::{EndpointInput, Input, Options, Source, Variable, clean_path},
    resolve::{configuration::Settings, connection::Reached},
    world::{Bound, World},
};

/// What a binding says, besides which artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BindingFacts {
    /// The organization.
    pub organization: String,
    /// The project.
    pub project: String,
    /// The component.
    pub component: String,
    /// The environment.
    pub environment: String,
    /// The binding's name.
    pub name: String,
    /// Whether it runs.
    pub state: ReleaseState,
    /// What differs in this environment.
    pub overrides: Overrides,
}

impl BindingFacts {
    /// The identity of the component that is bound.
    pub fn component(&self) -> Identity {
        Identity::in_project(
            Kind::Component,
            &self.organization,
            &self.project,
            &self.component,
        )
    }

    /// Where it is bound.
    fn bound(&self) -> Bound {
        Bound {
            organization: self.organization.clone(),
            project: self.project.clone(),
            component: self.component.clone(),
            environment: self.environment.clone(),
        }
    }

    /// What faults of the workload name.
    pub(crate) fn workload(&self) -> String {
        format!("Workload of {}/{}", self.project, self.component)
    }

    /// What faults of the overrides name.
    pub(crate) fn binding(&self, component_type: ComponentType) -> String {
        let kind = component_type.binding().map_or("Binding", Kind::as_str);
        format!("{kind} {}/{}", self.project, self.name)
    }
}

/// The environment and the plane that a release goes to.
pub(crate) struct Place {
    pub environment: EnvironmentSpec,
    pub plane_name: String,
    pub plane: DataPlaneSpec,
}

/// Follows every reference of an artifact in one environment, or says all that stands in the way.
pub fn resolve(
    world: &World,
    content: &ArtifactContent,
    binding: &BindingFacts,
    options: &Options,
) -> Result<Input, Blocked> {
    let mut troubles = Troubles::default();
    let mut input = blank(content, binding, options);
    // Taking something away must work however broken the rest is.
    if binding.state == ReleaseState::Undeploy {
        return Ok(input);
    }
    check_type(content, binding, &mut troubles);
    if !troubles.faults.is_empty() {
        return Err(Blocked::Faults(troubles.faults));
    }
    input.restarted = world.restarts.get(&binding.bound()).cloned();
    let place = place(world, binding).map_err(|w| troubles.wait(w)).ok();
    let mut settings = Settings::new(world, binding);
    containers::containers(content, binding, &mut settings, &mut input, &mut troubles);
    inject(world, content, binding, options, &mut input, &mut troubles);
    containers::overrides(content, binding, &mut settings, &mut input, &mut troubles);
    input.settings = settings.values;
    if let Some(place) = &place {
        input.pull_secret = place
            .plane
            .registry
            .secret_ref
            .as_ref()
            .map(|name| name.0.clone());
        input.routes = route::routes(world, content, binding, options, place, &mut troubles);
    }
    match troubles.blocked() {
        None => Ok(input),
        Some(blocked) => Err(blocked),
    }
}

/// The input as far as it needs no other resource.
fn blank(content: &ArtifactContent, binding: &BindingFacts, options: &Options) -> Input {
    let endpoints = content.workload.endpoints.iter().map(|(name, endpoint)| {
        let api = content.apis.get(name).and_then(|api| api.rest.as_ref());
        let base_path = clean_path(api.and_then(|rest| rest.backend.base_path.as_deref()));
        let endpoint = EndpointInput {
            endpoint_type: endpoint.endpoint_type,
            port: endpoint.port.0,
            base_path,
        };
        (name.0.clone(), endpoint)
    });
    Input {
        organization: binding.organization.clone(),
        project: binding.project.clone(),
        component: binding.component.clone(),
        environment: binding.environment.clone(),
        binding: binding.name.clone(),
        component_type: content.component_type,
        state: binding.state,
        join: options.join,
        class: content.class.clone(),
        containers: BTreeMap::new(),
        endpoints: endpoints.collect(),
        routes: Vec::new(),
        settings: BTreeMap::new(),
        pull_secret: None,
        replicas: binding.overrides.replicas,
        schedule: binding
            .overrides
            .schedule
            .as_ref()
            .map(|cron| cron.0.clone()),
        changes: BTreeMap::new(),
        restarted: None,
    }
}

/// Whether components of this type are rendered, and the artifact fits its type.
fn check_type(content: &ArtifactContent, binding: &BindingFacts, troubles: &mut Troubles) {
    use ComponentType as T;
    let component = binding.component().to_string();
    match content.component_type {
        T::Service | T::WebApplication | T::ScheduledTask => {}
        T::API | T::APIProxy => troubles.fault(RenderFault::new(
            component,
            "spec.type",
            "API proxies are stored and shown; they aren't rendered onto planes yet",
            "Nothing to do: the declaration is kept, and takes effect when Troupe renders them",
        )),
        other => troubles.fault(RenderFault::new(
            component,
            "spec.type",
            format!("components of type {other} can't be run"),
            "Use Service, WebApplication or ScheduledTask",
        )),
    }
    if content.component_type != T::Service && !content.apis.is_empty() {
        troubles.fault(RenderFault::new(
            binding.binding(content.component_type),
            "spec.apis",
            "only Services have managed APIs",
            "Take apis away, or make the component a Service",
        ));
    }
    if content.workload.containers.is_empty() {
        troubles.fault(RenderFault::new(
            binding.workload(),
            "spec.containers",
            "there is no container to run",
            "Add a container, usually called main, with its image",
        ));
    }
}

/// The environment of a binding and the plane it is on.
fn place(world: &World, binding: &BindingFacts) -> Result<Place, Waiting> {
    let identity = Identity::in_organization(
        Kind::Environment,
        &binding.organization,
        &binding.environment,
    );
    let reason = format!("{} should run in it", binding.component());
    let environment: EnvironmentSpec = world.read(&identity, reason)?;
    let plane_name = environment.data_plane().to_owned();
    let plane = Identity::in_organization(Kind::DataPlane, &binding.organization, &plane_name);
    let reason = format!("{identity} names it in spec.dataPlaneRef");
    let plane = world.read(&plane, reason)?;
    Ok(Place {
        environment,
        plane_name,
        plane,
    })
}

/// Gives every container of the workload what its connections inject.
fn inject(
    world: &World,
    content: &ArtifactContent,
    binding: &BindingFacts,
    options: &Options,
    input: &mut Input,
    troubles: &mut Troubles,
) {
    let component = binding.component();
    let states = connection::connections(
        world,
        &component,
        &binding.environment,
        &content.workload,
        options,
    );
    for state in states {
        match state.reached {
            Reached::Ready { variables, .. } => {
                for (name, value) in variables {
                    for container in input.containers.values_mut() {
                        let source = Source::Value(value.clone());
                        containers::set(
                            &mut container.env,
                            Variable {
                                name: name.clone(),
                                source,
                            },
                        );
                    }
                }
            }
            Reached::Waiting(waiting) => waiting.into_iter().for_each(|w| troubles.wait(w)),
            Reached::Faults(faults) => faults.into_iter().for_each(|f| troubles.fault(f)),
        }
    }
}
