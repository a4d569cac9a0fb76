//! A tree of values whose every node knows its line, and how it was written.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::scalar::Scalar;
use super::step::Step;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Its line, from 1.
    pub line: usize,
    /// What it is.
    pub tree: Tree,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    /// A leaf, and how it was written.
    Leaf(Scalar, String),
    /// A list.
    List(Vec<Node>),
    /// A mapping, each key with its line.
    Map(Entries),
}

/// The keys of a mapping, with their lines and values.
pub(crate) type Entries = BTreeMap<String, (usize, Node)>;

impl Node {
    /// Whether nothing stands here.
    pub fn is_null(&self) -> bool {
        matches!(self.tree, Tree::Leaf(Scalar::Null, _))
    }

    /// The node under a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.tree {
            Tree::Map(entries) => entries.get(key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// The text of a string.
    pub fn text(&self) -> Option<&str> {
        match &self.tree {
            Tree::Leaf(Scalar::Text(text), _) => Some(text),
            _ => None,
        }
    }

    /// The value, without the nulls of its mappings.
    pub fn value(&self) -> Value {
        match &self.tree {
            Tree::Leaf(scalar, _) => scalar.value(),
            Tree::List(items) => Value::Array(items.iter().map(Node::value).collect()),
            Tree::Map(entries) => Value::Object(
                entries
                    .iter()
                    .filter(|(_, (_, node))| !node.is_null())
                    .map(|(key, (_, node))| (key.clone(), node.value()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    /// The line to point at for a path: that of its key, or of the deepest part that is there.
    pub fn line_of(&self, steps: &[Step]) -> usize {
        let mut node = self;
        let mut line = self.line;
        for step in steps {
            match (step, &node.tree) {
                (Step::Key(key), Tree::Map(entries)) => {
                    let Some((at, next)) = entries.get(key) else {
                        return line;
                    };
                    line = *at;
                    node = next;
                }
                (Step::Index(index), Tree::List(items)) => {
                    let Some(next) = items.get(*index) else {
                        return line;
                    };
                    line = next.line;
                    node = next;
                }
                _ => return line,
            }
        }
        line
    }

    /// How a leaf was written, such as `1.10` for what reads as the number 1.1.
    pub fn written(&self, steps: &[Step]) -> Option<&str> {
        let mut node = self;
        for step in steps {
            node = match (step, &node.tree) {
                (Step::Key(key), Tree::Map(_)) => node.get(key)?,
                (Step::Index(index), Tree::List(items)) => items.get(*index)?,
                _ => return None,
            };
        }
        match &node.tree {
            Tree::Leaf(_, written) => Some(written),
            _ => None,
        }
    }
}
