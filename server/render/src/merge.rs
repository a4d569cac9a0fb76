//! Strategic merge as Kubernetes knows it: lists that have a key are merged item by item.
//!
//! The keys are those of the Kubernetes API's OpenAPI document (`x-kubernetes-patch-merge-key`,
//! v1.36), with one change: ports merge by number *and* protocol, as server-side apply does
//! (`x-kubernetes-list-map-keys`), because with the number alone a TCP and a UDP port of one number
//! would become one. A list without a key (tolerations, command, args, envFrom) is replaced whole.

use serde_json::{Map, Value};

/// What a value is, and so how its fields merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `apps/v1` DeploymentSpec.
    DeploymentSpec,
    /// `v1` ServiceSpec.
    ServiceSpec,
    /// `batch/v1` CronJobSpec.
    CronJobSpec,
    /// `batch/v1` JobTemplateSpec.
    JobTemplate,
    /// `batch/v1` JobSpec.
    JobSpec,
    /// `v1` PodTemplateSpec.
    PodTemplate,
    /// `v1` PodSpec.
    PodSpec,
    /// `v1` Container.
    Container,
    /// ObjectMeta.
    Metadata,
    /// Anything that holds no list with a key.
    Plain,
}

/// How a field merges.
enum Field {
    /// As one value of a shape.
    One(Shape),
    /// As a list whose items are known by these keys.
    Keyed(&'static [&'static str], Shape),
    /// As a set of plain values.
    Set,
}

impl Shape {
    fn field(self, name: &str) -> Field {
        use Field::{Keyed, One, Set};
        match (self, name) {
            (Self::DeploymentSpec | Self::JobSpec, "template") => One(Self::PodTemplate),
            (Self::CronJobSpec, "jobTemplate") => One(Self::JobTemplate),
            (Self::JobTemplate, "spec") => One(Self::JobSpec),
            (Self::PodTemplate, "spec") => One(Self::PodSpec),
            (Self::JobTemplate | Self::PodTemplate, "metadata") => One(Self::Metadata),
            (Self::PodSpec, "containers" | "initContainers" | "ephemeralContainers") => {
                Keyed(&["name"], Self::Container)
            }
            (
                Self::PodSpec,
                "volumes" | "imagePullSecrets" | "resourceClaims" | "schedulingGates",
            ) => Keyed(&["name"], Self::Plain),
            (Self::PodSpec, "hostAliases") => Keyed(&["ip"], Self::Plain),
            (Self::PodSpec, "topologySpreadConstraints") => Keyed(&["topologyKey"], Self::Plain),
            (Self::Container, "env") => Keyed(&["name"], Self::Plain),
            (Self::Container, "ports") => Keyed(&["containerPort", "protocol"], Self::Plain),
            (Self::Container, "volumeMounts") => Keyed(&["mountPath"], Self::Plain),
            (Self::Container, "volumeDevices") => Keyed(&["devicePath"], Self::Plain),
            (Self::ServiceSpec, "ports") => Keyed(&["port", "protocol"], Self::Plain),
            (Self::Metadata, "ownerReferences") => Keyed(&["uid"], Self::Plain),
            (Self::Metadata, "finalizers") => Set,
            _ => One(Self::Plain),
        }
    }
}

/// Lays `overlay` over `base`. `null` deletes; `$patch: delete` and `$patch: replace` are
/// honoured in maps and in items of keyed lists, `$retainKeys` in maps. What is new goes to the end
/// of a list, what is there stays in its place.
pub fn strategic(base: Value, overlay: &Value, shape: Shape) -> Value {
    match (base, overlay) {
        (Value::Object(base), Value::Object(overlay)) => merge_map(base, overlay, shape),
        (_, overlay) => clean(overlay),
    }
}

fn merge_map(mut base: Map<String, Value>, overlay: &Map<String, Value>, shape: Shape) -> Value {
    match directive(overlay) {
        Some("replace") => return clean(&Value::Object(overlay.clone())),
        Some("delete") => return Value::Object(Map::new()),
        _ => {}
    }
    if let Some(Value::Array(kept)) = overlay.get("$retainKeys") {
        base.retain(|key, _| kept.iter().any(|k| k.as_str() == Some(key)));
    }
    for (key, value) in overlay.iter().filter(|(key, _)| !key.starts_with('$')) {
        let before = base.remove(key);
        if value.is_null() || value.as_object().and_then(directive) == Some("delete") {
            continue;
        }
        let merged = match (shape.field(key), before, value) {
            (Field::Keyed(keys, shape), Some(Value::Array(before)), Value::Array(after)) => {
                merge_list(before, after, keys, shape)
            }
            (Field::Set, Some(Value::Array(mut before)), Value::Array(after)) => {
                before.extend(
                    after
                        .iter()
                        .filter(|v| !before.contains(v))
                        .cloned()
                        .collect::<Vec<_>>(),
                );
                Value::Array(before)
            }
            (Field::One(shape), Some(before), after) => strategic(before, after, shape),
            (_, _, after) => clean(after),
        };
        base.insert(key.clone(), merged);
    }
    Value::Object(base)
}

fn merge_list(mut base: Vec<Value>, overlay: &[Value], keys: &[&str], shape: Shape) -> Value {
    let is = |item: &Value, word| item.as_object().and_then(directive) == Some(word);
    // An item that holds the directive alone speaks of the whole list.
    if overlay
        .iter()
        .any(|item| is(item, "replace") && key_of(item, keys).is_none())
    {
        base.clear();
    }
    for item in overlay {
        let Some(key) = key_of(item, keys) else {
            if !is(item, "replace") && !is(item, "delete") {
                base.push(clean(item));
            }
            continue;
        };
        let place = base
            .iter()
            .position(|old| key_of(old, keys).as_ref() == Some(&key));
        match place {
            _ if is(item, "delete") => {
                base.retain(|old| key_of(old, keys).as_ref() != Some(&key));
            }
            Some(place) => {
                let old = std::mem::take(&mut base[place]);
                base[place] = strategic(old, item, shape);
            }
            None => base.push(clean(item)),
        }
    }
    Value::Array(base)
}

/// The key of an item; `None` when it has none. A missing protocol is TCP, as Kubernetes has it.
fn key_of(item: &Value, keys: &[&str]) -> Option<Vec<Value>> {
    keys.iter()
        .map(|key| match item.get(*key) {
            Some(Value::Null) | None if *key == "protocol" => Some(Value::from("TCP")),
            Some(Value::Null) | None => None,
            Some(value) => Some(value.clone()),
        })
        .collect()
}

fn directive(map: &Map<String, Value>) -> Option<&str> {
    map.get("$patch").and_then(Value::as_str)
}

/// The value without nulls in maps and without directives.
pub fn clean(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.iter()
                .filter(|(key, value)| !value.is_null() && !key.starts_with('$'))
                .map(|(key, value)| (key.clone(), clean(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(clean).collect()),
        plain => plain.clone(),
    }
}

/// What in a template can't be merged: its path and what is wrong. Empty when all is well.
pub fn unfit(template: &Value, shape: Shape, path: &str) -> Vec<(String, String)> {
    let Value::Object(map) = template else {
        return vec![(path.to_owned(), "should be a map".into())];
    };
    let mut found = Vec::new();
    for (name, value) in map.iter().filter(|(_, value)| !value.is_null()) {
        let path = format!("{path}.{name}");
        match (shape.field(name), value) {
            (Field::One(Shape::Plain), _) | (Field::Set, Value::Array(_)) => {}
            (Field::One(shape), value) => found.extend(unfit(value, shape, &path)),
            (Field::Keyed(keys, shape), Value::Array(items)) => {
                let mut seen = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    match key_of(item, keys) {
                        None => found.push((path, format!("should be a map with {}", keys[0]))),
                        Some(key) if seen.contains(&key) => {
                            found.push((path, format!("repeats the {} of one before", keys[0])));
                        }
                        Some(key) => {
                            seen.push(key);
                            found.extend(unfit(item, shape, &path));
                        }
                    }
                }
            }
            (Field::Keyed(..) | Field::Set, _) => found.push((path, "should be a list".into())),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn containers_merge_by_name_and_keep_their_place() {
        let base = json!({"containers": [
            {"name": "main", "resources": {"limits": {"cpu": "1"}}, "env": [{"name": "A", "value": "1"}]},
            {"name": "proxy", "image": "envoy"}]});
        let overlay = json!({"containers": [
            {"name": "main", "image": "app", "env": [{"name": "B", "value": "2"}, {"name": "A", "value": "3"}]},
            {"name": "extra", "image": "x"}]});
        assert_eq!(
            strategic(base, &overlay, Shape::PodSpec),
            json!({"containers": [
                {"name": "main", "image": "app", "resources": {"limits": {"cpu": "1"}},
                 "env": [{"name": "A", "value": "3"}, {"name": "B", "value": "2"}]},
                {"name": "proxy", "image": "envoy"},
                {"name": "extra", "image": "x"}]})
        );
    }

    #[test]
    fn lists_without_a_key_are_replaced_whole() {
        let base = json!({"tolerations": [{"key": "a"}], "containers": [{"name": "m", "args": ["1", "2"]}]});
        let overlay =
            json!({"tolerations": [{"key": "b"}], "containers": [{"name": "m", "args": ["3"]}]});
        assert_eq!(
            strategic(base, &overlay, Shape::PodSpec),
            json!({"tolerations": [{"key": "b"}], "containers": [{"name": "m", "args": ["3"]}]})
        );
    }

    #[test]
    fn null_deletes_and_never_stays() {
        let base = json!({"env": [{"name": "A", "value": "1"}], "image": "x"});
        let overlay = json!({"image": null, "env": [
            {"name": "A", "value": null, "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
            {"name": "B", "value": "2", "valueFrom": null}]});
        assert_eq!(
            strategic(base, &overlay, Shape::Container),
            json!({"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
                           {"name": "B", "value": "2"}]})
        );
    }

    #[test]
    fn directives_delete_and_replace() {
        let base = json!({"containers": [{"name": "a", "image": "1"}, {"name": "b", "image": "2"}],
                          "securityContext": {"runAsUser": 1}});
        let deleted = json!({"containers": [{"name": "a", "$patch": "delete"}],
                             "securityContext": {"$patch": "replace", "fsGroup": 2}});
        assert_eq!(
            strategic(base.clone(), &deleted, Shape::PodSpec),
            json!({"containers": [{"name": "b", "image": "2"}], "securityContext": {"fsGroup": 2}})
        );
        let replaced = json!({"containers": [{"$patch": "replace"}, {"name": "c"}],
                              "securityContext": {"$patch": "delete"}});
        assert_eq!(
            strategic(base, &replaced, Shape::PodSpec),
            json!({"containers": [{"name": "c"}]})
        );
    }

    #[test]
    fn one_item_may_be_replaced_alone() {
        let base =
            json!({"volumes": [{"name": "v", "emptyDir": {}}, {"name": "w", "emptyDir": {}}]});
        let overlay =
            json!({"volumes": [{"name": "v", "$patch": "replace", "configMap": {"name": "c"}}]});
        assert_eq!(
            strategic(base, &overlay, Shape::PodSpec),
            json!({"volumes": [{"name": "v", "configMap": {"name": "c"}}, {"name": "w", "emptyDir": {}}]})
        );
    }

    #[test]
    fn retain_keys_drops_the_others() {
        let base = json!({"volumes": [{"name": "v", "emptyDir": {}}]});
        let overlay = json!({"volumes": [{"$retainKeys": ["name", "configMap"], "name": "v", "configMap": {"name": "c"}}]});
        assert_eq!(
            strategic(base, &overlay, Shape::PodSpec),
            json!({"volumes": [{"name": "v", "configMap": {"name": "c"}}]})
        );
    }

    #[test]
    fn ports_of_one_number_differ_by_protocol() {
        let base = json!({"ports": [{"port": 53, "protocol": "UDP", "name": "dns"}]});
        let overlay = json!({"ports": [{"port": 53, "targetPort": 53}, {"port": 53, "protocol": "UDP", "targetPort": 54}]});
        assert_eq!(
            strategic(base, &overlay, Shape::ServiceSpec),
            json!({"ports": [{"port": 53, "protocol": "UDP", "name": "dns", "targetPort": 54},
                             {"port": 53, "targetPort": 53}]})
        );
    }

    #[test]
    fn a_template_that_cannot_be_merged_is_named() {
        let template = json!({"template": {"spec": {"containers": {"main": {}}, "volumes": [{}, {"name": "a"}, {"name": "a"}]}}});
        assert_eq!(
            unfit(&template, Shape::DeploymentSpec, "t"),
            [
                (
                    "t.template.spec.containers".to_owned(),
                    "should be a list".to_owned()
                ),
                (
                    "t.template.spec.volumes[0]".to_owned(),
                    "should be a map with name".to_owned()
                ),
                (
                    "t.template.spec.volumes[2]".to_owned(),
                    "repeats the name of one before".to_owned()
                ),
            ]
        );
    }
}
