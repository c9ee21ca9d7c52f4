-- What the front page tells, counted as articles come and go: how many there are of each month, voivodeship and kind,
-- and how many of each office. Both are a function of `articles`; what is not known is the empty text.

CREATE TABLE activity_counts (
    month TEXT NOT NULL,
    voivodeship TEXT NOT NULL,
    kind TEXT NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (month, voivodeship, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE office_counts (
    office TEXT PRIMARY KEY,
    articles INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    undated INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO activity_counts
SELECT CASE WHEN published GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]*' THEN substr(published, 1, 7) ELSE '' END,
    coalesce(voivodeship, ''), kind, count(*)
FROM articles GROUP BY 1, 2, 3;
INSERT INTO office_counts
SELECT office, count(*), sum(gone IS NOT NULL), sum(published IS NULL) FROM articles GROUP BY office;

CREATE TRIGGER articles_counted AFTER INSERT ON articles BEGIN
    INSERT INTO activity_counts VALUES (
        CASE WHEN new.published GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]*' THEN substr(new.published, 1, 7) ELSE '' END,
        coalesce(new.voivodeship, ''), new.kind, 1)
    ON CONFLICT (month, voivodeship, kind) DO UPDATE SET articles = articles + 1;
    INSERT INTO office_counts VALUES (new.office, 1, new.gone IS NOT NULL, new.published IS NULL)
    ON CONFLICT (office) DO UPDATE SET
        articles = articles + 1, gone = gone + excluded.gone, undated = undated + excluded.undated;
END;
CREATE TRIGGER articles_uncounted AFTER DELETE ON articles BEGIN
    UPDATE activity_counts SET articles = articles - 1
    WHERE month = CASE
            WHEN old.published GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]*' THEN substr(old.published, 1, 7) ELSE '' END
        AND voivodeship = coalesce(old.voivodeship, '') AND kind = old.kind;
    DELETE FROM activity_counts
    WHERE month = CASE
            WHEN old.published GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]*' THEN substr(old.published, 1, 7) ELSE '' END
        AND voivodeship = coalesce(old.voivodeship, '') AND kind = old.kind AND articles = 0;
    UPDATE office_counts SET articles = articles - 1, gone = gone - (old.gone IS NOT NULL),
        undated = undated - (old.published IS NULL)
    WHERE office = old.office;
    DELETE FROM office_counts WHERE office = old.office AND articles = 0;
END;
CREATE TRIGGER articles_recounted AFTER UPDATE OF office, voivodeship, kind, published, gone ON articles
WHEN (old.office, old.kind) != (new.office, new.kind) OR old.voivodeship IS NOT new.voivodeship
    OR old.published IS NOT new.published OR (old.gone IS NULL) != (new.gone IS NULL)
BEGIN
    UPDATE activity_counts SET articles = articles - 1
    WHERE month = CASE
            WHEN old.published GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]*' THEN substr(old.published, 1, 7) ELSE '' END
        AND voivodeship = coalesce(old.voivodeship, '') AND kind = old.kind;
    DELETE FROM activity_counts
    WHERE month = CASE
            WHEN old.published GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]*' THEN substr(old.published, 1, 7) ELSE '' END
        AND voivodeship = coalesce(old.voivodeship, '') AND kind = old.kind AND articles = 0;
    UPDATE office_counts SET articles = articles - 1, gone = gone - (old.gone IS NOT NULL),
        undated = undated - (old.published IS NULL)
    WHERE office = old.office;
    DELETE FROM office_counts WHERE office = old.office AND articles = 0;
    INSERT INTO activity_counts VALUES (
        CASE WHEN new.published GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]*' THEN substr(new.published, 1, 7) ELSE '' END,
        coalesce(new.voivodeship, ''), new.kind, 1)
    ON CONFLICT (month, voivodeship, kind) DO UPDATE SET articles = articles + 1;
    INSERT INTO office_counts VALUES (new.office, 1, new.gone IS NOT NULL, new.published IS NULL)
    ON CONFLICT (office) DO UPDATE SET
        articles = articles + 1, gone = gone + excluded.gone, undated = undated + excluded.undated;
END;

-- Articles by month, voivodeship and kind, as readers see it.
CREATE VIEW activity AS
SELECT nullif(month, '') AS month, nullif(voivodeship, '') AS voivodeship, kind, articles FROM activity_counts;

-- The ready questions: what is gone, what an office brought on a day, calls without a last day, what was extended or
-- changed, the largest amounts of a currency.
CREATE INDEX articles_gone_newest ON articles (gone DESC, id) WHERE gone IS NOT NULL;
CREATE INDEX articles_office_seen ON articles (office, first_seen);
CREATE INDEX call_facts_open_ended ON call_facts (published) WHERE closes IS NULL;
CREATE INDEX call_articles_event ON call_articles (event, article);
CREATE INDEX revisions_seen ON revisions (seen DESC, id);
CREATE INDEX revisions_changed ON revisions (seen DESC, id) WHERE changes != '[]';
CREATE INDEX amounts_currency ON amounts (currency, grosze);

-- How each office stands, from its own rows only: it is asked for while a million articles lie beside.
DROP VIEW office_health;
CREATE VIEW office_health AS
SELECT
    offices.id AS office,
    office_runs.outcome AS outcome,
    office_runs.detail AS detail,
    office_runs.warnings AS warnings,
    office_runs.run AS run,
    (SELECT max(run) FROM office_runs AS good WHERE good.office = offices.id AND good.outcome = 'well') AS last_well,
    coalesce(office_counts.articles, 0) AS articles,
    (SELECT max(published) FROM articles WHERE articles.office = offices.id) AS newest_published,
    (SELECT max(first_seen) FROM articles WHERE articles.office = offices.id) AS newest_seen,
    CAST(julianday('now') - julianday(
        (SELECT max(first_seen) FROM articles WHERE articles.office = offices.id)) AS INTEGER) AS days_without_new,
    office_runs.teasers AS teasers,
    office_runs.usual AS usual,
    json_extract(office_runs.signs, '$.announced') AS announced,
    office_counts.articles - office_counts.gone AS present
FROM offices
LEFT JOIN office_runs ON office_runs.office = offices.id
    AND office_runs.run = (SELECT max(run) FROM office_runs AS latest WHERE latest.office = offices.id)
LEFT JOIN office_counts ON office_counts.office = offices.id;
