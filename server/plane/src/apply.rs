//! Server-side apply: everything is checked before anything is written.
//!
//! Stage one is namespaces and custom resource definitions. What lives in a namespace that
//! isn't there yet, or is of a kind that isn't served yet, can only be checked once stage one
//! is written; everything else is checked before the first write. So a bad object leaves
//! nothing behind, or at worst an empty namespace.

mod send;
mod set;
mod share;

use std::collections::BTreeSet;

use futures::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::compare::differing;
use crate::error::{ApplyError, Class, Failure};
use crate::json::{at, text};
use crate::order::comes_first;
use crate::owner::Owner;
use crate::plane::Plane;
use crate::reference::ObjectRef;
use set::{defines, place, prepare, versions};
use share::Autoscaled;

/// What applying does, or would do, to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Change {
    /// It is as it should be; nothing was written.
    Unchanged,
    /// It was there, and differed.
    Changed,
    /// It wasn't there.
    Created,
}

/// What applying did, or would do, to one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// The object.
    pub object: ObjectRef,
    /// Its uid on the plane; empty for an object that isn't there yet.
    pub uid: String,
    /// What was done.
    pub change: Change,
    /// The paths of the fields that differed, at most 50.
    pub fields: Vec<String>,
    /// Fields that somebody else had changed and that we took back: (field, manager).
    pub took_back: Vec<(String, String)>,
    /// Fields of ours that we leave to somebody else, such as an autoscaler.
    pub left: Vec<String>,
    /// False if a dry run couldn't check it, as its namespace or kind isn't there yet.
    pub checked: bool,
}

/// An object on its way.
#[derive(Clone)]
struct Item {
    reference: ObjectRef,
    body: Value,
}

/// An object that has passed its dry run.
struct Checked {
    item: Item,
    force: bool,
    applied: Applied,
}

/// What stands before the first write.
struct Survey {
    first: Vec<Checked>,
    rest: Vec<Checked>,
    deferred: Vec<Item>,
}

impl Plane {
    /// Makes the objects on the plane as given, and says for each what that took.
    ///
    /// Nothing is written if anything is wrong, see the module; an object that is as it
    /// should be isn't written either. Objects are written one after the other in the order
    /// of [`crate::rank`].
    pub async fn apply(
        &self,
        objects: &[Value],
        owner: &Owner,
    ) -> Result<Vec<Applied>, ApplyError> {
        let items = prepare(objects, owner)?;
        let autoscaled = Autoscaled::of(objects);
        let survey = self.survey(items, owner, &autoscaled).await?;
        let mut applied = Vec::new();
        self.write_all(survey.first, &mut applied).await?;
        let late = self
            .check_late(survey.deferred, owner, &autoscaled, &applied)
            .await?;
        let mut rest = survey.rest;
        rest.extend(late);
        rest.sort_by(|a, b| place(&a.item).cmp(&place(&b.item)));
        self.write_all(rest, &mut applied).await?;
        Ok(applied)
    }

    /// What [`Plane::apply`] would do. Writes nothing.
    pub async fn dry_run(
        &self,
        objects: &[Value],
        owner: &Owner,
    ) -> Result<Vec<Applied>, ApplyError> {
        let items = prepare(objects, owner)?;
        let survey = self.survey(items, owner, &Autoscaled::of(objects)).await?;
        let checked = survey
            .first
            .into_iter()
            .chain(survey.rest)
            .map(|checked| checked.applied);
        let unchecked = survey.deferred.into_iter().map(|item| Applied {
            object: item.reference,
            uid: String::new(),
            change: Change::Created,
            fields: Vec::new(),
            took_back: Vec::new(),
            left: Vec::new(),
            checked: false,
        });
        Ok(checked.chain(unchecked).collect())
    }

    /// Dry-runs all that can be checked by now.
    async fn survey(
        &self,
        items: Vec<Item>,
        owner: &Owner,
        autoscaled: &Autoscaled,
    ) -> Result<Survey, ApplyError> {
        let kinds: BTreeSet<(String, String)> = items.iter().filter_map(defines).collect();
        let (first, rest): (Vec<_>, Vec<_>) = items
            .into_iter()
            .partition(|item| comes_first(&item.reference.kind));
        let (first, mut failures) = self.check_all(first, owner, autoscaled).await;
        let missing: BTreeSet<&str> = first
            .iter()
            .filter(|c| c.applied.change == Change::Created && c.item.reference.kind == "Namespace")
            .map(|c| c.item.reference.name.as_str())
            .collect();
        let mut now = Vec::new();
        let mut deferred = Vec::new();
        for item in rest {
            let namespace = item.reference.namespace.as_deref().unwrap_or_default();
            let reference = &item.reference;
            let defined = kinds.contains(&(reference.group().to_owned(), reference.kind.clone()));
            let waits = missing.contains(namespace)
                || (defined
                    && matches!(
                        self.resource(&reference.api_version, &reference.kind).await,
                        Ok(None)
                    ));
            if waits {
                deferred.push(item)
            } else {
                now.push(item)
            }
        }
        let (rest, more) = self.check_all(now, owner, autoscaled).await;
        failures.extend(more);
        if failures.is_empty() {
            Ok(Survey {
                first,
                rest,
                deferred,
            })
        } else {
            Err(ApplyError {
                failures,
                applied: Vec::new(),
            })
        }
    }

    /// Checks what had to wait for stage one.
    async fn check_late(
        &self,
        items: Vec<Item>,
        owner: &Owner,
        autoscaled: &Autoscaled,
        applied: &[Applied],
    ) -> Result<Vec<Checked>, ApplyError> {
        for item in &items {
            self.await_kind(&item.reference).await;
        }
        let (checked, failures) = self.check_all(items, owner, autoscaled).await;
        if failures.is_empty() {
            Ok(checked)
        } else {
            Err(ApplyError {
                failures,
                applied: applied.to_vec(),
            })
        }
    }

    /// Waits until a kind is served; the check that follows says so if it never is.
    async fn await_kind(&self, reference: &ObjectRef) {
        let deadline = Instant::now() + self.timings().established;
        while let Ok(None) = self.resource(&reference.api_version, &reference.kind).await {
            if Instant::now() >= deadline {
                return;
            }
            sleep(std::time::Duration::from_millis(100)).await;
        }
    }

    /// Dry-runs items side by side; answers in the items' order.
    async fn check_all(
        &self,
        items: Vec<Item>,
        owner: &Owner,
        autoscaled: &Autoscaled,
    ) -> (Vec<Checked>, Vec<Failure>) {
        let checks: Vec<_> = items
            .into_iter()
            .map(|item| self.check(item, owner, autoscaled))
            .collect();
        let outcomes: Vec<_> = futures::stream::iter(checks)
            .buffered(self.timings().concurrency)
            .collect()
            .await;
        let mut checked = Vec::new();
        let mut failures = Vec::new();
        for outcome in outcomes {
            match outcome {
                Ok(one) => checked.push(one),
                Err(some) => failures.extend(some),
            }
        }
        (checked, failures)
    }

    async fn check(
        &self,
        mut item: Item,
        owner: &Owner,
        autoscaled: &Autoscaled,
    ) -> Result<Checked, Vec<Failure>> {
        let reference = item.reference.clone();
        let live = self
            .fetch(&reference)
            .await
            .map_err(|e| Failure::of(&reference, &e))?;
        if let Some(live) = &live {
            objections(&reference, live, owner)?;
        }
        let mut left = autoscaled.adjust(&mut item.body, live.as_ref());
        let sent = self.send(&mut item, false, true).await?;
        left.extend(sent.left);
        let (change, fields) = match &live {
            None => (Change::Created, Vec::new()),
            Some(live) => match differing(live, &sent.result) {
                fields if fields.is_empty() => (Change::Unchanged, fields),
                fields => (Change::Changed, fields),
            },
        };
        let uid = live
            .as_ref()
            .map_or("", |live| text(live, "metadata.uid"))
            .to_owned();
        let applied = Applied {
            object: reference,
            uid,
            change,
            fields,
            took_back: sent.took_back,
            left,
            checked: true,
        };
        Ok(Checked {
            item,
            force: sent.force,
            applied,
        })
    }

    /// Writes what differs, one after the other; stops at the first failure.
    async fn write_all(
        &self,
        checked: Vec<Checked>,
        applied: &mut Vec<Applied>,
    ) -> Result<(), ApplyError> {
        for one in checked {
            match self.write(one).await {
                Ok(done) => applied.push(done),
                Err(failures) => {
                    return Err(ApplyError {
                        failures,
                        applied: std::mem::take(applied),
                    });
                }
            }
        }
        Ok(())
    }

    async fn write(&self, checked: Checked) -> Result<Applied, Vec<Failure>> {
        let Checked {
            mut item,
            force,
            mut applied,
        } = checked;
        if applied.change == Change::Unchanged {
            return Ok(applied);
        }
        let sent = self.send(&mut item, force, false).await?;
        text(&sent.result, "metadata.uid").clone_into(&mut applied.uid);
        applied.left.extend(sent.left);
        for taken in sent.took_back {
            if !applied.took_back.contains(&taken) {
                applied.took_back.push(taken);
            }
        }
        if !applied.took_back.is_empty() {
            tracing::info!(plane = self.name(), object = %applied.object, fields = ?applied.took_back, "took fields back");
        }
        if item.reference.kind == "CustomResourceDefinition" {
            // What is known of its group is from before.
            for (group, version) in versions(&item.body) {
                self.resources().forget(&format!("{group}/{version}"));
            }
        }
        Ok(applied)
    }
}

/// Why a live object must be left alone.
fn objections(reference: &ObjectRef, live: &Value, owner: &Owner) -> Result<(), Vec<Failure>> {
    if at(live, "metadata.deletionTimestamp").is_some() {
        let sentence = "it is being deleted, and is made anew once it is gone".to_owned();
        return Err(vec![Failure::new(
            reference,
            "BeingDeleted",
            Class::Transient,
            sentence,
        )]);
    }
    match owner.objection(live, true) {
        None => Ok(()),
        // The other binding may be on its way out: a component deleted and made again.
        Some(why) => Err(vec![Failure::new(
            reference,
            "NotOurs",
            Class::Transient,
            why,
        )]),
    }
}
