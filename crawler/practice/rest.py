"""The WordPress REST interface of a practice site: posts with totals, fields and pages."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from crawler.practice.days import moment, utc_time
from crawler.practice.site import Site, Story

Answered = tuple[int, dict[str, str], Any]


def answer(site: Site, path: str, query: Mapping[str, str]) -> Answered | None:
    """What the interface says at this path; None where the path is not its own."""
    base = str(site.addresses["rest"])
    if site.listing.get("rest") == "empty" and path.startswith(base):
        return 200, {"X-WP-Total": "0", "X-WP-TotalPages": "0"}, []
    if path.rstrip("/") == base.rstrip("/"):
        routes = {"/wp/v2": {"methods": ["GET"]}, "/wp/v2/posts": {"methods": ["GET"]}}
        return 200, {}, {"name": site.name, "url": site.origin, "namespaces": ["wp/v2"], "routes": routes}
    found = re.fullmatch(re.escape(base.rstrip("/")) + r"/wp/v2/posts(?:/(\d+))?/?", path)
    if not found:
        return _problem(404, "rest_no_route", "No route found.") if path.startswith(base) else None
    stories = sorted(
        (story for story in site.listed() if story.published), key=lambda story: story.published or "", reverse=True
    )
    if found[1]:
        of_id = [story for story in stories if story.id == int(found[1])]
        return (200, {}, _post(site, of_id[0])) if of_id else _problem(404, "rest_post_invalid_id", "Invalid post ID.")
    try:
        per_page, page = int(query.get("per_page", "10")), int(query.get("page", "1"))
    except ValueError:
        return _problem(400, "rest_invalid_param", "Invalid parameter(s): page, per_page")
    if not 1 <= per_page <= 100 or page < 1:
        return _problem(400, "rest_invalid_param", "Invalid parameter(s): per_page")
    total = len(stories)
    pages = -(-total // per_page)
    if page > max(1, pages):
        return _problem(400, "rest_post_invalid_page_number", "The page number requested is larger than available.")
    posts = [_post(site, story) for story in stories[(page - 1) * per_page : page * per_page]]
    if query.get("_fields"):
        fields = {field.strip().split(".")[0] for field in query["_fields"].split(",")}
        posts = [{key: value for key, value in post.items() if key in fields} for post in posts]
    return 200, {"X-WP-Total": str(total), "X-WP-TotalPages": str(pages)}, posts


def _post(site: Site, story: Story) -> dict[str, Any]:
    published = story.published or "2020-01-01"
    modified = story.modified or published
    excerpt = story.lead or re.sub(r"<[^>]+>", "", story.body).strip().split("\n")[0]
    return {
        "id": story.id,
        "date": moment(published).strftime("%Y-%m-%dT%H:%M:%S"),
        "date_gmt": utc_time(published)[:19],
        "guid": {"rendered": f"{site.origin}/?p={story.id}"},
        "modified": moment(modified).strftime("%Y-%m-%dT%H:%M:%S"),
        "modified_gmt": utc_time(modified)[:19],
        "slug": story.slug,
        "status": "publish",
        "type": "post",
        "link": site.origin + site.path(story),
        "title": {"rendered": texturized(story.title)},
        "content": {"rendered": f"\n{story.body}\n", "protected": False},
        "excerpt": {"rendered": f"<p>{texturized(excerpt)}</p>\n", "protected": False},
        "author": 1,
        "featured_media": 0,
        "sticky": story.slug in site.listing.get("pinned", ()),
        "categories": [site.number("category", 2)],
    }


def texturized(text: str) -> str:
    """WordPress writes quotation marks and dashes as numbered entities."""
    escaped = html.escape(text, quote=False)
    return "".join(f"&#{ord(letter)};" if letter in "„”–—’…" else letter for letter in escaped)


def _problem(status: int, code: str, message: str) -> Answered:
    return status, {}, {"code": code, "message": message, "data": {"status": status}}
