"""Judges what an office gave in one run by its own runs before: a list that shrank, a field that emptied."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.database import Connection
from crawler.signs import Signs, likeness

PAST = 20
"""Earlier runs of an office that a run is judged by."""
_BAND = 12
_FEWEST_TEASERS = 5
_FALL = 0.6
"""A list that holds less than this part of its usual number has fallen by over 40 %."""
_USUALLY_FILLED = 0.5
_FEWEST_PAGES = 3
_ALWAYS = frozenset({"title", "published", "list_title", "list_published"})
"""Fields that a page of a site has or has not by how the site is built; the others also by what it tells."""
_CHANCE = {True: 0.02, False: 0.001}
"""How probable it may be, for these and for the others, that only the later pages lack a field by chance."""
_FEWEST_BEFORE = {True: 3, False: 20}
_ALIKE = 0.5


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a run's signs say against those of the runs before it."""

    usual: int | None = None
    """Lower edge of how many teasers the office's list holds."""
    failures: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def judge(signs: Signs, past: Sequence[Signs]) -> Verdict:
    """`past`: the signs of the office's earlier runs, latest first, at most PAST of them."""
    failures: list[str] = []
    warnings: list[str] = []
    usual = _usual(signs, past)
    teasers = signs.get("teasers")
    if usual is not None and teasers is not None and usual >= _FEWEST_TEASERS and teasers < _FALL * usual:
        failures.append(f"volume: {teasers} teasers on a list that usually holds {usual} or more")
    for name in signs.get("filled", {}):
        rate = _emptied(name, [signs, *past])
        if rate is not None:
            failures.append(f"fill rate: {name} fell from {rate:.0%} to 0")
    ways = [one["list"] for one in past if "list" in one]
    if "list" in signs and ways and signs["list"] not in ways:
        warnings.append(f"way: the list was read at {signs['list']}, before at {ways[0]}")
    sketch, last = _sketches(signs, past)
    if last and sketch and (alike := likeness(sketch, last)) < _ALIKE:
        warnings.append(f"structure: pages share {alike:.0%} of their kinds of elements with those of the run before")
    answers = signs.get("answers", {})
    asked = answers.get("asked", 0)
    for name in ("unreachable", "refused"):
        if asked >= 2 and answers.get(name, 0) * 2 >= asked:
            warnings.append(f"server: {answers[name]} of {asked} requests were {name}")
    walls = sum(signs.get("unusable", {}).values())
    pages = signs.get("filled", {}).get("title", (0, 0))[0]
    if walls >= _FEWEST_PAGES and walls > pages:
        told = ", ".join(f"{word} {count}" for word, count in sorted(signs["unusable"].items()))
        warnings.append(f"pages: {walls} of {walls + pages} new pages were no articles ({told})")
    return Verdict(usual=usual, failures=tuple(failures), warnings=tuple(warnings))


def _sketches(signs: Signs, past: Sequence[Signs]) -> tuple[list[int] | None, list[int] | None]:
    """How the pages are built now, and how they were before.

    A run that reads lists speaks for those since the last such one as well: who looks after the crawl may never see
    what a run told that only visited articles.
    """
    since = 0
    if "unread" not in signs:
        since = next((place for place, one in enumerate(past) if "unread" not in one), 0)
    now, before = (
        [one["sketch"] for one in some if one.get("sketch")] for some in ([signs, *past[:since]], past[since:])
    )
    return (now[0] if now else None), (before[0] if before else None)


def _usual(signs: Signs, past: Sequence[Signs]) -> int | None:
    """The lower quartile of the last runs that read the same list."""
    same = [one["teasers"] for one in past if one.get("teasers") and one.get("list") == signs.get("list")]
    counts = sorted(same[:_BAND])
    return counts[len(counts) // 4] if counts else None


def _emptied(name: str, runs: Sequence[Signs]) -> float | None:
    """The rate a field had before it was empty on all later pages; None when it is not or that may be chance."""
    counts = [one["filled"][name] for one in runs if name in one.get("filled", {})]
    empty = 0
    while counts and counts[0][1] == 0:
        empty += counts.pop(0)[0]
    pages = sum(count[0] for count in counts)
    always = name in _ALWAYS
    if empty < _FEWEST_PAGES or pages < _FEWEST_BEFORE[always]:
        return None
    had = sum(count[1] for count in counts)
    rate = float(had / pages)
    # All pages that had the field are among the earlier ones: as improbable as drawing them so (Fisher's exact test).
    if rate < _USUALLY_FILLED or math.comb(pages, had) > _CHANCE[always] * math.comb(pages + empty, had):
        return None
    return rate


def _outcome(verdict: Verdict, teasers: int, signs: Signs) -> str:
    """A list without teasers is a failure; one that nobody was to ask for, or that was put off, is none."""
    if verdict.failures:
        return "failed"
    unread = {"not asked for": "well", "postponed": "postponed"}
    return "well" if teasers else unread.get(signs.get("unread", ""), "failed")


def rejudge(news: Connection, office: str, since: str, *, further: bool = True) -> None:
    """Write the verdict of one office's run `since` and (`further`) those of the runs that are judged by it."""
    rows = news.execute(
        "SELECT run, signs, teasers FROM office_runs WHERE office = ? AND run <= ? ORDER BY run DESC LIMIT ?",
        (office, since, PAST + 1),
    ).fetchall()[::-1]
    first = len(rows) - 1
    if further:
        rows += news.execute(
            "SELECT run, signs, teasers FROM office_runs WHERE office = ? AND run > ? ORDER BY run LIMIT ?",
            (office, since, PAST),
        ).fetchall()
    signs = [json.loads(row[1]) for row in rows]
    for place in range(first, len(rows)):
        run, _, teasers = rows[place]
        verdict = judge(signs[place], signs[max(0, place - PAST) : place][::-1])
        told = [*([signs[place]["trouble"]] if "trouble" in signs[place] else ()), *verdict.failures]
        news.execute(
            "UPDATE office_runs SET outcome = ?, detail = ?, usual = ?, warnings = ? WHERE run = ? AND office = ?",
            (
                _outcome(verdict, teasers, signs[place]),
                "; ".join(told) or None,
                verdict.usual,
                "; ".join(verdict.warnings) or None,
                run,
                office,
            ),
        )
