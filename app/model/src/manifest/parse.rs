//! YAML and JSON text into trees, within limits.
//!
//! Events come from the parser one by one, so a document that is too deep, too large or made of
//! aliases of aliases stops being read where it passes a limit, not after it has filled memory.

use std::borrow::Cow;
use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::Limits;
use super::node::{Entries, Node, Tree};
use super::scalar::{self, Scalar};
use super::step::Step;

/// One document of a text, or what made it unreadable.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// Its number, from 1; empty documents aren't counted.
    pub document: usize,
    /// The tree, or `None` when a mistake stopped it.
    pub root: Option<Node>,
    /// What is wrong with the text itself.
    pub mistakes: Vec<Mistake>,
}

/// Something wrong with a text itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mistake {
    /// Where.
    pub line: usize,
    /// The path to it, as far as known.
    pub path: Vec<Step>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// What is being built.
enum Open {
    List {
        anchor: usize,
        line: usize,
        items: Vec<Node>,
    },
    Map {
        anchor: usize,
        line: usize,
        entries: Entries,
        merges: Vec<Node>,
        key: Option<Key>,
    },
}

/// A key whose value is still to come.
struct Key {
    word: String,
    line: usize,
    /// A `<<` without quotes.
    merges: bool,
}

struct Builder<'a> {
    limits: &'a Limits,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    nodes: usize,
    aliases: usize,
    root: Option<Node>,
    mistakes: Vec<Mistake>,
    /// Whether the latest leaf stood without quotes.
    plain: bool,
}

/// Parses a text into its documents. `nodes` counts across texts.
pub(crate) fn parse(text: &str, limits: &Limits, nodes: &mut usize) -> Vec<Parsed> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = scalar::join_surrogates(text);
    let mut documents = Vec::new();
    let mut builder = Builder {
        limits,
        open: Vec::new(),
        anchors: BTreeMap::new(),
        nodes: *nodes,
        aliases: 0,
        root: None,
        mistakes: Vec::new(),
        plain: false,
    };
    let mut number = 0;
    for event in Parser::new_from_str(&text) {
        let step = match event {
            Ok((Event::DocumentEnd, _)) => {
                builder.finish(&mut documents, &mut number);
                Ok(())
            }
            Ok((event, span)) => builder.event(event, span),
            Err(error) => Err(Mistake {
                line: error.marker().line().max(1),
                path: builder.path(),
                message: format!("not valid YAML: {}", error.info()),
                remedy: "Mend the text at or above this line; indentation, quotes and brackets \
                         are the usual causes"
                    .into(),
            }),
        };
        if let Err(mistake) = step {
            builder.mistakes.push(mistake);
            number += 1;
            documents.push(Parsed {
                document: number,
                root: None,
                mistakes: std::mem::take(&mut builder.mistakes),
            });
            break;
        }
    }
    *nodes = builder.nodes;
    documents
}

impl Builder<'_> {
    fn finish(&mut self, documents: &mut Vec<Parsed>, number: &mut usize) {
        self.anchors.clear();
        let root = self.root.take();
        let mistakes = std::mem::take(&mut self.mistakes);
        if root.as_ref().is_none_or(Node::is_null) && mistakes.is_empty() {
            return;
        }
        *number += 1;
        documents.push(Parsed {
            document: *number,
            root,
            mistakes,
        });
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Mistake> {
        let line = span.start.line().max(1);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let node = self.leaf(text, style, tag, line)?;
                self.place(node, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                self.enter(tag, "seq", line)?;
                self.open.push(Open::List {
                    anchor,
                    line,
                    items: Vec::new(),
                });
                Ok(())
            }
            Event::MappingStart(anchor, tag) => {
                self.enter(tag, "map", line)?;
                self.open.push(Open::Map {
                    anchor,
                    line,
                    entries: Entries::new(),
                    merges: Vec::new(),
                    key: None,
                });
                Ok(())
            }
            Event::SequenceEnd => match self.open.pop() {
                Some(Open::List {
                    anchor,
                    line,
                    items,
                }) => self.place(
                    Node {
                        line,
                        tree: Tree::List(items),
                    },
                    anchor,
                ),
                _ => Ok(()),
            },
            Event::MappingEnd => match self.open.pop() {
                Some(Open::Map {
                    anchor,
                    line,
                    entries,
                    merges,
                    ..
                }) => {
                    let entries = merged(entries, merges);
                    self.place(
                        Node {
                            line,
                            tree: Tree::Map(entries),
                        },
                        anchor,
                    )
                }
                _ => Ok(()),
            },
            Event::Alias(id) => self.alias(id, line),
            _ => Ok(()),
        }
    }

    fn leaf(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        tag: Option<Cow<'_, Tag>>,
        line: usize,
    ) -> Result<Node, Mistake> {
        self.count(1, line)?;
        self.plain = style == ScalarStyle::Plain;
        let scalar = match tag.as_deref() {
            None => scalar::resolve(&text, self.plain),
            Some(tag) if tag.is_yaml_core_schema() => scalar::tagged(&text, &tag.suffix)
                .ok_or_else(|| {
                    self.mistake(
                        line,
                        format!("`{text}` isn't a {}", tag.suffix),
                        "Take the tag away, and write the value as it should be read".into(),
                    )
                })?,
            Some(tag) if tag.handle.is_empty() && tag.suffix == "!" => {
                Scalar::Text(text.to_string())
            }
            Some(tag) => return Err(self.strange_tag(tag, line)),
        };
        Ok(Node {
            line,
            tree: Tree::Leaf(scalar, text.into_owned()),
        })
    }

    fn enter(&mut self, tag: Option<Cow<'_, Tag>>, core: &str, line: usize) -> Result<(), Mistake> {
        self.count(1, line)?;
        if self.open.len() >= self.limits.depth {
            return Err(self.mistake(
                line,
                format!("nested more than {} levels deep", self.limits.depth),
                "Write it flatter".into(),
            ));
        }
        match tag.as_deref() {
            None => Ok(()),
            Some(tag) if tag.is_yaml_core_schema() && tag.suffix == core => Ok(()),
            Some(tag) => Err(self.strange_tag(tag, line)),
        }
    }

    fn alias(&mut self, id: usize, line: usize) -> Result<(), Mistake> {
        self.aliases += 1;
        if self.aliases > self.limits.aliases {
            return Err(self.mistake(
                line,
                format!("more than {} aliases (`*name`)", self.limits.aliases),
                "Write the values out, or split the file".into(),
            ));
        }
        let Some(node) = self.anchors.get(&id).cloned() else {
            return Err(self.mistake(
                line,
                "an alias (`*name`) that stands inside of what it repeats".into(),
                "Write the value out".into(),
            ));
        };
        let (nodes, depth) = measure(&node);
        self.count(nodes, line)?;
        if self.open.len() + depth > self.limits.depth {
            return Err(self.mistake(
                line,
                format!(
                    "nested more than {} levels deep through an alias",
                    self.limits.depth
                ),
                "Write it flatter".into(),
            ));
        }
        self.place(
            Node {
                line,
                tree: node.tree,
            },
            0,
        )
    }

    /// Puts a finished node where it belongs.
    fn place(&mut self, node: Node, anchor: usize) -> Result<(), Mistake> {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
            // The copy that aliases are made of is memory as well.
            self.count(measure(&node).0, node.line)?;
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map {
                entries,
                merges,
                key,
                ..
            }) => match key.take() {
                Some(Key { merges: true, .. }) if mergeable(&node) => merges.push(node),
                Some(Key { word, line, .. }) => match entries.get(&word) {
                    Some((first, _)) => {
                        let message = format!("`{word}` stands here twice, first on line {first}");
                        let mut path = self.path();
                        path.push(Step::Key(word));
                        let remedy = "Keep one of them".into();
                        self.mistakes.push(Mistake {
                            line,
                            path,
                            message,
                            remedy,
                        });
                    }
                    None => {
                        entries.insert(word, (line, node));
                    }
                },
                None => match node.tree {
                    Tree::Leaf(_, word) => {
                        let merges = self.plain && word == "<<";
                        *key = Some(Key {
                            word,
                            line: node.line,
                            merges,
                        });
                    }
                    _ => {
                        return Err(self.mistake(
                            node.line,
                            "a key that is a list or a mapping".into(),
                            "Keys are words; a value such as {{ .host }} needs quotes".into(),
                        ));
                    }
                },
            },
        }
        Ok(())
    }

    fn count(&mut self, more: usize, line: usize) -> Result<(), Mistake> {
        self.nodes = self.nodes.saturating_add(more);
        if self.nodes > self.limits.nodes {
            return Err(self.mistake(
                line,
                format!("more than {} values in all", self.limits.nodes),
                "Apply it in several parts".into(),
            ));
        }
        Ok(())
    }

    fn strange_tag(&self, tag: &Tag, line: usize) -> Mistake {
        self.mistake(
            line,
            format!("the tag `{tag}` isn't known"),
            "Take it away; manifests have plain values only".into(),
        )
    }

    fn mistake(&self, line: usize, message: String, remedy: String) -> Mistake {
        Mistake {
            line,
            path: self.path(),
            message,
            remedy,
        }
    }

    /// Where the next node would stand.
    fn path(&self) -> Vec<Step> {
        // Only the first levels: a bomb's path helps nobody.
        self.open
            .iter()
            .take(16)
            .filter_map(|open| match open {
                Open::List { items, .. } => Some(Step::Index(items.len())),
                Open::Map {
                    key: Some(Key { word: key, .. }),
                    ..
                } => Some(Step::Key(key.clone())),
                Open::Map { .. } => None,
            })
            .collect()
    }
}

/// Nodes and depth of a tree.
fn measure(node: &Node) -> (usize, usize) {
    let children: Vec<(usize, usize)> = match &node.tree {
        Tree::Leaf(..) => return (1, 0),
        Tree::List(items) => items.iter().map(measure).collect(),
        Tree::Map(entries) => entries.values().map(|(_, node)| measure(node)).collect(),
    };
    let nodes = children.iter().map(|(nodes, _)| nodes).sum::<usize>() + 1;
    let depth = children.iter().map(|(_, depth)| *depth).max().unwrap_or(0) + 1;
    (nodes, depth)
}

/// Resolves merge keys (`<<`): what is merged fills in what isn't there.
fn merged(mut own: Entries, merges: Vec<Node>) -> Entries {
    for node in merges {
        let sources = match node.tree {
            Tree::List(items) => items,
            tree => vec![Node {
                line: node.line,
                tree,
            }],
        };
        for source in sources {
            if let Tree::Map(more) = source.tree {
                for (key, value) in more {
                    own.entry(key).or_insert(value);
                }
            }
        }
    }
    own
}

fn mergeable(node: &Node) -> bool {
    match &node.tree {
        Tree::Map(_) => true,
        Tree::List(items) => items.iter().all(|item| matches!(item.tree, Tree::Map(_))),
        Tree::Leaf(..) => false,
    }
}
