//! What forms ask while somebody fills them in.

use std::collections::BTreeMap;

use async_trait::async_trait;
use model::{
    access::{Thing, Verb, Viewer, may},
    identity::Identity,
    kind::{
        Kind,
        binding::BindingSpec,
        class::gives,
        component::{ComponentSpec, ComponentType},
        project::ProjectSpec,
        value::Exposure,
    },
    port::{Answer, drafting::Drafting},
    view::{ClassOffer, ComponentOffers, ComponentParts, EndpointOffer, KeyOffer, PartView},
};
use serde::Deserialize;
use serde_json::Value;
use store::{drafting::EndpointLine, resources::Resource};

use super::{Map, look, manifests::manifest};
use crate::{Platform, Result, delete::found};

/// The kinds of classes that a component's form offers.
const CLASSES: [Kind; 4] = [
    Kind::ServiceClass,
    Kind::WebApplicationClass,
    Kind::ScheduledTaskClass,
    Kind::APIClass,
];

#[async_trait]
impl Drafting for Platform {
    async fn offers(&self, viewer: &Viewer, project: &str) -> Answer<ComponentOffers> {
        Ok(offers(self, viewer, project).await?)
    }

    async fn parts(
        &self,
        viewer: &Viewer,
        project: &str,
        component: &str,
    ) -> Answer<ComponentParts> {
        Ok(parts(self, viewer, project, component).await?)
    }

    async fn endpoints(
        &self,
        viewer: &Viewer,
        project: &str,
        component: &str,
        search: &str,
    ) -> Answer<Vec<EndpointOffer>> {
        Ok(endpoints(self, viewer, project, component, search).await?)
    }

    async fn keys(&self, viewer: &Viewer, search: &str) -> Answer<Vec<KeyOffer>> {
        Ok(keys(self, viewer, search).await?)
    }
}

async fn offers(platform: &Platform, viewer: &Viewer, project: &str) -> Result<ComponentOffers> {
    look(viewer, Kind::Project, project)?;
    let org = viewer.organization.as_str();
    let row = found(
        platform,
        &Identity::in_organization(Kind::Project, org, project),
    )
    .await?;
    let map = Map::of(platform, org).await?;
    let first = ProjectSpec::deserialize(&row.spec)
        .ok()
        .and_then(|spec| map.pipelines.get(spec.deployment_pipeline_ref.as_str()))
        .map(|pipeline| pipeline.roots())
        .unwrap_or_default();
    let versions: BTreeMap<Identity, i64> = platform
        .store()
        .newest_class_versions(org)
        .await?
        .into_iter()
        .collect();
    let mut classes = BTreeMap::new();
    for kind in CLASSES {
        let rows = platform.store().resources_of_kind(org, kind).await?;
        let there = rows.iter().filter(|row| row.deleted_at.is_none());
        let offered = there.map(|row| class(row, versions.get(&row.identity).copied()));
        classes.insert(kind, offered.collect());
    }
    Ok(ComponentOffers {
        project_display_name: row.display_name.clone(),
        first: first.iter().map(|name| map.name(name)).collect(),
        environments: map.all(),
        classes,
    })
}

fn class(row: &Resource, version: Option<i64>) -> ClassOffer {
    let of_task = |field: &str| {
        let value = row.spec.pointer(&format!("/cronJobTemplate/{field}"));
        value.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    ClassOffer {
        name: row.identity.name.clone(),
        display_name: row.display_name.clone(),
        description: row.description.clone(),
        version: version.unwrap_or_default(),
        gives: gives(&row.spec),
        schedule: of_task("schedule"),
        time_zone: of_task("timeZone"),
    }
}

async fn parts(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    name: &str,
) -> Result<ComponentParts> {
    look(viewer, Kind::Component, project)?;
    let org = viewer.organization.as_str();
    let component = found(
        platform,
        &Identity::in_project(Kind::Component, org, project, name),
    )
    .await?;
    let own = platform
        .store()
        .resources_of_component(org, project, name)
        .await?;
    let component_type = ComponentSpec::deserialize(&component.spec)
        .ok()
        .map(|spec| spec.component_type);
    let declared = component_type.and_then(ComponentType::declaration);
    let declaration = declared.and_then(|kind| called(&own, kind, name));
    let workload = declaration
        .and_then(|row| row.spec.get("workloadName")?.as_str())
        .unwrap_or(name);
    let kind = component_type.and_then(ComponentType::binding);
    let bindings = own
        .iter()
        .filter(|row| Some(row.identity.kind) == kind && row.deleted_at.is_none())
        .filter_map(|row| {
            let spec = BindingSpec::deserialize(&row.spec).ok()?;
            Some((spec.environment.0, part(row)))
        });
    Ok(ComponentParts {
        display_name: component.display_name.clone(),
        component: part(&component),
        declaration: declaration.map(part),
        workload: called(&own, Kind::Workload, workload).map(part),
        bindings: bindings.collect(),
    })
}

/// The one of a kind with this name, else the first of the kind.
fn called<'a>(own: &'a [Resource], kind: Kind, name: &str) -> Option<&'a Resource> {
    let all = || {
        own.iter()
            .filter(|row| row.identity.kind == kind && row.deleted_at.is_none())
    };
    all()
        .find(|row| row.identity.name == name)
        .or_else(|| all().next())
}

fn part(row: &Resource) -> PartView {
    PartView {
        identity: row.identity.clone(),
        version: row.version,
        manifest: manifest(row, None),
    }
}

async fn endpoints(
    platform: &Platform,
    viewer: &Viewer,
    project: &str,
    component: &str,
    search: &str,
) -> Result<Vec<EndpointOffer>> {
    look(viewer, Kind::Workload, project)?;
    let org = viewer.organization.as_str();
    let rows = platform
        .store()
        .endpoints_to_call(org, project, component, search)
        .await?;
    let seen = rows.into_iter().filter(|row| {
        let thing = Thing::in_project(Kind::Workload, org, &row.project);
        may(viewer, Verb::View, &thing).is_ok()
    });
    Ok(seen.map(endpoint).collect())
}

fn endpoint(row: EndpointLine) -> EndpointOffer {
    EndpointOffer {
        exposure: match row.exposure {
            2 => Exposure::Public,
            1 => Exposure::Organization,
            _ => Exposure::Project,
        },
        project: row.project,
        component: row.component,
        endpoint: row.endpoint,
        endpoint_type: row.endpoint_type,
        port: row.port,
    }
}

async fn keys(platform: &Platform, viewer: &Viewer, search: &str) -> Result<Vec<KeyOffer>> {
    look(viewer, Kind::ConfigurationGroup, "")?;
    let rows = platform
        .store()
        .configuration_keys(&viewer.organization, search)
        .await?;
    let offered = rows.into_iter();
    Ok(offered
        .map(|(group, key)| KeyOffer { group, key })
        .collect())
}
