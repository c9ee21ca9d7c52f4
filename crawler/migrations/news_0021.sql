-- How an article's title and author were found, as its publication date has it beside it. What was understood before
-- does not say it: without a version it is understood anew.

ALTER TABLE articles ADD COLUMN title_raw TEXT;
ALTER TABLE articles ADD COLUMN title_method TEXT;
ALTER TABLE articles ADD COLUMN title_sure TEXT;
ALTER TABLE articles ADD COLUMN author_raw TEXT;
ALTER TABLE articles ADD COLUMN author_method TEXT;
ALTER TABLE articles ADD COLUMN author_sure TEXT;
UPDATE understood SET version = '';
