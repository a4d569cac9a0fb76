//! DeploymentPipelines: a graph without a way back.

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::found::{At, Found};

/// Checks a pipeline.
pub(super) fn check(spec: &At<'_>, found: &mut Vec<Found>) {
    let mut edges: BTreeMap<(&str, &str), String> = BTreeMap::new();
    let mut next: BTreeMap<&str, Vec<(&str, At<'_>)>> = BTreeMap::new();
    for path in spec.list("promotionPaths") {
        let Some(source) = path.text("sourceEnvironmentRef") else {
            continue;
        };
        let targets = path.list("targetEnvironmentRefs");
        if targets.is_empty() && path.get("targetEnvironmentRefs").is_some() {
            found.push(path.fault_at(
                "targetEnvironmentRefs",
                "leads nowhere",
                "Name the environments that follow, or take the path away",
            ));
        }
        for target in targets {
            let Some(name) = target.text("name") else {
                continue;
            };
            if name == source {
                found.push(target.fault_at(
                    "name",
                    format!("`{source}` leads to itself"),
                    "Name the environment that follows",
                ));
                continue;
            }
            if let Some(first) = edges.get(&(source, name)) {
                found.push(target.fault_at(
                    "name",
                    format!(
                        "the way from `{source}` to `{name}` stands here twice, first at {first}"
                    ),
                    "Keep one of them",
                ));
                continue;
            }
            edges.insert((source, name), target.path());
            next.entry(source).or_default().push((name, target));
        }
    }
    if let Some((cycle, at)) = cycle(&next) {
        found.push(at.fault_at(
            "name",
            format!("goes in a circle: {}", cycle.join(" → ")),
            "Take away the way that leads back",
        ));
    }
}

/// The first circle, and the edge that closes it. Walks without recursion: pipelines may be long.
fn cycle<'a, 'b>(
    next: &'b BTreeMap<&'a str, Vec<(&'a str, At<'a>)>>,
) -> Option<(Vec<&'a str>, &'b At<'a>)> {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for start in next.keys() {
        let mut way: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((node, tried)) = way.last_mut() {
            let edge = next.get(node).and_then(|edges| edges.get(*tried));
            *tried += 1;
            let Some((target, at)) = edge else {
                done.insert(node);
                way.pop();
                continue;
            };
            if let Some(from) = way.iter().position(|(node, _)| node == target) {
                let mut names: Vec<&str> = way[from..].iter().map(|(node, _)| *node).collect();
                names.push(target);
                return Some((names, at));
            }
            if !done.contains(target) {
                way.push((target, 0));
            }
        }
    }
    None
}
