"""Pages of the desk over very many articles beside the SQL that they rest on, asked of bare SQLite in the same run.

Both sides are asked in turn, warm, in one process; the time is that of the processor, in all threads, so that other
work on the machine does not count. A search stands beside the same question to the search index, ranked by FTS5 itself,
where it is narrowed by what the articles speak of with the plain condition for that; any other page stands beside the
very queries it asked.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html
import pysqlite3
from datasette.database import Database

from crawler.publish import DATABASE, plugin
from crawler.publish.search import searching
from crawler.publish.serve import datasette_of
from tests.benchmarks import exporting
from tests.benchmarks.million import database
from tests.benchmarks.questions import SEARCHES, Search, pages, whole_desk

ALLOWED = 0.1
"""Seconds that a search page may take beyond the bare query, if twice the query is less."""
SPOKEN_OF = {
    "_temat": ("article_topics WHERE topic = ?", 1),
    "_program": ("article_programmes WHERE programme = ?", 1),
    "_miejsce": ("article_places WHERE teryt >= ? AND teryt < ? || ':'", 2),
}
"""Argument -> the rows that tell of such articles, and how often they name its value."""
FACETS = ("office_kind", "voivodeship", "kind", "year")


def report(rounds: int, articles: int, folder: Path, searches: Sequence[Search] = SEARCHES) -> None:
    """Print the figures of a database of that many articles, which is made in the folder where it is not there yet."""
    path = database(folder, articles)
    with closing(pysqlite3.connect(f"file:{path}?mode=ro", uri=True)) as bare:
        (held,) = bare.execute("SELECT sum(articles) FROM _shelf_counts").fetchone()
    print(f"desk: {held} articles, {path.stat().st_size / 1e9:.1f} GB, {rounds} rounds after a warm one, medians,")
    print(f"  {_load()}; what has a limit is interrupted by the clock, so a busy machine answers less")
    print("  milliseconds of the processor; share: the page / what is allowed (twice the bare query, or 100 ms more)")
    with closing(pysqlite3.connect(f"file:{path}?mode=ro", uri=True)) as bare:
        plugin.prepare_connection(bare, DATABASE)
        with asyncio.Runner() as runner:
            desk, public = datasette_of(path), datasette_of(path, public=True)
            print(
                "searches: the page of `wiesci serve`, of `serve --public`   bare   page public  share  shown (public)"
            )
            _judge([_search(runner, (desk, public), bare, search, rounds) for search in searches])
            print("pages beside their own SQL:                         SQL   page  ratio  queries")
            for what, address in pages(bare):
                _page(runner, desk, bare, what, address, rounds)
            print(f"everything else, within the limits of `serve --public` (processor, clock); {_load()}")
            asked = list(whole_desk(bare))
            answered = sum(_answered(runner, public, what, address, rounds) for what, address in asked)
            print(f"  answered: {answered} of {len(asked)}")
    _export(path, rounds)


class Unanswered(Exception):
    """A page that the desk refused, or gave up for lack of time."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    bare: float
    page: float
    public: float

    @property
    def share(self) -> float:
        """Of what is allowed."""
        return max(self.page, self.public) / max(2 * self.bare, self.bare + ALLOWED)


def _judge(asked: Sequence[Asked]) -> None:
    within = sum(one.share <= 1 for one in asked)
    worst = max(one.share for one in asked)
    print(f"  within twice the bare query or 100 ms more: {within} of {len(asked)}; largest share {worst:.2f}")


def _search(runner: asyncio.Runner, desks: Sequence[Any], bare: Any, search: Search, rounds: int) -> Asked:
    query = (
        "SELECT articles.id, articles.published, articles.title, articles.text FROM articles_fts"
        " JOIN articles ON articles.rowid = articles_fts.rowid WHERE articles_fts MATCH ?"
    )
    values = [searching.expression(search.typed)]
    order = "ORDER BY articles_fts.rank LIMIT 51"
    for name, value in search.filters.items():
        if name == "_sort_desc":
            order = "ORDER BY articles.published DESC, articles.id LIMIT 51"
        elif name in SPOKEN_OF:
            rows, named = SPOKEN_OF[name]
            query += f" AND articles.id IN (SELECT article FROM {rows})"
            values += [value] * named
        else:
            query += f" AND articles.{name.removesuffix('__lte')} {'<=' if name.endswith('__lte') else '='} ?"
            values.append(value)
    times: list[list[float]] = []
    replies: list[str] = []
    for _ in range(rounds + 1):
        with clock() as took:
            bare.execute(f"{query} {order}", values).fetchall()
        replies = []
        for desk in desks:
            with clock() as further:
                replies.append(runner.run(_get(desk, search.address)))
            took += further
        times.append(took)
    asked = Asked(**{
        side: statistics.median(middle)
        for side, middle in zip(("bare", "page", "public"), zip(*times[1:], strict=True), strict=True)
    })  # fmt: skip
    shown, shown_to_all = map(said, replies)
    told = f"{search.typed} {' '.join(f'{k}={v}' for k, v in search.filters.items())}"
    figures = f"{asked.bare * 1e3:7.0f} {asked.page * 1e3:6.0f} {asked.public * 1e3:6.0f} {asked.share:6.2f}"
    unlike = f" ({shown_to_all})" if shown != shown_to_all else ""
    print(f"  {search.sort:17} {told[:36]:36} {figures}  {shown}{unlike}", flush=True)
    return asked


def said(reply: str) -> str:
    """What the page tells of how it looked. Fails where it lacks a facet of something that was found."""
    page = lxml.html.document_fromstring(reply)
    count = page.cssselect("p.count")[0].text_content().split(",")[0]
    notes = " ".join(note.text_content() for note in page.cssselect(".found .message"))
    facets = {facet.get("data-column") for facet in page.cssselect(".facet")}
    if "zbyt ogólne" in notes:
        return "TOO GENERAL"
    dated = any(cell.text_content().strip() for cell in page.cssselect("td.col-published"))
    missing = set(FACETS) - facets - (set() if dated else {"year"})  # a facet that has no value is not shown
    assert not missing or not page.cssselect("tbody tr"), f"facets are missing: {missing}"
    ranked = "the newest ranked" if "ułożono" in notes else "ranked" if "trafności" in page.text_content() else ""
    return ", ".join(filter(None, (count, ranked, "facets of the newest" if "przy filtrach" in notes else "")))


def _page(runner: asyncio.Runner, desk: Any, bare: Any, what: str, address: str, rounds: int) -> None:
    try:
        with recorded() as queries:
            runner.run(_get(desk, address))
    except Unanswered as error:
        print(f"  {what:46} not answered: {error}", flush=True)
        return
    ours, theirs = [], []
    for _ in range(rounds):
        with clock() as took:
            for sql, params in queries:
                bare.execute(sql, params or {}).fetchmany(1001)
        theirs.append(took[0])
        with clock() as took:
            runner.run(_get(desk, address))
        ours.append(took[0])
    sql, page = statistics.median(theirs) * 1e3, statistics.median(ours) * 1e3
    print(f"  {what:46} {sql:7.1f} {page:6.0f} {page / sql:6.2f}  {len(queries)}", flush=True)


def _load() -> str:
    return f"load of the machine {os.getloadavg()[0]:.1f} with {os.cpu_count()} processors"


def _answered(runner: asyncio.Runner, desk: Any, what: str, address: str, rounds: int) -> bool:
    """Whether each time the page came whole: no refusal, and no facet given up for lack of time."""
    processor, elapsed = [], []
    for _ in range(rounds):
        begun = time.perf_counter()
        with clock() as took:
            try:
                reply = runner.run(_get(desk, address))
            except Unanswered as error:
                print(f"  {what:46} not answered: {error}", flush=True)
                return False
        processor += took
        elapsed.append(time.perf_counter() - begun)
    whole = "facets_timed_out" not in reply and "przekroczono czas" not in reply
    figures = f"{statistics.median(processor) * 1e3:6.0f} {statistics.median(elapsed) * 1e3:6.0f}"
    print(f"  {what:46} {figures}{'' if whole else '  facets are missing'}", flush=True)
    return whole


async def _get(desk: Any, address: str) -> str:
    """The page. Raises Unanswered."""
    reply = await desk.client.get(address)
    if reply.status_code != 200:
        raise Unanswered(f"{address}: {reply.status_code}")
    return str(reply.text)


@contextmanager
def clock() -> Iterator[list[float]]:
    took: list[float] = []
    begun = time.process_time()
    yield took
    took.append(time.process_time() - begun)


@contextmanager
def recorded() -> Iterator[list[tuple[str, Any]]]:
    """The queries that Datasette asks meanwhile."""
    queries: list[tuple[str, Any]] = []
    execute = Database.execute

    async def noted(self: Any, sql: str, params: Any = None, **how: Any) -> Any:
        if self.name == "news":
            queries.append((sql, params))
        return await execute(self, sql, params, **how)

    Database.execute = noted
    try:
        yield queries
    finally:
        Database.execute = execute


def _export(path: Path, rounds: int) -> None:
    folder = str(path.parent)
    sides: dict[str, list[tuple[int, float, int, int]]] = {"bare": [], "csv": []}
    for _ in range(min(rounds, 3)):
        for side, runs in sides.items():
            runs.append(exporting._apart(side, path, folder))
    floor, ours = (statistics.median(run[1] for run in sides[side]) for side in ("bare", "csv"))
    rows, _, megabytes, size = sides["csv"][0]
    assert rows == sides["bare"][0][0]
    print(f"articles as CSV: {rows} rows, {size / 1e6:.0f} MB, {rows / ours:.0f} rows/s in {megabytes} MB;")
    print(f"  csv.writer over SELECT * {rows / floor:.0f} rows/s; speed / bare loop {floor / ours:.2f}")
