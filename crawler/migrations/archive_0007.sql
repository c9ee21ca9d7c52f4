-- Waits that servers have asked for and that are longer than a run: until when each is left alone.

CREATE TABLE waits (
    server TEXT PRIMARY KEY,
    until TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT, WITHOUT ROWID;
