//! What a class locks: its annotation names what no binding may override.
//!
//! A lock holds for what is saved from then on. What a binding said before stays until it is changed,
//! so that a platform engineer's edit changes nothing that runs; taking an override away always works.

use model::{
    identity::Identity,
    kind::{
        Kind,
        binding::{BindingSpec, Overrides},
        class,
    },
    manifest::Document,
    problem::FieldFault,
};
use serde::Deserialize;
use store::{Tx, artifacts::Of, resources::Resource};

use crate::{Platform, Result, apply::fault, world};

/// What a class's locks say against a document: against a class, that it locks what can't be;
/// against a binding, that it overrides what is locked.
///
/// # Errors
/// When the store refuses.
pub(crate) async fn objection(
    platform: &Platform,
    tx: &mut Tx,
    document: &Document,
    before: Option<&Resource>,
) -> Result<Option<FieldFault>> {
    let who = &document.identity;
    if who.kind.is_class() {
        let (_, unknown) = class::locks(&document.annotations);
        return Ok(unknown.first().map(|word| {
            let path = format!("metadata.annotations.{}", class::LOCKS);
            let message = format!("{word} can't be locked");
            let remedy = format!("Lock some of {}", class::LOCKABLE.join(", "));
            fault(document, &path, message, &remedy)
        }));
    }
    if !who.kind.is_binding() || who.kind == Kind::APIBinding {
        return Ok(None);
    }
    let Ok(spec) = BindingSpec::deserialize(&document.spec) else {
        return Ok(None);
    };
    if spec.overrides.is_empty() {
        return Ok(None);
    }
    let Some(class) = class_of(platform, who, &spec).await? else {
        return Ok(None);
    };
    let Some(class) = tx.resource(&class).await? else {
        return Ok(None);
    };
    let old = before
        .and_then(|before| BindingSpec::deserialize(&before.spec).ok())
        .map(|spec| spec.overrides)
        .unwrap_or_default();
    let (locked, _) = class::locks(&class.annotations);
    let broken = locked
        .into_iter()
        .find_map(|lock| breaks(lock, &spec.overrides, &old));
    Ok(broken.map(|field| {
        let message = format!("{}, so it can't be set for one environment", says(&class));
        let path = format!("spec.overrides.{field}");
        let remedy = format!("Leave it out, or ask who keeps {}", class.identity);
        fault(document, &path, message, &remedy)
    }))
}

/// Who locked it, in words.
pub(crate) fn says(class: &Resource) -> String {
    format!(
        "{} locks it (last changed by {})",
        class.identity, class.updated_by
    )
}

/// The class that a binding's artifact pins, or that its copied workload names.
async fn class_of(
    platform: &Platform,
    who: &Identity,
    spec: &BindingSpec,
) -> Result<Option<Identity>> {
    let Some(kind) = who.kind.component_type().and_then(|of| of.class()) else {
        return Ok(None);
    };
    let of = Of {
        organization: &who.organization,
        project: &who.project,
        component: &who.component,
    };
    let name = match spec.artifact {
        Some(number) => match platform.store().artifact(of, number).await? {
            Some(artifact) => world::content(&artifact.content)?.class.name,
            None => return Ok(None),
        },
        None => spec
            .class_name
            .as_ref()
            .map_or("default", |name| name.as_str())
            .to_owned(),
    };
    Ok(Some(Identity::in_organization(
        kind,
        &who.organization,
        &name,
    )))
}

/// The field that is set, other than before, under a lock.
fn breaks(lock: &str, new: &Overrides, old: &Overrides) -> Option<String> {
    match lock {
        "replicas" => {
            (new.replicas.is_some() && new.replicas != old.replicas).then(|| "replicas".to_owned())
        }
        "schedule" => {
            (new.schedule.is_some() && new.schedule != old.schedule).then(|| "schedule".to_owned())
        }
        "resources" => new.containers.iter().find_map(|(name, change)| {
            let resources = change.resources.as_ref()?;
            let before = old
                .containers
                .get(name)
                .and_then(|old| old.resources.as_ref());
            let differs = Some(resources) != before && *resources != Default::default();
            differs.then(|| format!("containers.{name}.resources"))
        }),
        "env" => new.containers.iter().find_map(|(name, change)| {
            let before = old.containers.get(name).map_or(&[][..], |old| &old.env);
            let differs = change.env.iter().any(|variable| !before.contains(variable));
            differs.then(|| format!("containers.{name}.env"))
        }),
        _ => None,
    }
}

/// What a class locks of a binding's settings: each setting's key with the words for it.
pub(crate) fn told(class: &Resource, key: &str) -> String {
    let (locked, _) = class::locks(&class.annotations);
    if locked.contains(class::lock_of(key)) {
        says(class)
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn overrides(value: Value) -> Overrides {
        Overrides::deserialize(value).expect("overrides")
    }

    #[test]
    fn what_was_there_before_and_what_goes_breaks_no_lock() {
        let old = overrides(json!({"replicas": 2, "containers": {"main": {
            "env": [{"key": "A", "value": "1"}, {"key": "B", "value": "2"}],
            "resources": {"limits": {"cpu": "1"}}}}}));
        let less =
            overrides(json!({"containers": {"main": {"env": [{"key": "A", "value": "1"}]}}}));
        for lock in class::LOCKABLE {
            assert_eq!(breaks(lock, &old, &old), None, "{lock}");
            assert_eq!(breaks(lock, &less, &old), None, "{lock}");
        }
        let more = overrides(json!({"replicas": 3, "containers": {"main": {
            "env": [{"key": "A", "value": "9"}], "resources": {"limits": {"cpu": "2"}}}}}));
        assert_eq!(breaks("replicas", &more, &old).as_deref(), Some("replicas"));
        assert_eq!(
            breaks("resources", &more, &old).as_deref(),
            Some("containers.main.resources")
        );
        assert_eq!(
            breaks("env", &more, &old).as_deref(),
            Some("containers.main.env")
        );
    }
}
