//! Changes of resources as people read them.

use model::{moment::Moment, view::HistoryRow};
use serde_json::{Value, json};
use store::history::Entry;

use crate::sealed;

/// One change, with the fields that changed; secrets masked.
pub(super) fn row(entry: Entry) -> HistoryRow {
    let body = |value: Option<&Value>| {
        let value = value.map(sealed::masked).unwrap_or_else(|| json!({}));
        json!({
            "metadata": {"labels": value["labels"], "annotations": value["annotations"]},
            "spec": value["spec"],
        })
    };
    let fields = match (&entry.before, &entry.after) {
        (Some(before), Some(after)) => model::diff::fields(&body(Some(before)), &body(Some(after))),
        _ => Vec::new(),
    };
    HistoryRow {
        sequence: entry.sequence,
        identity: entry.identity,
        at: Moment(entry.at),
        by: entry.actor,
        change: entry.change,
        fields,
    }
}
