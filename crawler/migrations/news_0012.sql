-- Addresses that a run left for later by its own manners; and how each office stands by its last run that read its
-- lists or failed to: one that only visited articles, or was put off, says nothing of it.

ALTER TABLE office_runs ADD COLUMN postponed INTEGER NOT NULL DEFAULT 0;

DROP VIEW office_health;
CREATE VIEW office_health AS
SELECT
    offices.id AS office,
    office_runs.outcome AS outcome,
    office_runs.detail AS detail,
    office_runs.warnings AS warnings,
    office_runs.run AS run,
    (SELECT max(run) FROM office_runs AS good
        WHERE good.office = offices.id AND good.outcome = 'well' AND good.teasers > 0) AS last_well,
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
    AND office_runs.run = (SELECT max(run) FROM office_runs AS latest
        WHERE latest.office = offices.id AND (latest.teasers > 0 OR latest.outcome = 'failed'))
LEFT JOIN office_counts ON office_counts.office = offices.id;
