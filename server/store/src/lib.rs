//! One store on SQLite and Postgres: what is declared, what became of it, what is still to be done.
//!
//! The text of a query is one constant for both databases; [`on!`] runs it on whichever is open.
//! What differs stands in [`dialect`]. A write of something declared takes a [`model::access::Grant`].

pub mod accounts;
pub mod actions;
pub mod artifacts;
pub mod bindings;
pub mod bulk;
pub mod changes;
pub mod classes;
pub mod dependencies;
pub mod deployments;
pub mod dialect;
pub mod drafting;
pub mod favourites;
pub mod history;
pub mod idempotency;
pub mod inventory;
pub mod jobs;
pub mod keys;
pub mod lists;
pub mod live;
pub mod meta;
pub mod plane_tests;
pub mod planes;
pub mod releases;
pub mod resources;
pub mod rollouts;
pub mod search;
pub mod seed;
pub mod slices;
pub mod waiting;

use std::{collections::BTreeSet, str::FromStr, time::Duration};

use sqlx::{
    PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

/// What can go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database said no.
    #[error("the database refused: {0}")]
    Database(#[from] sqlx::Error),
    /// A migration couldn't be run.
    #[error("the database couldn't be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The address can't be used.
    #[error("the database address can't be used: {0}")]
    Address(String),
    /// A row holds what no version of Troupe wrote.
    #[error("a row of {table} can't be read: {reason}")]
    Row {
        /// The table.
        table: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Somebody else wrote in the meantime.
    #[error("{what} was changed in the meantime")]
    Stale {
        /// What was changed.
        what: String,
    },
}

/// What the store answers with.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An open database.
#[derive(Debug, Clone)]
pub enum Store {
    /// A file: connections that read, and the one that writes. Writers queue for it in order;
    /// without it they would wait inside of SQLite, each holding a connection that a reader needs.
    Sqlite(SqlitePool, SqlitePool),
    /// A server.
    Postgres(PgPool),
}

/// Runs the same reading expression on whichever database is open.
#[macro_export]
macro_rules! on {
    ($store:expr, |$db:ident| $body:expr) => {
        match $store {
            $crate::Store::Sqlite($db, _) => $body,
            $crate::Store::Postgres($db) => $body,
        }
    };
}

/// Runs the same writing expression on whichever database is open, outside of any transaction.
/// Never inside one: there it would wait for itself.
#[macro_export]
macro_rules! on_write {
    ($store:expr, |$db:ident| $body:expr) => {
        match $store {
            $crate::Store::Sqlite(_, $db) => $body,
            $crate::Store::Postgres($db) => $body,
        }
    };
}

/// Runs the same expression inside a transaction, on whichever database is open.
#[macro_export]
macro_rules! within {
    ($tx:expr, |$db:ident| $body:expr) => {
        match &mut $tx.inner {
            $crate::Inner::Sqlite(transaction) => {
                let $db = &mut **transaction;
                $body
            }
            $crate::Inner::Postgres(transaction) => {
                let $db = &mut **transaction;
                $body
            }
        }
    };
}

/// The database's own transaction.
#[derive(Debug)]
pub enum Inner {
    /// Of a file.
    Sqlite(Transaction<'static, Sqlite>),
    /// Of a server.
    Postgres(Transaction<'static, Postgres>),
}

/// A transaction. Dropping it undoes it; only [`Tx::commit`] keeps what was done.
#[derive(Debug)]
pub struct Tx {
    inner: Inner,
    topics: BTreeSet<String>,
    now: i64,
}

static SQLITE_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations/postgres");

impl Store {
    /// Opens `sqlite://path` (made when it isn't there) or `postgres://…` and brings it up to date.
    ///
    /// # Errors
    /// When the address can't be used, the database doesn't answer or a migration fails.
    pub async fn open(url: &str) -> Result<Store> {
        let store = if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url)
                .map_err(|error| Error::Address(error.to_string()))?
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // FULL: what was accepted survives the loss of power, not only of the process.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10));
            let writer = SqlitePoolOptions::new()
                .max_connections(1)
                .acquire_timeout(Duration::from_secs(30))
                .connect_with(options.clone())
                .await?;
            let readers = SqlitePoolOptions::new()
                .max_connections(8)
                .connect_with(options)
                .await?;
            Store::Sqlite(readers, writer)
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(Duration::from_secs(10))
                .connect(url)
                .await?;
            Store::Postgres(pool)
        } else {
            return Err(Error::Address(
                "use sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE".into(),
            ));
        };
        match &store {
            Store::Sqlite(_, pool) => SQLITE_MIGRATIONS.run(pool).await?,
            Store::Postgres(pool) => POSTGRES_MIGRATIONS.run(pool).await?,
        }
        if let Store::Sqlite(_, pool) = &store {
            // Counts what it holds, where that was never done or has changed much: plans of queries
            // follow from it. Postgres does so by itself.
            sqlx::query("PRAGMA optimize = 0x10002")
                .execute(pool)
                .await?;
        }
        store.fill_search().await?;
        Ok(store)
    }

    /// Begins a transaction that will write. `now` stamps all its rows.
    ///
    /// # Errors
    /// When the database doesn't answer.
    pub async fn begin(&self, now: i64) -> Result<Tx> {
        let inner = match self {
            // IMMEDIATE: a transaction that reads first and writes later would get a BUSY that no
            // timeout cures.
            Store::Sqlite(_, pool) => Inner::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Store::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        };
        Ok(Tx {
            inner,
            topics: BTreeSet::new(),
            now,
        })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it doesn't.
    pub async fn ping(&self) -> Result<()> {
        on!(self, |db| sqlx::query("SELECT 1")
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Has the database count what it holds, so that it plans its queries by that.
    ///
    /// # Errors
    /// When it refuses.
    pub async fn analyze(&self) -> Result<()> {
        on_write!(self, |db| sqlx::query("ANALYZE")
            .execute(db)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Closes all connections.
    pub async fn close(&self) {
        on!(self, |db| db.close().await);
        on_write!(self, |db| db.close().await);
    }
}

impl Tx {
    /// The moment that stamps this transaction's rows.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// Says that something under this topic changed; watchers hear of it when it is committed.
    pub fn touch(&mut self, topic: impl Into<String>) {
        self.topics.insert(topic.into());
    }

    /// Keeps what was done, and numbers the topics that changed.
    ///
    /// # Errors
    /// When the database refuses; then nothing was done.
    pub async fn commit(mut self) -> Result<()> {
        for topic in std::mem::take(&mut self.topics) {
            let sequence = self.next_sequence().await?;
            let now = self.now;
            const SQL: &str = "INSERT INTO changes (sequence, topic, at) VALUES ($1, $2, $3)";
            within!(self, |db| sqlx::query(SQL)
                .bind(sequence)
                .bind(&topic)
                .bind(now)
                .execute(db)
                .await
                .map(|_| ()))?;
        }
        match self.inner {
            Inner::Sqlite(transaction) => transaction.commit().await?,
            Inner::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }

    /// The next number in the order of all changes.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn next_sequence(&mut self) -> Result<i64> {
        const SQL: &str = "UPDATE sequence SET value = value + 1 WHERE id = 1 RETURNING value";
        Ok(within!(self, |db| sqlx::query_scalar(SQL)
            .fetch_one(db)
            .await)?)
    }
}

impl Tx {
    /// Takes so many numbers in the order of all changes at once; gives the first.
    async fn reserve_sequence(&mut self, many: usize) -> Result<i64> {
        const SQL: &str = "UPDATE sequence SET value = value + $1 WHERE id = 1 RETURNING value";
        let many = i64::try_from(many).unwrap_or(i64::MAX);
        let last: i64 = within!(self, |db| sqlx::query_scalar(SQL)
            .bind(many)
            .fetch_one(db)
            .await)?;
        Ok(last - many + 1)
    }
}

/// Reads a JSON column.
fn from_json<T: serde::de::DeserializeOwned>(table: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Row {
        table,
        reason: error.to_string(),
    })
}

/// Writes a JSON column.
fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data serialises: string keys, no failing impls")
}
