//! Changes of resources as people read them.

use model::{
    access::Viewer,
    identity::Identity,
    moment::Moment,
    problem::Problem,
    view::{Change, Comparison, HistoryRow, Revision},
};
use serde::Deserialize;
use serde_json::{Value, json};
use store::history::Entry;

use super::look;
use crate::{Platform, Result, sealed};

/// The changes of one resource, newest first; also of one that is gone.
pub(super) async fn of(
    platform: &Platform,
    viewer: &Viewer,
    identity: &Identity,
    before: i64,
    limit: i64,
) -> Result<Vec<HistoryRow>> {
    look(viewer, identity.kind, &identity.project)?;
    let store = platform.store();
    let entries = store.history(identity, before, limit.clamp(1, 200)).await?;
    if entries.is_empty() && before == 0 {
        crate::delete::found(platform, identity).await?;
    }
    Ok(entries.into_iter().map(row).collect())
}

/// What differs between what two changes left of a resource.
pub(super) async fn compare(
    platform: &Platform,
    viewer: &Viewer,
    identity: &Identity,
    from: i64,
    to: i64,
) -> Result<Comparison> {
    look(viewer, identity.kind, &identity.project)?;
    let (from, to) = (from.min(to), from.max(to));
    let mut both = Vec::new();
    for sequence in [from, to] {
        // The newest before the next number is that one, if it is this resource's.
        let found = platform
            .store()
            .history(identity, sequence.saturating_add(1), 1);
        let entry = found.await?.into_iter().find(|e| e.sequence == sequence);
        let name = format!("{} of {identity}", sequence);
        both.push(entry.ok_or_else(|| Problem::not_found("change", &name))?);
    }
    let [from, to] = [&both[0], &both[1]].map(|entry| (body(entry.after.as_ref()), entry));
    Ok(Comparison {
        fields: model::diff::fields(&from.0, &to.0),
        from: revision(identity, from.1),
        to: revision(identity, to.1),
        identity: identity.clone(),
    })
}

fn revision(identity: &Identity, entry: &Entry) -> Revision {
    let yaml = entry.after.as_ref().map(|body| {
        let words = |name: &str| Deserialize::deserialize(&body[name]).unwrap_or_default();
        let spec = sealed::masked(&body["spec"]);
        let manifest = model::yaml::manifest_value(
            identity,
            &words("labels"),
            &words("annotations"),
            &spec,
            None,
        );
        model::yaml::write(&manifest)
    });
    Revision {
        sequence: entry.sequence,
        at: Moment(entry.at),
        by: entry.actor.clone(),
        change: if entry.after.is_none() {
            Change::Deleted
        } else {
            entry.change
        },
        yaml: yaml.unwrap_or_default(),
    }
}

/// Labels, annotations and spec where a manifest has them; secrets masked.
fn body(value: Option<&Value>) -> Value {
    let value = value.map(sealed::masked).unwrap_or_else(|| json!({}));
    json!({
        "metadata": {"labels": value["labels"], "annotations": value["annotations"]},
        "spec": value["spec"],
    })
}

/// One change, with the fields that changed; secrets masked.
pub(super) fn row(entry: Entry) -> HistoryRow {
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
