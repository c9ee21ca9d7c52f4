-- Ready questions over very many articles.
--
-- `articles_known` has the short columns of an article under its id: whatever leads to articles by their ids reads
-- these instead of their long rows. A group of copies tells its offices by its index, a day of finding its articles.
DROP INDEX articles_years;
CREATE INDEX articles_known ON articles (id, published, first_seen, office, voivodeship, year);
DROP INDEX IF EXISTS articles_cluster;
CREATE INDEX articles_cluster ON articles (cluster, office) WHERE cluster IS NOT NULL;
DROP INDEX articles_office_seen;
CREATE INDEX articles_office_seen ON articles (office, first_seen, published, gone);

-- `_mentions` counts the articles of each topic, programme and organisation.
CREATE TABLE _mentions (
    what TEXT NOT NULL,
    id TEXT NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (what, id)
) STRICT, WITHOUT ROWID;
INSERT INTO _mentions
SELECT 'topic', topic, count(*) FROM article_topics GROUP BY topic
UNION ALL SELECT 'programme', programme, count(*) FROM article_programmes GROUP BY programme
UNION ALL SELECT 'organisation', organisation, count(*) FROM article_organisations GROUP BY organisation;
CREATE TRIGGER topics_counted AFTER INSERT ON article_topics BEGIN
    INSERT INTO _mentions VALUES ('topic', new.topic, 1) ON CONFLICT DO UPDATE SET articles = articles + 1;
END;
CREATE TRIGGER topics_uncounted AFTER DELETE ON article_topics BEGIN
    UPDATE _mentions SET articles = articles - 1 WHERE what = 'topic' AND id = old.topic;
    DELETE FROM _mentions WHERE what = 'topic' AND id = old.topic AND articles = 0;
END;
CREATE TRIGGER programmes_counted AFTER INSERT ON article_programmes BEGIN
    INSERT INTO _mentions VALUES ('programme', new.programme, 1) ON CONFLICT DO UPDATE SET articles = articles + 1;
END;
CREATE TRIGGER programmes_uncounted AFTER DELETE ON article_programmes BEGIN
    UPDATE _mentions SET articles = articles - 1 WHERE what = 'programme' AND id = old.programme;
    DELETE FROM _mentions WHERE what = 'programme' AND id = old.programme AND articles = 0;
END;
CREATE TRIGGER organisations_counted AFTER INSERT ON article_organisations BEGIN
    INSERT INTO _mentions VALUES ('organisation', new.organisation, 1)
    ON CONFLICT DO UPDATE SET articles = articles + 1;
END;
CREATE TRIGGER organisations_uncounted AFTER DELETE ON article_organisations BEGIN
    UPDATE _mentions SET articles = articles - 1 WHERE what = 'organisation' AND id = old.organisation;
    DELETE FROM _mentions WHERE what = 'organisation' AND id = old.organisation AND articles = 0;
END;
CREATE INDEX organisations_kind ON organisations (kind);

-- `_money`: each amount of each article under the programmes that the article names and the year of its publication;
-- an amount that an article says twice stands there once.
CREATE TABLE _money (
    year TEXT NOT NULL,
    programme TEXT NOT NULL,
    role TEXT NOT NULL,
    currency TEXT NOT NULL,
    grosze INTEGER NOT NULL,
    article TEXT NOT NULL,
    PRIMARY KEY (year, programme, role, currency, grosze, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX _money_programme ON _money (programme);
CREATE INDEX _money_article ON _money (article);
INSERT OR IGNORE INTO _money
SELECT coalesce(articles.year, ''), article_programmes.programme, amounts.role, amounts.currency, amounts.grosze,
    amounts.article
FROM amounts JOIN article_programmes ON article_programmes.article = amounts.article
    JOIN articles ON articles.id = amounts.article;
CREATE TRIGGER amounts_counted AFTER INSERT ON amounts BEGIN
    INSERT OR IGNORE INTO _money
    SELECT coalesce(articles.year, ''), article_programmes.programme, new.role, new.currency, new.grosze, new.article
    FROM article_programmes JOIN articles ON articles.id = new.article WHERE article_programmes.article = new.article;
END;
CREATE TRIGGER amounts_uncounted AFTER DELETE ON amounts BEGIN
    DELETE FROM _money WHERE article = old.article AND role = old.role AND currency = old.currency
        AND grosze = old.grosze AND NOT EXISTS (SELECT 1 FROM amounts WHERE article = old.article
            AND role = old.role AND currency = old.currency AND grosze = old.grosze);
END;
CREATE TRIGGER programmes_paid AFTER INSERT ON article_programmes BEGIN
    INSERT OR IGNORE INTO _money
    SELECT coalesce(articles.year, ''), new.programme, amounts.role, amounts.currency, amounts.grosze, new.article
    FROM amounts JOIN articles ON articles.id = new.article WHERE amounts.article = new.article;
END;
CREATE TRIGGER programmes_unpaid AFTER DELETE ON article_programmes BEGIN
    DELETE FROM _money WHERE article = old.article AND programme = old.programme;
END;
CREATE TRIGGER articles_dated AFTER UPDATE OF published ON articles WHEN old.year IS NOT new.year BEGIN
    UPDATE _money SET year = coalesce(new.year, '') WHERE article = new.id;
END;

-- The articles that were found, or that changed, last.
CREATE INDEX articles_seen_newest ON articles (first_seen DESC, id);
CREATE INDEX articles_changed_newest ON articles (changed DESC, id) WHERE changed IS NOT NULL;
