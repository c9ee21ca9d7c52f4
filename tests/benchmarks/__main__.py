"""`python -m tests.benchmarks [crawl|normalize|…] [--rounds N] …`: prints the figures; asserts nothing."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.benchmarks import crawling, desk, exporting, understanding, visiting


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", choices=["crawl", "normalize", "export", "desk", "visitors", []], default=[])
    parser.add_argument("--rounds", type=int, default=5, help="rounds; the median of their ratios is printed")
    parser.add_argument(
        "--copies", type=int, default=8, help="how many times the practice web is mounted for the crawl"
    )
    parser.add_argument("--articles", type=int, default=100_000, help="how many articles are exported, or on the desk")
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "wiesci-desk", help="keeps the desk's database"
    )
    parser.add_argument("--seconds", type=float, default=120, help="how long the visitors stay")
    parser.add_argument("--visitors", type=int, default=32, help="how many come at once")
    options = parser.parse_args()
    if not options.what or "normalize" in options.what:
        understanding.report(options.rounds)
    if not options.what or "crawl" in options.what:
        crawling.report(options.rounds, options.copies)
    if not options.what or "export" in options.what:
        exporting.report(options.rounds, options.articles)
    if "desk" in options.what:  # asked for by name: its database takes gigabytes and a good while
        desk.report(options.rounds, options.articles, options.folder)
    if "visitors" in options.what:  # asked for by name: it takes twice the time that they stay
        visiting.report(options.seconds, options.visitors)


if __name__ == "__main__":
    main()
