//! The same on Postgres: `TEST_POSTGRES_URL` names a server that tests may make databases on.

use model::{health::Health, view::Change};

use crate::{Running, classes, declare, drafting};

/// A database of its own on the server that `make test` starts.
pub(crate) async fn database() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are told by their runner where it runs"
    )]
    let server = std::env::var("TEST_POSTGRES_URL").expect(
        "TEST_POSTGRES_URL must name a PostgreSQL server: use `make test`, which starts one",
    );
    let name = format!("control_{}", control::clock::id().replace('-', ""));
    let pool = sqlx::PgPool::connect(&server)
        .await
        .expect("the server answers");
    let sql = format!("CREATE DATABASE {name}");
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .execute(&pool)
        .await
        .expect("a database");
    let (base, query) = server.split_once('?').unwrap_or((&server, ""));
    let (base, _) = base.rsplit_once('/').expect("an address with a database");
    let query = if query.is_empty() {
        String::new()
    } else {
        format!("?{query}")
    };
    format!("{base}/{name}{query}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_comes_up_changes_and_goes_on_postgres_too() {
    let url = database().await;
    let running = Running::start(|settings| settings.database_url = url).await;
    let all = format!("{}---{}", declare::CART, declare::workload("cart:1"));
    running.apply(&all).await;
    let card = running
        .health("shop", "cart", "development", Health::Healthy)
        .await;
    assert_eq!(card.release, Some(1));
    assert_eq!(running.apply(&all).await.count(Change::Unchanged), 4);
    running.apply(&declare::workload("cart:2")).await;
    running
        .until("the second release runs", || async {
            let card = running
                .health("shop", "cart", "development", Health::Healthy)
                .await;
            if card.release == Some(2) {
                Ok(())
            } else {
                Err(format!("{card:?}"))
            }
        })
        .await;
    let home = running
        .ports
        .overview
        .home(&running.viewer)
        .await
        .expect("home");
    assert_eq!(home.shipped.len(), 2);
    let page = model::view::Paging::default();
    let project = running
        .ports
        .projects
        .find(&running.viewer, "shop", &page)
        .await
        .expect("shop");
    assert_eq!(project.components.items[0].cells[0].version, "2");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_is_published_and_rolled_out_on_postgres_too() {
    let url = database().await;
    let running = Running::start(|settings| settings.database_url = url).await;
    classes::published_and_rolled_out(&running).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suggestions_are_the_same_on_postgres() {
    let url = database().await;
    drafting::suggestions(Running::start(|settings| settings.database_url = url).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_rotate_on_postgres_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = crate::settings(&folder);
    settings.database_url = database().await;
    crate::keys::rotated(settings, folder).await;
}
