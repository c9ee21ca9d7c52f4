"""Which article an address shows: keys that join addresses, the id of a key, the spelling for comparing addresses."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from normalize.model import Hints, Office

_DROPPED = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|yclid|msclkid|mc_[ce]id|igshid|_ga|_gl|ref|redirect|_.+_redirect|"
    r"backurl|p_auth|p_p_auth|p_r_p_resetCur|resetCur|"
    r"jsessionid|phpsessid|sid|sessionid|cfid|cftoken|inheritRedirect|doAsUserId|wersja|kontrast|"
    r"print|tmpl|fontsize|amp",
    re.I,
)
_PORTLET = re.compile(
    r"p_p_(?:lifecycle|state|mode|id|col_id|col_pos|col_count)|_\w+_(?:cur|delta|keywords|"
    r"advancedSearch|andOperator|resetCur)",
    re.I,
)
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/?#]*", re.I)
_LOCALE = re.compile(r"^/(?:pl|en|uk|de|ru)(?=/|$)")
_WEB = re.compile(r"^/web/([^/]+)(?=/|$)")
_LIFERAY = re.compile(r"/-/(?:asset_publisher/[^/]+/(?:content/)?|asset_publisher/[^/]+$)?(?P<rest>.*)$")
_ENTRY = re.compile(r"(?:^|_)assetEntryId$")


def article_id(key: str) -> str:
    """16 hex digits of the SHA-256 of a key: the article's id in every table, address and export."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]


def address(url: str) -> str:
    """The spelling by which addresses are compared, not one to fetch: "es.umws.pl/item/74-spotkanie?a=1".

    Scheme, www., default port, trailing slash, fragment, session and tracking parameters say nothing; the other
    parameters are sorted.
    Percent-encoding is undone where it is UTF-8; a slug's case, dots and numbers are kept.
    """
    return _spelled(url, ())


def keys(
    url: str,
    *,
    office: Office | None = None,
    hints: Hints | None = None,
    canonical: str | None = None,
    markup: Iterable[str] = (),
) -> tuple[str, ...]:
    """The article's key `group|slug` first, then every further key that this page shows to be the same article.

    group: the office's host (also for its mirrors), else /web/<office> if the address has it, else the host.
    `canonical`: the page's canonical link, used only within the same office. `markup`: further keys from the page.
    """
    found: list[str] = []
    for one in dict.fromkeys((url, canonical)):
        if one:
            found.extend(_keys(one, office, hints or Hints()))
    found.extend(markup)
    return tuple(dict.fromkeys(found))


def entry_key(url: str, number: str) -> str:
    """The key of an asset number, which Liferay counts across all hosts of one installation."""
    host = _host(url)
    parent = host.partition(".")[2] if host.count(".") > 1 else host
    return f"{parent}|entry:{number}"


def markup_key(url: str, number: str) -> str:
    """The key of the article number that Liferay's markup names; addresses carry other numbers."""
    return entry_key(url, number).replace("|entry:", "|article:")


def group(url: str, office: Office | None = None) -> str:
    """Whose article it is: the host of the office that the address is known to be of, else what the address says."""
    host = _host(url)
    path = _LOCALE.sub("", _path(url))
    web = _WEB.match(path)
    if office is not None:
        home = _host(office.url)
        where = f"{host}{path}"
        for mirror in office.mirrors:
            prefix = f"{_host(mirror)}{_LOCALE.sub('', _path(mirror))}".rstrip("/")
            own_web = _WEB.match(_path(mirror))
            if where == prefix or where.startswith(prefix + "/") or (own_web and web and own_web[1] == web[1]):
                return home
        own = _WEB.match(_path(office.url))
        if own and web and own[1] == web[1]:
            return home
        if (web is None or web[1] == "guest") and host in {home, *map(_bare_host, office.hosts)}:
            return home
    if web is not None and web[1] != "guest":
        return f"web/{web[1]}"
    return host


def same_office(url: str, other: str, office: Office | None = None) -> bool:
    return group(url, office) == group(other, office)


def canonical(url: str, link: str | None, office: Office | None = None) -> str | None:
    """The canonical link if it can be believed: same office, not its front page or list, no identity lost."""
    if not link or not same_office(url, link, office):
        return None
    here, there = urlsplit(url), urlsplit(link)
    if there.path.rstrip("/") in ("", "/index.php", "/index.html") and not there.query:
        return None
    if office is not None and address(link) == address(office.url):
        return None
    if (
        _path(url).rstrip("/") == _path(link).rstrip("/")
        and here.query
        and not there.query
        and _spelled(url, ()) != _spelled(link, ())
    ):
        return None
    if len(there.path) * 2 < len(here.path) and _path(url).startswith(_path(link).rstrip("/") + "/"):
        return None  # every article of some sites names its section
    return link


def _keys(url: str, office: Office | None, hints: Hints) -> Iterator[str]:
    mine = group(url, office)
    path, query = _path(url), _query(url)
    entry = next((value for name, value in query if _ENTRY.search(name) and value.isdigit()), None)
    liferay = _LIFERAY.search(path)
    if liferay:
        slug, number = _liferay_slug(liferay["rest"])
        entry = entry or number
        if slug:
            yield f"{mine}|{slug}"
            web = _WEB.match(_LOCALE.sub("", path))
            if web and web[1] != "guest" and mine != f"web/{web[1]}":
                yield f"web/{web[1]}|{slug}"
            for mirror in office.mirrors if office is not None and mine == _host(office.url) else ():
                if (name := _WEB.match(_path(mirror))) is not None:
                    yield f"web/{name[1]}|{slug}"
        if entry:
            yield entry_key(url, entry)
        if slug or entry:
            return
    if hints.key:
        match = re.search(
            hints.key, path + ("?" + "&".join(f"{name}={value}" for name, value in query) if query else "")
        )
        if match:
            parts = match.groupdict()
            slug = parts.get("slug") or parts.get("id")
            if slug:
                yield f"{mine}|{unicodedata.normalize('NFC', unquote(slug))}"
    if entry:
        yield entry_key(url, entry)
    spelled = _spelled(url, hints.drop_query)
    yield f"{mine}|{spelled.partition('/')[2]}"


def _liferay_slug(rest: str) -> tuple[str | None, str | None]:
    """Slug and asset number of what follows "/-/…": <slug>, id/<n>, id/<n>/pop_up, <slug>/<groupId>."""
    parts = [part for part in rest.split("/") if part]
    if not parts or parts[0] == "asset_publisher":
        return None, None
    if parts[0] == "id" and len(parts) > 1 and parts[1].isdigit():
        return None, parts[1]
    return unicodedata.normalize("NFC", parts[0]), None


@functools.lru_cache(maxsize=64)
def _split(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:
        return "", url, ""
    if port and port not in (80, 443):
        host = f"{host}:{port}"
    return _bare_host(host), _SESSION.sub("", parts.path), parts.query


def _bare_host(host: str) -> str:
    return host.lower().removeprefix("www.")


@functools.lru_cache(maxsize=1_000)
def _host(url: str) -> str:
    return _split(url)[0]


@functools.lru_cache(maxsize=64)
def _path(url: str) -> str:
    return unicodedata.normalize("NFC", unquote(_split(url)[1]))


def _query(url: str) -> list[tuple[str, str]]:
    query = _split(url)[2]
    return parse_qsl(query, keep_blank_values=True, max_num_fields=1_000) if query and query.count("&") < 900 else []


def _spelled(url: str, drop: tuple[str, ...]) -> str:
    host, path, _ = _split(url)
    path = unicodedata.normalize("NFC", unquote(path))
    path = path.replace("?", "%3F").replace("#", "%23")
    kept = []
    for name, value in _query(url):
        if _DROPPED.fullmatch(name) or any(re.fullmatch(pattern, name) for pattern in drop):
            continue
        if "/-/" in path and _PORTLET.fullmatch(name):
            continue
        kept.append(f"{quote(name, safe='/:,[]')}={quote(value, safe='/:,')}")
    query = "&".join(sorted(kept))
    path = path.rstrip("/") or "/"
    if path == "/" and not query:
        path = ""
    return f"{host}{path}" + (f"?{query}" if query else "")
