-- The core: what is declared, what became of it, what is still to be done.
-- Times are microseconds since the epoch, ids and JSON are text: one meaning on both databases.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- One row: the number of the newest change. Taken inside the writing transaction, so that numbers
-- become visible in their order.
CREATE TABLE sequence (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    value BIGINT NOT NULL
);
INSERT INTO sequence (id, value) VALUES (1, 0);

CREATE TABLE changes (
    sequence BIGINT PRIMARY KEY,
    topic TEXT NOT NULL,
    at BIGINT NOT NULL
);

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
    generation BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    deleted_at BIGINT,
    UNIQUE (organization, kind, project, component, name)
);
CREATE INDEX resources_of_component ON resources (organization, project, component, kind);

CREATE TABLE resource_history (
    sequence BIGINT PRIMARY KEY,
    resource_id TEXT NOT NULL,
    organization TEXT NOT NULL,
    kind TEXT NOT NULL,
    project TEXT NOT NULL,
    component TEXT NOT NULL,
    name TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    change TEXT NOT NULL,
    before TEXT,
    after TEXT
);
CREATE INDEX resource_history_of ON resource_history (organization, project, component, name, sequence);
CREATE INDEX resource_history_id ON resource_history (resource_id, sequence);

CREATE TABLE class_versions (
    resource_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    spec TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (resource_id, version)
);

CREATE TABLE artifacts (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL,
    project TEXT NOT NULL,
    component TEXT NOT NULL,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL,
    label TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (organization, project, component, number),
    UNIQUE (organization, project, component, hash)
);

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
    artifact BIGINT,
    label TEXT NOT NULL,
    release BIGINT,
    deployment_id TEXT,
    health TEXT NOT NULL,
    sentence TEXT NOT NULL,
    since BIGINT NOT NULL,
    ready BIGINT NOT NULL,
    wanted BIGINT NOT NULL,
    endpoints TEXT NOT NULL,
    blocked TEXT NOT NULL,
    last_lines TEXT NOT NULL,
    UNIQUE (organization, project, component, environment)
);
CREATE INDEX bindings_counts ON bindings (organization, project, environment, health);
CREATE INDEX bindings_health ON bindings (organization, health, since);

CREATE TABLE releases (
    id TEXT PRIMARY KEY,
    binding_id TEXT NOT NULL,
    organization TEXT NOT NULL,
    project TEXT NOT NULL,
    component TEXT NOT NULL,
    environment TEXT NOT NULL,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL,
    artifact BIGINT NOT NULL,
    label TEXT NOT NULL,
    plane TEXT NOT NULL,
    namespace TEXT NOT NULL,
    objects TEXT NOT NULL,
    object_count BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (binding_id, number)
);
CREATE INDEX releases_of ON releases (organization, project, component, created_at);

CREATE TABLE deployments (
    id TEXT PRIMARY KEY,
    binding_id TEXT NOT NULL,
    organization TEXT NOT NULL,
    project TEXT NOT NULL,
    component TEXT NOT NULL,
    environment TEXT NOT NULL,
    release BIGINT NOT NULL,
    artifact BIGINT NOT NULL,
    label TEXT NOT NULL,
    status TEXT NOT NULL,
    sentence TEXT NOT NULL,
    actor TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    created BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    pruned BIGINT NOT NULL,
    unchanged BIGINT NOT NULL
);
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
    wanted BIGINT NOT NULL,
    PRIMARY KEY (binding_id, plane, api_version, kind, namespace, name)
);
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
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (organization, plane, uid)
);
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
    since BIGINT NOT NULL,
    PRIMARY KEY (resource_id, for_what)
);
CREATE INDEX waiting_of ON waiting (organization, project, component);

CREATE TABLE jobs (
    key TEXT PRIMARY KEY,
    priority BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    enqueued_at BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (not_before, lease_until);

CREATE TABLE planes (
    organization TEXT NOT NULL,
    name TEXT NOT NULL,
    live BIGINT NOT NULL,
    version TEXT NOT NULL,
    trouble TEXT NOT NULL,
    since BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    snapshot TEXT,
    PRIMARY KEY (organization, name)
);

-- The artifact that a component's declarations make now; a change of it goes to the first environments.
CREATE TABLE component_status (
    resource_id TEXT PRIMARY KEY,
    artifact BIGINT NOT NULL
);

-- What a binding's release was made from besides its own component, so that a change there is
-- looked at here. `what` is an identity as people read it, such as `Component shop/cart`.
CREATE TABLE dependencies (
    binding_id TEXT NOT NULL,
    organization TEXT NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (binding_id, what)
);
CREATE INDEX dependencies_on ON dependencies (organization, what);
