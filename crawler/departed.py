"""An article that has been taken down often sends its readers to a list or the front page: nobody need follow."""

from __future__ import annotations

from typing import Self
from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.ledger import asked
from crawler.registry import Register
from normalize.identity import address
from normalize.model import Office


def leads_to(response: Response) -> str | None:
    """The address that an answer sends on to; None when it sends nowhere."""
    location = response.headers.get("Location")
    if response.status not in (301, 302, 303, 307, 308) or not location:
        return None
    try:
        return response.urljoin(location.decode("utf-8", "replace"))
    except ValueError:  # an address that cannot be taken apart
        return None


def lists_of(url: str, office: Office, register: Register) -> frozenset[str]:
    """Addresses of the office at which no article is: its lists, and the front pages of their hosts and of this."""
    ways = register.families[office.family].list_addresses(office)
    return frozenset(map(address, (*ways, *(urljoin(one, "/") for one in (url, *ways)))))


def has_departed(response: Response, office: Office, register: Register) -> bool:
    """Whether the answer for an article leads to one of those."""
    target = leads_to(response) or response.url
    return target != asked(response) and address(target) in lists_of(asked(response), office, register)


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
