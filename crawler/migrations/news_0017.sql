-- What a person has corrected: lines of corrections.csv that speak of an article, with what the machine had read.
-- `applied_corrections`: the lines this database has been brought up to, and by what their articles are found.

CREATE TABLE corrections (
    article TEXT NOT NULL REFERENCES articles(id),
    id TEXT NOT NULL,
    field TEXT NOT NULL,
    item TEXT,
    value TEXT,
    machine TEXT,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (article, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX corrections_day ON corrections (day DESC);

CREATE TABLE applied_corrections (
    id TEXT PRIMARY KEY,
    target TEXT NOT NULL
) STRICT, WITHOUT ROWID;
