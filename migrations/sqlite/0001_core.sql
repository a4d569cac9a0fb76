-- The core: what is declared, what became of it, what is still to be done.
-- Times are microseconds since the epoch, ids and JSON are text: one meaning on both databases.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- One row: the number of the newest change. Taken inside the writing transaction, so that numbers
-- become visible in their order.
CREATE TABLE sequence (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    value INTEGER NOT NULL
) STRICT;
INSERT INTO sequence (id, value) VALUES (1, 0);

CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY,
    topic TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE resources (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL,
    kind TEXT NOT NULL,
    project TEXT NOT NULL,
    component TEXT NOT NULL,
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT NOT NULL,
    labels TEXT NOT NULL,
    annotations TEXT NOT NULL,
    spec TEXT NOT NULL,
    generation INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    deleted_at INTEGER,
    UNIQUE (organization, kind, project, component, name)
) STRICT;
CREATE INDEX resources_of_component ON resources (organization, project, component, kind);

CREATE TABLE resource_history (
    sequence INTEGER PRIMARY KEY,
    resource_id TEXT NOT NULL,
    organization TEXT NOT NULL,
    kind TEXT NOT NULL,
    project TEXT NOT NULL,
    component TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    change TEXT NOT NULL,
    before TEXT,
    after TEXT
) STRICT;
CREATE INDEX resource_history_of ON resource_history (organization, project, component, name, sequence);
CREATE INDEX resource_history_id ON resource_history (resource_id, sequence);

CREATE TABLE class_versions (
    resource_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    spec TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (resource_id, version)
) STRICT;

CREATE TABLE artifacts (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL,
    project TEXT NOT NULL,
    component TEXT NOT NULL,
    number INTEGER NOT NULL,
    hash TEXT NOT NULL,
    label TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (organization, project, component, number),
    UNIQUE (organization, project, component, hash)
) STRICT;

-- What a binding became: the status of the binding resource with the same id, in columns, so that
-- lists are one query.
CREATE TABLE bindings (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL,
    project TEXT NOT NULL,
    component TEXT NOT NULL,
    environment TEXT NOT NULL,
    name TEXT NOT NULL,
    plane TEXT NOT NULL,
    namespace TEXT NOT NULL,
    state TEXT NOT NULL,
    artifact INTEGER,
    label TEXT NOT NULL,
    release INTEGER,
    deployment_id TEXT,
    health TEXT NOT NULL,
    sentence TEXT NOT NULL,
    since INTEGER NOT NULL,
    ready INTEGER NOT NULL,
    wanted INTEGER NOT NULL,
    endpoints TEXT NOT NULL,
    blocked TEXT NOT NULL,
    last_lines TEXT NOT NULL,
    UNIQUE (organization, project, component, environment)
) STRICT;
CREATE INDEX bindings_counts ON bindings (organization, project, environment, health);
CREATE INDEX bindings_health ON bindings (organization, health, since);

CREATE TABLE releases (
    id TEXT PRIMARY KEY,
    binding_id TEXT NOT NULL,
    organization TEXT NOT NULL,
    project TEXT NOT NULL,
    component TEXT NOT NULL,
    environment TEXT NOT NULL,
    number INTEGER NOT NULL,
    hash TEXT NOT NULL,
    artifact INTEGER NOT NULL,
    label TEXT NOT NULL,
    plane TEXT NOT NULL,
    namespace TEXT NOT NULL,
    objects TEXT NOT NULL,
    object_count INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (binding_id, number)
) STRICT;
CREATE INDEX releases_of ON releases (organization, project, component, created_at);

CREATE TABLE deployments (
    id TEXT PRIMARY KEY,
    binding_id TEXT NOT NULL,
    organization TEXT NOT NULL,
    project TEXT NOT NULL,
    component TEXT NOT NULL,
    environment TEXT NOT NULL,
    release INTEGER NOT NULL,
    artifact INTEGER NOT NULL,
    label TEXT NOT NULL,
    status TEXT NOT NULL,
    sentence TEXT NOT NULL,
    actor TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    pruned INTEGER NOT NULL,
    unchanged INTEGER NOT NULL
) STRICT;
CREATE INDEX deployments_of ON deployments (organization, project, component, started_at);
CREATE INDEX deployments_newest ON deployments (organization, started_at);
CREATE INDEX deployments_of_binding ON deployments (binding_id, started_at);

-- What we put onto planes: written before the plane is (intent), confirmed after, and gone only
-- when the plane says that the object is.
CREATE TABLE inventory (
    binding_id TEXT NOT NULL,
    organization TEXT NOT NULL,
    plane TEXT NOT NULL,
    api_version TEXT NOT NULL,
    kind TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    uid TEXT NOT NULL,
    wanted INTEGER NOT NULL,
    PRIMARY KEY (binding_id, plane, api_version, kind, namespace, name)
) STRICT;
CREATE INDEX inventory_of_plane ON inventory (organization, plane);

-- The plane's objects as last seen.
CREATE TABLE live_objects (
    organization TEXT NOT NULL,
    plane TEXT NOT NULL,
    uid TEXT NOT NULL,
    binding_id TEXT NOT NULL,
    api_version TEXT NOT NULL,
    kind TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    owner_uid TEXT NOT NULL,
    health TEXT NOT NULL,
    code TEXT NOT NULL,
    sentence TEXT NOT NULL,
    summary TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (organization, plane, uid)
) STRICT;
CREATE INDEX live_objects_of_binding ON live_objects (binding_id, kind);
CREATE INDEX live_objects_of_kind ON live_objects (organization, plane, kind);

CREATE TABLE waiting (
    resource_id TEXT NOT NULL,
    organization TEXT NOT NULL,
    project TEXT NOT NULL,
    component TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    for_what TEXT NOT NULL,
    why TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (resource_id, for_what)
) STRICT;
CREATE INDEX waiting_of ON waiting (organization, project, component);

CREATE TABLE jobs (
    key TEXT PRIMARY KEY,
    priority INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    last_error TEXT NOT NULL,
    enqueued_at INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_due ON jobs (not_before, lease_until);

CREATE TABLE planes (
    organization TEXT NOT NULL,
    name TEXT NOT NULL,
    live INTEGER NOT NULL,
    version TEXT NOT NULL,
    trouble TEXT NOT NULL,
    since INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    snapshot TEXT,
    PRIMARY KEY (organization, name)
) STRICT;

-- The artifact that a component's declarations make now; a change of it goes to the first environments.
CREATE TABLE component_status (
    resource_id TEXT PRIMARY KEY,
    artifact INTEGER NOT NULL
) STRICT;

-- What a binding's release was made from besides its own component, so that a change there is
-- looked at here. `what` is an identity as people read it, such as `Component shop/cart`.
CREATE TABLE dependencies (
    binding_id TEXT NOT NULL,
    organization TEXT NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (binding_id, what)
) STRICT;
CREATE INDEX dependencies_on ON dependencies (organization, what);
