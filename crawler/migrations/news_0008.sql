-- The pages of an office, a programme and an article ask only by index: calls, what was changed, what is gone.
CREATE INDEX calls_office ON calls (office, closes);
CREATE INDEX calls_programme ON calls (programme, closes) WHERE programme IS NOT NULL;
CREATE INDEX articles_changed ON articles (office, changed) WHERE changed IS NOT NULL;
CREATE INDEX articles_gone ON articles (office, gone) WHERE gone IS NOT NULL;
CREATE INDEX clusters_first ON clusters (first_article);
