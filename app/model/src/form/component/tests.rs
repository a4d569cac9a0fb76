//! Forms and manifests say the same.

use std::{collections::BTreeMap, path::Path};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::manifest::{Input, Limits, read};

fn home(project: &str) -> Home {
    Home {
        project: project.into(),
        first: vec!["development".into()],
    }
}

/// What a browser sends back of a form that nobody touched.
fn sent(fields: &Fields) -> Fields {
    let entries = fields.iter().map(|(name, value)| {
        // A textarea's line ends are CR LF on the wire (HTML, "constructing the entry list").
        let value = value.replace("\r\n", "\n").replace('\r', "\n");
        (name.to_owned(), value.replace('\n', "\r\n"))
    });
    entries.collect()
}

fn all(before: &Before) -> Vec<Value> {
    let parts = [&before.component, &before.workload, &before.declaration];
    let parts = parts.into_iter().flatten().cloned();
    parts.chain(before.bindings.values().cloned()).collect()
}

fn unchanged(before: &Before, home: &Home) {
    let shown = fields(before, home);
    assert_eq!(manifests(&sent(&shown), before, home), all(before));
    let component_type = component_type(&shown, before);
    assert_eq!(check(&shown, component_type), []);
}

/// Every component of a folder of manifests.
fn stored(folder: &str) -> Vec<(Before, Home)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../end2end/manifests")
        .join(folder);
    let mut components: BTreeMap<(String, String), Before> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        let text = std::fs::read_to_string(&path).expect("it can be read");
        let input = Input {
            file: "",
            text: &text,
        };
        for document in read(&[input], &Limits::default(), "default").expect("no faults") {
            let who = &document.identity;
            let name = match who.kind {
                Kind::Component => &who.name,
                _ => &who.component,
            };
            let manifest = crate::yaml::manifest_value(
                who,
                &document.labels,
                &document.annotations,
                &document.spec,
                None,
            );
            let before = components
                .entry((who.project.clone(), name.clone()))
                .or_default();
            match who.kind {
                Kind::Component => before.component = Some(manifest),
                Kind::Workload => before.workload = Some(manifest),
                Kind::Service | Kind::WebApplication | Kind::ScheduledTask | Kind::API => {
                    before.declaration = Some(manifest);
                }
                _ => {}
            }
        }
    }
    let whole = components
        .into_iter()
        .filter(|(_, before)| before.component.is_some());
    whole
        .map(|((project, _), before)| (before, home(&project)))
        .collect()
}

#[test]
fn editing_nothing_changes_nothing_of_the_shop_and_the_samples() {
    let shop = stored("shop");
    assert_eq!(shop.len(), 11);
    let samples = stored("samples");
    assert!(samples.len() >= 3, "{}", samples.len());
    for (before, home) in shop.iter().chain(&samples) {
        let mut before = before.clone();
        // A sample may lack a part; the form would make it.
        if before.workload.is_none() || before.declaration.is_none() {
            let mut made = manifests(&fields(&before, home), &before, home).into_iter();
            before.component = made.next();
            for part in made {
                let place = match get(&part, &["kind"]) {
                    "Workload" => &mut before.workload,
                    _ => &mut before.declaration,
                };
                *place = Some(part);
            }
        }
        unchanged(&before, home);
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,20}",
        "([ -~\t]{0,8}\r?\n){1,3}[a-z ]{0,5}",
        any::<String>(),
        Just(String::new()),
        Just(" [\"a\"] ".to_owned()),
        Just("[\"a\"]".to_owned()),
    ]
}

fn variable() -> impl Strategy<Value = Value> {
    ("[A-Z_]{1,6}", text(), "[a-z]{1,5}", 0..3).prop_map(|(key, value, name, source)| {
        match source {
            0 => json!({"key": key, "value": value}),
            1 => json!({"key": key, "valueFrom": {"configurationGroupRef": {"name": name, "key": "a/b"}}}),
            _ => json!({"key": key, "valueFrom": {"secretRef": {"name": name, "key": "k"}}}),
        }
    })
}

fn container() -> impl Strategy<Value = Value> {
    let words = || proptest::option::of(proptest::collection::vec(text(), 0..4));
    let env = proptest::option::of(proptest::collection::vec(variable(), 0..4));
    ("[a-z:./]{1,20}", words(), words(), env).prop_map(|(image, command, args, env)| {
        let mut made = json!({"image": image});
        if let Some(command) = command {
            made["command"] = command.into();
        }
        if let Some(args) = args {
            made["args"] = args.into();
        }
        if let Some(env) = env {
            made["env"] = env.into();
        }
        made
    })
}

fn endpoint() -> impl Strategy<Value = (Value, Option<Value>)> {
    let levels = proptest::option::of(proptest::sample::subsequence(
        vec!["Project", "Organization", "Public"],
        0..=3,
    ));
    let api = proptest::option::of((levels, proptest::option::of("/[a-z]{0,4}"), 1..3_u16));
    (1..3_u16, text(), proptest::bool::ANY, api).prop_map(|(port, schema, has_schema, api)| {
        let mut endpoint = json!({"type": "REST", "port": port});
        if has_schema {
            endpoint["schema"] = json!({"type": "OpenAPI", "content": schema});
        }
        let api = api.map(|(levels, path, port)| {
            let mut rest = json!({"backend": {"port": port}});
            if let Some(levels) = levels {
                rest["exposeLevels"] = json!(levels);
            }
            if let Some(path) = path {
                rest["backend"]["basePath"] = path.into();
            }
            json!({"type": "REST", "className": "strict", "rest": rest})
        });
        (endpoint, api)
    })
}

fn connection() -> impl Strategy<Value = Value> {
    let project = proptest::option::of(prop_oneof![Just("shop"), Just("bank")]);
    let injected = proptest::option::of(proptest::collection::vec(("[A-Z]{1,4}", text()), 0..3));
    (project, injected).prop_map(|(project, injected)| {
        let mut made = json!({
            "type": "api", "params": {"componentName": "cart", "endpoint": "http"},
        });
        if let Some(project) = project {
            made["params"]["projectName"] = project.into();
        }
        if let Some(injected) = injected {
            let env: Vec<Value> = injected
                .into_iter()
                .map(|(name, value)| json!({"name": name, "value": value}))
                .collect();
            made["inject"] = json!({"env": env});
        }
        made
    })
}

fn named<T: std::fmt::Debug>(
    of: impl Strategy<Value = T>,
) -> impl Strategy<Value = BTreeMap<String, T>> {
    proptest::collection::btree_map("[a-z][a-z0-9-]{0,8}", of, 0..4)
}

proptest! {
    #[test]
    fn editing_nothing_changes_nothing(
        containers in named(container()),
        endpoints in named(endpoint()),
        connections in named(connection()),
    ) {
        let owner = json!({"projectName": "shop", "componentName": "web"});
        let apis: BTreeMap<&String, &Value> = endpoints
            .iter()
            .filter_map(|(name, (_, api))| Some((name, api.as_ref()?)))
            .collect();
        let ports: BTreeMap<&String, &Value> =
            endpoints.iter().map(|(name, (endpoint, _))| (name, endpoint)).collect();
        let before = Before {
            component: Some(blank(
                Kind::Component,
                "web",
                json!({"owner": {"projectName": "shop"}, "type": "Service"}),
            )),
            workload: Some(blank(Kind::Workload, "other", json!({
                "owner": owner, "containers": containers, "endpoints": ports,
                "connections": connections,
            }))),
            declaration: Some(blank(Kind::Service, "third", json!({
                "owner": owner, "workloadName": "other", "apis": apis,
            }))),
            bindings: BTreeMap::new(),
        };
        unchanged(&before, &home("shop"));
    }
}

fn typed(entries: &[(&str, &str)]) -> Fields {
    let mut fields = fresh();
    for (name, value) in entries {
        fields.set(name, value);
    }
    fields
}

fn spec<'a>(made: &'a [Value], kind: &str) -> &'a Value {
    let found = made.iter().find(|made| get(made, &["kind"]) == kind);
    &found.unwrap_or_else(|| panic!("no {kind} in {made:?}"))["spec"]
}

#[test]
fn a_new_service_becomes_three_manifests_that_can_be_read() {
    let fields = typed(&[
        ("name", "web"),
        ("container.0.image", "web:1"),
        ("container.0.args", "--port\n 8080 \n"),
        ("container.0.env.0.key", "LEVEL"),
        ("container.0.env.0.from", "value"),
        ("container.0.env.0.value", "info"),
        ("container.0.env.1.key", "DB"),
        ("container.0.env.1.from", "configuration"),
        ("container.0.env.1.ref", "db/host"),
        ("container.0.env.2.key", "TOKEN"),
        ("container.0.env.2.from", "secret"),
        ("container.0.env.2.ref", "vault/token"),
        ("endpoint.0.seen", "Both"),
        ("endpoint.0.base_path", "/v1"),
        ("endpoint.1.name", "rpc"),
        ("endpoint.1.type", "gRPC"),
        ("endpoint.1.port", "9090"),
        ("connection.0.to", "cart/grpc"),
        ("connection.0.inject.0.value", DEFAULT_TEMPLATE),
        ("connection.1.to", "bank/ledger/http"),
        ("connection.1.name", "books"),
        ("connection.2.row", ""),
    ]);
    let made = manifests(&fields, &Before::default(), &home("shop"));
    assert_eq!(made.len(), 3);
    let workload = spec(&made, "Workload");
    assert_eq!(
        workload["containers"]["main"],
        json!({"image": "web:1", "args": ["--port", "8080"], "env": [
            {"key": "LEVEL", "value": "info"},
            {"key": "DB", "valueFrom": {"configurationGroupRef": {"name": "db", "key": "host"}}},
            {"key": "TOKEN", "valueFrom": {"secretRef": {"name": "vault", "key": "token"}}},
        ]})
    );
    assert_eq!(
        workload["connections"],
        json!({
            "cart": {"type": "api", "params": {"componentName": "cart", "endpoint": "grpc"},
                     "inject": {"env": [{"name": "CART_ADDR", "value": DEFAULT_TEMPLATE}]}},
            "books": {"type": "api", "params": {
                "projectName": "bank", "componentName": "ledger", "endpoint": "http"}},
        })
    );
    let service = spec(&made, "Service");
    assert_eq!(service["className"], "default");
    assert_eq!(
        service["apis"],
        json!({"http": {"type": "REST", "rest": {
            "backend": {"port": 8080, "basePath": "/v1"},
            "exposeLevels": ["Organization", "Public"]}}})
    );
    let texts: Vec<String> = made.iter().map(Value::to_string).collect();
    let text = texts.join("\n---\n");
    let input = Input {
        file: "",
        text: &text,
    };
    read(&[input], &Limits::default(), "default").expect("no faults");
}

#[test]
fn every_type_makes_its_own_declaration() {
    for (word, kinds) in [
        (
            "WebApplication",
            &["Component", "Workload", "WebApplication"][..],
        ),
        (
            "ScheduledTask",
            &[
                "Component",
                "Workload",
                "ScheduledTask",
                "ScheduledTaskBinding",
            ],
        ),
        ("API", &["Component", "API"]),
    ] {
        let fields = typed(&[
            ("name", "x"),
            ("type", word),
            ("container.0.image", "x:1"),
            ("schedule", "30 2 * * *"),
            ("api_environment", "development"),
            ("api_port", "8080"),
            ("api_seen", "Organization"),
        ]);
        let made = manifests(&fields, &Before::default(), &home("shop"));
        let found: Vec<&str> = made.iter().map(|made| get(made, &["kind"])).collect();
        assert_eq!(found, kinds);
        let texts: Vec<String> = made.iter().map(Value::to_string).collect();
        let text = texts.join("\n---\n");
        let input = Input {
            file: "",
            text: &text,
        };
        let read = read(&[input], &Limits::default(), "default");
        assert!(read.is_ok(), "{word}: {read:?}");
    }
}

#[test]
fn the_source_of_a_build_is_kept_and_taken_away() {
    let mut fields = typed(&[
        ("name", "web"),
        ("from", "source"),
        ("repository", "https://git.acme.io/shop"),
        ("branch", "main"),
        ("app_path", "/web"),
        ("template", "docker"),
        ("parameter.0.name", "context"),
        ("parameter.0.value", "/web"),
    ]);
    let made = manifests(&fields, &Before::default(), &home("shop"));
    assert_eq!(
        spec(&made, "Component")["build"],
        json!({
            "repository": {"url": "https://git.acme.io/shop", "revision": {"branch": "main"}, "appPath": "/web"},
            "templateRef": {"name": "docker", "parameters": [{"name": "context", "value": "/web"}]},
        })
    );
    assert_eq!(
        spec(&made, "Workload").get("containers"),
        None,
        "the build brings the image"
    );
    let before = Before {
        component: made.first().cloned(),
        ..Before::default()
    };
    fields.set("from", "image");
    let made = manifests(&fields, &before, &home("shop"));
    assert_eq!(spec(&made, "Component").get("build"), None);
}

fn shown() -> Before {
    let fields = typed(&[
        ("name", "web"),
        ("container.0.image", "web:1"),
        ("endpoint.0.seen", "Organization"),
        ("connection.0.to", "cart/grpc"),
    ]);
    let made = manifests(&fields, &Before::default(), &home("shop"));
    let part = |at: usize| made.get(at).cloned();
    Before {
        component: part(0),
        workload: part(1),
        declaration: part(2),
        bindings: BTreeMap::new(),
    }
}

#[test]
fn what_is_renamed_keeps_what_it_has() {
    let mut before = shown();
    if let Some(workload) = &mut before.workload {
        workload["spec"]["containers"]["main"]["later"] = "kept".into();
        workload["metadata"]["labels"] = json!({"team": "a"});
    }
    let mut typed = fields(&before, &home("shop"));
    typed.set("container.0.name", "app");
    typed.set("endpoint.0.name", "public");
    typed.set("endpoint.0.port", "9000");
    let made = manifests(&typed, &before, &home("shop"));
    let workload = spec(&made, "Workload");
    assert_eq!(
        workload["containers"],
        json!({"app": {"image": "web:1", "later": "kept"}})
    );
    assert_eq!(made[1]["metadata"]["labels"], json!({"team": "a"}));
    assert_eq!(
        spec(&made, "Service")["apis"],
        json!({"public": {"type": "REST", "rest": {
            "backend": {"port": 9000}, "exposeLevels": ["Organization"]}}})
    );
}

#[test]
fn a_row_that_is_dropped_takes_its_api_along() {
    let before = shown();
    let mut typed = fields(&before, &home("shop"));
    typed.set("drop", "endpoint.0");
    assert!(typed.reshape());
    let made = manifests(&typed, &before, &home("shop"));
    assert_eq!(spec(&made, "Workload").get("endpoints"), None);
    assert_eq!(spec(&made, "Service").get("apis"), None);
}

#[test]
fn a_schedule_goes_to_the_binding_of_the_first_environment() {
    let mut before = shown();
    let task = |value: &mut Option<Value>| {
        if let Some(value) = value {
            value["spec"]["type"] = "ScheduledTask".into();
        }
    };
    task(&mut before.component);
    let binding = json!({
        "kind": "ScheduledTaskBinding", "metadata": {"name": "mine"},
        "spec": {"environment": "development", "artifact": 3, "overrides": {"schedule": "@daily"}},
    });
    before.bindings.insert("development".into(), binding);
    let mut typed = fields(&before, &home("shop"));
    assert_eq!(typed.text("schedule"), "@daily");
    typed.set("schedule", "");
    let made = manifests(&typed, &before, &home("shop"));
    assert_eq!(
        spec(&made, "ScheduledTaskBinding"),
        &json!({"environment": "development", "artifact": 3})
    );
    typed.set("schedule", "@daily");
    let made = manifests(&typed, &before, &home("shop"));
    assert_eq!(made.len(), 3, "a binding that stays is not sent");
}

#[test]
fn new_rows_begin_with_what_most_of_them_are() {
    let mut fields = fresh();
    for list in ["connection", "endpoint", "container.0.env"] {
        fields.set("add", list);
        assert!(fields.reshape());
    }
    begin(&mut fields);
    assert_eq!(fields.text("connection.0.inject.0.value"), DEFAULT_TEMPLATE);
    assert_eq!(fields.text("endpoint.1.type"), "HTTP");
    assert_eq!(fields.text("container.0.env.0.from"), "value");
    // Nothing of that says anything yet.
    let made = manifests(&fields, &Before::default(), &home("shop"));
    let workload = spec(&made, "Workload");
    assert_eq!(workload.get("connections"), None);
    assert_eq!(
        workload["endpoints"],
        json!({"http": {"type": "HTTP", "port": 8080}})
    );
    assert_eq!(workload["containers"]["main"], json!({}));
}

#[test]
fn rows_without_a_name_of_their_own_are_told() {
    let fields = typed(&[
        ("endpoint.0.name", ""),
        ("container.1.name", "main"),
        ("container.1.image", "b:1"),
        ("container.0.image", "a:1"),
        ("name", ""),
    ]);
    let faults = check(&fields, Some(ComponentType::Service));
    let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(paths, ["name", "container.1.name", "endpoint.0.name"]);
}

#[test]
fn faults_find_the_field_that_they_were_typed_into() {
    let fields = typed(&[
        ("container.4.name", "side.car"),
        ("container.4.image", "x"),
        ("container.4.env.1.key", ""),
        ("container.4.env.7.key", "A"),
        ("container.4.env.7.from", "secret"),
        ("connection.2.to", "cart"),
        ("connection.2.inject.5.value", "{{ .x }}"),
    ]);
    for (kind, path, field) in [
        ("Component", "metadata.name", "name"),
        ("Component", "spec.build.repository.url", "repository"),
        (
            "Workload",
            "spec.containers.main.image",
            "container.0.image",
        ),
        (
            "Workload",
            "spec.containers[\"side.car\"].env[0].valueFrom.secretRef.key",
            "container.4.env.7.ref",
        ),
        (
            "Workload",
            "spec.containers[\"side.car\"]",
            "container.4.name",
        ),
        ("Workload", "spec.endpoints.http.port", "endpoint.0.port"),
        ("Service", "spec.apis.http.rest", "endpoint.0.seen"),
        ("Service", "spec.className", "class_Service"),
        (
            "Workload",
            "spec.connections.cart.params.endpoint",
            "connection.2.to",
        ),
        (
            "Workload",
            "spec.connections.cart.inject.env[0].value",
            "connection.2.inject.5.value",
        ),
    ] {
        let found = place(&fields, Some(ComponentType::Service), kind, path);
        assert_eq!(found.as_deref(), Some(field), "{kind} {path}");
    }
}
