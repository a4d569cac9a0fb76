//! Environments, one at a time.

use async_trait::async_trait;

use super::Answer;
use crate::{
    access::Viewer,
    view::{EnvironmentNames, EnvironmentView},
};

/// One environment and what comes of it.
#[async_trait]
pub trait Environments: Send + Sync {
    /// What it is and what runs in it.
    async fn find(&self, viewer: &Viewer, name: &str) -> Answer<EnvironmentView>;
    /// The names that an environment makes, or would make if it were so.
    async fn names(
        &self,
        viewer: &Viewer,
        name: &str,
        plane: &str,
        prefix: &str,
    ) -> Answer<EnvironmentNames>;
}
