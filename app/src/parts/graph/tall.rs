//! One thing under the other, and the roads beside them: for narrow screens.

use std::collections::BTreeMap;

use super::{
    Drawing, Graph, LANE, MARGIN, PAD, Point, Rect, Size, go, layers, order, order::Item, ports,
};

/// How far a road leaves a thing before the first lane.
const OUT: i32 = 18;

/// A road's end on a thing's right side: whether it comes or goes, and where from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    ComesFromAbove(usize),
    Goes,
    ComesFromBelow(usize),
}

/// Draws a graph from top to bottom.
pub fn tall(graph: &Graph, size: Size) -> Drawing {
    if graph.nodes == 0 {
        return Drawing::default();
    }
    let layers = layers::layers(graph);
    let rows = order::rows(graph, &layers);
    let reading: Vec<usize> = rows
        .layers
        .iter()
        .flatten()
        .filter_map(|item| match item {
            Item::Node(node) => Some(*node),
            Item::Pass(_) => None,
        })
        .collect();
    let gates = [&graph.north, &graph.west];
    let gates = gates.iter().filter(|gate| !gate.is_empty()).count();
    let before = if gates == 0 { 0 } else { PAD };
    let (edge, pad) = if graph.walled { (MARGIN, PAD) } else { (2, 0) };
    let left = if graph.walled { 10 } else { 2 };
    let mut nodes = vec![Rect::default(); graph.nodes];
    let mut y = edge + pad;
    let mut wall_end = 0;
    for &node in &reading {
        if graph.walled && graph.beyond.contains(&node) && wall_end == 0 {
            wall_end = y - size.gap + pad;
            y = wall_end + edge;
        }
        nodes[node] = Rect {
            x: left + before + pad / 2 + 2,
            y,
            width: size.width,
            height: size.height,
        };
        y += size.height + size.gap;
    }
    let bottom = y - size.gap;
    let ends = ends(graph, &nodes, size);
    let (lanes, count) = lanes(graph, &ends);
    let inner = nodes[0].right() + OUT + i32::try_from(count).unwrap_or(0) * LANE;
    let width = if graph.walled {
        inner + pad / 2 + left
    } else {
        inner
    };
    let wall_end = if wall_end == 0 {
        bottom + pad
    } else {
        wall_end
    };
    let wall = Rect {
        x: left,
        y: edge,
        width: width - 2 * left,
        height: wall_end - edge,
    };
    let roads = graph
        .edges
        .iter()
        .map(|&(from, to)| {
            if from == to {
                return Vec::new();
            }
            let x = nodes[0].right() + OUT + lanes[&from] * LANE;
            let (start, end) = (
                ends[&(from, End::Goes)],
                ends[&(to, come(from, to, &nodes))],
            );
            let mut road = vec![(nodes[from].right(), start)];
            for point in [(x, start), (x, end), (nodes[to].right(), end)] {
                go(&mut road, point);
            }
            road
        })
        .collect();
    Drawing {
        width,
        height: if graph.walled {
            bottom.max(wall_end) + edge
        } else {
            bottom + 2
        },
        north: from_gate(graph, &graph.north, (wall.x + PAD, wall.y), -1, &nodes),
        west: from_gate(graph, &graph.west, (wall.x, 0), 1, &nodes),
        wall: if graph.walled { wall } else { Rect::default() },
        nodes,
        roads,
        reading,
    }
}

fn come(from: usize, to: usize, nodes: &[Rect]) -> End {
    if nodes[from].y < nodes[to].y {
        End::ComesFromAbove(from)
    } else {
        End::ComesFromBelow(from)
    }
}

/// Where roads end on the right sides.
fn ends(graph: &Graph, nodes: &[Rect], size: Size) -> BTreeMap<(usize, End), i32> {
    let mut all: Vec<Vec<End>> = vec![Vec::new(); graph.nodes];
    for &(from, to) in graph.edges.iter().filter(|(from, to)| from != to) {
        all[from].push(End::Goes);
        all[to].push(come(from, to, nodes));
    }
    let mut places = BTreeMap::new();
    for (node, mut ends) in all.into_iter().enumerate() {
        ends.sort_unstable();
        ends.dedup();
        let heights = ports(nodes[node].middle().1, size.height, ends.len());
        places.extend(ends.into_iter().map(|end| (node, end)).zip(heights));
    }
    places
}

/// A lane for each source: the shortest nearest, and two in one where they don't meet.
fn lanes(graph: &Graph, ends: &BTreeMap<(usize, End), i32>) -> (BTreeMap<usize, i32>, usize) {
    let mut spans: BTreeMap<usize, (i32, i32)> = BTreeMap::new();
    for &(from, to) in graph.edges.iter().filter(|(from, to)| from != to) {
        let start = ends[&(from, End::Goes)];
        let above = ends.get(&(to, End::ComesFromAbove(from)));
        let end = above.or_else(|| ends.get(&(to, End::ComesFromBelow(from))));
        let end = end.copied().unwrap_or(start);
        let span = spans.entry(from).or_insert((start, start));
        *span = (span.0.min(end), span.1.max(end));
    }
    let mut short: Vec<(i32, usize)> = spans.iter().map(|(node, (a, b))| (b - a, *node)).collect();
    short.sort_unstable();
    let mut taken: Vec<Vec<(i32, i32)>> = Vec::new();
    let mut lanes = BTreeMap::new();
    for (_, node) in short {
        let span = spans[&node];
        let free = |lane: &Vec<(i32, i32)>| {
            let mut others = lane.iter();
            others.all(|other| span.1 + 4 < other.0 || other.1 + 4 < span.0)
        };
        let at = taken.iter().position(free).unwrap_or(taken.len());
        if at == taken.len() {
            taken.push(Vec::new());
        }
        taken[at].push(span);
        lanes.insert(node, i32::try_from(at).unwrap_or(0));
    }
    (lanes, taken.len())
}

/// Roads from a gate to left sides; those of the north run down beside the things.
fn from_gate(
    graph: &Graph,
    targets: &[usize],
    gate: Point,
    side: i32,
    nodes: &[Rect],
) -> Vec<Vec<Point>> {
    let both = |node: usize| graph.north.contains(&node) && graph.west.contains(&node);
    let roads = targets.iter().map(|&node| {
        let aside = if both(node) { 6 * side } else { 0 };
        let end = nodes[node].middle().1 + aside;
        let start = if gate.1 == 0 { (gate.0, end) } else { gate };
        let mut road = vec![start];
        go(&mut road, (gate.0, end));
        go(&mut road, (nodes[node].x, end));
        road
    });
    roads.collect()
}
