-- archive.db: everything observed, in the order it was observed. Rows are added, never changed
-- (a run's end and the three memory tables at the foot are the exceptions).

CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    command TEXT NOT NULL,
    started TEXT NOT NULL,
    finished TEXT,
    outcome TEXT
) STRICT;

CREATE TABLE bodies (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    zstd BLOB NOT NULL
) STRICT;

-- One row a body received, unless it equals the one last received from the same address.
CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL REFERENCES runs(id),
    office TEXT NOT NULL,
    purpose TEXT NOT NULL,
    url TEXT NOT NULL,
    requested_url TEXT NOT NULL,
    content_type TEXT,
    body TEXT NOT NULL REFERENCES bodies(sha256),
    fetched TEXT NOT NULL,
    list_capture INTEGER REFERENCES captures(id),
    list_position INTEGER
) STRICT;
CREATE INDEX captures_url ON captures (requested_url, purpose);
CREATE INDEX captures_purpose ON captures (purpose, id);

-- One row an attempt, with its one outcome. `address` and `final_address` are url and final_url in the one
-- spelling by which addresses are compared (normalize.identity.address).
CREATE TABLE visits (
    sequence INTEGER PRIMARY KEY,
    run TEXT NOT NULL REFERENCES runs(id),
    office TEXT NOT NULL,
    purpose TEXT NOT NULL,
    url TEXT NOT NULL,
    hops TEXT NOT NULL,
    final_url TEXT NOT NULL,
    address TEXT NOT NULL,
    final_address TEXT NOT NULL,
    status INTEGER,
    headers TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT,
    capture INTEGER REFERENCES captures(id),
    at TEXT NOT NULL
) STRICT;
CREATE INDEX visits_address ON visits (address);
CREATE INDEX visits_final_address ON visits (final_address);
CREATE INDEX visits_run ON visits (run, office);
CREATE INDEX visits_capture ON visits (capture);

-- What a list said, read at crawl time: a rebuild never reads a list again.
CREATE TABLE sightings (
    list_capture INTEGER NOT NULL REFERENCES captures(id),
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    address TEXT NOT NULL,
    title TEXT,
    published_raw TEXT,
    modified_raw TEXT,
    summary TEXT,
    site_id TEXT,
    PRIMARY KEY (list_capture, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX sightings_address ON sightings (address);

CREATE TABLE frontier (
    url TEXT PRIMARY KEY,
    office TEXT NOT NULL,
    due TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE validators (
    url TEXT PRIMARY KEY,
    etag TEXT,
    last_modified TEXT,
    capture INTEGER NOT NULL REFERENCES captures(id)
) STRICT, WITHOUT ROWID;

CREATE TABLE robots (
    origin TEXT PRIMARY KEY,
    status INTEGER,
    body TEXT,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
