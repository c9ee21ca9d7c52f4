"""Turns Scrapy's answers and failures into the archive's visits: every attempt ends in one word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import outcomes
from crawler.archive import Archive
from crawler.visits import Kept, Purpose, Visit
from normalize.model import Teaser

_KEPT_HEADERS = ("Content-Type", "ETag", "Last-Modified", "Content-Length", "Retry-After", "Server", "Location")

_LONGEST_RAW = 2_000


class Ledger:
    """Writes the visits of one run."""

    def __init__(self, archive: Archive, run: str) -> None:
        self._archive = archive
        self._run = run

    def keep(
        self,
        response: Response,
        office: str,
        purpose: Purpose,
        outcome: str = "stored",
        detail: str | None = None,
        sighted: tuple[int, int] | None = None,
        teasers: Sequence[Teaser] = (),
    ) -> Kept:
        """An answer with its body. A 304 confirms the capture it stands for, which must be there."""
        if response.status == 304:
            known = self._archive.validators(asked(response))
            assert known is not None
            self.note(response, office, purpose, "unchanged" if outcome == "stored" else outcome, detail, known.capture)
            return Kept(capture=known.capture, new=False)
        return self._archive.keep(
            self._run,
            _visit(response, office, purpose, outcome, detail),
            response.body,
            content_type=header(response, "Content-Type"),
            etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"),
            sighted=sighted,
            teasers=teasers,
        )

    def note(
        self,
        response: Response,
        office: str,
        purpose: Purpose,
        outcome: str,
        detail: str | None = None,
        capture: int | None = None,
    ) -> None:
        """An answer whose body is not kept."""
        self._archive.note(self._run, _visit(response, office, purpose, outcome, detail), capture=capture)

    def unasked(self, url: str, office: str, purpose: Purpose, outcome: str, detail: str | None = None) -> None:
        """An address that was found and is not asked for."""
        visit = Visit(office=office, purpose=purpose, url=url, outcome=outcome, detail=detail)
        self._archive.note(self._run, visit)

    def no_address(self, raw: str, office: str) -> None:
        """A link that stands for no address. Its beginning is kept; an address is kept whole, as its teaser is."""
        self.unasked(raw[:_LONGEST_RAW], office, "article", "bad_link")

    def failed(self, request: Request, office: str, purpose: Purpose, failure: Failure) -> tuple[str, str]:
        """A request that brought no answer; (outcome, detail)."""
        error = failure.value
        assert error is not None
        outcome, detail = outcomes.of_failure(error)
        visit = Visit(
            office=office,
            purpose=purpose,
            url=request.meta["asked"],
            final_url=request.url,
            hops=request.meta.get("redirect_urls", ())[1:],
            outcome=outcome,
            detail=_with_remarks(detail or None, request.meta),
        )
        self._archive.note(self._run, visit)
        return outcome, detail


def asked(response: Response) -> str:
    """The address this answer was asked for, before any redirect."""
    url: str = response.meta["asked"]
    return url


def header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return None if value is None else value.decode("latin-1")[:500]


def _visit(response: Response, office: str, purpose: Purpose, outcome: str, detail: str | None) -> Visit:
    return Visit(
        office=office,
        purpose=purpose,
        url=asked(response),
        final_url=response.url,
        hops=response.meta.get("redirect_urls", ())[1:],
        status=response.status,
        headers={name: value for name in _KEPT_HEADERS if (value := header(response, name)) is not None},
        outcome=outcome,
        detail=_with_remarks(detail, response.meta),
    )


def _with_remarks(detail: str | None, meta: Mapping[str, Any]) -> str | None:
    """What became of the attempt, with what was remarkable on the way: pauses, a certificate not checked."""
    return "; ".join(filter(None, (detail, *meta.get("remarks", ())))) or None
