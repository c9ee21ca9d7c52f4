-- The crawl's memory: what to ask for next, and why. It can be lost without loss: the next crawl asks again.

DROP TABLE frontier;
CREATE TABLE frontier (
    address TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    office TEXT NOT NULL,
    due TEXT NOT NULL,
    reason TEXT NOT NULL,
    found TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    list_capture INTEGER REFERENCES captures(id),
    list_position INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX frontier_due ON frontier (office, due);

-- One row an office: how its lists were last walked.
CREATE TABLE walks (
    office TEXT PRIMARY KEY,
    completed TEXT,
    deep TEXT,
    since_deep INTEGER NOT NULL DEFAULT 0,
    unsorted INTEGER NOT NULL DEFAULT 0,
    resume TEXT,
    way TEXT,
    due TEXT
) STRICT, WITHOUT ROWID;

-- What lists say they hold ("1 - 20 z 412"), one row a walk that read it.
CREATE TABLE announced (
    run TEXT NOT NULL REFERENCES runs(id),
    office TEXT NOT NULL,
    total INTEGER NOT NULL,
    deep INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (run, office)
) STRICT, WITHOUT ROWID;

-- Whether a host's 304 can be believed: earned by asking again without conditions.
CREATE TABLE trust (
    host TEXT PRIMARY KEY,
    earned INTEGER NOT NULL,
    since_probe INTEGER NOT NULL,
    lied TEXT
) STRICT, WITHOUT ROWID;
