//! Cells and pipelines as pictures: laid out and written down on the server, the same bytes for the
//! same input, and without a line of script.
//!
//! Things stand in layers, left to right as they call each other (`layers`, `order`, `place`);
//! each caller has one lane between two layers, and its roads leave it one by one (`wide`). On a
//! phone the same things stand one under the other, with the lanes beside them (`tall`).

mod group;
mod layers;
mod order;
mod picture;
mod place;
mod tall;
mod wide;

#[cfg(test)]
mod tests;

pub use group::groups;
pub use picture::{Gate, Look, NodeLook, RoadLook, Side, picture};
pub use tall::tall;
pub use wide::wide;

/// A place in a picture.
pub type Point = (i32, i32);

/// What is to be drawn: things by their number, and who leads to whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// How many things there are.
    pub nodes: usize,
    /// Who leads to whom; each pair once.
    pub edges: Vec<(usize, usize)>,
    /// Those that stand outside, on the far side: nothing leads on from them.
    pub beyond: Vec<usize>,
    /// Those that the gate in the north leads to.
    pub north: Vec<usize>,
    /// Those that the gate in the west leads to.
    pub west: Vec<usize>,
    /// Whether there is a wall around what isn't outside.
    pub walled: bool,
}

/// How large things are, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// A thing's width.
    pub width: i32,
    /// A thing's height.
    pub height: i32,
    /// What is free between two things of a layer.
    pub gap: i32,
    /// What is free before the end of a road.
    pub run: i32,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rect {
    /// Its left side.
    pub x: i32,
    /// Its upper side.
    pub y: i32,
    /// Its width.
    pub width: i32,
    /// Its height.
    pub height: i32,
}

impl Rect {
    fn right(self) -> i32 {
        self.x + self.width
    }

    fn bottom(self) -> i32 {
        self.y + self.height
    }

    fn middle(self) -> Point {
        (self.x + self.width / 2, self.y + self.height / 2)
    }
}

/// Where everything stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drawing {
    /// The picture's width.
    pub width: i32,
    /// The picture's height.
    pub height: i32,
    /// The wall; empty without one.
    pub wall: Rect,
    /// The things, by number.
    pub nodes: Vec<Rect>,
    /// The roads, as the edges are in order; one that leads back to where it begins is empty.
    pub roads: Vec<Vec<Point>>,
    /// The roads from the gate in the north, as they were asked for.
    pub north: Vec<Vec<Point>>,
    /// The roads from the gate in the west.
    pub west: Vec<Vec<Point>>,
    /// The order in which the things are read.
    pub reading: Vec<usize>,
}

/// Between two lanes.
const LANE: i32 = 9;
/// Between a thing and the first lane.
const OUT: i32 = 16;
/// What is free around the wall, for its gates.
const MARGIN: i32 = 30;
/// What is free between the wall and what is in it.
const PAD: i32 = 28;

/// Adds a point, unless the road is there already; a point on the way is left out.
fn go(road: &mut Vec<Point>, to: Point) {
    if road.last() == Some(&to) {
        return;
    }
    if let [.., before, last] = road.as_slice() {
        let along = |a: i32, b: i32, c: i32| (a <= b) == (b <= c) || b == c;
        let straight = before.0 == last.0 && last.0 == to.0 && along(before.1, last.1, to.1)
            || before.1 == last.1 && last.1 == to.1 && along(before.0, last.0, to.0);
        if straight {
            road.pop();
        }
    }
    road.push(to);
}

/// Where the ends of roads stand on a side: as far apart as there is room for.
fn ports(middle: i32, height: i32, count: usize) -> Vec<i32> {
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    if count < 2 {
        return vec![middle];
    }
    let room = height - 14;
    let step = (room * 10 / (count - 1)).min(80);
    (0..count)
        .map(|at| middle + (step * (2 * at - count + 1)) / 20)
        .collect()
}
