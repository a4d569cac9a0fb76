//! What holds for every picture: nothing overlaps, no road crosses a thing, the same comes out again.

use proptest::prelude::*;

use super::*;

const SIZE: Size = Size {
    width: 150,
    height: 44,
    gap: 20,
    run: 20,
};

/// The shop: frontend, checkout, recommendation, ad, then those that call nobody but for cart.
fn shop() -> Graph {
    let (frontend, checkout, recommendation, ad, cart, redis) = (0, 1, 2, 3, 4, 5);
    let (currency, email, payment, catalog, shipping) = (6, 7, 8, 9, 10);
    let from_frontend = [
        ad,
        cart,
        checkout,
        currency,
        payment,
        catalog,
        recommendation,
        shipping,
    ];
    let from_checkout = [cart, currency, email, payment, catalog, shipping];
    let edges = from_frontend
        .map(|to| (frontend, to))
        .into_iter()
        .chain(from_checkout.map(|to| (checkout, to)))
        .chain([(recommendation, catalog), (cart, redis)]);
    Graph {
        nodes: 11,
        edges: edges.collect(),
        north: vec![frontend],
        walled: true,
        ..Graph::default()
    }
}

fn graphs() -> impl Strategy<Value = Graph> {
    (1_usize..20).prop_flat_map(|nodes| {
        let some = proptest::collection::vec(0..nodes, 0..4);
        let edges = proptest::collection::vec((0..nodes, 0..nodes), 0..40);
        (edges, some.clone(), some, 0..3_usize, any::<bool>()).prop_map(
            move |(mut edges, mut north, mut west, outside, walled)| {
                let beyond: Vec<usize> = (nodes - outside.min(nodes - 1)..nodes).collect();
                edges.retain(|(from, _)| !beyond.contains(from));
                for list in [&mut north, &mut west] {
                    list.retain(|node| walled && !beyond.contains(node));
                    list.sort_unstable();
                    list.dedup();
                }
                edges.sort_unstable();
                edges.dedup();
                Graph {
                    nodes,
                    edges,
                    beyond,
                    north,
                    west,
                    walled,
                }
            },
        )
    })
}

fn segments(road: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    road.windows(2).map(|pair| (pair[0], pair[1]))
}

/// Whether a stretch of a road runs through the inside of a rectangle.
fn through((a, b): (Point, Point), at: Rect) -> bool {
    let (left, right) = (a.0.min(b.0), a.0.max(b.0));
    let (top, bottom) = (a.1.min(b.1), a.1.max(b.1));
    left < at.right() && right > at.x && top < at.bottom() && bottom > at.y
}

/// Roads with what they come from, so that those of one source are told from others'.
fn all_roads(graph: &Graph, drawing: &Drawing) -> Vec<(usize, Vec<Point>)> {
    let own = graph.edges.iter().zip(&drawing.roads);
    let own = own.map(|((from, _), road)| (*from, road.clone()));
    let north = drawing.north.iter().map(|road| (usize::MAX, road.clone()));
    let west = drawing
        .west
        .iter()
        .map(|road| (usize::MAX - 1, road.clone()));
    own.chain(north).chain(west).collect()
}

fn holds(graph: &Graph, drawing: &Drawing, narrow: bool) {
    for (at, one) in drawing.nodes.iter().enumerate() {
        assert!(one.x >= 0 && one.y >= 0, "{one:?} is in the picture");
        assert!(
            one.right() <= drawing.width && one.bottom() <= drawing.height,
            "{one:?} is in the picture, {} × {}",
            drawing.width,
            drawing.height
        );
        for other in &drawing.nodes[at + 1..] {
            let apart = one.right() <= other.x
                || other.right() <= one.x
                || one.bottom() + 8 <= other.y
                || other.bottom() + 8 <= one.y;
            assert!(apart, "{one:?} and {other:?} are apart");
        }
    }
    for (&(from, to), road) in graph.edges.iter().zip(&drawing.roads) {
        if from == to {
            assert!(road.is_empty());
            continue;
        }
        let (first, last) = (road[0], *road.last().expect("a road has an end"));
        let (own, far) = (drawing.nodes[from], drawing.nodes[to]);
        assert_eq!(first.0, own.right(), "begins at its source");
        assert!(own.y < first.1 && first.1 < own.bottom());
        assert_eq!(
            last.0,
            if narrow { far.right() } else { far.x },
            "ends at its target"
        );
        assert!(far.y < last.1 && last.1 < far.bottom());
    }
    let roads = all_roads(graph, drawing);
    let mut uprights: Vec<(usize, Point, Point)> = Vec::new();
    for (source, road) in &roads {
        for (a, b) in segments(road) {
            assert!(a.0 == b.0 || a.1 == b.1, "{a:?} to {b:?} is straight");
            for node in &drawing.nodes {
                assert!(!through((a, b), *node), "{a:?} to {b:?} crosses {node:?}");
            }
            if a.0 == b.0 {
                uprights.push((*source, (a.0, a.1.min(b.1)), (b.0, a.1.max(b.1))));
            }
        }
    }
    for (at, (source, top, bottom)) in uprights.iter().enumerate() {
        for (other, from, to) in &uprights[at + 1..] {
            let one_lane = source != other && top.0 == from.0 && top.1 < to.1 && from.1 < bottom.1;
            assert!(!one_lane, "{source} and {other} share a lane at {top:?}");
        }
    }
    let mut reading = drawing.reading.clone();
    reading.sort_unstable();
    assert!(reading.into_iter().eq(0..graph.nodes), "each is read once");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_overlaps_and_no_road_crosses_a_thing(graph in graphs()) {
        holds(&graph, &wide(&graph, SIZE), false);
        holds(&graph, &tall(&graph, SIZE), true);
    }

    #[test]
    fn the_same_comes_out_again(graph in graphs()) {
        let look = Look { nodes: vec![NodeLook::default(); graph.nodes], roads: vec![RoadLook::default(); graph.edges.len()], ..Look::default() };
        prop_assert_eq!(picture(&wide(&graph, SIZE), &look), picture(&wide(&graph.clone(), SIZE), &look));
        let mut edges = graph.clone();
        edges.edges.reverse();
        let (one, other) = (wide(&graph, SIZE), wide(&edges, SIZE));
        // Without circles it doesn't matter which edge was told first.
        if layers::layers(&graph).back.iter().all(|back| !back) {
            prop_assert_eq!(one.nodes, other.nodes);
        }
    }

    #[test]
    fn parts_have_nothing_to_do_with_each_other(graph in graphs()) {
        let groups = groups(graph.nodes, &graph.edges);
        let of = |node: usize| groups.iter().position(|group| group.contains(&node));
        for (from, to) in &graph.edges {
            prop_assert_eq!(of(*from), of(*to));
        }
        let mut all: Vec<usize> = groups.concat();
        all.sort_unstable();
        prop_assert!(all.into_iter().eq(0..graph.nodes));
    }
}

#[test]
fn the_shop_stands_in_four_layers_with_few_crossings() {
    let graph = shop();
    let drawing = wide(&graph, SIZE);
    holds(&graph, &drawing, false);
    let mut columns: Vec<i32> = drawing.nodes.iter().map(|rect| rect.x).collect();
    columns.sort_unstable();
    columns.dedup();
    assert_eq!(columns.len(), 4);
    assert_eq!(
        drawing.roads.iter().filter(|road| road.len() > 1).count(),
        16
    );
    assert!(drawing.width < 960, "{}", drawing.width);
    let [_, bend] = drawing.north[0][..] else {
        panic!("the gate leads straight down: {:?}", drawing.north)
    };
    assert_eq!(bend.1, drawing.nodes[0].y);
    let narrow = tall(&graph, Size { width: 216, ..SIZE });
    assert!(narrow.width <= 340, "{}", narrow.width);
}

#[test]
fn two_roads_of_different_sources_never_lie_on_one_line_in_the_shop() {
    let graph = shop();
    let roads = all_roads(&graph, &wide(&graph, SIZE));
    let flat: Vec<(usize, i32, i32, i32)> = roads
        .iter()
        .flat_map(|(source, road)| segments(road).map(move |pair| (*source, pair)))
        .filter(|(_, (a, b))| a.1 == b.1)
        .map(|(source, (a, b))| (source, a.1, a.0.min(b.0), a.0.max(b.0)))
        .collect();
    for (at, one) in flat.iter().enumerate() {
        for other in &flat[at + 1..] {
            let shared = one.0 != other.0
                && (one.1 - other.1).abs() < 2
                && one.2 < other.3
                && other.2 < one.3;
            assert!(!shared, "{one:?} and {other:?}");
        }
    }
}

#[test]
fn names_are_written_as_text_and_cut_to_their_room() {
    let graph = Graph {
        nodes: 1,
        ..Graph::default()
    };
    let look = Look {
        says: "<b>\"all\"</b>".into(),
        way: "right",
        nodes: vec![NodeLook {
            name: "a-component-with-a-name-that-is-too-long".into(),
            says: "<script>".into(),
            ..NodeLook::default()
        }],
        ..Look::default()
    };
    let out = picture(&wide(&graph, SIZE), &look);
    assert!(!out.contains("<script>") && !out.contains("<b>"), "{out}");
    assert!(out.contains("…</text>"), "{out}");
}

#[test]
fn nothing_is_a_picture_too() {
    assert_eq!(wide(&Graph::default(), SIZE), Drawing::default());
    assert_eq!(tall(&Graph::default(), SIZE), Drawing::default());
}
