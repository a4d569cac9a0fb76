//! Which layer each thing stands in: one further than all that lead to it. Circles are cut where
//! they come back.

use super::Graph;

/// The layers of a graph.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Layers {
    /// The layer of each thing.
    pub of: Vec<usize>,
    /// How many there are.
    pub count: usize,
    /// Of each edge: whether it leads back.
    pub back: Vec<bool>,
}

pub(super) fn layers(graph: &Graph) -> Layers {
    let back = returning(graph);
    let mut of = vec![0; graph.nodes];
    // As many rounds as the longest way has steps.
    let mut moved = true;
    while moved {
        moved = false;
        for (&(from, to), back) in graph.edges.iter().zip(&back) {
            if !back && from != to && of[to] <= of[from] {
                of[to] = of[from] + 1;
                moved = true;
            }
        }
    }
    let inside = (0..graph.nodes).filter(|node| !graph.beyond.contains(node));
    let last = inside.map(|node| of[node]).max();
    for &node in &graph.beyond {
        of[node] = last.map_or(0, |last| last + 1);
    }
    Layers {
        count: of.iter().max().map_or(0, |last| last + 1),
        of,
        back,
    }
}

/// Walks the graph without recursion, and finds the edges that lead back to where the walk came by.
fn returning(graph: &Graph) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Not,
        OnTheWay,
        Done,
    }
    let mut next: Vec<Vec<(usize, usize)>> = vec![Vec::new(); graph.nodes];
    let mut entered = vec![false; graph.nodes];
    for (edge, &(from, to)) in graph.edges.iter().enumerate() {
        next[from].push((edge, to));
        entered[to] |= from != to;
    }
    let mut back = vec![false; graph.edges.len()];
    let mut seen = vec![Seen::Not; graph.nodes];
    // From where nothing leads to, first: what people take for the beginning.
    let mut starts: Vec<usize> = (0..graph.nodes).collect();
    starts.sort_by_key(|node| entered[*node]);
    for start in starts {
        if seen[start] != Seen::Not {
            continue;
        }
        let mut way = vec![(start, 0)];
        seen[start] = Seen::OnTheWay;
        while let Some((node, tried)) = way.last_mut() {
            let Some(&(edge, to)) = next[*node].get(*tried) else {
                seen[*node] = Seen::Done;
                way.pop();
                continue;
            };
            *tried += 1;
            match seen[to] {
                Seen::OnTheWay => back[edge] = to != graph.edges[edge].0,
                Seen::Not => {
                    seen[to] = Seen::OnTheWay;
                    way.push((to, 0));
                }
                Seen::Done => {}
            }
        }
    }
    back
}
