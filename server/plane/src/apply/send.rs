//! One server-side apply, with its rule for fields that others hold: ours are taken back
//! once, an autoscaler's are left to it.

use kube::api::{Patch, PatchParams, ValidationDirective};
use kube::core::Request;
use serde_json::Value;

use super::Item;
use super::share::{drop_replicas, is_autoscaler};
use crate::error::{Failure, PlaneError};
use crate::owner::FIELD_MANAGER;
use crate::plane::Plane;

/// What a server made of an object, and what it took.
pub(super) struct Sent {
    pub(super) result: Value,
    pub(super) force: bool,
    pub(super) took_back: Vec<(String, String)>,
    pub(super) left: Vec<String>,
}

impl Plane {
    /// Sends an item. Fields that are left to others are dropped from its body for good.
    pub(super) async fn send(
        &self,
        item: &mut Item,
        force: bool,
        dry_run: bool,
    ) -> Result<Sent, Vec<Failure>> {
        let mut force = force;
        let mut took_back = Vec::new();
        let mut left = Vec::new();
        loop {
            let error = match self.patch(item, force, dry_run).await {
                Ok(result) => {
                    return Ok(Sent {
                        result,
                        force,
                        took_back,
                        left,
                    });
                }
                Err(error) => error,
            };
            let conflicts = error.conflicts();
            let (shared, ours): (Vec<_>, Vec<_>) = conflicts
                .into_iter()
                .partition(|(field, manager)| field == "spec.replicas" && is_autoscaler(manager));
            let dropped = !shared.is_empty() && drop_replicas(&mut item.body);
            if dropped {
                left.push("spec.replicas".to_owned());
            }
            let forces = !ours.is_empty() && !force;
            if forces {
                took_back = ours;
                force = true;
            }
            if !dropped && !forces {
                return Err(Failure::of(&item.reference, &error));
            }
        }
    }

    async fn patch(&self, item: &Item, force: bool, dry_run: bool) -> Result<Value, PlaneError> {
        let reference = &item.reference;
        let path = self
            .resource_of(reference)
            .await?
            .path(reference.namespace.as_deref());
        let params = PatchParams {
            dry_run,
            force,
            field_manager: Some(FIELD_MANAGER.to_owned()),
            field_validation: Some(ValidationDirective::Strict),
        };
        let request = Request::new(path)
            .patch(&reference.name, &params, &Patch::Apply(&item.body))
            .map_err(|error| PlaneError::Garbled(error.to_string()))?;
        let outcome = self.call(request).await;
        if outcome.as_ref().is_err_and(PlaneError::is_not_found) {
            // The kind may have gone since we looked.
            self.resources().forget(&reference.api_version);
        }
        outcome
    }
}
