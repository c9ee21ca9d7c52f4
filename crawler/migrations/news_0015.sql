-- Which fields are found, by the last thirty runs of each office: all runs since the beginning grow without end.

DROP VIEW fill_rates;
CREATE VIEW fill_rates AS
SELECT
    office_runs.office AS office,
    field.key AS field,
    sum(json_extract(field.value, '$[0]')) AS pages,
    sum(json_extract(field.value, '$[1]')) AS filled,
    round(1.0 * sum(json_extract(field.value, '$[1]')) / sum(json_extract(field.value, '$[0]')), 3) AS rate
FROM offices
CROSS JOIN office_runs ON office_runs.office = offices.id AND office_runs.run >= coalesce(
    (SELECT run FROM office_runs AS recent WHERE recent.office = offices.id ORDER BY run DESC LIMIT 1 OFFSET 29), '')
CROSS JOIN json_each(office_runs.signs, '$.filled') AS field
GROUP BY office_runs.office, field.key;
