"""robots.txt: search engines may read what stands still, not what is computed anew for each visit.

RFC 9309 knows * and $; robots that only know prefixes find each list of this database named.
"""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Response

from crawler.publish import DATABASE
from crawler.publish.prepared import ADDRESS

COMPUTED = ("csv", "excel", "xlsx", "json", "ndjson", "parquet", "atom", "jsonfeed", "ics", "blob")
READABLE = ("-/o-danych", "-/slownik", "-/wiesci/")


def routes() -> list[tuple[str, Any]]:
    return [(r"/robots\.txt$", robots)]


async def robots(datasette: Any, request: Any) -> Any:
    base = datasette.setting("base_url")
    told = datasette.metadata("databases") or {}
    lists = [
        f"{base}{DATABASE}/{name}"
        for kind in ("tables", "queries")
        for name, one in ((told.get(DATABASE) or {}).get(kind) or {}).items()
        if one.get("allow") is not False
    ]
    lines = [
        "User-agent: *",
        *(f"Allow: {base}{path}" for path in READABLE),
        f"Disallow: {base}-/",
        f"Disallow: {base}{ADDRESS}/",
        f"Disallow: {base}*?",
        *(f"Disallow: {base}*.{ending}$" for ending in COMPUTED),
        f"Disallow: {base}?",
        f"Disallow: {base}{DATABASE}?",
        *(f"Disallow: {name}{mark}" for name in lists for mark in "?."),
        "Crawl-delay: 5",
    ]
    headers = {"cache-control": "max-age=86400"}
    return Response("\n".join(lines) + "\n", headers=headers, content_type="text/plain; charset=utf-8")
