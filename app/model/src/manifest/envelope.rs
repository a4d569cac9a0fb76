//! What stands around a spec: apiVersion, kind, metadata, and the identity that follows from them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::found::Found;
use super::labels::{self, Which};
use super::node::{Node, Tree};
use super::step::Step;
use super::suggest::{nearest, one_of};
use super::walk::short;
use super::{examine, format, hint};
use crate::identity::Identity;
use crate::kind::{API_VERSION, Kind, Scope};

const LABEL_ORGANIZATION: &str = "openchoreo.dev/organization";
const LABEL_PROJECT: &str = "openchoreo.dev/project";
const LABEL_COMPONENT: &str = "openchoreo.dev/component";

/// Set by API servers; exported manifests come with them, and they mean nothing here.
const SERVER_SET: &[&str] = &[
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "generation",
    "managedFields",
    "finalizers",
    "ownerReferences",
    "selfLink",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
];

/// A manifest taken apart.
pub(crate) struct Envelope {
    /// What it is about, in words, as far as known.
    pub subject: String,
    /// What it is about, if nothing is wrong.
    pub identity: Option<Identity>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    pub annotations: BTreeMap<String, String>,
    /// The spec.
    pub spec: Value,
    /// All faults.
    pub found: Vec<Found>,
}

/// The items of a `kind: List`, as Kubernetes tools export several objects at once.
pub(crate) fn items(root: &Node) -> Option<&[Node]> {
    let kind = root.get("kind").and_then(Node::text)?;
    let list = kind == "List"
        || kind
            .strip_suffix("List")
            .is_some_and(|kind| Kind::named(kind).is_some());
    match &root.get("items").filter(|_| list)?.tree {
        Tree::List(items) => Some(items),
        _ => None,
    }
}

/// Takes a manifest apart and checks all of it.
pub(crate) fn read(root: &Node, default_organization: &str) -> Envelope {
    let mut found = Vec::new();
    let Tree::Map(_) = root.tree else {
        found.push(Found::new(
            Vec::new(),
            "not a manifest",
            format!("Begin with `apiVersion: {API_VERSION}`, `kind` and `metadata`"),
        ));
        return Envelope::failed(String::new(), found);
    };
    let kind = kind(root, &mut found);
    let metadata = root.get("metadata").filter(|node| !node.is_null());
    let name = metadata
        .and_then(|metadata| metadata.get("name"))
        .and_then(Node::text);
    let Some(kind) = kind else {
        let named = root.get("kind").and_then(Node::text).unwrap_or_default();
        let subject = format!("{} {}", short(named), short(name.unwrap_or_default()));
        return Envelope::failed(subject.trim().into(), found);
    };
    fields(
        root,
        &[],
        &["apiVersion", "kind", "metadata", "spec", "status"],
        &[],
        &mut found,
    );
    let spec = spec(root, kind, &mut found);
    let (labels, annotations) = match metadata {
        Some(node) if matches!(node.tree, Tree::Map(_)) => metadata_fields(node, kind, &mut found),
        Some(_) => {
            found.push(at(
                &["metadata"],
                "not a group of fields",
                "Write `metadata:` with `name` below it",
            ));
            Default::default()
        }
        None => {
            found.push(at(&["metadata"], "missing", "Add `metadata` with `name`"));
            Default::default()
        }
    };
    let organization = organization(metadata, kind, default_organization, &mut found);
    let owner = owner(kind, &spec, &labels);
    let told = metadata
        .and_then(|it| it.get("namespace"))
        .and_then(Node::text)
        .unwrap_or_default();
    agree(&labels, told, &owner, &mut found);
    let identity = Identity {
        kind,
        organization,
        project: owner.0,
        component: owner.1,
        name: name.unwrap_or_default().into(),
    };
    let identity = if kind.scope() == Scope::Root {
        Identity {
            organization: identity.name.clone(),
            ..identity
        }
    } else {
        identity
    };
    let subject = short(&identity.to_string());
    let identity = found.is_empty().then_some(identity);
    Envelope {
        subject,
        identity,
        labels,
        annotations,
        spec,
        found,
    }
}

impl Envelope {
    fn failed(subject: String, found: Vec<Found>) -> Self {
        Self {
            subject,
            identity: None,
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
            spec: Value::Null,
            found,
        }
    }
}

fn at(keys: &[&str], message: impl Into<String>, remedy: impl Into<String>) -> Found {
    Found::new(
        keys.iter().map(|key| Step::Key((*key).into())).collect(),
        message,
        remedy,
    )
}

/// The kind, if version and kind are ours.
fn kind(root: &Node, found: &mut Vec<Found>) -> Option<Kind> {
    let version = root.get("apiVersion").filter(|node| !node.is_null());
    let version_ok = match version.map(|node| node.text()) {
        None => {
            found.push(at(
                &["apiVersion"],
                "missing",
                format!("Add `apiVersion: {API_VERSION}`"),
            ));
            true
        }
        Some(Some(API_VERSION)) => true,
        Some(other) => {
            let other = other.unwrap_or_default();
            let message = format!("`{}` isn't known", short(other));
            found.push(at(&["apiVersion"], message, hint::other_version(other)));
            other.starts_with("openchoreo.dev/")
        }
    };
    let Some(node) = root.get("kind").filter(|node| !node.is_null()) else {
        found.push(at(&["kind"], "missing", "Add `kind`, such as `Component`"));
        return None;
    };
    let name = node.text().unwrap_or_default();
    let kind = Kind::named(name);
    if kind.is_none() && version_ok {
        let remedy = match hint::later_kind(name) {
            Some(hint) => hint.to_owned(),
            None => match nearest(name, Kind::ALL.iter().map(|kind| kind.as_str())) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => format!(
                    "Known are {}",
                    one_of(Kind::ALL.iter().map(|kind| kind.as_str()))
                ),
            },
        };
        found.push(at(
            &["kind"],
            format!("`{}` isn't a kind of v0.3", short(name)),
            remedy,
        ));
    }
    kind
}

/// Refuses fields that aren't known.
fn fields(node: &Node, path: &[&str], known: &[&str], ignored: &[&str], found: &mut Vec<Found>) {
    let Tree::Map(entries) = &node.tree else {
        return;
    };
    for key in entries
        .keys()
        .filter(|key| !known.contains(&key.as_str()) && !ignored.contains(&key.as_str()))
    {
        let mut path = path.to_vec();
        path.push(key);
        let remedy = match (key.as_str(), nearest(key, known.iter().copied())) {
            ("generateName", _) => "Give a `name`; Troupe doesn't make names up".into(),
            (_, Some(near)) => format!("Did you mean `{near}`?"),
            (_, None) => format!("Take it away; known are {}", one_of(known.iter().copied())),
        };
        found.push(at(&path, "unknown field", remedy));
    }
}

fn spec(root: &Node, kind: Kind, found: &mut Vec<Found>) -> Value {
    let spec = match root.get("spec") {
        Some(node) if !node.is_null() => node.value(),
        _ => Value::Object(Map::new()),
    };
    found.extend(examine(kind, &spec, Some(root)));
    spec
}

type Words = BTreeMap<String, String>;

fn metadata_fields(metadata: &Node, kind: Kind, found: &mut Vec<Found>) -> (Words, Words) {
    let known = ["name", "namespace", "labels", "annotations"];
    fields(metadata, &["metadata"], &known, SERVER_SET, found);
    let path = &["metadata", "name"];
    match metadata.get("name").filter(|node| !node.is_null()) {
        None => found.push(at(
            path,
            "missing",
            "Add `name`, a name of lower-case letters, digits and `-`",
        )),
        Some(node) => match (node.text(), &node.tree) {
            (Some(name), _) => {
                if let Err(wrong) = name_of(kind, name) {
                    found.push(at(
                        path,
                        format!("`{}` {}", short(name), wrong.message),
                        wrong.remedy,
                    ));
                }
            }
            (None, Tree::Leaf(_, written)) => {
                found.push(at(path, "not text", format!("Quote it: \"{written}\"")));
            }
            _ => found.push(at(path, "not text", "Write a name")),
        },
    }
    let labels = labels::read(metadata, Which::Labels, found);
    let annotations = labels::read(metadata, Which::Annotations, found);
    (labels, annotations)
}

/// The rule for a kind's names: what becomes a label or a part of a namespace is stricter.
pub(crate) fn name_of(kind: Kind, name: &str) -> Result<(), format::Wrong> {
    match kind {
        Kind::Organization | Kind::Project | Kind::Component | Kind::Environment => {
            format::label_name(name)
        }
        _ => format::object_name(name),
    }
}

fn organization(
    metadata: Option<&Node>,
    kind: Kind,
    default: &str,
    found: &mut Vec<Found>,
) -> String {
    let path = &["metadata", "namespace"];
    let Some(node) = metadata
        .and_then(|it| it.get("namespace"))
        .filter(|node| !node.is_null())
    else {
        return default.into();
    };
    let Some(namespace) = node.text() else {
        let written = if let Tree::Leaf(_, written) = &node.tree {
            written
        } else {
            ""
        };
        found.push(at(path, "not text", format!("Quote it: \"{written}\"")));
        return default.into();
    };
    if kind.scope() == Scope::Root {
        found.push(at(
            path,
            "an Organization lives in no other",
            "Take `namespace` away",
        ));
    } else if let Err(wrong) = format::label_name(namespace) {
        found.push(at(
            path,
            format!("`{}` {}", short(namespace), wrong.message),
            wrong.remedy,
        ));
    }
    namespace.into()
}

/// Project and component that own it: by `spec.owner`, or for old kinds by labels.
fn owner(kind: Kind, spec: &Value, labels: &Words) -> (String, String) {
    let owner = |key: &str| {
        spec.pointer(&format!("/owner/{key}"))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let label = |key: &str| labels.get(key).cloned().unwrap_or_default();
    match kind.scope() {
        Scope::Root | Scope::Organization => Default::default(),
        Scope::Project => (owner("projectName").unwrap_or_default(), String::new()),
        Scope::Component => {
            let project = owner("projectName").unwrap_or_else(|| label(LABEL_PROJECT));
            let component = owner("componentName").unwrap_or_else(|| match kind {
                // v0.3's APIBinding has no owner; its API bears the component's name.
                Kind::APIBinding => spec
                    .get("apiName")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .into(),
                _ => label(LABEL_COMPONENT),
            });
            (project, component)
        }
    }
}

/// Labels may say again who owns something, and mustn't say something else.
fn agree(labels: &Words, organization: &str, owner: &(String, String), found: &mut Vec<Found>) {
    let told = [
        (LABEL_ORGANIZATION, organization, "metadata.namespace"),
        (LABEL_PROJECT, owner.0.as_str(), "spec.owner.projectName"),
        (
            LABEL_COMPONENT,
            owner.1.as_str(),
            "spec.owner.componentName",
        ),
    ];
    for (label, right, field) in told {
        let Some(given) = labels.get(label) else {
            continue;
        };
        if !given.is_empty() && !right.is_empty() && given != right {
            found.push(at(
                &["metadata", "labels", label],
                format!(
                    "says `{}`, but {field} says `{}`",
                    short(given),
                    short(right)
                ),
                "Let both say the same, or take the label away",
            ));
        }
    }
}
