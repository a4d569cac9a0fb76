-- Accounts: users, sessions, tokens. Whatever lets somebody in is stored as a hash only.

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    administrator BIGINT NOT NULL,
    organization TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX sessions_of ON sessions (user_id);
CREATE INDEX sessions_created ON sessions (created_at);

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    used_at BIGINT,
    UNIQUE (user_id, name)
);

-- At most one row that counts: the newest link. None once there is an administrator.
CREATE TABLE setup_links (
    hash TEXT PRIMARY KEY,
    created_at BIGINT NOT NULL
);

-- Counted per account and per address, here and not in memory: a restart forgives nothing.
CREATE TABLE sign_in_attempts (
    key TEXT PRIMARY KEY,
    attempts BIGINT NOT NULL,
    since BIGINT NOT NULL
);
CREATE INDEX sign_in_attempts_since ON sign_in_attempts (since);
