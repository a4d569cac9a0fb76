//! What a YAML scalar means: the core schema, with Kubernetes' octal numbers.

use std::borrow::Cow;

use serde_json::{Number, Value};

/// A leaf's meaning.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    Text(String),
}

impl Scalar {
    /// The same as JSON.
    pub fn value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(it) => Value::Bool(*it),
            Self::Number(it) => Value::Number(it.clone()),
            Self::Text(it) => Value::String(it.clone()),
        }
    }
}

/// Resolves a scalar; what is quoted or a block is text.
pub(crate) fn resolve(text: &str, plain: bool) -> Scalar {
    if !plain {
        return Scalar::Text(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        _ => number(text).map_or_else(|| Scalar::Text(text.to_owned()), Scalar::Number),
    }
}

/// Resolves a scalar under a core tag (`!!str`), or `None` when it doesn't fit.
pub(crate) fn tagged(text: &str, suffix: &str) -> Option<Scalar> {
    let scalar = resolve(text, true);
    match (suffix, scalar) {
        ("str", _) => Some(Scalar::Text(text.to_owned())),
        ("null", Scalar::Null) => Some(Scalar::Null),
        ("bool", it @ Scalar::Bool(_)) => Some(it),
        ("int", Scalar::Number(it)) if it.is_i64() || it.is_u64() => Some(Scalar::Number(it)),
        ("float", it @ Scalar::Number(_)) => Some(it),
        _ => None,
    }
}

/// A number as YAML writes it: decimal, `0x…`, `0o…`, and `0644` which Kubernetes' reader takes as
/// octal. Infinity and NaN stay text: JSON, and so the model, has no such numbers.
fn number(text: &str) -> Option<Number> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let radix = |digits: &str, radix| {
        let plain = digits.chars().all(|c| c.is_digit(radix));
        let value = plain
            .then(|| i64::from_str_radix(digits, radix).ok())
            .flatten()?;
        Some(Number::from(if sign == "-" { -value } else { value }))
    };
    if let Some(hex) = digits.strip_prefix("0x") {
        return radix(hex, 16);
    }
    if let Some(octal) = digits.strip_prefix("0o") {
        return radix(octal, 8);
    }
    if digits.len() > 1
        && digits.starts_with('0')
        && digits.chars().all(|c| ('0'..='7').contains(&c))
    {
        return radix(digits, 8);
    }
    if digits.chars().all(|c| c.is_ascii_digit()) {
        let signed = format!("{sign}{digits}");
        return signed
            .parse::<i64>()
            .map(Number::from)
            .or_else(|_| signed.parse::<u64>().map(Number::from))
            .ok()
            .or_else(|| Number::from_f64(signed.parse().ok()?));
    }
    let floating = digits
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'))
        && digits.contains(|c: char| c.is_ascii_digit());
    if !floating {
        return None;
    }
    Number::from_f64(format!("{sign}{digits}").parse().ok()?)
}

/// Joins the surrogate pairs that JSON escapes emoji with: YAML's escapes don't know them.
pub(crate) fn join_surrogates(text: &str) -> Cow<'_, str> {
    if !text.contains("\\ud") && !text.contains("\\uD") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match pair(rest) {
            Some(joined) => {
                out.push(joined);
                rest = &rest[12..];
            }
            None => {
                // A backslash and what it escapes go over as they are.
                let end = rest
                    .char_indices()
                    .nth(2)
                    .map_or(rest.len(), |(end, _)| end);
                out.push_str(&rest[..end]);
                rest = &rest[end..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn pair(text: &str) -> Option<char> {
    let unit = |text: &str| u32::from_str_radix(text.strip_prefix("\\u")?, 16).ok();
    let high = unit(text.get(..6)?)?;
    let low = unit(text.get(6..12)?)?;
    if !(0xd800..0xdc00).contains(&high) || !(0xdc00..0xe000).contains(&low) {
        return None;
    }
    char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
}
