//! `metadata.managedFields`: read, written, and named in messages as a real server does.

use super::fields::{self, Set};
use crate::value;
use serde_json::{Value, json};

/// How a manager came to own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    /// By server-side apply.
    Apply,
    /// By any other write.
    Update,
}

/// One manager's part of an object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub manager: String,
    pub operation: Operation,
    pub api_version: String,
    pub subresource: String,
    pub time: i64,
    pub fields: Set,
}

impl Entry {
    pub(crate) fn is_apply_of(&self, manager: &str, subresource: &str) -> bool {
        self.operation == Operation::Apply
            && self.manager == manager
            && self.subresource == subresource
    }

    /// `"kubectl" with subresource "scale" using apps/v1 at …`
    pub(crate) fn title(&self) -> String {
        let mut out = format!("{:?}", self.manager);
        if !self.subresource.is_empty() {
            out += &format!(" with subresource {:?}", self.subresource);
        }
        if self.operation == Operation::Update {
            out += &format!(" using {}", self.api_version);
        }
        out
    }
}

/// All entries of an object.
pub(crate) fn read(object: &Value) -> Vec<Entry> {
    let Some(list) = object["metadata"]["managedFields"].as_array() else {
        return Vec::new();
    };
    list.iter()
        .map(|e| Entry {
            manager: value::text(&e["manager"]).to_owned(),
            operation: if e["operation"] == "Apply" {
                Operation::Apply
            } else {
                Operation::Update
            },
            api_version: value::text(&e["apiVersion"]).to_owned(),
            subresource: value::text(&e["subresource"]).to_owned(),
            time: value::parse_time(&e["time"]).unwrap_or_default(),
            fields: fields::from_json(&e["fieldsV1"]),
        })
        .collect()
}

/// Puts all entries into an object: applied ones first, oldest first, as a real server orders them.
pub(crate) fn write(object: &mut Value, entries: &[Entry]) {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted
        .sort_by(|a, b| (a.operation, a.time, &a.manager).cmp(&(b.operation, b.time, &b.manager)));
    let list: Vec<Value> = sorted
        .into_iter()
        .map(|e| {
            let mut out = json!({
                "manager": e.manager,
                "operation": if e.operation == Operation::Apply { "Apply" } else { "Update" },
                "apiVersion": e.api_version,
                "time": value::stamp(e.time),
                "fieldsType": "FieldsV1",
                "fieldsV1": fields::to_json(&e.fields),
            });
            if !e.subresource.is_empty() {
                out["subresource"] = e.subresource.as_str().into();
            }
            out
        })
        .collect();
    if list.is_empty() {
        value::drop_field(&mut object["metadata"], "managedFields");
    } else {
        object["metadata"]["managedFields"] = Value::Array(list);
    }
}
