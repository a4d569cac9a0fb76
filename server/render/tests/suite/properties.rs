//! What holds whatever comes in.

use model::kind::{
    binding::{ContainerOverride, Overrides, ReleaseState, Resources},
    value::{LabelName, Quantity},
    workload::EnvVar,
};
use proptest::prelude::*;
use render::{Options, World, compose, render, resolve};
use serde_json::{Map, Value};

use crate::support::*;

/// The maps of a value filled in another order. Where maps are sorted that changes nothing, and
/// where they keep their order it must change nothing in what is rendered.
fn turned(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.iter()
                .rev()
                .map(|(k, v)| (k.clone(), turned(v)))
                .collect::<Map<_, _>>(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(turned).collect()),
        plain => plain.clone(),
    }
}

fn release(documents: &[Value], component: &str) -> String {
    let mut world = World::default();
    add(&mut world, documents);
    let facts = facts("gcp-microservice-demo", component);
    let content = compose(&world, &facts.component()).expect("complete");
    let input = resolve(&world, &content, &facts, &Options::default()).expect("resolves");
    // As it is stored and read back.
    let input = serde_json::to_value(&input).expect("serialises");
    let input = serde_json::from_value(turned(&input)).expect("is read back");
    serde_json::to_string(&render(&input).expect("renders")).expect("serialises")
}

fn everything() -> Vec<Value> {
    let mut all = documents(DEFAULTS);
    all.extend(shop());
    all
}

fn overrides() -> impl Strategy<Value = Overrides> {
    let variable = ("[A-Z]{1,3}", ".{0,8}").prop_map(|(key, value)| EnvVar {
        key: key.as_str().into(),
        value: Some(value),
        value_from: None,
    });
    let resources = ("[1-9]00m", "[1-9]Mi").prop_map(|(cpu, memory)| Resources {
        requests: [("cpu".to_owned(), Quantity(cpu))].into(),
        limits: [("memory".to_owned(), Quantity(memory))].into(),
    });
    let container = (
        prop::collection::vec(variable, 0..4),
        prop::option::of(resources),
    )
        .prop_map(|(env, resources)| ContainerOverride { env, resources });
    (prop::option::of(0..9), prop::option::of(container)).prop_map(|(replicas, container)| {
        Overrides {
            replicas,
            schedule: None,
            containers: container
                .into_iter()
                .map(|c| (LabelName("main".into()), c))
                .collect(),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_documents_and_maps_changes_no_byte(
        shuffled in Just(everything()).prop_shuffle(),
        component in prop::sample::select(vec!["frontend", "checkout", "cart", "redis"]),
    ) {
        let turned: Vec<Value> = shuffled.iter().map(turned).collect();
        prop_assert_eq!(release(&turned, component), release(&everything(), component));
    }

    #[test]
    fn no_override_changes_what_is_selected(
        overrides in overrides(),
        suspend in any::<bool>(),
    ) {
        let mut world = world("");
        add(&mut world, &shop());
        let plain = rendered(&world, &facts("gcp-microservice-demo", "cart"));
        let mut facts = facts("gcp-microservice-demo", "cart");
        facts.overrides = overrides.clone();
        if suspend {
            facts.state = ReleaseState::Suspend;
        }
        let changed = rendered(&world, &facts);
        for (kind, field) in [("Deployment", "/spec/selector"), ("Service", "/spec"),
                              ("Deployment", "/spec/template/metadata"), ("Deployment", "/metadata")] {
            prop_assert_eq!(object(&plain, kind).pointer(field), object(&changed, kind).pointer(field));
        }
        let replicas = if suspend { 0 } else { overrides.replicas.unwrap_or(1) };
        prop_assert_eq!(&object(&changed, "Deployment")["spec"]["replicas"], &Value::from(replicas));
        let env = env(object(&changed, "Deployment"), "main");
        prop_assert!(env.iter().any(|v| v.starts_with("REDIS_ADDR=")));
        let mut keys: Vec<&str> = env.iter().map(|v| v.split_once('=').unwrap().0).collect();
        keys.sort_unstable();
        let count = keys.len();
        keys.dedup();
        prop_assert_eq!(keys.len(), count);
    }
}
