//! What can go wrong with a plane, in words that name the object, the field and the remedy.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::apply::Applied;
use crate::reference::ObjectRef;

/// What kind of trouble it is, and so what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// It may well work in a moment: retry with backoff.
    Transient,
    /// The plane doesn't answer: wait until it does, see [`crate::Plane::state`].
    Unreachable,
    /// It can't work until the input, the plane or its permissions change: don't retry.
    Configuration,
}

/// One thing that an API server has against a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// A stable word, such as `FieldValueInvalid`.
    pub reason: String,
    /// The field's path, where a field is to blame.
    pub field: String,
    /// The server's words.
    pub message: String,
}

/// A call to a plane that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaneError {
    /// Nothing answers, or nothing is even tried as long as the breaker is open.
    #[error("the plane doesn't answer: {error}")]
    Unreachable {
        /// Since when, in microseconds since the epoch.
        since: i64,
        /// What the connection said.
        error: String,
    },
    /// The API server answered with a refusal.
    #[error("{}", describe(*code, message))]
    Refused {
        /// The HTTP status.
        code: u16,
        /// The server's word for it, such as `Invalid`; may be empty.
        reason: String,
        /// The server's sentence.
        message: String,
        /// Details, by field.
        causes: Vec<Cause>,
    },
    /// The plane doesn't serve this kind.
    #[error("the plane has no kind {kind} of {api_version}: install what provides it, or turn off the feature that needs it")]
    NoSuchKind {
        /// Group and version.
        api_version: String,
        /// The kind.
        kind: String,
    },
    /// The answer isn't what the Kubernetes API answers.
    #[error("the plane's answer can't be read: {0}")]
    Garbled(String),
}

fn describe(code: u16, message: &str) -> String {
    match code {
        401 => "the plane refuses our credentials (401): renew them on the plane's page".to_owned(),
        429 => "the plane is busy and asks us to wait (429)".to_owned(),
        _ if message.is_empty() => format!("the plane answered with status {code}"),
        _ => message.to_owned(),
    }
}

impl PlaneError {
    /// What to do about it.
    pub fn class(&self) -> Class {
        match self {
            Self::Unreachable { .. } => Class::Unreachable,
            Self::NoSuchKind { .. } => Class::Configuration,
            Self::Garbled(_) => Class::Transient,
            Self::Refused { code, reason, message, causes } => {
                refusal(*code, reason, message, causes)
            }
        }
    }

    /// Whether the plane said that the thing isn't there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { code: 404, .. })
    }

    /// The fields that others own, when that is why a server-side apply was refused:
    /// (field, manager).
    pub(crate) fn conflicts(&self) -> Vec<(String, String)> {
        let Self::Refused { code: 409, causes, .. } = self else { return Vec::new() };
        causes
            .iter()
            .filter(|cause| cause.reason == "FieldManagerConflict")
            .map(|cause| (plain_path(&cause.field), manager(&cause.message)))
            .collect()
    }
}

fn refusal(code: u16, reason: &str, message: &str, causes: &[Cause]) -> Class {
    let owned_by_others = causes.iter().any(|c| c.reason == "FieldManagerConflict");
    let goes_by_itself = causes.iter().any(|c| c.reason == "NamespaceTerminating")
        || message.contains("is being terminated")
        || message.contains("exceeded quota")
        || message.contains("object is being deleted");
    // A real server answers 500 without a reason to an apply that doesn't fit the schema.
    let does_not_fit = message.contains("failed to create typed patch object");
    match code {
        403 if goes_by_itself => Class::Transient,
        409 if owned_by_others => Class::Configuration,
        408 | 409 | 410 | 425 | 429 => Class::Transient,
        500 if does_not_fit && reason.is_empty() => Class::Configuration,
        500.. => Class::Transient,
        _ => Class::Configuration,
    }
}

/// `.spec.template.spec.containers[name="a"].image` without its leading dot.
fn plain_path(path: &str) -> String {
    path.trim_start_matches('.').to_owned()
}

/// `conflict with "kubectl" with subresource "scale" using apps/v1` names kubectl.
fn manager(message: &str) -> String {
    let mut quoted = message.split('"').skip(1).step_by(2);
    let name = quoted.next().unwrap_or(message).to_owned();
    match quoted.next() {
        Some(subresource) => format!("{name} ({subresource})"),
        None => name,
    }
}

/// One reason why an object can't be applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The object.
    pub object: ObjectRef,
    /// The field's path, where one is to blame.
    pub field: Option<String>,
    /// A stable word for machines.
    pub code: String,
    /// A plain sentence; the field is named in it.
    pub sentence: String,
    /// What to do about it.
    pub class: Class,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.object, self.sentence)
    }
}

impl Failure {
    pub(crate) fn new(object: &ObjectRef, code: &str, class: Class, sentence: String) -> Self {
        Self { object: object.clone(), field: None, code: code.to_owned(), sentence, class }
    }

    /// All that a refused call has against an object, one failure a field.
    pub(crate) fn of(object: &ObjectRef, error: &PlaneError) -> Vec<Self> {
        let class = error.class();
        let PlaneError::Refused { code, reason, message, causes } = error else {
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
        let found = if found.is_empty() { fields_of_typed_patch(message) } else { found };
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
                let what = if object.kind == "Secret" { "isn't valid".to_owned() } else { what };
                let sentence = if field.is_empty() { what } else { format!("{field} {what}") };
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
        _ => format!("the plane has no kind {} of {}", object.kind, object.api_version),
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
    if rest.is_empty() { String::new() } else { format!(": {rest}") }
}

fn contended(causes: &[Cause]) -> Vec<(String, String)> {
    causes
        .iter()
        .filter(|cause| cause.reason == "FieldManagerConflict")
        .map(|cause| {
            (plain_path(&cause.field), format!("is held by {}", manager(&cause.message)))
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

/// Why objects weren't applied, or not all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplyError {
    /// Everything that is wrong, over all objects that could be checked.
    pub failures: Vec<Failure>,
    /// What had been written by then. Empty if a check failed before the first write.
    pub applied: Vec<Applied>,
}

impl ApplyError {
    /// The class of the whole: a failure that needs a change of input decides.
    pub fn class(&self) -> Class {
        self.failures.iter().map(|failure| failure.class).max().unwrap_or(Class::Transient)
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, failure) in self.failures.iter().enumerate() {
            if n > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{failure}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ApplyError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn cart(kind: &str) -> ObjectRef {
        ObjectRef {
            api_version: "apps/v1".into(),
            kind: kind.into(),
            namespace: Some("shop".into()),
            name: "cart".into(),
        }
    }

    fn refused(code: u16, reason: &str, message: &str, causes: &[(&str, &str, &str)]) -> PlaneError {
        PlaneError::Refused {
            code,
            reason: reason.into(),
            message: message.into(),
            causes: causes
                .iter()
                .map(|(reason, field, message)| Cause {
                    reason: (*reason).into(),
                    field: (*field).into(),
                    message: (*message).into(),
                })
                .collect(),
        }
    }

    fn words(error: &PlaneError) -> Vec<String> {
        Failure::of(&cart("Deployment"), error).iter().map(Failure::to_string).collect()
    }

    #[test]
    fn sentences_name_object_and_field() {
        let immutable = refused(422, "Invalid", "…", &[("FieldValueInvalid", "spec.selector", "Invalid value: {…}: field is immutable")]);
        assert_eq!(words(&immutable), ["Deployment shop/cart: spec.selector can't be changed once the object exists: delete the object, and it is made anew"]);
        let missing = refused(422, "Invalid", "…", &[
            ("FieldValueRequired", "spec.template.spec.containers[0].image", "Required value"),
            ("FieldValueInvalid", "spec.replicas", "Invalid value: -1: must be greater than or equal to 0"),
        ]);
        assert_eq!(words(&missing), [
            "Deployment shop/cart: spec.template.spec.containers[0].image is missing",
            "Deployment shop/cart: spec.replicas isn't valid: Invalid value: -1: must be greater than or equal to 0",
        ]);
        let unknown = refused(500, "", "failed to create typed patch object (shop/cart; apps/v1, Kind=Deployment): .spec.replikas: field not declared in schema", &[]);
        assert_eq!(words(&unknown), ["Deployment shop/cart: spec.replikas isn't a field of this kind"]);
        assert_eq!(unknown.class(), Class::Configuration);
        let several = refused(500, "", "failed to create typed patch object (shop/cart; apps/v1, Kind=Deployment): errors:\n  .spec.a: field not declared in schema\n  .spec.replicas: expected numeric (int or float), got string", &[]);
        assert_eq!(words(&several), [
            "Deployment shop/cart: spec.a isn't a field of this kind",
            "Deployment shop/cart: spec.replicas isn't valid: expected numeric (int or float), got string",
        ]);
        let strict = refused(400, "BadRequest", "strict decoding error: unknown field \"spec.replikas\"", &[]);
        assert_eq!(words(&strict), ["Deployment shop/cart: spec.replikas isn't a field of this kind"]);
        let nowhere = refused(404, "NotFound", "namespaces \"shop\" not found", &[]);
        assert_eq!(words(&nowhere), ["Deployment shop/cart: namespace shop doesn't exist on the plane"]);
        assert!(words(&refused(401, "Unauthorized", "Unauthorized", &[]))[0].contains("renew them"));
    }

    #[test]
    fn a_secrets_values_are_not_quoted() {
        let error = refused(422, "Invalid", "Secret is invalid: data[password]: Invalid value: \"canary\"", &[("FieldValueInvalid", "data[password]", "Invalid value: \"canary\"")]);
        let failures = Failure::of(&cart("Secret"), &error);
        assert_eq!(failures[0].to_string(), "Secret shop/cart: data[password] isn't valid");
        let plain = refused(500, "InternalError", "canary", &[]);
        assert!(!format!("{:?}", Failure::of(&cart("Secret"), &plain)).contains("canary"));
    }

    #[test]
    fn classes() {
        for (code, reason, message, class) in [
            (429, "TooManyRequests", "", Class::Transient),
            (503, "ServiceUnavailable", "", Class::Transient),
            (500, "InternalError", "failed calling webhook", Class::Transient),
            (409, "Conflict", "the object has been modified", Class::Transient),
            (403, "Forbidden", "exceeded quota: small", Class::Transient),
            (403, "Forbidden", "cannot patch resource", Class::Configuration),
            (401, "Unauthorized", "", Class::Configuration),
            (404, "NotFound", "", Class::Configuration),
            (422, "Invalid", "", Class::Configuration),
        ] {
            assert_eq!(refused(code, reason, message, &[]).class(), class, "{code} {message}");
        }
    }

    #[test]
    fn conflicts_name_field_and_manager() {
        let error = refused(409, "Conflict", "Apply failed with 1 conflict", &[
            ("FieldManagerConflict", ".spec.replicas", "conflict with \"kubectl\" with subresource \"scale\" using apps/v1"),
            ("FieldManagerConflict", ".metadata.labels.a", "conflict with \"helm\""),
        ]);
        assert_eq!(error.conflicts(), [
            ("spec.replicas".to_owned(), "kubectl (scale)".to_owned()),
            ("metadata.labels.a".to_owned(), "helm".to_owned()),
        ]);
        assert_eq!(words(&error)[0], "Deployment shop/cart: spec.replicas is held by kubectl (scale)");
    }
}
