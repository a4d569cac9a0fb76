-- Finding: words that things are found by, who needs whom, favourites, and a theme of one's own.

-- What can be found, with what people call it.
CREATE TABLE search_entries (
    organization TEXT NOT NULL,
    entry TEXT NOT NULL,
    kind TEXT NOT NULL,
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (organization, entry)
);

-- A word begins at each part of a name, so that what is typed is looked up by its beginning.
-- Components are many and come in a tier of their own, so that the few others are never crowded
-- out. `source` is the row that says the word; it goes with it.
CREATE TABLE search_words (
    organization TEXT NOT NULL,
    tier BIGINT NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    entry TEXT NOT NULL,
    rank BIGINT NOT NULL,
    said TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (organization, tier, word, entry, rank, source)
);
CREATE INDEX search_words_of ON search_words (source);
CREATE INDEX search_words_in ON search_words (organization, entry, word);

-- Who names whom: `what` is an identity as people read it, such as `ServiceClass default`.
CREATE TABLE resource_uses (
    resource_id TEXT NOT NULL,
    organization TEXT NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (resource_id, what)
);
CREATE INDEX resource_uses_of ON resource_uses (organization, what);

CREATE TABLE favourites (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    organization TEXT NOT NULL,
    kind TEXT NOT NULL,
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (user_id, organization, kind, project, name)
);

ALTER TABLE users ADD COLUMN theme TEXT NOT NULL DEFAULT 'auto';

-- Counts by environment are read from the index alone; what is blocked is few of many.
DROP INDEX bindings_counts;
CREATE INDEX bindings_counts ON bindings (organization, project, environment, health, state, namespace);
CREATE INDEX bindings_of_plane ON bindings (organization, plane, environment, project, component);
CREATE INDEX bindings_of_environment ON bindings (organization, environment, health, state);
CREATE INDEX bindings_blocked ON bindings (organization, since) WHERE blocked <> '[]';
-- Names are looked through without their rows; what a plane hasn't confirmed is little.
CREATE INDEX resources_names ON resources (organization, kind, project, component, name, display_name);
CREATE INDEX inventory_unconfirmed ON inventory (organization, plane) WHERE uid = '' OR wanted = 0;
