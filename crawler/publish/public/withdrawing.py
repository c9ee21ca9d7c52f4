"""What was taken down leaves the edition that readers see, whether or not a new one can be made now.

The edition's own copy is copied and what the list names is deleted from it; nothing else becomes different. Whatever
spoke of a deleted article along with others (a call, a group of copies) is deleted or told of those others alone: the
next whole edition says it exactly.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pysqlite3

from crawler.database import Connection, DatabaseProblem, open_for_reading
from crawler.publish.exports import package
from crawler.publish.public.editions import Edition
from crawler.suppression import Suppressions, strings
from crawler.takedown import leaks

PIECE = 1 << 20
_KEPT = frozenset({"offices", "office_powiats", "places", "topics", "runs", "office_runs", "taken_down"})
"""Tables that say nothing an article said."""
_NAMED_BY_ARTICLES = (
    ("organisations", "article_organisations", "organisation"),
    ("programmes", "article_programmes", "programme"),
)


def hidden_in(news: Path) -> dict[str, str]:
    """Article -> since when, of those that news.db has hidden whole; none where it cannot tell."""
    if not news.exists():
        return {}
    with closing(open_for_reading(news)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'taken_down'").fetchone():
            return {}
        return dict(connection.execute("SELECT article, since FROM taken_down"))


def still_shown(edition: Edition, hidden: Mapping[str, str]) -> bool:
    """Whether the edition has any of these articles."""
    with closing(open_for_reading(edition.database)) as connection:
        return any(connection.execute("SELECT 1 FROM articles WHERE id = ?", (one,)).fetchone() for one in hidden)


def shows(edition: Edition, listed: Suppressions) -> bool:
    """Whether the edition says anything that the list names."""
    return bool(leaks(edition.database, listed))


def has_files(edition: Edition) -> bool:
    """Whether its tables are there as files."""
    descriptor = edition.files / package.DESCRIPTOR
    return descriptor.exists() and bool(json.loads(descriptor.read_text(encoding="utf-8"))["resources"])


def copied_without(edition: Edition, new: Path, listed: Suppressions, hidden: Mapping[str, str]) -> int:
    """Make `new`: the edition's database without what is listed or hidden. How many articles it has.

    Raises DatabaseProblem, also where something that is listed would be left.
    """
    before = new.with_name(f"{new.name}.before")
    _copy(edition, before)
    with closing(pysqlite3.connect(str(before), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('secure-delete', 1)")
        connection.execute("BEGIN")
        since = max((rule.since for rule in listed.rules), default="")
        articles = {one: hidden.get(one, since) for one in {*_articles(connection, listed), *hidden}}
        _delete_articles(connection, articles)
        _delete_phrases(connection, listed)
        connection.execute("COMMIT")
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        (count,) = connection.execute("SELECT count(*) FROM articles").fetchone()
        # Made anew, so that no page keeps a word of it: secure_delete leaves what moved within an index.
        connection.execute("VACUUM INTO ?", (str(new),))
    before.unlink()
    left = leaks(new, listed)
    if broken or left:
        raise DatabaseProblem(
            f"{edition.folder}: what was taken down could not be removed ({(left or broken)[0]}); stop the public"
            " server, and make news.db (wiesci rebuild) and an edition of it (wiesci publish --even-so) anew"
        )
    return int(count)


def _copy(edition: Edition, new: Path) -> None:
    """Byte by byte: what was checked when the edition was made is so of the copy."""
    digest = hashlib.sha256()
    with edition.database.open("rb") as source, new.open("xb") as target:
        while piece := source.read(PIECE):
            digest.update(piece)
            target.write(piece)
    if digest.hexdigest() != edition.sha256:
        raise DatabaseProblem(f"{edition.database} is not what was published; wiesci publish makes a new edition")


def _articles(db: Connection, listed: Suppressions) -> Iterator[str]:
    """Ids of the articles of which anything is listed."""
    for url, article in db.execute("SELECT url, article FROM addresses"):
        if listed.address(url):
            yield article
    for url, office, article in db.execute("SELECT url, office, id FROM articles"):
        if listed.address(url) or listed.office(office):
            yield article
    if any(rule.kind == "content" for rule in listed.rules):
        for text, article in db.execute("SELECT text, article FROM revisions UNION ALL SELECT text, id FROM articles"):
            if listed.content(text):
                yield article
    if not any(rule.kind == "phrase" for rule in listed.rules):
        return
    for table in _tables(db):
        names = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
        whose = "id" if table == "articles" else "article" if "article" in names else None
        if whose is not None:
            index = names.index(whose)
            for row in db.execute(f'SELECT * FROM "{table}"'):
                if row[index] is not None and listed.phrase(*_said(row)):
                    yield row[index]


def _delete_articles(db: Connection, articles: Mapping[str, str]) -> None:
    """`articles`: id -> since when it is hidden."""
    for article, since in articles.items():
        row = db.execute("SELECT cluster FROM articles WHERE id = ?", (article,)).fetchone()
        if row is None:
            continue
        named = {
            table: [one for (one,) in db.execute(f"SELECT {column} FROM {link} WHERE article = ?", (article,))]
            for table, link, column in _NAMED_BY_ARTICLES
        }
        for (call,) in db.execute("SELECT DISTINCT call FROM call_articles WHERE article = ?", (article,)).fetchall():
            _delete(db, "calls", "id", call)
        if row[0] is not None:
            _leave_cluster(db, article, row[0])
        _delete(db, "articles", "id", article)
        db.execute("DELETE FROM understood WHERE article = ?", (article,))
        db.execute("INSERT OR IGNORE INTO taken_down (article, since) VALUES (?, ?)", (article, since))
        for table, link, column in _NAMED_BY_ARTICLES:
            for one in named[table]:
                if not db.execute(f"SELECT 1 FROM {link} WHERE {column} = ?", (one,)).fetchone():
                    _delete(db, table, "id", one)


def _leave_cluster(db: Connection, article: str, cluster: str) -> None:
    db.execute("UPDATE articles SET cluster = NULL WHERE id = ?", (article,))
    others = db.execute(
        "SELECT id FROM articles WHERE cluster = ? ORDER BY coalesce(published, substr(first_seen, 1, 10)), first_seen,"
        " id",
        (cluster,),
    ).fetchall()
    if len(others) < 2:
        db.execute("UPDATE articles SET cluster = NULL WHERE cluster = ?", (cluster,))
        db.execute("DELETE FROM clusters WHERE id = ?", (cluster,))
    else:
        at = (others[0][0], len(others), cluster)
        db.execute("UPDATE clusters SET first_article = ?, size = ? WHERE id = ?", at)


def _delete_phrases(db: Connection, listed: Suppressions) -> None:
    """What still says a phrase without belonging to an article: a call, an organisation, an address that is missing."""
    for table, column in (("missing", "url"), ("missing", "address")):
        for (url,) in db.execute(f"SELECT {column} FROM {table}").fetchall():
            if listed.address(url):
                db.execute(f"DELETE FROM {table} WHERE {column} = ?", (url,))
    if not any(rule.kind == "phrase" for rule in listed.rules):
        return
    for table in _tables(db):
        key = next(row[1] for row in db.execute(f'PRAGMA table_info("{table}")') if row[5] == 1)
        for row in db.execute(f'SELECT "{key}", * FROM "{table}"').fetchall():
            if listed.phrase(*_said(row)):
                _delete(db, table, key, row[0])


def _tables(db: Connection) -> list[str]:
    names = db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE 'articles_fts%' AND name NOT LIKE '\\_%' ESCAPE '\\'"
    )
    return sorted({name for (name,) in names} - _KEPT)


def _said(row: Iterable[object]) -> Iterator[str]:
    return strings([one.decode("utf-8", "replace") if isinstance(one, bytes) else one for one in row])


def _delete(db: Connection, table: str, key: str, value: object) -> None:
    """The row, and before it every row that points to it."""
    for other in _tables(db):
        for _, _, parent, child, *_ in db.execute(f'PRAGMA foreign_key_list("{other}")').fetchall():
            if parent == table:
                db.execute(f'DELETE FROM "{other}" WHERE "{child}" = ?', (value,))
    db.execute(f'DELETE FROM "{table}" WHERE "{key}" = ?', (value,))
