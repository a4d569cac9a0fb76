//! One rule of rendering, one test.

use std::collections::BTreeMap;

use model::{
    kind::{
        Kind,
        binding::{BindingSpec, ContainerOverride, ReleaseState},
        value::Exposure,
        workload::EnvVar,
    },
    name::Join,
};
use render::{
    CONFIG_HASH, Options, Reached, binding_name, compose, compose_binding, connections, diff,
    render,
};
use serde_json::{Value, json};

use crate::support::*;

/// A component of project `shop` with this type, workload (in flow style) and declaration fields.
fn declared(kind: &str, name: &str, workload: &str, more: &str) -> String {
    declared_in("shop", kind, name, workload, more)
}

fn declared_in(project: &str, kind: &str, name: &str, workload: &str, more: &str) -> String {
    let owner = format!("owner: {{projectName: {project}, componentName: {name}}}");
    format!(
        "\n---\n{{kind: Project, metadata: {{name: {project}}}, spec: {{deploymentPipelineRef: default}}}}\
         \n---\n{{kind: Component, metadata: {{name: {name}}}, spec: {{owner: {{projectName: {project}}}, type: {kind}}}}}\
         \n---\n{{kind: Workload, metadata: {{name: {name}}}, spec: {{{owner}, {workload}}}}}\
         \n---\n{{kind: {kind}, metadata: {{name: {name}}}, spec: {{{owner}, workloadName: {name}{more}}}}}\n"
    )
}

const MAIN: &str = "containers: {main: {image: 'a:1'}}";
const HTTP: &str =
    "containers: {main: {image: 'a:1'}}, endpoints: {http: {type: HTTP, port: 8080}}";

fn calling(params: &str, template: &str) -> String {
    format!(
        "{MAIN}, connections: {{c: {{type: api, params: {{{params}}}, inject: {{env: \
         [{{name: ADDR, value: '{template}'}}]}}}}}}"
    )
}

const URI: &str = "{{ .uri }}";

#[test]
fn missing_things_are_waited_for_all_at_once() {
    let mut world = world("");
    add(
        &mut world,
        &documents(&declared("Service", "orders", MAIN, ", className: gold")),
    );
    world
        .resources
        .retain(|identity, _| identity.kind != Kind::Workload);
    let waiting = compose(&world, &component("shop", "orders")).unwrap_err();
    let whys: Vec<&str> = waiting.iter().map(|w| w.why.as_str()).collect();
    assert_eq!(
        whys,
        [
            "waiting for Workload shop/orders: Service shop/orders names it in spec.workloadName",
            "waiting for ServiceClass gold: Service shop/orders names it in spec.className",
        ]
    );
    world
        .resources
        .retain(|identity, _| identity.kind != Kind::Service);
    let waiting = compose(&world, &component("shop", "orders")).unwrap_err();
    assert_eq!(waiting[0].for_what.to_string(), "Service shop/orders");
}

#[test]
fn environment_and_plane_are_waited_for() {
    let world = world(&declared("Service", "orders", HTTP, ""));
    for kind in [Kind::Environment, Kind::DataPlane] {
        let mut world = world.clone();
        world.resources.retain(|identity, _| identity.kind != kind);
        assert_eq!(
            waiting(&world, &facts("shop", "orders"))[0].for_what.kind,
            kind
        );
    }
}

#[test]
fn a_workload_without_endpoints_has_no_service() {
    let rendered = rendered(
        &world(&declared("Service", "w", MAIN, "")),
        &facts("shop", "w"),
    );
    assert!(
        rendered
            .objects
            .iter()
            .all(|object| object["kind"] != "Service")
    );
    assert!(rendered.endpoints.is_empty());
}

#[test]
fn without_levels_there_is_no_route() {
    let apis = ", apis: {http: {type: REST, rest: {backend: {port: 8080, basePath: /v1}}}}";
    let rendered = rendered(
        &world(&declared("Service", "w", HTTP, apis)),
        &facts("shop", "w"),
    );
    assert!(
        rendered
            .objects
            .iter()
            .all(|object| object["kind"] != "HTTPRoute")
    );
    assert_eq!(rendered.endpoints.len(), 1);
    assert_eq!(rendered.endpoints[0].exposure, Exposure::Project);
    assert_eq!(rendered.endpoints[0].base_path, "/v1");
}

#[test]
fn all_containers_are_rendered_main_first() {
    let workload = "containers: {b: {image: 'b:1'}, a: {image: 'a:1'}, main: {image: 'm:1'}}, \
                    endpoints: {u: {type: UDP, port: 53}, t: {type: TCP, port: 53}, v: {type: TCP, port: 53}}";
    let rendered = rendered(
        &world(&declared("Service", "w", workload, "")),
        &facts("shop", "w"),
    );
    let containers =
        object(&rendered, "Deployment")["spec"]["template"]["spec"]["containers"].clone();
    let names: Vec<&str> = containers
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["main", "a", "b"]);
    assert_eq!(
        containers[0]["ports"],
        json!([{"name": "ep-53-tcp", "containerPort": 53, "protocol": "TCP"},
               {"name": "ep-53-udp", "containerPort": 53, "protocol": "UDP"}])
    );
    assert!(containers[1].get("ports").is_none());
    assert_eq!(
        object(&rendered, "Service")["spec"]["ports"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_class_container_that_nothing_matches_is_a_fault() {
    let workload = "containers: {app: {image: 'a:1'}}";
    let faults = faults(
        &world(&declared("Service", "w", workload, "")),
        &facts("shop", "w"),
    );
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].object, "ServiceClass default version 1");
    assert_eq!(
        faults[0].field,
        "spec.deploymentTemplate.template.spec.containers.main"
    );
    assert!(faults[0].message.contains("(it has: app)"), "{}", faults[0]);
}

#[test]
fn a_class_cannot_take_the_selector_or_our_labels() {
    let class = "\n---\n{kind: ServiceClass, metadata: {name: sly}, spec: {deploymentTemplate: \
                 {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {component-name: x, team: t}}}}, \
                 serviceTemplate: {selector: {a: b}}}}\n";
    let world = world(&(declared("Service", "w", HTTP, ", className: sly") + class));
    let fields: Vec<String> = faults(&world, &facts("shop", "w"))
        .into_iter()
        .map(|fault| fault.field)
        .collect();
    assert_eq!(
        fields,
        [
            "spec.deploymentTemplate.selector",
            "spec.deploymentTemplate.template.metadata.labels.component-name",
            "spec.serviceTemplate.selector",
        ]
    );
}

#[test]
fn what_go_writes_as_null_is_no_fault() {
    let class = "\n---\n{kind: ServiceClass, metadata: {name: go}, spec: {deploymentTemplate: \
                 {selector: null, strategy: {}, template: {metadata: {creationTimestamp: null}, spec: {containers: null}}}}}\n";
    let world = world(&(declared("Service", "w", MAIN, ", className: go") + class));
    let rendered = rendered(&world, &facts("shop", "w"));
    assert_eq!(object(&rendered, "Deployment")["spec"]["replicas"], 1);
    assert!(
        !serde_json::to_string(&rendered.objects)
            .unwrap()
            .contains("null")
    );
}

#[test]
fn variables_come_in_order_and_replace_in_place() {
    let class = "\n---\n{kind: ServiceClass, metadata: {name: env}, spec: {deploymentTemplate: {template: \
                 {spec: {containers: [{name: main, env: [{name: A, value: class}, {name: B, value: class}, \
                 {name: S, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]}}}}}\n";
    let workload = "containers: {main: {image: 'a:1', env: [{key: Z, value: ''}, {key: B, value: workload}, \
                    {key: S, value: plain}]}}, connections: \
                    {y: {type: api, params: {componentName: t, endpoint: http}, inject: {env: [{name: Y, value: '{{.port}}'}]}}, \
                     x: {type: api, params: {componentName: t, endpoint: http}, inject: {env: [{name: X, value: '{{.host}}'}]}}}";
    let text = declared("Service", "w", workload, ", className: env")
        + class
        + &declared("Service", "t", HTTP, "");
    let mut facts = facts("shop", "w");
    let var = |key: &str, value: &str| EnvVar {
        key: key.into(),
        value: Some(value.into()),
        value_from: None,
    };
    let change = ContainerOverride {
        env: vec![var("A", "binding"), var("N", "new")],
        resources: None,
    };
    facts.overrides.containers = BTreeMap::from([("main".into(), change)]);
    let rendered = rendered(&world(&text), &facts);
    let host = model::name::plane_name(63, &["t"], Join::Unambiguous);
    assert_eq!(
        env(object(&rendered, "Deployment"), "main"),
        [
            "A=binding",
            "B=workload",
            "S=plain",
            "Z=",
            &format!("X={host}"),
            "Y=8080",
            "N=new"
        ]
    );
}

#[test]
fn an_override_of_no_container_is_a_fault() {
    let mut facts = facts("shop", "w");
    facts.overrides.containers = BTreeMap::from([("mian".into(), ContainerOverride::default())]);
    facts.overrides.schedule = Some("* * * * *".into());
    let faults = faults(&world(&declared("Service", "w", MAIN, "")), &facts);
    assert_eq!(faults[0].field, "spec.overrides.schedule");
    assert_eq!(faults[1].object, "ServiceBinding shop/w");
    assert_eq!(faults[1].remedy, "Did you mean main?");
}

const GROUP: &str = "\n---\n{kind: ConfigurationGroup, metadata: {name: db}, spec: {\
    environmentGroups: [{name: low, environments: [development, staging]}, {name: all, environments: [development]}], \
    configurations: [\
    {key: host, values: [{value: every}, {environmentGroupRef: low, value: low}, {environment: development, value: own}]}, \
    {key: group, values: [{value: every}, {environmentGroupRef: low, value: low}]}, \
    {key: every, values: [{value: every}, {environment: production, value: prod}]}, \
    {key: none, values: [{environment: production, value: prod}]}, \
    {key: two, values: [{environmentGroupRef: low, value: a}, {environmentGroupRef: all, value: b}]}, \
    {key: vault, values: [{vaultKey: secret/db}]}, \
    {key: 'odd key', values: [{value: odd}]}]}}\n";

fn taking(key: &str) -> String {
    let workload = format!(
        "containers: {{main: {{image: 'a:1', env: [{{key: V, valueFrom: {{configurationGroupRef: \
         {{name: db, key: {key}}}}}}}]}}}}"
    );
    declared("Service", "w", &workload, "")
}

#[test]
fn environment_beats_group_beats_all() {
    for (key, value) in [("host", "own"), ("group", "low"), ("every", "every")] {
        let rendered = rendered(&world(&(taking(key) + GROUP)), &facts("shop", "w"));
        assert_eq!(
            object(&rendered, "ConfigMap")["data"],
            json!({format!("db_{key}"): value})
        );
        let name = &object(&rendered, "ConfigMap")["metadata"]["name"];
        let env =
            &object(&rendered, "Deployment")["spec"]["template"]["spec"]["containers"][0]["env"];
        let reference = json!({"configMapKeyRef": {"name": name, "key": format!("db_{key}")}});
        assert_eq!(env, &json!([{"name": "V", "valueFrom": reference}]));
    }
}

#[test]
fn values_that_cannot_be_had_are_faults_with_a_remedy() {
    let fault = |key: &str| {
        let mut faults = faults(&world(&(taking(key) + GROUP)), &facts("shop", "w"));
        assert_eq!(faults.len(), 1);
        faults.remove(0)
    };
    let none = fault("none");
    assert_eq!(none.object, "ConfigurationGroup db");
    assert_eq!(none.field, "spec.configurations.none");
    assert!(
        none.message.contains("environment development") && none.remedy.contains("development")
    );
    assert!(
        fault("two")
            .message
            .contains("groups low and all both hold development")
    );
    assert!(
        fault("vault")
            .message
            .contains("secrets from Vault aren't resolved yet")
    );
    let unknown = fault("hots");
    assert_eq!(unknown.object, "Workload of shop/w");
    assert_eq!(unknown.remedy, "Did you mean host?");
    let missing = waiting(&world(&taking("host")), &facts("shop", "w"));
    assert_eq!(missing[0].for_what.to_string(), "ConfigurationGroup db");
}

#[test]
fn a_group_for_another_project_is_refused() {
    let group = GROUP.replace(
        "spec: {environmentGroups",
        "spec: {scope: {project: other}, environmentGroups",
    );
    let faults = faults(&world(&(taking("host") + &group)), &facts("shop", "w"));
    assert_eq!(faults[0].message, "the group is for project other alone");
}

#[test]
fn a_key_that_kubernetes_does_not_take_is_replaced() {
    let rendered = rendered(&world(&(taking("'odd key'") + GROUP)), &facts("shop", "w"));
    let data = object(&rendered, "ConfigMap")["data"]
        .as_object()
        .unwrap()
        .clone();
    let (key, value) = data.iter().next().unwrap();
    assert_eq!(value, "odd");
    assert!(key.starts_with("db-odd-key-"), "{key}");
}

#[test]
fn a_changed_setting_restarts_pods() {
    let text = taking("host") + GROUP;
    let hash = |text: &str| {
        let rendered = rendered(&world(text), &facts("shop", "w"));
        object(&rendered, "Deployment")["spec"]["template"]["metadata"]["annotations"][CONFIG_HASH]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(hash(&text), hash(&text));
    assert_ne!(hash(&text), hash(&text.replace("value: own", "value: new")));
}

#[test]
fn secrets_are_referred_to_never_read() {
    let workload = "containers: {main: {image: 'a:1', env: [{key: T, valueFrom: {secretRef: {name: s, key: k}}}]}}";
    let rendered = rendered(
        &world(&declared("Service", "w", workload, "")),
        &facts("shop", "w"),
    );
    let env = &object(&rendered, "Deployment")["spec"]["template"]["spec"]["containers"][0]["env"];
    assert_eq!(
        env,
        &json!([{"name": "T", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}])
    );
}

#[test]
fn connections_work_for_every_type() {
    let target = declared(
        "Service",
        "t",
        HTTP,
        ", apis: {http: {type: REST, rest: {backend: {port: 8080, basePath: v1/}}}}",
    );
    let workload = calling("componentName: t, endpoint: http", URI);
    let host = model::name::plane_name(63, &["t"], Join::Unambiguous);
    let kinds = [
        ("Service", "Deployment"),
        ("WebApplication", "Deployment"),
        ("ScheduledTask", "CronJob"),
    ];
    for (kind, object_kind) in kinds {
        let mut facts = facts("shop", "w");
        if kind == "ScheduledTask" {
            facts.overrides.schedule = Some("0 2 * * *".into());
        }
        let rendered = rendered(
            &world(&(declared(kind, "w", &workload, "") + &target)),
            &facts,
        );
        assert_eq!(
            env(object(&rendered, object_kind), "main"),
            [format!("ADDR=http://{host}:8080/v1")]
        );
    }
}

#[test]
fn a_bound_target_keeps_its_name_and_artifact() {
    let caller = declared(
        "Service",
        "w",
        &calling("componentName: t, endpoint: http", "{{ .host }}"),
        "",
    );
    let mut world = world(&(caller + &declared("Service", "t", HTTP, "")));
    let mut target = facts("shop", "t");
    target.name = "adopted".into();
    let older = content(&world, &target);
    bind(&mut world, &target, older.clone());
    let host = model::name::plane_name(63, &["adopted"], Join::Unambiguous);
    let found = rendered(&world, &facts("shop", "w"));
    assert_eq!(
        env(object(&found, "Deployment"), "main"),
        [format!("ADDR={host}")]
    );
    // An endpoint that a newer artifact has is waited for.
    let mut oldest = older;
    oldest.workload.endpoints.clear();
    bind(&mut world, &target, oldest);
    let waiting = waiting(&world, &facts("shop", "w"));
    assert!(
        waiting[0].why.contains("has no endpoint http yet"),
        "{}",
        waiting[0].why
    );
}

#[test]
fn a_connection_across_projects_needs_exposure() {
    let params = "projectName: bank, componentName: t, endpoint: http";
    let caller = declared("Service", "w", &calling(params, "{{ .host }}"), "");
    let target = |more: &str| caller.clone() + &declared_in("bank", "Service", "t", HTTP, more);
    let refused = faults(&world(&target("")), &facts("shop", "w"));
    assert_eq!(refused[0].field, "spec.connections.c.params.endpoint");
    assert!(
        refused[0]
            .remedy
            .contains("spec.apis.http.rest.exposeLevels"),
        "{}",
        refused[0]
    );
    let api =
        ", apis: {http: {type: REST, rest: {backend: {port: 8080}, exposeLevels: [Organization]}}}";
    let rendered = rendered(&world(&target(api)), &facts("shop", "w"));
    let service = model::name::plane_name(63, &["t"], Join::Unambiguous);
    let parts = ["dp", "default", "bank", "development"];
    let namespace = model::name::plane_name(63, &parts, Join::Unambiguous);
    assert_eq!(
        env(object(&rendered, "Deployment"), "main"),
        [format!("ADDR={service}.{namespace}.svc.cluster.local")]
    );
    let web = caller.clone() + &declared_in("bank", "WebApplication", "t", HTTP, "");
    input(&world(&web), &facts("shop", "w"), Join::Unambiguous)
        .expect("web applications are public");
}

#[test]
fn a_connection_says_what_is_wrong_with_it() {
    let target = declared("Service", "t", HTTP, "") + &declared("ScheduledTask", "task", MAIN, "");
    let fault = |params: &str, template: &str| {
        let text = declared("Service", "w", &calling(params, template), "") + &target;
        faults(&world(&text), &facts("shop", "w")).remove(0)
    };
    assert_eq!(
        fault("componentName: t, endpoint: htp", URI).remedy,
        "Did you mean http?"
    );
    assert!(
        fault("componentName: t", URI)
            .message
            .contains("doesn't say endpoint")
    );
    assert!(
        fault("componentName: task, endpoint: http", URI)
            .message
            .contains("scheduled task")
    );
    let unknown = fault("componentName: t, endpoint: http", "{{ .hots }}");
    assert_eq!(unknown.field, "spec.connections.c.inject.env[0].value");
    assert_eq!(unknown.remedy, "Did you mean `{{ .host }}`?");
}

#[test]
fn a_missing_target_is_waited_for_by_name() {
    for (params, missing) in [
        (
            "projectName: bank, componentName: t, endpoint: http",
            "Project bank",
        ),
        ("componentName: t, endpoint: http", "Component shop/t"),
    ] {
        let text = declared("Service", "w", &calling(params, URI), "");
        assert_eq!(
            waiting(&world(&text), &facts("shop", "w"))[0]
                .for_what
                .to_string(),
            missing
        );
    }
    let target = declared("Service", "t", HTTP, "");
    let text = declared(
        "Service",
        "w",
        &calling("componentName: t, endpoint: http", URI),
        "",
    ) + &target;
    let mut world = world(&text);
    world
        .resources
        .retain(|i, _| !(i.kind == Kind::Workload && i.name == "t"));
    assert_eq!(
        waiting(&world, &facts("shop", "w"))[0].for_what.to_string(),
        "Workload shop/t"
    );
}

#[test]
fn two_that_call_each_other_do_not_wait_for_each_other() {
    let calls = |whom: &str| {
        format!(
            "{HTTP}, connections: {{c: {{type: api, params: {{componentName: {whom}, endpoint: http}}}}}}"
        )
    };
    let text =
        declared("Service", "a", &calls("b"), "") + &declared("Service", "b", &calls("a"), "");
    let world = world(&text);
    for name in ["a", "b"] {
        input(&world, &facts("shop", name), Join::Unambiguous).expect("resolves");
    }
}

#[test]
fn pages_see_where_connections_lead() {
    let target = declared("Service", "t", HTTP, "");
    let text = declared(
        "Service",
        "w",
        &calling("componentName: t, endpoint: http", "{{ .port }}"),
        "",
    ) + &target;
    let world = world(&text);
    let artifact = content(&world, &facts("shop", "w"));
    let states = connections(
        &world,
        &component("shop", "w"),
        "staging",
        &artifact.workload,
        &Options::default(),
    );
    assert_eq!(
        (states[0].name.as_str(), states[0].component.as_str()),
        ("c", "t")
    );
    let Reached::Ready { address, variables } = &states[0].reached else {
        panic!("{states:?}")
    };
    assert_eq!(address.binding, "t-staging");
    assert_eq!(variables, &[("ADDR".to_owned(), "8080".to_owned())]);
}

#[test]
fn bindings_have_names_before_they_exist() {
    let mut world = world(&declared("Service", "w", MAIN, ""));
    let component = component("shop", "w");
    assert_eq!(binding_name(&world, &component, "development"), "w");
    assert_eq!(
        binding_name(&world, &component, "production"),
        "w-production"
    );
    add(
        &mut world,
        &documents(
            "{kind: ServiceBinding, metadata: {name: w-live}, spec: {owner: \
        {projectName: shop, componentName: w}, environment: production, artifact: 1}}",
        ),
    );
    assert_eq!(binding_name(&world, &component, "production"), "w-live");
}

#[test]
fn a_task_runs_by_override_then_class_and_says_so_without_either() {
    let text = declared("ScheduledTask", "w", MAIN, "");
    let mut facts = facts("shop", "w");
    let fault = faults(&world(&text), &facts).remove(0);
    assert_eq!(fault.field, "spec.cronJobTemplate.schedule");
    assert!(fault.remedy.contains("overrides.schedule"));
    facts.overrides.schedule = Some("5 4 * * *".into());
    let found = rendered(&world(&text), &facts);
    let spec = &object(&found, "CronJob")["spec"];
    assert_eq!(
        (&spec["schedule"], &spec["suspend"]),
        (&json!("5 4 * * *"), &json!(false))
    );
    assert_eq!(
        spec["jobTemplate"]["spec"]["template"]["spec"]["restartPolicy"],
        "OnFailure"
    );
    let never = text.clone()
        + "\n---\n{kind: ScheduledTaskClass, metadata: {name: default}, spec: {cronJobTemplate: \
        {schedule: '@daily', jobTemplate: {spec: {template: {spec: {restartPolicy: Never}}}}}}}\n";
    facts.overrides.schedule = None;
    let found = rendered(&world(&never), &facts);
    let spec = &object(&found, "CronJob")["spec"];
    assert_eq!(spec["schedule"], "@daily");
    assert_eq!(
        spec["jobTemplate"]["spec"]["template"]["spec"]["restartPolicy"],
        "Never"
    );
    let always = world(&never.replace("Never", "Always"));
    assert!(faults(&always, &facts)[0].field.ends_with("restartPolicy"));
}

#[test]
fn suspended_things_stand_still_and_undeployed_ones_are_gone() {
    let text = declared("Service", "w", HTTP, "") + &declared("ScheduledTask", "task", MAIN, "");
    let world = world(&text);
    let mut service = facts("shop", "w");
    service.state = ReleaseState::Suspend;
    service.overrides.replicas = Some(3);
    assert_eq!(
        object(&rendered(&world, &service), "Deployment")["spec"]["replicas"],
        0
    );
    let mut task = facts("shop", "task");
    task.overrides.schedule = Some("* * * * *".into());
    task.state = ReleaseState::Suspend;
    assert_eq!(
        object(&rendered(&world, &task), "CronJob")["spec"]["suspend"],
        true
    );
    // Undeploying works even when the environment is gone.
    let mut bare = world.clone();
    bare.resources
        .retain(|identity, _| identity.kind != Kind::Environment);
    let artifact = content(&world, &service);
    service.state = ReleaseState::Undeploy;
    let input = render::resolve(&bare, &artifact, &service, &Options::default()).unwrap();
    let gone = render(&input).unwrap();
    assert!(gone.objects.is_empty() && gone.endpoints.is_empty());
    assert!(gone.namespace.starts_with("dp-default-shop-development-"));
}

#[test]
fn the_plane_pull_secret_reaches_the_pods() {
    let mut world = world(&declared("Service", "w", MAIN, ""));
    for (identity, spec) in &mut world.resources {
        if identity.kind == Kind::DataPlane {
            spec["registry"]["secretRef"] = "pull".into();
        }
    }
    let rendered = rendered(&world, &facts("shop", "w"));
    let pods = &object(&rendered, "Deployment")["spec"]["template"]["spec"];
    assert_eq!(pods["imagePullSecrets"], json!([{"name": "pull"}]));
}

fn hosts(world: &render::World, facts: &render::BindingFacts) -> Vec<String> {
    let rendered = rendered(world, facts);
    let routes = rendered
        .objects
        .iter()
        .filter(|object| object["kind"] == "HTTPRoute");
    routes
        .map(|route| {
            route["spec"]["hostnames"][0]
                .as_str()
                .expect("a host")
                .to_owned()
        })
        .collect()
}

#[test]
fn hosts_are_unique_among_projects_and_endpoints() {
    let text = declared_in("a", "WebApplication", "web", HTTP, "")
        + &declared_in("b", "WebApplication", "web", HTTP, "")
        + &declared_in("c", "WebApplication", "a-b", HTTP, "")
        + &declared_in("b-c", "WebApplication", "a", HTTP, "");
    let world = world(&text);
    assert_eq!(hosts(&world, &facts("a", "web")), ["web-a-dev.apps.test"]);
    assert_eq!(hosts(&world, &facts("b", "web")), ["web-b-dev.apps.test"]);
    assert_eq!(hosts(&world, &facts("b-c", "a")), ["a-b-c-dev.apps.test"]);
    let hashed = hosts(&world, &facts("c", "a-b"));
    assert!(
        hashed[0].starts_with("a-b-c-dev-") && hashed[0].ends_with(".apps.test"),
        "{hashed:?}"
    );
    // Two endpoints of one application, and a TCP port that no route leads to.
    let two = "containers: {main: {image: 'a:1'}}, endpoints: {app: {type: HTTP, port: 80}, \
               ws: {type: Websocket, port: 81}, raw: {type: TCP, port: 82}}";
    let world = self::world(&declared("WebApplication", "web", two, ""));
    let hosts = hosts(&world, &facts("shop", "web"));
    assert_eq!(hosts.len(), 2);
    assert_eq!(hosts[0], "web-shop-dev.apps.test");
    assert!(hosts[1].starts_with("web-ws-shop-dev-"), "{hosts:?}");
}

#[test]
fn hosts_come_from_plane_and_environment() {
    let world = world(&declared("WebApplication", "web", HTTP, ""));
    let mut facts = facts("shop", "web");
    facts.environment = "staging".into();
    assert_eq!(hosts(&world, &facts), ["web-shop-staging.apps.test"]);
    let mut twice = world.clone();
    add(
        &mut twice,
        &documents(
            "{kind: Environment, metadata: {name: copy}, spec: {gateway: {dnsPrefix: staging}}}",
        ),
    );
    assert_eq!(faults(&twice, &facts)[0].field, "spec.gateway.dnsPrefix");
}

#[test]
fn a_route_that_cannot_be_is_a_fault() {
    let api = |api: &str| {
        let apis = format!(", apis: {{{api}}}");
        faults(
            &world(&declared("Service", "w", HTTP, &apis)),
            &facts("shop", "w"),
        )
        .remove(0)
    };
    let closed = api("http: {type: REST, rest: {backend: {port: 81}, exposeLevels: [Public]}}");
    assert_eq!(closed.field, "spec.apis.http.rest.backend.port");
    assert_eq!(
        closed.remedy,
        "Use the port of an endpoint. There are: http 8080"
    );
    let tcp = api("http: {type: TCP, rest: {backend: {port: 8080}, exposeLevels: [Public]}}");
    assert!(tcp.message.contains("TCP APIs can't be exposed"));
    let twice = api(
        "http: {type: REST, rest: {backend: {port: 8080}, exposeLevels: [Public]}}, \
                     more: {type: REST, rest: {backend: {port: 8080, basePath: /}, exposeLevels: [Public]}}",
    );
    assert_eq!(twice.field, "spec.apis.more.rest.backend.basePath");
}

/// v0.3 opened such an API to the internet.
#[test]
fn no_route_is_made_before_its_policies() {
    let apis = ", apis: {http: {type: REST, className: jwt, rest: {backend: {port: 8080}, exposeLevels: [Organization, Public]}}}";
    let class = "\n---\n{kind: APIClass, metadata: {name: jwt}, spec: {restPolicy: {public: {authentication: \
                 {type: jwt, jwt: {jwks: 'https://id.test/jwks', issuer: 'https://id.test'}}}}}}\n";
    let text = declared("Service", "w", HTTP, apis);
    assert_eq!(
        waiting(&world(&text), &facts("shop", "w"))[0]
            .for_what
            .to_string(),
        "APIClass jwt"
    );
    let found = faults(&world(&(text + class)), &facts("shop", "w"));
    assert_eq!(found.len(), 1);
    assert!(
        found[0]
            .message
            .contains("asks for authentication at level Public"),
        "{}",
        found[0]
    );
}

#[test]
fn api_proxies_say_that_they_are_not_rendered() {
    let text = "\n---\n{kind: Component, metadata: {name: rates}, spec: {owner: {projectName: shop}, type: API}}\
        \n---\n{kind: API, metadata: {name: rates}, spec: {owner: {projectName: shop, componentName: rates}, \
        environmentName: development, type: REST, rest: {backend: {port: 443}, exposeLevels: [Public]}}}";
    let found = faults(&world(text), &facts("shop", "rates"));
    assert!(
        found[0]
            .message
            .contains("they aren't rendered onto planes yet")
    );
}

#[test]
fn a_binding_with_a_workload_makes_its_artifact() {
    let world = world(&declared("Service", "w", MAIN, ""));
    let spec = &documents(
        "owner: {projectName: shop, componentName: w}\nenvironment: staging\n\
        workloadSpec: {containers: {main: {image: 'a:1'}}}",
    )[0];
    let spec: BindingSpec = serde_json::from_value(spec.clone()).unwrap();
    let identity = model::identity::Identity::in_component(
        Kind::ServiceBinding,
        "default",
        "shop",
        "w",
        "w-staging",
    );
    let made = compose_binding(&world, &identity, &spec).unwrap();
    // The same content is the same artifact, whichever way it comes.
    assert_eq!(
        made.hash(),
        compose(&world, &component("shop", "w")).unwrap().hash()
    );
    let mut gold = spec;
    gold.class_name = Some("gold".into());
    let waiting = compose_binding(&world, &identity, &gold).unwrap_err();
    assert_eq!(waiting[0].for_what.to_string(), "ServiceClass gold");
}

#[test]
fn long_names_stay_within_kubernetes_limits() {
    let long = "a".repeat(63);
    let text = declared_in(&long, "WebApplication", &long, HTTP, "");
    let mut facts = facts(&long, &long);
    facts.name = format!("{long}-{long}");
    let rendered = rendered(&world(&text), &facts);
    for object in &rendered.objects {
        assert!(object["metadata"]["name"].as_str().unwrap().len() <= 63);
        for (_, value) in object["metadata"]["labels"].as_object().unwrap() {
            assert!(value.as_str().unwrap().len() <= 63);
        }
    }
    let host = hosts(&world(&text), &facts).remove(0);
    assert!(host.split('.').next().unwrap().len() <= 63);
    let task = declared_in(&long, "ScheduledTask", &long, MAIN, "");
    facts.overrides.schedule = Some("* * * * *".into());
    let tasks = self::rendered(&world(&task), &facts);
    assert!(
        object(&tasks, "CronJob")["metadata"]["name"]
            .as_str()
            .unwrap()
            .len()
            <= 52
    );
}

#[test]
fn a_difference_names_fields_and_hides_secrets() {
    let secret = |value: &str| json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"k": value, "same": "1"}});
    let deployment = |image: &str| {
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"},
               "spec": {"containers": [{"name": "main", "image": image}]}})
    };
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "gone"}});
    let before = [secret("c2VjcmV0"), deployment("a:1"), map];
    let after = [secret("b3RoZXI="), deployment("a:2")];
    let found = diff::objects(&before, &after);
    assert!(!serde_json::to_string(&found).unwrap().contains("c2VjcmV0"));
    assert!(!serde_json::to_string(&found).unwrap().contains("b3RoZXI="));
    use model::view::Change;
    let changes: Vec<Change> = found.iter().map(|object| object.change).collect();
    assert_eq!(changes, [Change::Changed, Change::Changed, Change::Deleted]);
    let paths = |index: usize| {
        found[index]
            .fields
            .iter()
            .map(|f| f.path.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(paths(0), ["data.k"]);
    assert_eq!(paths(1), ["spec.containers[main].image"]);
    let sides: Vec<_> = found[1]
        .lines
        .iter()
        .filter(|l| l.side != diff::Side::Both)
        .collect();
    assert_eq!(sides.len(), 2);
    assert!(sides[0].text.contains("a:1") && sides[1].text.contains("a:2"));
    assert_eq!(diff::objects(&after, &after)[0].change, Change::Unchanged);
    assert_eq!(diff::shown(&after[0])["data"]["k"], Value::from("(hidden)"));
}

#[test]
fn names_are_dns_labels_whatever_bindings_are_called() {
    let text = declared("Service", "w", HTTP, "");
    let mut facts = facts("shop", "w");
    for name in ["1.web", "my.app"] {
        facts.name = name.into();
        let rendered = rendered(&world(&text), &facts);
        let name = object(&rendered, "Service")["metadata"]["name"]
            .as_str()
            .unwrap();
        assert!(
            name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.contains('.'),
            "{name}"
        );
        assert_eq!(object(&rendered, "Deployment")["metadata"]["name"], name);
    }
}
