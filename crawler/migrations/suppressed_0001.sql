-- suppressed.db: what was taken down at someone's request. Rows are only ever added; two files are merged by union.
-- `value` is a salted hash, for a phrase the folded phrase itself: it must be looked for inside texts.

CREATE TABLE suppressions (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    salt TEXT NOT NULL,
    value TEXT NOT NULL,
    since TEXT NOT NULL,
    reason TEXT,
    purge INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
