//! From what an API server answers to sentences that name the object and the field.

use super::{Cause, Failure, PlaneError};
use crate::reference::ObjectRef;

impl Failure {
    /// All that a refused call has against an object, one failure a field.
    pub(crate) fn of(object: &ObjectRef, error: &PlaneError) -> Vec<Self> {
        let class = error.class();
        let PlaneError::Refused {
            code,
            reason,
            message,
            causes,
        } = error
        else {
            let word = match error {
                PlaneError::Unreachable { .. } => "Unreachable",
                PlaneError::NoSuchKind { .. } => "NoSuchKind",
                _ => "Garbled",
            };
            return vec![Self::new(object, word, class, error.to_string())];
        };
        let word = if reason.is_empty() { "Refused" } else { reason };
        let found = match code {
            404 => return vec![Self::new(object, word, class, not_found(object, message))],
            422 | 400 => fields_of_causes(causes),
            409 => contended(causes),
            _ => Vec::new(),
        };
        let found = if found.is_empty() {
            fields_of_typed_patch(message)
        } else {
            found
        };
        if found.is_empty() {
            let sentence = if object.kind == "Secret" && !matches!(code, 401 | 403 | 429) {
                // What a server says about a secret may quote its values.
                format!("the plane refuses it with status {code} ({word})")
            } else {
                error.to_string()
            };
            return vec![Self::new(object, word, class, sentence)];
        }
        found
            .into_iter()
            .map(|(field, what)| {
                let what = if object.kind == "Secret" {
                    "isn't valid".to_owned()
                } else {
                    what
                };
                let sentence = if field.is_empty() {
                    what
                } else {
                    format!("{field} {what}")
                };
                let mut failure = Self::new(object, word, class, sentence);
                failure.field = Some(field).filter(|field| !field.is_empty());
                failure
            })
            .collect()
    }
}

fn not_found(object: &ObjectRef, message: &str) -> String {
    match &object.namespace {
        Some(namespace) if message.starts_with("namespaces ") => {
            format!("namespace {namespace} doesn't exist on the plane")
        }
        _ => format!(
            "the plane has no kind {} of {}",
            object.kind, object.api_version
        ),
    }
}

fn fields_of_causes(causes: &[Cause]) -> Vec<(String, String)> {
    causes
        .iter()
        .map(|cause| {
            let what = if cause.message.contains("field is immutable") {
                "can't be changed once the object exists: delete the object, and it is made anew"
                    .to_owned()
            } else {
                match cause.reason.as_str() {
                    "FieldValueRequired" => {
                        format!("is missing{}", detail(&cause.message, "Required value"))
                    }
                    _ => format!("isn't valid: {}", cause.message),
                }
            };
            (plain_path(&cause.field), what)
        })
        .collect()
}

fn detail(message: &str, prefix: &str) -> String {
    let rest = message.trim_start_matches(prefix).trim_start_matches(": ");
    if rest.is_empty() {
        String::new()
    } else {
        format!(": {rest}")
    }
}

fn contended(causes: &[Cause]) -> Vec<(String, String)> {
    causes
        .iter()
        .filter(|cause| cause.reason == "FieldManagerConflict")
        .map(|cause| {
            (
                plain_path(&cause.field),
                format!("is held by {}", manager(&cause.message)),
            )
        })
        .collect()
}

/// A server-side apply that doesn't fit the schema is answered with one long sentence:
/// `failed to create typed patch object (ns/name; apps/v1, Kind=Deployment): .spec.x: field
/// not declared in schema`, or after `errors:` one such line a field.
fn fields_of_typed_patch(message: &str) -> Vec<(String, String)> {
    let rest = if message.contains("typed patch object") {
        message.split_once("): ").map_or("", |(_, rest)| rest)
    } else if let Some((_, rest)) = message.split_once("strict decoding error: ") {
        return rest.split(", ").filter_map(unknown_field).collect();
    } else {
        return Vec::new();
    };
    rest.trim_start_matches("errors:")
        .lines()
        .filter_map(|line| {
            let (path, what) = line.trim().strip_prefix('.')?.split_once(": ")?;
            let what = if what.contains("field not declared in schema") {
                "isn't a field of this kind".to_owned()
            } else {
                format!("isn't valid: {what}")
            };
            Some((plain_path(path), what))
        })
        .collect()
}

fn unknown_field(part: &str) -> Option<(String, String)> {
    let field = part.strip_prefix("unknown field ")?.trim_matches('"');
    Some((plain_path(field), "isn't a field of this kind".to_owned()))
}

/// `.spec.template.spec.containers[name="a"].image` without its leading dot.
pub(super) fn plain_path(path: &str) -> String {
    path.trim_start_matches('.').to_owned()
}

/// `conflict with "kubectl" with subresource "scale" using apps/v1` names kubectl.
pub(super) fn manager(message: &str) -> String {
    let mut quoted = message.split('"').skip(1).step_by(2);
    let name = quoted.next().unwrap_or(message).to_owned();
    match quoted.next() {
        Some(subresource) => format!("{name} ({subresource})"),
        None => name,
    }
}
