"""Simulates a year, tells what became of its events, and fails where the database is not as the oracle says.

python -m tests.year --days 365 --seed 1 [--first DAY] [--offices N] [--data DIR] [--unobservable]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from tests.year.judging import KINDS
from tests.year.log import Log
from tests.year.offices import PROFILES
from tests.year.year import Year, scheduled, simulate

_MOST_SHOWN = 60


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--first", type=int, default=0, help="the day of the year on which the first crawl is made")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--offices", type=int, default=len(PROFILES), help="how many of the offices")
    parser.add_argument("--data", type=Path, help="keep the databases in this folder, which must be new")
    parser.add_argument("--unobservable", action="store_true", help="list the events that no visit could show")
    told = parser.parse_args()
    began = time.monotonic()

    def tell(run: int, log: Log) -> None:
        if sys.stderr.isatty():
            print(f"\r{log.began[-1]:%Y-%m-%d}: {len(log.asked)} requests", end="", file=sys.stderr)

    with tempfile.TemporaryDirectory() as folder:
        data = told.data or Path(folder)
        year = simulate(
            data,
            instants=scheduled(first=told.first, length=told.days, seed=told.seed),
            seed=told.seed,
            profiles=PROFILES[: told.offices],
            tell=tell,
        )
    print(
        f"seed {told.seed}: {told.days} days, {told.offices} offices, {len(year.log.began)} runs,"
        f" {len(year.log.asked)} requests, {time.monotonic() - began:.0f} s"
    )
    report(year)
    if told.unobservable:
        for line in year.judgement.unobservable:
            print(f"  {line}")
    return 1 if year.judgement.problems else 0


def report(year: Year) -> None:
    judgement = year.judgement
    print(f"{'event':20}{'happened':>9}{'observable':>11}{'observed':>9}{'unobservable':>13}{'false':>6}  delay")
    for kind in KINDS:
        tally = judgement.tallies[kind]
        print(
            f"{kind:20}{tally.happened:9}{tally.observable:11}{tally.observed:9}"
            f"{tally.happened - tally.observable:13}{tally.false:6}  {_delays(tally.delays)}"
        )
    ratios = sorted(day.ratio for day in year.days.values())
    asked, due = (sum(getattr(day, name) for day in year.days.values()) for name in ("asked", "due"))
    over = sum(ratio > 1.2 for ratio in ratios)
    print(
        f"requests a day against what was due: median {statistics.median(ratios):.2f}, max {ratios[-1]:.2f},"
        f" {over} of {len(ratios)} days over 1.2; all in all {asked} of {due} ({asked / due:.2f})"
    )
    when = sorted(day.ratio_when_due for day in year.days.values())
    over = sum(ratio > 1.2 for ratio in when)
    print(
        f"with revisits that trouble put off on the day when their time came: max {when[-1]:.2f}, {over} days over 1.2"
    )
    reasons = Counter(line.rpartition(": ")[2] for line in judgement.unobservable)
    print("unobservable: " + "; ".join(f"{why} {count}" for why, count in reasons.most_common()))
    print(f"{len(judgement.late)} seen later than the rhythm promises")
    for late in judgement.late[:_MOST_SHOWN]:
        print(f"  {late}")
    print(f"{len(judgement.problems)} problems")
    for problem in judgement.problems[:_MOST_SHOWN]:
        print(f"  {problem}")


def _delays(delays: list[timedelta]) -> str:
    if not delays:
        return ""
    ordered = sorted(delays)
    return f"median {_days(ordered[len(ordered) // 2])}, longest {_days(ordered[-1])}"


def _days(delay: timedelta) -> str:
    return f"{delay / timedelta(days=1):.1f} d"


if __name__ == "__main__":
    sys.exit(main())
