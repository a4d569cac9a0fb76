//! What operators measure.

use crate::{Platform, Result};

/// Figures for `/metrics`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// Jobs in the queue.
    pub queue_depth: i64,
    /// How long the oldest has been there, in seconds.
    pub queue_oldest_seconds: i64,
    /// Planes by organization and name, and whether they answer.
    pub planes: Vec<(String, String, bool)>,
    /// Bindings by organization, environment and health.
    pub bindings: Vec<(String, String, String, i64)>,
}

impl Platform {
    /// The figures now.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn figures(&self) -> Result<Figures> {
        let depth = self.store().job_depth().await?;
        let now = crate::clock::now().0;
        let oldest = if depth.oldest == 0 {
            0
        } else {
            (now - depth.oldest) / 1_000_000
        };
        let mut figures = Figures {
            queue_depth: depth.depth,
            queue_oldest_seconds: oldest,
            ..Figures::default()
        };
        let kind = model::kind::Kind::Organization;
        for organization in self.store().resources_of_kind_everywhere(kind).await? {
            let org = organization.identity.name;
            for plane in self.store().plane_states(&org).await? {
                figures
                    .planes
                    .push((org.clone(), plane.name, plane.live == 1));
            }
            let mut by: std::collections::BTreeMap<(String, String), i64> = Default::default();
            for tally in self.store().tallies_everywhere(&org).await? {
                *by.entry((tally.environment, tally.health)).or_default() += tally.count;
            }
            let rows = by
                .into_iter()
                .map(|((env, health), n)| (org.clone(), env, health, n));
            figures.bindings.extend(rows);
        }
        Ok(figures)
    }
}
