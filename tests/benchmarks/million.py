"""A news.db of very many articles, made once in a folder that is kept: always the same rows for a seed.

What readers see is there, through the store's own schema and triggers; what only the machinery reads (captures, blocks
by office, likeness) stays empty.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pysqlite3
from sqlite_utils import Database

from crawler import registry
from crawler.migrations import bring_up_to_date
from crawler.store import Store
from normalize.model import Office
from tests.benchmarks.wording import Passage, Wording, counted, indexed

VERSION = 1
"""Of the rows: another one is made anew."""
DAY = date(2026, 3, 2)
"""The newest articles are of this day."""
DAYS = 15 * 365
PASSAGES = 30_000
_AT_ONCE = 2_000
_CACHE_KB = 600_000
_KINDS = ["news"] * 55 + ["call"] * 16 + ["job"] * 10 + ["event"] * 8 + ["results"] * 6 + ["tender"] * 5
_UNDATED = 0.08
_SEEN = "2026-03-01T06:00:00Z"

Row = dict[str, Any]


def database(folder: Path, articles: int, *, seed: int = 1) -> Path:
    """The file with that many articles; it is made where the folder has none, which is told."""
    path = folder / f"news-{articles}-{seed}-{VERSION}" / "news.db"
    if not path.exists():
        begun = time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_name("unfinished.db")
        for left in path.parent.glob("unfinished.db*"):
            left.unlink()
        fill(unfinished, articles, seed)
        unfinished.rename(path)
        seconds = time.monotonic() - begun
        print(f"made {path}: {articles} articles, {path.stat().st_size / 1e9:.2f} GB, {articles / seconds:.0f} rows/s")
    with closing(pysqlite3.connect(str(path), isolation_level=None)) as connection:
        bring_up_to_date(Database(connection), "news")  # a kept file may be of an earlier version
    return path


def fill(path: Path, articles: int, seed: int) -> None:
    """Make the database and its rows, in memory that does not depend on how many they are."""
    register = registry.load()
    with Store.open(path, register):
        pass
    with (
        closing(pysqlite3.connect(str(path), isolation_level=None, check_same_thread=False)) as connection,
        ThreadPoolExecutor(max_workers=1) as writer,  # the next rows are made while SQLite writes these
    ):
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        connection.execute("DELETE FROM _seals")  # the store makes them anew when it opens the file
        newsroom = Newsroom(register, articles, seed)
        waiting: dict[str, list[Row]] = {}
        writing: Future[None] | None = None
        begun = time.monotonic()
        for table, row in newsroom.rows():
            if table == "articles" and len(waiting.get(table, ())) == _AT_ONCE:
                if writing is not None:
                    writing.result()
                writing = writer.submit(_write, connection, waiting)
                waiting = {}
                if newsroom.made % 50_000 == 1:
                    print(f"  {newsroom.made} articles, {newsroom.made / (time.monotonic() - begun):.0f}/s", flush=True)
            waiting.setdefault(table, []).append(row)
        if writing is not None:
            writing.result()
        _write(connection, waiting)
        connection.execute("PRAGMA journal_mode = WAL")


def _write(connection: Any, waiting: dict[str, list[Row]]) -> None:
    """In the order of the tables' references: a row's table was named before those that point to it."""
    connection.execute("BEGIN")
    for table, rows in waiting.items():
        names = ", ".join(rows[0])
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", [tuple(row.values()) for row in rows])
    connection.execute("COMMIT")


class Newsroom:
    """All rows in the order in which they may be written, the oldest articles first."""

    def __init__(self, register: registry.Register, articles: int, seed: int) -> None:
        self._draw = Random(seed)
        self._wording = Wording(self._draw, min(PASSAGES, max(200, articles // 10)))
        self._offices = list(register.offices.values())
        knowledge = register.knowledge()
        self._powiats = {unit.teryt: unit for unit in knowledge.gazetteer.units}
        self._programmes = sorted({(entry.id, entry.name) for entry in knowledge.programmes.by_prefix.values()})
        self._topics = list(knowledge.topics.labels)
        self._articles = articles
        self._copied: list[str] = []
        self.made = 0

    def rows(self) -> Iterator[tuple[str, Row]]:
        """(table, row), each after the rows that it points to."""
        for id, name in self._programmes:
            yield "programmes", {"id": id, "name": name}
        run = "20260302T060000Z"
        yield "runs", {"id": run, "command": "crawl", "started": _SEEN, "finished": _SEEN, "outcome": "well"}
        for office in self._offices:
            yield (
                "office_runs",
                {"run": run, "office": office.id, "pages": 12, "teasers": 10, "new": 2, "changed": 1, "same": 7,
                 "dropped": 0, "failed": 0, "outcome": "well"},
            )  # fmt: skip
        for published in self._days():
            yield from self._article(published)

    def _days(self) -> Iterator[str | None]:
        """When each article was published, those without a day first; more and more over the years, few at weekends."""
        undated = int(self._articles * _UNDATED)
        counts: Counter[int] = Counter()
        for _ in range(self._articles - undated):
            ago = int(DAYS * self._draw.random() ** 1.4)
            weekend = (DAY - timedelta(days=ago)).weekday() - 4
            counts[ago + max(0, weekend) if self._draw.random() < 0.9 else ago] += 1
        yield from [None] * undated
        for ago in sorted(counts, reverse=True):
            day = (DAY - timedelta(days=ago)).isoformat()
            minutes = int(counts[ago] * 0.03)
            yield from [day] * (counts[ago] - minutes)
            yield from [f"{day}T08:35"] * minutes

    def _article(self, published: str | None) -> Iterator[tuple[str, Row]]:
        draw = self._draw
        number = self.made
        self.made += 1
        office = self._offices[int(len(self._offices) * draw.random() ** 1.5)]
        kind = draw.choice(_KINDS)
        own = hashlib.sha256(f"{self._articles}|{number}".encode()).hexdigest()[:16]
        deadline = _deadline(published, draw)
        grosze = draw.randrange(5, 9_000) * 50_000
        title = draw.choice(self._wording.headings)
        last = Passage.of(self._own_words(number, office, kind, deadline, grosze))
        passages = [*draw.choices(self._wording.passages, k=1 + int(draw.lognormvariate(1.25, 0.55))), last]
        text = "\n".join(passage.text for passage in passages)
        place = self._powiats.get(office.powiats[0]) if office.powiats else None
        copied = self._copied.pop() if self._copied and draw.random() < 0.01 else None
        yield (
            "articles",
            {"id": own, "office": office.id, "office_kind": office.kind, "voivodeship": office.voivodeship,
             "url": f"{office.url}/-/{number}", "canonical_url": None, "title": title, "lead": None, "text": text,
             "language": "pl", "kind": kind, "published": published,
             "published_precision": published and "day", "published_raw": published,
             "published_method": published and "selector", "published_sure": published and "high",
             "author": f"{draw.choice(('Anna', 'Jan', 'Ewa', 'Piotr'))} {self._wording.surname()}",
             "first_seen": f"{published[:10]}T18:00:00Z" if published else _SEEN, "last_seen": _SEEN,
             "changed": _SEEN if number % 50 == 7 else None, "gone": _SEEN if number % 40 == 3 else None,
             "gone_reason": "404" if number % 40 == 3 else None, "cluster": copied,
             "content_hash": own, "lemmas": indexed([counted(title), *(passage.forms for passage in passages)])},
        )  # fmt: skip
        yield "addresses", {"url": f"{office.url}/-/{number}", "article": own, "kind": "page"}
        for position, passage in enumerate(passages):
            yield (
                "blocks",
                {"article": own, "position": position, "kind": "p", "text": passage.text, "hash": passage.hash,
                 "plate": 0},
            )  # fmt: skip
        said = {"raw": f"do {deadline}", "method": "pattern:day", "sure": "high"}
        if kind in ("call", "event"):
            yield (
                "dates",
                {"article": own, "position": 0, "role": "closes" if kind == "call" else "event", "start": deadline,
                 "end": deadline, "precision": "day", "first_day": deadline, "last_day": deadline, "inferred": 0,
                 **said, "block": len(passages) - 1},
            )  # fmt: skip
        if kind in ("call", "tender"):
            yield (
                "amounts",
                {"article": own, "position": 0, "grosze": grosze, "currency": "PLN", "role": "pool", "approximate": 0,
                 "raw": _money(grosze), "raws": json.dumps([_money(grosze)]), "method": "pattern:money",
                 "sure": "high", "block": len(passages) - 1},
            )  # fmt: skip
        programme = draw.choice(self._programmes)[0] if draw.random() < 0.3 else None
        if programme:
            yield "article_programmes", {"article": own, "programme": programme, **said}
        if place:
            yield (
                "article_places",
                {"article": own, "teryt": place.teryt, "level": place.level, "name": place.name, **said},
            )
        if draw.random() < 0.6:
            yield "article_topics", {"article": own, "topic": draw.choice(self._topics), "rule": "words"}
        if draw.random() < 0.3:
            yield (
                "attachments",
                {"article": own, "position": 0, "url": f"{office.url}/{number}.pdf", "label": f"Załącznik {number}",
                 "media_type": "application/pdf", "declared_bytes": 1000 + number, "raw": "pdf"},
            )  # fmt: skip
        if kind == "call":
            yield from self._call(own, office, deadline, grosze, programme, said)
        if number % 50 == 7:
            for revision in ("Wersja pierwsza.", text):
                yield (
                    "revisions",
                    {"id": hashlib.sha256(f"{own}{len(revision)}".encode()).hexdigest()[:16], "article": own,
                     "seen": _SEEN, "content_hash": own, "title": title, "text": revision,
                     "changes": "[]" if revision != text else
                     json.dumps([{"type": "text", "before": ["Wersja pierwsza."], "after": [last.text]}])},
                )  # fmt: skip
        if number % 100 == 11:
            self._copied += [own]
            yield "clusters", {"id": own, "first_article": own, "size": 2}

    def _call(
        self, article: str, office: Office, deadline: str, grosze: int, programme: str | None, said: Row
    ) -> Iterator[tuple[str, Row]]:
        endless = self._draw.random() < 0.1
        event = self._draw.choices(("announced", "extended", "closed", "cancelled"), (80, 10, 7, 3))[0]
        yield (
            "calls",
            {"id": article[::-1], "office": office.id, "opens": None, "closes": None if endless else deadline,
             "open_ended": "funds" if endless else None, "event": event, "audience": "pracodawcy", "grosze": grosze,
             "currency": "PLN", "programme": programme, **said},
        )  # fmt: skip
        yield "call_articles", {"call": article[::-1], "article": article, "event": event, "raw": "nabór"}

    def _own_words(self, number: int, office: Office, kind: str, deadline: str, grosze: int) -> str:
        """What no other article says: names, numbers, a day and a sum."""
        said = f"Sprawę {number % 997}/{kind.upper()}/{number} prowadzi {self._wording.surname()}, {office.name}."
        if kind == "call":
            return f"{said} Wnioski przyjmujemy do {deadline}, pula środków wynosi {_money(grosze)}."
        return f"{said} Telefon {600_000_000 + number * 7_919 % 99_999_999}, pokój {number % 300}."


def _deadline(published: str | None, draw: Random) -> str:
    from_day = date.fromisoformat(published[:10]) if published else DAY - timedelta(days=draw.randrange(DAYS))
    return (from_day + timedelta(days=draw.randrange(3, 60))).isoformat()


def _money(grosze: int) -> str:
    return f"{grosze // 100:,} zł".replace(",", " ")
