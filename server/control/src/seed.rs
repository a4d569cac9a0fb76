//! Makes a world up, to measure with: projects of all sizes, their components in three environments,
//! artifacts, releases, attempts, live objects and history, as they would be after a while of use.
//!
//! The shapes are composed and rendered by the same code as everything else; names are then put in
//! their place, and rows are written many at once. The same size makes the same world.

mod rows;

use std::collections::BTreeMap;

use model::{
    access::{Grant, platform as platform_grant},
    identity::Identity,
    kind::{Kind, binding::ReleaseState, component::ComponentType},
    manifest,
    port::SentFile,
};
use render::{BindingFacts, World};

use crate::{
    Error, Platform, Result,
    apply::{Mode, documents_applied, read},
    clock,
};
use rows::Rows;

const PLATFORM: &str = include_str!("seed/platform.yaml");
const SHAPES: &str = include_str!("seed/shapes.yaml");
const ORGANIZATION: &str = "default";
/// The plane that nothing stands behind.
const PLANE: &str = "seeded";
/// The pipeline's environments, in its order.
const ENVIRONMENTS: [&str; 3] = ["seeded-dev", "seeded-stage", "seeded-prod"];
/// How many components a project has: a few large ones, and many that are small.
const SIZES: [usize; 8] = [200, 12, 5, 60, 1, 30, 8, 3];
/// How many components are written in one transaction.
const TOGETHER: usize = 500;
const DAY: i64 = 86_400_000_000;

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seeded {
    /// How many projects.
    pub projects: usize,
    /// How many components.
    pub components: usize,
    /// How many bindings.
    pub bindings: usize,
}

/// A component's shape: what it is declared, made and rendered as, under names that are replaced.
struct Shape {
    name: &'static str,
    component_type: ComponentType,
    /// Kinds and specs, in the order in which they are declared.
    declared: Vec<(Kind, String)>,
    content: String,
    /// By environment.
    releases: Vec<ShapeRelease>,
}

/// What a shape becomes in one environment.
struct ShapeRelease {
    namespace: String,
    objects: String,
    count: i64,
    endpoints: String,
    /// API version, kind, name and summary of each object that a plane would hold.
    live: Vec<[String; 4]>,
}

/// The names of a shape, which real names take the place of.
const SHAPE_NAMES: [(&str, ComponentType); 3] = [
    ("seedservice", ComponentType::Service),
    ("seedpage", ComponentType::WebApplication),
    ("seedtask", ComponentType::ScheduledTask),
];

/// Makes a world of so many components in the organization `default`.
///
/// # Errors
/// When it was made before, or the store refuses.
pub async fn seed(platform: &Platform, components: usize) -> Result<Seeded> {
    let grant = platform_grant("seed", ORGANIZATION);
    declare(platform, &grant).await?;
    let shapes = shapes(platform).await?;
    let now = clock::now().0;
    let mut seeded = Seeded::default();
    let mut rows = Rows::new(now);
    while seeded.components < components {
        let size = SIZES[seeded.projects % SIZES.len()].min(components - seeded.components);
        let project = project_name(seeded.projects);
        rows.project(&project, seeded.projects);
        for index in 0..size {
            let shape = &shapes[match (seeded.components + index) % 10 {
                0..7 => 0,
                7 | 8 => 1,
                _ => 2,
            }];
            rows.component(
                shape,
                &project,
                &component_name(index),
                seeded.components + index,
            );
            if rows.components() >= TOGETHER {
                rows.write(platform.store(), &grant).await?;
            }
        }
        seeded.projects += 1;
        seeded.components += size;
    }
    rows.write(platform.store(), &grant).await?;
    platform.store().analyze().await?;
    seeded.bindings = seeded.components * ENVIRONMENTS.len();
    Ok(seeded)
}

/// Declares where it all runs.
async fn declare(platform: &Platform, grant: &Grant) -> Result<()> {
    let plane = Identity::in_organization(Kind::DataPlane, ORGANIZATION, PLANE);
    if platform.store().resource(&plane).await?.is_some() {
        let message = "a made-up world is there already";
        let remedy = "Take a new database";
        return Err(model::problem::Problem::invalid("database", message, remedy).into());
    }
    let documents = manifest::in_order(documents("platform.yaml", PLATFORM)?);
    let grants: BTreeMap<_, _> = documents
        .iter()
        .map(|document| (document.identity.clone(), grant.clone()))
        .collect();
    let none = BTreeMap::new();
    let view = documents_applied(platform, &documents, &grants, &none, Mode::Apply).await?;
    if view.faults.is_empty() {
        return Ok(());
    }
    Err(Error::Corrupt {
        what: "the made-up world".into(),
        reason: format!("{:?}", view.faults),
    })
}

fn documents(name: &str, text: &str) -> Result<Vec<manifest::Document>> {
    let file = SentFile {
        name: name.into(),
        text: text.into(),
    };
    read(&[file], ORGANIZATION).map_err(|faults| Error::Corrupt {
        what: "the made-up world".into(),
        reason: format!("{faults:?}"),
    })
}

/// Composes and renders each shape.
async fn shapes(platform: &Platform) -> Result<Vec<Shape>> {
    let store = platform.store();
    let mut world = World::default();
    for kind in [
        Kind::DataPlane,
        Kind::Environment,
        Kind::DeploymentPipeline,
        Kind::ServiceClass,
        Kind::WebApplicationClass,
        Kind::ScheduledTaskClass,
        Kind::APIClass,
    ] {
        let all = store.resources_of_kind(ORGANIZATION, kind).await?;
        let all = all.into_iter().map(|found| (found.identity, found.spec));
        world.resources.extend(all);
    }
    let versions = store.newest_class_versions(ORGANIZATION).await?;
    world.class_versions = versions.into_iter().collect();
    let documents = documents("shapes.yaml", SHAPES)?;
    let declared = documents
        .iter()
        .map(|document| (document.identity.clone(), document.spec.clone()));
    world.resources.extend(declared);
    SHAPE_NAMES
        .into_iter()
        .map(|(name, component_type)| shape(platform, &world, &documents, name, component_type))
        .collect()
}

fn shape(
    platform: &Platform,
    world: &World,
    documents: &[manifest::Document],
    name: &'static str,
    component_type: ComponentType,
) -> Result<Shape> {
    let broken = |reason: String| Error::Corrupt {
        what: format!("the shape {name}"),
        reason,
    };
    let me = Identity::in_project(Kind::Component, ORGANIZATION, "seedproject", name);
    let content = render::compose(world, &me).map_err(|waits| broken(format!("{waits:?}")))?;
    let mut releases = Vec::new();
    for environment in ENVIRONMENTS {
        let facts = BindingFacts {
            organization: ORGANIZATION.into(),
            project: "seedproject".into(),
            component: name.into(),
            environment: environment.into(),
            name: format!("{name}-{environment}"),
            state: ReleaseState::Active,
            overrides: model::kind::binding::Overrides::default(),
        };
        let rendered = render::resolve(world, &content, &facts, platform.options())
            .and_then(|input| render::render(&input).map_err(render::Blocked::Faults))
            .map_err(|blocked| broken(format!("{blocked:?}")))?;
        let live = rendered.objects.iter().map(rows::live).collect();
        releases.push(ShapeRelease {
            namespace: rendered.namespace,
            count: i64::try_from(rendered.objects.len()).unwrap_or(i64::MAX),
            objects: json(&rendered.objects),
            endpoints: json(&rendered.endpoints),
            live,
        });
    }
    let own = documents.iter().filter(|document| {
        document.identity.name == name && document.identity.kind != Kind::Project
    });
    Ok(Shape {
        name,
        component_type,
        declared: own.map(|d| (d.identity.kind, json(&d.spec))).collect(),
        content: json(&content),
        releases,
    })
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data serialises")
}

const PROJECTS: [&str; 24] = [
    "payments",
    "orders",
    "catalog",
    "billing",
    "shipping",
    "identity",
    "search",
    "loyalty",
    "returns",
    "pricing",
    "inventory",
    "support",
    "reports",
    "accounts",
    "fraud",
    "tax",
    "media",
    "partners",
    "careers",
    "logistics",
    "insights",
    "messaging",
    "booking",
    "warehouse",
];
const NOUNS: [&str; 20] = [
    "checkout", "invoice", "ledger", "cart", "stock", "address", "session", "profile", "receipt",
    "voucher", "refund", "quote", "label", "parcel", "review", "image", "currency", "email",
    "audit", "schedule",
];
const ROLES: [&str; 10] = [
    "api", "worker", "web", "gateway", "store", "importer", "sync", "events", "admin", "feed",
];

fn project_name(index: usize) -> String {
    let word = PROJECTS[index % PROJECTS.len()];
    match index / PROJECTS.len() {
        0 => word.to_owned(),
        more => format!("{word}-{more}"),
    }
}

fn component_name(index: usize) -> String {
    let noun = NOUNS[index % NOUNS.len()];
    let role = ROLES[index / NOUNS.len() % ROLES.len()];
    match index / (NOUNS.len() * ROLES.len()) {
        0 => format!("{noun}-{role}"),
        more => format!("{noun}-{role}-{more}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_used_once() {
        let projects: BTreeSet<String> = (0..400).map(project_name).collect();
        assert_eq!(projects.len(), 400);
        let components: BTreeSet<String> = (0..450).map(component_name).collect();
        assert_eq!(components.len(), 450);
    }
}
