//! Configuration groups: keys by environments, with where each value comes from and who needs it.

use async_trait::async_trait;

use super::Answer;
use crate::{access::Viewer, view::*};

/// Configuration groups as matrices.
#[async_trait]
pub trait Configurations: Send + Sync {
    /// All groups.
    async fn list(&self, viewer: &Viewer) -> Answer<Vec<ConfigurationRow>>;
    /// One group with every cell.
    async fn find(&self, viewer: &Viewer, name: &str) -> Answer<ConfigurationView>;
}
