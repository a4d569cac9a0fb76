-- Classes: who uses which version, and roll-outs of a version to chosen users.

-- The class that a declaration names, and the one that an artifact pins, out of their JSON.
ALTER TABLE resources ADD COLUMN class_name TEXT GENERATED ALWAYS AS (
    CASE WHEN kind IN ('Service', 'WebApplication', 'ScheduledTask', 'API')
    THEN COALESCE(json_extract(spec, '$.className'), 'default') END
) VIRTUAL;
CREATE INDEX resources_of_class ON resources (organization, kind, class_name, project, component)
    WHERE class_name IS NOT NULL;

ALTER TABLE artifacts ADD COLUMN class_name TEXT GENERATED ALWAYS AS (
    json_extract(content, '$.class.name')
) VIRTUAL;
ALTER TABLE artifacts ADD COLUMN class_version INTEGER GENERATED ALWAYS AS (
    json_extract(content, '$.class.version')
) VIRTUAL;
CREATE INDEX artifacts_class ON artifacts
    (organization, project, component, number, class_name, class_version);

-- A roll-out: somebody's wish that chosen components take a version of their class.
CREATE TABLE rollouts (
    id TEXT PRIMARY KEY,
    class_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT;
CREATE INDEX rollouts_of ON rollouts (class_id, created_at);

-- One chosen component of a roll-out: Waiting until the artifact that pins the version is made,
-- then Taken; Superseded when a later wish or another class came first.
CREATE TABLE rollout_members (
    rollout_id TEXT NOT NULL,
    component_id TEXT NOT NULL,
    state TEXT NOT NULL,
    artifact INTEGER,
    PRIMARY KEY (rollout_id, component_id)
) STRICT;
CREATE INDEX rollout_members_of ON rollout_members (component_id, state);
