-- The search index in the order of recency. An article's rowid is its place: 2^20 places for each day of publication,
-- those without a day before all others. So the newest finds of a search come first out of the index, however many
-- there are. (With an index on the table, VACUUM keeps rowids.)
--
-- `_shelf` has the short columns of each article under its place: what facets and orders ask for stands on few pages.
-- `marks` are the facets that an article has, as words that nobody can search for: what is typed is looked for
-- without a stroke, and each of these begins with ł. So a search filtered by facets comes out of the index alone.
-- `_shelf_counts` counts articles by all facets together.

DROP TRIGGER articles_added;
DROP TRIGGER articles_removed;
DROP TRIGGER articles_updated;
DROP TABLE articles_fts;

CREATE TABLE _shelf (
    place INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    published TEXT,
    office TEXT NOT NULL,
    office_kind TEXT NOT NULL,
    voivodeship TEXT,
    kind TEXT NOT NULL,
    year TEXT,
    marks TEXT GENERATED ALWAYS AS (replace(replace(
        '-office-' || office || ' -office_kind-' || office_kind || coalesce(' -voivodeship-' || voivodeship, '')
        || ' -kind-' || kind || coalesce(' -year-' || year, ''), '-', 'ł'), '_', 'ł'))
) STRICT;
CREATE TABLE _shelf_counts (
    office TEXT NOT NULL,
    office_kind TEXT NOT NULL,
    voivodeship TEXT NOT NULL,
    kind TEXT NOT NULL,
    year TEXT NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (office, office_kind, voivodeship, kind, year)
) STRICT, WITHOUT ROWID;
CREATE VIEW articles_searched AS
SELECT place, title, text, lemmas, marks FROM _shelf JOIN articles ON articles.rowid = place;
CREATE VIRTUAL TABLE articles_fts USING fts5 (
    title, text, lemmas, marks, content='articles_searched', content_rowid='place',
    tokenize="unicode61 remove_diacritics 2"
);

CREATE TABLE _places (old INTEGER PRIMARY KEY, place INTEGER NOT NULL) STRICT;
INSERT INTO _places
SELECT rowid, first + row_number() OVER (PARTITION BY first ORDER BY published, id) FROM (
    SELECT rowid, published, id, coalesce(
        max(CAST(julianday(substr(published || '-01-01', 1, 10)) AS INTEGER), 2440000) - 2439936, 0) << 20 AS first
    FROM articles);
UPDATE articles SET rowid = -rowid;
UPDATE articles SET rowid = (SELECT place FROM _places WHERE old = -articles.rowid);
DROP TABLE _places;
INSERT INTO _shelf SELECT rowid, id, published, office, office_kind, voivodeship, kind, year FROM articles;
INSERT INTO _shelf_counts
SELECT office, office_kind, coalesce(voivodeship, ''), kind, coalesce(year, ''), count(*)
FROM articles GROUP BY 1, 2, 3, 4, 5;
INSERT INTO articles_fts (articles_fts) VALUES ('rebuild');

-- A row that comes with a place of its day keeps it. Where a day has no place left, the row stays where it came.
CREATE TRIGGER articles_added AFTER INSERT ON articles BEGIN
    UPDATE articles SET rowid = (
        SELECT coalesce(max(other.rowid), day.first) + 1
        FROM articles AS other WHERE other.rowid > day.first AND other.rowid < day.past)
    FROM (SELECT first, iif(first, first + (1 << 20), 64 << 20) AS past FROM (SELECT coalesce(
        max(CAST(julianday(substr(new.published || '-01-01', 1, 10)) AS INTEGER), 2440000) - 2439936, 0) << 20 AS first
    )) AS day
    WHERE articles.id = new.id AND NOT (articles.rowid > day.first AND articles.rowid < day.past)
        AND NOT EXISTS (SELECT 1 FROM articles WHERE rowid = day.past - 1);
    INSERT INTO _shelf
    SELECT rowid, id, published, office, office_kind, voivodeship, kind, year FROM articles WHERE id = new.id;
    INSERT INTO articles_fts (rowid, title, text, lemmas, marks)
    SELECT place, title, text, lemmas, marks FROM articles_searched
    WHERE place = (SELECT rowid FROM articles WHERE id = new.id);
    INSERT INTO _shelf_counts
    VALUES (new.office, new.office_kind, coalesce(new.voivodeship, ''), new.kind, coalesce(new.year, ''), 1)
    ON CONFLICT DO UPDATE SET articles = articles + 1;
END;
CREATE TRIGGER articles_removed AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, text, lemmas, marks)
    SELECT 'delete', place, old.title, old.text, old.lemmas, marks FROM _shelf WHERE place = old.rowid;
    DELETE FROM _shelf WHERE place = old.rowid;
    UPDATE _shelf_counts SET articles = articles - 1
    WHERE (office, office_kind, voivodeship, kind, year)
        = (old.office, old.office_kind, coalesce(old.voivodeship, ''), old.kind, coalesce(old.year, ''));
    DELETE FROM _shelf_counts
    WHERE (office, office_kind, voivodeship, kind, year)
        = (old.office, old.office_kind, coalesce(old.voivodeship, ''), old.kind, coalesce(old.year, ''))
        AND articles = 0;
END;
CREATE TRIGGER articles_updated
AFTER UPDATE OF title, text, lemmas, office, office_kind, voivodeship, kind, published ON articles
WHEN (old.title, old.text, old.lemmas, old.office, old.office_kind, old.voivodeship, old.kind, old.published)
    IS NOT (new.title, new.text, new.lemmas, new.office, new.office_kind, new.voivodeship, new.kind, new.published)
BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, text, lemmas, marks)
    SELECT 'delete', place, old.title, old.text, old.lemmas, marks FROM _shelf WHERE place = old.rowid;
    DELETE FROM _shelf WHERE place = old.rowid;
    UPDATE _shelf_counts SET articles = articles - 1
    WHERE (office, office_kind, voivodeship, kind, year)
        = (old.office, old.office_kind, coalesce(old.voivodeship, ''), old.kind, coalesce(old.year, ''));
    DELETE FROM _shelf_counts
    WHERE (office, office_kind, voivodeship, kind, year)
        = (old.office, old.office_kind, coalesce(old.voivodeship, ''), old.kind, coalesce(old.year, ''))
        AND articles = 0;
    UPDATE articles SET rowid = (
        SELECT coalesce(max(other.rowid), day.first) + 1
        FROM articles AS other WHERE other.rowid > day.first AND other.rowid < day.past)
    FROM (SELECT first, iif(first, first + (1 << 20), 64 << 20) AS past FROM (SELECT coalesce(
        max(CAST(julianday(substr(new.published || '-01-01', 1, 10)) AS INTEGER), 2440000) - 2439936, 0) << 20 AS first
    )) AS day
    WHERE articles.id = new.id AND NOT (articles.rowid > day.first AND articles.rowid < day.past)
        AND NOT EXISTS (SELECT 1 FROM articles WHERE rowid = day.past - 1);
    INSERT INTO _shelf
    SELECT rowid, id, published, office, office_kind, voivodeship, kind, year FROM articles WHERE id = new.id;
    INSERT INTO articles_fts (rowid, title, text, lemmas, marks)
    SELECT place, title, text, lemmas, marks FROM articles_searched
    WHERE place = (SELECT rowid FROM articles WHERE id = new.id);
    INSERT INTO _shelf_counts
    VALUES (new.office, new.office_kind, coalesce(new.voivodeship, ''), new.kind, coalesce(new.year, ''), 1)
    ON CONFLICT DO UPDATE SET articles = articles + 1;
END;
