//! Projects as cells: what stands in one, and where its declared connections lead.

use std::collections::BTreeMap;

use async_trait::async_trait;
use model::{
    access::Viewer,
    health::Health,
    identity::Identity,
    kind::{
        Kind,
        component::{ComponentSpec, ComponentType},
        project::ProjectSpec,
        workload::WorkloadTemplate,
    },
    moment::Moment,
    port::{Answer, cells::Cells},
    view::{
        CellComponent, CellConnection, CellEndpoint, CellView, ConnectionStanding, EnvironmentName,
        HealthCount,
    },
};
use render::{ConnectionState, EndpointAddress, Reached};
use serde::Deserialize;
use store::{bindings::Binding, resources::Resource};

use super::{Map, counts, look, projects::state};
use crate::{Platform, Result, delete::found, world};

#[async_trait]
impl Cells for Platform {
    async fn find(&self, viewer: &Viewer, project: &str, environment: &str) -> Answer<CellView> {
        Ok(find(self, viewer, project, environment).await?)
    }
}

async fn find(
    platform: &Platform,
    viewer: &Viewer,
    name: &str,
    environment: &str,
) -> Result<CellView> {
    look(viewer, Kind::Project, name)?;
    let (org, store) = (viewer.organization.as_str(), platform.store());
    let project = found(
        platform,
        &Identity::in_organization(Kind::Project, org, name),
    )
    .await?;
    let pipeline = ProjectSpec::deserialize(&project.spec)
        .map(|spec| spec.deployment_pipeline_ref.0)
        .unwrap_or_default();
    let map = Map::of(platform, org).await?;
    let mut environments = map.of_pipeline(&pipeline);
    let bindings = store.bindings_of_project(org, name).await?;
    for binding in &bindings {
        if !environments
            .iter()
            .any(|known| known.name == binding.environment)
        {
            environments.push(map.name(&binding.environment));
        }
    }
    let tallies = store.tallies(org, &[name]).await?;
    let counts = counts(&environments, tallies.iter());
    let environment = chosen(environment, &environments, &counts);
    let slice = world::of_project(store, org, name, &environment.name).await?;
    let here: BTreeMap<&str, &Binding> = bindings
        .iter()
        .filter(|binding| binding.environment == environment.name)
        .map(|binding| (binding.component.as_str(), binding))
        .collect();
    let declared = slice.own.iter().filter(|resource| {
        resource.identity.kind == Kind::Component && resource.deleted_at.is_none()
    });
    let (mut components, mut connections) = (Vec::new(), Vec::new());
    for resource in declared {
        let who = &resource.identity;
        let workload = slice
            .world
            .workload(who, &environment.name)
            .unwrap_or_default();
        let states = render::connections(
            &slice.world,
            who,
            &environment.name,
            &workload,
            platform.options(),
        );
        connections.extend(states.into_iter().map(|state| connection(&who.name, state)));
        components.push(component(
            resource,
            &workload,
            here.get(who.name.as_str()).copied(),
        ));
    }
    Ok(CellView {
        project: project.identity.name,
        display_name: project.display_name,
        pipeline,
        environments,
        counts,
        environment,
        components,
        connections,
    })
}

/// The environment asked for, else the first that fails, else the first that something runs in.
fn chosen(
    asked: &str,
    environments: &[EnvironmentName],
    counts: &[HealthCount],
) -> EnvironmentName {
    let both = || environments.iter().zip(counts);
    let named = both().find(|(own, _)| own.name == asked);
    named
        .or_else(|| both().find(|(_, count)| count.degraded > 0))
        .or_else(|| both().find(|(_, count)| count.total() > 0))
        .or_else(|| both().next())
        .map(|(own, _)| own.clone())
        .unwrap_or_default()
}

fn component(
    resource: &Resource,
    workload: &WorkloadTemplate,
    binding: Option<&Binding>,
) -> CellComponent {
    let component_type = ComponentSpec::deserialize(&resource.spec)
        .map_or(ComponentType::Service, |spec| spec.component_type);
    let placed = binding.filter(|binding| binding.artifact.is_some());
    CellComponent {
        name: resource.identity.name.clone(),
        display_name: resource.display_name.clone(),
        component_type,
        artifact: placed.and_then(|binding| binding.artifact),
        version: placed
            .map(|binding| binding.label.clone())
            .unwrap_or_default(),
        health: placed.map_or(Health::Unknown, |binding| Health::parse(&binding.health)),
        sentence: placed
            .map(|binding| binding.sentence.clone())
            .unwrap_or_default(),
        since: Moment(placed.map_or(0, |binding| binding.since)),
        state: placed.map_or_else(Default::default, |binding| state(&binding.state)),
        labels: resource.labels.clone(),
        endpoints: endpoints(workload, binding),
    }
}

fn endpoints(workload: &WorkloadTemplate, binding: Option<&Binding>) -> Vec<CellEndpoint> {
    let addresses: Vec<EndpointAddress> = binding
        .and_then(|binding| serde_json::from_str(&binding.endpoints).ok())
        .unwrap_or_default();
    let rows = workload.endpoints.iter().map(|(name, endpoint)| {
        let mut own: Vec<&EndpointAddress> = addresses
            .iter()
            .filter(|address| address.name == name.as_str())
            .collect();
        own.sort_by_key(|address| address.exposure);
        CellEndpoint {
            name: name.0.clone(),
            speaks: endpoint.endpoint_type.as_str().to_owned(),
            port: endpoint.port.0,
            addresses: own
                .iter()
                .map(|address| (address.exposure, address.uri.clone()))
                .collect(),
        }
    });
    rows.collect()
}

fn connection(from: &str, state: ConnectionState) -> CellConnection {
    let mut row = CellConnection {
        from: from.to_owned(),
        name: state.name,
        project: state.project,
        component: state.component,
        endpoint: state.endpoint,
        standing: ConnectionStanding::Ready,
        speaks: String::new(),
        port: 0,
        address: String::new(),
        variables: Vec::new(),
        says: Vec::new(),
    };
    match state.reached {
        Reached::Ready { address, variables } => {
            row.speaks = address.endpoint.endpoint_type.as_str().to_owned();
            row.port = address.endpoint.port;
            row.address = address.endpoint.uri;
            row.variables = variables.into_iter().map(|(name, _)| name).collect();
        }
        Reached::Waiting(waiting) => {
            row.standing = ConnectionStanding::Waiting;
            let says = waiting.iter();
            row.says = says.map(|one| format!("It is {}", one.why)).collect();
        }
        Reached::Faults(faults) => {
            row.standing = ConnectionStanding::Faulty;
            let says = faults.iter();
            row.says = says
                .map(|one| format!("{} {}. {}", one.object, one.message, one.remedy))
                .collect();
        }
    }
    row
}
