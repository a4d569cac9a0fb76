//! Projects as cells.

use async_trait::async_trait;

use super::Answer;
use crate::{access::Viewer, view::CellView};

/// What a project is in one environment.
#[async_trait]
pub trait Cells: Send + Sync {
    /// The cell of a project; of the first environment that fails, else the first that something
    /// runs in, when `environment` is empty or none of the project's.
    async fn find(&self, viewer: &Viewer, project: &str, environment: &str) -> Answer<CellView>;
}
