-- news.db: what is published (first part) and what keeps it consistent (last part; hidden from readers).

CREATE TABLE offices (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    voivodeship TEXT,
    url TEXT NOT NULL,
    feed TEXT,
    family TEXT NOT NULL,
    confidence TEXT NOT NULL,
    checked TEXT,
    doubt TEXT,
    licence TEXT
) STRICT;

CREATE TABLE places (
    teryt TEXT PRIMARY KEY,
    level TEXT NOT NULL,
    name TEXT NOT NULL,
    voivodeship TEXT NOT NULL
) STRICT;

CREATE TABLE office_powiats (
    office TEXT NOT NULL REFERENCES offices(id),
    teryt TEXT NOT NULL REFERENCES places(teryt),
    PRIMARY KEY (office, teryt)
) STRICT, WITHOUT ROWID;

CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    office TEXT NOT NULL REFERENCES offices(id),
    office_kind TEXT NOT NULL,
    voivodeship TEXT,
    url TEXT NOT NULL,
    canonical_url TEXT,
    title TEXT,
    lead TEXT,
    text TEXT NOT NULL,
    language TEXT,
    kind TEXT NOT NULL,
    published TEXT,
    published_precision TEXT,
    published_raw TEXT,
    published_method TEXT,
    published_sure TEXT,
    year TEXT GENERATED ALWAYS AS (substr(published, 1, 4)) STORED,
    modified TEXT,
    author TEXT,
    photo_credit TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    changed TEXT,
    gone TEXT,
    gone_reason TEXT,
    cluster TEXT,
    content_hash TEXT NOT NULL,
    lemmas TEXT NOT NULL
) STRICT;
-- Exactly one index may begin with `published`: with an ascending one beside it, paging by date loses rows.
CREATE INDEX articles_newest ON articles (published DESC, id ASC);
-- Filtered by one of these, the newest come out of the index in order; the facets are counted from it alone.
CREATE INDEX articles_office ON articles (office, published DESC, id ASC);
CREATE INDEX articles_office_kind ON articles (office_kind, published DESC, id ASC);
CREATE INDEX articles_voivodeship ON articles (voivodeship, published DESC, id ASC);
CREATE INDEX articles_kind ON articles (kind, published DESC, id ASC);
CREATE INDEX articles_year ON articles (year, published DESC, id ASC);

CREATE TABLE blocks (
    article TEXT NOT NULL REFERENCES articles(id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    hash TEXT NOT NULL,
    plate INTEGER NOT NULL,
    PRIMARY KEY (article, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX blocks_hash ON blocks (hash);

CREATE TABLE revisions (
    id TEXT PRIMARY KEY,
    article TEXT NOT NULL REFERENCES articles(id),
    seen TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    title TEXT,
    text TEXT NOT NULL,
    changes TEXT NOT NULL
) STRICT;
CREATE INDEX revisions_article ON revisions (article, seen);

CREATE TABLE addresses (
    url TEXT PRIMARY KEY,
    article TEXT NOT NULL REFERENCES articles(id),
    kind TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX addresses_article ON addresses (article);

CREATE TABLE aliases (
    id TEXT PRIMARY KEY,
    article TEXT NOT NULL REFERENCES articles(id)
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_article ON aliases (article);

CREATE TABLE attachments (
    article TEXT NOT NULL REFERENCES articles(id),
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    label TEXT NOT NULL,
    media_type TEXT,
    declared_bytes INTEGER,
    raw TEXT NOT NULL,
    PRIMARY KEY (article, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE images (
    article TEXT NOT NULL REFERENCES articles(id),
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    alt TEXT,
    caption TEXT,
    credit TEXT,
    PRIMARY KEY (article, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE dates (
    article TEXT NOT NULL REFERENCES articles(id),
    position INTEGER NOT NULL,
    role TEXT NOT NULL,
    start TEXT,
    end TEXT,
    precision TEXT NOT NULL,
    first_day TEXT,
    last_day TEXT,
    inferred INTEGER NOT NULL,
    raw TEXT NOT NULL,
    method TEXT NOT NULL,
    sure TEXT NOT NULL,
    block INTEGER,
    PRIMARY KEY (article, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX dates_role ON dates (role, first_day);

CREATE TABLE amounts (
    article TEXT NOT NULL REFERENCES articles(id),
    position INTEGER NOT NULL,
    grosze INTEGER NOT NULL,
    grosze_to INTEGER,
    currency TEXT NOT NULL,
    role TEXT NOT NULL,
    approximate INTEGER NOT NULL,
    raw TEXT NOT NULL,
    raws TEXT NOT NULL,
    method TEXT NOT NULL,
    sure TEXT NOT NULL,
    block INTEGER,
    PRIMARY KEY (article, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX amounts_grosze ON amounts (grosze);

CREATE TABLE article_places (
    article TEXT NOT NULL REFERENCES articles(id),
    teryt TEXT NOT NULL REFERENCES places(teryt),
    level TEXT NOT NULL,
    name TEXT NOT NULL,
    raw TEXT NOT NULL,
    method TEXT NOT NULL,
    sure TEXT NOT NULL,
    block INTEGER,
    PRIMARY KEY (article, teryt, level)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_places_teryt ON article_places (teryt);

CREATE TABLE calls (
    id TEXT PRIMARY KEY,
    office TEXT NOT NULL REFERENCES offices(id),
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
    sure TEXT NOT NULL
) STRICT;
CREATE INDEX calls_closes ON calls (closes);

CREATE TABLE call_articles (
    call TEXT NOT NULL REFERENCES calls(id),
    article TEXT NOT NULL REFERENCES articles(id),
    event TEXT NOT NULL,
    raw TEXT NOT NULL,
    PRIMARY KEY (call, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX call_articles_article ON call_articles (article);

CREATE TABLE programmes (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE article_programmes (
    article TEXT NOT NULL REFERENCES articles(id),
    programme TEXT NOT NULL REFERENCES programmes(id),
    number TEXT,
    raw TEXT NOT NULL,
    method TEXT NOT NULL,
    sure TEXT NOT NULL,
    PRIMARY KEY (article, programme)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_programmes_programme ON article_programmes (programme);

CREATE TABLE organisations (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL
) STRICT;

CREATE TABLE article_organisations (
    article TEXT NOT NULL REFERENCES articles(id),
    organisation TEXT NOT NULL REFERENCES organisations(id),
    raw TEXT NOT NULL,
    method TEXT NOT NULL,
    sure TEXT NOT NULL,
    PRIMARY KEY (article, organisation)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_organisations_organisation ON article_organisations (organisation);

CREATE TABLE quantities (
    article TEXT NOT NULL REFERENCES articles(id),
    position INTEGER NOT NULL,
    value REAL NOT NULL,
    unit TEXT NOT NULL,
    counted TEXT,
    approximate INTEGER NOT NULL,
    raw TEXT NOT NULL,
    method TEXT NOT NULL,
    sure TEXT NOT NULL,
    block INTEGER,
    PRIMARY KEY (article, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE topics (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE article_topics (
    article TEXT NOT NULL REFERENCES articles(id),
    topic TEXT NOT NULL REFERENCES topics(id),
    rule TEXT NOT NULL,
    PRIMARY KEY (article, topic)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_topics_topic ON article_topics (topic);

CREATE TABLE clusters (
    id TEXT PRIMARY KEY,
    first_article TEXT NOT NULL REFERENCES articles(id),
    size INTEGER NOT NULL
) STRICT;

CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    command TEXT NOT NULL,
    started TEXT NOT NULL,
    finished TEXT,
    outcome TEXT
) STRICT;

CREATE TABLE office_runs (
    run TEXT NOT NULL REFERENCES runs(id),
    office TEXT NOT NULL REFERENCES offices(id),
    pages INTEGER NOT NULL,
    teasers INTEGER NOT NULL,
    new INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    same INTEGER NOT NULL,
    dropped INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT,
    PRIMARY KEY (run, office)
) STRICT, WITHOUT ROWID;
CREATE INDEX office_runs_office ON office_runs (office);

CREATE VIRTUAL TABLE articles_fts USING fts5 (
    title, text, lemmas, content='articles', tokenize="unicode61 remove_diacritics 2"
);
CREATE TRIGGER articles_added AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts (rowid, title, text, lemmas) VALUES (new.rowid, new.title, new.text, new.lemmas);
END;
CREATE TRIGGER articles_removed AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, text, lemmas)
    VALUES ('delete', old.rowid, old.title, old.text, old.lemmas);
END;
CREATE TRIGGER articles_updated AFTER UPDATE OF title, text, lemmas ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, text, lemmas)
    VALUES ('delete', old.rowid, old.title, old.text, old.lemmas);
    INSERT INTO articles_fts (rowid, title, text, lemmas) VALUES (new.rowid, new.title, new.text, new.lemmas);
END;

-- What has been understood of each capture of the archive. `effect` is what it did to its article.
CREATE TABLE understood (
    capture INTEGER PRIMARY KEY,
    version TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT,
    run TEXT NOT NULL,
    office TEXT NOT NULL,
    article TEXT,
    effect TEXT,
    seen TEXT NOT NULL,
    record BLOB
) STRICT;
CREATE INDEX understood_article ON understood (article);
CREATE INDEX understood_run ON understood (run, office);

-- Identity: the keys by which a capture's page is known; one key belongs to one article.
CREATE TABLE article_keys (
    key TEXT PRIMARY KEY,
    article TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX article_keys_article ON article_keys (article);

-- What the corpus teaches: in which articles of an office a block stands (in any revision), and which blocks are plates.
CREATE TABLE office_blocks (
    article TEXT NOT NULL REFERENCES articles(id),
    office TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (article, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX office_blocks_hash ON office_blocks (office, hash);
CREATE TABLE plates (
    office TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (office, hash)
) STRICT, WITHOUT ROWID;

-- Likeness between articles: the bands of their signatures, and the pairs that are copies.
CREATE TABLE bands (
    band INTEGER NOT NULL,
    article TEXT NOT NULL,
    PRIMARY KEY (band, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX bands_article ON bands (article);
CREATE TABLE copies (
    one TEXT NOT NULL,
    other TEXT NOT NULL,
    PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX copies_other ON copies (other);
CREATE INDEX articles_cluster ON articles (cluster) WHERE cluster IS NOT NULL;

-- How far the archive's ledger has been taken over, and the runs whose account must be made anew.
CREATE TABLE progress (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE stale_runs (
    run TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE stale_articles (
    article TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE stale_offices (
    office TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
