//! Values of injected variables: text with `{{ .host }}` and the like in it.
//!
//! v0.3 ran them through Go's templates and injected the raw text when that failed. Here they are
//! parsed once: what [`parse`] accepts, [`fill`] can always fill.

use super::suggest::{nearest, one_of};

/// What a connection's address offers.
pub const NAMES: &[&str] = &["host", "port", "scheme", "basePath", "uri", "url"];

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it is.
    Text(&'a str),
    /// One of [`NAMES`].
    Variable(&'static str),
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}. {remedy}")]
pub struct BadTemplate {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// Parses a template.
///
/// # Errors
/// When braces don't match, or a variable isn't known.
pub fn parse(template: &str) -> Result<Vec<Piece<'_>>, BadTemplate> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some(open) = rest.find("{{") {
        let (mut before, inner) = (&rest[..open], &rest[open + 2..]);
        let close = inner.find("}}").ok_or_else(|| {
            bad(
                "`{{` isn't closed",
                "Close it with `}}`, such as `{{ .host }}`",
            )
        })?;
        let (mut word, mut after) = (&inner[..close], &inner[close + 2..]);
        // Go's templates swallow the space beside `{{-` and `-}}`.
        if let Some(trimmed) = word.strip_prefix("- ") {
            word = trimmed;
            before = before.trim_end();
        }
        if let Some(trimmed) = word.strip_suffix(" -") {
            word = trimmed;
            after = after.trim_start();
        }
        push_text(before, &mut pieces)?;
        pieces.push(Piece::Variable(variable(word.trim())?));
        rest = after;
    }
    push_text(rest, &mut pieces)?;
    Ok(pieces)
}

/// Fills a template in; `value` is asked for each of its variables.
///
/// # Errors
/// As [`parse`].
pub fn fill(template: &str, value: impl Fn(&str) -> String) -> Result<String, BadTemplate> {
    let pieces = parse(template)?;
    Ok(pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => (*text).to_owned(),
            Piece::Variable(name) => value(name),
        })
        .collect())
}

fn push_text<'a>(text: &'a str, pieces: &mut Vec<Piece<'a>>) -> Result<(), BadTemplate> {
    if text.contains("}}") {
        return Err(bad(
            "`}}` without `{{` before it",
            "Write variables as `{{ .host }}`",
        ));
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Ok(())
}

fn variable(word: &str) -> Result<&'static str, BadTemplate> {
    let name = word.strip_prefix('.').unwrap_or(word);
    match NAMES.iter().find(|known| **known == name) {
        Some(known) if word.starts_with('.') => Ok(known),
        Some(known) => Err(bad(
            format!("`{word}` lacks its dot"),
            format!("Write `{{{{ .{known} }}}}`"),
        )),
        None => {
            let remedy = match nearest(name, NAMES.iter().copied()) {
                Some(near) => format!("Did you mean `{{{{ .{near} }}}}`?"),
                None => format!("Known are {}", one_of(NAMES.iter().copied())),
            };
            Err(bad(
                format!("`{word}` isn't a variable of a connection"),
                remedy,
            ))
        }
    }
}

fn bad(message: impl Into<String>, remedy: impl Into<String>) -> BadTemplate {
    BadTemplate {
        message: message.into(),
        remedy: remedy.into(),
    }
}
