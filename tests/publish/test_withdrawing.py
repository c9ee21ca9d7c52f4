"""What was taken down leaves the public copy at once, also while no new edition can be made."""

from __future__ import annotations

import hashlib
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pysqlite3
import pytest
from click.testing import CliRunner

from crawler import suppression
from crawler.cli import main
from crawler.database import DatabaseProblem
from crawler.folder import locked
from crawler.health import SourcesFailed
from crawler.publish.public.editions import Edition, current
from crawler.publish.public.press import complete, make, withdraw
from tests.publish import newsroom
from tests.publish.public import served

MADE = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = MADE + timedelta(minutes=1)
WORD = "Przybysławicka"
"""Stands in one article only, in each place where an article says something."""
URL = "https://pup-konin.praca.test/-/przybyslawicka"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A newsroom with its edition. One article names WORD; the last run of an office has failed since."""
    newsroom.build(tmp_path / "news.db", articles=48, hostile=False)
    with closing(pysqlite3.connect(str(tmp_path / "news.db"))) as db:
        article = _told(db)
        db.execute("INSERT INTO addresses (url, article, kind) VALUES (?, ?, 'page')", (URL, article))
        db.execute("INSERT INTO revisions VALUES ('r1', ?, '2026-03-01T09:00:00Z', '0', ?, ?, '[]')",
                   (article, f"{WORD} kieruje", f"Pani {WORD} kieruje urzędem."))  # fmt: skip
        db.execute("INSERT INTO organisations (id, name, kind) VALUES ('o1', ?, 'company')", (f"{WORD} i spółka",))
        db.execute("INSERT INTO article_organisations (article, organisation, raw, method, sure)"
                   " VALUES (?, 'o1', ?, 'pattern:name', 'high')", (article, WORD))  # fmt: skip
        others = [row[0] for row in db.execute("SELECT id FROM articles WHERE id != ? ORDER BY id LIMIT 2", (article,))]
        db.execute("INSERT INTO clusters (id, first_article, size) VALUES ('g1', ?, 3)", (article,))
        for one in (article, *others):
            db.execute("UPDATE articles SET cluster = 'g1' WHERE id = ?", (one,))
        db.commit()
    make(tmp_path, made=MADE - timedelta(minutes=1), formats=["csv", "ndjson"])
    make(tmp_path, made=MADE, formats=["csv", "ndjson"])
    with closing(pysqlite3.connect(str(tmp_path / "news.db"))) as db:
        db.execute("UPDATE office_runs SET outcome = 'failed', detail = 'volume: 2 instead of 10'")
        db.commit()
    return tmp_path


def _told(db: pysqlite3.Connection) -> str:
    """The article that names WORD; it has a call."""
    (article,) = db.execute("SELECT min(article) FROM call_articles").fetchone()
    db.execute("UPDATE articles SET title = title || ?, text = text || ?, lemmas = lemmas || ? WHERE id = ?",
               (f" ({WORD})", f"\nInformacji udziela {WORD}.", f" {WORD.lower()}", article))  # fmt: skip
    db.execute("UPDATE calls SET raw = ? WHERE id IN (SELECT call FROM call_articles WHERE article = ?)",
               (f"do końca maja ({WORD})", article))  # fmt: skip
    return str(article)


def _said(data: Path) -> list[str]:
    """The files that readers may be given, or that lie there, in which the word stands."""
    wanted = re.compile(WORD.encode(), re.IGNORECASE)
    return [
        str(path.relative_to(data))
        for path in sorted((data / "public").rglob("*"))
        if path.is_file() and path.suffix != ".gz" and wanted.search(path.read_bytes())
    ]


def _shown(data: Path) -> Edition:
    edition = current(data / "public")
    assert edition is not None
    return edition


def test_no_page_of_the_edition_keeps_a_piece_of_what_left_many_others(tmp_path: Path) -> None:
    """Pages of an index that are merged have held rows which secure_delete does not know of."""
    newsroom.build(tmp_path / "news.db", articles=900, hostile=False)
    with closing(pysqlite3.connect(str(tmp_path / "news.db"))) as db:
        db.execute("DELETE FROM addresses")
        urls = [
            (f"https://urzad.test/aktualnosci/{hashlib.sha256(one.encode()).hexdigest()}", one)
            for (one,) in db.execute("SELECT id FROM articles ORDER BY id")
        ]
        db.executemany("INSERT INTO addresses (url, article, kind) VALUES (?, ?, 'page')", urls)
        db.commit()
    make(tmp_path, made=MADE, formats=["csv"])
    leaving = [url for n, (url, _) in enumerate(urls) if n % 5]
    suppression.add(tmp_path, "address", leaving)
    edition = withdraw(tmp_path, made=LATER)
    assert edition is not None
    assert edition.articles == len(urls) - len(leaving)
    held = edition.database.read_bytes()
    assert [url for url in leaving if url[-64:].encode() in held] == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [("address", URL), ("phrase", WORD), ("office", "pup-konin")],
    ids=["an address", "a phrase", "an office"],
)
def test_what_is_taken_down_leaves_the_edition_though_the_last_run_failed(
    data: Path, kind: suppression.Kind, value: str
) -> None:
    before = _shown(data)
    assert _said(data)
    if kind == "office":
        with closing(pysqlite3.connect(str(before.database))) as db:
            value = db.execute("SELECT office FROM articles WHERE text LIKE ?", (f"%{WORD}%",)).fetchone()[0]
    rules = suppression.add(data, kind, [value])
    with closing(pysqlite3.connect(str(data / "news.db"))) as db:
        db.executemany("INSERT INTO applied_suppressions VALUES (?, ?)", [(one.id, one.since) for one in rules])
        db.commit()
    # in this news.db an address and an office are still shown, which is told of first
    with pytest.raises(SourcesFailed if kind == "phrase" else DatabaseProblem):
        make(data, made=LATER, formats=["csv", "ndjson"])
    now = _shown(data)
    assert now.id != before.id
    assert _said(data) == []
    assert now.articles < before.articles
    with closing(pysqlite3.connect(str(now.database), isolation_level=None)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (now.articles,)
        assert db.execute("SELECT sum(articles) FROM _shelf_counts").fetchone() == (now.articles,)
        assert db.execute("SELECT sum(articles) FROM office_counts").fetchone() == (now.articles,)
        assert db.execute("SELECT count(*) FROM taken_down").fetchone() == (before.articles - now.articles,)
        assert db.execute("SELECT count(*) FROM organisations").fetchone() == (0,)
        grouped = db.execute("SELECT count(*), min(clusters.first_article IN (SELECT id FROM articles)), max(size)"
                             " FROM clusters JOIN articles ON articles.cluster = clusters.id").fetchone()  # fmt: skip
        assert grouped[0] == (grouped[2] or 0)
        assert grouped[1] in (1, None)
    assert {path.name for path in now.files.iterdir()} >= {"articles.csv", "articles.ndjson", "datapackage.json"}


def test_a_take_down_does_not_wait_for_a_run_that_goes_on(data: Path) -> None:
    with locked(data):
        told = CliRunner().invoke(main, ["suppress", "add", URL, "--data", str(data)])
    assert told.exit_code == 4
    assert "readers no longer see it" in told.output
    assert _said(data) == []


def test_files_that_still_say_it_are_gone_with_it_and_the_page_of_the_files_says_so(data: Path) -> None:
    earlier = min((data / "public/editions").iterdir())
    with served(data) as server, server.client() as client:
        assert WORD in client.get(f"/pliki/{earlier.name}/articles.csv").text
        with closing(pysqlite3.connect(str(_shown(data).database))) as db:
            (article,) = db.execute("SELECT article FROM addresses WHERE url = ?", (URL,)).fetchone()
        assert WORD in client.get(f"/news/articles/{article}").text
        suppression.add(data, "address", [URL])
        edition = withdraw(data, made=LATER)
        assert edition is not None
        while client.get(f"/news/articles/{article}").status_code == 200:
            pass
        assert client.get(f"/news/articles/{article}").status_code == 410
        assert client.get(f"/news/articles?_search={WORD}").text.count("<tr") <= 1
        assert client.get(f"/pliki/{earlier.name}/articles.csv").status_code == 404
        assert client.get("/pliki/articles.csv").status_code == 404
        assert "przygotowywane" in client.get("/pliki").text
        whole = complete(data, made=LATER + timedelta(minutes=1), formats=["csv"])
        assert whole is not None
        while client.get("/pliki/articles.csv").status_code != 200:
            pass
        assert WORD not in client.get("/pliki/articles.csv").text
        assert "przygotowywane" not in client.get("/pliki").text


def test_an_edition_that_shows_nothing_of_it_stays_and_is_not_looked_through_again(data: Path) -> None:
    before = _shown(data)
    suppression.add(data, "phrase", ["słowa, których nikt nie napisał"])
    assert withdraw(data, made=LATER) is None
    now = _shown(data)
    assert (now.id, now.sha256) == (before.id, before.sha256)
    assert now.of != before.of
    assert withdraw(data, made=LATER) is None
    assert complete(data, made=LATER) is None


def test_what_news_db_has_hidden_leaves_the_edition_too(data: Path) -> None:
    """A content is known by the whole text of a page, of which the edition shows a part."""
    suppression.add(data, "content", ["Treść, którą strona miała kiedyś."])
    assert withdraw(data, made=LATER) is None
    with closing(pysqlite3.connect(str(data / "news.db"))) as db:
        (article,) = db.execute("SELECT article FROM addresses WHERE url = ?", (URL,)).fetchone()
        db.execute("INSERT INTO taken_down VALUES (?, '2026-03-02T11:00:00Z')", (article,))
        db.commit()
    edition = withdraw(data, made=LATER)
    assert edition is not None
    with closing(pysqlite3.connect(str(edition.database))) as db:
        assert db.execute("SELECT * FROM taken_down").fetchall() == [(article, "2026-03-02T11:00:00Z")]
    assert _said(data) == []


def test_what_was_taken_down_while_an_edition_was_made_is_not_shown_by_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The edition is refused; readers have the one before without what was taken down."""
    from crawler.publish.public import press

    files = press._files

    def meanwhile(new: Path, **how: object) -> None:
        if not suppression.Suppressions.beside(data / "news.db"):
            suppression.add(data, "address", [URL])
            withdraw(data, made=LATER + timedelta(seconds=1))
        files(new, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(press, "_files", meanwhile)
    with pytest.raises(Exception, match="taken down meanwhile"):
        make(data, made=LATER, formats=["csv"], even_so=True)
    assert _said(data) == []
    assert (_shown(data).files / "articles.csv").exists()
