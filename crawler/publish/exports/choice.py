"""Which articles an export is asked for; what names nothing is told, not exported as nothing."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from crawler.database import Connection
from crawler.publish.exports.tables import MOVED
from crawler.publish.since import Since
from crawler.registry import UnknownOffice


class NothingChosen(Exception):
    """No article is of what was named; what was exported before is as it was. Exit code 2."""


def query(since: Since | None, values: Mapping[str, Sequence[str]]) -> str | None:
    """A query for the ids of the articles wanted; None: all."""
    conditions = _conditions(values)
    if since:
        corrected = f"SELECT article FROM corrections WHERE day >= {_literal(since.day)}"
        conditions.insert(0, f"({MOVED.format('articles')} > {_literal(since.after)} OR id IN ({corrected}))")
    return f"SELECT id FROM articles WHERE {' AND '.join(conditions)}" if conditions else None


def refuse_nothing(connection: Connection, values: Mapping[str, Sequence[str]]) -> None:
    """Raise UnknownOffice or NothingChosen where no article can be meant: a slip of the pen would empty the package.

    That nothing has become different since an instant is no slip: `since` is not asked for here.
    """
    offices = [one for (one,) in connection.execute("SELECT id FROM offices ORDER BY id")]
    for office in values.get("office", ()):
        if office not in offices:
            raise UnknownOffice(office, difflib.get_close_matches(office, offices, n=3, cutoff=0.5))
        if not connection.execute("SELECT 1 FROM articles WHERE office = ? LIMIT 1", (office,)).fetchone():
            raise NothingChosen(f"no article of {office} is held; crawl it first (wiesci crawl {office})")
    known = "SELECT voivodeship FROM places UNION SELECT voivodeship FROM offices ORDER BY 1"
    voivodeships = [one for (one,) in connection.execute(known) if one]
    for code in values.get("voivodeship", ()):
        if code not in voivodeships:
            raise NothingChosen(f"no voivodeship has the TERYT code '{code}'; one of {', '.join(voivodeships)}")
    conditions = _conditions(values)
    if not conditions:
        return
    if not connection.execute(f"SELECT 1 FROM articles WHERE {' AND '.join(conditions)} LIMIT 1").fetchone():
        told = "; ".join(f"{column} {', '.join(some)}" for column, some in values.items() if some)
        raise NothingChosen(f"no article is held that is all of this: {told}")


def _conditions(values: Mapping[str, Sequence[str]]) -> list[str]:
    return [f'"{column}" IN ({", ".join(map(_literal, some))})' for column, some in values.items() if some]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
