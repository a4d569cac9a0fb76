//! What is found, starred and remembered, out of memory.

use model::port::find::Find;

use super::*;

pub(super) fn favourites() -> Vec<Identity> {
    vec![Identity::in_organization(Kind::Project, "acme", "shop")]
}

fn hit(identity: Identity, title: &str, said: &str, rank: i64) -> Hit {
    Hit {
        identity,
        title: title.into(),
        said: said.into(),
        rank,
    }
}

#[async_trait]
impl Find for World {
    async fn search(&self, _: &Viewer, question: &SearchQuestion) -> Answer<SearchView> {
        let terms = model::search::terms(&question.text);
        if *self == World::Empty || terms.is_empty() || question.text.contains("zzz") {
            return Ok(SearchView {
                terms,
                ..SearchView::default()
            });
        }
        let in_shop = |name: &str| Identity::in_project(Kind::Component, "acme", "shop", name);
        let shop = Identity::in_organization(Kind::Project, "acme", "shop");
        let cart = vec![
            hit(in_shop("cart"), "Shopping cart", "", 0),
            hit(
                in_shop("currency"),
                "currency",
                "registry.acme.dev/shop/currency:1.4",
                4,
            ),
        ];
        let groups = [
            (Kind::Project, 1, vec![hit(shop, "Shop", "", 0)]),
            (Kind::Component, 120, cart),
        ];
        let groups = groups
            .into_iter()
            .filter(|(kind, ..)| question.kind.is_none_or(|wanted| wanted == *kind))
            .map(|(kind, total, hits)| HitGroup { kind, total, hits });
        Ok(SearchView {
            terms,
            groups: groups.collect(),
            more: false,
        })
    }

    async fn favourites(&self, _: &Viewer) -> Answer<Vec<Identity>> {
        Ok(if *self == World::Empty {
            vec![]
        } else {
            favourites()
        })
    }

    async fn keep(&self, _: &Viewer, _: &Identity) -> Answer<()> {
        Ok(())
    }

    async fn let_go(&self, _: &Viewer, _: &Identity) -> Answer<()> {
        Ok(())
    }
}
