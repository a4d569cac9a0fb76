//! From the objects of a release to the bodies that are sent, in their order.

use serde_json::Value;

use super::Item;
use crate::error::{ApplyError, Class, Failure};
use crate::json::{at, list, text};
use crate::order::{rank, sort};
use crate::owner::Owner;
use crate::reference::{NotAnObject, ObjectRef};

/// The bodies to send, in the order in which they are written.
pub(super) fn prepare(objects: &[Value], owner: &Owner) -> Result<Vec<Item>, ApplyError> {
    let mut sorted = objects.to_vec();
    sort(&mut sorted);
    let mut items: Vec<Item> = Vec::new();
    let mut failures = Vec::new();
    for object in &sorted {
        let made = owner.body(object).and_then(|body| {
            Ok(Item {
                reference: ObjectRef::of(object)?,
                body,
            })
        });
        match made {
            Ok(item) if items.iter().any(|other| other.reference == item.reference) => {
                let sentence = "it is in the set twice".to_owned();
                failures.push(Failure::new(
                    &item.reference,
                    "Duplicate",
                    Class::Configuration,
                    sentence,
                ));
            }
            Ok(item) => items.push(item),
            Err(error) => failures.push(nameless(object, &error)),
        }
    }
    if failures.is_empty() {
        Ok(items)
    } else {
        Err(ApplyError {
            failures,
            applied: Vec::new(),
        })
    }
}

fn nameless(object: &Value, error: &NotAnObject) -> Failure {
    let reference = ObjectRef {
        api_version: text(object, "apiVersion").to_owned(),
        kind: text(object, "kind").to_owned(),
        namespace: at(object, "metadata.namespace")
            .and_then(Value::as_str)
            .map(str::to_owned),
        name: text(object, "metadata.name").to_owned(),
    };
    let mut failure = Failure::new(
        &reference,
        "NotAnObject",
        Class::Configuration,
        error.to_string(),
    );
    failure.field = Some(error.0.to_owned());
    failure
}

pub(super) fn place(item: &Item) -> (usize, &ObjectRef) {
    (rank(&item.reference.kind), &item.reference)
}

/// The group and kind that a custom resource definition makes.
pub(super) fn defines(item: &Item) -> Option<(String, String)> {
    (item.reference.kind == "CustomResourceDefinition").then(|| {
        (
            text(&item.body, "spec.group").to_owned(),
            text(&item.body, "spec.names.kind").to_owned(),
        )
    })
}

pub(super) fn versions(definition: &Value) -> Vec<(String, String)> {
    let group = text(definition, "spec.group");
    list(definition, "spec.versions")
        .iter()
        .map(|version| (group.to_owned(), text(version, "name").to_owned()))
        .collect()
}
