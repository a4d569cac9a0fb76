//! A cell as a graph: components, what they call in other cells, and the gates in the wall.

use model::{
    health::Health,
    kind::value::Exposure,
    path,
    view::{CellComponent, CellConnection, CellView, ConnectionStanding},
};

use super::Open;
use crate::parts::{
    graph::{self, Gate, Graph, Look, NodeLook, RoadLook, Side, Size},
    state, things,
};

const WIDE: Size = Size {
    width: 164,
    height: 44,
    gap: 20,
    run: 20,
};
const TALL: Size = Size {
    width: 214,
    height: 46,
    gap: 14,
    run: 0,
};

/// What a connection leads to, as addresses of the page have it: a component's name, with its
/// project before it when that is another.
pub(super) fn end(view: &CellView, connection: &CellConnection) -> String {
    if connection.project == view.project {
        connection.component.clone()
    } else {
        format!("{}/{}", connection.project, connection.component)
    }
}

/// The same, for as long as the view lives.
pub(super) fn end_of<'a>(view: &'a CellView, connection: &'a CellConnection) -> &'a str {
    let own = view
        .components
        .iter()
        .find(|own| connection.project == view.project && own.name == connection.component);
    own.map_or(connection.component.as_str(), |own| own.name.as_str())
}

/// What is drawn.
struct Sketch<'a> {
    view: &'a CellView,
    open: Open<'a>,
    /// The components, by number.
    own: Vec<&'a CellComponent>,
    /// What is called and isn't one of them: a project, empty for this one, and a name.
    others: Vec<(&'a str, &'a str)>,
    /// Who calls whom, each pair once, with its connections.
    ways: Vec<((usize, usize), Vec<&'a CellConnection>)>,
}

/// The picture for wide and the one for narrow screens; the style sheet shows one of them.
pub(super) fn pictures(view: &CellView, open: Open<'_>, only: Option<&[usize]>) -> String {
    let sketch = Sketch::new(view, open, only);
    let graph = sketch.graph();
    let wide = graph::picture(&graph::wide(&graph, WIDE), &sketch.look("right"));
    let tall = graph::picture(&graph::tall(&graph, TALL), &sketch.look("down"));
    wide + &tall
}

impl<'a> Sketch<'a> {
    fn new(view: &'a CellView, open: Open<'a>, only: Option<&[usize]>) -> Self {
        let drawn = |at: &usize| only.is_none_or(|only| only.contains(at));
        let own: Vec<&CellComponent> = view
            .components
            .iter()
            .enumerate()
            .filter(|(at, _)| drawn(at))
            .map(|(_, own)| own)
            .collect();
        let mut sketch = Sketch {
            view,
            open,
            own,
            others: Vec::new(),
            ways: Vec::new(),
        };
        let named = || view.connections.iter().filter(|c| !c.component.is_empty());
        let mine = |c: &&CellConnection| sketch.own.iter().any(|own| own.name == c.from);
        let mut others: Vec<(&str, &str)> = named()
            .filter(mine)
            .map(|c| {
                let project = if c.project == view.project {
                    ""
                } else {
                    &c.project
                };
                (project, c.component.as_str())
            })
            .filter(|(project, name)| {
                !project.is_empty() || !sketch.own.iter().any(|own| own.name == *name)
            })
            .collect();
        others.sort_unstable();
        others.dedup();
        sketch.others = others;
        for connection in named() {
            let ends = sketch
                .number_of(&connection.from)
                .zip(sketch.target(connection));
            let Some(pair) = ends else { continue };
            match sketch.ways.iter_mut().find(|(known, _)| *known == pair) {
                Some((_, all)) => all.push(connection),
                None => sketch.ways.push((pair, vec![connection])),
            }
        }
        sketch
    }

    fn number_of(&self, name: &str) -> Option<usize> {
        self.own.iter().position(|own| own.name == name)
    }

    fn target(&self, connection: &CellConnection) -> Option<usize> {
        let here = connection.project == self.view.project;
        let own = self.number_of(&connection.component).filter(|_| here);
        own.or_else(|| {
            let project = if here {
                ""
            } else {
                connection.project.as_str()
            };
            let key = (project, connection.component.as_str());
            let at = self.others.iter().position(|other| *other == key)?;
            Some(self.own.len() + at)
        })
    }

    fn exposed(&self, level: Exposure) -> Vec<usize> {
        let all = self.own.iter().enumerate();
        all.filter(|(_, own)| own.is_exposed(level))
            .map(|(at, _)| at)
            .collect()
    }

    fn graph(&self) -> Graph {
        let beyond = self.others.iter().enumerate();
        Graph {
            nodes: self.own.len() + self.others.len(),
            edges: self.ways.iter().map(|(pair, _)| *pair).collect(),
            beyond: beyond
                .filter(|(_, (project, _))| !project.is_empty())
                .map(|(at, _)| self.own.len() + at)
                .collect(),
            north: self.exposed(Exposure::Public),
            west: self.exposed(Exposure::Organization),
            walled: true,
        }
    }

    fn address(&self, open: &str, to: &str) -> String {
        path::cell(&self.view.project, &self.view.environment.name, open, to)
    }

    fn look(&self, way: &'static str) -> Look {
        let view = self.view;
        let says = format!(
            "The cell of {} in {}: {} and {}. The table below says the same.",
            view.display_name,
            view.environment.display_name,
            things::components(i64::try_from(self.own.len()).unwrap_or(i64::MAX)),
            crate::parts::count(
                i64::try_from(self.ways.len()).unwrap_or(i64::MAX),
                "declared connection"
            ),
        );
        let own = self.own.iter().map(|own| self.component(own));
        let others = self
            .others
            .iter()
            .map(|(project, name)| self.other(project, name));
        Look {
            says,
            way,
            nodes: own.chain(others).collect(),
            roads: self
                .ways
                .iter()
                .map(|(pair, all)| self.road(*pair, all))
                .collect(),
            gates: self.gates(),
        }
    }

    fn component(&self, own: &CellComponent) -> NodeLook {
        let (tone, shape) = match own.artifact {
            Some(_) => state::look(own.health),
            None => ("none", "s-none"),
        };
        let word = match (own.artifact, state::wanted(own.state)) {
            (None, _) => "not here".to_owned(),
            (_, Some(wanted)) => wanted.to_owned(),
            _ => own.health.word().to_lowercase(),
        };
        let ports: Vec<String> = own
            .endpoints
            .iter()
            .map(|e| format!(":{}", e.port))
            .collect();
        let mut less: Vec<String> = Vec::new();
        if own.artifact.is_none() {
            less.push("not here".into());
        } else if own.health == Health::Healthy {
            less.push(own.version.clone());
        } else {
            less.extend([word.clone(), own.version.clone()]);
        }
        less.extend(ports.first().cloned());
        let open = matches!(self.open, Open::Component(open) if open.name == own.name);
        NodeLook {
            address: self.address(&own.name, ""),
            says: format!("{}, {} {}", own.name, own.version, word).replace(",  ", ", "),
            name: own.name.clone(),
            less: less.join(" · "),
            tone,
            shape,
            sign: things::sign(own.component_type),
            open,
        }
    }

    fn other(&self, project: &str, name: &str) -> NodeLook {
        if project.is_empty() {
            return NodeLook {
                address: path::project(&self.view.project),
                says: format!("{name}, which isn't there"),
                name: name.to_owned(),
                less: "isn't there".into(),
                tone: "waiting",
                shape: "s-clock",
                ..NodeLook::default()
            };
        }
        NodeLook {
            address: path::component(project, name),
            says: format!("{name} of {project}, another cell"),
            name: name.to_owned(),
            less: format!("in {project}"),
            tone: "none",
            shape: "cell",
            ..NodeLook::default()
        }
    }

    fn road(&self, (from, _): (usize, usize), all: &[&CellConnection]) -> RoadLook {
        let Some(first) = all.first() else {
            return RoadLook::default();
        };
        let worst = all.iter().map(|connection| connection.standing);
        let worst = worst.max_by_key(|standing| match standing {
            ConnectionStanding::Ready => 0,
            ConnectionStanding::Waiting => 1,
            ConnectionStanding::Faulty => 2,
        });
        let (tone, how) = match worst {
            Some(ConnectionStanding::Faulty) => ("denied", ", which must be put right"),
            Some(ConnectionStanding::Waiting) => ("waiting", ", which isn't there yet"),
            Some(ConnectionStanding::Ready) | None => ("", ""),
        };
        let to = end(self.view, first);
        let on = match self.open {
            Open::Cell => false,
            Open::Component(open) => open.name == self.own[from].name || open.name == to,
            Open::Way(a, b) => a == first.from && b == end_of(self.view, first),
        };
        RoadLook {
            address: self.address(&first.from, &to),
            says: format!("{} calls {to}{how}", first.from),
            tone,
            on,
            sign: "",
        }
    }

    fn gates(&self) -> Vec<Gate> {
        let beyond = self
            .others
            .iter()
            .filter(|(project, _)| !project.is_empty())
            .count();
        let gate = |side, sign, used: bool, says: &str, none: &str| Gate {
            side,
            says: if used { says } else { none }.to_owned(),
            sign: if used { sign } else { "" },
            used,
        };
        vec![
            gate(
                Side::North,
                "globe",
                !self.exposed(Exposure::Public).is_empty(),
                "Internet",
                "North: nothing from the internet",
            ),
            gate(
                Side::West,
                "people",
                !self.exposed(Exposure::Organization).is_empty(),
                "Organization",
                "West: organization, none",
            ),
            gate(
                Side::South,
                "",
                false,
                "",
                "South: nothing declared to the internet",
            ),
            gate(
                Side::East,
                "cell",
                beyond > 0,
                "Other cells",
                "East: other cells, none",
            ),
        ]
    }
}
