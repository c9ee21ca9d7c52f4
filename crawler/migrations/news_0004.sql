-- What each article says of calls; `calls` and `call_articles` are made from it, an office at a time.

CREATE TABLE call_facts (
    article TEXT NOT NULL REFERENCES articles(id),
    position INTEGER NOT NULL,
    office TEXT NOT NULL,
    title TEXT,
    published TEXT,
    opens TEXT,
    closes TEXT,
    open_ended TEXT,
    event TEXT NOT NULL,
    audience TEXT,
    grosze INTEGER,
    grosze_to INTEGER,
    currency TEXT,
    programme TEXT,
    place TEXT,
    raw TEXT NOT NULL,
    method TEXT NOT NULL,
    sure TEXT NOT NULL,
    PRIMARY KEY (article, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX call_facts_office ON call_facts (office);
