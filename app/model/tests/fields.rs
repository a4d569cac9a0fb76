//! Every field of every kind can be set somewhere: in a form, or in the YAML of its kind, whose
//! example names it.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    form,
    kind::Kind,
    manifest::{self, Input, Limits},
};
use serde_json::Value;

/// The form's field for a path in a kind's manifest, for the kinds that have a form.
type Form = fn(&str) -> Option<&'static str>;

/// The forms. A kind that gets one gets its line here.
const FORMS: &[(Kind, Form)] = &[(Kind::Project, form::project::field)];

/// All fields of a schema by their paths, `*` for a name that people choose and `[]` for an item.
fn fields(schema: &Value, path: &str, found: &mut BTreeSet<String>) {
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        fields(field, &path, found);
        found.insert(path);
    }
    if schema["additionalProperties"].is_object() {
        fields(&schema["additionalProperties"], &format!("{path}.*"), found);
    }
    if schema["items"].is_object() {
        fields(&schema["items"], &format!("{path}[]"), found);
    }
}

fn of_kind(kind: Kind) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    fields(manifest::schema(kind), "spec", &mut found);
    found
}

/// An example with its comments taken in.
fn uncommented(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in text.lines() {
        let line = line.trim_start_matches([' ', '#', '-']);
        if let Some((name, _)) = line.split_once(':') {
            names.insert(name.to_owned());
        }
    }
    names
}

#[test]
fn the_example_of_every_kind_can_be_read_and_names_every_field() {
    let mut wrong = Vec::new();
    for kind in Kind::ALL {
        let text = manifest::example(*kind);
        let input = Input {
            file: "",
            text: &text,
        };
        match manifest::read(&[input], &Limits::default(), "default") {
            Ok(documents) => assert_eq!(documents[0].identity.kind, *kind),
            Err(faults) => {
                for fault in faults {
                    wrong.push(format!("{kind}: {}: {}", fault.path, fault.message));
                }
            }
        }
        let named = uncommented(&text);
        for path in of_kind(*kind) {
            let name = path.rsplit('.').next().unwrap_or_default();
            if name != "*" && !named.contains(name.trim_end_matches("[]")) {
                wrong.push(format!("{kind}: the example doesn't name {path}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_field_is_without_a_way_to_set_it() {
    let mut told = BTreeMap::new();
    for kind in Kind::ALL {
        let all = of_kind(*kind);
        let form = FORMS
            .iter()
            .find(|(of, _)| of == kind)
            .map(|(_, form)| form);
        let by_form = all
            .iter()
            .filter(|path| form.is_some_and(|form| form(path).is_some()))
            .count();
        told.insert(
            kind.as_str(),
            format!("{} fields, {by_form} in a form", all.len()),
        );
    }
    insta::assert_yaml_snapshot!(told);
}
