-- Seals: how many rows stand under each key of a sealed table, and the sum of their hashes (crawler/sealing.py).

CREATE TABLE _seals (
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    rows INTEGER NOT NULL,
    sum INTEGER NOT NULL,
    PRIMARY KEY (name, key)
) STRICT, WITHOUT ROWID;
