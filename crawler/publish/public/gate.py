"""What strangers may ask of the public server; everything else is refused before Datasette sees it.

A refusal is decided by the address alone, so that it costs nothing. What remains is bounded by PUBLIC settings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from markupsafe import escape

from crawler.publish.safety import Application, Receive, Scope, Send

LONGEST_PATH = 1_000
LONGEST_QUERY = 40_000
"""Bytes: a search of 10,000 characters of Polish fits."""
MOST_ARGUMENTS = 60
MOST_FACETS = 8
FORBIDDEN = frozenset({"sql", "_where", "_through", "_trace", "_timelimit", "_context", "_ttl", "_show_hidden"})
"""Arguments of Datasette that carry SQL, or tell of or turn the machinery."""
NUMBERS = {"_size": {"max"}, "_facet_size": {"max"}}
"""Arguments that are numbers, or one of these words."""
OUR_OWN = (r"/-/static/.*", r"/robots\.txt", r"/favicon\.ico")
_HOST = re.compile(r"[A-Za-z0-9._\-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")
_PRIVATE = (b"cookie", b"authorization", b"x-forwarded-prefix", b"x-original-url", b"x-rewrite-url")
"""Headers by which someone could be more than a stranger: no one is."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    status: int
    title: str
    detail: str
    headers: Sequence[tuple[str, str]] = ()


METHOD = Refusal(
    status=405, title="Tak nie można pytać", detail="Ten serwis tylko odpowiada: GET i HEAD.",
    headers=[("allow", "GET, HEAD")],
)  # fmt: skip
HOST = Refusal(status=400, title="Nie rozumiem tego pytania", detail="Nagłówek Host nie jest nazwą serwera.")
ADDRESS = Refusal(status=400, title="Nie rozumiem tego pytania", detail="Adres ma niedozwolone znaki.")
LONG = Refusal(status=414, title="Zbyt długi adres", detail=f"Pytanie może mieć najwyżej {LONGEST_QUERY} bajtów.")
MANY = Refusal(
    status=400, title="Zbyt wiele warunków naraz",
    detail=f"Jedno pytanie może mieć najwyżej {MOST_ARGUMENTS} warunków i {MOST_FACETS} zestawień.",
)  # fmt: skip
SQL = Refusal(
    status=403, title="Ta strona nie jest udostępniona",
    detail="Własny SQL i ustawienia serwera są tu wyłączone; całe tabele są w gotowych plikach (/pliki).",
)  # fmt: skip
STREAM = Refusal(
    status=403, title="Ta strona nie jest udostępniona",
    detail="CSV strony kończy się na limicie wierszy; całe tabele są w gotowych plikach (/pliki).",
)  # fmt: skip
NUMBER = Refusal(status=400, title="Nie rozumiem tego pytania", detail="W adresie ma tu być liczba.")
INNER = Refusal(status=404, title="Nie ma takiej strony", detail="")


class Gate:
    """Lets through what may be asked. `routes`: patterns of addresses under /-/ that are for everyone."""

    def __init__(self, application: Application, *, routes: Sequence[str], base: str = "/") -> None:
        self._application = application
        self._base = base
        self._open = [re.compile(pattern) for pattern in (*OUR_OWN, *routes)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        refusal = self.refusal(scope)
        if refusal is not None:
            await refuse(refusal, scope, send, base=self._base)
            return
        headers = [(name, value) for name, value in scope["headers"] if name.lower() not in _PRIVATE]
        await self._application({**scope, "headers": headers}, receive, send)

    def refusal(self, scope: Scope) -> Refusal | None:
        if scope["method"] not in ("GET", "HEAD"):
            return METHOD
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"]
        if len(hosts) > 1 or any(not _HOST.fullmatch(host) for host in hosts):
            return HOST
        path = _path(scope)
        query = bytes(scope.get("query_string") or b"")
        if len(path) > LONGEST_PATH or len(query) > LONGEST_QUERY:
            return LONG
        if not path.isascii() or not path.isprintable() or not query.isascii():
            return ADDRESS
        inner = "/" + path.removeprefix(self._base) if path.startswith(self._base) else path
        if inner.startswith("/-/") and not any(pattern.fullmatch(inner) for pattern in self._open):
            return INNER
        return _arguments(query.decode("ascii"))


def _arguments(query: str) -> Refusal | None:
    try:
        asked = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_ARGUMENTS)
    except ValueError:
        return MANY
    if sum(name.startswith("_facet") for name, _ in asked) > MOST_FACETS:
        return MANY
    for name, value in asked:
        if name in FORBIDDEN:
            return SQL
        if name == "_stream":
            return STREAM
        if name in NUMBERS and not (value in NUMBERS[name] or re.fullmatch("[0-9]{1,9}", value)):
            return NUMBER
    return None


async def refuse(refusal: Refusal, scope: Scope, send: Send, *, base: str = "/") -> None:
    """A page that needs neither a database nor a template, so that it comes when nothing else does."""
    if _path(scope).endswith((".json", ".jsonfeed", ".ndjson")):
        kind = "application/json; charset=utf-8"
        body = json.dumps(
            {"ok": False, "status": refusal.status, "title": refusal.title, "error": refusal.detail or refusal.title},
            ensure_ascii=False,
        )
    else:
        kind = "text/html; charset=utf-8"
        body = PAGE.format(base=escape(base), title=escape(refusal.title), detail=escape(refusal.detail))
    content = body.encode("utf-8")
    headers = [("content-type", kind), ("content-length", str(len(content))), ("cache-control", "no-store")]
    raw = [(name.encode("ascii"), value.encode("ascii")) for name, value in (*headers, *refusal.headers)]
    await send({"type": "http.response.start", "status": refusal.status, "headers": raw})
    await send({"type": "http.response.body", "body": content})


PAGE = """<!DOCTYPE html>
<html lang="pl"><head><meta charset="utf-8"><title>{title} · Wieści</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="{base}-/wiesci/wiesci.css"></head>
<body class="error"><header class="top"><div class="wide"><a class="brand" href="{base}">Wieści</a></div></header>
<main id="tresc" class="wide"><h1>{title}</h1><p class="intro">{detail}</p>
<p><a href="{base}">Strona główna</a></p></main></body></html>
"""


def _path(scope: Scope) -> str:
    """As Datasette's router reads it."""
    raw = scope.get("raw_path")
    return raw.decode("latin-1").partition("?")[0] if raw else str(scope["path"])


def gate(routes: Sequence[str], base: str) -> Callable[[Application], Application]:
    return lambda application: Gate(application, routes=routes, base=base)
