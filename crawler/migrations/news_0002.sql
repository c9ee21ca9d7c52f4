-- What was taken down: articles that are hidden whole, and the suppressions this database has been brought up to.

CREATE TABLE taken_down (
    article TEXT PRIMARY KEY,
    since TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE applied_suppressions (
    id TEXT PRIMARY KEY,
    since TEXT NOT NULL
) STRICT, WITHOUT ROWID;
