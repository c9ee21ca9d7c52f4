"""A news.db of a few articles that have lived: edited, extended, copied, gone, renamed, taken down, and one hostile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pysqlite3

from crawler import lemmas
from tests.publish import newsroom

ANNOUNCED = "00000000000000a1"
EXTENDED = "00000000000000b2"
COPY = "00000000000000c3"
GONE = "00000000000000d4"
HOSTILE = "00000000000000e5"
BARE = "00000000000000f6"
FORMER = "00000000000000ff"
TAKEN_DOWN = "00000000000000dd"
CALL = "0000000000000ca1"
CLUSTER = ANNOUNCED
OFFICE = "pup-starachowice"

SENTENCE = (
    "Wnioski przyjmujemy do 16 marca 2026 r. do godz. 15:30, a na dotacje dla firm z powiatu starachowickiego czeka "
    "250 000 zł."
)
BLOCKS = [
    ("lead", "Ruszają dotacje dla pracodawców.", 0),
    ("heading", "Co trzeba wiedzieć", 0),
    ("paragraph", SENTENCE, 0),
    ("item", "pomoc dla 40 osób", 0),
    ("item", "umowa na dwa lata", 0),
    ("table", "Zadanie | Kwota", 0),
    ("table", "Szkolenia | 250 000 zł", 0),
    ("paragraph", "Urząd pracuje od poniedziałku do piątku, a sala obsługi jest na parterze.", 1),
]
FIRST_TEXT = "\n".join(
    (
        "Ruszają dotacje dla pracodawców.",
        "Co trzeba wiedzieć",
        "Wnioski przyjmujemy do 9 marca 2026 r.",
        "• pomoc dla 40 osób",
        "Prosimy dzwonić rano.",
    )
)
HOSTILE_TITLE = '<img src=x onerror="alert(1)"> „Zły” tytuł ' + "bezkońca" * 60
HOSTILE_TEXT = '<script>document.title="zly"</script> Nabór do 1 maja 2026 r. \N{RIGHT-TO-LEFT OVERRIDE}ćśerT'


def build(path: Path) -> Path:
    newsroom.build(path, articles=0, hostile=False)
    connection = pysqlite3.connect(str(path), isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("BEGIN")
    for table, row in _rows():
        columns = ", ".join(row)
        connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(row))})", [*row.values()])
    connection.execute("COMMIT")
    connection.close()
    return path


def _rows() -> Iterator[tuple[str, dict[str, Any]]]:
    shown = "\n".join(("• " if kind == "item" else "") + text for kind, text, plate in BLOCKS if not plate)
    yield "articles", _article(
        ANNOUNCED, "Nabór z KFS: dotacje dla pracodawców", shown, "2026-02-20", kind="call", cluster=CLUSTER,
        changed="2026-02-27T09:00:00.000Z", published_raw="20.02.2026", published_method="list page date",
        published_sure="high", title_method="html title", title_sure="medium",
        title_raw="Nabór z KFS: dotacje dla pracodawców - PUP Starachowice", author="Anna Lis",
        author_raw="Opracowała: Anna Lis", author_method="byline", author_sure="high",
    )  # fmt: skip
    for position, (kind, text, plate) in enumerate(BLOCKS):
        yield "blocks", {"article": ANNOUNCED, "position": position, "kind": kind, "text": text,
                         "hash": f"h{position}", "plate": plate}  # fmt: skip
    longer = "Wnioski przyjmujemy dłużej, do 16 marca 2026 r."
    yield "articles", _article(EXTENDED, "Przedłużamy nabór dotacji dla pracodawców", longer, "2026-03-01", kind="call")
    yield "articles", _article(COPY, "Dotacje dla pracodawców ruszają", shown, "2026-02-22", office="pup-elk",
                               voivodeship="28", cluster=CLUSTER)  # fmt: skip
    yield "articles", _article(GONE, "Zapomniana wiadomość", "Była i nie ma.", None, gone="2026-02-25T08:00:00.000Z",
                               gone_reason="404")  # fmt: skip
    yield "articles", _article(HOSTILE, HOSTILE_TITLE, HOSTILE_TEXT, "2026-02-10",
                               url="javascript:alert(1)")  # fmt: skip
    yield "articles", _article(BARE, None, "", None, office="ngo-wroclaw", voivodeship="02")
    yield "clusters", {"id": CLUSTER, "first_article": ANNOUNCED, "size": 2}
    yield "aliases", {"id": FORMER, "article": ANNOUNCED}
    yield "taken_down", {"article": TAKEN_DOWN, "since": "2026-02-01T00:00:00.000Z"}
    yield "runs", {"id": "20260303T060000Z", "command": "crawl", "started": "2026-03-03T06:00:00.000Z",
                   "finished": "2026-03-03T06:20:00.000Z", "outcome": "finished"}  # fmt: skip
    yield "office_runs", {"run": "20260303T060000Z", "office": OFFICE, "pages": 1, "teasers": 0, "new": 0,
                          "changed": 0, "same": 0, "dropped": 0, "failed": 0, "outcome": "failed",
                          "detail": "timeout: took longer than 60 s; odd: <b>never heard of</b>",
                          "warnings": "server: 2 of 2 requests were unreachable"}  # fmt: skip
    yield from _facts()
    yield from _files()
    yield from _revisions()


def _article(id: str, title: str | None, text: str, published: str | None, **more: Any) -> dict[str, Any]:
    return {
        "id": id, "office": OFFICE, "office_kind": "pup", "voivodeship": "26",
        "url": f"https://pup-starachowice.praca.test/-/{id}", "title": title, "text": text, "language": "pl",
        "kind": "news", "published": published, "published_precision": published and "day",
        "first_seen": "2026-02-20T10:00:00.000Z", "last_seen": "2026-03-02T06:00:00.000Z", "content_hash": id,
        "lemmas": lemmas.of(f"{title or ''} {text}"), **more,
    }  # fmt: skip


def _facts() -> Iterator[tuple[str, dict[str, Any]]]:
    read = {"method": "printed", "sure": "high", "block": 2}
    yield "dates", {"article": ANNOUNCED, "position": 0, "role": "closes", "end": "2026-03-16T15:30",
                    "precision": "minute", "last_day": "2026-03-16", "inferred": 0,
                    "raw": "do 16 marca 2026 r. do godz. 15:30", **read}  # fmt: skip
    yield "dates", {"article": ANNOUNCED, "position": 1, "role": "mention", "start": "2026-03-16", "end": "2026-03-16",
                    "precision": "day", "first_day": "2026-03-16", "last_day": "2026-03-16", "inferred": 0,
                    "raw": "16 marca 2026 r.", **read}  # fmt: skip
    money = {"currency": "PLN", "approximate": 0, "method": "number and currency; pool: czeka", "sure": "high"}
    yield "amounts", {"article": ANNOUNCED, "position": 0, "grosze": 25_000_000, "role": "pool", "block": 2,
                      "raw": "250 000 zł", "raws": json.dumps(["250 000 zł", "250 000 zł"]), **money}  # fmt: skip
    yield "amounts", {"article": ANNOUNCED, "position": 1, "grosze": 25_000_000, "role": "grant", "block": 2,
                      "raw": "250 000 zł", "raws": json.dumps(["250 000 zł"]), **money}  # fmt: skip
    yield "article_places", {"article": ANNOUNCED, "teryt": "2611", "level": "powiat", "name": "starachowicki",
                             "raw": "powiatu starachowickiego", "method": "powiat_adjective", "sure": "high",
                             "block": 2}  # fmt: skip
    yield "article_programmes", {"article": ANNOUNCED, "programme": "kfs", "raw": "KFS", "method": "vocabulary",
                                 "sure": "high"}  # fmt: skip
    yield "quantities", {"article": ANNOUNCED, "position": 0, "value": 40.0, "unit": "persons", "counted": "osób",
                         "approximate": 0, "raw": "40 osób", "method": "number and counted noun", "sure": "medium",
                         "block": 3}  # fmt: skip
    yield "dates", {"article": HOSTILE, "position": 0, "role": "closes", "end": "2026-05-01", "precision": "day",
                    "last_day": "2026-05-01", "inferred": 0, "raw": HOSTILE_TEXT[:48],
                    "method": "<b>obca</b>", "sure": "low", "block": 0}  # fmt: skip
    yield "calls", {"id": CALL, "office": OFFICE, "opens": "2026-02-21", "closes": "2026-03-16T15:30",
                    "event": "extended", "audience": "pracodawcy", "grosze": 25_000_000, "currency": "PLN",
                    "programme": "kfs", "place": "w sekretariacie", "raw": SENTENCE, "method": "window",
                    "sure": "high"}  # fmt: skip
    yield "call_articles", {"call": CALL, "article": ANNOUNCED, "event": "announced", "raw": SENTENCE}
    yield "call_articles", {"call": CALL, "article": EXTENDED, "event": "extended", "raw": "Wnioski przyjmujemy dłużej"}


def _files() -> Iterator[tuple[str, dict[str, Any]]]:
    files = [("https://pup-starachowice.praca.test/wniosek.pdf", "Wniosek", "application/pdf", 358_980),
             ("javascript:alert(2)", "Zły plik", None, None)]  # fmt: skip
    for position, (url, label, media_type, size) in enumerate(files):
        yield "attachments", {"article": ANNOUNCED, "position": position, "url": url, "label": label,
                              "media_type": media_type, "declared_bytes": size, "raw": label}  # fmt: skip
    yield "images", {"article": ANNOUNCED, "position": 0, "url": "https://pup-starachowice.praca.test/sala.jpg",
                     "caption": "Sala obsługi", "credit": "Jan Lipa"}  # fmt: skip
    yield "addresses", {"url": "https://pup-starachowice.praca.test/stary-adres", "article": ANNOUNCED,
                        "kind": "redirect"}  # fmt: skip
    yield "addresses", {"url": "data:text/html,<script>1</script>", "article": HOSTILE, "kind": "page"}


def _revisions() -> Iterator[tuple[str, dict[str, Any]]]:
    text = "\n".join(("• " if kind == "item" else "") + text for kind, text, plate in BLOCKS if not plate)
    moved = [
        {"type": "title", "before": "Nabór z KFS", "after": "Nabór z KFS: dotacje dla pracodawców"},
        {"type": "text", "before": ["a"], "after": ["b"]},
        {"type": "deadline_extended", "before": "2026-03-09", "after": "2026-03-16T15:30"},
        {"type": "attachment_added", "before": None, "after": "Wniosek"},
    ]
    for number, (seen, title, body, changes) in enumerate(
        (
            ("2026-02-20T10:00:00.000Z", "Nabór z KFS", FIRST_TEXT, "[]"),
            ("2026-02-27T09:00:00.000Z", "Nabór z KFS: dotacje dla pracodawców", text, json.dumps(moved)),
        )
    ):
        yield "revisions", {"id": f"r{number}", "article": ANNOUNCED, "seen": seen, "content_hash": str(number),
                            "title": title, "text": body, "changes": changes}  # fmt: skip
    for number, (seen, changes) in enumerate(
        (
            ("2026-02-20T10:00:00.000Z", "[]"),
            ("2026-02-25T08:00:00.000Z", json.dumps([{"type": "gone", "before": None, "after": None}])),
            ("2026-02-26T08:00:00.000Z", '["text", 7, {"type": "<i>nowy rodzaj</i>"}]'),
            ("2026-02-27T08:00:00.000Z", "to nie jest JSON"),
        )
    ):
        yield "revisions", {"id": f"g{number}", "article": GONE, "seen": seen, "content_hash": "1",
                            "title": "Zapomniana wiadomość", "text": "Była i nie ma.", "changes": changes}  # fmt: skip
