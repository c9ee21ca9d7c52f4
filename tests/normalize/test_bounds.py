"""Pages made to exhaust a reader: each ends as a record or as a named reason, within bounds of time and memory."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

SECONDS, MEGABYTES = 20, 500
"""Processor time is bounded four times as widely as promised: the machines that run this differ."""
SCRIPT = """
import resource
from datetime import UTC, datetime

from normalize import Capture, Unusable, normalize
from tests import memory
from tests.normalize.test_bounds import PAGES

body = PAGES[{name!r}]().encode()
capture = Capture(url="http://urzad.test/a", body=body, content_type="text/html; charset=utf-8",
                  fetched=datetime(2026, 11, 2, tzinfo=UTC))
try:
    normalize(capture)
    ended = "record"
except Unusable as unusable:
    ended = unusable.reason
print(ended, memory.peak())
"""
HEAD = "<html><head><title>Nabór wniosków o staż</title></head><body><main><h1>Nabór wniosków o staż</h1>"
SENTENCE = "Wnioski przyjmujemy od 3 do 14 lutego 2025 r., pula wynosi 120 000 zł dla 40 osób z powiatu kieleckiego. "


def _many(count: int, one: str) -> str:
    return "".join(one.replace("#", str(number)) for number in range(count))


PAGES = {
    "a line of five megabytes": lambda: f"{HEAD}<p>{SENTENCE * 48_000}</p>",
    "a hundred thousand nested divs": lambda: f"{HEAD}{'<div>' * 100_000}{SENTENCE}{'</div>' * 100_000}",
    "divs just not nested too deep": lambda: f"{HEAD}{'<div>' * 1_900}{SENTENCE}{'</div>' * 1_900}",
    "fifty thousand links": lambda: HEAD + _many(50_000, '<a href="/#">wpis #</a> '),
    "as many links as are read": lambda: HEAD + _many(24_000, '<p><a href="/#">Odnośnik do wpisu #</a></p>'),
    "a line full of dates and amounts": lambda: f"{HEAD}<p>{_many(48_000, 'do 1#.05.2024 r. # 000 zł, ')[:1_900_000]}",
    "one date in every row": lambda: HEAD + "<ul>" + _many(22_000, "<li>Osoba #, 5 maja 2024 r.</li>"),
    "a deadline in every sentence": lambda: f"{HEAD}<p>{'Nabór wniosków trwa do 5 maja 2025 r. ' * 45_000}",
    "calls without a full stop": lambda: f"{HEAD}<p>{'nabór wniosków do 5 maja ' * 70_000}",
    "forty thousand classes": lambda: HEAD + _many(40_000, '<i class="c#">słowo</i> '),
    "names of towns and foundations": lambda: f"{HEAD}<p>{'Kielce Warszawa Fundacja „Dom” ' * 50_000}",
    "digits and full stops": lambda: f"{HEAD}<p>Kwota {'1.2.' * 450_000} zł",
    "one endless word": lambda: f"{HEAD}<p>{'naborwniosek' * 150_000}",
    "a table of fifteen thousand rows": lambda: (
        f"{HEAD}<table>{'<tr><td>PUP Kielce</td><td>12 000 zł</td></tr>' * 15_000}</table>"
    ),
    "thousands of files": lambda: (
        f"{HEAD}<p>{SENTENCE}</p>" + _many(20_000, '<p><a href="/#.pdf">Plik # (PDF, 12 KB)</a>')
    ),
    "thousands of pictures": lambda: HEAD + SENTENCE + _many(24_000, '<p><img src="/#.jpg" alt="Zdjęcie #">'),
    "nested arrays of data": lambda: (
        HEAD.replace("</head>", f'<script type="application/ld+json">{"[" * 900_000}</script></head>') + SENTENCE
    ),
    "headings only": lambda: HEAD + _many(24_000, "<h2>Nabór wniosków o staż #</h2>"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_to_exhaust_ends_in_time_and_in_little_memory(name: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(name=name)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    reason, memory = ended.stdout.split()
    assert reason in ("record", "too_large", "too_complex", "no_text")
    assert int(memory) < MEGABYTES
