-- Requests sent to each server on each day in Warsaw, for its daily budget.

CREATE TABLE spent (
    server TEXT NOT NULL,
    day TEXT NOT NULL,
    requests INTEGER NOT NULL,
    PRIMARY KEY (server, day)
) STRICT, WITHOUT ROWID;
