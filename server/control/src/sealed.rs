//! Which fields of a spec are secrets: sealed before they are stored, masked before they are shown.

use model::{identity::Identity, kind::Kind};
use serde_json::Value;

use crate::{Result, seal::Seal};

pub use model::kind::plane::SEALED as MASK;

/// The secret fields of planes. The CA and the client certificate are public by nature.
const SECRETS: &[&[&str]] = &[
    &["kubernetesCluster", "credentials", "clientKey"],
    &["kubernetesCluster", "kubeconfig"],
    &["observer", "authentication", "basicAuth", "password"],
];

fn fields(kind: Kind) -> &'static [&'static [&'static str]] {
    if matches!(kind, Kind::DataPlane | Kind::BuildPlane) {
        SECRETS
    } else {
        &[]
    }
}

/// Whether specs of this kind hold secrets.
pub fn holds(kind: Kind) -> bool {
    !fields(kind).is_empty()
}

fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    path.iter()
        .try_fold(value, |value, step| value.get(step))?
        .as_str()
}

fn at_mut<'a>(value: &'a mut Value, path: &[&str]) -> Option<&'a mut Value> {
    path.iter()
        .try_fold(value, |value, step| value.get_mut(step))
}

fn context(identity: &Identity, path: &[&str]) -> String {
    format!(
        "{}|{}|{}|{}",
        identity.organization,
        identity.kind,
        identity.name,
        path.join(".")
    )
}

/// Seals a spec's secrets. One that equals the stored one keeps the stored seal, so that applying
/// the same manifest twice changes nothing.
///
/// # Errors
/// The path of a field that says "as it is" when nothing is stored.
pub fn seal(
    seal: &Seal,
    identity: &Identity,
    spec: &mut Value,
    stored: Option<&Value>,
) -> Result<(), String> {
    for path in fields(identity.kind) {
        let before = stored.and_then(|stored| at(stored, path));
        let Some(field) = at_mut(spec, path) else {
            continue;
        };
        let Some(plain) = field.as_str() else {
            continue;
        };
        let context = context(identity, path);
        let same = before.filter(|before| {
            plain == MASK
                || seal
                    .unseal(before, &context)
                    .is_ok_and(|known| known.as_str() == plain)
        });
        *field = match same {
            Some(before) => Value::String(before.to_owned()),
            None if plain == MASK => return Err(format!("spec.{}", path.join("."))),
            None => Value::String(seal.seal(plain, &context)),
        };
    }
    Ok(())
}

/// A spec with its secrets opened, for the one who must use them.
///
/// # Errors
/// When the key isn't the one that sealed them.
pub fn unseal(seal: &Seal, identity: &Identity, spec: &Value) -> Result<Value, String> {
    let mut spec = spec.clone();
    for path in fields(identity.kind) {
        let Some(field) = at_mut(&mut spec, path) else {
            continue;
        };
        let Some(text) = field.as_str().filter(|text| Seal::is_sealed(text)) else {
            continue;
        };
        let plain = seal
            .unseal(text, &context(identity, path))
            .map_err(|error| format!("spec.{}: {error}", path.join(".")))?;
        *field = Value::String(plain.to_string());
    }
    Ok(spec)
}

/// A spec as it is sent, with what it leaves as it is taken from the stored one, all opened: for the
/// one who tries it before it is stored.
///
/// # Errors
/// As [`unseal`], and when nothing is stored for what is left as it is.
pub fn opened(
    seal: &Seal,
    identity: &Identity,
    spec: &Value,
    stored: Option<&Value>,
) -> Result<Value, String> {
    let mut spec = spec.clone();
    for path in fields(identity.kind) {
        let Some(field) = at_mut(&mut spec, path).filter(|field| **field == MASK) else {
            continue;
        };
        let before = stored.and_then(|stored| at(stored, path));
        let before = before.ok_or_else(|| {
            format!(
                "spec.{}: {MASK} stands for a secret that isn't stored",
                path.join(".")
            )
        })?;
        *field = Value::String(before.to_owned());
    }
    unseal(seal, identity, &spec)
}

/// Hands each sealed text of a spec over, with the place that it is sealed for, and puts in what
/// comes back.
///
/// # Errors
/// What `change` says.
pub fn each(
    identity: &Identity,
    spec: &mut Value,
    mut change: impl FnMut(&str, &str) -> Result<Option<String>>,
) -> Result<()> {
    for path in fields(identity.kind) {
        let context = context(identity, path);
        let Some(field) = at_mut(spec, path) else {
            continue;
        };
        let Some(text) = field.as_str().filter(|text| Seal::is_sealed(text)) else {
            continue;
        };
        if let Some(new) = change(text, &context)? {
            *field = Value::String(new);
        }
    }
    Ok(())
}

/// A spec with all seals masked, wherever they stand.
pub fn masked(value: &Value) -> Value {
    match value {
        Value::String(text) if Seal::is_sealed(text) => Value::String(MASK.into()),
        Value::Array(items) => items.iter().map(masked).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| (key.clone(), masked(value)))
            .collect(),
        other => other.clone(),
    }
}
