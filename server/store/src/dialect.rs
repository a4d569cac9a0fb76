//! The few places where the databases differ.

use crate::Store;

/// Takes the most urgent job that is due and free.
///
/// Postgres must skip rows that another replica is just taking; SQLite has one writer.
pub fn claim_job(store: &Store) -> &'static str {
    match store {
        Store::Sqlite(_) => {
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
