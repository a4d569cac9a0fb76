//! Where a component's connections lead in an environment, and what they inject.

use std::collections::BTreeMap;

use model::{
    identity::Identity,
    kind::{
        Kind,
        api::ServiceApi,
        component::ComponentType,
        value::{EndpointType, Exposure, LabelName},
        workload::{Connection, WorkloadTemplate},
    },
    manifest::template,
};
use serde::{Deserialize, Serialize};

use crate::{
    fault::{RenderFault, Waiting, suggest},
    input::{self, EndpointAddress, Options, clean_path},
    world::{Bound, World, binding_name},
};

/// A connection and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionState {
    /// Its name in the workload.
    pub name: String,
    /// The project called.
    pub project: String,
    /// The component called; empty when it isn't said.
    pub component: String,
    /// The endpoint called; empty when it isn't said.
    pub endpoint: String,
    /// What has become of it.
    pub reached: Reached,
}

/// Whether a connection leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reached {
    /// It does.
    Ready {
        /// Where to.
        address: Address,
        /// The variables that containers get, in the connection's order.
        variables: Vec<(String, String)>,
    },
    /// What it needs isn't there yet.
    Waiting(Vec<Waiting>),
    /// Somebody must change something.
    Faults(Vec<RenderFault>),
}

/// Where a connection leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// What the target's type is.
    pub component_type: ComponentType,
    /// The target's binding.
    pub binding: String,
    /// The address that callers use.
    pub endpoint: EndpointAddress,
}

/// Where all connections of a workload lead when it runs in `environment`, sorted by name.
pub fn connections(
    world: &World,
    component: &Identity,
    environment: &str,
    workload: &WorkloadTemplate,
    options: &Options,
) -> Vec<ConnectionState> {
    workload
        .connections
        .iter()
        .map(|(name, connection)| {
            let param = |key: &str| connection.params.get(key).cloned().unwrap_or_default();
            let project = match param("projectName") {
                own if own.is_empty() => component.project.clone(),
                other => other,
            };
            let caller = Caller {
                world,
                component,
                environment,
                options,
                name: name.as_str(),
            };
            let mut state = ConnectionState {
                name: name.0.clone(),
                project,
                component: param("componentName"),
                endpoint: param("endpoint"),
                reached: Reached::Waiting(Vec::new()),
            };
            state.reached = caller
                .reach(&state, connection)
                .unwrap_or_else(|blocked| blocked);
            state
        })
        .collect()
}

/// The target of a connection as it is, or will be, in the environment.
struct Target {
    component_type: ComponentType,
    binding: String,
    workload: WorkloadTemplate,
    apis: BTreeMap<LabelName, ServiceApi>,
}

/// One connection of one component.
struct Caller<'a> {
    world: &'a World,
    component: &'a Identity,
    environment: &'a str,
    options: &'a Options,
    name: &'a str,
}

impl Caller<'_> {
    fn fault(&self, field: &str, message: String, remedy: String) -> Reached {
        let object = format!(
            "Workload of {}/{}",
            self.component.project, self.component.name
        );
        let field = format!("spec.connections.{}.{field}", self.name);
        Reached::Faults(vec![RenderFault::new(object, field, message, remedy)])
    }

    fn reach(&self, state: &ConnectionState, connection: &Connection) -> Result<Reached, Reached> {
        for (param, value) in [
            ("componentName", &state.component),
            ("endpoint", &state.endpoint),
        ] {
            if value.is_empty() {
                let message = format!("doesn't say {param}");
                let remedy = format!("Add params.{param}: whom it calls");
                return Err(self.fault("params", message, remedy));
            }
        }
        let target = self.target(state)?;
        let address = self.address(state, &target)?;
        let variables = self.variables(connection, &address)?;
        Ok(Reached::Ready {
            address: Address {
                component_type: target.component_type,
                binding: target.binding,
                endpoint: address,
            },
            variables,
        })
    }

    /// What the target has in this environment; what it declares, when it isn't there yet. So two
    /// that call each other don't wait for each other.
    fn target(&self, state: &ConnectionState) -> Result<Target, Reached> {
        let organization = &self.component.organization;
        let wait = |missing: Identity| {
            let by = format!("connection {} of {} leads to it", self.name, self.component);
            Reached::Waiting(vec![Waiting::new(missing, by)])
        };
        let project = Identity::in_organization(Kind::Project, organization, &state.project);
        if !self.world.resources.contains_key(&project) {
            return Err(wait(project));
        }
        let component = Identity::in_project(
            Kind::Component,
            organization,
            &state.project,
            &state.component,
        );
        if !self.world.resources.contains_key(&component) {
            return Err(wait(component));
        }
        let key = Bound {
            organization: organization.clone(),
            project: state.project.clone(),
            component: state.component.clone(),
            environment: self.environment.to_owned(),
        };
        if let Some(bound) = self.world.bound.get(&key) {
            let content = &bound.content;
            self.not_yet_here(state, &component, &content.workload)?;
            return Ok(Target {
                component_type: content.component_type,
                binding: bound.binding.clone(),
                workload: content.workload.clone(),
                apis: content.apis.clone(),
            });
        }
        let declared = self.world.declared(&component).map_err(Reached::Waiting)?;
        Ok(Target {
            component_type: declared.component_type,
            binding: binding_name(self.world, &component, self.environment),
            workload: declared.workload,
            apis: declared.apis,
        })
    }

    /// An endpoint that is declared, and that the artifact in this environment lacks, will come
    /// with a newer artifact.
    fn not_yet_here(
        &self,
        state: &ConnectionState,
        component: &Identity,
        here: &WorkloadTemplate,
    ) -> Result<(), Reached> {
        let name = LabelName(state.endpoint.clone());
        let declared = || {
            self.world
                .declared(component)
                .is_ok_and(|d| d.workload.endpoints.contains_key(&name))
        };
        if here.endpoints.contains_key(&name) || !declared() {
            return Ok(());
        }
        let why = format!(
            "its artifact in {} has no endpoint {name} yet, which connection {} of {} calls; a \
             newer one has it",
            self.environment, self.name, self.component
        );
        Err(Reached::Waiting(vec![Waiting::new(component.clone(), why)]))
    }

    fn address(
        &self,
        state: &ConnectionState,
        target: &Target,
    ) -> Result<EndpointAddress, Reached> {
        let callee = format!("{}/{}", state.project, state.component);
        if target.component_type == ComponentType::ScheduledTask {
            return Err(self.fault(
                "params.componentName",
                format!("{callee} is a scheduled task, which has no address"),
                "Connect to a Service or a WebApplication".into(),
            ));
        }
        let name = LabelName(state.endpoint.clone());
        let Some(endpoint) = target.workload.endpoints.get(&name) else {
            let known = target.workload.endpoints.keys().map(LabelName::as_str);
            return Err(self.fault(
                "params.endpoint",
                format!("{callee} has no endpoint {name}"),
                suggest(name.as_str(), known),
            ));
        };
        let rest = target.apis.get(&name).and_then(|api| api.rest.as_ref());
        let service = input::workload_name(&target.binding, self.options.join);
        let (host, exposure) = if state.project == self.component.project {
            (service, Exposure::Project)
        } else {
            let widest = if target.component_type == ComponentType::WebApplication {
                Exposure::Public
            } else {
                rest.map(|rest| rest.widest()).unwrap_or_default()
            };
            if widest == Exposure::Project {
                return Err(self.fault(
                    "params.endpoint",
                    format!("endpoint {name} of {callee} is for its own project alone"),
                    format!(
                        "Expose it: add Organization to spec.apis.{name}.rest.exposeLevels of \
                         the Service of {callee}, and bring that to {}",
                        self.environment
                    ),
                ));
            }
            let namespace = input::namespace(
                &self.component.organization,
                &state.project,
                self.environment,
                self.options.join,
            );
            (format!("{service}.{namespace}.svc.cluster.local"), widest)
        };
        let base_path = clean_path(rest.and_then(|rest| rest.backend.base_path.as_deref()));
        let port = endpoint.port.0;
        let kind: EndpointType = endpoint.endpoint_type;
        let scheme = input::scheme(kind, port);
        Ok(EndpointAddress::new(
            name.as_str(),
            kind,
            exposure,
            scheme,
            &host,
            port,
            &base_path,
        ))
    }

    fn variables(
        &self,
        connection: &Connection,
        address: &EndpointAddress,
    ) -> Result<Vec<(String, String)>, Reached> {
        let part = |name: &str| match name {
            "host" => address.host.clone(),
            "port" => address.port.to_string(),
            "scheme" => address.scheme.clone(),
            "basePath" => address.base_path.clone(),
            // v0.3 knows it by both names.
            _ => address.uri.clone(),
        };
        let fill = |index: usize, text: &str| {
            template::fill(text, part).map_err(|bad| {
                self.fault(
                    &format!("inject.env[{index}].value"),
                    bad.message,
                    bad.remedy,
                )
            })
        };
        let injected = connection.inject.env.iter().enumerate();
        injected
            .map(|(index, v)| Ok((v.name.0.clone(), fill(index, &v.value)?)))
            .collect()
    }
}
