-- Classes: who uses which version, and roll-outs of a version to chosen users.

-- The class that a declaration names, and the one that an artifact pins, out of their JSON.
ALTER TABLE resources ADD COLUMN class_name TEXT GENERATED ALWAYS AS (
    CASE WHEN kind IN ('Service', 'WebApplication', 'ScheduledTask', 'API')
    THEN COALESCE(CAST(spec AS jsonb) ->> 'className', 'default') END
) STORED;
CREATE INDEX resources_of_class ON resources (organization, kind, class_name, project, component)
    WHERE class_name IS NOT NULL;

ALTER TABLE artifacts ADD COLUMN class_name TEXT GENERATED ALWAYS AS (
    CAST(content AS jsonb) #>> '{class,name}'
) STORED;
ALTER TABLE artifacts ADD COLUMN class_version BIGINT GENERATED ALWAYS AS (
    CAST(CAST(content AS jsonb) #>> '{class,version}' AS BIGINT)
) STORED;
CREATE INDEX artifacts_class ON artifacts
    (organization, project, component, number, class_name, class_version);

-- A roll-out: somebody's wish that chosen components take a version of their class.
CREATE TABLE rollouts (
    id TEXT PRIMARY KEY,
    class_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX rollouts_of ON rollouts (class_id, created_at);

-- One chosen component of a roll-out: Waiting until the artifact that pins the version is made,
-- then Taken; Superseded when a later wish or another class came first.
CREATE TABLE rollout_members (
    rollout_id TEXT NOT NULL,
    component_id TEXT NOT NULL,
    state TEXT NOT NULL,
    artifact BIGINT,
    PRIMARY KEY (rollout_id, component_id)
);
CREATE INDEX rollout_members_of ON rollout_members (component_id, state);
