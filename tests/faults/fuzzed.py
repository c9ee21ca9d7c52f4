"""A crawl of servers that send mutated answers: robots files, lists, feeds, sitemaps, pages, and whole heads of HTTP.

    python -m tests.faults.fuzzed --answers 20000 --seed 1

Where `fuzz` hands mutated input to the code that reads it, here it goes all the way, from the socket to news.db. Ends
with 1 when the crawl raised, hung, lost an address, or stood still or took memory beyond what is allowed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.faults.driving import Ended, drive
from tests.faults.fuzz import mutated
from tests.faults.web import FaultWeb, feed, listing, response, sitemap, story

MAP = "/wp-sitemap-posts-post-1.xml"
_ARTICLES = 20
"""Of each host."""
_AT_ONCE = 40
"""Hosts of one crawl."""


@dataclass(frozen=True, kw_only=True)
class Crawled:
    """What one crawl came to."""

    answers: int
    """Mutated ones that were sent."""
    outcomes: Counter[tuple[str, str]]
    megabytes: int
    stood_still: float
    problems: list[str]


def web_of(hosts: int, chance: random.Random) -> FaultWeb:
    """Every second host sends lists and robots files as they should be, so that its pages are reached."""
    web = FaultWeb()
    for number in range(hosts):
        host = f"f{number}.test"
        whole = number % 2 == 0
        if number % 4 < 2:
            targets = [f"/news,{n},x.html" for n in range(_ARTICLES)]
            web.office(host)
            heads = {"/news.html": response(listing(*targets))}
        else:
            targets = [f"/wpis-{n}/" for n in range(_ARTICLES)]
            web.office(host, family="wordpress", feed=None)
            links = [f"http://{host}{target}" for target in targets]
            heads = {"/feed/": response(feed(*links[: _ARTICLES // 2]), "application/rss+xml")}
            web.put(host, MAP, _ill(response(sitemap(*links), "application/xml"), chance))
        robots = f"User-agent: *\nDisallow: /prywatne/\nCrawl-delay: 0.1\nSitemap: http://{host}{MAP}\n"
        heads["/robots.txt"] = response(robots, "text/plain")
        for target, answer in heads.items():
            web.put(host, target, answer if whole else _ill(answer, chance))
        for n, target in enumerate(targets):
            web.put(host, target, _ill(response(story(f"{host}-{n}")), chance))
    return web


def _ill(answer: bytes, chance: random.Random) -> bytes:
    """Mostly the body mutated, and what is said of its length true; else all of the answer, its head too."""
    if chance.random() < 0.3:
        return mutated(answer, chance)
    head, _, body = answer.partition(b"\r\n\r\n")
    body = mutated(body, chance)
    head = head.replace(head.split(b"Content-Length: ")[1].split(b"\r\n")[0], str(len(body)).encode(), 1)
    return head + b"\r\n\r\n" + body


def crawled(hosts: int, seed: int, folder: Path) -> Crawled:
    with web_of(hosts, random.Random(seed)) as web:
        ended = drive(web, folder / f"fuzzed-{seed}", time_out=3600, deep=True, DOWNLOAD_TIMEOUT=5, RETRY_TIMES=0)
        asked = len(web.log)
    outcomes = Counter(
        {
            (purpose, outcome): count
            for purpose, outcome, count in ended.rows(
                "SELECT purpose, outcome, count(*) FROM visits GROUP BY 1, 2", file="archive.db"
            )
        }
    )
    return Crawled(
        answers=asked,
        outcomes=outcomes,
        megabytes=ended.megabytes,
        stood_still=ended.stood_still,
        problems=list(_problems(ended, web, outcomes)),
    )


def _problems(ended: Ended, web: FaultWeb, outcomes: Counter[tuple[str, str]]) -> list[str]:
    found = []
    if ended.outcome != "finished":
        found.append(f"it ended as {ended.outcome}")
    for word in ("Traceback", "CRITICAL", "Unhandled"):
        if word in ended.errors:
            found.append(ended.errors[ended.errors.index(word) :][:3000])
    for (purpose, outcome), count in outcomes.items():
        if outcome == "crawler_error":
            found.append(f"{count} {purpose} visits ended as {outcome}: " + str(_detail(ended)))
    lost = ended.rows(
        "SELECT DISTINCT s.url FROM sightings s LEFT JOIN visits v ON v.address = s.address AND v.purpose = 'article'"
        " WHERE v.url IS NULL",
        file="archive.db",
    )
    found += [f"{url} was found and has no end" for (url,) in lost]
    offices = {office for (office,) in ended.rows("SELECT DISTINCT office FROM visits", file="archive.db")}
    found += [f"{line['id']} has no visit" for line in web.offices if line["id"] not in offices]
    if any(host != "127.0.0.1" for host, _ in ended.connections):
        found.append(f"connections: {ended.connections}")
    if ended.megabytes > 700:
        found.append(f"{ended.megabytes} MB")
    if ended.stood_still > 1:
        found.append(f"the reactor stood still for {ended.stood_still} s")
    odd = ended.rows("SELECT outcome, detail FROM understood WHERE outcome IN ('not_understood', 'time_out')")
    return found + [f"a page was {outcome}: {detail}" for outcome, detail in odd]


def _detail(ended: Ended) -> list[tuple[object, ...]]:
    sql = "SELECT DISTINCT url, detail FROM visits WHERE outcome = 'crawler_error' LIMIT 3"
    return ended.rows(sql, file="archive.db")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    began, sent, number, problems = time.monotonic(), 0, 0, 0
    outcomes: Counter[tuple[str, str]] = Counter()
    most, longest = 0, 0.0
    while sent < told.answers:
        with tempfile.TemporaryDirectory() as folder:
            one = crawled(_AT_ONCE, told.seed * 1_000_000 + number, Path(folder))
        sent, number, problems = sent + one.answers, number + 1, problems + len(one.problems)
        outcomes += one.outcomes
        most, longest = max(most, one.megabytes), max(longest, one.stood_still)
        for problem in one.problems:
            print(f"crawl {number - 1} of seed {told.seed}: {problem}", file=sys.stderr, flush=True)
    print(f"{sent} answers in {number} crawls, seed {told.seed}, {time.monotonic() - began:.0f} s, {most} MB at most,"
          f" still for {longest:.2f} s at most: {problems} problems")  # fmt: skip
    for (purpose, outcome), count in sorted(outcomes.items()):
        print(f"  {purpose:8} {outcome:20} {count:6}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
