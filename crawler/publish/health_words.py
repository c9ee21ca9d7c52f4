"""What the runs of an office came to, in plain Polish."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crawler.publish.polish import plural

_FIELDS: Mapping[str, str] = {
    "title": "tytuł",
    "lead": "zajawka",
    "published": "data publikacji",
    "modified": "data zmiany",
    "author": "autor",
    "photo_credit": "autor zdjęć",
    "attachments": "załączniki",
    "images": "zdjęcia",
    "list_title": "tytuł na liście",
    "list_published": "data na liście",
    "list_summary": "zapowiedź na liście",
}
_OUTCOMES: Mapping[str, str] = {
    "timeout": "serwer urzędu nie odpowiedział na czas",
    "no_such_host": "nie ma serwera o tej nazwie",
    "connection_refused": "serwer urzędu odrzucił połączenie",
    "connection_failed": "nie udało się połączyć z serwerem urzędu",
    "bad_certificate": "serwer urzędu przedstawia się nieważnym certyfikatem",
    "server_error": "serwer urzędu zgłosił błąd",
    "http_error": "serwer urzędu odmówił odpowiedzi",
    "truncated": "odpowiedź serwera urwała się w połowie",
    "robots_unreachable": "nie udało się zapytać, czy wolno tu zaglądać (robots.txt)",
    "server_trouble": "serwer urzędu kilka razy z rzędu nie odpowiedział",
    "over_budget": "dzienny limit zapytań do tego serwera jest wyczerpany, dokończymy jutro",
    "quiet_hours": "o tej porze nie zaglądamy na ten serwer, dokończymy później",
    "left_over": "tego dnia przeczytaliśmy tu już dość, dokończymy następnym razem",
    "interrupted": "zbieranie przerwano, zanim przeczytano listę aktualności; dokończy je następne",
    "robots": "urząd nie pozwala tu zaglądać (robots.txt)",
    "forbidden": "serwer urzędu odmawia dostępu",
    "asked_to_wait": "serwer urzędu prosi, żeby przyjść później",
    "gone": "pod znanym adresem nie ma już listy aktualności",
    "bad_redirect": "lista aktualności prowadzi pod zły adres",
    "redirect_loop": "adres listy przekierowuje w kółko",
    "too_large": "lista aktualności jest zbyt duża",
    "decode_error": "odpowiedzi serwera nie da się odczytać",
    "bot_protection": "serwer urzędu broni się przed programami",
    "no_teasers": "na liście aktualności nic nie stoi",
    "too_complex": "lista aktualności jest zbyt złożona",
    "layout_changed": "lista aktualności jest zbudowana inaczej niż dotąd",
    "not_html": "pod adresem listy nie ma strony",
}


def _volume(match: re.Match[str]) -> str:
    held = plural(int(match[1]), "pozycję", "pozycje", "pozycji")
    return f"lista aktualności ma {held}, a zwykle co najmniej {match[2]}"


def _server(match: re.Match[str]) -> str:
    did = "nie odpowiedział na" if match[3] == "unreachable" else "odmówił odpowiedzi na"
    return f"serwer {did} {match[1]} z {match[2]} zapytań"


_PATTERNS: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = (
    (re.compile(r"volume: (\d+) teasers on a list that usually holds (\d+) or more"), _volume),
    (
        re.compile(r"fill rate: (\w+) fell from (\d+)% to 0"),
        lambda m: f"ze stron zniknęło pole „{_FIELDS.get(m[1], m[1])}”, które dotąd miało {m[2]}% stron",
    ),
    (re.compile(r"way: .*"), lambda m: "listę aktualności czytamy spod innego adresu niż dotąd"),
    (
        re.compile(r"structure: pages share (\d+)% .*"),
        lambda m: f"strony są zbudowane inaczej niż poprzednio ({m[1]}% wspólnych elementów)",
    ),
    (re.compile(r"server: (\d+) of (\d+) requests were (\w+)"), _server),
    (
        re.compile(r"pages: (\d+) of (\d+) new pages were no articles.*"),
        lambda m: f"{m[1]} z {m[2]} nowych stron nie było artykułami",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    words: str
    ours: bool = True
    """False where the words are the crawl's own, in English."""


def troubles(detail: str | None, warnings: str | None) -> list[Trouble]:
    """What `detail` and `warnings` of a row of `office_runs` say."""
    return [_told(part) for text in (detail, warnings) for part in (text or "").split("; ") if part]


def _told(part: str) -> Trouble:
    for pattern, say in _PATTERNS:
        if match := pattern.fullmatch(part):
            return Trouble(words=say(match))
    outcome = _OUTCOMES.get(part.partition(":")[0])
    return Trouble(words=outcome) if outcome else Trouble(words=part, ours=False)
