-- How an article's title and author were found, as its publication date has it beside it. What was understood before
-- has none until `wiesci rebuild`: by itself it is not worth understanding every page anew.

ALTER TABLE articles ADD COLUMN title_raw TEXT;
ALTER TABLE articles ADD COLUMN title_method TEXT;
ALTER TABLE articles ADD COLUMN title_sure TEXT;
ALTER TABLE articles ADD COLUMN author_raw TEXT;
ALTER TABLE articles ADD COLUMN author_method TEXT;
ALTER TABLE articles ADD COLUMN author_sure TEXT;
