"""robots.txt: search engines may read what stands still, not what is computed anew for each visit.

RFC 9309 knows * and $; robots that only know prefixes find each list of this database named. For some of those a bare
"?" at the end is nothing, so that the rule would close the page itself: a letter of the question always follows it.
"""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Response

from crawler.publish import DATABASE
from crawler.publish.public.prepared import ADDRESS

COMPUTED = ("csv", "excel", "xlsx", "json", "wholejson", "ndjson", "parquet", "atom", "jsonfeed", "ics", "blob")
READABLE = ("-/o-danych", "-/slownik", "-/wiesci/")


def routes() -> list[tuple[str, Any]]:
    return [(r"/robots\.txt$", robots)]


async def robots(datasette: Any, request: Any) -> Any:
    base = datasette.setting("base_url")
    told = datasette.metadata("databases") or {}
    news = told.get(DATABASE) or {}
    tables = [name for name, one in (news.get("tables") or {}).items() if one.get("allow") is not False]
    queries = news.get("queries") or {}
    lines = [
        "User-agent: *",
        *(f"Allow: {base}{path}" for path in READABLE),
        f"Disallow: {base}-/",
        f"Disallow: {base}{ADDRESS}/",
        f"Disallow: {base}*?",
        *(f"Disallow: {base}*.{ending}$" for ending in COMPUTED),
        f"Disallow: {base}?dzien",
        *(f"Disallow: {base}{DATABASE}/{name}?_" for name in tables),
        *(f"Disallow: {base}{DATABASE}/{name}?{one}" for name in queries for one in queries[name].get("params") or ()),
        *(f"Disallow: {base}{DATABASE}/{name}." for name in (*tables, *queries)),
        "Crawl-delay: 5",
    ]
    headers = {"cache-control": "max-age=86400"}
    return Response("\n".join(lines) + "\n", headers=headers, content_type="text/plain; charset=utf-8")
