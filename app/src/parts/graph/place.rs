//! How high each item stands: as near to those that it is linked to as its neighbours allow.

use std::collections::BTreeMap;

use super::{
    Size,
    order::{Item, Rows},
};

/// What is free between a thing and a road that passes by.
const BY: i32 = 16;
/// What is free between two roads that pass.
const BETWEEN: i32 = 9;
/// How often everything moves. The last time, callers move to whom they call.
const ROUNDS: usize = 24;
/// Heights are counted in parts of a pixel, so that no rounding adds up.
const PARTS: i64 = 1_000;
/// A road that passes is worth more when straight.
const STRAIGHT: i64 = 3;

/// The middle of each item, a layer each, around a line at 0.
pub(super) fn heights(rows: &Rows, size: Size) -> Vec<Vec<i32>> {
    let mut places: Vec<Vec<i64>> = rows
        .layers
        .iter()
        .map(|layer| stacked(layer, size))
        .collect();
    let last = rows.layers.len().saturating_sub(1);
    for round in 0..ROUNDS {
        let down = round % 2 == 0;
        for step in 1..rows.layers.len() {
            let layer = if down { step } else { last - step };
            let wanted = wanted(rows, &places, layer, down);
            places[layer] = settle(&rows.layers[layer], &wanted, size);
        }
    }
    let whole = |y: &i64| i32::try_from((y + PARTS / 2).div_euclid(PARTS)).unwrap_or(0);
    places
        .iter()
        .map(|layer| layer.iter().map(whole).collect())
        .collect()
}

/// How far the middles of two neighbours are apart.
fn apart(one: Item, other: Item, size: Size) -> i64 {
    let pixels = match (one, other) {
        (Item::Node(_), Item::Node(_)) => size.height + size.gap,
        (Item::Pass(_), Item::Pass(_)) => BETWEEN,
        _ => size.height / 2 + BY,
    };
    i64::from(pixels) * PARTS
}

/// The items one under the other, around the middle.
fn stacked(layer: &[Item], size: Size) -> Vec<i64> {
    let mut places = Vec::with_capacity(layer.len());
    let mut y = 0;
    for (at, item) in layer.iter().enumerate() {
        if at > 0 {
            y += apart(layer[at - 1], *item, size);
        }
        places.push(y);
    }
    places.iter().map(|place| place - y / 2).collect()
}

/// Where each item of a layer would be best: in the middle of those that it is linked to.
fn wanted(rows: &Rows, places: &[Vec<i64>], layer: usize, down: bool) -> Vec<i64> {
    let (other, links) = if down {
        (layer - 1, &rows.links[layer - 1])
    } else {
        (layer + 1, &rows.links[layer])
    };
    let far: BTreeMap<Item, i64> = rows.layers[other]
        .iter()
        .copied()
        .zip(places[other].iter().copied())
        .collect();
    let mut sums: BTreeMap<Item, (i64, i64)> = BTreeMap::new();
    for (from, to) in links {
        let (own, linked) = if down { (to, from) } else { (from, to) };
        let sum = sums.entry(*own).or_default();
        sum.0 += far[linked];
        sum.1 += 1;
    }
    let own = rows.layers[layer].iter().zip(&places[layer]);
    own.map(|(item, stay)| sums.get(item).map_or(*stay, |(sum, count)| sum / count))
        .collect()
}

/// Moves the items of a layer as near to where they want to be as their order and distances allow:
/// neighbours that want to pass each other move together (isotonic regression).
fn settle(layer: &[Item], wanted: &[i64], size: Size) -> Vec<i64> {
    struct Block {
        sum: i64,
        weight: i64,
        items: usize,
    }
    let mut offsets = Vec::with_capacity(layer.len());
    let mut blocks: Vec<Block> = Vec::new();
    let mut offset = 0;
    for (at, item) in layer.iter().enumerate() {
        if at > 0 {
            offset += apart(layer[at - 1], *item, size);
        }
        offsets.push(offset);
        let weight = match item {
            Item::Node(_) => 1,
            Item::Pass(_) => STRAIGHT,
        };
        let mut block = Block {
            sum: (wanted[at] - offset) * weight,
            weight,
            items: 1,
        };
        while let Some(before) = blocks.pop_if(|b| b.sum * block.weight > block.sum * b.weight) {
            block.sum += before.sum;
            block.weight += before.weight;
            block.items += before.items;
        }
        blocks.push(block);
    }
    let bases = blocks
        .iter()
        .flat_map(|block| std::iter::repeat_n(block.sum.div_euclid(block.weight), block.items));
    bases.zip(&offsets).map(|(base, at)| base + at).collect()
}
