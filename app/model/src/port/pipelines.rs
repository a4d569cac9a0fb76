//! Deployment pipelines.

use async_trait::async_trait;

use super::Answer;
use crate::{access::Viewer, view::PipelineRow};

/// Which environment follows which.
#[async_trait]
pub trait Pipelines: Send + Sync {
    /// All of them, by name.
    async fn list(&self, viewer: &Viewer) -> Answer<Vec<PipelineRow>>;
    /// One of them.
    async fn find(&self, viewer: &Viewer, name: &str) -> Answer<PipelineRow>;
}
