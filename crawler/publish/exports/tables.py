"""What is exported of each published table: its columns, and from which source each row comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from crawler.database import Connection
from crawler.publish.exports import readable

Type = Literal["string", "integer", "number"]
TYPES: Mapping[str, Type] = {"TEXT": "string", "INTEGER": "integer", "REAL": "number"}

SOURCE: Mapping[str, str] = {
    "source_name": "Źródło – urząd lub organizacja, od której pochodzi wiersz. / EN: who published what the row tells.",
    "source_url": "Adres źródła – strona, z której pochodzi wiersz. / EN: the page the row was read from.",
    "source_published": "Data wytworzenia – data publikacji według źródła. / EN: date of publication by the source.",
    "source_obtained": "Data pozyskania – kiedy ostatnio widzieliśmy źródło (UTC). / EN: when it was last seen (UTC).",
    "source_licence": (
        "Warunki – licencja źródła, jeżeli ją podaje; puste: nie wiadomo."
        " / EN: licence of the source where it names one; empty: unknown."
    ),
}
"""Columns that stand behind a table's own in every export. They repeat what other tables say, so that a row that has
left its file still tells where it comes from."""

_OFFICE = ("office.name", "office.url", "NULL", "office.checked", "office.licence")
_ARTICLE = ("office.name", "article.url", "article.published", "article.last_seen", "office.licence")
_OURS = ("'Wieści'", "NULL", "NULL", "NULL", "NULL")
_TERYT = ("'Rejestr TERYT (GUS)'", "'https://eteryt.stat.gov.pl/'", "NULL", "NULL", "'dane publiczne'")

_OF_ARTICLE = (
    "LEFT JOIN articles AS article ON article.id = {key} LEFT JOIN offices AS office ON office.id = article.office"
)
_OF_OFFICE = "LEFT JOIN offices AS office ON office.id = {key}"
_LATEST = (
    "(SELECT one.article FROM call_articles AS one JOIN articles AS other ON other.id = one.article"
    " WHERE one.call = t.id ORDER BY other.published DESC, other.id LIMIT 1)"
)

INNER = "lemmas"
"""The column of articles that only the search reads; of all formats, only SQLite holds it."""

MOVED = "max({0}.first_seen, coalesce({0}.changed, ''), coalesce({0}.gone, ''))"
"""SQL: when an article last became different, as the instant of the capture that showed it."""


@dataclass(frozen=True, kw_only=True)
class Column:
    name: str
    type: Type
    description: str = ""
    tells: str | None = None
    """The column that this one tells in a reader's way; None: it is one of the table's own."""
    amount: bool = False
    """It is an amount of money, with two digits behind the comma."""
    expression: str = ""
    """SQL, of a column that tells another one."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table as it is exported: its own columns, those for readers of spreadsheets, then those of SOURCE."""

    name: str
    title: str
    description: str
    own: Sequence[Column]
    key: Sequence[str]
    references: Sequence[tuple[str, str, str]]
    """Column, table it points to, column there."""
    source: Sequence[str]
    joins: str
    articles: str | None
    """SQL: whether the row belongs to an article that `{articles}`, a query for ids, gives; None: to no article."""
    beside: Sequence[Column] = ()
    relation: str = ""
    """SQL that stands for the table, where it is none of the database's own."""

    @property
    def columns(self) -> Sequence[Column]:
        return [
            *self.own,
            *self.beside,
            *(Column(name=name, type="string", description=told) for name, told in SOURCE.items()),
        ]

    def shown(self, *, for_readers: bool, inner: bool) -> Table:
        """The table with the columns that a spreadsheet has beside its own (`for_readers`), with INNER or without."""
        own = [column for column in self.own if inner or (self.name, column.name) != ("articles", INNER)]
        beside = [
            Column(
                name=one.name,
                type="number" if one.words is None else "string",
                description=one.description,
                tells=one.of,
                amount=one.words is None,
                expression=one.expression(f't."{one.of}"'),
            )
            for one in readable.beside(self.name, [column.name for column in own])
        ]
        return replace(self, own=own, beside=beside if for_readers else ())

    def select(self, values: Mapping[str, str] | None = None, *, chosen: str | None = None) -> str:
        """The query for its rows, in no particular order.

        `values`: expression over {} in place of the value itself, by type ("string": …) or "amount".
        `chosen`: a query for the ids of the articles whose rows are wanted.
        """
        wrapped = values or {}
        expressions = [
            *(f't."{column.name}"' for column in self.own),
            *(column.expression for column in self.beside),
            *self.source,
        ]
        parts = [
            f'{wrapped.get("amount" if column.amount else column.type, "{}").format(expression)} AS "{column.name}"'
            for column, expression in zip(self.columns, expressions, strict=True)
        ]
        where = f" WHERE {self.articles.format(articles=chosen)}" if chosen and self.articles else ""
        return f"SELECT {', '.join(parts)} FROM {self.rows}{where}"

    @property
    def rows(self) -> str:
        """SQL: the table as `t`, beside it where its rows come from."""
        return f"{self.relation or _quoted(self.name)} AS t {self.joins}"


def published(connection: Connection, described: Mapping[str, Any]) -> list[Table]:
    """The tables that readers may see: those which datasette_metadata.json describes and does not refuse."""
    present = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return [
        _table(connection, name, told)
        for name, told in described.items()
        if name in present and told.get("allow") is not False and not told.get("hidden")
    ]


def _table(connection: Connection, name: str, told: Mapping[str, Any]) -> Table:
    words = told.get("columns") or {}
    info = connection.execute(f'PRAGMA table_xinfo("{name}")').fetchall()
    own = [
        Column(name=row[1], type=TYPES.get(row[2].upper(), "string"), description=words.get(row[1], "")) for row in info
    ]
    names = {column.name for column in own}
    references = [(row[3], row[2], row[4] or "id") for row in connection.execute(f'PRAGMA foreign_key_list("{name}")')]
    source, joins, articles = _provenance(name, names)
    return Table(
        name=name,
        title=told.get("title") or name,
        description=told.get("description") or "",
        own=own,
        key=[row[1] for row in sorted(info, key=lambda row: row[5]) if row[5]],
        references=references,
        source=source,
        joins=joins,
        articles=articles,
    )


def departed(chosen: str, after: str) -> Table:
    """What a follower is to drop or to join, as the deltas of the API tell it. `chosen`: as in Table.select."""
    gone = f"SELECT id, gone AS at, gone_reason AS reason, NULL AS article FROM articles WHERE id IN ({chosen})"
    merged = f"SELECT id, NULL, 'merged', article FROM aliases WHERE article IN ({chosen})"
    taken = f"SELECT article, since, 'taken_down', NULL FROM taken_down WHERE since > '{after}'"
    told = {
        "id": "Identyfikator artykułu. / EN: id of the article.",
        "at": "Kiedy to zauważono (UTC). / EN: when it was noticed (UTC).",
        "reason": (
            "Powód: merged – dołączony do artykułu z kolumny article; taken_down – usunięty na życzenie, usuń go także"
            " u siebie; inny – strona zniknęła u źródła. / EN: merged into `article`, taken down at request (drop it),"
            " or gone at its source."
        ),
        "article": "Artykuł, do którego dołączono ten identyfikator. / EN: the article it was merged into.",
    }
    return Table(
        name="gone",
        title="Co zniknęło",
        description=(
            "Artykuły, które od podanej chwili zniknęły u źródła, zostały dołączone do innych albo usunięte na życzenie"
            " (te usuń także u siebie)."
            " / EN: articles gone, merged or taken down since then."
        ),
        own=[Column(name=name, type="string", description=words) for name, words in told.items()],
        key=["id", "reason"],
        references=[],
        source=_ARTICLE,
        joins=_OF_ARTICLE.format(key="coalesce(t.article, t.id)"),
        articles=None,
        relation=f"({gone} AND gone IS NOT NULL UNION ALL {merged} UNION ALL {taken})",
    )


def _quoted(name: str) -> str:
    return f'"{name}"'


def _provenance(name: str, columns: set[str]) -> tuple[Sequence[str], str, str | None]:
    """(expressions for SOURCE, the joins they need, how rows belong to articles)."""
    if name == "articles":
        own = [part.replace("article.", "t.") for part in _ARTICLE]
        return own, _OF_OFFICE.format(key="t.office"), "t.id IN ({articles})"
    if name == "offices":
        return [part.replace("office.", "t.") for part in _OFFICE], "", None
    if name == "calls":
        belongs = "t.id IN (SELECT call FROM call_articles WHERE article IN ({articles}))"
        return _ARTICLE, _OF_ARTICLE.format(key=_LATEST), belongs
    for column in ("article", "first_article"):
        if column in columns:
            return _ARTICLE, _OF_ARTICLE.format(key=f't."{column}"'), f't."{column}" IN ({{articles}})'
    if "office" in columns:
        return _OFFICE, _OF_OFFICE.format(key="t.office"), None
    return (_TERYT if name == "places" else _OURS), "", None


class Counted:
    """Rows as they come from a query, and how many there were; nothing is gathered."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self.count = 0
        self._rows = rows

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        count = 0
        for count, row in enumerate(self._rows, 1):  # noqa: B007 - counted up to the last
            yield row
        self.count = count
