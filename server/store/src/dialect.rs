//! The few places where the databases differ.

use crate::Store;

/// Takes the most urgent job that is due and free.
///
/// Postgres must skip rows that another replica is just taking; SQLite has one writer.
pub fn claim_job(store: &Store) -> &'static str {
    match store {
        Store::Sqlite(..) => {
            "UPDATE jobs SET lease_until = $2, fence = fence + 1 WHERE key = (\
             SELECT key FROM jobs WHERE not_before <= $1 AND lease_until <= $1 \
             ORDER BY priority, not_before, key LIMIT 1) \
             RETURNING key, attempts, generation, fence"
        }
        Store::Postgres(_) => {
            "UPDATE jobs SET lease_until = $2, fence = fence + 1 WHERE key = (\
             SELECT key FROM jobs WHERE not_before <= $1 AND lease_until <= $1 \
             ORDER BY priority, not_before, key LIMIT 1 FOR UPDATE SKIP LOCKED) \
             RETURNING key, attempts, generation, fence"
        }
    }
}

macro_rules! cells {
    ($members:literal) => {
        concat!(
            "SELECT b.component, b.environment, b.artifact, b.label, b.health, b.sentence, ",
            "b.since, b.state, COALESCE((SELECT MAX(a.number) FROM artifacts a WHERE ",
            "a.organization = b.organization AND a.project = b.project AND ",
            "a.component = b.component), 0) AS newest FROM bindings b WHERE ",
            "b.organization = $1 AND b.project = $2 AND b.component IN (",
            $members,
            ")"
        )
    };
}

/// The cells of the components whose names stand in a JSON list.
pub fn cells(store: &Store) -> &'static str {
    match store {
        Store::Sqlite(..) => cells!("SELECT value FROM json_each($3)"),
        Store::Postgres(_) => cells!("SELECT json_array_elements_text(CAST($3 AS json))"),
    }
}
