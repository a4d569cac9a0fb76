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
            "b.organization = $1 AND b.project = $2 AND b.component ",
            $members
        )
    };
}

/// The cells of the components whose names stand in a JSON list.
pub fn cells(store: &Store) -> &'static str {
    match store {
        Store::Sqlite(..) => cells!("IN (SELECT value FROM json_each($3))"),
        Store::Postgres(_) => {
            cells!("= ANY (ARRAY(SELECT json_array_elements_text(CAST($3 AS json))))")
        }
    }
}

/// Endpoints stand in workloads, and who sees them in services: a mapping of one joined with a
/// mapping of the other. `$2` and `$3` are who calls, so that nobody is told to call itself.
macro_rules! endpoints_to_call {
    ($endpoints:literal, $type:literal, $port:literal, $levels:literal) => {
        concat!(
            "SELECT * FROM (SELECT w.project AS project, w.component AS component, ",
            "e.key AS endpoint, ",
            $type,
            " AS endpoint_type, ",
            $port,
            " AS port, CAST(CASE WHEN EXISTS (SELECT 1 FROM resources d WHERE ",
            "d.organization = w.organization AND d.project = w.project AND ",
            "d.component = w.component AND d.kind = 'WebApplication') THEN 2 ELSE ",
            "COALESCE((SELECT MAX(CASE l.value WHEN 'Public' THEN 2 WHEN 'Organization' THEN 1 ",
            "ELSE 0 END) FROM resources d, ",
            $levels,
            " l WHERE d.organization = w.organization AND d.project = w.project AND ",
            "d.component = w.component AND d.kind = 'Service'), 0) END AS BIGINT) AS exposure ",
            "FROM resources w, ",
            $endpoints,
            " e WHERE w.organization = $1 AND w.kind = 'Workload' AND w.deleted_at IS NULL ",
            "AND NOT (w.project = $2 AND w.component = $3) AND (w.project = $2 OR EXISTS (",
            "SELECT 1 FROM resources d WHERE d.organization = w.organization AND ",
            "d.project = w.project AND d.component = w.component AND (d.kind = 'WebApplication' ",
            "OR (d.kind = 'Service' AND (d.spec LIKE '%\"Organization\"%' OR ",
            "d.spec LIKE '%\"Public\"%'))))) AND ",
            "LOWER(w.project || '/' || w.component || '/' || e.key) LIKE $4 ",
            "AND NOT EXISTS (SELECT 1 FROM resources d WHERE d.organization = w.organization AND ",
            "d.project = w.project AND d.component = w.component AND d.kind = 'ScheduledTask')",
            ") found WHERE project = $2 OR exposure > 0 ",
            "ORDER BY CASE WHEN project = $2 THEN 0 ELSE 1 END, project, component, endpoint ",
            "LIMIT $5"
        )
    };
}

/// The endpoints that a component may call.
pub fn endpoints_to_call(store: &Store) -> &'static str {
    match store {
        Store::Sqlite(..) => endpoints_to_call!(
            "json_each(w.spec, '$.endpoints')",
            "json_extract(e.value, '$.type')",
            "json_extract(e.value, '$.port')",
            "json_each(d.spec, '$.apis.\"' || e.key || '\".rest.exposeLevels')"
        ),
        Store::Postgres(_) => endpoints_to_call!(
            "json_each(CAST(w.spec AS json) -> 'endpoints')",
            "e.value ->> 'type'",
            "CAST(e.value ->> 'port' AS bigint)",
            "json_array_elements_text(CAST(d.spec AS json) -> 'apis' -> e.key -> 'rest' -> \
             'exposeLevels')"
        ),
    }
}

macro_rules! configuration_keys {
    ($keys:literal, $key:literal) => {
        concat!(
            "SELECT r.name, ",
            $key,
            " FROM resources r, ",
            $keys,
            " k WHERE r.organization = $1 AND r.kind = 'ConfigurationGroup' AND ",
            "r.deleted_at IS NULL AND LOWER(r.name || '/' || ",
            $key,
            ") LIKE $2 ORDER BY 1, 2 LIMIT $3"
        )
    };
}

/// The keys of ConfigurationGroups.
pub fn configuration_keys(store: &Store) -> &'static str {
    match store {
        Store::Sqlite(..) => configuration_keys!(
            "json_each(r.spec, '$.configurations')",
            "json_extract(k.value, '$.key')"
        ),
        Store::Postgres(_) => configuration_keys!(
            "json_array_elements(CAST(r.spec AS json) -> 'configurations')",
            "(k.value ->> 'key')"
        ),
    }
}

macro_rules! inventories {
    ($members:literal) => {
        concat!(
            "SELECT binding_id, organization, plane, api_version, kind, namespace, name, uid, ",
            "wanted FROM inventory WHERE binding_id ",
            $members
        )
    };
}

/// What the bindings whose ids stand in a JSON list put onto planes.
pub fn inventories(store: &Store) -> &'static str {
    match store {
        Store::Sqlite(..) => inventories!("IN (SELECT value FROM json_each($1))"),
        Store::Postgres(_) => {
            inventories!("= ANY (ARRAY(SELECT json_array_elements_text(CAST($1 AS json))))")
        }
    }
}

macro_rules! project_counts {
    ($members:literal) => {
        concat!(
            "SELECT project, COUNT(*) FROM resources WHERE organization = $1 AND project ",
            $members,
            " AND component = '' AND kind = 'Component' GROUP BY project"
        )
    };
}

/// How many components the projects have whose names stand in a JSON list.
pub fn project_counts(store: &Store) -> &'static str {
    match store {
        Store::Sqlite(..) => project_counts!("IN (SELECT value FROM json_each($2))"),
        Store::Postgres(_) => {
            project_counts!("= ANY (ARRAY(SELECT json_array_elements_text(CAST($2 AS json))))")
        }
    }
}

macro_rules! tallies {
    ($members:literal) => {
        concat!(
            "SELECT project, environment, health, COUNT(*) AS count FROM bindings WHERE ",
            "organization = $1 AND project ",
            $members,
            " AND state <> 'Undeploy' GROUP BY project, environment, health"
        )
    };
}

/// Counts of the projects whose names stand in a JSON list.
pub fn tallies(store: &Store) -> &'static str {
    match store {
        Store::Sqlite(..) => tallies!("IN (SELECT value FROM json_each($2))"),
        Store::Postgres(_) => {
            tallies!("= ANY (ARRAY(SELECT json_array_elements_text(CAST($2 AS json))))")
        }
    }
}

macro_rules! projects_named {
    ($members:literal) => {
        concat!(
            "SELECT id, project, component, name, display_name, description, spec, generation, ",
            "updated_at, updated_by, deleted_at FROM resources WHERE organization = $1 AND ",
            "kind = 'Project' AND project = '' AND component = '' AND name ",
            $members,
            " ORDER BY name"
        )
    };
}

/// The projects whose names stand in a JSON list.
pub fn projects_named(store: &Store) -> &'static str {
    match store {
        Store::Sqlite(..) => projects_named!("IN (SELECT value FROM json_each($2))"),
        Store::Postgres(_) => {
            projects_named!("= ANY (ARRAY(SELECT json_array_elements_text(CAST($2 AS json))))")
        }
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
