"""normalize() beside trafilatura with htmldate, newspaper4k and news-please: the same pages, the same scoring.

`python -m tests.benchmarks.peers` prints the table; `--write` puts it into PEERS.md; `-v FIELD` prints each miss.
The peers are no dependencies: PEERS.md says how to make an environment that has them.
"""

from __future__ import annotations

import argparse
import logging
import platform
import re
import socket
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from unittest import mock

from normalize.words import fold
from tests.benchmarks.reading import LACKING, OURS, Reader, readers
from tests.evaluation import Page, Score, pages, spoken, value

TABLE = Path(__file__).with_name("PEERS.md")
PACKAGES = ("trafilatura", "htmldate", "newspaper4k", "news-please", "readability-lxml", "lxml")
FIELDS = ("title", "published", "author", "language", "picture", "text lines", "text words", "text kept")
CLOSE = 0.01
"""How far behind a peer our precision or recall may be."""
Figures = Mapping[tuple[str, str], tuple[float, float, float]]
"""Precision, recall and F1 by field and program."""
_WORD = re.compile(r"\w+")


def score(read: Reader, some: Iterable[Page]) -> dict[str, Score]:
    """Every field of one program."""
    result = {name: Score() for name in FIELDS}
    for page in some:
        found, expected = read(page), page.expected
        title = value(expected["title"])
        text = [line for one in found.lines if (line := spoken(one)) and line not in title]
        result["title"].compare(page.url, title, value(found.title))
        result["published"].compare(page.url, value(expected["published"]), value(found.published))
        result["author"].compare(
            page.url, value(expected.get("author")), {fold(name) for name in found.author if name.strip()}
        )
        if "language" in expected:
            result["language"].compare(page.url, value(expected["language"]), value(found.language))
        if (pictures := expected.get("images_count", expected.get("images", {}).get("count"))) is not None:
            result["picture"].compare(page.url, picture(pictures), picture(found.picture))
        if "lines" in expected:
            wanted = [spoken(line) for line in expected["lines"]]
            plates = [spoken(line) for line in expected.get("plates", {}).get("lines", ())]
            result["text lines"].compare(page.url, set(wanted), set(text) - set(plates))
            compare_words(result["text words"], page.url, wanted, text, plates)
        compare_edges(result["text kept"], page, text)
    return result


def picture(there: object) -> set[str]:
    return {"picture"} if there else set()


def words(some: Iterable[str]) -> Counter[str]:
    return Counter(word for line in some for word in _WORD.findall(line))


def compare_words(score: Score, url: str, wanted: list[str], found: list[str], plates: list[str]) -> None:
    """Word by word, however the lines are cut; the words of a plate count neither for nor against."""
    expected, got = words(wanted), words(found)
    missing, extra = expected - got, got - expected - words(plates)
    score.right += (expected & got).total()
    score.wrong += extra.total()
    score.missed += missing.total()
    if missing or extra:
        score.remarks.append(f"{url}\n    missing {list(missing)[:20]}\n    extra {list(extra)[:20]}")


def compare_edges(score: Score, page: Page, found: list[str]) -> None:
    """Whether the text has its first and last words, and none of the lines that are not the article's."""
    whole = " ".join(found)
    for name in ("text_begins", "text_ends"):
        edge = spoken(page.expected[name])
        if not edge:
            continue
        if edge in whole:
            score.right += 1
        else:
            score.missed += 1
            score.remarks.append(f"{page.url}\n    lacks {edge!r}")
    wanted = [spoken(line) for line in page.expected.get("lines", ())]
    for line in page.expected["not_text"]:
        one = spoken(line)
        if one and any(one in text for text in found) and not any(one in text for text in wanted):
            score.wrong += 1
            score.remarks.append(f"{page.url}\n    is not text: {line!r}")


def measured(some: Sequence[Page]) -> dict[tuple[str, str], Score]:
    """All programs over all pages, with no way to the network."""
    refused = OSError("no network in a benchmark")
    result = {}
    with (
        warnings.catch_warnings(),
        mock.patch.object(socket.socket, "connect", side_effect=refused),
        mock.patch.object(socket, "getaddrinfo", side_effect=refused),
    ):
        warnings.simplefilter("ignore")
        for program, read in readers().items():
            for name, one in score(read, some).items():
                if (name, program) not in LACKING:
                    result[name, program] = one
    return result


def behind(cells: Figures) -> Iterator[str]:
    """Where we are not ahead in F1, or behind by more than CLOSE in precision or recall."""
    for (name, program), (precision, recall, f1) in cells.items():
        if program in OURS:
            continue
        for ours in OURS:
            own = cells[name, ours]
            if own[2] <= f1 or own[0] < precision - CLOSE or own[1] < recall - CLOSE:
                yield f"{name}: {ours} is behind {program}"


def figures(cells: Mapping[tuple[str, str], Score]) -> Figures:
    return {key: (round(one.precision, 3), round(one.recall, 3), round(one.f1, 3)) for key, one in cells.items()}


def table(cells: Figures) -> Iterator[str]:
    """Markdown: a row a field, a column a program, precision / recall / F1 in a cell."""
    programs = list(dict.fromkeys(program for _, program in cells))
    yield f"| field | {' | '.join(programs)} |"
    yield "|---" * (len(programs) + 1) + "|"
    for name in FIELDS:
        row = [cells.get((name, program)) for program in programs]
        yield f"| {name} | {' | '.join(' / '.join(f'{one:.3f}' for one in cell) if cell else '–' for cell in row)} |"


def read_table(text: str) -> Figures:
    """The figures of a printed table."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:2] == "| "]
    programs = rows[0][1:]
    result: dict[tuple[str, str], tuple[float, float, float]] = {}
    for name, *cells in rows[1:]:
        for program, cell in zip(programs, cells, strict=True):
            if cell != "–":
                precision, recall, f1 = map(float, cell.split(" / "))
                result[name, program] = (precision, recall, f1)
    return result


def versions() -> str:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join([*found, f"Python {platform.python_version()}"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", "--verbose", nargs="*", metavar="FIELD", help="print the misses (of these fields)")
    parser.add_argument("--write", action="store_true", help="put the table into PEERS.md")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    some = pages()
    cells = measured(some)
    shown = figures(cells)
    printed = "\n".join([*table(shown), "", *(f"- {line}" for line in behind(shown))]).rstrip()
    print(printed)
    if options.verbose is not None:
        for (name, program), one in cells.items():
            if not options.verbose or name in options.verbose:
                for remark in one.remarks:
                    print(f"{name}, {program}: {remark}")
    if options.write:
        made = f"{datetime.now(UTC).date().isoformat()}, {len(some)} pages. {versions()}."
        before, mark, rest = TABLE.read_text(encoding="utf-8").partition("<!-- table -->\n")
        _, end, after = rest.partition("<!-- end -->\n")
        TABLE.write_text(f"{before}{mark}{made}\n\n{printed}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
