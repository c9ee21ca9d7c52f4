"""The page of a table as readers meet it: filters in their words, rows and values under their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from datasette.database import QueryInterrupted
from datasette.facets import Facet
from datasette.utils import path_with_replaced_args
from datasette.utils.asgi import Request, Response

from crawler.publish import DATABASE, arguments, cells, folding, labels, wording
from crawler.publish.page_csv import DeskTable
from crawler.publish.pages.calls_shown import CALL_OF, called

folding.install()

REGION = "_wojewodztwo"
LIMIT = "facet_time_limit_ms"
REGIONS = """
SELECT offices.voivodeship AS value, count(*) AS count FROM ({0}) AS listed
CROSS JOIN offices ON offices.id = listed.office WHERE offices.voivodeship IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1
"""


class ListPage(DeskTable):
    """Its address has codes: an address with words for them leads there, and files of it are given as they are."""

    async def data(self, request: Any, *given: Any, **named: Any) -> Any:
        database = self.ds.get_database(route=request.url_vars["database"])
        table = request.url_vars["table"]
        if database.name != DATABASE:
            return await super().data(request, *given, **named)
        is_table = await database.table_exists(table)
        if is_table or table in await database.view_names():
            seen = await self.ds.permission_allowed(request.actor, "view-table", (database.name, table), default=True)
            if seen:  # else it is refused, whatever was asked of it
                request = arguments.without_tracking(request)
                await arguments.understood(database, table, request.args)
        if not is_table:
            return await super().data(request, *given, **named)
        told = await wording.in_codes(database, table, request.query_string)
        if told is not None:
            query = urlencode(told)
            if not request.url_vars.get("format"):
                return Response.redirect(f"{self.ds.urls.path(request.path)}?{query}")
            request = Request(dict(request.scope, query_string=query.encode("ascii")), request.receive)
        answer = await super().data(request, *given, **named)
        if isinstance(answer, Response):
            return answer
        page, context, templates = answer

        async def extended() -> dict[str, Any]:
            known: dict[str, Any] = await context()
            known["names"] = await self._names(database, table, request, page)
            if table == "articles":
                known["topics"] = await wording.names(database, table, "topic")
                known["programmes"] = await wording.names(database, table, "programme")
            if table in CALL_OF:
                column = CALL_OF[table]
                known["called"] = await called(database, {cells.code(row[column]) for row in page["rows"]})
                known["called_in"] = column
            return known

        return page, extended, templates

    async def _names(self, database: Any, table: str, request: Any, page: Mapping[str, Any]) -> Mapping[str, Any]:
        """Column -> code -> name, of those that the page's facets and filters show as codes."""
        asked = {argument.partition("__")[0] for argument in request.args if not argument.startswith("_")}
        counted = {
            name
            for name, facet in (page.get("facet_results") or {}).items()
            if facet["type"] == "column" and any(one["label"] == one["value"] for one in facet["results"])
        }
        columns = (asked | counted) & set(wording.NAMED)
        return {column: await wording.names(database, table, column) for column in columns}


class RegionFacet(Facet):  # type: ignore[misc]
    """Calls by the voivodeship of their office, which they have no column for."""

    type = "voivodeship"

    async def suggest(self) -> list[Any]:
        return []

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        if self.table != "calls" or self.request.args.get("_nofacet"):
            return [], []
        try:
            counted = await self.ds.execute(
                self.database, REGIONS.format(self.sql), self.params, custom_time_limit=self.ds.setting(LIMIT)
            )
        except QueryInterrupted:
            return [], ["voivodeship"]
        chosen = self.request.args.get(REGION)
        results = []
        for row in counted.rows:
            address = path_with_replaced_args(
                self.request, {REGION: None if row["value"] == chosen else row["value"], "_next": None}
            )
            results.append(
                {
                    "value": row["value"],
                    "label": labels.label("offices", "voivodeship", row["value"]) or row["value"],
                    "count": row["count"],
                    "toggle_url": self.ds.absolute_url(self.request, self.ds.urls.path(address)),
                    "selected": row["value"] == chosen,
                }
            )
        facet = {"name": "voivodeship", "type": self.type, "hideable": False, "toggle_url": None}
        return [{**facet, "results": results, "truncated": False}], []
