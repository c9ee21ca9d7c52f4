-- A pass through an office's lists that is not at its end: since when it is under way (`begun`), whether it is a deep
-- one, how many pages it has read; it goes on at `resume`. `failures`: how often in a row the lists' first page gave
-- nothing; `broken`: how often in a row the page at which the pass goes on.

ALTER TABLE walks ADD COLUMN begun TEXT;
ALTER TABLE walks ADD COLUMN is_deep INTEGER NOT NULL DEFAULT 0;
ALTER TABLE walks ADD COLUMN pages INTEGER NOT NULL DEFAULT 0;
ALTER TABLE walks ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE walks ADD COLUMN broken INTEGER NOT NULL DEFAULT 0;
UPDATE walks SET begun = due, is_deep = 1 WHERE resume IS NOT NULL;

-- What lists say they hold: articles ("1 - 20 z 412"), pages ("Strona 1 z 12"), or both; and the pages read of them.
CREATE TABLE announced_anew (
    run TEXT NOT NULL REFERENCES runs(id),
    office TEXT NOT NULL,
    total INTEGER,
    pages INTEGER,
    read INTEGER,
    deep INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (run, office)
) STRICT, WITHOUT ROWID;
INSERT INTO announced_anew (run, office, total, deep, at) SELECT run, office, total, deep, at FROM announced;
DROP TABLE announced;
ALTER TABLE announced_anew RENAME TO announced;
