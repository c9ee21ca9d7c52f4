"""Conditional requests (RFC 9110, 13): what a client has already need not be sent again."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from crawler.publish.answers import Settled


def fresh(request: Any, tag: str, changed: datetime) -> bool:
    """Whether what the client holds is what it would be sent: by its tag where it tells one, else by the time."""
    told = request.headers.get("if-none-match")
    if told is not None:
        known = {one.strip().removeprefix("W/") for one in told.split(",")}
        return "*" in known or tag.removeprefix("W/") in known
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        when = parsedate_to_datetime(since)
    except ValueError:
        return False
    return _second(changed) <= (when if when.tzinfo else when.replace(tzinfo=UTC))


def validated(request: Any, response: Any, changed: datetime) -> Any:
    """The same answer with its validators, or 304. `changed`: since when it has been able to be what it is."""
    body = response.body if isinstance(response.body, bytes) else response.body.encode("utf-8")
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Last-Modified": format_datetime(_second(changed), usegmt=True), "Vary": "Host"}
    if fresh(request, tag, changed):
        return Settled(b"", status=304, headers=headers, content_type=response.content_type)
    response.headers.update(headers)
    return response


def _second(moment: datetime) -> datetime:
    """The whole second that is not before it: what these headers can tell."""
    moment = moment.astimezone(UTC)
    return moment if not moment.microsecond else moment.replace(microsecond=0) + timedelta(seconds=1)
