//! A deployment pipeline as a picture: environments, and what leads from one to the next.

use std::collections::BTreeMap;

use model::{
    health::Health,
    path,
    view::{PipelineRow, PipelineStage},
};

use super::{
    graph::{self, Graph, Look, NodeLook, RoadLook, Size},
    state, things,
};

const WIDE: Size = Size {
    width: 196,
    height: 46,
    gap: 18,
    run: 44,
};
const TALL: Size = Size {
    width: 240,
    height: 46,
    gap: 18,
    run: 0,
};

/// The pictures for wide and for narrow screens.
pub fn stages(row: &PipelineRow) -> String {
    let mut names: Vec<&str> = row
        .stages
        .iter()
        .map(|stage| stage.environment.name.as_str())
        .collect();
    // A circle has no order, and its environments are drawn all the same.
    for edge in &row.edges {
        for end in [edge.from.as_str(), edge.to.as_str()] {
            if !names.contains(&end) {
                names.push(end);
            }
        }
    }
    let at = |name: &str| names.iter().position(|own| *own == name);
    let known: BTreeMap<&str, &PipelineStage> = row
        .stages
        .iter()
        .map(|stage| (stage.environment.name.as_str(), stage))
        .collect();
    let mut ways: BTreeMap<(usize, usize), bool> = BTreeMap::new();
    for edge in &row.edges {
        if let (Some(from), Some(to)) = (at(&edge.from), at(&edge.to)) {
            *ways.entry((from, to)).or_default() |= edge.approval;
        }
    }
    let graph = Graph {
        nodes: names.len(),
        edges: ways.keys().copied().collect(),
        ..Graph::default()
    };
    let gated = |to: usize| {
        ways.iter()
            .any(|((_, end), approval)| *end == to && *approval)
    };
    let look = |way: &'static str| {
        let wide = way == "right";
        Look {
            says: format!(
                "The pipeline {}. The table below says the same.",
                row.display_name
            ),
            way,
            nodes: names
                .iter()
                .enumerate()
                .map(|(number, name)| node(name, known.get(name).copied(), !wide && gated(number)))
                .collect(),
            roads: ways
                .iter()
                .map(|((from, to), approval)| RoadLook {
                    says: format!("From {} to {}", names[*from], names[*to]),
                    sign: if *approval && wide { "stamp" } else { "" },
                    ..RoadLook::default()
                })
                .collect(),
            gates: Vec::new(),
        }
    };
    let wide = graph::picture(&graph::wide(&graph, WIDE), &look("right"));
    wide + &graph::picture(&graph::tall(&graph, TALL), &look("down"))
}

fn node(name: &str, stage: Option<&PipelineStage>, gated: bool) -> NodeLook {
    let Some(stage) = stage.filter(|stage| stage.known) else {
        return NodeLook {
            address: path::environments(),
            says: format!("{name}, which isn't there yet"),
            name: name.to_owned(),
            less: "isn't there yet".into(),
            tone: "waiting",
            shape: "s-clock",
            ..NodeLook::default()
        };
    };
    let (health, words) = things::tally(&stage.counts);
    let idle = stage.counts.total() == 0;
    let (tone, shape) = match (idle, health) {
        (true, _) => ("none", "s-none"),
        (false, Health::Unknown) => state::look(Health::Unknown),
        (false, health) => state::look(health),
    };
    let mut less = vec![words];
    if stage.environment.production {
        less.push("production".into());
    }
    if gated {
        less.push("on approval".into());
    }
    let less = less.join(" · ");
    NodeLook {
        address: path::environment(name),
        says: format!("{}, {less}", stage.environment.display_name),
        name: stage.environment.display_name.clone(),
        less,
        tone,
        shape,
        ..NodeLook::default()
    }
}
