//! Classes: versions, users, impact, roll-outs.

use async_trait::async_trait;

use super::{Answer, Sending};
use crate::{access::Viewer, identity::Identity, view::*};

/// Classes.
#[async_trait]
pub trait Classes: Send + Sync {
    /// All classes of all kinds, by kind and name.
    async fn list(&self, viewer: &Viewer) -> Answer<Vec<ClassRow>>;
    /// One class with a part of its users.
    async fn find(
        &self,
        viewer: &Viewer,
        class: &Identity,
        users: &ClassUsers,
        paging: &Paging,
    ) -> Answer<ClassView>;
    /// One version of a class.
    async fn version(
        &self,
        viewer: &Viewer,
        class: &Identity,
        version: i64,
    ) -> Answer<ClassVersionView>;
    /// What differs between two versions: the newest and the one before, unless named.
    async fn diff(
        &self,
        viewer: &Viewer,
        class: &Identity,
        from: Option<i64>,
        to: Option<i64>,
    ) -> Answer<ClassDiffView>;
    /// What the class that was sent would do to those who use it, if they took it; nothing is
    /// written. A part of them is rendered: `per_page` counts components, at most 20.
    async fn impact(
        &self,
        viewer: &Viewer,
        sending: &Sending,
        paging: &Paging,
    ) -> Answer<ImpactView>;
    /// Has chosen components take a version of their class, by new artifacts that pin it.
    async fn roll_out(
        &self,
        viewer: &Viewer,
        class: &Identity,
        order: &RolloutOrder,
    ) -> Answer<RolloutRow>;
}
