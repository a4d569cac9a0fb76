//! The schema that templates of classes are held against is the one of a real API server.
//!
//! `TROUPE_KUBE` names the file that tells where one runs; `make test` starts it. After a new version
//! of Kubernetes, `TROUPE_SCHEMA=write cargo test -p troupe-plane --test kubernetes` writes the schema
//! anew.

use std::collections::BTreeMap;

use kube::{
    Client, Config,
    config::{KubeConfigOptions, Kubeconfig},
};
use serde_json::{Map, Value, json};

/// What classes have templates of.
const ROOTS: &[&str] = &[
    "io.k8s.api.apps.v1.DeploymentSpec",
    "io.k8s.api.core.v1.ServiceSpec",
    "io.k8s.api.batch.v1.CronJobSpec",
];
const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../app/model/src/manifest/kubernetes.json"
);

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by their runner what to do"
)]
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

async fn client() -> Client {
    let file = told("TROUPE_KUBE").expect(
        "TROUPE_KUBE must name the JSON file of a running test cluster: use `make test`, which starts one",
    );
    let text = std::fs::read_to_string(file).expect("the file that TROUPE_KUBE names");
    let text: Value = serde_json::from_str(&text).expect("JSON");
    let path = text["planes"][0]["kubeconfig"].as_str().expect("a path");
    let kubeconfig = Kubeconfig::read_from(path).expect("a kubeconfig");
    let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default())
        .await
        .expect("a cluster");
    Client::try_from(config).expect("a client")
}

async fn get(client: &Client, path: &str) -> Value {
    let request = http::Request::get(path).body(Vec::new()).expect("a path");
    let text = client.request_text(request).await.expect("an answer");
    serde_json::from_str(&text).expect("JSON")
}

/// Definitions as they are shipped: by short name, without what only machines that write code need.
struct Shipping {
    served: BTreeMap<String, Value>,
    taken: Map<String, Value>,
}

impl Shipping {
    fn take(&mut self, name: &str) {
        let short = short(name);
        if self.taken.contains_key(short) {
            return;
        }
        self.taken.insert(short.to_owned(), Value::Null);
        let served = self.served[name].clone();
        let own = self.shipped(&served);
        self.taken.insert(short.to_owned(), own);
    }

    fn shipped(&mut self, served: &Value) -> Value {
        let mut out = Map::new();
        let reference = served["$ref"]
            .as_str()
            .or_else(|| served.pointer("/allOf/0/$ref")?.as_str());
        if let Some(reference) = reference {
            let name = reference.rsplit('/').next().expect("rsplit gives one");
            match short(name) {
                "Quantity" => out.insert("type".into(), json!("quantity")),
                "IntOrString" => out.insert("type".into(), json!("int-or-string")),
                short => {
                    self.take(name);
                    out.insert("$ref".into(), json!(short))
                }
            };
        }
        for key in ["type", "enum", "required", "format"] {
            if let Some(value) = served.get(key) {
                out.insert(key.into(), value.clone());
            }
        }
        for key in ["items", "additionalProperties"] {
            if let Some(value) = served.get(key) {
                out.insert(key.into(), self.shipped(value));
            }
        }
        if let Some(fields) = served["properties"].as_object() {
            let fields = fields
                .iter()
                .map(|(name, value)| (name.clone(), self.shipped(value)));
            out.insert("properties".into(), Value::Object(fields.collect()));
        } else if served["type"] == "object" && !out.contains_key("additionalProperties") {
            out.insert("additionalProperties".into(), json!(true));
        } else if let Some(words) = served["description"].as_str() {
            out.insert("description".into(), json!(sentence(words)));
        }
        Value::Object(out)
    }
}

/// `io.k8s.api.core.v1.PodSpec` is `PodSpec`.
fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The first sentence.
fn sentence(words: &str) -> &str {
    let line = words.lines().next().unwrap_or_default();
    line.find(". ")
        .map_or(line, |end| line.get(..=end).unwrap_or(line))
}

/// One definition a line, so that a new version can be read as a difference.
fn text(shipped: &Value) -> String {
    let definitions = shipped["definitions"].as_object().expect("definitions");
    let mut lines: Vec<String> = definitions
        .iter()
        .map(|(name, value)| format!("{}:{value}", json!(name)))
        .collect();
    lines.sort();
    format!(
        "{{\"version\":{},\"definitions\":{{\n{}\n}}}}\n",
        shipped["version"],
        lines.join(",\n")
    )
}

#[tokio::test]
async fn the_shipped_schema_is_the_servers_own() {
    let client = client().await;
    let mut shipping = Shipping {
        served: BTreeMap::new(),
        taken: Map::new(),
    };
    for path in ["apis/apps/v1", "apis/batch/v1", "api/v1"] {
        let served = get(&client, &format!("/openapi/v3/{path}")).await;
        let schemas = served["components"]["schemas"].as_object().cloned();
        shipping.served.extend(schemas.expect("schemas"));
    }
    for root in ROOTS {
        shipping.take(root);
    }
    let version = get(&client, "/version").await["gitVersion"].clone();
    let fresh = json!({"version": version, "definitions": shipping.taken});
    if told("TROUPE_SCHEMA").is_some_and(|what| what == "write") {
        std::fs::write(FILE, text(&fresh)).expect("the file can be written");
    }
    let shipped = std::fs::read_to_string(FILE).expect("the shipped schema");
    assert!(
        shipped.len() < 150_000,
        "{} bytes are too many",
        shipped.len()
    );
    let shipped: Value = serde_json::from_str(&shipped).expect("JSON");
    let words = "the cluster has another version: see the head of this file";
    assert_eq!(shipped["version"], fresh["version"], "{words}");
    assert_eq!(shipped["definitions"], fresh["definitions"], "{words}");
}
