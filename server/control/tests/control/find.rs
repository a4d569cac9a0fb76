//! What is declared is found, on both databases: made, renamed, deleted, never by another organization.

use model::{
    identity::Identity,
    kind::Kind,
    view::{SearchQuestion, SearchView},
};

use crate::{Running, declare, postgres::database, viewer};

fn asks(text: &str) -> SearchQuestion {
    SearchQuestion {
        text: text.into(),
        kind: None,
        per_kind: 10,
        page: 1,
    }
}

fn names(found: &SearchView) -> Vec<String> {
    let hits = found.groups.iter().flat_map(|group| &group.hits);
    hits.map(|hit| hit.identity.to_string()).collect()
}

async fn found(running: &Running, text: &str) -> Vec<String> {
    let find = &running.ports.find;
    names(&find.search(&viewer(), &asks(text)).await.expect("searches"))
}

/// A database of each kind.
async fn both() -> Vec<Running> {
    let url = database().await;
    vec![
        Running::start(|settings| settings.reconcile = false).await,
        Running::start(|settings| {
            settings.reconcile = false;
            settings.database_url = url;
        })
        .await,
    ]
}

fn titled(title: &str) -> String {
    format!(
        "apiVersion: openchoreo.dev/v1alpha1\nkind: Component\nmetadata:\n  name: cart\n  \
         labels: {{acme.io/team: blue-whales}}\n  annotations:\n    \
         openchoreo.dev/display-name: {title}\nspec: {{owner: {{projectName: shop}}, type: Service}}\n"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn things_are_found_by_names_parts_titles_owners_and_images() {
    for running in both().await {
        running
            .apply(&format!(
                "{}---{}",
                declare::CART,
                declare::workload("registry.acme/img/basket:7")
            ))
            .await;
        running.apply(&titled("Shopping trolley")).await;
        for text in [
            "cart",
            "CAR",
            "trolley",
            "shopping tro",
            "shop cart",
            "blue",
            "whales",
            "basket",
            "img/basket:7",
            "registry.acme",
        ] {
            assert!(
                found(&running, text)
                    .await
                    .contains(&"Component shop/cart".to_owned()),
                "{text}: {:?}",
                found(&running, text).await
            );
        }
        assert_eq!(found(&running, "art").await, Vec::<String>::new());
        assert_eq!(found(&running, "cart zzz").await, Vec::<String>::new());
        assert_eq!(found(&running, "%").await, Vec::<String>::new());
        assert_eq!(found(&running, "stag").await, ["Environment staging"]);
        // The project itself comes before what is in it.
        assert_eq!(found(&running, "shop").await[0], "Project shop");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_renamed_is_found_by_its_new_name_alone_and_what_is_gone_not_at_all() {
    for running in both().await {
        let whole = format!("{}---{}", declare::CART, declare::workload("basket:7"));
        running.apply(&whole).await;
        running.apply(&titled("Shopping trolley")).await;
        running.apply(&titled("Wagon")).await;
        assert_eq!(found(&running, "wagon").await, ["Component shop/cart"]);
        assert_eq!(found(&running, "trolley").await, Vec::<String>::new());
        running.apply(&declare::workload("crate:1")).await;
        assert_eq!(found(&running, "basket").await, Vec::<String>::new());
        assert_eq!(found(&running, "crate").await, ["Component shop/cart"]);
        let class = "apiVersion: openchoreo.dev/v1alpha1\nkind: ServiceClass\n\
                     metadata: {name: speedy}\nspec: {}\n";
        running.apply(class).await;
        assert_eq!(found(&running, "speed").await, ["ServiceClass speedy"]);
        let speedy = Identity::in_organization(Kind::ServiceClass, "default", "speedy");
        let deleted = running.ports.manifests.delete(&viewer(), &speedy).await;
        deleted.expect("deletes");
        assert_eq!(found(&running, "speed").await, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_organization_finds_nothing_of_it() {
    for running in both().await {
        running.apply(declare::CART).await;
        let mut stranger = viewer();
        stranger.organization = "other".into();
        let find = &running.ports.find;
        let seen = find
            .search(&stranger, &asks("cart"))
            .await
            .expect("searches");
        assert_eq!(names(&seen), Vec::<String>::new());
        assert_eq!(found(&running, "cart").await, ["Component shop/cart"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_lists_come_in_parts_and_kinds_alone() {
    for running in both().await {
        let many: Vec<String> = (0..25)
            .map(|at| {
                format!(
                    "apiVersion: openchoreo.dev/v1alpha1\nkind: Component\n\
                     metadata: {{name: \"part-{at:02}\"}}\n\
                     spec: {{owner: {{projectName: default}}, type: Service}}\n"
                )
            })
            .collect();
        running.apply(&many.join("---\n")).await;
        let question = |page| SearchQuestion {
            kind: Some(Kind::Component),
            page,
            ..asks("part")
        };
        let find = &running.ports.find;
        let mut all = Vec::new();
        for page in 1..=3 {
            let seen = find
                .search(&viewer(), &question(page))
                .await
                .expect("searches");
            assert_eq!(seen.groups[0].total, 25);
            all.extend(names(&seen));
        }
        let wanted: Vec<String> = (0..25)
            .map(|at| format!("Component default/part-{at:02}"))
            .collect();
        assert_eq!(all, wanted);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_that_was_lost_is_made_anew_at_the_next_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = control::Settings {
        reconcile: false,
        ..crate::settings(&folder)
    };
    let platform = control::Platform::open(settings.clone())
        .await
        .expect("opens");
    let asks = SearchQuestion {
        per_kind: 10,
        page: 1,
        ..asks("development")
    };
    let before = platform
        .ports()
        .find
        .search(&viewer(), &asks)
        .await
        .expect("searches");
    assert_eq!(names(&before), ["Environment development"]);
    platform.store().close().await;
    let pool = sqlx::SqlitePool::connect(&settings.database_url)
        .await
        .expect("opens");
    for sql in [
        "DELETE FROM search_words",
        "DELETE FROM search_entries",
        "DELETE FROM meta WHERE name = 'search'",
    ] {
        sqlx::query(sql).execute(&pool).await.expect("done");
    }
    pool.close().await;
    let platform = control::Platform::open(settings).await.expect("opens");
    let after = platform
        .ports()
        .find
        .search(&viewer(), &asks)
        .await
        .expect("searches");
    assert_eq!(after, before);
}
