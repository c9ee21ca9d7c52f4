"""Datasette as this project serves it: what never changes while it serves is worked out once."""

from __future__ import annotations

import functools
from pathlib import Path
from types import CodeType
from typing import Any

from datasette.app import Datasette
from datasette.url_builder import Urls
from datasette.utils import PrefixedUrlString
from jinja2.bccache import Bucket, BytecodeCache

from crawler.publish.public.editions import NEWS, Edition

MOST_KNOWN = 10_000
MOST_COUNTED = 20_000
"""Rows up to which a table's are counted on the page of its database."""


class Desk(Datasette):  # type: ignore[misc]
    """Datasette 0.65 copies all its metadata whenever it asks who may see a table, some seventy times for one page."""

    public = False

    def __init__(self, *given: Any, **named: Any) -> None:
        self._allows: dict[tuple[str, str], Any] = {}
        super().__init__(*given, **named)
        self.jinja_env.bytecode_cache = _COMPILED
        for database in self.databases.values():
            if database.is_mutable:
                database.table_counts = functools.partial(self._counts, database)

    @property
    def urls(self) -> Any:
        return Addresses(self)

    def _table_permission_allows(self, database: str, table: str) -> Any:
        at = (database, table)
        if at not in self._allows:
            if len(self._allows) >= MOST_KNOWN:
                self._allows.clear()
            self._allows[at] = super()._table_permission_allows(database, table)
        return self._allows[at]

    async def _counts(self, database: Any, limit: int = 0) -> dict[str, int | None]:
        """Table -> rows, None for many, and for tables that no one is shown.

        Datasette 0.65 counts each table whole with a limit of milliseconds, which SQLite does not notice while it
        counts: of a million articles the page of the database comes after ten seconds.
        """
        told = (self.metadata("databases") or {}).get(database.name, {}).get("tables", {})
        counts: dict[str, int | None] = {}
        for table in await database.table_names():
            counts[table] = None
            if not told.get(table, {}).get("hidden"):
                some = f"select count(*) from (select 1 from [{table}] limit {MOST_COUNTED + 1})"
                count = (await database.execute(some)).rows[0][0]
                counts[table] = count if count <= MOST_COUNTED else None
        return counts


class Addresses(Urls):  # type: ignore[misc]
    """Addresses below `base_url`. Datasette 0.65 puts that in front of an address it took from the request, twice."""

    def path(self, path: str, format: str | None = None) -> Any:
        base = self.ds.setting("base_url")
        if base != "/" and path.startswith(base) and not isinstance(path, PrefixedUrlString):
            path = path.removeprefix(base)
        return super().path(path, format=format)


class PublicDesk(Desk):
    """For strangers."""

    public = True


class EditionDesk(PublicDesk):
    """Over an edition, which is never written to: who may see what is the same for everyone and for ever."""

    def __init__(self, edition: Edition, *, metadata: Any, settings: dict[str, Any]) -> None:
        self.edition = edition
        self._allowed: dict[Any, bool | None] = {}
        told = {
            "hash": edition.sha256,
            "size": edition.database.stat().st_size,
            "file": NEWS,
            "tables": {name: {"count": count} for name, count in edition.counts.items()},
        }
        super().__init__(
            immutables=[str(edition.database)],
            inspect_data={Path(NEWS).stem: told},
            metadata=metadata,
            settings=settings,
        )

    async def permission_allowed(self, actor: Any, action: str, resource: Any = None, default: Any = False) -> Any:
        at = (action, resource, default)
        if at not in self._allowed:
            if len(self._allowed) >= MOST_KNOWN:
                self._allowed.clear()
            self._allowed[at] = await super().permission_allowed(None, action, resource=resource, default=default)
        return self._allowed[at]


class _Compiled(BytecodeCache):
    """Templates compiled once for all editions."""

    def __init__(self) -> None:
        self._code: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._code.get(bucket.key, (None, None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key] = (bucket.checksum, bucket.code)


_COMPILED = _Compiled()
