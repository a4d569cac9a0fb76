//! Every rule of every schema bites: breaking any one of them gives a fault at that very path.

use model::kind::Kind;
use model::manifest::{check, schema};
use serde_json::{Map, Value, json};

/// A value that satisfies a schema, with everything that may stand in it.
fn full(schema: &Value) -> Value {
    if let Some(word) = schema.pointer("/enum/0") {
        return word.clone();
    }
    match schema["type"].as_str() {
        Some("object") => {
            let mut map = Map::new();
            for (key, child) in schema["properties"].as_object().into_iter().flatten() {
                map.insert(key.clone(), full(child));
            }
            if let child @ Value::Object(_) = &schema["additionalProperties"] {
                map.insert("main".into(), full(child));
            }
            Value::Object(map)
        }
        Some("array") => json!([full(&schema["items"])]),
        Some("integer") => schema.get("minimum").cloned().unwrap_or(json!(3)),
        Some("boolean") => json!(true),
        Some("string") => good(schema["format"].as_str().unwrap_or_default()).into(),
        other => panic!("no example for {other:?} in {schema}"),
    }
}

fn good(format: &str) -> &'static str {
    match format {
        "quantity" => "100m",
        "duration" | "window" => "5m",
        "cron" => "0 2 * * *",
        "cidr" => "10.0.0.0/8",
        "env-name" => "LOG_LEVEL",
        "image" => "redis:7",
        "http-url" => "https://acme.io",
        "object-name" | "label-name" | "host" => "acme",
        "" => "words",
        other => panic!("a format nobody checks: {other}"),
    }
}

fn bad(format: &str) -> &'static [&'static str] {
    match format {
        "quantity" => &["lots", "", "-1", "64MB", "1.2.3"],
        "duration" => &["5", "five minutes", "", "1d"],
        "window" => &["5", "", "0s", "1w"],
        "cron" => &[
            "* * * *",
            "61 * * * *",
            "@sometimes",
            "0 0 L * *",
            "0 0 * * 7",
            "",
        ],
        "cidr" => &["10.0.0.1", "10.0.0.0/33", "net"],
        "env-name" => &["1ST", "A B", "", "A=B"],
        "image" => &[
            "Acme/Orders",
            "https://acme.io/a",
            "a:b:c",
            "",
            "a@sha256:12",
        ],
        "http-url" => &["acme.io", "ftp://acme.io", "https://", ""],
        "host" => &["https://acme.io", "acme.io:80", "Acme", "-a", ""],
        "object-name" => &["Upper", "a_b", "-a", "a-", "", "a..b"],
        "label-name" => &["Upper", "a.b", "-a", ""],
        _ => &[],
    }
}

/// One way to break a value.
struct Mutation {
    pointer: String,
    path: String,
    to: Option<Value>,
    remedy: Option<String>,
}

struct Collector {
    mutations: Vec<Mutation>,
}

impl Collector {
    fn add(&mut self, pointer: &str, path: &str, to: Option<Value>, remedy: Option<&str>) {
        self.mutations.push(Mutation {
            pointer: pointer.into(),
            path: path.into(),
            to,
            remedy: remedy.map(Into::into),
        });
    }

    fn collect(&mut self, schema: &Value, pointer: &str, path: &str) {
        match schema["type"].as_str() {
            Some("object") => self.object(schema, pointer, path),
            Some("array") => {
                self.add(pointer, path, Some(json!({"a": 1})), None);
                self.collect(
                    &schema["items"],
                    &format!("{pointer}/0"),
                    &format!("{path}[0]"),
                );
            }
            Some("integer") => {
                self.add(
                    pointer,
                    path,
                    Some(json!("3")),
                    Some("Take the quotes away: 3"),
                );
                self.add(pointer, path, Some(json!(1.5)), None);
                if let Some(least) = schema["minimum"].as_i64() {
                    self.add(pointer, path, Some(json!(least - 1)), None);
                }
                if let Some(most) = schema["maximum"].as_i64() {
                    self.add(pointer, path, Some(json!(most + 1)), None);
                }
                if schema["format"] == "int32" {
                    self.add(pointer, path, Some(json!(1_i64 << 31)), None);
                }
            }
            Some("boolean") => {
                self.add(
                    pointer,
                    path,
                    Some(json!("yes")),
                    Some("Write true, without quotes"),
                );
            }
            Some("string") => self.text(schema, pointer, path),
            other => panic!("no mutation for {other:?}"),
        }
    }

    fn text(&mut self, schema: &Value, pointer: &str, path: &str) {
        self.add(pointer, path, Some(json!(8080)), Some("Quote it: \"8080\""));
        self.add(pointer, path, Some(json!(true)), Some("Quote it: \"true\""));
        self.add(pointer, path, Some(json!({})), None);
        for word in schema["enum"].as_array().into_iter().flatten() {
            let word = word.as_str().expect("choices are words");
            let swapped: String = word
                .chars()
                .map(|c| {
                    if c.is_lowercase() {
                        c.to_ascii_uppercase()
                    } else {
                        c.to_ascii_lowercase()
                    }
                })
                .collect();
            let remedy = format!("Did you mean `{word}`?");
            self.add(pointer, path, Some(json!(swapped)), Some(&remedy));
            self.add(pointer, path, Some(json!("zzzzzz")), None);
        }
        if schema["minLength"].as_u64() == Some(1) {
            self.add(pointer, path, Some(json!("")), None);
        }
        for text in bad(schema["format"].as_str().unwrap_or_default()) {
            self.add(pointer, path, Some(json!(text)), None);
        }
    }

    fn object(&mut self, schema: &Value, pointer: &str, path: &str) {
        self.add(pointer, path, Some(json!([])), None);
        for name in schema["required"].as_array().into_iter().flatten() {
            let name = name.as_str().expect("names are words");
            let remedy = format!("Add `{name}`");
            self.add(
                &format!("{pointer}/{name}"),
                &format!("{path}.{name}"),
                None,
                Some(&remedy),
            );
        }
        let properties = schema["properties"].as_object();
        for (key, child) in properties.into_iter().flatten() {
            self.collect(child, &format!("{pointer}/{key}"), &format!("{path}.{key}"));
            if key.len() > 3 && schema["additionalProperties"] == false {
                let typo = format!("{}x{}", &key[..2], &key[2..]);
                let remedy = format!("Did you mean `{key}`?");
                let (at, path) = (format!("{pointer}/{typo}"), format!("{path}.{typo}"));
                self.add(&at, &path, Some(json!("x")), Some(&remedy));
            }
        }
        match &schema["additionalProperties"] {
            Value::Bool(false) => {
                let (at, path) = (format!("{pointer}/zzzzzz"), format!("{path}.zzzzzz"));
                self.add(&at, &path, Some(json!("x")), None);
            }
            child @ Value::Object(_) => {
                self.collect(child, &format!("{pointer}/main"), &format!("{path}.main"));
                if schema.get("propertyNames").is_some() {
                    let (at, path) = (format!("{pointer}/Bad_Name"), format!("{path}.Bad_Name"));
                    self.add(&at, &path, Some(full(child)), None);
                }
            }
            _ => {}
        }
    }
}

fn apply(spec: &Value, mutation: &Mutation) -> Value {
    let mut spec = spec.clone();
    let (parent, key) = mutation.pointer.rsplit_once('/').unwrap_or(("", ""));
    if mutation.pointer.is_empty() {
        return mutation.to.clone().expect("the whole is never removed");
    }
    match (
        spec.pointer_mut(parent).expect("the parent is there"),
        &mutation.to,
    ) {
        (Value::Object(map), Some(to)) => {
            map.insert(key.into(), to.clone());
        }
        (Value::Object(map), None) => {
            map.remove(key);
        }
        (Value::Array(items), Some(to)) => items[0] = to.clone(),
        _ => panic!("nothing to change at {}", mutation.pointer),
    }
    spec
}

#[test]
fn every_broken_rule_is_found_at_its_path() {
    let mut count = 0;
    for kind in Kind::ALL {
        let schema = schema(*kind);
        let spec = full(schema);
        let before = check(*kind, &spec);
        let mut collector = Collector {
            mutations: Vec::new(),
        };
        collector.collect(schema, "", "spec");
        for mutation in &collector.mutations {
            let broken = apply(&spec, mutation);
            let faults = check(*kind, &broken);
            let fault = faults
                .iter()
                .find(|fault| fault.path == mutation.path && !before.contains(fault));
            let Some(fault) = fault else {
                panic!(
                    "{kind} {}: {:?} gave {faults:#?}",
                    mutation.path, mutation.to
                );
            };
            assert!(!fault.message.is_empty() && !fault.remedy.is_empty());
            if let Some(remedy) = &mutation.remedy {
                assert!(
                    fault.remedy.contains(remedy),
                    "{kind} {}: {fault:?}",
                    mutation.path
                );
            }
            count += 1;
        }
    }
    assert!(count > 2000, "only {count} mutations");
}

#[test]
fn schemas_speak_plainly() {
    fn walk(kind: Kind, path: &str, schema: &Value) {
        assert!(
            schema.get("$ref").is_none() && schema.get("anyOf").is_none(),
            "{kind} {path}"
        );
        assert!(schema["type"].is_string(), "{kind} {path}: {schema}");
        for (key, child) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}.{key}");
            assert!(
                child["description"].is_string(),
                "{kind} {path} isn't described"
            );
            walk(kind, &path, child);
        }
        for key in ["items", "additionalProperties"] {
            if schema[key].is_object() {
                walk(kind, &format!("{path}.{key}"), &schema[key]);
            }
        }
    }
    for kind in Kind::ALL {
        walk(*kind, "spec", schema(*kind));
    }
}

#[test]
fn what_passes_parses() {
    // With everything optional left out, nothing is missing and serde agrees.
    fn least(schema: &Value) -> Value {
        if schema["type"] != "object" {
            return full(schema);
        }
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        required
            .iter()
            .filter_map(Value::as_str)
            .map(|name| (name.to_owned(), least(&schema["properties"][name])))
            .collect()
    }
    for kind in Kind::ALL {
        let faults = check(*kind, &least(schema(*kind)));
        let rules: Vec<_> = faults.iter().filter(|it| it.message == "missing").collect();
        let either_or = [
            Kind::ServiceBinding,
            Kind::WebApplicationBinding,
            Kind::ScheduledTaskBinding,
            Kind::API,
            Kind::Endpoint,
        ];
        assert!(
            rules.is_empty() || either_or.contains(kind),
            "{kind}: {faults:?}"
        );
    }
}
