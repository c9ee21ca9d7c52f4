"""The whole story of one address in plain sentences: found where, asked for when, refused why, what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.correcting import STATES
from crawler.database import Connection, check_readable, explained, open_for_reading
from crawler.folder import ARCHIVE, NEWS
from crawler.habits import Habit
from crawler.instants import moment
from crawler.outcomes import CONFIRMING
from crawler.redaction import without_pesel
from crawler.registry import Register
from crawler.scope import in_scope
from crawler.servers import Server
from crawler.suppression import Suppression, Suppressions, hashed_key
from crawler.takedown import outstanding
from normalize.identity import address

_REPEATS = 3
"""Visits in a row with the same end that are told one by one; of more, the first, how many, and the last."""

_ENDS = {
    "stored": "a page came and was kept",
    "same": "the page was the same as before",
    "unchanged": "the server said it had not changed (304)",
    "gone": "it is gone",
    "robots": "not asked for: robots.txt forbids it",
    "robots_unreachable": "not asked for: the host's robots.txt could not be read, so the host was left alone",
    "over_budget": "not asked for: its server had been asked as often as it may be in a day; it is due as before",
    "quiet_hours": "not asked for: its server is left in peace at that hour; it is due as before",
    "left_over": "not asked for: the run had asked its office for as much as it may; it is due as before",
    "server_trouble": "not asked for: its server had given no answer several times in a row",
    "out_of_scope": "not asked for: it is not on a host of the office that named it",
    "blocked_address": "not asked for: it leads to an address that is never connected to (private, loopback, odd port)",
    "bad_link": "not asked for: it is no address that can be asked for",
    "duplicate": "not asked for: another spelling of it was already asked for in that run",
    "suppressed": "not kept: it is on the suppression list",
    "redirect_loop": "given up after too many redirects",
    "bad_redirect": "it redirected in a way that cannot be followed",
    "too_large": "given up: the answer is too large",
    "too_complex": "given up: the page has too many parts",
    "decode_error": "the answer could not be unpacked",
    "truncated": "the answer was cut short",
    "timeout": "no whole answer in time",
    "no_such_host": "its host has no address",
    "connection_refused": "the server refused the connection",
    "connection_failed": "the connection failed",
    "bad_certificate": "the server's certificate cannot be trusted",
    "asked_to_wait": "the server asked to wait longer than a run waits (429)",
    "forbidden": "the server refused it",
    "server_error": "the server failed",
    "http_error": "the server answered with an error",
    "layout_changed": "a list came, but not in the form its family has",
    "no_teasers": "a list came, but it named no article",
    "crawler_error": "the crawler itself failed on it",
}
_UNDERSTOOD = {
    "article": "an article",
    "not_html": "no HTML page",
    "no_text": "a page without an article's text",
    "soft_404": "a page that says the article is not there, though the answer was 200",
    "error_page": "an error page",
    "maintenance": "a maintenance notice",
    "login": "a login page",
    "bot_protection": "a page that keeps robots out",
    "parked": "a parked domain",
    "list_page": "a list, not an article",
    "too_complex": "too complex to be read",
    "too_large": "too large to be read",
    "decode_error": "no readable text",
    "empty": "empty",
    "time_out": "not understood in time",
    "office_unknown": "of an office the register does not know",
}


@dataclass(frozen=True, kw_only=True)
class Story:
    sentences: tuple[str, ...]
    known: bool
    """Whether the archive has ever heard of the address."""


def tell(data: Path, url: str, register: Register) -> Story:
    """What happened to this address, in the order it happened. Raises DatabaseProblem."""
    rules = Suppressions.beside(data / NEWS)
    hidden = rules.address(url)
    silent = hidden is not None or _taken_down(data, url)
    check_readable(data / ARCHIVE, "archive")
    archive = open_for_reading(data / ARCHIVE)
    try:
        with explained(data / ARCHIVE):
            sentences = [
                *_compared(url),
                *_sightings(archive, address(url), None if silent else rules),
                *_visits(archive, address(url)),
            ]
            known = len(sentences) > len(list(_compared(url)))
            sentences += _next(archive, url, register)
            captures = [
                row[0]
                for row in archive.execute(
                    "SELECT DISTINCT capture FROM visits WHERE (address = ? OR final_address = ?)"
                    " AND purpose = 'article' AND capture IS NOT NULL ORDER BY capture",
                    (address(url), address(url)),
                )
            ]
    finally:
        archive.close()
    if not known:
        sentences += _never(url, register)
    if (data / NEWS).exists():
        news = open_for_reading(data / NEWS)
        try:
            with explained(data / NEWS):
                sentences += _understanding(news, captures, not silent)
                sentences += _article(news, url, hidden, silent=silent)
        finally:
            news.close()
    elif hidden:
        sentences.append(_suppressed(hidden))
    return Story(sentences=tuple(sentences), known=known)


def _compared(url: str) -> Iterator[str]:
    if address(url) != url:
        yield f"Addresses are compared as {address(url)}."


def _taken_down(data: Path, url: str) -> bool:
    """Whether its article is hidden by whatever it says or by its office; or that is not known yet."""
    if not (data / NEWS).exists():
        return False
    if outstanding(data):
        return True
    with explained(data / NEWS), closing(open_for_reading(data / NEWS)) as news:
        return (
            news.execute(
                "SELECT 1 FROM taken_down WHERE article IN (SELECT article FROM article_keys WHERE key = ?)",
                (hashed_key(f"address|{address(url)}"),),
            ).fetchone()
            is not None
        )


def _sightings(db: Connection, where: str, rules: Suppressions | None) -> Iterator[str]:
    """`rules`: by which a title may be told; None: none may."""
    rows = db.execute(
        "SELECT c.requested_url, c.office, min(v.at), max(v.at), count(DISTINCT v.sequence), min(s.position), s.title"
        " FROM sightings s JOIN captures c ON c.id = s.list_capture JOIN visits v ON v.capture = c.id"
        " WHERE s.address = ? GROUP BY c.requested_url, c.office ORDER BY min(v.at)",
        (where,),
    ).fetchall()
    for source, office, first, last, times, position, title in rows:
        told = title and rules is not None and not rules.office(office) and not rules.phrase(title, source)
        called = f", as “{without_pesel(title)}”" if told else ""
        again = f", and {times} times until {_when(last)}" if times > 1 else ""
        yield f"Found on {source} of {office}, place {position + 1}{called}, on {_when(first)}{again}."


def _visits(db: Connection, where: str) -> Iterator[str]:
    cursor = db.execute(
        "SELECT at, purpose, url, final_url, hops, status, outcome, detail FROM visits"
        " WHERE address = ? OR final_address = ? ORDER BY sequence",
        (where, where),
    )
    names = [column[0] for column in cursor.description]
    same: list[dict[str, Any]] = []
    for row in cursor:
        visit = dict(zip(names, row, strict=True))
        if same and (visit["outcome"], visit["detail"]) != (same[-1]["outcome"], same[-1]["detail"]):
            yield from _told(same)
            same = []
        same.append(visit)
    yield from _told(same)


def _told(visits: list[dict[str, Any]]) -> Iterator[str]:
    if len(visits) <= _REPEATS:
        yield from map(_visit, visits)
    else:
        yield _visit(visits[0])
        yield f"The same {len(visits) - 1} times more, the last time on {_when(visits[-1]['at'])}."


def _visit(visit: dict[str, Any]) -> str:
    outcome, status = visit["outcome"], visit["status"]
    told = _ENDS.get(outcome, outcome.replace("_", " "))
    if status is not None and outcome not in (*CONFIRMING, "asked_to_wait"):
        told += f" (status {status})"
    if visit["detail"]:
        told += f": {visit['detail']}"
    purpose = {"list": " as a list", "sitemap": " as a sitemap"}.get(visit["purpose"], "")
    hops = [*json.loads(visit["hops"])]
    if visit["final_url"] != visit["url"] and visit["final_url"] not in hops:
        hops.append(visit["final_url"])
    led = f", by way of {' → '.join([visit['url'], *hops])}" if hops else ""
    return f"{_when(visit['at'])}{purpose}{led}: {told}."


def _next(db: Connection, url: str, register: Register) -> Iterator[str]:
    where = address(url)
    row = db.execute("SELECT due, reason, office FROM frontier WHERE address = ?", (where,)).fetchone()
    if row is not None:
        yield f"Next visit: due on {_when(row[0])} ({row[1]})."
    told_by = db.execute(
        "SELECT office FROM visits WHERE address = ? AND purpose = 'list' ORDER BY sequence DESC LIMIT 1", (where,)
    ).fetchone()
    office = row[2] if row is not None else told_by[0] if told_by else None
    walk = db.execute("SELECT due, habit FROM walks WHERE office = ?", (office,)).fetchone()
    if walk is not None and walk[0]:
        habit = f"; {Habit.read(walk[1]).told()}" if walk[1] else ""
        yield f"The lists of {office} are due on {_when(walk[0])}{habit}."
    if office is not None:
        yield from _today(db, register.server(url))


def _today(db: Connection, server: Server) -> Iterator[str]:
    """What its server has had of its daily budget on the last day on which it was asked, and when it is left alone."""
    row = db.execute(
        "SELECT day, requests FROM spent WHERE server = ? ORDER BY day DESC LIMIT 1", (server.name,)
    ).fetchone()
    if row is not None and server.declared:
        yield f"Its server {server.name} was sent {row[1]} of at most {server.budget} requests on {row[0]}."
    if server.quiet:
        yield f"Nothing is asked of {server.name} at {', '.join(map(str, server.quiet))} in Warsaw."


def _never(url: str, register: Register) -> Iterator[str]:
    offices = register.at(url)
    near = [office.id for office in register.offices.values() if in_scope(url, office, register)]
    yield "No list has named it, and it was never asked for."
    if offices:
        yield f"Its host is that of {', '.join(office.id for office in offices)}."
    elif near:
        yield f"It is within the scope of {', '.join(near[:5])}."
    else:
        yield "No office of the register is on its host."


def _understanding(db: Connection, captures: list[int], tell: bool) -> Iterator[str]:
    for capture in captures:
        row = db.execute(
            "SELECT seen, outcome, detail, effect FROM understood WHERE capture = ?", (capture,)
        ).fetchone()
        if row is None:
            yield f"The page kept as capture {capture} is not understood yet; the next crawl begins with it."
            continue
        seen, outcome, detail, effect = row
        made = {"new": "; it was new", "changed": "; it made a further revision", "same": "; it said nothing new"}
        told = _UNDERSTOOD.get(outcome, outcome.replace("_", " "))
        more = f" ({detail})" if detail and tell else ""
        yield f"The page of {_when(seen)} was understood as {told}{more}{made.get(effect, '')}."


def _article(db: Connection, url: str, hidden: Suppression | None, *, silent: bool) -> Iterator[str]:
    row = db.execute(
        "SELECT article FROM article_keys WHERE key = ?", (hashed_key(f"address|{address(url)}"),)
    ).fetchone()
    article = row[0] if row else None
    since = db.execute("SELECT since FROM taken_down WHERE article = ?", (article,)).fetchone() if article else None
    if hidden:
        yield _suppressed(hidden)
    elif since:
        yield f"Its article was taken down on {_when(since[0])}: it is in no table, search, revision or export."
    elif silent:
        yield "What was asked to be taken down last is not hidden yet; of articles nothing is told until the next run."
    if article is None or silent:
        return
    held = db.execute(
        "SELECT title, url, published, published_method, first_seen, last_seen, changed, gone, gone_reason, cluster"
        " FROM articles WHERE id = ?",
        (article,),
    ).fetchone()
    if held is None:
        return
    title, own, published, method, first, last, changed, gone, reason, cluster = held
    day = f"published {published} (read by: {method})" if published else "without a date of publication"
    yield f"It is article {article}, “{title or 'without a title'}”, {day}."
    others = [
        row[0]
        for row in db.execute("SELECT url FROM addresses WHERE article = ? AND url != ?", (article, address(url)))
    ]
    if others:
        yield f"The same article is at {', '.join(sorted(others))}."
    if address(own) != address(url):
        yield f"Its present address is {own}."
    yield f"Seen from {_when(first)} to {_when(last)}" + (f", changed on {_when(changed)}." if changed else ".")
    yield from _revisions(db, article)
    yield from _corrections(db, article)
    if cluster:
        (size,) = db.execute("SELECT size FROM clusters WHERE id = ?", (cluster,)).fetchone()
        yield f"{size} articles have nearly the same text (cluster {cluster})."
    if gone:
        yield f"The office took it away: {reason}, noted on {_when(gone)}. The last good copy stays."


def _revisions(db: Connection, article: str) -> Iterator[str]:
    rows = db.execute(
        "SELECT seen, changes FROM revisions WHERE article = ? ORDER BY seen, rowid", (article,)
    ).fetchall()
    for seen, changes in rows[1:]:
        kinds = ", ".join(change["type"].replace("_", " ") for change in json.loads(changes)) or "small changes"
        yield f"Revision of {_when(seen)}: {kinds}."


def _corrections(db: Connection, article: str) -> Iterator[str]:
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'corrections'").fetchone():
        return  # no run of this version has opened it yet
    rows = db.execute(
        "SELECT field, item, value, machine, state, reason, day FROM corrections WHERE article = ? ORDER BY day, id",
        (article,),
    )
    for field, item, value, machine, state, reason, day in rows:
        what = f"{field} “{item}”" if item else field
        told = f"is {value}" if value else "is nothing"
        if state == "applied":
            read = f"the machine read {machine}" if machine else "the machine read nothing"
            yield f"Corrected by hand on {day}: {what} {told}; {read}. Reason: {reason.rstrip('.')}."
        else:
            yield f"The correction of {day} that {what} {told} is {STATES[state]}."


def _suppressed(rule: Suppression) -> str:
    purged = " Its copies were deleted from the archive." if rule.purge else ""
    return f"It was taken down on {_when(rule.since)} and stays out of everything that is shown.{purged}"


def _when(at: str) -> str:
    return moment(at).strftime("%Y-%m-%d %H:%M UTC")
