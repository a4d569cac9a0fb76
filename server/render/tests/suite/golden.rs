//! What v0.3's samples become, object by object.

use model::{kind::Kind, name::Join};
use render::{ArtifactContent, compose, first_environments, render};
use serde_json::Value;

use crate::support::*;

/// v0.3's `go-greeter-service`, with the group it takes variables from supplied.
const GREETER: &str = r#"
{kind: Component, metadata: {name: greeter-service}, spec: {owner: {projectName: default}, type: Service}}
---
kind: Workload
metadata: {name: greeter-service}
spec:
  owner: {projectName: default, componentName: greeter-service}
  containers:
    main:
      image: ghcr.io/openchoreo/samples/greeter-service:v1.2
      command: [./go-greeter]
      args: [--port, "9090"]
      env:
        - {key: LOG_LEVEL, value: info}
        - {key: GITHUB_REPOSITORY, valueFrom: {configurationGroupRef: {name: github, key: repository}}}
        - {key: GITHUB_TOKEN, valueFrom: {secretRef: {name: github, key: token}}}
  endpoints:
    greeter-api: {type: REST, port: 9090}
---
kind: Service
metadata: {name: greeter-service}
spec:
  owner: {projectName: default, componentName: greeter-service}
  workloadName: greeter-service
  apis:
    greeter-api:
      type: REST
      rest: {backend: {port: 9090, basePath: /greeter}, exposeLevels: [Organization, Public]}
---
kind: ConfigurationGroup
metadata: {name: github}
spec:
  configurations:
    - {key: repository, values: [{value: openchoreo/all}, {environment: development, value: openchoreo/dev}]}
"#;

const WEB: &str = r#"
{kind: Component, metadata: {name: react-starter}, spec: {owner: {projectName: default}, type: WebApplication}}
---
kind: Workload
metadata: {name: react-starter}
spec:
  owner: {projectName: default, componentName: react-starter}
  containers: {main: {image: "choreoanonymouspullable.azurecr.io/react-spa:v0.9", args: []}}
  endpoints: {webapp: {type: HTTP, port: 8080}}
  connections: {}
---
{kind: WebApplication, metadata: {name: react-starter}, spec: {owner: {projectName: default, componentName: react-starter}, workloadName: react-starter, overrides: {}}}
"#;

const TASK: &str = r#"
{kind: Component, metadata: {name: github-issue-reporter}, spec: {owner: {projectName: default}, type: ScheduledTask}}
---
kind: Workload
metadata: {name: github-issue-reporter}
spec:
  owner: {projectName: default, componentName: github-issue-reporter}
  containers:
    main:
      image: ghcr.io/openchoreo/samples/github-issue-reporter:latest
      env: [{key: GITHUB_REPOSITORY, value: "https://github.com/openchoreo/openchoreo"}]
---
kind: ScheduledTask
metadata: {name: github-issue-reporter}
spec:
  owner: {projectName: default, componentName: github-issue-reporter}
  workloadName: github-issue-reporter
  className: github-task-standard
---
kind: ScheduledTaskClass
metadata: {name: github-task-standard}
spec:
  cronJobTemplate:
    schedule: "*/1 * * * *"
    concurrencyPolicy: Forbid
    successfulJobsHistoryLimit: 3
    failedJobsHistoryLimit: 1
    startingDeadlineSeconds: 300
    jobTemplate:
      spec:
        backoffLimit: 3
        template:
          spec:
            containers:
              - name: main
                env: [{name: LOG_LEVEL, value: info}]
                resources: {limits: {memory: 256Mi}}
"#;

fn yaml(objects: &[Value]) -> String {
    objects
        .iter()
        .map(|object| format!("---\n{}", model::yaml::write(object)))
        .collect()
}

#[test]
fn a_service_with_apis_at_two_levels() {
    let rendered = rendered(&world(GREETER), &facts("default", "greeter-service"));
    insta::assert_snapshot!("greeter", yaml(&rendered.objects));
    insta::assert_json_snapshot!("greeter-endpoints", rendered.endpoints);
}

#[test]
fn a_web_application() {
    let rendered = rendered(&world(WEB), &facts("default", "react-starter"));
    insta::assert_snapshot!("web-application", yaml(&rendered.objects));
    insta::assert_json_snapshot!("web-application-endpoints", rendered.endpoints);
}

#[test]
fn a_scheduled_task() {
    let rendered = rendered(&world(TASK), &facts("default", "github-issue-reporter"));
    insta::assert_snapshot!("scheduled-task", yaml(&rendered.objects));
    assert!(rendered.endpoints.is_empty());
}

/// The worked names of v0.3, which the compatible join must give exactly.
#[test]
fn names_are_those_of_v03_where_wanted() {
    let named = |text: &str, component: &str| {
        let input = input(&world(text), &facts("default", component), Join::V03).unwrap();
        names(&render(&input).unwrap())
    };
    assert_eq!(
        named(GREETER, "greeter-service"),
        [
            "Namespace dp-default-default-development-f8e58905",
            "ServiceAccount greeter-service-483f44a4",
            "ConfigMap greeter-service-483f44a4",
            "Service greeter-service-483f44a4",
            "Deployment greeter-service-483f44a4",
            "HTTPRoute greeter-service-greeter-api-organization-httproute-54724069",
            "HTTPRoute greeter-service-greeter-api-public-httproute-7c8cbc62",
        ]
    );
    assert_eq!(
        named(WEB, "react-starter"),
        [
            "Namespace dp-default-default-development-f8e58905",
            "ServiceAccount react-starter-5d6e572c",
            "Service react-starter-5d6e572c",
            "Deployment react-starter-5d6e572c",
            "HTTPRoute react-starter-webapp-httproute-e7a4133f",
        ]
    );
    assert_eq!(
        named(TASK, "github-issue-reporter").last().unwrap(),
        "CronJob github-issue-reporter-b5d70468"
    );
}

/// Objects of v0.3 can be taken over: their selector can't be changed.
#[test]
fn the_compatible_selector_is_that_of_v03() {
    let world = world(GREETER);
    let facts = facts("default", "greeter-service");
    let keys = |join| {
        let rendered = render(&input(&world, &facts, join).unwrap()).unwrap();
        let labels = object(&rendered, "Deployment")["spec"]["selector"]["matchLabels"].clone();
        labels
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    let four = [
        "component-name",
        "environment-name",
        "organization-name",
        "project-name",
    ];
    assert_eq!(keys(Join::V03), four);
    let five = [
        "component-name",
        "component-type",
        "environment-name",
        "organization-name",
        "project-name",
    ];
    assert_eq!(keys(Join::Unambiguous), five);
}

#[test]
fn the_shop_renders_for_development() {
    let mut world = world("");
    add(&mut world, &shop());
    let project = model::identity::Identity::in_organization(
        Kind::Project,
        "default",
        "gcp-microservice-demo",
    );
    assert_eq!(
        first_environments(&world, &project).unwrap(),
        ["development"]
    );
    let mut deployments = Vec::new();
    let mut injected = Vec::new();
    let mut routes = Vec::new();
    let components: Vec<_> = world
        .resources
        .keys()
        .filter(|identity| identity.kind == Kind::Component)
        .map(|identity| identity.name.clone())
        .collect();
    for component in &components {
        let facts = facts("gcp-microservice-demo", component);
        let rendered = render(&input(&world, &facts, Join::V03).unwrap()).unwrap();
        let deployment = object(&rendered, "Deployment");
        deployments.push(deployment["metadata"]["name"].as_str().unwrap().to_owned());
        injected.extend(
            env(deployment, "main")
                .into_iter()
                .filter(|v| v.contains("_ADDR=") && !v.starts_with("SHOPPING_ASSISTANT"))
                .map(|v| format!("{component}: {v}")),
        );
        routes.extend(
            rendered
                .objects
                .iter()
                .filter(|o| o["kind"] == "HTTPRoute")
                .map(|o| o["spec"]["hostnames"][0].as_str().unwrap().to_owned()),
        );
    }
    assert_eq!(deployments.len(), 11);
    assert_eq!(injected.len(), 16);
    assert_eq!(routes, ["frontend-dev.apps.test"]);
    insta::assert_snapshot!("shop-deployments", deployments.join("\n"));
    insta::assert_snapshot!("shop-connections", injected.join("\n"));
    let frontend = rendered(&world, &facts("gcp-microservice-demo", "frontend"));
    insta::assert_snapshot!("shop-frontend", yaml(&frontend.objects));
    assert_eq!(
        frontend.endpoints.last().unwrap().uri,
        "https://frontend-gcp-microservice-demo-dev.apps.test/"
    );
}

#[test]
fn an_artifact_is_what_it_is_made_of() {
    let world = world(GREETER);
    let identity = component("default", "greeter-service");
    let content = compose(&world, &identity).unwrap();
    assert_eq!(content.version_label(), "v1.2");
    assert_eq!(content.hash(), compose(&world, &identity).unwrap().hash());
    let stored: ArtifactContent =
        serde_json::from_str(&serde_json::to_string(&content).unwrap()).unwrap();
    assert_eq!(stored, content);
    assert_eq!(stored.hash(), content.hash());
    let mut newer = world.clone();
    newer.class_versions.insert(
        model::identity::Identity::in_organization(Kind::ServiceClass, "default", "default"),
        2,
    );
    assert_ne!(compose(&newer, &identity).unwrap().hash(), content.hash());
}

#[test]
fn people_see_a_version() {
    let label = |image: &str| {
        let mut content = compose(&world(WEB), &component("default", "react-starter")).unwrap();
        content
            .workload
            .containers
            .values_mut()
            .for_each(|c| c.image = image.into());
        content.version_label()
    };
    assert_eq!(label("host:5000/a/b:v0.10.3"), "v0.10.3");
    assert_eq!(label("host:5000/a/b"), "latest");
    assert_eq!(label("a@sha256:0123456789abcdef0123"), "0123456789ab");
    assert_eq!(label("a:1.2@sha256:0123456789abcdef0123"), "1.2");
}
