"""A news.db of a made-up newsroom: always the same rows, in natural Polish."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pysqlite3
from sqlite_utils import Database

from crawler import lemmas
from crawler.migrations import bring_up_to_date

DAY = date(2026, 3, 2)
"""The day on which the newsroom is looked at."""


@dataclass(frozen=True, kw_only=True)
class Source:
    id: str
    kind: str
    name: str
    town: str
    """In the locative: "w …"."""
    voivodeship: str


SOURCES = [
    Source(id="wup-kielce", kind="wup", name="Wojewódzki Urząd Pracy w Kielcach", town="Kielcach", voivodeship="26"),
    Source(id="pup-starachowice", kind="pup", name="Powiatowy Urząd Pracy w Starachowicach", town="Starachowicach",
           voivodeship="26"),
    Source(id="pup-konin", kind="pup", name="Powiatowy Urząd Pracy w Koninie", town="Koninie", voivodeship="30"),
    Source(id="wup-poznan", kind="wup", name="Wojewódzki Urząd Pracy w Poznaniu", town="Poznaniu", voivodeship="30"),
    Source(id="um-torun", kind="marshal", name="Urząd Marszałkowski w Toruniu", town="Toruniu", voivodeship="04"),
    Source(id="pup-elk", kind="pup", name="Powiatowy Urząd Pracy w Ełku", town="Ełku", voivodeship="28"),
    Source(id="wup-lodz", kind="wup", name="Wojewódzki Urząd Pracy w Łodzi", town="Łodzi", voivodeship="10"),
    Source(id="pup-zakopane", kind="pup", name="Powiatowy Urząd Pracy w Zakopanem", town="Zakopanem", voivodeship="12"),
    Source(id="rops-krakow", kind="rops", name="Regionalny Ośrodek Polityki Społecznej w Krakowie", town="Krakowie",
           voivodeship="12"),
    Source(id="pup-slupsk", kind="pup", name="Powiatowy Urząd Pracy w Słupsku", town="Słupsku", voivodeship="22"),
    Source(id="ngo-wroclaw", kind="ngo", name="Stowarzyszenie Praca dla Wszystkich", town="Wrocławiu",
           voivodeship="02"),
    Source(id="um-warszawa", kind="marshal", name="Urząd Marszałkowski Województwa Mazowieckiego", town="Warszawie",
           voivodeship="14"),
    Source(id="pup-lublin", kind="pup", name="Miejski Urząd Pracy w Lublinie", town="Lublinie", voivodeship="06"),
]  # fmt: skip

STORIES = [
    ("call", "Nabór wniosków o dofinansowanie szkoleń pracowników w {town}",
     "Urząd przyjmuje wnioski pracodawców o środki z Krajowego Funduszu Szkoleniowego. Pula wynosi {money} zł. "
     "Wnioski można składać do {deadline}, osobiście albo przez internet."),
    ("news", "Stopa bezrobocia w {town} znów spadła",
     "Na koniec miesiąca w rejestrze pozostawało {count} osób bezrobotnych, najmniej od trzech lat. "
     "Najczęściej zatrudniały handel, budownictwo i opieka zdrowotna."),
    ("event", "Targi pracy w {town}: kilkunastu pracodawców, setki ofert",
     "Na targach będzie można porozmawiać z doradcami zawodowymi i złożyć życiorys. Wstęp jest bezpłatny."),
    ("call", "Ruszył nabór na dotacje dla osób rozpoczynających działalność w {town}",
     "O jednorazowe środki mogą się ubiegać osoby zarejestrowane jako bezrobotne. Łącznie przeznaczono {money} zł. "
     "Termin składania wniosków upływa {deadline}."),
    ("results", "Wyniki naboru na staże w {town}",
     "Komisja rozpatrzyła {count} wniosków. Lista zakwalifikowanych pracodawców jest w załączniku."),
    ("job", "Doradca klienta w {town}: oferta pracy w urzędzie",
     "Szukamy osoby, która lubi rozmawiać z ludźmi i zna przepisy o promocji zatrudnienia."),
    ("tender", "Zapytanie ofertowe na szkolenia komputerowe w {town}",
     "Zamawiający zaprasza do składania ofert. Szacunkowa wartość zamówienia to {money} zł."),
    ("news", "Seniorzy z {town} uczyli się obsługi e-usług",
     "W zajęciach wzięło udział {count} osób. Kolejna grupa zacznie naukę jesienią."),
]  # fmt: skip

PROGRAMMES = [
    ("kfs", "Krajowy Fundusz Szkoleniowy"),
    ("fers", "Fundusze Europejskie dla Rozwoju Społecznego"),
    ("fp", "Fundusz Pracy"),
]

HOSTILE = {
    "title": '<script>document.title="zly"</script>Nabór „na próbę”',
    "url": "javascript:alert(document.domain)",
    "text": '<img src=x onerror="alert(1)"> Treść z obcym kodem\n=HYPERLINK("http://zle.test","kliknij")',
}
"""What a bad page may have left in the database; it must stay text."""


def build(path: Path, *, articles: int = 320, hostile: bool = True) -> Path:
    """Make the database at `path`, WAL and all, as the crawler would leave it."""
    connection = pysqlite3.connect(str(path), isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    bring_up_to_date(Database(connection), "news")
    connection.execute("BEGIN")
    for table, rows in _tables(articles, hostile):
        for row in rows:
            columns = ", ".join(row)
            connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(row))})", [*row.values()])
    connection.execute("COMMIT")
    connection.close()
    return path


def identifier(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


def published(index: int) -> str | None:
    """Many equal days, many without one, a few with the minute or only the month."""
    if index % 9 == 4:
        return None
    day = DAY - timedelta(days=(index * index) % 97 * (1 if index < 160 else 11))
    if index % 23 == 3:
        return f"{day.isoformat()}T08:35"
    return day.isoformat()[:7] if index % 41 == 7 else day.isoformat()


def _tables(count: int, hostile: bool) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    yield "offices", [
        {"id": one.id, "kind": one.kind, "name": one.name, "voivodeship": one.voivodeship, "confidence": "high",
         "url": f"https://{one.id}.praca.test/aktualnosci", "family": "psz", "checked": "2026-02-20"}
        for one in SOURCES
    ]  # fmt: skip
    yield (
        "places",
        [
            {"teryt": "26", "level": "voivodeship", "name": "świętokrzyskie", "voivodeship": "26"},
            {"teryt": "2611", "level": "powiat", "name": "starachowicki", "voivodeship": "26"},
        ],
    )
    yield "office_powiats", [{"office": "pup-starachowice", "teryt": "2611"}]
    yield "programmes", [{"id": id, "name": name} for id, name in PROGRAMMES]
    yield "topics", [{"id": "szkolenia", "name": "Szkolenia"}]
    yield "runs", [
        {"id": "20260302T060000Z", "command": "crawl", "started": "2026-03-02T06:00:00Z",
         "finished": "2026-03-02T06:20:00Z", "outcome": "well"}
    ]  # fmt: skip
    yield "office_runs", [
        {"run": "20260302T060000Z", "office": one.id, "pages": 12, "teasers": 10, "new": 2, "changed": 1, "same": 7,
         "dropped": 0, "failed": 0, "outcome": "well"}
        for one in SOURCES
    ]  # fmt: skip
    stories = [_story(index) for index in range(count)]
    if hostile:
        stories[5]["article"].update(HOSTILE, lemmas=lemmas.of(f"{HOSTILE['title']} {HOSTILE['text']}"))
    for table in ("article", "attachments", "dates", "amounts", "programmes", "places", "call", "call_article",
                  "call_fact"):  # fmt: skip
        name = {"article": "articles", "programmes": "article_programmes", "places": "article_places", "call": "calls",
                "call_article": "call_articles", "call_fact": "call_facts"}.get(table, table)  # fmt: skip
        yield name, [story[table] for story in stories if story.get(table)]
    if hostile:
        yield "addresses", [{"url": "data:text/html,<script>1</script>", "article": stories[5]["article"]["id"],
                             "kind": "fetched"}]  # fmt: skip
    yield "revisions", [
        {"id": identifier("revision", 0), "article": story["article"]["id"], "seen": "2026-03-01T10:00:00Z",
         "content_hash": "0", "title": "Nabór wniosków", "text": "Wersja pierwsza.",
         "changes": json.dumps(["deadline_extended"])}
        for story in stories[:1]
    ]  # fmt: skip


def _story(index: int) -> dict[str, Any]:
    source = SOURCES[index * 5 % len(SOURCES)]
    kind, title, text = STORIES[index % len(STORIES)]
    deadline = DAY + timedelta(days=index * 7 % 60 - 20)
    grosze = (12_500 + index * 2_750) * 100
    said = {"town": source.town, "count": 100 + index * 13 % 900, "deadline": f"{deadline:%d.%m.%Y}",
            "money": f"{grosze // 100:,}".replace(",", " ")}  # fmt: skip
    article = identifier("article", index)
    day = published(index)
    body = text.format(**said) + "\n" + " ".join(["Szczegółów udziela sekretariat urzędu."] * (1 + index % 4))
    story: dict[str, Any] = {
        "article": {
            "id": article, "office": source.id, "office_kind": source.kind, "voivodeship": source.voivodeship,
            "url": f"https://{source.id}.praca.test/-/{index}-artykul", "title": title.format(**said),
            "lead": text.format(**said).split(". ")[0] + "." if index % 3 else None, "text": body, "language": "pl",
            "kind": kind, "published": day, "published_precision": day and "day", "published_raw": day,
            "first_seen": "2026-03-01T06:00:00Z", "last_seen": "2026-03-02T06:00:00Z", "author": "Anna Wiśniewska",
            "content_hash": identifier(body), "lemmas": lemmas.of(f"{title.format(**said)} {body}"),
        },
        "dates": {"article": article, "position": 0, "role": "closes", "start": None, "end": deadline.isoformat(),
                  "precision": "day", "last_day": deadline.isoformat(), "inferred": 0, "raw": said["deadline"],
                  "method": "pattern:day", "sure": "high", "block": 0},
    }  # fmt: skip
    if "{money}" in text:
        programme = PROGRAMMES[index % len(PROGRAMMES)][0]
        story["amounts"] = {"article": article, "position": 0, "grosze": grosze, "currency": "EUR" if index % 24 == 6
                            else "PLN", "role": "pool" if kind == "call" else "total", "approximate": 0,
                            "raw": f"{said['money']} zł", "raws": json.dumps([f"{said['money']} zł"]),
                            "method": "pattern:money", "sure": "high", "block": 0}  # fmt: skip
        story["programmes"] = {"article": article, "programme": programme, "raw": programme, "method": "vocabulary",
                               "sure": "high"}  # fmt: skip
    if kind == "call":
        call = identifier("call", index)
        story["call"] = {"id": call, "office": source.id, "opens": (deadline - timedelta(days=30)).isoformat(),
                         "closes": None if index % 24 == 3 else deadline.isoformat(),
                         "open_ended": "funds" if index % 24 == 3 else None,
                         "event": "cancelled" if index % 40 == 8 else "announced", "audience": "pracodawcy",
                         "grosze": grosze, "currency": "PLN", "programme": PROGRAMMES[index % 3][0],
                         "raw": f"do {said['deadline']}", "method": "pattern:call", "sure": "high"}  # fmt: skip
        story["call_article"] = {"call": call, "article": article, "event": "announced", "raw": "nabór"}
        story["call_fact"] = {"article": article, "position": 0, "published": day,
                              **{name: story["call"][name] for name in ("office", "opens", "closes", "open_ended",
                                                                        "event", "raw", "method", "sure")}}  # fmt: skip
    if kind == "results":
        story["attachments"] = {"article": article, "position": 0, "url":
                                f"https://{source.id}.praca.test/{index}.pdf",
                                "label": "Lista zakwalifikowanych", "media_type": "application/pdf",
                                "declared_bytes": 358_980 + index, "raw": "Lista (351 KB)"}  # fmt: skip
    if source.voivodeship == "26":
        story["places"] = {"article": article, "teryt": "2611", "level": "powiat", "name": "starachowicki",
                           "raw": "Starachowicach", "method": "gazetteer", "sure": "high"}  # fmt: skip
    return story


if __name__ == "__main__":
    build(Path(sys.argv[1]))
