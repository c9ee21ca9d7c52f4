"""An article that has been taken down often sends its readers to a list or the front page: nobody need follow."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from normalize.identity import address


def leads_to(response: Response) -> str | None:
    """The address that an answer sends on to; None when it sends nowhere."""
    location = response.headers.get("Location")
    if response.status not in (301, 302, 303, 307, 308) or not location:
        return None
    try:
        return response.urljoin(location.decode("utf-8", "replace"))
    except ValueError:  # an address that cannot be taken apart
        return None


class DepartedMiddleware:
    """Hands the redirect itself to the spider where it leads to one of the request's `lists`."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls()

    def process_response(self, request: Request, response: Response) -> Response:
        target = leads_to(response) if "lists" in request.meta else None
        if target is not None and address(target) in request.meta["lists"]:
            request.meta["dont_redirect"] = True
        return response
