//! Keys: rotated while nothing is lost, whenever it is killed.

use control::{Settings, keys, seal::Masters};
use model::{identity::Identity, kind::Kind};
use store::Store;
use zeroize::Zeroizing;

use crate::{Running, settings};

const PLANE: &str = "apiVersion: openchoreo.dev/v1alpha1\nkind: BuildPlane\nmetadata: {name: b}\nspec:\n  \
    kubernetesCluster: {name: b}\n  observer: {url: 'https://o', authentication: {basicAuth: {username: u, password: PASSWORD}}}\n";

fn with(password: &str) -> String {
    PLANE.replace("PASSWORD", password)
}

fn nothing(_: &str) -> Option<Zeroizing<String>> {
    None
}

async fn spec(store: &Store) -> String {
    let who = Identity::in_organization(Kind::BuildPlane, "default", "b");
    let resource = store.resource(&who).await.expect("reads").expect("there");
    assert!(
        !resource.spec.to_string().contains("geheim"),
        "{:?}",
        resource.spec
    );
    resource.spec["observer"]["authentication"]["basicAuth"]["password"]
        .as_str()
        .expect("a text")
        .to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_seals_everything_anew_while_a_server_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    rotated(settings(&folder), folder).await;
}

/// The same on whichever database.
pub(crate) async fn rotated(settings: Settings, folder: tempfile::TempDir) {
    let data = folder.path().to_owned();
    let running = Running::with(settings.clone(), folder).await;
    running.apply(&with("geheim1")).await;
    running.apply(&with("geheim2")).await;
    let store = Store::open(&settings.database_url).await.expect("opens");
    let masters = Masters::read(&data, &nothing).expect("the key");
    let before = spec(&store).await;
    let found = keys::list(&store, &masters).await.expect("lists");
    // The one that is stored, and three in its history.
    assert_eq!(
        (found.keys.len(), found.keys[0].values),
        (1, 4),
        "{found:?}"
    );

    let done = keys::rotate(&store, &masters).await.expect("rotates");
    assert_eq!((done.values, done.removed.len()), (4, 0));
    let after = spec(&store).await;
    assert_ne!(before, after);
    assert!(after.contains(&done.key), "{after}");
    let found = keys::list(&store, &masters).await.expect("lists");
    assert_eq!(found.closed, [] as [&str; 0]);
    let values: Vec<usize> = found.keys.iter().map(|key| key.values).collect();
    assert_eq!(values, [0, 4]);

    // The server that runs goes on: it opens what is there, and seals with the new key.
    let view = running.apply(&with("geheim2")).await;
    assert_eq!(view.rows[0].change, model::view::Change::Unchanged);
    running.apply(&with("geheim3")).await;
    assert!(spec(&store).await.contains(&done.key));

    // The one that was retired goes with the next rotation.
    let again = keys::rotate(&store, &masters).await.expect("rotates");
    assert_eq!(again.removed, [found.keys[0].id.clone()]);
    let found = keys::list(&store, &masters).await.expect("lists");
    assert_eq!(found.closed, [] as [&str; 0]);
    let running = running.kill().await;
    let view = running.apply(&with("geheim3")).await;
    assert_eq!(view.rows[0].change, model::view::Change::Unchanged);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_master_key_takes_the_place_of_the_old_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = settings(&folder);
    let data = folder.path().to_owned();
    let running = Running::with(settings.clone(), folder).await;
    running.apply(&with("geheim1")).await;
    let store = Store::open(&settings.database_url).await.expect("opens");
    let old = Masters::read(&data, &nothing).expect("the key");
    let coming = |name: &str| (name == "TROUPE_KEY_NEW").then(|| Zeroizing::new("cd".repeat(32)));
    let both = Masters::read(&data, &coming).expect("both");
    let done = keys::rotate(&store, &both).await.expect("rotates");
    assert_eq!(done.master, both.wraps_with());
    assert!(
        keys::list(&store, &old).await.is_err(),
        "the old one opens nothing"
    );
    let file = std::fs::read_to_string(data.join("troupe.key")).expect("the file");
    assert_eq!(file.trim(), "cd".repeat(32));
    let now = Masters::read(&data, &nothing).expect("the new key");
    let found = keys::list(&store, &now).await.expect("lists");
    assert_eq!(found.closed, [] as [&str; 0]);
    // The server that runs finds the new one in the file.
    running.apply(&with("geheim2")).await;
    assert!(spec(&store).await.contains(&done.key));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_master_key_sealed_itself_is_sealed_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = settings(&folder);
    let data = folder.path().to_owned();
    let running = Running::with(settings.clone(), folder).await;
    running.apply(&with("geheim1")).await;
    let store = Store::open(&settings.database_url).await.expect("opens");
    let masters = Masters::read(&data, &nothing).expect("the key");
    // As the first releases sealed it.
    let context = "default|BuildPlane|b|observer.authentication.basicAuth.password";
    let old = masters.seal_as_before("geheim1", context);
    let now = spec(&store).await;
    for sql in [
        "UPDATE resources SET spec = replace(spec, $1, $2)",
        "UPDATE resource_history SET after = replace(after, $1, $2)",
    ] {
        let store::Store::Sqlite(_, db) = &store else {
            panic!("SQLite")
        };
        sqlx::query(sql)
            .bind(&now)
            .bind(&old)
            .execute(db)
            .await
            .expect("writes");
    }
    let view = running.apply(&with("geheim1")).await;
    assert_eq!(
        view.rows[0].change,
        model::view::Change::Unchanged,
        "it still opens"
    );
    let found = keys::list(&store, &masters).await.expect("lists");
    assert_eq!((found.by_master, found.closed.len()), (2, 0));
    keys::rotate(&store, &masters).await.expect("rotates");
    let found = keys::list(&store, &masters).await.expect("lists");
    assert_eq!((found.by_master, found.closed.len()), (0, 0));
    assert!(spec(&store).await.starts_with("sealed:v2:"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_that_meets_what_does_not_open_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = settings(&folder);
    let data = folder.path().to_owned();
    let running = Running::with(settings.clone(), folder).await;
    running.apply(&with("geheim1")).await;
    let store = Store::open(&settings.database_url).await.expect("opens");
    let masters = Masters::read(&data, &nothing).expect("the key");
    let sealed = spec(&store).await;
    let store::Store::Sqlite(_, db) = &store else {
        panic!("SQLite")
    };
    let broken = format!("{}AAAA", &sealed[..sealed.len() - 4]);
    sqlx::query("UPDATE resource_history SET after = replace(after, $1, $2)")
        .bind(&sealed)
        .bind(&broken)
        .execute(db)
        .await
        .expect("writes");
    let refused = keys::rotate(&store, &masters).await;
    let told = refused.expect_err("refuses").to_string();
    assert!(
        told.contains("BuildPlane b (history") && !told.contains("geheim"),
        "{told}"
    );
    assert_eq!(spec(&store).await, sealed, "nothing was changed");
    let found = keys::list(&store, &masters).await.expect("lists");
    assert_eq!((found.keys.len(), found.closed.len()), (1, 1), "{found:?}");
}
