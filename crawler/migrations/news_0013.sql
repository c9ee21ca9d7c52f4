-- What lists have named and is not held: why a list announces more than there is. `outcome`: how the last visit ended,
-- or what its page was understood to be; null while it has not been visited.

CREATE TABLE missing (
    address TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    office TEXT NOT NULL REFERENCES offices(id),
    outcome TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX missing_office ON missing (office, outcome);
