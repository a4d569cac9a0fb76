-- What people had done with something that runs: things of their own, so that they outlive a rendering.

-- A rolling restart. The newest of a binding stands in its pods' annotations, and so in its releases.
CREATE TABLE restarts (
    id TEXT PRIMARY KEY,
    binding_id TEXT NOT NULL,
    organization TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL
) STRICT;
CREATE INDEX restarts_of ON restarts (binding_id, at);

-- A task that was run by hand: written before the plane hears of it, and made there once.
CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    binding_id TEXT NOT NULL,
    organization TEXT NOT NULL,
    job TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    made_at INTEGER,
    trouble TEXT NOT NULL
) STRICT;
CREATE INDEX runs_of ON runs (binding_id, at);
