//! Paths into a document, such as `spec.containers.main.env[2].key`.

use std::fmt::Write;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Into a mapping.
    Key(String),
    /// Into a list, from 0.
    Index(usize),
}

/// Writes a path.
pub(crate) fn path(steps: &[Step]) -> String {
    let mut out = String::new();
    for step in steps {
        match step {
            Step::Index(index) => {
                let _ = write!(out, "[{index}]");
            }
            Step::Key(key) => push_key(&mut out, key),
        }
    }
    out
}

/// Appends a key: `.key`, or `["key"]` where it has characters that a path is made of.
pub(crate) fn push_key(out: &mut String, key: &str) {
    if key.is_empty() || key.contains(['.', '[', ']', '"', ' ', '/']) {
        let _ = write!(out, "[{key:?}]");
        return;
    }
    if !out.is_empty() {
        out.push('.');
    }
    out.push_str(key);
}
