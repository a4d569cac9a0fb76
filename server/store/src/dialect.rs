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

macro_rules! of_components {
    ($head:literal, $members:literal, $order:literal) => {
        concat!(
            $head,
            " WHERE organization = $1 AND (project, component) IN (",
            $members,
            ") ORDER BY ",
            $order
        )
    };
}

/// The bindings of the components whose projects and names stand in a JSON list of pairs.
pub fn bindings_of(store: &Store) -> &'static str {
    macro_rules! query {
        ($members:literal) => {
            of_components!(
                "SELECT id, organization, project, component, environment, name, plane, \
                 namespace, state, artifact, label, release, deployment_id, health, sentence, \
                 since, ready, wanted, endpoints, blocked, last_lines FROM bindings",
                $members,
                "project, component, environment"
            )
        };
    }
    match store {
        Store::Sqlite(..) => query!(
            "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each($2)"
        ),
        Store::Postgres(_) => {
            query!("SELECT pair->>0, pair->>1 FROM json_array_elements(CAST($2 AS json)) pair")
        }
    }
}

/// What waits of the components whose projects and names stand in a JSON list of pairs.
pub fn waiting_of(store: &Store) -> &'static str {
    macro_rules! query {
        ($members:literal) => {
            of_components!(
                "SELECT resource_id, organization, project, component, kind, name, for_what, \
                 why, since FROM waiting",
                $members,
                "since, for_what"
            )
        };
    }
    match store {
        Store::Sqlite(..) => query!(
            "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each($2)"
        ),
        Store::Postgres(_) => {
            query!("SELECT pair->>0, pair->>1 FROM json_array_elements(CAST($2 AS json)) pair")
        }
    }
}
