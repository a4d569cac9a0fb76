//! The order within the layers: with few crossings, and always the same.
//!
//! What leads over several layers passes through those between: all roads of one caller through the
//! same gap.

use std::collections::BTreeMap;

use super::{Graph, layers::Layers};

/// What stands in a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Item {
    /// A thing.
    Node(usize),
    /// Roads of a thing further back, on their way.
    Pass(usize),
}

/// The layers in order, and what leads from one to the next.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Rows {
    /// The items of each layer.
    pub layers: Vec<Vec<Item>>,
    /// From each layer to the next: who leads to whom.
    pub links: Vec<Vec<(Item, Item)>>,
}

/// How often the layers are gone through.
const SWEEPS: usize = 12;

pub(super) fn rows(graph: &Graph, layers: &Layers) -> Rows {
    let mut rows = Rows {
        layers: vec![Vec::new(); layers.count],
        links: vec![Vec::new(); layers.count],
    };
    for node in 0..graph.nodes {
        rows.layers[layers.of[node]].push(Item::Node(node));
    }
    for source in 0..graph.nodes {
        let forward = graph.edges.iter().zip(&layers.back);
        let targets: Vec<usize> = forward
            .filter(|((from, to), back)| *from == source && to != from && !**back)
            .map(|((_, to), _)| *to)
            .collect();
        let own = layers.of[source];
        let last = targets.iter().map(|to| layers.of[*to]).max().unwrap_or(own);
        let mut carrier = Item::Node(source);
        for layer in own..last {
            let here = targets.iter().filter(|to| layers.of[**to] == layer + 1);
            for target in here {
                rows.links[layer].push((carrier, Item::Node(*target)));
            }
            if layer + 1 < last {
                rows.layers[layer + 1].push(Item::Pass(source));
                rows.links[layer].push((carrier, Item::Pass(source)));
                carrier = Item::Pass(source);
            }
        }
    }
    improve(&mut rows);
    rows
}

fn improve(rows: &mut Rows) {
    let mut best = (crossings(rows), rows.layers.clone());
    for sweep in 0..SWEEPS {
        let down = sweep % 2 == 0;
        for at in 1..rows.layers.len() {
            let layer = if down { at } else { rows.layers.len() - 1 - at };
            let (other, links) = if down {
                (layer - 1, &rows.links[layer - 1])
            } else {
                (layer + 1, &rows.links[layer])
            };
            let middles = middles(&rows.layers[other], links, down);
            let mut keyed: Vec<(i64, usize, Item)> = rows.layers[layer]
                .iter()
                .enumerate()
                // What nothing leads to stays where it is.
                .map(|(at, item)| {
                    let stay = i64::try_from(at).unwrap_or(i64::MAX) * 1_000;
                    (middles.get(item).copied().unwrap_or(stay), at, *item)
                })
                .collect();
            keyed.sort_unstable();
            rows.layers[layer] = keyed.into_iter().map(|(_, _, item)| item).collect();
        }
        let now = crossings(rows);
        if now < best.0 {
            best = (now, rows.layers.clone());
        }
    }
    rows.layers = best.1;
}

/// The mean place of those that each item is linked to, times a thousand.
fn middles(other: &[Item], links: &[(Item, Item)], down: bool) -> BTreeMap<Item, i64> {
    let places = places(other);
    let mut sums: BTreeMap<Item, (i64, i64)> = BTreeMap::new();
    for (from, to) in links {
        let (own, far) = if down { (to, from) } else { (from, to) };
        let sum = sums.entry(*own).or_default();
        sum.0 += places[far] * 1_000;
        sum.1 += 1;
    }
    sums.into_iter()
        .map(|(item, (sum, count))| (item, sum / count))
        .collect()
}

fn places(items: &[Item]) -> BTreeMap<Item, i64> {
    let numbered = items.iter().zip(0_i64..);
    numbered.map(|(item, at)| (*item, at)).collect()
}

/// How often links cross.
pub(super) fn crossings(rows: &Rows) -> usize {
    let mut count = 0;
    for (layer, links) in rows.links.iter().enumerate() {
        let Some(next) = rows.layers.get(layer + 1) else {
            continue;
        };
        let (here, there) = (places(&rows.layers[layer]), places(next));
        let ends: Vec<(i64, i64)> = links
            .iter()
            .map(|(from, to)| (here[from], there[to]))
            .collect();
        for (at, one) in ends.iter().enumerate() {
            let crossed = |other: &&(i64, i64)| (one.0 - other.0) * (one.1 - other.1) < 0;
            count += ends[at + 1..].iter().filter(crossed).count();
        }
    }
    count
}
