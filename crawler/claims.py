"""What a host's "not modified" claims, put to the test: the same address once more, and what its answer says of it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.ledger import asked, header
from crawler.run import Run
from crawler.visits import Kept, Validators
from normalize.model import Teaser


def host_of(response: Response) -> str:
    """Of the address that was asked for, before any redirect."""
    return urlsplit(asked(response)).hostname or ""


def is_doubtful(response: Response, run: Run) -> bool:
    """Whether a list's answer is a 304 that is to be checked at once; not one that was given without conditions."""
    if response.status != 304 or response.meta.get("at_once") or run.archive.validators(asked(response)) is None:
        return False
    return run.trust.not_modified(host_of(response), of_list=True)


def is_read_otherwise(response: Response, run: Run, teasers: Sequence[Teaser]) -> bool:
    """Whether a list's answer is a 304 for a page that we now read otherwise than when it was kept."""
    if response.status != 304 or response.meta.get("at_once"):
        return False
    known = run.archive.validators(asked(response))
    return known is not None and run.archive.reads_otherwise(known.capture, teasers)


def once_more(response: Response, run: Run) -> Request:
    """The same address at once without conditions: was the 304 true?"""
    request = response.request
    assert request is not None
    meta = {key: value for key, value in request.meta.items() if key in ("office", "asked", "download_slot")}
    return request.replace(
        url=asked(response),
        headers={},
        meta={**meta, "unconditional": True, "claim": run.now(), "at_once": True},
    )


def weigh(response: Response, run: Run, before: Validators | None, kept: Kept) -> None:
    """What an answer says of the 304 that the same address gave before, or would give."""
    request, claim = response.request, response.meta.get("claim")
    if response.status != 200 or request is None:
        return
    if claim is not None:
        after = Validators(
            etag=header(response, "ETag"), last_modified=header(response, "Last-Modified"), capture=kept.capture
        )
        at_once = response.meta.get("at_once", False)
        run.trust.weigh(host_of(response), claim, run.now(), at_once=at_once, new=kept.new, before=before, after=after)
    elif kept.new and ("If-None-Match" in request.headers or "If-Modified-Since" in request.headers):
        run.trust.told_change(host_of(response))
