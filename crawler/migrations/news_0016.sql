-- Articles in the order of their titles: a page of a long list is read along the index.
CREATE INDEX articles_title ON articles (title, id);
