//! New versions, and what is done with what runs.

use async_trait::async_trait;

use super::Answer;
use crate::{
    access::Viewer,
    view::{Acted, Action, BindingView, Bulk, BulkView, NewVersion, Shipped},
};

/// New versions, bindings and actions.
#[async_trait]
pub trait Delivery: Send + Sync {
    /// Gives a component another image, and with that its next artifact. Its registry is asked for the
    /// digest; one that can't be asked is no problem.
    async fn ship(
        &self,
        viewer: &Viewer,
        project: &str,
        component: &str,
        version: &NewVersion,
    ) -> Answer<Shipped>;
    /// What a component should be in an environment, with the artifact that it has there or with
    /// another.
    async fn binding(
        &self,
        viewer: &Viewer,
        project: &str,
        component: &str,
        environment: &str,
        artifact: Option<i64>,
    ) -> Answer<BindingView>;
    /// Does something with a component in an environment.
    async fn act(
        &self,
        viewer: &Viewer,
        project: &str,
        component: &str,
        environment: &str,
        action: Action,
    ) -> Answer<Acted>;
    /// What would be done with many, row by row. With what was `shown` it is done, in one
    /// transaction, when it is still that.
    async fn bulk(
        &self,
        viewer: &Viewer,
        project: &str,
        bulk: &Bulk,
        shown: Option<&str>,
    ) -> Answer<BulkView>;
}
