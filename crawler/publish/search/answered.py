"""Datasette as one table page sees it whose queries are answered by a Finding, or a Counting."""

from __future__ import annotations

from typing import Any

from crawler.publish.search.counting import Counting
from crawler.publish.search.finding import Finding


class AnsweredDesk:
    """Datasette as one table page sees it."""

    def __init__(self, whole: Any, by: Finding | Counting) -> None:
        self._whole = whole
        self.by = by

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)

    def get_database(self, *given: Any, **named: Any) -> AnsweredDatabase:
        return AnsweredDatabase(self._whole.get_database(*given, **named), self.by)

    async def execute(self, name: str, sql: str, params: Any = None, **how: Any) -> Any:
        return await self.by.execute(self._whole.databases[name], sql, params, **how)


class AnsweredDatabase:
    """Its database."""

    def __init__(self, whole: Any, by: Finding | Counting) -> None:
        self._whole = whole
        self._by = by

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)

    async def execute(self, sql: str, params: Any = None, **how: Any) -> Any:
        return await self._by.execute(self._whole, sql, params, **how)
