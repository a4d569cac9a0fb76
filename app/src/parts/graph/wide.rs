//! Layers from left to right, and the roads between them.
//!
//! Things stand apart, lanes run between the layers, and what has to go back or comes from a gate
//! goes above or below everything: so no road crosses a thing.

use std::collections::BTreeMap;

use super::{
    Drawing, Graph, LANE, MARGIN, OUT, PAD, Point, Rect, Size, go,
    layers::{self, Layers},
    order::{self, Item, Rows},
    place, ports,
};

/// Where roads begin. The order is the one in which they come to a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Source {
    North,
    West,
    Node(usize),
}

/// What one source has between two layers: where it comes in and where it goes on.
#[derive(Debug, Clone, Default)]
struct Turn {
    enters: Vec<i32>,
    leaves: Vec<i32>,
}

impl Turn {
    fn span(&self) -> (i32, i32) {
        let all = || self.enters.iter().chain(&self.leaves).copied();
        (all().min().unwrap_or(0), all().max().unwrap_or(0))
    }

    /// Whether it needs no lane.
    fn is_straight(&self) -> bool {
        let (first, last) = self.span();
        first == last
    }
}

/// Draws a graph from left to right.
pub fn wide(graph: &Graph, size: Size) -> Drawing {
    if graph.nodes == 0 {
        return Drawing::default();
    }
    let layers = layers::layers(graph);
    let rows = order::rows(graph, &layers);
    Plan::new(graph, size, layers, rows).draw()
}

struct Plan<'a> {
    graph: &'a Graph,
    size: Size,
    layers: Layers,
    rows: Rows,
    /// The middle of each item, a layer each.
    middles: Vec<BTreeMap<Item, i32>>,
    /// Where each road ends on its thing's left side.
    ends: BTreeMap<(Source, usize), i32>,
    /// The height above or below everything that a source's roads go along.
    around: BTreeMap<Source, i32>,
    /// The height at which roads from the west come in.
    west: i32,
    /// The lane of each source between two layers.
    lanes: BTreeMap<(usize, Source), i32>,
    /// The left side of each layer.
    left: Vec<i32>,
    wall: Rect,
    width: i32,
    height: i32,
}

impl<'a> Plan<'a> {
    fn new(graph: &'a Graph, size: Size, layers: Layers, rows: Rows) -> Self {
        let heights = place::heights(&rows, size);
        let mut plan = Plan {
            graph,
            size,
            middles: Vec::new(),
            ends: BTreeMap::new(),
            around: BTreeMap::new(),
            west: 0,
            lanes: BTreeMap::new(),
            left: Vec::new(),
            wall: Rect::default(),
            width: 0,
            height: 0,
            layers,
            rows,
        };
        plan.stand(&heights);
        plan.end();
        plan.spread();
        plan
    }

    /// Those that roads of a source must go around everything for.
    fn detours(&self, source: Source) -> Vec<usize> {
        match source {
            Source::North => {
                let all = self.graph.north.iter().copied();
                all.filter(|node| !self.is_top(*node)).collect()
            }
            Source::West => {
                let all = self.graph.west.iter().copied();
                all.filter(|node| self.layers.of[*node] > 0).collect()
            }
            Source::Node(from) => {
                let edges = self.graph.edges.iter().zip(&self.layers.back);
                edges
                    .filter(|((own, to), back)| *own == from && to != own && **back)
                    .map(|((_, to), _)| *to)
                    .collect()
            }
        }
    }

    /// Whether nothing stands above it in its layer: the north reaches it straight down.
    fn is_top(&self, node: usize) -> bool {
        let layer = &self.rows.layers[self.layers.of[node]];
        layer.first() == Some(&Item::Node(node))
    }

    fn sources(&self) -> impl Iterator<Item = Source> + use<> {
        let nodes = self.graph.nodes;
        [Source::North, Source::West]
            .into_iter()
            .chain((0..nodes).map(Source::Node))
    }

    /// Turns heights around a line into heights in the picture, with room above and below for what
    /// goes around.
    fn stand(&mut self, heights: &[Vec<i32>]) {
        let half = self.size.height / 2;
        let all = || heights.iter().flatten().copied();
        let (top, bottom) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
        let (mut above, mut below) = (Vec::new(), Vec::new());
        if !self.graph.north.is_empty() {
            above.push(Source::North);
        }
        for source in self.sources() {
            if !self.detours(source).is_empty() {
                match source {
                    Source::North => {}
                    Source::West => above.push(source),
                    Source::Node(_) => below.push(source),
                }
            }
        }
        let lanes = |count: usize| i32::try_from(count).unwrap_or(0) * LANE;
        let edge = if self.graph.walled { MARGIN + 8 } else { 4 };
        let pad = if self.graph.walled { PAD } else { 0 };
        let first = edge + pad + lanes(above.len());
        let shift = first + half - top;
        for (at, source) in (0..).zip(&above) {
            self.around.insert(*source, edge + pad + at * LANE);
        }
        let end = bottom + shift + half;
        for (at, source) in (1..).zip(&below) {
            self.around.insert(*source, end + at * LANE + 4);
        }
        self.height = end + lanes(below.len()) + pad + edge;
        self.wall = Rect {
            x: MARGIN,
            y: edge,
            width: 0,
            height: self.height - 2 * edge,
        };
        self.middles = self
            .rows
            .layers
            .iter()
            .zip(heights)
            .map(|(items, own)| {
                let own = items.iter().copied().zip(own.iter().map(|y| y + shift));
                own.collect()
            })
            .collect();
        self.west = self.wall.y + self.wall.height * 3 / 4;
    }

    /// What carries a source's roads through a layer.
    fn carrier(&self, from: usize, layer: usize) -> i32 {
        let item = if self.layers.of[from] == layer {
            Item::Node(from)
        } else {
            Item::Pass(from)
        };
        self.middles[layer].get(&item).copied().unwrap_or_default()
    }

    /// Where each road ends: side by side, in the order in which they come.
    fn end(&mut self) {
        for node in 0..self.graph.nodes {
            let layer = self.layers.of[node];
            let mut coming: Vec<(i32, Source)> = Vec::new();
            if self.graph.north.contains(&node) && !self.is_top(node) {
                coming.push((i32::MIN, Source::North));
            }
            if self.graph.west.contains(&node) {
                let from = if layer == 0 { self.west } else { i32::MIN };
                coming.push((from, Source::West));
            }
            for (&(from, to), back) in self.graph.edges.iter().zip(&self.layers.back) {
                if to != node || from == to {
                    continue;
                }
                let height = if *back {
                    i32::MAX
                } else {
                    self.carrier(from, layer - 1)
                };
                coming.push((height, Source::Node(from)));
            }
            coming.sort_unstable();
            let middle = self.middles[layer][&Item::Node(node)];
            let heights = ports(middle, self.size.height, coming.len());
            for ((_, source), height) in coming.into_iter().zip(heights) {
                self.ends.insert((source, node), height);
            }
        }
        self.keep_apart();
    }

    /// Moves ends that stand where another's road leaves the layer before: two roads on one line
    /// would look like one.
    fn keep_apart(&mut self) {
        let leaving = |layer: usize| -> Vec<(Source, i32)> {
            let items = self.middles[layer].iter();
            items
                .map(|(item, y)| match item {
                    Item::Node(node) | Item::Pass(node) => (Source::Node(*node), *y),
                })
                .collect()
        };
        let mut moved = self.ends.clone();
        for (&(source, node), &height) in &self.ends {
            let Some(before) = self.layers.of[node].checked_sub(1) else {
                continue;
            };
            let leaving = leaving(before);
            let middle = self.middles[before + 1][&Item::Node(node)];
            let reach = self.size.height / 2 - 6;
            let free = |y: i32| {
                (y - middle).abs() <= reach
                    && leaving
                        .iter()
                        .all(|(other, at)| *other == source || (at - y).abs() > 3)
            };
            let taken = |y: i32, moved: &BTreeMap<(Source, usize), i32>| {
                let others = moved
                    .iter()
                    .filter(|((other, to), _)| *to == node && *other != source);
                others.into_iter().any(|(_, at)| (at - y).abs() < 3)
            };
            let ways = [0, 5, -5, 8, -8, 11, -11];
            let better = ways.map(|by| height + by);
            if let Some(y) = better.into_iter().find(|y| free(*y) && !taken(*y, &moved)) {
                moved.insert((source, node), y);
            }
        }
        self.ends = moved;
    }

    /// What each source has before a layer (0: before all).
    fn turns(&self) -> Vec<BTreeMap<Source, Turn>> {
        let mut turns: Vec<BTreeMap<Source, Turn>> = vec![BTreeMap::new(); self.layers.count + 1];
        for (&(source, node), &end) in &self.ends {
            let layer = self.layers.of[node];
            let before = turns[layer].entry(source).or_default();
            before.leaves.push(end);
            let detour = self.detours(source).contains(&node);
            match source {
                Source::West if layer == 0 => before.enters.push(self.west),
                _ if detour => {
                    let around = self.around[&source];
                    before.enters.push(around);
                    if let Source::Node(from) = source {
                        let own = self.layers.of[from];
                        let turn = turns[own + 1].entry(source).or_default();
                        turn.enters.push(self.carrier(from, own));
                        turn.leaves.push(around);
                    }
                }
                Source::Node(from) => {
                    before.enters.push(self.carrier(from, layer - 1));
                    let first = self.layers.of[from] + 1;
                    for (passed, turns) in turns.iter_mut().enumerate().take(layer).skip(first) {
                        let turn = turns.entry(source).or_default();
                        turn.enters.push(self.carrier(from, passed - 1));
                        turn.leaves.push(self.carrier(from, passed));
                    }
                }
                Source::North | Source::West => {}
            }
        }
        turns
    }

    /// Gives each source its lanes, and each layer its place.
    fn spread(&mut self) {
        let turns = self.turns();
        let count = self.layers.count;
        let beyond = !self.graph.beyond.is_empty() && self.graph.beyond.len() < self.graph.nodes;
        let mut x = if self.graph.walled { MARGIN } else { 2 };
        for (layer, turns) in turns.into_iter().enumerate() {
            let lanes = sorted(turns);
            let first = match layer {
                // Beside the wall the west's roads go up.
                0 if self.around.contains_key(&Source::West) => PAD / 2 + LANE,
                0 => PAD / 2,
                _ => OUT,
            };
            let mut lane = x + first;
            for source in &lanes {
                self.lanes.insert((layer, *source), lane);
                lane += LANE;
            }
            if !lanes.is_empty() {
                lane -= LANE;
            }
            if layer == count {
                let pad = match (self.graph.walled, lanes.is_empty()) {
                    (false, true) => -first,
                    (false, false) => 4,
                    (true, _) => PAD - OUT,
                };
                x = lane + pad.max(-first);
                break;
            }
            let outside = beyond && layer + 1 == count;
            if outside && self.graph.walled {
                self.wall.width = lane + OUT - MARGIN;
                x = lane + 2 * OUT + self.size.run;
            } else if layer == 0 && lanes.is_empty() {
                x += if self.graph.walled { PAD } else { 0 };
            } else {
                x = lane + self.size.run;
            }
            self.left.push(x);
            x += self.size.width;
        }
        if self.wall.width == 0 {
            self.wall.width = x - MARGIN;
            self.width = if self.graph.walled { x + MARGIN } else { x + 2 };
        } else {
            self.width = x + 4;
        }
        if !self.graph.walled {
            self.wall = Rect::default();
        }
    }

    fn rect(&self, node: usize) -> Rect {
        let layer = self.layers.of[node];
        Rect {
            x: self.left[layer],
            y: self.middles[layer][&Item::Node(node)] - self.size.height / 2,
            width: self.size.width,
            height: self.size.height,
        }
    }

    fn draw(self) -> Drawing {
        let nodes: Vec<Rect> = (0..self.graph.nodes).map(|node| self.rect(node)).collect();
        let edges = self.graph.edges.iter().zip(&self.layers.back);
        let roads = edges
            .map(|(&(from, to), back)| match (from == to, *back) {
                (true, _) => Vec::new(),
                (false, true) => self.back(from, to, &nodes),
                (false, false) => self.forth(from, to, &nodes),
            })
            .collect();
        let mut reading: Vec<usize> = (0..self.graph.nodes).collect();
        reading.sort_by_key(|node| (nodes[*node].x, nodes[*node].y));
        Drawing {
            north: self.roads_north(&nodes),
            west: self.roads_west(&nodes),
            width: self.width,
            height: self.height,
            wall: self.wall,
            nodes,
            roads,
            reading,
        }
    }

    /// Turns into a lane, if the source has one there.
    fn turn(&self, road: &mut Vec<Point>, layer: usize, source: Source, to: i32) {
        if let (Some(x), Some(last)) = (self.lanes.get(&(layer, source)), road.last().copied())
            && last.1 != to
        {
            go(road, (*x, last.1));
            go(road, (*x, to));
        }
    }

    fn arrive(&self, road: &mut Vec<Point>, source: Source, node: usize, nodes: &[Rect]) {
        let end = self.ends[&(source, node)];
        self.turn(road, self.layers.of[node], source, end);
        go(road, (nodes[node].x, end));
    }

    fn forth(&self, from: usize, to: usize, nodes: &[Rect]) -> Vec<Point> {
        let (source, own) = (Source::Node(from), self.layers.of[from]);
        let mut road = vec![(nodes[from].right(), nodes[from].middle().1)];
        for layer in own + 1..self.layers.of[to] {
            self.turn(&mut road, layer, source, self.carrier(from, layer));
        }
        self.arrive(&mut road, source, to, nodes);
        road
    }

    fn back(&self, from: usize, to: usize, nodes: &[Rect]) -> Vec<Point> {
        let source = Source::Node(from);
        let mut road = vec![(nodes[from].right(), nodes[from].middle().1)];
        self.turn(
            &mut road,
            self.layers.of[from] + 1,
            source,
            self.around[&source],
        );
        self.arrive(&mut road, source, to, nodes);
        road
    }

    fn roads_north(&self, nodes: &[Rect]) -> Vec<Vec<Point>> {
        let mut straight = self.graph.north.iter().filter(|node| self.is_top(**node));
        let gate = straight.next().map_or_else(
            || nodes.iter().map(|rect| rect.middle().0).min().unwrap_or(0),
            |node| nodes[*node].middle().0,
        );
        let roads = self.graph.north.iter().map(|&node| {
            let along = self.around[&Source::North];
            let mut road = vec![(gate, self.wall.y)];
            if self.is_top(node) {
                let x = nodes[node].middle().0;
                if x != gate {
                    go(&mut road, (gate, along));
                    go(&mut road, (x, along));
                }
                go(&mut road, (x, nodes[node].y));
            } else {
                go(&mut road, (gate, along));
                self.arrive(&mut road, Source::North, node, nodes);
            }
            road
        });
        roads.collect()
    }

    fn roads_west(&self, nodes: &[Rect]) -> Vec<Vec<Point>> {
        let roads = self.graph.west.iter().map(|&node| {
            let mut road = vec![(self.wall.x, self.west)];
            if self.layers.of[node] > 0 {
                // Up beside the wall, and along above everything.
                go(&mut road, (self.wall.x + PAD / 2, self.west));
                let along = self.around[&Source::West];
                go(&mut road, (self.wall.x + PAD / 2, along));
            }
            self.arrive(&mut road, Source::West, node, nodes);
            road
        });
        roads.collect()
    }
}

/// The sources that need a lane, in the order in which they cross each other least.
fn sorted(turns: BTreeMap<Source, Turn>) -> Vec<Source> {
    let mut left: Vec<(Source, Turn)> = turns
        .into_iter()
        .filter(|(_, turn)| !turn.is_straight())
        .collect();
    let mut lanes = Vec::new();
    while !left.is_empty() {
        let cost = |at: usize| -> i64 {
            let others = left.iter().enumerate().filter(|(other, _)| *other != at);
            others
                .map(|(_, (_, other))| crossed(&left[at].1, other) - crossed(other, &left[at].1))
                .sum()
        };
        let first = (0..left.len()).min_by_key(|at| cost(*at)).unwrap_or(0);
        lanes.push(left.remove(first).0);
    }
    lanes
}

/// How often two sources cross when the first has its lane before the other's.
fn crossed(first: &Turn, second: &Turn) -> i64 {
    let within = |y: i32, (from, to): (i32, i32)| from < y && y < to;
    let distinct = |heights: &[i32], span: (i32, i32)| {
        let mut inside: Vec<i32> = heights
            .iter()
            .copied()
            .filter(|y| within(*y, span))
            .collect();
        inside.sort_unstable();
        inside.dedup();
        i64::try_from(inside.len()).unwrap_or(0)
    };
    distinct(&second.enters, first.span()) + distinct(&first.leaves, second.span())
}
