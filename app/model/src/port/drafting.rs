//! What forms ask while somebody fills them in.

use async_trait::async_trait;

use super::Answer;
use crate::{
    access::Viewer,
    view::{ComponentOffers, ComponentParts, EndpointOffer, KeyOffer},
};

/// Choices and suggestions for forms. Every list is cut in the store.
#[async_trait]
pub trait Drafting: Send + Sync {
    /// What a component's form offers in this project.
    async fn offers(&self, viewer: &Viewer, project: &str) -> Answer<ComponentOffers>;
    /// What there is of a component.
    async fn parts(
        &self,
        viewer: &Viewer,
        project: &str,
        component: &str,
    ) -> Answer<ComponentParts>;
    /// The first endpoints that a component of this project may call and whose address holds the
    /// text: its own project's first, then those that are exposed to others.
    async fn endpoints(
        &self,
        viewer: &Viewer,
        project: &str,
        component: &str,
        search: &str,
    ) -> Answer<Vec<EndpointOffer>>;
    /// The first keys of ConfigurationGroups whose name holds the text.
    async fn keys(&self, viewer: &Viewer, search: &str) -> Answer<Vec<KeyOffer>>;
}
