//! Who may call whom: a connection to another project leads only to what that project exposes.

use model::{
    identity::Identity,
    kind::{
        Kind,
        api::ServiceSpec,
        component::{ComponentSpec, ComponentType},
        value::Exposure,
        workload::WorkloadSpec,
    },
    manifest::Document,
    problem::FieldFault,
};
use serde::Deserialize;
use store::{Tx, resources::Resource};

use super::fault;
use crate::Result;

/// Looks at the connections of every workload that was sent, once all that was sent is there. What
/// isn't there yet is waited for; what is there and keeps to itself is a fault.
pub(super) async fn objections(tx: &mut Tx, documents: &[Document]) -> Result<Vec<FieldFault>> {
    let mut found = Vec::new();
    for document in documents {
        if document.identity.kind != Kind::Workload {
            continue;
        }
        let Ok(spec) = WorkloadSpec::deserialize(&document.spec) else {
            continue;
        };
        for (name, connection) in &spec.connections {
            let param = |key: &str| connection.params.get(key).map(String::as_str);
            let (Some(project), Some(component), Some(endpoint)) = (
                param("projectName"),
                param("componentName"),
                param("endpoint"),
            ) else {
                continue;
            };
            let who = &document.identity;
            if project == who.project {
                continue;
            }
            let callee =
                Identity::in_project(Kind::Component, &who.organization, project, component);
            if !kept_to_itself(tx, &callee, endpoint).await? {
                continue;
            }
            found.push(fault(
                document,
                &format!("spec.connections.{name}.params.endpoint"),
                format!(
                    "endpoint {endpoint} of {project}/{component} is for its own project alone"
                ),
                &format!(
                    "Ask its owners to expose it: add Organization to \
                     spec.apis.{endpoint}.rest.exposeLevels of the Service of {project}/{component}"
                ),
            ));
        }
    }
    Ok(found)
}

/// Whether an endpoint that is declared is seen by its own project only.
async fn kept_to_itself(tx: &mut Tx, callee: &Identity, endpoint: &str) -> Result<bool> {
    let Some(component) = tx.resource(callee).await?.filter(is_there) else {
        return Ok(false);
    };
    let component_type = ComponentSpec::deserialize(&component.spec)
        .ok()
        .map(|spec| spec.component_type);
    if component_type != Some(ComponentType::Service) {
        return Ok(false);
    }
    let own = tx
        .resources_of_component(&callee.organization, &callee.project, &callee.name)
        .await?;
    let own: Vec<&Resource> = own.iter().filter(|row| is_there(row)).collect();
    let declared = own.iter().any(|row| {
        row.identity.kind == Kind::Workload
            && WorkloadSpec::deserialize(&row.spec)
                .is_ok_and(|spec| spec.endpoints.keys().any(|name| name.as_str() == endpoint))
    });
    let services: Vec<ServiceSpec> = own
        .iter()
        .filter(|row| row.identity.kind == Kind::Service)
        .filter_map(|row| ServiceSpec::deserialize(&row.spec).ok())
        .collect();
    let exposed = services.iter().any(|service| {
        service.apis.iter().any(|(name, api)| {
            let widest = api.rest.as_ref().map(|rest| rest.widest());
            name.as_str() == endpoint && widest.unwrap_or_default() > Exposure::Project
        })
    });
    Ok(declared && !services.is_empty() && !exposed)
}

fn is_there(row: &Resource) -> bool {
    row.deleted_at.is_none()
}
