//! Manifests: text in, checked documents out, or every fault of every document at once.
//!
//! A document that comes out of [`read`] has been checked against its kind's schema and rules, so
//! that [`Document::parsed`] can't fail. Nothing comes out when anything is wrong.

mod envelope;
mod example;
pub mod format;
mod found;
mod hint;
mod image;
mod kubernetes;
mod labels;
mod node;
mod parse;
mod rules;
mod scalar;
mod schema;
mod step;
pub mod suggest;
pub mod template;
mod walk;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::identity::Identity;
use crate::kind::Kind;
pub use example::example;
use found::Found;
pub use kubernetes::{Field, fields, kubernetes_version};
use node::Node;
pub use schema::schema;
use step::{Step, path};

pub(crate) use scalar::{Scalar, resolve};
pub(crate) use step::push_key;

/// A text with one or many documents, YAML or JSON.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// What to call it in faults.
    pub file: &'a str,
    /// The text.
    pub text: &'a str,
}

/// How much is read before reading stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all texts together.
    pub bytes: usize,
    /// Lists and mappings inside of each other.
    pub depth: usize,
    /// Values of all texts together, with those that aliases repeat.
    pub nodes: usize,
    /// Aliases in one text.
    pub aliases: usize,
    /// Documents of all texts together.
    pub documents: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 10 << 20,
            depth: 64,
            nodes: 200_000,
            aliases: 1000,
            documents: 5000,
        }
    }
}

/// The one document of a text as a value; `None` when it isn't one, or can't be read.
pub(crate) fn value(text: &str) -> Option<Value> {
    let parsed = parse::parse(text, &Limits::default(), &mut 0);
    let [only] = parsed.as_slice() else {
        return None;
    };
    let root = only.root.as_ref().filter(|_| only.mistakes.is_empty())?;
    Some(root.value())
}

/// Where a document stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Source {
    /// The file.
    pub file: String,
    /// Its number in the file, from 1; empty documents aren't counted.
    pub document: usize,
    /// Its first line.
    pub line: usize,
}

/// A checked manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Where it stands.
    pub source: Source,
    /// Which thing it is about.
    pub identity: Identity,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    pub annotations: BTreeMap<String, String>,
    /// The spec as it was written, without nulls.
    pub spec: Value,
}

impl Document {
    /// The spec as its kind's type.
    ///
    /// # Panics
    /// When `T` isn't the type of this document's kind: what [`read`] returns has been parsed once.
    pub fn parsed<T: DeserializeOwned>(&self) -> T {
        T::deserialize(&self.spec).expect("a checked document parses as its kind's type")
    }
}

/// Something wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The document's number in it, from 1.
    pub document: usize,
    /// The line in the file, from 1.
    pub line: usize,
    /// What the document is about, such as `Service shop/orders`, as far as known.
    pub subject: String,
    /// The field, such as `spec.apis.http.rest.backend.port`; may be empty.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: document {}", self.file, self.line, self.document)?;
        if !self.subject.is_empty() {
            write!(f, " ({})", self.subject)?;
        }
        if !self.path.is_empty() {
            write!(f, ": {}", self.path)?;
        }
        write!(f, ": {}. {}", self.message, self.remedy)?;
        if self.remedy.ends_with(['?', '.']) {
            Ok(())
        } else {
            f.write_str(".")
        }
    }
}

impl std::error::Error for Fault {}

/// Something wrong with a spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecFault {
    /// The field, beginning with `spec`.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// Checks a spec by its kind's schema and by the rules across its fields.
pub fn check(kind: Kind, spec: &Value) -> Vec<SpecFault> {
    let spec = without_nulls(spec);
    examine(kind, &spec, None)
        .into_iter()
        .map(
            |Found {
                 steps,
                 message,
                 remedy,
             }| SpecFault {
                path: path(&steps),
                message,
                remedy,
            },
        )
        .collect()
}

/// Schema, rules, and at last serde, which must agree with both.
fn examine(kind: Kind, spec: &Value, written: Option<&Node>) -> Vec<Found> {
    let mut found = walk::walk(kind, schema(kind), spec, written);
    let more = rules::check(kind, spec);
    for more in more
        .into_iter()
        .chain(kubernetes::check(kind, spec, written))
    {
        // A field that is wrong by itself needs no second opinion.
        if !found.iter().any(|known| known.steps == more.steps) {
            found.push(more);
        }
    }
    if found.is_empty() {
        found.extend(schema::with_spec!(kind, parses, spec));
    }
    found
}

fn parses<T: DeserializeOwned>(spec: &Value) -> Option<Found> {
    let error = serde_path_to_error::deserialize::<_, T>(spec).err()?;
    let mut steps = vec![Step::Key("spec".into())];
    for segment in error.path() {
        match segment {
            serde_path_to_error::Segment::Seq { index } => steps.push(Step::Index(*index)),
            serde_path_to_error::Segment::Map { key } => steps.push(Step::Key(key.clone())),
            _ => {}
        }
    }
    Some(Found::new(
        steps,
        error.inner().to_string(),
        "Compare it with the kind's description",
    ))
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.clone(), without_nulls(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// Reads manifests. Either all documents are right, or every fault of all of them comes back.
///
/// # Errors
/// Every fault, in the order of the texts.
pub fn read(
    inputs: &[Input<'_>],
    limits: &Limits,
    default_organization: &str,
) -> Result<Vec<Document>, Vec<Fault>> {
    let bytes: usize = inputs.iter().map(|input| input.text.len()).sum();
    if bytes > limits.bytes {
        return Err(vec![too_large(inputs, bytes, limits)]);
    }
    let mut reader = Reader {
        default_organization,
        documents: Vec::new(),
        faults: Vec::new(),
    };
    let (mut nodes, mut count) = (0, 0);
    for input in inputs {
        for parsed in parse::parse(input.text, limits, &mut nodes) {
            count += 1;
            if count > limits.documents {
                let place = Source {
                    file: input.file.into(),
                    document: parsed.document,
                    line: 1,
                };
                let message = format!("more than {} documents", limits.documents);
                reader.fault(&place, "", "", message, "Apply them in several parts");
                return Err(reader.faults);
            }
            reader.document(input.file, parsed);
        }
    }
    reader.twice();
    if reader.faults.is_empty() {
        Ok(reader.documents)
    } else {
        Err(reader.faults)
    }
}

fn too_large(inputs: &[Input<'_>], bytes: usize, limits: &Limits) -> Fault {
    Fault {
        file: inputs
            .first()
            .map(|input| input.file.to_owned())
            .unwrap_or_default(),
        document: 1,
        line: 1,
        message: format!("{bytes} bytes; at most {} are read at once", limits.bytes),
        remedy: "Apply it in several parts".into(),
        ..Fault::default()
    }
}

struct Reader<'a> {
    default_organization: &'a str,
    documents: Vec<Document>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn document(&mut self, file: &str, parsed: parse::Parsed) {
        let line = parsed.root.as_ref().map_or(1, |root| root.line);
        let source = Source {
            file: file.into(),
            document: parsed.document,
            line,
        };
        for mistake in parsed.mistakes {
            let place = Source {
                line: mistake.line,
                ..source.clone()
            };
            self.fault(
                &place,
                "",
                &path(&mistake.path),
                mistake.message,
                &mistake.remedy,
            );
        }
        let Some(root) = parsed.root else { return };
        match envelope::items(&root) {
            Some(items) => {
                for (index, item) in items.iter().enumerate() {
                    let place = Source {
                        line: item.line,
                        ..source.clone()
                    };
                    self.manifest(place, item, &format!("items[{index}]"));
                }
            }
            None => self.manifest(source, &root, ""),
        }
    }

    fn manifest(&mut self, source: Source, root: &Node, prefix: &str) {
        let envelope = envelope::read(root, self.default_organization);
        let mut found = envelope.found;
        // In the order in which people will mend them.
        found.sort_by_cached_key(|it| root.line_of(&it.steps));
        for Found {
            steps,
            message,
            remedy,
        } in found
        {
            let place = Source {
                line: root.line_of(&steps),
                ..source.clone()
            };
            let mut at = prefix.to_owned();
            if !steps.is_empty() {
                let inner = path(&steps);
                at = if at.is_empty() {
                    inner
                } else {
                    format!("{at}.{inner}")
                };
            }
            self.fault(&place, &envelope.subject, &at, message, &remedy);
        }
        if let Some(identity) = envelope.identity {
            self.documents.push(Document {
                source,
                identity,
                labels: envelope.labels,
                annotations: envelope.annotations,
                spec: envelope.spec,
            });
        }
    }

    /// Two documents about one thing: the second is at fault.
    fn twice(&mut self) {
        let mut first: BTreeMap<&Identity, &Source> = BTreeMap::new();
        let mut faults = Vec::new();
        for document in &self.documents {
            if let Some(place) = first.get(&document.identity) {
                faults.push(Fault {
                    file: document.source.file.clone(),
                    document: document.source.document,
                    line: document.source.line,
                    subject: document.identity.to_string(),
                    path: "metadata.name".into(),
                    message: format!(
                        "{} stands here twice, first in {}:{} (document {})",
                        document.identity, place.file, place.line, place.document
                    ),
                    remedy: "Keep one of them".into(),
                });
            } else {
                first.insert(&document.identity, &document.source);
            }
        }
        self.faults.extend(faults);
    }

    fn fault(&mut self, at: &Source, subject: &str, path: &str, message: String, remedy: &str) {
        self.faults.push(Fault {
            file: at.file.clone(),
            document: at.document,
            line: at.line,
            subject: subject.into(),
            path: path.into(),
            message,
            remedy: remedy.into(),
        });
    }
}

/// Puts documents in the order in which they can be applied: what is referred to comes first.
pub fn in_order(mut documents: Vec<Document>) -> Vec<Document> {
    documents.sort_by(|a, b| {
        (a.identity.kind.order(), &a.identity).cmp(&(b.identity.kind.order(), &b.identity))
    });
    documents
}
