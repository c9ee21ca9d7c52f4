-- What became different since an instant, in order; and by which versions what was seen has been understood.
CREATE INDEX articles_moved ON articles (max(first_seen, coalesce(changed, ''), coalesce(gone, '')), id);
CREATE INDEX understood_version ON understood (office, version, seen);
