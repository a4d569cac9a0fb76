-- Data keys, each wrapped by a master key that isn't in the database; and what tests of planes found.

CREATE TABLE seal_keys (
    id TEXT PRIMARY KEY,
    -- Which master key wraps it: a fingerprint, not the key.
    master TEXT NOT NULL,
    wrapped TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Since when nothing new is sealed with it.
    retired_at BIGINT
);

CREATE TABLE plane_tests (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    passed BIGINT NOT NULL,
    steps TEXT NOT NULL
);
CREATE INDEX plane_tests_of ON plane_tests (organization, kind, name, at);
