//! Finding things, and keeping those that matter to oneself.

use async_trait::async_trait;

use super::Answer;
use crate::{
    access::Viewer,
    identity::Identity,
    view::{SearchQuestion, SearchView},
};

/// Searching, and a viewer's favourites.
#[async_trait]
pub trait Find: Send + Sync {
    /// What fits, of all that the viewer may see.
    async fn search(&self, viewer: &Viewer, question: &SearchQuestion) -> Answer<SearchView>;
    /// The viewer's favourites, the newest first; without those that are gone.
    async fn favourites(&self, viewer: &Viewer) -> Answer<Vec<Identity>>;
    /// Makes something a favourite of the viewer.
    async fn keep(&self, viewer: &Viewer, identity: &Identity) -> Answer<()>;
    /// Makes it one no longer.
    async fn let_go(&self, viewer: &Viewer, identity: &Identity) -> Answer<()>;
}
