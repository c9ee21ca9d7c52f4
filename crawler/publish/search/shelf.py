"""The articles that a search found, newest first: read from the index in that order, and no further than is wanted."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from crawler.publish.search.searching import NOTHING, Query, Term
from normalize.model import ArticleKind

TABLE = "articles"
SHELF = "_shelf"
"""The short columns of each article under its place, which is its rowid (crawler/migrations/news_0010.sql)."""
COLUMNS = frozenset({"id", "published", "office", "office_kind", "voivodeship", "kind", "year"})
MARKED = frozenset({"office", "office_kind", "voivodeship", "kind", "year"})
"""What an article has of these are words in the search index, too."""
DAY = 1 << 20
"""Places of one day of publication."""
FIRST_DAY = 64 * DAY
"""Below stand the articles without a day."""
MATCHING = f"rowid in (select rowid from {TABLE}_fts where {TABLE}_fts match escape_fts(:search))"
"""Datasette's own condition for what was typed."""

BEFORE_ALL = "\U0010ffff"
"""Greater than every stored text: a page that follows it is the first one."""

_FIRST = date(1968, 5, 24).toordinal()
_EQUAL = re.compile(r'"(\w+)" = :(p\d+)')
_MARK = re.compile(r"[A-Za-z0-9-]+")
_NEWER = re.compile(r" and \(published < :(p\d+) or published is null or \(published = :\1 and \(\(id > :p\d+\)\)\)\)")
_BEHIND = re.compile(
    r" and \((\w+|\[[^\]]+\]) [<>] :(p\d+)(?: or \1 is null)? or \(\1 = :\2 and \(\(id > :p\d+\)\)\)\)"
    r"| and \((\w+|\[[^\]]+\]) is not null or \(\3 is null and \(\(id > :p\d+\)\)\)\)"
)
"""Behind a row, in the order of some column."""
_EARLIEST = re.compile(r'^"published" >=? :(p\d+)| and "published" >=? :(p\d+)')
_LATEST = re.compile(r'^"published" <=? :(p\d+)| and "published" <=? :(p\d+)')
_UNDATED = re.compile(r" and \(published is null and \(\(id > :p\d+\)\)\)")
_CONDITION = r"\.\w+ (?:= :\w+|>= :(?P<{0}>\w+) and teryt < :(?P={0}) \|\| ':')"
NAMED = re.compile(
    r"articles\.rowid in \((?P<places>select told\.rowid from (?P<some>article_\w+)"
    r" cross join articles as told on told\.id = (?P=some)\.article where (?P=some)"
    + _CONDITION.format("within")
    + r")\)"
)
"""What few articles speak of (crawler/publish/narrowing.py); `places`: the query that gives their places."""
SPOKEN_OF = re.compile(
    r"exists \((?P<rows>select 1 from (?P<each>article_\w+) where (?P=each)\.article = articles\.id"
    r" and (?P<said>(?P=each)" + _CONDITION.format("around") + r"))\)"
)
"""What many articles speak of: each is looked up."""
HELD = "articles.rowid in (select value from json_each(:gathered{0}))"
"""What was gathered of these (crawler/publish/search/gathering.py)."""
_HELD = re.compile(re.escape(HELD).replace(r"\{0\}", r"\d+"))
_WORD = re.compile(r":?[A-Za-z_]\w*")
_SYNTAX = frozenset({"and", "or", "not", "is", "null"})


@dataclass(frozen=True, kw_only=True)
class Finds:
    """What a page's query asks for."""

    match: str | None
    """In the words of FTS5; None: every article."""
    where: str
    """What else must be so of an article, as SQL; "1" where nothing must."""
    params: Mapping[str, Any]
    bounds: str = ""
    """Between which places, as SQL over {0}."""

    @classmethod
    def read(cls, query: Query, where: str, params: Mapping[str, Any], looked_for: Collection[Term] = ()) -> Finds:
        """Of the condition of one of Datasette's queries, in which MATCHING stands for what was typed.

        `looked_for`: beginnings of words so frequent that it is quicker to look for them in the articles themselves.
        """
        found = _after(where, params)
        for n, term in enumerate(looked_for):
            there = "= 0" if term in query.unwanted else "> 0"
            found = replace(
                found,
                where=f"{found.where} and instr(' ' || lemmas, :beginning{n}) {there}",
                params={**found.params, f"beginning{n}": f" {term.prefix}"},
            )
        match = _match(query, query.without(looked_for), list(_marks(found.where, params)))
        return replace(found, match=match).matching()

    @classmethod
    def listed(cls, where: str, params: Mapping[str, Any]) -> Finds | None:
        """Of a list without a search; None where the shelf cannot tell what it asks for."""
        found = cls.of_list(where, params)
        return found if found.on_shelf else None

    @classmethod
    def of_list(cls, where: str, params: Mapping[str, Any]) -> Finds:
        """Of a list without a search."""
        found = _after(where, params)
        return replace(found, match=" AND ".join(_marks(found.where, params)) or None).matching()

    @property
    def on_shelf(self) -> bool:
        """Whether the shelf can tell what is asked for."""
        return _on_shelf(SPOKEN_OF.sub("1", NAMED.sub("1", _HELD.sub("1", self.where))))

    @property
    def held(self) -> bool:
        """Whether some of it has been gathered."""
        return _HELD.search(self.where) is not None

    @property
    def looked_up(self) -> bool:
        """Whether each article is to be looked up among the many that another table names."""
        return SPOKEN_OF.search(self.where) is not None

    def matching(self) -> Finds:
        return replace(self, params={**self.params, "match": self.match})

    def select(self, columns: str = "finds.place") -> str:
        """SQL: `finds.place` and columns of the shelf, the newest first; a query for a few of them reads a few."""
        places = f"{self._places()} limit -1"
        if self.where == "1" and columns == "finds.place":
            return f"select finds.place from ({places}) as finds"
        rows = f"{SHELF} as {TABLE} on {TABLE}.place" if self.on_shelf else f"{TABLE} on {TABLE}.rowid"
        where = _HELD.sub(lambda held: held[0].replace(f"{TABLE}.rowid", "finds.place"), self.where)
        return f"select {columns} from ({places}) as finds cross join {rows} = finds.place where {where}"

    def of_newest(self, columns: str, most: int) -> str:
        """SQL: columns of the shelf, of at most so many of the newest."""
        if self.match is None and self.on_shelf:
            bounds = self.bounds.format(f"{TABLE}.place")
            newest = f"where {self.where}{bounds} order by {TABLE}.place desc limit {most}"
            return f"select {columns} from {SHELF} as {TABLE} {newest}"
        return f"{self.select(columns)} limit {most}"

    def after(self, read: int) -> str:
        """SQL: the place at which so many articles have been read to see whether `where` is so of them."""
        return f"{self._places()} limit 1 offset {read}"

    def _places(self) -> str:
        if self.match is None:
            return f"select place from {SHELF} where 1{self.bounds.format('place')} order by place desc"
        return (
            f"select rowid as place from {TABLE}_fts where {TABLE}_fts match :match{self.bounds.format('rowid')}"
            " order by rowid desc"
        )

    def between(self, floor: int | None = None, past: int | None = None) -> Finds:
        """Those only whose place is above `floor` and below `past`."""
        given = {name: value for name, value in (("floor", floor), ("past", past)) if value is not None}
        signs = {"floor": ">", "past": "<"}
        bounds = "".join(f" and {{0}} {signs[name]} :{name}" for name in given)
        return replace(self, bounds=self.bounds + bounds, params={**self.params, **given})

    async def newest(self, database: Any, most: int) -> Sequence[Any]:
        """Place, id and day of the newest `most`, by day and then by id. Raises QueryInterrupted."""
        columns = f"{TABLE}.rowid as place, id, published"
        found = list((await database.execute(self.of_newest(columns, most), self.params)).rows)
        if len(found) == most:
            last = found[-1]["place"]
            rest = self.between(floor=day_below(last), past=last)  # of its day, in the order of their ids
            of_day = f"{rest.of_newest(columns, -1)}"
            found += (
                await database.execute(
                    f"select * from ({of_day}) order by published desc, id limit {most}", rest.params
                )
            ).rows
        by_id = sorted(found, key=lambda row: str(row["id"]))
        return sorted(by_id, key=lambda row: row["published"] or "", reverse=True)[:most]


def day_below(place: int) -> int:
    """Below the first place of the day on which this place is."""
    return place // DAY * DAY if place > FIRST_DAY else 0


def without_cursor(where: str) -> str:
    """The condition of the whole list, of which a page shows the part that follows some row."""
    return _UNDATED.sub("", _BEHIND.sub("", _NEWER.sub("", f" and {_bare(where)}"))).removeprefix(" and ")


def _bare(where: str) -> str:
    return where.strip().removeprefix("where ").replace(MATCHING, "1")


def _after(where: str, params: Mapping[str, Any]) -> Finds:
    """Every article of which this is so; where the page follows another one, only from that day on."""
    bare = _bare(where) or "1"
    newer = _NEWER.search(f" and {bare}")
    if newer and params[newer[1]] == BEFORE_ALL:
        bare, newer = without_cursor(bare) or "1", None
    found = Finds(match=None, where=bare, params=params)
    if newer:
        day = _day(params[newer[1]])
        return found if day is None else found.between(past=day + DAY)
    if _UNDATED.search(f" and {bare}"):
        return found.between(past=FIRST_DAY)
    earliest, latest = _EARLIEST.search(bare), _LATEST.search(bare)
    first = _day(params[earliest[1] or earliest[2]]) if earliest else None
    last = _day(params[latest[1] or latest[2]]) if latest else None
    return found.between(floor=first, past=None if last is None else last + DAY)


def _on_shelf(where: str) -> bool:
    names = {word for word in _WORD.findall(where) if not word.startswith(":")} - _SYNTAX
    return names <= COLUMNS and "'" not in where


def _match(whole: Query, rest: Query, marks: Sequence[str]) -> str | None:
    if not whole.wanted:
        return NOTHING
    if rest.wanted or rest.unwanted:
        every = rest.expression if rest.wanted else rest.excluded(_EVERY)
        return " AND ".join([f"({every})", *marks])
    return " AND ".join(marks) or None


def _marks(where: str, params: Mapping[str, Any]) -> Iterator[str]:
    for name, param in _EQUAL.findall(where):
        if name in MARKED and _MARK.fullmatch(str(params[param])):
            yield _mark(name, str(params[param]))


def _mark(name: str, value: str) -> str:
    return f'marks : "ł{name}-{value}"'.replace("-", "ł").replace("_", "ł")


_EVERY = " OR ".join(_mark("kind", kind) for kind in get_args(ArticleKind))
"""Each article is of some kind."""


def _day(published: Any) -> int | None:
    """Below the first place of a day of publication; None for what is no day."""
    try:
        day = date.fromisoformat(f"{published}-01-01"[:10])
    except ValueError:
        return None
    return FIRST_DAY + max(0, day.toordinal() - _FIRST) * DAY


async def rows_of(database: Any, select: str, ids: Sequence[str], **how: Any) -> Any:
    """The articles with these ids, in that order."""
    results = await database.execute(
        f"{select} from {TABLE} where id in (select value from json_each(:ids))", {"ids": json.dumps(ids)}, **how
    )
    place = {id: n for n, id in enumerate(ids)}
    results.rows.sort(key=lambda row: place[row["id"]])
    return results
