"""Builds the five real seed documents' pages: each in a skeleton of its site's family, and in two unfamiliar ones."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2

CHECKOUT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("WIESCI_SEEDS") or CHECKOUT.parent / "shared" / "seeds")
MISSING = f"the seed documents are not in {FOLDER}; WIESCI_SEEDS names their folder"
FETCHED = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

_JINJA = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "skeletons"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)


@dataclass(frozen=True, kw_only=True)
class Seed:
    """One document: where it comes from, and which of its lines a page shows outside the article's body."""

    number: str
    host: str
    """The host of the practice site."""
    url: str
    """The real address."""
    family: str
    office: Mapping[str, Any]
    path: str
    """The article's address on the practice site."""
    list_path: str
    title_line: int = 0
    """Of the document's lines that are not blank."""
    charset: str = "utf-8"
    pictures: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """Line to a picture's address and alternative text, that stands before the line's words."""
    links: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """Line to the words that are a link, and its address."""

    def page(self, skeleton: str | None = None) -> bytes:
        """The page in the family's skeleton, or in `unfamiliar`, or `flat` (every line a paragraph or an item)."""
        name = skeleton or self.family
        lines = self.lines()
        title = lines[self.title_line]
        document: dict[str, Any] = {
            "site": self.office["name"],
            "window": title if self.number == "004" else f"{title} - {self.office['name']}",
            "title": title,
            "before": self._groups(lines, range(self.title_line)),
            "body": self._groups(lines, range(self.title_line + 1, len(lines))),
        }
        if name == "flat":
            document["body"] = self._groups(lines, range(len(lines)))
        elif name != "unfamiliar":
            document |= self._parts(lines)
        charset = self.charset if skeleton is None else "utf-8"
        return _JINJA.get_template(f"{name}.html.j2").render(document).encode(charset, "xmlcharrefreplace")

    def lines(self) -> list[str]:
        """The document's lines that are not blank; a no-break space alone on a line is kept for the page."""
        (file,) = FOLDER.glob(f"{self.number}_*.txt")
        return [line for line in file.read_text(encoding="utf-8").split("\n") if line.strip(" ")]

    def _parts(self, lines: Sequence[str]) -> dict[str, Any]:
        """What the family's skeleton shows in places of their own: the day, the gallery, the plates."""
        if self.number == "002":
            first = self.title_line - 1
            return {"before": self._groups(lines, range(first)), "date": lines[first]}
        if self.number == "004":
            rest = range(self.title_line + 2, len(lines))
            return {"date": lines[self.title_line + 1], "body": self._groups(lines, rest)}
        if self.number == "003":
            heading = lines.index("Galeria zdjęć")
            after = next(n for n in range(heading + 1, len(lines)) if not lines[n].lstrip().startswith("•"))
            headings = [n for n in range(after, len(lines)) if len(lines[n]) < 80 and not lines[n].startswith("Mapa")]
            ends = [*headings[1:], len(lines)]
            return {
                "date": lines[1],
                "body": self._groups(lines, range(2, heading)),
                "gallery": {
                    "heading": lines[heading],
                    "captions": [_item(line) for line in lines[heading + 1 : after]],
                },
                "plates": [
                    {"heading": lines[start], "body": self._groups(lines, range(start + 1, end))}
                    for start, end in zip(headings, ends, strict=True)
                ],
            }
        return {}

    def _groups(self, lines: Sequence[str], numbers: range) -> list[dict[str, Any]]:
        """Consecutive paragraphs, and consecutive list items, as the skeletons take them."""
        groups: list[dict[str, Any]] = []
        for number in numbers:
            text = lines[number]
            tag = "ul" if text.lstrip().startswith("•") else "p"
            if not groups or groups[-1]["tag"] != tag:
                groups.append({"tag": tag, "lines": []})
            groups[-1]["lines"].append(self._line(number, _item(text) if tag == "ul" else text))
        return groups

    def _line(self, number: int, text: str) -> dict[str, str]:
        line = {"text": text, "link": "", "image": "", "alt": ""}
        if number in self.pictures:
            line["image"], line["alt"] = self.pictures[number]
        if number in self.links:
            said, line["link"] = self.links[number]
            line["before"], line["said"], line["after"] = text.partition(said)
        return line


def _item(line: str) -> str:
    return re.sub(r"^\s*•\s*", "", line)


def all_seeds() -> tuple[Seed, ...]:
    """The five, in their order. Raises FileNotFoundError where the documents are not."""
    if not FOLDER.is_dir():
        raise FileNotFoundError(MISSING)
    return tuple(_with_links(seed) for seed in _SEEDS)


def _with_links(seed: Seed) -> Seed:
    """Links and pictures that the documents show only by their words."""
    lines = seed.lines()
    links: dict[int, tuple[str, str]] = {}
    pictures: dict[int, tuple[str, str]] = {}
    for number, line in enumerate(lines):
        file = re.match(r"^(.+?)\s*\u00a0?\s*\(PDF \d", line)
        if file:
            links[number] = (file[1], f"/media/{75000 + number}/prezentacja_{number}.pdf")
        elif line.startswith("Informacje o projekcie IN SITU"):
            links[number] = (line, "https://www.slaskie.pl/content/in-situ")
        elif "TUTAJ" in line:
            links[number] = ("TUTAJ", "?id=31&m=1")
        elif line.startswith("Na zdjęciu"):
            pictures[number] = ("/media/74990/spotkanie.jpg", line)
        elif line == "IN_SITU_LOGOS":
            pictures[number] = ("/media/74991/IN_SITU_LOGOS.png", line)
    return Seed(**{**seed.__dict__, "links": links, "pictures": pictures})


def _office(
    identity: str, kind: str, name: str, family: str, url: str, voivodeship: str | None = None
) -> dict[str, Any]:
    office = {"id": identity, "kind": kind, "name": name, "family": family, "url": url, "confidence": "high"}
    return office | ({"voivodeship": voivodeship} if voivodeship else {})


_SEEDS = (
    Seed(
        number="000",
        host="mapadotacji.test",
        url="https://mapadotacji.gov.pl/?lang=en&p=1583888",
        family="wordpress",
        office=_office("seed-mapadotacji", "other", "Mapa Dotacji", "wordpress", "http://mapadotacji.test/"),
        path="/?lang=en&p=1583888",
        list_path="/",
    ),
    Seed(
        number="001",
        host="europasrodkowa.test",
        url="https://www.europasrodkowa.gov.pl/strony/aktualnosci-europy-srodkowej/innowacje-spoleczne-w-projekcie-in-situ/",
        family="fundusze",
        office=_office(
            "seed-europasrodkowa",
            "other",
            "Europa Środkowa",
            "fundusze",
            "http://europasrodkowa.test/strony/aktualnosci-europy-srodkowej/",
        ),
        path="/strony/aktualnosci-europy-srodkowej/innowacje-spoleczne-w-projekcie-in-situ/",
        list_path="/strony/aktualnosci-europy-srodkowej/",
        title_line=3,
    ),
    Seed(
        number="002",
        host="siew.test",
        url="https://www.siew.org.pl/news,697,nowy-projekt-na-rzecz-integracji-i-aktywizacji-zawodowej-cudzoziemcow.html",
        family="siew",
        office=_office(
            "seed-siew", "ngo", "Stowarzyszenie Integracja Europa – Wschód", "siew", "http://siew.test/", "26"
        ),
        path="/news,697,nowy-projekt-na-rzecz-integracji-i-aktywizacji-zawodowej-cudzoziemcow.html",
        list_path="/",
        title_line=9,
    ),
    Seed(
        number="003",
        host="es-umws.test",
        url="http://www.es.umws.pl/item/74-ii-spotkanie-grupy-tematycznej-ds-wspolpracy-podmiotow-o-charakterze-reintegracyjnym-cis-kis-zaz-wtz",
        family="joomla",
        office=_office("seed-es-umws", "rops", "ROPS Kielce", "joomla", "http://es-umws.test/aktualnosci", "26"),
        path="/item/74-ii-spotkanie-grupy-tematycznej-ds-wspolpracy-podmiotow-o-charakterze-reintegracyjnym-cis-kis-zaz-wtz",
        list_path="/aktualnosci",
    ),
    Seed(
        number="004",
        host="wrzos.test",
        url="https://wrzos.org.pl/archiwum/?id=162&m=1",
        family="wrzos",
        office=_office("seed-wrzos", "ngo", "WRZOS", "wrzos", "http://wrzos.test/archiwum/?pn=1&id=&m=1"),
        path="/archiwum/?id=162&m=1",
        list_path="/archiwum/?pn=1&id=&m=1",
        title_line=12,
        charset="iso-8859-2",
    ),
)


def mount(directory: Path) -> list[str]:
    """Write the five as practice sites (`DIR/<host>/site.toml`, a list page, the article); gives their hosts."""
    for seed in all_seeds():
        folder = directory / seed.host
        folder.mkdir(parents=True, exist_ok=True)
        listing = _JINJA.get_template("list.html.j2").render(
            site=seed.office["name"], family=seed.family, path=seed.path, title=seed.lines()[seed.title_line]
        )
        (folder / "list.html").write_text(listing, encoding="utf-8")
        (folder / "article.html").write_bytes(seed.page())
        office = "\n".join(f'{key} = "{value}"' for key, value in seed.office.items())
        pages = "\n".join(
            f'[[page]]\npath = "{path}"\nfile = "{file}"\ncontent_type = "text/html; charset={charset}"\n'
            for path, file, charset in (
                (seed.list_path, "list.html", "utf-8"),
                (seed.path, "article.html", seed.charset),
            )
        )
        (folder / "site.toml").write_text(f'host = "{seed.host}"\n\n[office]\n{office}\n\n{pages}', encoding="utf-8")
    return [seed.host for seed in _SEEDS]
