-- Days without news are counted from the newest publication, as the desk's questions count them; where an office gives
-- no dates, from the last run that brought something new.

DROP VIEW office_health;
CREATE VIEW office_health AS
SELECT
    offices.id AS office,
    office_runs.outcome AS outcome,
    office_runs.detail AS detail,
    (SELECT group_concat(warnings, '; ') FROM (
        SELECT told.warnings AS warnings FROM office_runs AS told
        WHERE told.office = offices.id AND told.warnings IS NOT NULL AND told.run >= coalesce(office_runs.run, '')
        GROUP BY told.warnings ORDER BY min(told.run))) AS warnings,
    office_runs.run AS run,
    (SELECT max(run) FROM office_runs AS good
        WHERE good.office = offices.id AND good.outcome = 'well' AND good.teasers > 0) AS last_well,
    coalesce(office_counts.articles, 0) AS articles,
    (SELECT max(published) FROM articles WHERE articles.office = offices.id) AS newest_published,
    (SELECT max(first_seen) FROM articles WHERE articles.office = offices.id) AS newest_seen,
    CAST(julianday(date('now')) - julianday(date(substr(coalesce(
        (SELECT substr(published, 1, 10) FROM articles
            WHERE articles.office = offices.id AND articles.published < date('now', '+1 day')
            ORDER BY articles.published DESC LIMIT 1),
        (SELECT substr(runs.started, 1, 10) FROM office_runs AS fresh JOIN runs ON runs.id = fresh.run
            WHERE fresh.office = offices.id AND fresh.new > 0 ORDER BY fresh.run DESC LIMIT 1)
    ) || '-01-01', 1, 10))) AS INTEGER) AS days_without_new,
    office_runs.teasers AS teasers,
    office_runs.usual AS usual,
    json_extract(office_runs.signs, '$.announced') AS announced,
    office_counts.articles - office_counts.gone AS present
FROM offices
LEFT JOIN office_runs ON office_runs.office = offices.id
    AND office_runs.run = (SELECT max(run) FROM office_runs AS latest
        WHERE latest.office = offices.id AND (latest.teasers > 0 OR latest.outcome = 'failed'))
LEFT JOIN office_counts ON office_counts.office = offices.id;
