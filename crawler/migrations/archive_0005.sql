-- What an office's habit is learned from. `since`: the last walk of its lists that did not show the address yet.
-- `head`: when the first page was read in the latest walk; `before`: in the one before it, when that was complete.

ALTER TABLE frontier ADD COLUMN since TEXT;
CREATE INDEX frontier_found ON frontier (office, found);
ALTER TABLE walks ADD COLUMN head TEXT;
ALTER TABLE walks ADD COLUMN before TEXT;
ALTER TABLE walks ADD COLUMN habit TEXT;
