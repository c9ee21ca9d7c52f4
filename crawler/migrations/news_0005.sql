-- The facets of a search for a common word are counted from this index alone, all in one pass.
CREATE INDEX articles_facets ON articles (office_kind, voivodeship, kind, year);
