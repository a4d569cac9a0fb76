//! The rules of accounts, on both databases.

use std::sync::atomic::{AtomicI64, Ordering};

use control::{
    Error, Result,
    accounts::{Accounts, IDLE, NewSession, PER_ACCOUNT, PER_ADDRESS, WINDOW},
};
use model::{access::Via, problem::Problem};
use store::Store;

const SECOND: i64 = 1_000_000;

static NOW: AtomicI64 = AtomicI64::new(0);
/// The clock is shared, so these tests go one after the other.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn clock() -> i64 {
    NOW.load(Ordering::SeqCst)
}

fn wait(span: i64) {
    NOW.fetch_add(span, Ordering::SeqCst);
}

/// Runs a test on SQLite and on Postgres.
async fn on_both(test: impl AsyncFn(Accounts, Store)) {
    let _turn = TURN.lock().await;
    NOW.store(1_800_000_000 * SECOND, Ordering::SeqCst);
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("accounts.db").display());
    let store = Store::open(&url).await.expect("opens");
    test(Accounts::with_clock(store.clone(), clock), store).await;
    #[expect(clippy::disallowed_methods, reason = "tests have no settings")]
    let server = std::env::var("TEST_POSTGRES_URL").expect(
        "TEST_POSTGRES_URL must name a PostgreSQL server: use `make test`, which starts one",
    );
    let store = Store::open(&database(&server).await).await.expect("opens");
    test(Accounts::with_clock(store.clone(), clock), store).await;
}

/// A database of its own on the server that `make test` starts.
async fn database(server: &str) -> String {
    let name = format!("accounts_{}", control::clock::id().replace('-', ""));
    let pool = sqlx::PgPool::connect(server)
        .await
        .expect("the server answers");
    let sql = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(sql).execute(&pool).await.expect("a database");
    let (base, query) = server.split_once('?').unwrap_or((server, ""));
    let (base, _) = base.rsplit_once('/').expect("an address with a database");
    format!(
        "{base}/{name}{}{query}",
        if query.is_empty() { "" } else { "?" }
    )
}

fn told(result: Result<NewSession>) -> Problem {
    match result {
        Err(Error::Told(problem)) => problem,
        Err(error) => panic!("broke: {error}"),
        Ok(_) => panic!("let in"),
    }
}

const PASSWORD: &str = "correct horse";

#[tokio::test]
async fn a_setup_link_works_once_and_only_the_newest() {
    on_both(async |accounts, _| {
        let old = accounts
            .new_setup_link()
            .await
            .expect("answers")
            .expect("needed");
        let link = accounts
            .new_setup_link()
            .await
            .expect("answers")
            .expect("needed");
        assert!(!accounts.setup_link_valid(&old).await.expect("answers"));
        assert_eq!(
            told(accounts.setup(&old, "admin", PASSWORD).await).status(),
            404
        );
        assert_eq!(
            told(accounts.setup(&link, "admin", "short").await).status(),
            422
        );
        assert!(accounts.setup_link_valid(&link).await.expect("answers"));
        let session = accounts
            .setup(&link, "admin", PASSWORD)
            .await
            .expect("made");
        assert!(session.viewer.administrator);
        assert_eq!(
            told(accounts.setup(&link, "eve", PASSWORD).await).status(),
            404
        );
        assert!(accounts.new_setup_link().await.expect("answers").is_none());
        assert!(
            accounts
                .viewer_by_session(&session.token)
                .await
                .expect("answers")
                .is_some()
        );
    })
    .await;
}

#[tokio::test]
async fn sessions_are_new_each_time_and_end() {
    on_both(async |accounts, store| {
        accounts.ensure_admin(PASSWORD).await.expect("made");
        accounts
            .ensure_admin("another one")
            .await
            .expect("left alone");
        let first = accounts
            .sign_in("admin", PASSWORD, "::1")
            .await
            .expect("in");
        let second = accounts
            .sign_in("admin", PASSWORD, "::1")
            .await
            .expect("in");
        assert_ne!(first.token, second.token);
        assert!(
            store
                .session(&first.token)
                .await
                .expect("answers")
                .is_none(),
            "stored in the clear"
        );
        accounts.sign_out(&first.token).await.expect("out");
        assert!(
            accounts
                .viewer_by_session(&first.token)
                .await
                .expect("answers")
                .is_none()
        );
        assert!(
            accounts
                .viewer_by_session("")
                .await
                .expect("answers")
                .is_none()
        );
        // Used every seven hours it lives until the day is over.
        for _ in 0..3 {
            wait(7 * 3600 * SECOND);
            assert!(
                accounts
                    .viewer_by_session(&second.token)
                    .await
                    .expect("answers")
                    .is_some()
            );
        }
        wait(3 * 3600 * SECOND);
        assert!(
            accounts
                .viewer_by_session(&second.token)
                .await
                .expect("answers")
                .is_none()
        );
        let idle = accounts
            .sign_in("admin", PASSWORD, "::1")
            .await
            .expect("in");
        wait(IDLE);
        assert!(
            accounts
                .viewer_by_session(&idle.token)
                .await
                .expect("answers")
                .is_none()
        );
    })
    .await;
}

#[tokio::test]
async fn strangers_and_wrong_passwords_get_one_answer_and_are_slowed_down() {
    on_both(async |accounts, _| {
        accounts.ensure_admin(PASSWORD).await.expect("made");
        let stranger = told(accounts.sign_in("nobody", PASSWORD, "10.0.0.1").await);
        let wrong = told(accounts.sign_in("admin", "wrong", "10.0.0.1").await);
        assert_eq!(stranger, wrong);
        // A success forgives the account's earlier attempts.
        accounts
            .sign_in("admin", PASSWORD, "10.0.0.1")
            .await
            .expect("in");
        for number in 0..PER_ACCOUNT {
            let address = format!("10.0.1.{number}");
            assert_eq!(
                told(accounts.sign_in("admin", "wrong", &address).await).status(),
                422
            );
        }
        let problem = told(accounts.sign_in("admin", PASSWORD, "10.0.2.1").await);
        assert_eq!(
            problem,
            Problem::Throttled {
                seconds: WINDOW / SECOND
            }
        );
        wait(WINDOW);
        accounts
            .sign_in("admin", PASSWORD, "10.0.2.1")
            .await
            .expect("in again");
    })
    .await;
}

#[tokio::test]
async fn an_address_is_slowed_down_whatever_names_it_tries() {
    on_both(async |accounts, _| {
        for number in 0..PER_ADDRESS {
            let name = format!("guess-{number}");
            assert_eq!(
                told(accounts.sign_in(&name, "wrong", "10.9.9.9").await).status(),
                422
            );
        }
        assert_eq!(
            told(accounts.sign_in("one-more", "wrong", "10.9.9.9").await).status(),
            429
        );
        assert_eq!(
            told(accounts.sign_in("one-more", "wrong", "10.9.9.8").await).status(),
            422
        );
    })
    .await;
}

#[tokio::test]
async fn tokens_let_in_until_they_end_or_are_revoked() {
    on_both(async |accounts, store| {
        accounts.ensure_admin(PASSWORD).await.expect("made");
        let short = accounts
            .create_token("admin", "short", Some(60))
            .await
            .expect("made");
        let long = accounts
            .create_token("admin", "long", None)
            .await
            .expect("made");
        assert!(
            accounts.create_token("admin", "long", None).await.is_err(),
            "twice"
        );
        assert!(
            accounts.create_token("nobody", "x", None).await.is_err(),
            "for nobody"
        );
        assert!(
            store.token(&long).await.expect("answers").is_none(),
            "stored in the clear"
        );
        let viewer = accounts
            .viewer_by_token(&short)
            .await
            .expect("answers")
            .expect("in");
        assert_eq!(
            viewer.via,
            Via::Token {
                name: "short".into()
            }
        );
        let listed = accounts.list_tokens("admin").await.expect("answers");
        assert_eq!(
            listed.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(),
            ["long", "short"]
        );
        assert_eq!(
            (listed[0].used_at, listed[1].used_at),
            (None, Some(clock()))
        );
        wait(60 * SECOND);
        assert!(
            accounts
                .viewer_by_token(&short)
                .await
                .expect("answers")
                .is_none()
        );
        assert!(
            accounts
                .viewer_by_token(&long)
                .await
                .expect("answers")
                .is_some()
        );
        assert!(
            accounts
                .revoke_token("admin", "long")
                .await
                .expect("answers")
        );
        assert!(
            !accounts
                .revoke_token("admin", "long")
                .await
                .expect("answers")
        );
        assert!(
            accounts
                .viewer_by_token(&long)
                .await
                .expect("answers")
                .is_none()
        );
        assert!(
            accounts
                .viewer_by_token("nothing")
                .await
                .expect("answers")
                .is_none()
        );
    })
    .await;
}
