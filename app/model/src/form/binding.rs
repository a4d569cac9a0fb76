//! What a component should be in one environment: its artifact, whether it runs, and what differs there.
//!
//! A container's fields are named `containers.NAME.…`; its variables are rows, `containers.NAME.env.0.key`.

use serde_json::{Map, Value, json};

use super::{Fields, get, put};

const SPEC: &str = "spec";
const OVERRIDES: &str = "overrides";
const CONTAINERS: &str = "containers";

/// The resources that the form shows, as they stand in a manifest; others are kept.
pub const RESOURCES: [(&str, &str); 4] = [
    ("requests", "cpu"),
    ("requests", "memory"),
    ("limits", "cpu"),
    ("limits", "memory"),
];

/// What is typed into a binding's form, as a manifest; `before` is what is there, or would be made.
pub fn manifest(fields: &Fields, before: &Value) -> Value {
    let mut manifest = before.clone();
    let artifact = number(fields.text("artifact"));
    if !artifact.is_null() && artifact != manifest[SPEC]["artifact"] {
        // v0.3's copy of the workload and an artifact's number would say two things.
        for copied in ["workloadSpec", "apis", "className"] {
            put(&mut manifest, &[SPEC, copied], Value::Null);
        }
        put(&mut manifest, &[SPEC, "artifact"], artifact);
    }
    let state = fields.text("state");
    let known = get(&manifest, &[SPEC, "releaseState"]);
    let same = known == state || (known.is_empty() && state == "Active");
    if !state.is_empty() && !same {
        put(&mut manifest, &[SPEC, "releaseState"], state.into());
    }
    let at = |key| [SPEC, OVERRIDES, key];
    if fields.has("replicas") {
        put(
            &mut manifest,
            &at("replicas"),
            number(fields.text("replicas")),
        );
    }
    if fields.has("schedule") {
        put(
            &mut manifest,
            &at("schedule"),
            fields.text("schedule").into(),
        );
    }
    for name in fields.all("container") {
        container(
            &mut manifest,
            name,
            &fields.under(&format!("{CONTAINERS}.{name}")),
        );
    }
    manifest
}

fn container(manifest: &mut Value, name: &str, fields: &Fields) {
    let way = [SPEC, OVERRIDES, CONTAINERS, name];
    for (bound, resource) in RESOURCES {
        let key = format!("{bound}.{resource}");
        if fields.has(&key) {
            let path = [&way[..], &["resources", bound, resource]].concat();
            put(manifest, &path, fields.text(&key).into());
        }
    }
    let rows = fields.rows("env");
    let variables: Vec<Value> = rows.iter().filter_map(variable).collect();
    put(
        manifest,
        &[&way[..], &["env"]].concat(),
        Value::Array(variables),
    );
}

/// A row as a variable; a row that nobody typed into is none.
fn variable(row: &Fields) -> Option<Value> {
    let (key, value, name) = (row.text("key"), row.raw("value"), row.text("name"));
    if key.is_empty() && value.is_empty() && name.is_empty() {
        return None;
    }
    let reference = || json!({"name": name, "key": row.text("value")});
    Some(match row.text("source") {
        "group" => json!({"key": key, "valueFrom": {"configurationGroupRef": reference()}}),
        "secret" => json!({"key": key, "valueFrom": {"secretRef": reference()}}),
        _ => json!({"key": key, "value": value}),
    })
}

/// A number as such, anything else as it was typed, so that the schema says what is wrong with it.
fn number(text: &str) -> Value {
    match text.parse::<i64>() {
        Ok(number) => number.into(),
        Err(_) if text.is_empty() => Value::Null,
        Err(_) => text.into(),
    }
}

/// What a binding's form shows of its manifest, for these containers.
pub fn fields(manifest: &Value, containers: &[String]) -> Fields {
    let spec = &manifest[SPEC];
    let overrides = &spec[OVERRIDES];
    let mut fields = Fields::default();
    let state = match get(spec, &["releaseState"]) {
        "" => "Active",
        state => state,
    };
    fields.set("state", state);
    fields.set("artifact", &plain(&spec["artifact"]));
    fields.set("replicas", &plain(&overrides["replicas"]));
    fields.set("schedule", &plain(&overrides["schedule"]));
    let none = Value::Object(Map::new());
    for name in containers {
        let own = overrides[CONTAINERS].get(name).unwrap_or(&none);
        let at = |rest: &str| format!("{CONTAINERS}.{name}.{rest}");
        for (bound, resource) in RESOURCES {
            let value = plain(&own["resources"][bound][resource]);
            fields.set(&at(&format!("{bound}.{resource}")), &value);
        }
        let variables = own["env"].as_array().map_or(&[][..], Vec::as_slice);
        for (index, variable) in variables.iter().enumerate() {
            let from = &variable["valueFrom"];
            let (source, value, name) =
                [("group", "configurationGroupRef"), ("secret", "secretRef")]
                    .into_iter()
                    .find_map(|(word, key)| Some((word, from.get(key)?)))
                    .map_or_else(
                        || ("", plain(&variable["value"]), String::new()),
                        |(word, reference)| {
                            (word, plain(&reference["key"]), plain(&reference["name"]))
                        },
                    );
            fields.set(&at(&format!("env.{index}.key")), &plain(&variable["key"]));
            fields.set(&at(&format!("env.{index}.source")), source);
            fields.set(&at(&format!("env.{index}.name")), &name);
            fields.set(&at(&format!("env.{index}.value")), &value);
        }
    }
    fields
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The field of the form that a path of the manifest is typed into.
pub fn field(path: &str) -> Option<String> {
    match path {
        "spec.artifact" => return Some("artifact".into()),
        "spec.releaseState" => return Some("state".into()),
        _ => {}
    }
    let rest = path.strip_prefix("spec.overrides.")?;
    if matches!(rest, "replicas" | "schedule") {
        return Some(rest.to_owned());
    }
    let (name, rest) = rest.strip_prefix("containers.")?.split_once('.')?;
    let rest = rest.strip_prefix("resources.").unwrap_or(rest);
    if RESOURCES
        .iter()
        .any(|(bound, resource)| rest == format!("{bound}.{resource}"))
    {
        return Some(format!("{CONTAINERS}.{name}.{rest}"));
    }
    let (index, key) = rest.strip_prefix("env[")?.split_once(']')?;
    let last = match key.trim_start_matches('.') {
        "" | "key" => "key",
        reference if reference.ends_with(".name") => "name",
        _ => "value",
    };
    Some(format!("{CONTAINERS}.{name}.env.{index}.{last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn before() -> Value {
        json!({
            "kind": "ServiceBinding", "metadata": {"name": "cart", "labels": {"a": "b"}},
            "spec": {
                "environment": "development", "className": "default",
                "workloadSpec": {"containers": {"main": {"image": "cart:1"}}},
                "overrides": {"replicas": 2, "containers": {
                    "main": {
                        "env": [{"key": "LEVEL", "value": "debug"},
                                {"key": "TOKEN", "valueFrom": {"secretRef": {"name": "s", "key": "k"}}}],
                        "resources": {"limits": {"cpu": "1", "ephemeral-storage": "1Gi"}}},
                    "side": {"env": [{"key": "A", "value": "1"}]}}},
            },
        })
    }

    fn typed() -> Fields {
        let mut fields = fields(&before(), &["main".into()]);
        fields.set("container", "main");
        fields
    }

    #[test]
    fn what_is_not_touched_stays_as_it_was() {
        assert_eq!(manifest(&typed(), &before()), before());
    }

    #[test]
    fn an_artifact_takes_the_place_of_a_copied_workload() {
        let mut fields = typed();
        fields.set("artifact", "3");
        fields.set("state", "Suspend");
        let after = manifest(&fields, &before());
        assert_eq!(after["spec"]["artifact"], 3);
        assert_eq!(after["spec"]["releaseState"], "Suspend");
        assert!(after["spec"].get("workloadSpec").is_none());
        assert!(after["spec"].get("className").is_none());
        assert_eq!(after["spec"]["overrides"], before()["spec"]["overrides"]);
    }

    #[test]
    fn what_is_emptied_goes_and_what_the_form_does_not_show_stays() {
        let mut fields = typed();
        fields.set("replicas", "");
        fields.set("containers.main.limits.cpu", "");
        fields.set("drop", "containers.main.env.0");
        fields.reshape();
        fields.set("add", "containers.main.env");
        fields.reshape();
        let after = manifest(&fields, &before());
        let overrides = &after["spec"]["overrides"];
        assert!(overrides.get("replicas").is_none());
        let main = &overrides["containers"]["main"];
        assert_eq!(
            main["resources"],
            json!({"limits": {"ephemeral-storage": "1Gi"}})
        );
        assert_eq!(main["env"].as_array().map(Vec::len), Some(1));
        assert_eq!(
            overrides["containers"]["side"],
            before()["spec"]["overrides"]["containers"]["side"]
        );
    }

    #[test]
    fn rubbish_reaches_the_schema_that_says_what_is_wrong_with_it() {
        let mut fields = typed();
        fields.set("replicas", "many");
        let after = manifest(&fields, &before());
        assert_eq!(after["spec"]["overrides"]["replicas"], "many");
    }

    #[test]
    fn faults_find_their_fields() {
        for (path, wanted) in [
            ("spec.overrides.replicas", "replicas"),
            (
                "spec.overrides.containers.main.resources.limits.cpu",
                "containers.main.limits.cpu",
            ),
            (
                "spec.overrides.containers.main.env[1].key",
                "containers.main.env.1.key",
            ),
            (
                "spec.overrides.containers.main.env[1].valueFrom.secretRef.name",
                "containers.main.env.1.name",
            ),
            ("spec.artifact", "artifact"),
        ] {
            assert_eq!(field(path).as_deref(), Some(wanted), "{path}");
        }
        assert_eq!(field("spec.owner.projectName"), None);
    }
}
