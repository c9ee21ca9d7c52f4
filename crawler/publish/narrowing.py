"""Filters of a list by what stands in another table: articles by what they speak of, calls by their voivodeship.

They are arguments of the address like Datasette's own, so that pages, feeds, calendars and files keep them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasette.filters import FilterArguments

FEW = 20_000
"""Rows of the other table up to which they are gathered; of more, each row of the list is looked up among them."""


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """`table` holds the rows that tell; `key` is theirs and `column` the list's; `condition` is over :{0}.

    `gathered` is the condition of a list that has few such rows, over {0} for what is so of them.
    """

    title: str
    table: str
    key: str
    column: str
    condition: str
    gathered: str
    names: str
    """SQL that gives the value's name."""

    async def rule(self, database: Any, argument: str, value: str) -> str:
        """The condition of the list, the quicker of two ways to ask the same."""
        told = f"{self.table}.{self.condition}".format(argument.strip("_"))
        given = {argument.strip("_"): value}
        count = await database.execute(
            f"select count(*) from (select 1 from {self.table} where {told} limit {FEW + 1})", given
        )
        if count.rows[0][0] <= FEW:
            return self.gathered.format(told)
        return f"exists (select 1 from {self.table} where {self.table}.{self.key} = {self.column} and {told})"


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """One that is chosen, as the page shows it."""

    argument: str
    title: str
    value: str
    name: str


_WITHIN = "teryt >= :{0} and teryt < :{0} || ':'"
"""A voivodeship's code begins those of its powiats and cities, and ":" follows the digits."""


PLACES = """
(SELECT places.teryt, places.name || iif(count(*) OVER (PARTITION BY places.name) > 1,
  coalesce(' (' || substr(region.name, instr(region.name, ' ') + 1) || ')', ''), '') AS name
FROM places LEFT JOIN places AS region ON region.teryt = places.voivodeship)
"""
"""SQL: code and name of each place; the voivodeship stands by a name that several have: "powiat bielski (śląskie)"."""


def _of_article(title: str, table: str, condition: str, names: str) -> Narrowing:
    return Narrowing(
        title=title, table=table, key="article", column="articles.id", condition=condition,
        gathered=f"articles.rowid in (select told.rowid from {table} cross join articles as told"
        f" on told.id = {table}.article where {{0}})",
        names=f"select name from {names} = :value",
    )  # fmt: skip


NARROWINGS: Mapping[str, Mapping[str, Narrowing]] = {
    "articles": {
        "_temat": _of_article("Temat", "article_topics", "topic = :{0}", "topics where id"),
        "_program": _of_article("Program", "article_programmes", "programme = :{0}", "programmes where id"),
        "_instytucja": _of_article(
            "Instytucja", "article_organisations", "organisation = :{0}", "organisations where id"
        ),
        "_miejsce": _of_article("Miejsce", "article_places", _WITHIN, f"{PLACES} where teryt"),
    },
    "calls": {
        "_wojewodztwo": Narrowing(
            title="Województwo", table="offices", key="id", column="calls.office", condition="voivodeship = :{0}",
            gathered="calls.office in (select id from offices where {0})",
            names="select substr(name, instr(name, ' ') + 1) from places where teryt = :value",
        )
    },
}  # fmt: skip
"""Table -> argument -> how it narrows."""


async def narrowed(database: Any, table: str, arguments: Any) -> FilterArguments | None:
    """What the arguments ask for; None where none of them does."""
    rules, given, shown = [], {}, []
    for argument, narrowing in NARROWINGS.get(table, {}).items():
        value = arguments.get(argument)
        if not value:
            continue
        rules.append(await narrowing.rule(database, argument, value))
        given[argument.strip("_")] = value
        name = (await database.execute(narrowing.names, {"value": value})).first()
        shown.append(Narrowed(argument=argument, title=narrowing.title, value=value, name=name[0] if name else value))
    if not rules:
        return None
    rules.sort(key=lambda rule: rule.startswith("exists"))  # the quicker first
    said = [f"{one.title}: {one.name}" for one in shown]
    return FilterArguments(rules, params=given, human_descriptions=said, extra_context={"narrowed": shown})
