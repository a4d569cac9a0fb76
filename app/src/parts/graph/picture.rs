//! Writes a drawing down as SVG. Colours and states are the style sheet's.

use std::fmt::Write;

use super::{Drawing, Point, Rect};
use crate::parts::yaml::escape;

/// How far the corners of roads are rounded.
const BEND: i32 = 6;
/// What the corners of the wall are cut by.
const CORNER: i32 = 26;

/// What is written and where it leads.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// What those hear who don't see it.
    pub says: String,
    /// Which way it goes: `right` or `down`.
    pub way: &'static str,
    /// The things, by number.
    pub nodes: Vec<NodeLook>,
    /// The roads, as in the drawing.
    pub roads: Vec<RoadLook>,
    /// The gates in the wall.
    pub gates: Vec<Gate>,
}

/// How a thing looks.
#[derive(Debug, Clone, Default)]
pub struct NodeLook {
    /// Where it leads.
    pub address: String,
    /// All of it in words.
    pub says: String,
    /// Its name.
    pub name: String,
    /// A line below.
    pub less: String,
    /// Its state.
    pub tone: &'static str,
    /// The state's shape.
    pub shape: &'static str,
    /// Its type's sign; empty without one.
    pub sign: &'static str,
    /// Whether it is opened.
    pub open: bool,
}

/// How a road looks.
#[derive(Debug, Clone, Default)]
pub struct RoadLook {
    /// Where it leads; empty when nowhere.
    pub address: String,
    /// All of it in words.
    pub says: String,
    /// Its state; empty when it needs none.
    pub tone: &'static str,
    /// Whether it belongs to what is opened.
    pub on: bool,
    /// A sign before its end; empty without one.
    pub sign: &'static str,
}

/// A side of the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What the internet reaches.
    North,
    /// What the organization reaches.
    West,
    /// What reaches the internet.
    South,
    /// What reaches other cells.
    East,
}

/// A gate in a side of the wall.
#[derive(Debug, Clone)]
pub struct Gate {
    /// Which side.
    pub side: Side,
    /// What it says.
    pub says: String,
    /// Its sign; empty without one.
    pub sign: &'static str,
    /// Whether anything goes through.
    pub used: bool,
}

/// The whole picture.
pub fn picture(drawing: &Drawing, look: &Look) -> String {
    let mut out = String::with_capacity(16 * 1024);
    let (width, height) = (drawing.width, drawing.height);
    // What is little too wide may shrink; what is far too wide is scrolled.
    let fit = if (700..=960).contains(&width) {
        " data-fit"
    } else {
        ""
    };
    put(
        &mut out,
        format_args!(
            "<svg class=\"graph\" data-way=\"{}\"{fit} width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"group\" aria-label=\"{}\">",
            look.way,
            escape(&look.says)
        ),
    );
    if drawing.wall.width > 0 {
        wall(&mut out, drawing.wall);
    }
    for road in drawing.north.iter().chain(&drawing.west) {
        strand(&mut out, road, &RoadLook::default());
    }
    roads(&mut out, drawing, look);
    for gate in &look.gates {
        draw_gate(&mut out, drawing, gate);
    }
    for &node in &drawing.reading {
        if let Some(look) = look.nodes.get(node) {
            thing(&mut out, drawing.nodes[node], look);
        }
    }
    out.push_str("</svg>");
    out
}

fn put(out: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a text doesn't fail.
    let _ = out.write_fmt(what);
}

fn wall(out: &mut String, at: Rect) {
    let (l, t, r, b) = (at.x, at.y, at.right(), at.bottom());
    let c = CORNER.min(at.width / 4).min(at.height / 4);
    put(
        out,
        format_args!(
            "<path class=\"cell\" d=\"M{} {t}H{}L{r} {}V{}L{} {b}H{}L{l} {}V{}z\"/>",
            l + c,
            r - c,
            t + c,
            b - c,
            r - c,
            l + c,
            b - c,
            t + c
        ),
    );
}

/// All roads, one source after the other, so that a later one bridges an earlier; what is opened last.
fn roads(out: &mut String, drawing: &Drawing, look: &Look) {
    let known: Vec<(&Vec<Point>, &RoadLook)> = drawing.roads.iter().zip(&look.roads).collect();
    let known: Vec<_> = known
        .into_iter()
        .filter(|(road, _)| road.len() > 1)
        .collect();
    let mut starts: Vec<Point> = known.iter().map(|(road, _)| road[0]).collect();
    starts.sort_unstable();
    starts.dedup();
    for start in starts {
        let own = || known.iter().filter(|(road, _)| road[0] == start);
        for (road, _) in own() {
            put(
                out,
                format_args!("<path class=\"halo\" d=\"{}\"/>", line(road)),
            );
        }
        for (road, look) in own().filter(|(_, look)| !look.on) {
            link(out, road, look);
        }
    }
    for (road, look) in known.iter().filter(|(_, look)| look.on) {
        link(out, road, look);
    }
}

fn link(out: &mut String, road: &[Point], look: &RoadLook) {
    if look.address.is_empty() {
        strand(out, road, look);
        return;
    }
    // Those on the keyboard find the same links in the table below the picture.
    put(
        out,
        format_args!(
            "<a class=\"road\" href=\"{}\" tabindex=\"-1\" aria-label=\"{}\"><title>{}</title>\
             <path class=\"reach\" d=\"{}\"/>",
            escape(&look.address),
            escape(&look.says),
            escape(&look.says),
            line(road)
        ),
    );
    strand(out, road, look);
    out.push_str("</a>");
}

fn strand(out: &mut String, road: &[Point], look: &RoadLook) {
    let [.., before, end] = road else { return };
    let state = if look.tone.is_empty() {
        String::new()
    } else {
        format!(" data-state=\"{}\"", look.tone)
    };
    let on = if look.on { " data-on" } else { "" };
    put(
        out,
        format_args!("<path class=\"edge\"{state}{on} d=\"{}\"/>", line(road)),
    );
    let (x, y) = *end;
    let tip = match (x - before.0, y - before.1) {
        (dx, _) if dx > 0 => format!("M{} {y}l-5.5 -3.5v7z", x - 1),
        (dx, _) if dx < 0 => format!("M{} {y}l5.5 -3.5v7z", x + 1),
        _ => format!("M{x} {}l-3.5 -5.5h7z", y - 1),
    };
    put(
        out,
        format_args!("<path class=\"tip\"{state}{on} d=\"{tip}\"/>"),
    );
    if !look.sign.is_empty() {
        put(
            out,
            format_args!(
                "<circle class=\"seal\" cx=\"{}\" cy=\"{y}\" r=\"11\"/>",
                (before.0 + x) / 2
            ),
        );
        sign(out, look.sign, (before.0 + x) / 2 - 7, y - 7, "");
    }
}

fn sign(out: &mut String, name: &str, x: i32, y: i32, class: &str) {
    put(
        out,
        format_args!(
            "<svg class=\"i{class}\" x=\"{x}\" y=\"{y}\" width=\"14\" height=\"14\" \
             viewBox=\"0 0 16 16\" aria-hidden=\"true\"><use href=\"/icons.svg#{name}\"/></svg>"
        ),
    );
}

/// A road with rounded corners.
fn line(road: &[Point]) -> String {
    let mut out = String::new();
    let Some(((x, y), rest)) = road.split_first() else {
        return out;
    };
    put(&mut out, format_args!("M{x} {y}"));
    let mut last = (*x, *y);
    for (at, corner) in rest.iter().enumerate() {
        let Some(next) = rest.get(at + 1) else {
            straight(&mut out, last, *corner);
            break;
        };
        let length = |a: Point, b: Point| (a.0 - b.0).abs() + (a.1 - b.1).abs();
        let bend = BEND
            .min(length(last, *corner) / 2)
            .min(length(*corner, *next) / 2);
        let toward = |to: Point| {
            let step = |a: i32, b: i32| (b - a).signum() * bend;
            (
                corner.0 + step(corner.0, to.0),
                corner.1 + step(corner.1, to.1),
            )
        };
        let (begin, end) = (toward(last), toward(*next));
        straight(&mut out, last, begin);
        put(
            &mut out,
            format_args!("Q{} {} {} {}", corner.0, corner.1, end.0, end.1),
        );
        last = end;
    }
    out
}

fn straight(out: &mut String, from: Point, to: Point) {
    match (from.0 == to.0, from.1 == to.1) {
        (true, true) => {}
        (_, true) => put(out, format_args!("H{}", to.0)),
        (true, _) => put(out, format_args!("V{}", to.1)),
        _ => put(out, format_args!("L{} {}", to.0, to.1)),
    }
}

/// So many letters of this size fit into so many pixels, as far as a server can tell.
fn cut(text: &str, pixels: i32, letter: i32) -> String {
    let room = usize::try_from(pixels * 10 / letter).unwrap_or(0);
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(room.saturating_sub(1)).collect();
    short.push('…');
    short
}

fn thing(out: &mut String, at: Rect, look: &NodeLook) {
    let current = if look.open {
        " aria-current=\"true\""
    } else {
        ""
    };
    put(
        out,
        format_args!(
            "<a class=\"node\" href=\"{}\" data-state=\"{}\"{current} aria-label=\"{}\">\
             <title>{}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"7\"/>",
            escape(&look.address),
            look.tone,
            escape(&look.says),
            escape(&look.says),
            at.x,
            at.y,
            at.width,
            at.height
        ),
    );
    let (_, middle) = at.middle();
    sign(out, look.shape, at.x + 10, middle - 7, "");
    let less = at.width - 40 - if look.sign.is_empty() { 0 } else { 18 };
    put(
        out,
        format_args!(
            "<text x=\"{}\" y=\"{}\">{}</text><text class=\"less\" x=\"{}\" y=\"{}\">{}</text>",
            at.x + 31,
            middle - 3,
            escape(&cut(&look.name, at.width - 40, 79)),
            at.x + 31,
            middle + 12,
            escape(&cut(&look.less, less, 58))
        ),
    );
    if !look.sign.is_empty() {
        sign(out, look.sign, at.right() - 23, middle + 1, " kind");
    }
    out.push_str("</a>");
}

fn draw_gate(out: &mut String, drawing: &Drawing, gate: &Gate) {
    let wall = drawing.wall;
    let letters = i32::try_from(gate.says.chars().count()).unwrap_or(40);
    let width = letters * 6 + 20 + if gate.sign.is_empty() { 0 } else { 20 };
    let (middle_x, middle_y) = wall.middle();
    let tall = drawing.width < 480;
    let (x, y, turned) = match gate.side {
        Side::North => {
            let road = drawing.north.first().and_then(|road| road.first());
            let wanted = road.map_or(wall.x + CORNER + width / 2 + 8, |point| point.0);
            let least = wall.x + CORNER.min(wall.width / 4) + width / 2 - 8;
            (wanted.max(least), wall.y, 0)
        }
        Side::South => (middle_x, wall.bottom(), 0),
        Side::West => {
            let road = drawing.west.first().and_then(|road| road.first());
            let wanted = road.map_or(middle_y, |point| point.1);
            (wall.x, wanted, -90)
        }
        Side::East => (wall.right(), middle_y, 90),
    };
    // On a narrow picture the sides have no room for words; the list beside it has them.
    if tall && turned != 0 {
        return;
    }
    let length = if turned == 0 { wall.width } else { wall.height };
    if width > length - 2 * CORNER {
        return;
    }
    let off = if gate.used { "" } else { " data-off" };
    let class = if gate.used { "side" } else { "less" };
    put(
        out,
        format_args!(
            "<g transform=\"translate({x} {y}){}\"><rect class=\"gate\"{off} x=\"{}\" y=\"-13\" \
             width=\"{width}\" height=\"26\" rx=\"6\"/>",
            if turned == 0 {
                String::new()
            } else {
                format!(" rotate({turned})")
            },
            -width / 2
        ),
    );
    let mut start = -width / 2 + 10;
    if !gate.sign.is_empty() {
        sign(out, gate.sign, start, -7, " kind");
        start += 20;
    }
    put(
        out,
        format_args!(
            "<text class=\"{class}\" x=\"{start}\" y=\"4\">{}</text></g>",
            escape(&gate.says)
        ),
    );
}
