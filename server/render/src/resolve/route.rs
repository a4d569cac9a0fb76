//! The routes that lead from a plane's gateways to a component: only those that were asked for.
//!
//! # Hosts of web applications
//! A host is `<component>-<project>-<prefix>.<virtual host>`: with the project always in it, because
//! two projects may each have a `frontend`, and because a host mustn't change when another project
//! gets a component. It stands without a hash only where it can be read in one way, that is when
//! component and prefix hold no `-`; else the hash of a plane name follows. With
//! [`Join::V03`] it is v0.3's `<component>-<prefix>`, which two projects can share.
//! The first endpoint by name has this host, further ones have their name in it.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    identity::Identity,
    kind::{
        Kind,
        api::{ApiClassSpec, RestApi, RestPolicy, ServiceApi},
        component::ComponentType,
        environment::EnvironmentSpec,
        value::Exposure,
    },
    name::{Join, LABEL, plane_name},
};
use serde::Deserialize;

use crate::{
    content::ArtifactContent,
    fault::{RenderFault, Troubles},
    input::{Options, RouteInput, clean_path, is_http},
    resolve::{BindingFacts, Place},
    world::World,
};

/// All routes of a component in an environment, in a fixed order.
pub(crate) fn routes(
    world: &World,
    content: &ArtifactContent,
    binding: &BindingFacts,
    options: &Options,
    place: &Place,
    troubles: &mut Troubles,
) -> Vec<RouteInput> {
    let maker = Maker {
        world,
        content,
        binding,
        options,
        place,
    };
    let routes = match content.component_type {
        ComponentType::Service => maker.of_service(troubles),
        ComponentType::WebApplication => maker.of_web_application(troubles),
        _ => Vec::new(),
    };
    if !routes.is_empty() {
        maker.check_prefix(troubles);
    }
    routes
}

struct Maker<'a> {
    world: &'a World,
    content: &'a ArtifactContent,
    binding: &'a BindingFacts,
    options: &'a Options,
    place: &'a Place,
}

/// What comes before the virtual host in an environment's hosts.
fn prefix<'a>(environment: &'a EnvironmentSpec, name: &'a str) -> &'a str {
    let gateway = environment.gateway.as_ref();
    gateway
        .and_then(|gateway| gateway.dns_prefix.as_ref())
        .map(|prefix| prefix.as_str())
        .filter(|prefix| !prefix.is_empty())
        .unwrap_or(name)
}

impl Maker<'_> {
    fn prefix(&self) -> &str {
        prefix(&self.place.environment, &self.binding.environment)
    }

    /// The plane's host suffix and gateway for a level.
    fn gateway(&self, exposure: Exposure, troubles: &mut Troubles) -> Option<(&str, &str)> {
        let hosts = &self.place.plane.gateway;
        let (field, host, gateway) = match exposure {
            Exposure::Project => return None,
            Exposure::Organization => (
                "organizationVirtualHost",
                hosts.organization_virtual_host.as_str(),
                self.options.gateways.organization.as_str(),
            ),
            Exposure::Public => (
                "publicVirtualHost",
                hosts.public_virtual_host.as_str(),
                self.options.gateways.public.as_str(),
            ),
        };
        if host.is_empty() {
            troubles.fault(RenderFault::new(
                format!("DataPlane {}", self.place.plane_name),
                format!("spec.gateway.{field}"),
                format!("there is no host for routes at level {}", exposure.as_str()),
                "Say under which host the plane's gateway is reached",
            ));
            return None;
        }
        Some((host, gateway))
    }

    fn of_web_application(&self, troubles: &mut Troubles) -> Vec<RouteInput> {
        let Some((suffix, gateway)) = self.gateway(Exposure::Public, troubles) else {
            return Vec::new();
        };
        let endpoints = self.content.workload.endpoints.iter();
        endpoints
            .filter(|(_, endpoint)| is_http(endpoint.endpoint_type))
            .enumerate()
            .map(|(index, (name, endpoint))| {
                let label = self.label((index > 0).then_some(name.as_str()));
                RouteInput {
                    name: name.0.clone(),
                    endpoint_type: endpoint.endpoint_type,
                    exposure: Exposure::Public,
                    name_parts: [&self.binding.name, &name.0, "httproute"]
                        .map(str::to_owned)
                        .into(),
                    gateway_namespace: self.options.gateways.namespace.clone(),
                    gateway: gateway.to_owned(),
                    gateway_port: self.options.gateways.port,
                    host: format!("{label}.{suffix}").to_lowercase(),
                    path: "/".into(),
                    rewrite: None,
                    port: endpoint.port.0,
                }
            })
            .collect()
    }

    /// The first part of a web application's host.
    fn label(&self, endpoint: Option<&str>) -> String {
        let (component, project) = (
            self.binding.component.as_str(),
            self.binding.project.as_str(),
        );
        let prefix = self.prefix();
        let parts: Vec<&str> = match (self.options.join, endpoint) {
            (Join::V03, None) => vec![component, prefix],
            (Join::V03, Some(endpoint)) => vec![component, endpoint, prefix],
            (_, None) => vec![component, project, prefix],
            (_, Some(endpoint)) => vec![component, endpoint, project, prefix],
        };
        let plain = parts.join("-");
        let one_reading = self.options.join == Join::V03
            || endpoint.is_none() && !component.contains('-') && !prefix.contains('-');
        if one_reading && plain.len() <= LABEL && !plain.contains('.') {
            plain
        } else {
            plane_name(LABEL, &parts, self.options.join).replace('.', "-")
        }
    }

    fn of_service(&self, troubles: &mut Troubles) -> Vec<RouteInput> {
        let mut routes = Vec::new();
        let mut taken: BTreeMap<(String, String), &str> = BTreeMap::new();
        for (name, api) in &self.content.apis {
            let Some(rest) = &api.rest else { continue };
            let levels: BTreeSet<Exposure> = rest.expose_levels.iter().copied().collect();
            for level in levels
                .into_iter()
                .filter(|level| *level != Exposure::Project)
            {
                let Some(route) = self.of_api(name.as_str(), api, rest, level, troubles) else {
                    continue;
                };
                let key = (route.host.clone(), route.path.clone());
                if let Some(other) = taken.insert(key, name.as_str()) {
                    troubles.fault(self.fault(
                        name.as_str(),
                        "backend.basePath",
                        format!("{} is served by API {other} as well", route.path),
                        "Give one of them another basePath".into(),
                    ));
                }
                routes.push(route);
            }
        }
        routes
    }

    fn fault(&self, api: &str, field: &str, message: String, remedy: String) -> RenderFault {
        let object = format!(
            "Service of {}/{}",
            self.binding.project, self.binding.component
        );
        RenderFault::new(
            object,
            format!("spec.apis.{api}.rest.{field}"),
            message,
            remedy,
        )
    }

    fn of_api(
        &self,
        name: &str,
        api: &ServiceApi,
        rest: &RestApi,
        level: Exposure,
        troubles: &mut Troubles,
    ) -> Option<RouteInput> {
        if !is_http(api.api_type) {
            troubles.fault(self.fault(
                name,
                "exposeLevels",
                format!(
                    "{} APIs can't be exposed by an HTTP route",
                    api.api_type.as_str()
                ),
                "Take the levels away; inside the project it stays reachable".into(),
            ));
            return None;
        }
        let endpoints = &self.content.workload.endpoints;
        let port = rest.backend.port;
        if !endpoints
            .values()
            .any(|e| e.port == port && is_http(e.endpoint_type))
        {
            let open: Vec<String> = endpoints
                .iter()
                .map(|(name, e)| format!("{name} {}", e.port))
                .collect();
            let open = if open.is_empty() {
                "none".into()
            } else {
                open.join(", ")
            };
            troubles.fault(self.fault(
                name,
                "backend.port",
                format!("no HTTP endpoint of the workload has port {port}"),
                format!("Use the port of an endpoint. There are: {open}"),
            ));
            return None;
        }
        self.check_policies(name, api, level, troubles)?;
        let (suffix, gateway) = self.gateway(level, troubles)?;
        let base = clean_path(rest.backend.base_path.as_deref());
        let word = level.as_str().to_lowercase();
        let rewrite = if base.is_empty() {
            "/".into()
        } else {
            base.clone()
        };
        Some(RouteInput {
            name: name.to_owned(),
            endpoint_type: api.api_type,
            exposure: level,
            name_parts: [&self.binding.name, name, &word, "httproute"]
                .map(str::to_owned)
                .into(),
            gateway_namespace: self.options.gateways.namespace.clone(),
            gateway: gateway.to_owned(),
            gateway_port: self.options.gateways.port,
            host: format!("{}.{suffix}", self.prefix()).to_lowercase(),
            path: format!("/{}/{}{base}", self.binding.project, self.binding.component),
            rewrite: Some(rewrite),
            port: port.0,
        })
    }

    /// A route is never made before its policies: as long as they aren't rendered, a class that asks
    /// for one keeps the route away, and the release with it.
    fn check_policies(
        &self,
        name: &str,
        api: &ServiceApi,
        level: Exposure,
        troubles: &mut Troubles,
    ) -> Option<()> {
        let class = api.class_name.as_str();
        let identity = Identity::in_organization(Kind::APIClass, &self.binding.organization, class);
        let reason = format!(
            "API {name} of {} names it as its class",
            self.binding.component()
        );
        let spec: ApiClassSpec = self
            .world
            .read(&identity, reason)
            .map_err(|waiting| troubles.wait(waiting))
            .ok()?;
        let policies = spec.rest_policy.unwrap_or_default();
        let own = if level == Exposure::Public {
            policies.public
        } else {
            policies.organization
        };
        let asked = asked(
            &policies.defaults.unwrap_or_default(),
            &own.unwrap_or_default(),
        );
        if asked.is_empty() {
            return Some(());
        }
        let level = level.as_str();
        troubles.fault(self.fault(
            name,
            "exposeLevels",
            format!(
                "{identity} asks for {} at level {level}, and API policies aren't rendered yet: \
                 the route would be open without them",
                asked.join(", ")
            ),
            format!("Take {level} out of exposeLevels, or name a class without policies"),
        ));
        None
    }

    /// Two environments of one plane with one prefix would answer for each other.
    fn check_prefix(&self, troubles: &mut Troubles) {
        let organization = &self.binding.organization;
        let first = Identity::in_organization(Kind::Environment, organization, "");
        let others = self
            .world
            .resources
            .range(first..)
            .take_while(|(identity, _)| {
                identity.kind == Kind::Environment && identity.organization == *organization
            });
        for (identity, spec) in others.filter(|(i, _)| i.name != self.binding.environment) {
            let Ok(other) = EnvironmentSpec::deserialize(spec) else {
                continue;
            };
            if other.data_plane() == self.place.plane_name
                && prefix(&other, &identity.name) == self.prefix()
            {
                troubles.fault(RenderFault::new(
                    format!("Environment {}", self.binding.environment),
                    "spec.gateway.dnsPrefix",
                    format!(
                        "{identity} has the prefix {} on the same plane",
                        self.prefix()
                    ),
                    "Give each environment of a plane a prefix of its own",
                ));
            }
        }
    }
}

/// What policies ask for, by field name; the level's own win over the defaults.
fn asked(defaults: &RestPolicy, own: &RestPolicy) -> Vec<&'static str> {
    let breaker = own
        .circuit_breaker
        .as_ref()
        .or(defaults.circuit_breaker.as_ref());
    let security = own.security.as_ref().or(defaults.security.as_ref());
    let mediation = own.mediation.as_ref().or(defaults.mediation.as_ref());
    let all = [
        (
            "rateLimit",
            own.rate_limit.is_some() || defaults.rate_limit.is_some(),
        ),
        (
            "authentication",
            own.authentication.is_some() || defaults.authentication.is_some(),
        ),
        ("cors", own.cors.is_some() || defaults.cors.is_some()),
        (
            "security",
            security.is_some_and(|security| *security != Default::default()),
        ),
        (
            "mediation",
            mediation.is_some_and(|mediation| *mediation != Default::default()),
        ),
        (
            "circuitBreaker",
            breaker.is_some_and(|breaker| breaker.enabled),
        ),
    ];
    all.into_iter()
        .filter(|(_, asked)| *asked)
        .map(|(name, _)| name)
        .collect()
}
