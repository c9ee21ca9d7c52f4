-- By what an article is known again at another address: hashes of its title, day and text (crawler/moves.py).
-- What was understood before has no mark: without a version it is understood anew.

ALTER TABLE understood ADD COLUMN mark TEXT;
CREATE INDEX understood_mark ON understood (office, substr(mark, 1, 16)) WHERE mark IS NOT NULL;
UPDATE understood SET version = '';
