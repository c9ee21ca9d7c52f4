"""The front page without what Datasette's own counts for it and ours does not show: every row of every table."""

from __future__ import annotations

from typing import Any

from datasette.views.index import IndexView

from crawler.publish import DATABASE


class FrontPage(IndexView):  # type: ignore[misc]
    """Its JSON, and the page of a Datasette without our database, are Datasette's own."""

    async def get(self, request: Any) -> Any:
        news = self.ds.databases.get(DATABASE)
        if request.url_vars["format"] or news is None or not await news.table_exists("articles"):
            return await super().get(request)
        await self.ds.ensure_permissions(request.actor, [("view-database", DATABASE), "view-instance"])
        return await self.render(
            ["index.html"], request=request, context={"databases": [], "metadata": self.ds.metadata()}
        )
