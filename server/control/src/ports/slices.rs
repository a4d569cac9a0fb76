//! Manifests with their status, a part of a long list at a time: as many queries for two hundred as
//! for one.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    access::Viewer,
    health::Health,
    kind::Kind,
    view::{Slice, Sliced},
};
use serde_json::{Value, json};
use store::{bindings::Binding, resources::Resource, waiting::Waiting};

use super::{look, manifests::stored};
use crate::{Platform, Result};

/// The manifests of a slice.
pub(super) async fn run(platform: &Platform, viewer: &Viewer, slice: &Slice) -> Result<Sliced> {
    look(viewer, slice.kind, &slice.project)?;
    let store = platform.store();
    let mut rows = store.slice(&viewer.organization, slice).await?;
    let limit = usize::try_from(slice.limit.clamp(1, 200)).unwrap_or(200);
    let goes_on = rows.len() > limit;
    rows.truncate(limit);
    let statuses = statuses(platform, &rows).await?;
    let last = rows.last().map(|row| &row.identity);
    let place = last.map(|who| (who.project.clone(), who.component.clone(), who.name.clone()));
    Ok(Sliced {
        next: place.filter(|_| goes_on),
        items: rows
            .iter()
            .zip(&statuses)
            .map(|(row, status)| stored(row, status.as_ref()))
            .collect(),
    })
}

/// What became of resources of one kind, as their manifests' statuses.
pub(super) async fn statuses(
    platform: &Platform,
    resources: &[Resource],
) -> Result<Vec<Option<Value>>> {
    let Some(first) = resources.first().map(|resource| &resource.identity) else {
        return Ok(Vec::new());
    };
    let component = |resource: &Resource| {
        let who = &resource.identity;
        let name = if who.kind == Kind::Component {
            who.name.clone()
        } else {
            who.component.clone()
        };
        (who.project.clone(), name)
    };
    if first.kind != Kind::Component && !first.kind.is_binding() {
        return Ok(vec![None; resources.len()]);
    }
    let own: BTreeSet<(String, String)> = resources.iter().map(component).collect();
    let own: Vec<(&str, &str)> = own.iter().map(|(p, c)| (p.as_str(), c.as_str())).collect();
    let store = platform.store();
    let bindings = store
        .bindings_of_components(&first.organization, &own)
        .await?;
    if first.kind.is_binding() {
        let by_id: BTreeMap<&str, &Binding> = bindings.iter().map(|b| (b.id.as_str(), b)).collect();
        let status = |resource: &Resource| {
            let found = by_id.get(resource.id.as_str());
            found.map(|binding| of_binding(binding))
        };
        return Ok(resources.iter().map(status).collect());
    }
    let waiting = store
        .waiting_of_components(&first.organization, &own)
        .await?;
    type Known<'a> = (Vec<&'a Binding>, Vec<&'a Waiting>);
    let mut by_component: BTreeMap<(&str, &str), Known<'_>> = BTreeMap::new();
    for binding in &bindings {
        let key = (binding.project.as_str(), binding.component.as_str());
        by_component.entry(key).or_default().0.push(binding);
    }
    for row in &waiting {
        let key = (row.who.project.as_str(), row.who.component.as_str());
        by_component.entry(key).or_default().1.push(row);
    }
    let status = |resource: &Resource| {
        let who = &resource.identity;
        let known = by_component.get(&(who.project.as_str(), who.name.as_str()));
        let (bindings, waiting) = known.cloned().unwrap_or_default();
        Some(json!({
            "observedGeneration": resource.generation,
            "environments": bindings.into_iter().map(of_binding).collect::<Vec<_>>(),
            "waitingFor": waiting.iter().map(|row| &row.for_what).collect::<Vec<_>>(),
        }))
    };
    Ok(resources.iter().map(status).collect())
}

fn of_binding(binding: &Binding) -> Value {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    json!({
        "name": binding.environment,
        "plane": binding.plane,
        "namespace": binding.namespace,
        "state": binding.state,
        "artifact": binding.artifact,
        "version": binding.label,
        "release": binding.release,
        "health": Health::parse(&binding.health).as_str(),
        "message": binding.sentence,
        "replicas": {"ready": binding.ready, "wanted": binding.wanted},
        "endpoints": parsed(&binding.endpoints),
        "blocked": parsed(&binding.blocked),
    })
}
