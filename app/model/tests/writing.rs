//! Writing YAML, hashing and comparing: what goes out comes in the same.

use model::diff::{FieldChange, fields};
use model::hash;
use model::manifest::{Input, Limits, read};
use model::yaml;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Reads an arbitrary value back through the manifest reader, in a field that takes anything.
fn back(value: &Value) -> Value {
    let object = json!({"apiVersion": "v1", "kind": "X", "x": value});
    let spec = json!({
        "owner": {"projectName": "p", "componentName": "c"}, "environmentName": "e",
        "resources": [{"id": "x", "object": object}],
    });
    let text = yaml::write(&json!({
        "apiVersion": "openchoreo.dev/v1alpha1",
        "kind": "Release",
        "metadata": {"name": "x"},
        "spec": spec,
    }));
    let documents = read(
        &[Input {
            file: "a",
            text: &text,
        }],
        &Limits::default(),
        "default",
    )
    .unwrap_or_else(|faults| panic!("{}\n{text}", faults[0]));
    documents[0].spec["resources"][0]["object"]["x"].clone()
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("JSON has no others", |it| it.is_finite())
            .prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map(text(), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,30}",
        "[a-z0-9:#\\-\\[\\]{}&*!|>'\"%@`, .]{0,12}",
        "([ -~\t]{0,8}\n){1,4}[a-z ]{0,5}",
        "[0-9._:+eExob-]{1,8}",
        Just("yes".to_owned()),
        Just("NULL".to_owned()),
        Just("<<".to_owned()),
        Just("~".to_owned()),
        Just("=".to_owned()),
        Just("---".to_owned()),
        Just("2001-01-01".to_owned()),
        Just("\u{feff}x\u{85}\u{2028}\r".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn written_and_read_is_the_same(value in value()) {
        prop_assert_eq!(back(&value), value);
    }

    #[test]
    fn equal_is_no_change_and_different_is_some(a in value(), b in value()) {
        prop_assert!(fields(&a, &a).is_empty());
        prop_assert_eq!(fields(&a, &b).is_empty(), a == b);
        prop_assert_eq!(hash::of(&a) == hash::of(&b), a == b);
    }

    #[test]
    fn nothing_makes_the_reader_panic(text in "([a-z:&*!|>'\"{}\\[\\],#% \n-]|<<|\t){0,60}") {
        let _ = read(&[Input { file: "a", text: &text }], &Limits::default(), "default");
    }
}

#[test]
fn yaml_is_as_people_write_it() {
    let value = json!({
        "kind": "Workload",
        "apiVersion": "openchoreo.dev/v1alpha1",
        "spec": {
            "z": [],
            "containers": {"main": {"image": "redis:7", "args": ["--port", "8080"], "env": [{"key": "A", "value": "yes"}]}},
            "schema": "a: b\nc:\n  - d\n",
            "cut": "a\nb",
            "number": 1.5,
            "tag": "1.10",
            "template": "{{ .host }}:{{ .port }}",
        },
        "metadata": {"name": "x"},
    });
    let expected = "\
apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata:
  name: x
spec:
  containers:
    main:
      args:
        - --port
        - \"8080\"
      env:
        - key: A
          value: \"yes\"
      image: redis:7
  cut: |-
    a
    b
  number: 1.5
  schema: |
    a: b
    c:
      - d
  tag: \"1.10\"
  template: \"{{ .host }}:{{ .port }}\"
  z: []
";
    assert_eq!(yaml::write(&value), expected);
}

#[test]
fn canonical_json_sorts() {
    let one: Value = serde_json::from_str(r#"{"b":1,"a":[{"d":"é","c":null}]}"#).expect("JSON");
    assert_eq!(hash::canonical(&one), r#"{"a":[{"c":null,"d":"é"}],"b":1}"#);
    assert_eq!(
        hash::of(&json!({})),
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    );
}

#[test]
fn changes_are_told_by_name() {
    let before = json!({
        "image": "a:1",
        "env": [{"key": "A", "value": "1"}, {"key": "B", "value": "2"}, {"key": "C", "value": "3"}],
        "args": ["x", "y"],
        "labels": {"acme.io/team": "a"},
    });
    let after = json!({
        "image": "a:2",
        "env": [{"key": "C", "value": "3"}, {"key": "A", "value": "9"}, {"key": "D", "value": "4"}],
        "args": ["x"],
        "labels": {"acme.io/team": "b"},
    });
    let change = |path: &str, before: Option<Value>, after: Option<Value>| FieldChange {
        path: path.into(),
        before,
        after,
    };
    assert_eq!(
        fields(&before, &after),
        [
            change("args", Some(json!(["x", "y"])), Some(json!(["x"]))),
            change("env[A].value", Some(json!("1")), Some(json!("9"))),
            change("env[B]", Some(json!({"key": "B", "value": "2"})), None),
            change("env[D]", None, Some(json!({"key": "D", "value": "4"}))),
            change(
                "env.order",
                Some(json!(["A", "B", "C"])),
                Some(json!(["C", "A", "D"]))
            ),
            change("image", Some(json!("a:1")), Some(json!("a:2"))),
            change(
                "labels[\"acme.io/team\"]",
                Some(json!("a")),
                Some(json!("b"))
            ),
        ]
    );
}
