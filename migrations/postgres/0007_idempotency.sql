-- Answers to requests that carried a key: who asks again within a day gets the same one.

CREATE TABLE idempotency (
    key TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    status BIGINT,
    head TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX idempotency_begun ON idempotency (begun_at);
