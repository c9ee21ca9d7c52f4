-- Health: what each office's run showed beside its counts, and the view of how each office stands.
-- `signs` is JSON (crawler/signs.py); `filled` has a bit for each field that the page of a capture gave.

ALTER TABLE office_runs ADD COLUMN usual INTEGER;
ALTER TABLE office_runs ADD COLUMN warnings TEXT;
ALTER TABLE office_runs ADD COLUMN signs TEXT NOT NULL DEFAULT '{}';
ALTER TABLE understood ADD COLUMN filled INTEGER;

CREATE VIEW office_health AS
WITH latest AS (
    SELECT office, max(run) AS run FROM office_runs GROUP BY office
), good AS (
    SELECT office, max(run) AS run FROM office_runs WHERE outcome = 'well' GROUP BY office
), held AS (
    SELECT office, count(*) AS articles, sum(gone IS NULL) AS present, max(first_seen) AS newest, max(published) AS published
    FROM articles GROUP BY office
)
SELECT
    offices.id AS office,
    office_runs.outcome AS outcome,
    office_runs.detail AS detail,
    office_runs.warnings AS warnings,
    office_runs.run AS run,
    good.run AS last_well,
    coalesce(held.articles, 0) AS articles,
    held.published AS newest_published,
    held.newest AS newest_seen,
    CAST(julianday('now') - julianday(held.newest) AS INTEGER) AS days_without_new,
    office_runs.teasers AS teasers,
    office_runs.usual AS usual,
    json_extract(office_runs.signs, '$.announced') AS announced,
    held.present AS present
FROM offices
LEFT JOIN latest ON latest.office = offices.id
LEFT JOIN office_runs ON office_runs.run = latest.run AND office_runs.office = offices.id
LEFT JOIN good ON good.office = offices.id
LEFT JOIN held ON held.office = offices.id;

CREATE VIEW fill_rates AS
SELECT
    office_runs.office AS office,
    field.key AS field,
    sum(json_extract(field.value, '$[0]')) AS pages,
    sum(json_extract(field.value, '$[1]')) AS filled,
    round(1.0 * sum(json_extract(field.value, '$[1]')) / sum(json_extract(field.value, '$[0]')), 3) AS rate
FROM office_runs, json_each(office_runs.signs, '$.filled') AS field
GROUP BY office_runs.office, field.key;
