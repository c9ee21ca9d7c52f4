"""Whom an office can write to about the crawl: WIESCI_CONTACT, named in each request, without which none is sent."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib.metadata import version
from urllib.parse import urlsplit

VARIABLE = "WIESCI_CONTACT"
_MAIL = re.compile(r"(?:mailto:)?([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_HEADER = re.compile(r"[!-'*-:<-~]+")
"""What may stand in an agent's comment: printable ASCII, no brackets, no semicolon (RFC 9110, 5.6.5)."""
_NOBODYS = re.compile(r"(?:.*\.)?(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)")
"""Names that reach nobody (RFC 2606)."""


class NoContact(Exception):
    """The offices could not tell who asks them; the message says what to type. Exit code 2."""


def contact(told: str | None) -> str | None:
    """The address as it stands in a request, mailto:… or http(s)://…; None when nobody can be reached by this."""
    text = (told or "").strip()
    mail = _MAIL.fullmatch(text)
    if mail:
        return None if _NOBODYS.fullmatch(mail[1].rpartition("@")[2].lower()) else f"mailto:{mail[1]}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return None
    reachable = parts.scheme in ("http", "https") and "." in host and not _NOBODYS.fullmatch(host)
    return text if reachable and _HEADER.fullmatch(text) else None


def agent(environment: Mapping[str, str] = os.environ) -> str:
    """What each request says of itself: our name and version, whom to write to, what it is for."""
    whom = contact(environment.get(VARIABLE))
    return f"Wiesci/{version('wiesci')} ({f'+{whom}; ' if whom else ''}news of Polish labour offices)"


def required(environment: Mapping[str, str] = os.environ) -> None:
    """Raises NoContact unless an office can see whom to write to."""
    told = environment.get(VARIABLE, "").strip()
    if contact(told):
        return
    why = f"'{told}' is no address that reaches anybody" if told else f"{VARIABLE} is not set"
    raise NoContact(
        f"nothing was asked of any office: {why}. Each request names an e-mail or web address of yours, so that a"
        " webmaster whom the crawl disturbs can write to you. Type it once, and then the command again:\n"
        f"  export {VARIABLE}=name@example.org\n"
        "(wiesci demo crawls the practice web on this machine, and needs none)"
    )
