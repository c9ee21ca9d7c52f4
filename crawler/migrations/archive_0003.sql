-- Holes: captures whose bodies were purged at someone's request, with the stub that is left of what was understood
-- (no stub: a list). All of them show the one empty body.

CREATE TABLE holes (
    capture INTEGER PRIMARY KEY REFERENCES captures(id),
    at TEXT NOT NULL,
    record BLOB
) STRICT;
CREATE INDEX captures_body ON captures (body);
