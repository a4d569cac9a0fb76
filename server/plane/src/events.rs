//! What Kubernetes says happened to objects.

use std::cmp::Reverse;

use kube::api::ListParams;
use kube::core::Request;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::PlaneError;
use crate::json::{list, number, text, time};
use crate::plane::Plane;
use crate::reference::{ObjectRef, segment};

/// How many events are told.
const MOST: usize = 100;
/// A server's list isn't sorted by time, so all must be read; a page holds 500.
const PAGES: usize = 5;

/// Whether an event is to be worried about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EventKind {
    /// All is well.
    Normal,
    /// Something may be wrong.
    Warning,
}

/// Something that happened to an object, as the plane tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectEvent {
    /// When it last happened, in microseconds since the epoch.
    pub at: i64,
    /// Whether to worry.
    pub kind: EventKind,
    /// One word, such as `BackOff`.
    pub reason: String,
    /// The sentence.
    pub message: String,
    /// The object it happened to.
    pub object: ObjectRef,
    /// How often it happened.
    pub count: i64,
}

impl Plane {
    /// The last events of a namespace, or of one object in it: newest first, at most 100.
    pub async fn events(
        &self,
        namespace: &str,
        about: Option<&ObjectRef>,
    ) -> Result<Vec<ObjectEvent>, PlaneError> {
        segment(namespace)?;
        let collection = Request::new(format!("/api/v1/namespaces/{namespace}/events"));
        let mut params = ListParams {
            limit: Some(500),
            ..ListParams::default()
        };
        if let Some(object) = about {
            segment(&object.name)?;
            params.field_selector = Some(format!(
                "involvedObject.kind={},involvedObject.name={}",
                object.kind, object.name
            ));
        }
        let mut events = Vec::new();
        for _ in 0..PAGES {
            let request = collection
                .list(&params)
                .map_err(|error| PlaneError::Garbled(error.to_string()))?;
            let page = self.call(request).await?;
            events.extend(list(&page, "items").iter().filter_map(event));
            match text(&page, "metadata.continue") {
                "" => break,
                more => params.continue_token = Some(more.to_owned()),
            }
        }
        events.retain(|event| {
            about.is_none_or(|o| o.kind == event.object.kind && o.name == event.object.name)
        });
        events.sort_by(|a, b| (Reverse(a.at), &a.object).cmp(&(Reverse(b.at), &b.object)));
        events.truncate(MOST);
        Ok(events)
    }
}

/// Reads an event of either API; their fields differ.
fn event(value: &Value) -> Option<ObjectEvent> {
    let about = value.get("involvedObject")?;
    let at = [
        "series.lastObservedTime",
        "lastTimestamp",
        "eventTime",
        "firstTimestamp",
    ]
    .iter()
    .chain(&["metadata.creationTimestamp"])
    .find_map(|path| time(value, path))?;
    let warning = text(value, "type") == "Warning";
    Some(ObjectEvent {
        at,
        kind: if warning {
            EventKind::Warning
        } else {
            EventKind::Normal
        },
        reason: text(value, "reason").to_owned(),
        message: text(value, "message").to_owned(),
        object: ObjectRef {
            api_version: text(about, "apiVersion").to_owned(),
            kind: text(about, "kind").to_owned(),
            namespace: Some(text(about, "namespace").to_owned()).filter(|n| !n.is_empty()),
            name: text(about, "name").to_owned(),
        },
        count: number(value, "series.count")
            .or(number(value, "count"))
            .unwrap_or(1),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_of_both_forms() {
        let old = event(&json!({"type": "Warning", "reason": "BackOff", "message": "m", "count": 4,
            "firstTimestamp": "2026-01-01T00:00:00Z", "lastTimestamp": "2026-01-01T00:00:01Z",
            "involvedObject": {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "cart-1"}}))
        .unwrap();
        assert_eq!(
            (old.at, old.kind, old.count),
            (1_767_225_601_000_000, EventKind::Warning, 4)
        );
        let new = event(&json!({"type": "Normal", "reason": "Scheduled", "lastTimestamp": null, "eventTime": "2026-01-01T00:00:02.5Z",
            "involvedObject": {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "cart-1"}}))
        .unwrap();
        assert_eq!(
            (new.at, new.kind, new.count),
            (1_767_225_602_500_000, EventKind::Normal, 1)
        );
    }
}
