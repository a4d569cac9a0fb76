//! Many things in parts that have nothing to do with each other.

/// The parts of a graph that are connected: the largest first, else by their first thing.
pub fn groups(nodes: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut part: Vec<usize> = (0..nodes).collect();
    let mut moved = true;
    while moved {
        moved = false;
        for &(from, to) in edges {
            let least = part[from].min(part[to]);
            moved |= part[from] != part[to];
            (part[from], part[to]) = (least, least);
        }
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for (node, part) in part.into_iter().enumerate() {
        groups[part].push(node);
    }
    groups.retain(|group| !group.is_empty());
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    groups
}
