-- What the clock read at a visit whose stamp is later: stamps never run backwards within the archive, clocks do.

CREATE TABLE readings (
    sequence INTEGER PRIMARY KEY REFERENCES visits(sequence),
    clock TEXT NOT NULL
) STRICT;
