//! ConfigurationGroups: one value for each environment, and no doubt which.

use std::collections::{BTreeMap, BTreeSet};

use super::{at_most_one, exactly_one, unique};
use crate::manifest::found::{At, Found};
use crate::manifest::suggest::{nearest, one_of};

/// Members of the environment groups, by group.
type Groups<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// Checks a ConfigurationGroup.
pub(super) fn check(spec: &At<'_>, found: &mut Vec<Found>) {
    for (key, at) in spec.map("scope") {
        if !matches!(key, "project" | "component") {
            let remedy = match nearest(key, ["project", "component"]) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => "Known are `project` and `component`".into(),
            };
            found.push(at.fault("unknown scope", remedy));
        }
    }
    let groups = groups(spec, found);
    let configurations = spec.list("configurations");
    unique(&configurations, "key", "key", found);
    for configuration in configurations {
        values(&configuration, &groups, found);
    }
}

fn groups<'a>(spec: &At<'a>, found: &mut Vec<Found>) -> Groups<'a> {
    let list = spec.list("environmentGroups");
    unique(&list, "name", "group", found);
    let mut groups = Groups::new();
    for group in list {
        let mut members = BTreeSet::new();
        for member in group.list("environments") {
            if let Some(name) = member.value.as_str()
                && !members.insert(name)
            {
                found.push(member.fault(format!("`{name}` stands here twice"), "Keep one of them"));
            }
        }
        if let Some(name) = group.text("name") {
            groups.entry(name).or_insert(members);
        }
    }
    groups
}

fn values(configuration: &At<'_>, groups: &Groups<'_>, found: &mut Vec<Found>) {
    let key = configuration.text("key").unwrap_or_default();
    let mut targets: BTreeMap<(&str, &str), String> = BTreeMap::new();
    let mut by_group: BTreeMap<&str, &str> = BTreeMap::new();
    for value in configuration
        .list("values")
        .iter()
        .filter(|value| value.value.is_object())
    {
        exactly_one(value, &["value", "vaultKey"], found);
        at_most_one(value, &["environment", "environmentGroupRef"], found);
        let environment = value.text("environment").unwrap_or_default();
        let group = value.text("environmentGroupRef").unwrap_or_default();
        if let Some(first) = targets.insert((environment, group), value.path()) {
            let whom = match (environment, group) {
                ("", "") => "everywhere".to_owned(),
                ("", group) => format!("the group `{group}`"),
                (environment, _) => format!("`{environment}`"),
            };
            found.push(value.fault(
                format!("`{key}` has two values for {whom}, the first at {first}"),
                "Keep one of them",
            ));
            continue;
        }
        if group.is_empty() {
            continue;
        }
        let Some(members) = groups.get(group) else {
            found.push(unknown(value, group, groups));
            continue;
        };
        for member in members {
            if let Some(other) = by_group.insert(member, group) {
                found.push(value.fault_at(
                    "environmentGroupRef",
                    format!("`{key}` gets a value for `{member}` from the groups `{other}` and `{group}`"),
                    format!("Take `{member}` out of one of them, or give `{key}` its value for `environment: {member}` and drop one group's"),
                ));
            }
        }
    }
}

fn unknown(value: &At<'_>, group: &str, groups: &Groups<'_>) -> Found {
    let remedy = match nearest(group, groups.keys().copied()) {
        Some(near) => format!("Did you mean `{near}`?"),
        None if groups.is_empty() => "Declare it in `environmentGroups`".into(),
        None => format!("Declared are {}", one_of(groups.keys().copied())),
    };
    value.fault_at(
        "environmentGroupRef",
        format!("there is no group `{group}` here"),
        remedy,
    )
}
