"""Things made by hand for the tests of the machine: offices, articles, a clock that is set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from click.testing import CliRunner, Result

from crawler import registry
from crawler.archive import Archive
from crawler.cli import main
from crawler.comparing import content, tables
from crawler.registry import Register
from crawler.store import Saved, Store
from crawler.visits import Kept, Visit
from normalize import words
from normalize.identity import keys
from normalize.model import Article, Block, Evidence, Facts, Office, Teaser

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

OFFICES: list[dict[str, Any]] = [
    {
        "id": "pup-lipowo",
        "kind": "pup",
        "name": "Powiatowy Urząd Pracy w Lipowie",
        "family": "psz",
        "url": "http://lipowo.praca.test/rynek-pracy/aktualnosci",
        "voivodeship": "20",
        "powiats": ["2007"],
    },
    {
        "id": "marszalek-lipowo",
        "kind": "marshal",
        "name": "Urząd Marszałkowski w Lipowie",
        "family": "wordpress",
        "url": "http://lipowo.test/aktualnosci/",
        "voivodeship": "20",
    },
]


class SetClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@cache
def register() -> Register:
    return registry.load(practice=OFFICES)


@cache
def _empty() -> Mapping[str, bytes]:
    """The files as their first opening leaves them, made once for all benches."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        Archive.open(folder / "archive.db", SetClock()).close()
        Store.open(folder / "news.db", register()).close()
        return {path.name: path.read_bytes() for path in folder.iterdir()}


def office(office_id: str = "pup-lipowo") -> Office:
    return register().offices[office_id]


def article(
    url: str,
    *paragraphs: str,
    title: str = "Nabór wniosków na staże",
    published: str | None = "2026-03-01",
    further_keys: tuple[str, ...] = (),
    evidence: Mapping[str, Evidence] | None = None,
    **fields: Any,
) -> Article:
    blocks = tuple(Block(kind="paragraph", text=text, hash=words.block_hash(text)) for text in paragraphs)
    return Article(
        url=url,
        canonical_url=None,
        keys=(*keys(url), *further_keys),
        title=title,
        lead=None,
        blocks=blocks,
        language="pl",
        kind="news",
        published=published,
        modified=None,
        author=fields.pop("author", None),
        photo_credit=None,
        facts=fields.pop("facts", Facts()),
        evidence={
            **({"/published": Evidence(raw=published, method="list")} if published else {}),
            **(evidence or {}),
        },
        **fields,
    )


class Bench:
    """An archive and a store in a folder, and the short way from a page to its rows."""

    def __init__(self, folder: Path) -> None:
        self.clock = SetClock()
        self.folder = folder
        self.register = register()
        folder.mkdir(parents=True, exist_ok=True)
        for name, made in _empty().items():
            if not (folder / name).exists():
                (folder / name).write_bytes(made)
        self.archive = Archive.open(folder / "archive.db", self.clock)
        self.store = Store.open(folder / "news.db", self.register)
        self.run = self.archive.begin_run("test")

    def close(self) -> None:
        self.store.close()
        self.archive.close()

    def open(self) -> None:
        """Both again, as the next command finds them."""
        self.archive = Archive.open(self.folder / "archive.db", self.clock)
        self.store = Store.open(self.folder / "news.db", self.register)

    def reopen(self, database: str = "news.db") -> None:
        """The store again, over this file of the folder."""
        self.store.close()
        self.store = Store.open(self.folder / database, self.register)

    def wiesci(self, command: str, *arguments: str) -> Result:
        """`wiesci` over the bench's folder, while nothing else has it open."""
        self.close()
        try:
            return CliRunner().invoke(main, [command, *arguments, "--data", str(self.folder)])
        finally:
            self.open()

    def visit(self, url: str, body: str, *, office: str = "pup-lipowo", **fields: Any) -> Kept:
        visit = Visit(office=office, purpose="article", url=url, outcome="stored", status=200, **fields)
        return self.archive.keep(self.run, visit, body.encode(), content_type="text/html")

    def save(self, made: Article | None, *, url: str | None = None, body: str | None = None, **fields: Any) -> Saved:
        """Keep a page and save what is understood of it."""
        address = url or (made.url if made else "http://lipowo.praca.test/-/nic")
        self.clock.forward(minutes=1)
        kept = self.visit(address, body or (made.text if made else "nic"), **fields)
        return self.understand(kept.capture, made)

    def understand(self, capture: int, made: Article | None) -> Saved:
        record = None if made is None else msgspec.json.encode(made)
        outcome = "article" if made is not None else "soft_404"
        return self.store.save(self.archive.held(capture), outcome, record, archive=self.archive)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return list(self.store._db.execute(sql, values))

    def sight(self, *urls: str, office: str = "pup-lipowo") -> Kept:
        """A visit of a list that names these articles."""
        self.clock.forward(minutes=1)
        visit = Visit(office=office, purpose="list", url="http://lipowo.praca.test/lista", outcome="stored", status=200)
        teasers = [Teaser(url=url, title="Tytuł") for url in urls]
        return self.archive.keep(self.run, visit, "\n".join(urls).encode(), content_type="text/html", teasers=teasers)


def contents(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    return {table: content(store.connection, table) for table in tables(store.connection)}
