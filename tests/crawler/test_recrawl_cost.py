"""What a crawl of an unchanged web costs beside the first one: bytes and requests as the server counts them.

Ten articles to a page of the list: with twenty the share of a list without validators is about half as large. Counted
are whole requests and whole answers, heads and bodies, as they lie on the wire; robots.txt apart. The pages are as
heavy as those of offices: menus around a few paragraphs.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.driving import PAGES, drive
from tests.faults.web import FaultWeb, Wire, response, story

pytestmark = pytest.mark.crawl

A_LIST = 10
"""Articles on a page of a list."""
CHROME = "".join(
    f'<li class="menu-item menu-item-{n}"><a href="/dzial/{n}/uslugi-i-swiadczenia">Usługi i świadczenia {n}</a></li>'
    for n in range(220)
)


@dataclass
class Meter:
    """A host whose server counts; `validators`: whether it gives an ETag and answers 304."""

    host: str
    validators: bool
    bytes: int = 0
    requests: Counter[str] = field(default_factory=Counter)

    def site(self, web: FaultWeb) -> None:
        web.office(self.host)
        for page in range(1, PAGES + 1):
            names = [f"/news,{page * 100 + n},wiadomosc.html" for n in range(A_LIST)]
            items = "".join(
                f'<li><a href="{name}">Wiadomość {name}</a><span class="date">5 marca 2026</span><p>'
                "Powiatowe centrum zaprasza mieszkańców na dzień otwarty; doradcy opowiedzą o stażach i szkoleniach."
                "</p></li>"
                for name in names
            )
            target = "/news.html" + (f"?page={page}" if page > 1 else "")
            others = [n for n in range(1, PAGES + 1) if n != page]
            links = "".join(f'<a href="/news.html?page={n}">{n}</a>' for n in others)
            further = f'<div class="pagination">{links}</div>'
            self._put(
                web, target, f"<!DOCTYPE html><html><body><ul>{CHROME}</ul><ol>{items}</ol>{further}</body></html>"
            )
            for name in names:
                text = story(f"{self.host} {name}").replace("<main>", f"<ul>{CHROME}</ul><main>")
                self._put(web, name, text)

    def _put(self, web: FaultWeb, target: str, body: str) -> None:
        tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'

        def answer(wire: Wire) -> None:
            known = self.validators and wire.asked.headers.get("if-none-match") == tag
            headers = {"ETag": tag, "Date": "Sun, 22 Nov 2026 05:00:00 GMT", "Server": "Apache"}
            if not self.validators:
                del headers["ETag"]
            sent = response("" if known else body, status=304 if known else 200, headers=headers)
            asked = [f"GET {target} HTTP/1.1", *(f"{name}: {value}" for name, value in wire.asked.headers.items()), ""]
            self.bytes += len(sent) + len("\r\n".join(asked)) + 2
            self.requests[target] += 1
            wire.send(sent)

        web.put(self.host, target, answer)

    def read(self) -> tuple[int, Counter[str]]:
        """What was counted since the last time."""
        told = self.bytes, self.requests
        self.bytes, self.requests = 0, Counter()
        return told


def test_an_unchanged_web_costs_at_most_a_fiftieth_of_its_first_crawl_and_one_request_a_list(tmp_path: Path) -> None:
    with FaultWeb() as web:
        meters = [Meter("znaczniki.test", True), Meter("bez-znacznikow.test", False)]
        for meter in meters:
            meter.site(web)
        data = tmp_path / "data"
        drive(web, data)
        first = [meter.read() for meter in meters]
        drive(web, data)
        later = [meter.read() for meter in meters]
    for meter, (before, pages), (after, asked) in zip(meters, first, later, strict=True):
        assert sum(pages.values()) == PAGES * (A_LIST + 1)
        assert asked == {"/news.html": 1}
        print(f"{meter.host}: {before} bytes, then {after}: {after / before:.2%}")
        assert after <= 0.02 * before
    assert later[0][0] <= 0.001 * first[0][0]  # with validators: the heads alone
