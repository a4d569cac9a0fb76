//! The JSON Schema of every kind's spec, generated from the types, self-contained and small.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::kind::Kind;

/// Calls `$run` with the type of a kind's spec.
macro_rules! with_spec {
    ($kind:expr, $run:ident $(, $argument:expr)*) => {{
        use crate::kind::*;
        match $kind {
            Kind::Organization => $run::<organization::OrganizationSpec>($($argument),*),
            Kind::DataPlane => $run::<plane::DataPlaneSpec>($($argument),*),
            Kind::BuildPlane => $run::<plane::BuildPlaneSpec>($($argument),*),
            Kind::Environment => $run::<environment::EnvironmentSpec>($($argument),*),
            Kind::DeploymentPipeline => $run::<pipeline::DeploymentPipelineSpec>($($argument),*),
            Kind::ConfigurationGroup => $run::<configuration::ConfigurationGroupSpec>($($argument),*),
            Kind::ServiceClass | Kind::WebApplicationClass => $run::<class::WorkloadClassSpec>($($argument),*),
            Kind::ScheduledTaskClass => $run::<class::ScheduledTaskClassSpec>($($argument),*),
            Kind::APIClass => $run::<api::ApiClassSpec>($($argument),*),
            Kind::EndpointClass => $run::<endpoint::EndpointClassSpec>($($argument),*),
            Kind::Project => $run::<project::ProjectSpec>($($argument),*),
            Kind::Component => $run::<component::ComponentSpec>($($argument),*),
            Kind::DeploymentTrack => $run::<legacy::DeploymentTrackSpec>($($argument),*),
            Kind::Workload => $run::<workload::WorkloadSpec>($($argument),*),
            Kind::Service => $run::<api::ServiceSpec>($($argument),*),
            Kind::WebApplication | Kind::ScheduledTask => $run::<api::DeclarationSpec>($($argument),*),
            Kind::API => $run::<api::ApiSpec>($($argument),*),
            Kind::Build => $run::<build::BuildRunSpec>($($argument),*),
            Kind::DeployableArtifact => $run::<legacy::DeployableArtifactSpec>($($argument),*),
            Kind::ServiceBinding | Kind::WebApplicationBinding | Kind::ScheduledTaskBinding => {
                $run::<binding::BindingSpec>($($argument),*)
            }
            Kind::APIBinding => $run::<binding::ApiBindingSpec>($($argument),*),
            Kind::Deployment => $run::<legacy::DeploymentSpec>($($argument),*),
            Kind::Endpoint => $run::<endpoint::EndpointSpec>($($argument),*),
            Kind::Release => $run::<release::ReleaseSpec>($($argument),*),
            Kind::GitCommitRequest => $run::<git::GitCommitRequestSpec>($($argument),*),
        }
    }};
}

pub(crate) use with_spec;

/// The JSON Schema of a kind's `spec`, with descriptions. Objects have `properties`, `required` and
/// `additionalProperties`; there are no references; choices are `enum` with `enumDescriptions`.
pub fn schema(kind: Kind) -> &'static Value {
    static SCHEMAS: OnceLock<BTreeMap<Kind, Value>> = OnceLock::new();
    let all = SCHEMAS.get_or_init(|| {
        Kind::ALL
            .iter()
            .map(|kind| (*kind, with_spec!(*kind, generate)))
            .collect()
    });
    all.get(&kind).expect("every kind has a schema")
}

fn generate<T: JsonSchema>() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    simplify(&mut schema);
    schema
}

/// Takes away what only generators need: nulls (a null is nothing here), titles, choices of one.
fn simplify(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    for noise in ["$schema", "title"] {
        map.remove(noise);
    }
    if map.get("default") == Some(&Value::Null) {
        map.remove("default");
    }
    if let Some(Value::Array(types)) = map.get_mut("type") {
        types.retain(|it| it != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            map.insert("type".into(), only);
        }
    }
    unwrap_option(map);
    gather_choices(map);
    for key in ["items", "additionalProperties"] {
        if let Some(child) = map.get_mut(key) {
            simplify(child);
        }
    }
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        properties.values_mut().for_each(simplify);
    }
}

/// `anyOf: [X, null]` is X.
fn unwrap_option(map: &mut Map<String, Value>) {
    let Some(Value::Array(mut options)) = map.remove("anyOf") else {
        return;
    };
    options.retain(|option| option.get("type") != Some(&json!("null")));
    if let Some(Value::Object(only)) = options.pop() {
        for (key, value) in only {
            // What stands at the field says more than what stands at its type.
            map.entry(key).or_insert(value);
        }
    }
}

/// `oneOf` words, each with a description, is an `enum`.
fn gather_choices(map: &mut Map<String, Value>) {
    let Some(Value::Array(options)) = map.remove("oneOf") else {
        return;
    };
    let mut words = Vec::new();
    let mut descriptions = Map::new();
    for option in &options {
        let listed = option
            .get("enum")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        for word in option.get("const").cloned().into_iter().chain(listed) {
            if let (Some(key), Some(text)) = (word.as_str(), option.get("description")) {
                descriptions.insert(key.to_owned(), text.clone());
            }
            words.push(word);
        }
    }
    map.insert("type".into(), "string".into());
    map.insert("enum".into(), Value::Array(words));
    map.insert("enumDescriptions".into(), Value::Object(descriptions));
}
