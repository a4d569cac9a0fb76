//! What an artifact is made of. Its hash is its identity: the same content is the same artifact.

use std::collections::BTreeMap;

use model::{
    identity::Identity,
    kind::{
        Kind,
        api::{ApiSpec, ServiceApi},
        binding::BindingSpec,
        component::{ComponentSpec, ComponentType},
        value::LabelName,
        workload::WorkloadTemplate,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{fault::Waiting, world::World};

/// The name that the container people mean usually has.
pub(crate) const MAIN: &str = "main";

/// What an artifact is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactContent {
    /// The component's type.
    pub component_type: ComponentType,
    /// Containers, endpoints and connections.
    pub workload: WorkloadTemplate,
    /// Managed APIs; Services have some.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub apis: BTreeMap<LabelName, ServiceApi>,
    /// The class, at one version.
    pub class: ClassPin,
}

/// A class at one version: what it said then, whatever it says now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClassPin {
    /// The kind of class.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: i64,
    /// Its spec at that version.
    pub spec: Value,
}

impl ArtifactContent {
    /// The artifact's identity: a hash of its canonical JSON.
    pub fn hash(&self) -> String {
        let value = serde_json::to_value(self).expect("plain data serialises");
        model::hash::of(&value)
    }

    /// The images by container, `main` first, then by name.
    pub fn images(&self) -> Vec<(String, String)> {
        let mut images: Vec<(String, String)> = self
            .workload
            .containers
            .iter()
            .map(|(name, container)| (name.0.clone(), container.image.0.clone()))
            .collect();
        images.sort_by(|a, b| (a.0 != MAIN, &a.0).cmp(&(b.0 != MAIN, &b.0)));
        images
    }

    /// What people call this version: the tag of the main image, a short digest, or `latest`.
    pub fn version_label(&self) -> String {
        let images = self.images();
        let Some((_, image)) = images.first() else {
            return "–".into();
        };
        let (path, digest) = match image.split_once('@') {
            Some((path, digest)) => (path, Some(digest)),
            None => (image.as_str(), None),
        };
        let last = path.rsplit('/').next().unwrap_or(path);
        match (last.split_once(':'), digest) {
            (Some((_, tag)), _) if !tag.is_empty() => tag.to_owned(),
            (_, Some(digest)) => {
                let hex = digest.split_once(':').map_or(digest, |(_, hex)| hex);
                hex.chars().take(12).collect()
            }
            _ => "latest".into(),
        }
    }
}

/// Puts together what a component's artifact is made of, out of the declaration of its type, its
/// workload and its class; or says all that is missing.
pub fn compose(world: &World, component: &Identity) -> Result<ArtifactContent, Vec<Waiting>> {
    let spec: ComponentSpec = world
        .read(component, "nothing declares it yet")
        .map_err(|w| vec![w])?;
    if spec.component_type.declaration() == Some(Kind::API) {
        return compose_api(world, component).map_err(|w| vec![w]);
    }
    let declared = world.declared(component);
    let component_type = spec.component_type;
    let class =
        match (
            &declared,
            component_type.declaration(),
            component_type.class(),
        ) {
            (Ok(declared), _, Some(kind)) => {
                let reason = format!("{component} names it as its class");
                Some(pin(
                    world,
                    &component.organization,
                    kind,
                    &declared.class_name,
                    reason,
                ))
            }
            // The workload is missing: say whether the class is missing as well.
            (Err(_), Some(declaration), Some(kind)) => world
                .declaration(declaration, component)
                .map(|(identity, spec)| {
                    let name = spec
                        .get("className")
                        .and_then(Value::as_str)
                        .unwrap_or("default");
                    let reason = format!("{identity} names it in spec.className");
                    pin(world, &component.organization, kind, name, reason)
                }),
            _ => None,
        };
    match (declared, class) {
        (Ok(declared), Some(Ok(class))) => Ok(ArtifactContent {
            component_type,
            workload: declared.workload,
            apis: declared.apis,
            class,
        }),
        (Ok(_), Some(Err(waiting))) => Err(vec![waiting]),
        (Err(mut waiting), Some(Err(class))) => {
            waiting.push(class);
            Err(waiting)
        }
        (Err(waiting), _) => Err(waiting),
        (Ok(_), None) => Err(vec![Waiting::new(
            component.clone(),
            format!("components of type {component_type} have no class"),
        )]),
    }
}

/// What an API proxy is made of: no workload, one API.
fn compose_api(world: &World, component: &Identity) -> Result<ArtifactContent, Waiting> {
    let Some((identity, _)) = world.declaration(Kind::API, component) else {
        let missing = Identity {
            kind: Kind::API,
            component: component.name.clone(),
            ..component.clone()
        };
        return Err(Waiting::new(
            missing,
            format!("no API declares what {component} exposes"),
        ));
    };
    let spec: ApiSpec = world.read(identity, "")?;
    let reason = format!("{identity} names it in spec.className");
    let class = pin(
        world,
        &component.organization,
        Kind::APIClass,
        spec.class_name.as_str(),
        reason,
    )?;
    let api = ServiceApi {
        class_name: spec.class_name,
        api_type: spec.api_type,
        rest: spec.rest,
    };
    Ok(ArtifactContent {
        component_type: ComponentType::API,
        workload: WorkloadTemplate::default(),
        apis: BTreeMap::from([(LabelName(identity.name.clone()), api)]),
        class,
    })
}

/// Puts together what a v0.3 binding with its own `workloadSpec` wants to run.
///
/// `binding` is the binding's identity: its kind says the component's type.
pub fn compose_binding(
    world: &World,
    binding: &Identity,
    spec: &BindingSpec,
) -> Result<ArtifactContent, Vec<Waiting>> {
    let types = binding
        .kind
        .component_type()
        .and_then(|t| Some((t, t.class()?)));
    let (Some((component_type, kind)), Some(workload)) = (types, &spec.workload_spec) else {
        return Err(vec![Waiting::new(
            binding.clone(),
            "it holds no workloadSpec that an artifact could be made of",
        )]);
    };
    let name = spec
        .class_name
        .as_ref()
        .map_or("default", |name| name.as_str());
    let reason = format!("{binding} names it in spec.className");
    let class = pin(world, &binding.organization, kind, name, reason).map_err(|w| vec![w])?;
    Ok(ArtifactContent {
        component_type,
        workload: workload.clone(),
        apis: spec.apis.clone(),
        class,
    })
}

/// A class at its newest version.
fn pin(
    world: &World,
    organization: &str,
    kind: Kind,
    name: &str,
    reason: String,
) -> Result<ClassPin, Waiting> {
    let identity = Identity::in_organization(kind, organization, name);
    let spec: Value = world.read(&identity, reason)?;
    let version = world.class_versions.get(&identity).copied().unwrap_or(1);
    Ok(ClassPin {
        kind,
        name: name.to_owned(),
        version,
        spec,
    })
}
