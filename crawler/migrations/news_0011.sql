-- The ready questions: the year of an article without its text, deadlines that pages extended without a word.
CREATE INDEX articles_years ON articles (id, year);
CREATE INDEX revisions_extended ON revisions (seen DESC, id) WHERE instr(changes, 'deadline_extended') > 0;

-- Lists in the order and with the facets that the pages show first.
CREATE INDEX dates_first_day ON dates (first_day);
CREATE INDEX dates_precision ON dates (precision);
CREATE INDEX amounts_role ON amounts (role);
CREATE INDEX quantities_unit ON quantities (unit);
CREATE INDEX attachments_media_type ON attachments (media_type);
CREATE INDEX article_places_level ON article_places (level);
CREATE INDEX clusters_size ON clusters (size);
CREATE INDEX calls_event ON calls (event);
