//! Planes: what runs on them, and tests of them.

use async_trait::async_trait;
use serde_json::Value;

use super::Answer;
use crate::{access::Viewer, kind::Kind, view::*};

/// Planes, and tests of them. `kind` is `DataPlane` or `BuildPlane`.
#[async_trait]
pub trait Planes: Send + Sync {
    /// All BuildPlanes.
    async fn build_planes(&self, viewer: &Viewer) -> Answer<Vec<BuildPlaneRow>>;
    /// One plane, with what runs on it.
    async fn find(&self, viewer: &Viewer, kind: Kind, name: &str) -> Answer<PlaneView>;
    /// Makes a test of a plane and keeps it.
    async fn test(&self, viewer: &Viewer, kind: Kind, name: &str) -> Answer<PlaneTest>;
    /// The tests of a plane that are kept, newest first.
    async fn tests(&self, viewer: &Viewer, kind: Kind, name: &str) -> Answer<Vec<PlaneTest>>;
    /// The newest test of each plane of a kind, by the plane's name.
    async fn newest_tests(&self, viewer: &Viewer, kind: Kind) -> Answer<Vec<(String, PlaneTest)>>;
    /// Tests a plane as a manifest has it, before it is declared. Nothing is kept.
    async fn try_out(&self, viewer: &Viewer, manifest: &Value) -> Answer<PlaneTest>;
}
