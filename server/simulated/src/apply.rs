//! Server-side apply: who owns which field, what a manager's new intent changes, and who stands against it.
//! Pure: the caller validates and stores.

pub(crate) mod fields;
pub(crate) mod managed;
pub(crate) mod merge;

use crate::failure::Cause;
use fields::{Path, Set};
use managed::{Entry, Operation};
use serde_json::Value;

/// Who writes, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writer<'a> {
    /// The kind's name, for its list rules.
    pub kind: &'a str,
    /// The kind's `apiVersion`.
    pub api_version: &'a str,
    /// The field manager.
    pub manager: &'a str,
    /// `status`, `scale` or nothing.
    pub subresource: &'a str,
    /// Take fields over that others own.
    pub force: bool,
    /// Microseconds since the epoch.
    pub now: i64,
}

/// Others own fields that this writer wants otherwise.
#[derive(Debug, PartialEq)]
pub(crate) struct Conflicts {
    /// As the real server words it.
    pub message: String,
    /// One per field and manager.
    pub causes: Vec<Cause>,
}

/// Brings a manager's whole intent to a live object (null when there is none). The result carries its managedFields;
/// the time of an entry moves in [`settle`], once the caller knows whether anything changed.
pub(crate) fn apply(
    live: &Value,
    intent: &Value,
    writer: &Writer,
) -> Result<Value, Box<Conflicts>> {
    let mut entries = managed::read(live);
    let wanted = fields::owned_by(intent, writer.kind);
    let mine = entries
        .iter()
        .position(|e| e.is_apply_of(writer.manager, writer.subresource));
    let last = mine.map(|i| entries[i].fields.clone()).unwrap_or_default();
    contest(live, intent, &wanted, &mut entries, mine, writer)?;

    let mut merged = merge::merge(live, intent, writer.kind);
    let mut kept = fields::expanded(&wanted);
    for (i, entry) in entries.iter().enumerate() {
        if Some(i) != mine {
            kept.extend(fields::expanded(&entry.fields));
        }
    }
    for path in fields::expanded(&last).difference(&kept) {
        fields::remove(&mut merged, path);
    }

    let entry = Entry {
        manager: writer.manager.to_owned(),
        operation: Operation::Apply,
        api_version: writer.api_version.to_owned(),
        subresource: writer.subresource.to_owned(),
        time: mine.map_or(writer.now, |i| entries[i].time),
        fields: wanted,
    };
    match mine {
        Some(i) => entries[i] = entry,
        None => entries.push(entry),
    }
    entries.retain(|e| !e.fields.is_empty());
    managed::write(&mut merged, &entries);
    Ok(merged)
}

/// Finds conflicts, or with force takes the contested fields from their owners.
fn contest(
    live: &Value,
    intent: &Value,
    wanted: &Set,
    entries: &mut [Entry],
    mine: Option<usize>,
    writer: &Writer,
) -> Result<(), Box<Conflicts>> {
    let changed: Vec<&Path> = wanted.iter().filter(|p| differs(live, intent, p)).collect();
    let mut contested: Vec<(String, Vec<&Path>)> = Vec::new();
    for (i, entry) in entries.iter_mut().enumerate() {
        if Some(i) == mine {
            continue;
        }
        let lost: Vec<&Path> = changed
            .iter()
            .copied()
            .filter(|p| entry.fields.contains(*p))
            .collect();
        if lost.is_empty() {
            continue;
        }
        if writer.force {
            lost.iter().for_each(|p| {
                entry.fields.remove(*p);
            });
        } else {
            contested.push((entry.title(), lost));
        }
    }
    if contested.is_empty() {
        Ok(())
    } else {
        Err(Box::new(describe(contested)))
    }
}

/// Whether a leaf of the intent isn't what is live. An item of a list is only its own membership.
fn differs(live: &Value, intent: &Value, path: &Path) -> bool {
    let wanted = fields::get(intent, path);
    match fields::get(live, path) {
        Some(have) => path.last().is_none_or(|e| e.starts_with("f:")) && wanted != Some(have),
        None => true,
    }
}

fn describe(mut contested: Vec<(String, Vec<&Path>)>) -> Conflicts {
    contested.sort();
    let total: usize = contested.iter().map(|(_, p)| p.len()).sum();
    let mut causes = Vec::new();
    let mut lines = Vec::new();
    for (who, paths) in &contested {
        lines.push(format!("conflicts with {who}:"));
        for path in paths {
            let field = fields::display(path);
            lines.push(format!("- {field}"));
            causes.push(Cause {
                reason: "FieldManagerConflict",
                field,
                message: format!("conflict with {who}"),
            });
        }
    }
    let message = if total == 1 {
        format!(
            "Apply failed with 1 conflict: {}: {}",
            causes[0].message, causes[0].field
        )
    } else {
        format!("Apply failed with {total} conflicts: {}", lines.join("\n"))
    };
    Conflicts { message, causes }
}

/// Whether two versions say the same, times of managedFields aside.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    fn bare(v: &Value) -> Value {
        let mut v = v.clone();
        if let Some(meta) = v["metadata"].as_object_mut() {
            meta.remove("managedFields");
            meta.remove("resourceVersion");
            meta.remove("generation");
        }
        v
    }
    let owners = |v: &Value| {
        let mut e = managed::read(v);
        e.iter_mut().for_each(|e| e.time = 0);
        e.sort_by(|a, b| {
            (&a.manager, &a.subresource, a.operation).cmp(&(
                &b.manager,
                &b.subresource,
                b.operation,
            ))
        });
        e
    };
    bare(a) == bare(b) && owners(a) == owners(b)
}

/// Moves the time of the writer's entry: something did change.
pub(crate) fn settle(object: &mut Value, operation: Operation, writer: &Writer) {
    let mut entries = managed::read(object);
    for entry in &mut entries {
        if entry.manager == writer.manager
            && entry.operation == operation
            && entry.subresource == writer.subresource
        {
            entry.time = writer.now;
        }
    }
    managed::write(object, &entries);
}

/// Notes what a create, update or merge patch changed: the writer owns it, nobody else does any more.
pub(crate) fn updated(live: &Value, new: &mut Value, writer: &Writer) {
    let before = fields::owned_by(live, writer.kind);
    let after = fields::owned_by(new, writer.kind);
    let gone: Set = before.difference(&after).cloned().collect();
    let touched: Set = after
        .iter()
        .filter(|p| match (fields::get(live, p), p.last()) {
            (None, _) => true,
            (Some(old), Some(e)) if e.starts_with("f:") => fields::get(new, p) != Some(old),
            _ => false,
        })
        .cloned()
        .collect();
    let mut entries = managed::read(live);
    let mine = entries.iter().position(|e| {
        e.operation == Operation::Update
            && e.manager == writer.manager
            && e.subresource == writer.subresource
    });
    for (i, entry) in entries.iter_mut().enumerate() {
        entry
            .fields
            .retain(|p| !gone.contains(p) && (Some(i) == mine || !touched.contains(p)));
    }
    match mine {
        Some(i) => {
            if !touched.is_empty() {
                entries[i].time = writer.now;
            }
            entries[i].fields.extend(touched);
        }
        None => entries.push(Entry {
            manager: writer.manager.to_owned(),
            operation: Operation::Update,
            api_version: writer.api_version.to_owned(),
            subresource: writer.subresource.to_owned(),
            time: writer.now,
            fields: touched,
        }),
    }
    entries.retain(|e| !e.fields.is_empty());
    managed::write(new, &entries);
}

#[cfg(test)]
mod tests;
