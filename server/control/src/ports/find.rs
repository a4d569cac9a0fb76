//! Finding things, and a viewer's favourites.

use async_trait::async_trait;
use model::{
    access::{Grant, Viewer},
    identity::Identity,
    kind::Kind,
    port::{Answer, find::Find},
    problem::Problem,
    search,
    view::{Hit, HitGroup, SearchQuestion, SearchView},
};
use store::search::{DEPTH, Wanted};

use super::look;
use crate::{Platform, Result, clock, delete::found};

#[async_trait]
impl Find for Platform {
    async fn search(&self, viewer: &Viewer, question: &SearchQuestion) -> Answer<SearchView> {
        Ok(search(self, viewer, question).await?)
    }

    async fn favourites(&self, viewer: &Viewer) -> Answer<Vec<Identity>> {
        Ok(favourites(self, viewer).await?)
    }

    async fn keep(&self, viewer: &Viewer, identity: &Identity) -> Answer<()> {
        Ok(keep(self, viewer, identity).await?)
    }

    async fn let_go(&self, viewer: &Viewer, identity: &Identity) -> Answer<()> {
        Ok(let_go(self, viewer, identity).await?)
    }
}

async fn keep(platform: &Platform, viewer: &Viewer, identity: &Identity) -> Result<()> {
    let grant = theirs(platform, viewer, identity).await?;
    let mut tx = platform.store().begin(clock::now().0).await?;
    tx.add_favourite(&grant, &viewer.user, identity).await?;
    Ok(tx.commit().await?)
}

async fn let_go(platform: &Platform, viewer: &Viewer, identity: &Identity) -> Result<()> {
    let grant = look(viewer, identity.kind, &identity.project)?;
    let mut tx = platform.store().begin(clock::now().0).await?;
    tx.remove_favourite(&grant, &viewer.user, identity).await?;
    Ok(tx.commit().await?)
}

/// Whether the viewer may keep this: it is there, theirs to see, and something that people keep.
async fn theirs(platform: &Platform, viewer: &Viewer, identity: &Identity) -> Result<Grant> {
    let grant = look(viewer, identity.kind, &identity.project)?;
    if !matches!(identity.kind, Kind::Project | Kind::Component)
        || identity.organization != viewer.organization
    {
        let message = format!("{identity} can't be a favourite");
        let remedy = "Projects and components of your organization can";
        return Err(Problem::invalid("kind", &message, remedy).into());
    }
    found(platform, identity).await?;
    Ok(grant)
}

pub(super) async fn favourites(platform: &Platform, viewer: &Viewer) -> Result<Vec<Identity>> {
    let store = platform.store();
    let all = store.favourites(&viewer.user, &viewer.organization).await?;
    let seen = |identity: &Identity| look(viewer, identity.kind, &identity.project).is_ok();
    Ok(all.into_iter().filter(seen).collect())
}

async fn search(
    platform: &Platform,
    viewer: &Viewer,
    question: &SearchQuestion,
) -> Result<SearchView> {
    look(viewer, Kind::Organization, "")?;
    let terms = search::terms(&question.text);
    let limit = question.per_kind.clamp(1, 100);
    let wanted = Wanted {
        terms: &terms,
        kind: question.kind.map_or("", Kind::as_str),
        offset: (question.page.clamp(1, 100_000) - 1) * limit,
        limit,
    };
    let hits = platform
        .store()
        .search(&viewer.organization, wanted)
        .await?;
    let more = hits.iter().any(|hit| hit.scanned >= DEPTH);
    let mut groups: Vec<HitGroup> = Vec::new();
    for hit in hits {
        let who = &hit.identity;
        if look(viewer, who.kind, &who.project).is_err() {
            continue;
        }
        let (kind, total) = (who.kind, hit.total);
        let hit = Hit {
            title: hit.title,
            said: hit.said,
            rank: hit.found.rank(),
            identity: hit.identity,
        };
        match groups.iter_mut().find(|group| group.kind == kind) {
            Some(group) => group.hits.push(hit),
            None => groups.push(HitGroup {
                kind,
                total,
                hits: vec![hit],
            }),
        }
    }
    let place = |kind: Kind| search::KINDS.iter().position(|known| *known == kind);
    groups.sort_by_key(|group| {
        let best = group.hits.iter().map(|hit| hit.rank).min();
        // By name or by a part of it is equally good: projects come before components then.
        (best.unwrap_or(i64::MAX).max(1), place(group.kind))
    });
    Ok(SearchView {
        terms,
        groups,
        more,
    })
}
