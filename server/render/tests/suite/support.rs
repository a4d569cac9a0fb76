//! Worlds out of YAML, as `apply` would store them.

use std::collections::BTreeMap;

use model::{
    identity::Identity,
    kind::{
        Kind, Scope,
        binding::{Overrides, ReleaseState},
    },
    name::Join,
};
use render::{
    ArtifactContent, BindingFacts, Blocked, Bound, BoundTo, Input, Options, RenderFault, Rendered,
    Waiting, World, compose, render, resolve,
};
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value};

/// What v0.3's chart ships, with a class for tasks.
pub const DEFAULTS: &str = r#"
{kind: DataPlane, metadata: {name: default}, spec: {
  registry: {prefix: registry.test}, kubernetesCluster: {name: default},
  gateway: {publicVirtualHost: apps.test, organizationVirtualHost: apps.internal}}}
---
{kind: Environment, metadata: {name: development}, spec: {dataPlaneRef: default, gateway: {dnsPrefix: dev}}}
---
{kind: Environment, metadata: {name: staging}, spec: {dataPlaneRef: default}}
---
{kind: Environment, metadata: {name: production}, spec: {dataPlaneRef: default, isProduction: true, gateway: {dnsPrefix: prod}}}
---
kind: DeploymentPipeline
metadata: {name: default}
spec:
  promotionPaths:
    - {sourceEnvironmentRef: development, targetEnvironmentRefs: [{name: staging}]}
    - {sourceEnvironmentRef: staging, targetEnvironmentRefs: [{name: production}]}
---
{kind: Project, metadata: {name: default}, spec: {deploymentPipelineRef: default}}
---
kind: ServiceClass
metadata: {name: default}
spec:
  deploymentTemplate:
    replicas: 1
    template:
      spec:
        containers:
          - name: main
            resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 400m, memory: 256Mi}}
  serviceTemplate: {type: ClusterIP}
---
kind: WebApplicationClass
metadata: {name: default}
spec:
  deploymentTemplate:
    replicas: 1
    template:
      spec:
        containers:
          - name: main
            resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 400m, memory: 256Mi}}
  serviceTemplate: {type: ClusterIP}
---
{kind: ScheduledTaskClass, metadata: {name: default}, spec: {}}
---
{kind: APIClass, metadata: {name: default}, spec: {}}
"#;

/// JSON out of YAML.
fn json(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(Scalar::String(text)) => Value::from(text.to_string()),
        Yaml::Value(Scalar::Integer(number)) => Value::from(*number),
        Yaml::Value(Scalar::Boolean(truth)) => Value::from(*truth),
        Yaml::Value(Scalar::FloatingPoint(number)) => Value::from(number.into_inner()),
        Yaml::Sequence(items) => items.iter().map(json).collect(),
        Yaml::Mapping(map) => {
            let fields = map
                .iter()
                .map(|(k, v)| (k.as_str().expect("a text key").to_owned(), json(v)));
            Value::Object(fields.collect::<Map<String, Value>>())
        }
        _ => Value::Null,
    }
}

/// The documents of a YAML text, empty ones left out.
pub fn documents(text: &str) -> Vec<Value> {
    let documents = Yaml::load_from_str(text).expect("well-formed YAML");
    documents
        .iter()
        .map(json)
        .filter(|document| !document.is_null())
        .collect()
}

/// Adds documents to a world.
pub fn add(world: &mut World, documents: &[Value]) {
    for document in documents {
        let text = |path: &str| {
            document
                .pointer(path)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let kind = Kind::named(text("/kind")).expect("a known kind");
        let name = text("/metadata/name");
        let (project, component) = (
            text("/spec/owner/projectName"),
            text("/spec/owner/componentName"),
        );
        let identity = match kind.scope() {
            Scope::Component => Identity::in_component(kind, "default", project, component, name),
            Scope::Project => Identity::in_project(kind, "default", project, name),
            _ => Identity::in_organization(kind, "default", name),
        };
        world.resources.insert(identity, document["spec"].clone());
    }
}

/// A world with v0.3's defaults and these documents.
pub fn world(text: &str) -> World {
    let mut world = World::default();
    add(&mut world, &documents(DEFAULTS));
    add(&mut world, &documents(text));
    world
}

/// A component's identity.
pub fn component(project: &str, name: &str) -> Identity {
    Identity::in_project(Kind::Component, "default", project, name)
}

/// A binding that is named like its component and runs in development.
pub fn facts(project: &str, component: &str) -> BindingFacts {
    BindingFacts {
        organization: "default".into(),
        project: project.into(),
        component: component.into(),
        environment: "development".into(),
        name: component.into(),
        state: ReleaseState::Active,
        overrides: Overrides::default(),
    }
}

/// The artifact of a component, which must be complete.
pub fn content(world: &World, facts: &BindingFacts) -> ArtifactContent {
    compose(world, &facts.component()).expect("nothing is missing")
}

/// The input of a binding with the artifact that is declared.
pub fn input(world: &World, facts: &BindingFacts, join: Join) -> Result<Input, Blocked> {
    resolve(world, &content(world, facts), facts, &Options::new(join))
}

/// The objects of a binding, which must render.
pub fn rendered(world: &World, facts: &BindingFacts) -> Rendered {
    render(&input(world, facts, Join::Unambiguous).expect("resolves")).expect("renders")
}

/// The faults of a binding, wherever they come up.
pub fn faults(world: &World, facts: &BindingFacts) -> Vec<RenderFault> {
    match input(world, facts, Join::Unambiguous) {
        Ok(input) => render(&input).expect_err("has faults"),
        Err(Blocked::Faults(faults)) => faults,
        Err(Blocked::Waiting(waiting)) => panic!("waits: {waiting:?}"),
    }
}

/// What a binding waits for.
pub fn waiting(world: &World, facts: &BindingFacts) -> Vec<Waiting> {
    match input(world, facts, Join::Unambiguous) {
        Err(Blocked::Waiting(waiting)) => waiting,
        other => panic!("doesn't wait: {other:?}"),
    }
}

/// The first object of a kind.
pub fn object<'a>(rendered: &'a Rendered, kind: &str) -> &'a Value {
    rendered
        .objects
        .iter()
        .find(|object| object["kind"] == kind)
        .expect("there is one")
}

/// The kinds and names of objects in order.
pub fn names(rendered: &Rendered) -> Vec<String> {
    let name = |object: &Value| {
        let text = |path| {
            object
                .pointer(path)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        format!("{} {}", text("/kind"), text("/metadata/name"))
    };
    rendered.objects.iter().map(name).collect()
}

/// The variables of a container as `NAME=value`, references as `NAME<-source`.
pub fn env(object: &Value, container: &str) -> Vec<String> {
    let pods = ["/spec/template", "/spec/jobTemplate/spec/template"]
        .iter()
        .find_map(|path| object.pointer(path))
        .expect("a pod template");
    let containers = pods["spec"]["containers"].as_array().expect("containers");
    let container = containers
        .iter()
        .find(|c| c["name"] == container)
        .expect("the container");
    let variable = |v: &Value| {
        let name = v["name"].as_str().expect("a name");
        match v["value"].as_str() {
            Some(value) => format!("{name}={value}"),
            None => format!("{name}<-{}", v["valueFrom"]),
        }
    };
    container["env"]
        .as_array()
        .map(|env| env.iter().map(variable).collect())
        .unwrap_or_default()
}

/// Puts an artifact into an environment.
pub fn bind(world: &mut World, facts: &BindingFacts, content: ArtifactContent) {
    let key = Bound {
        organization: facts.organization.clone(),
        project: facts.project.clone(),
        component: facts.component.clone(),
        environment: facts.environment.clone(),
    };
    world.bound.insert(
        key,
        BoundTo {
            binding: facts.name.clone(),
            content,
        },
    );
}

/// The shop demo's documents, file by file.
pub fn shop() -> Vec<Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../end2end/manifests/shop");
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the demo is in the repository") {
        let path = entry.expect("readable").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            let text = std::fs::read_to_string(&path).expect("readable");
            files.insert(path.display().to_string(), text);
        }
    }
    assert_eq!(files.len(), 12);
    files.values().flat_map(|text| documents(text)).collect()
}
