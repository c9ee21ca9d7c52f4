"""Who wrote a text and who took its pictures, read from the lines that say so; contact persons are neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from normalize.model import Evidence
from normalize.words import clean

_BOTH = (
    r"(?:tekst|opracowanie|autor|opr\.?|oprac\.?)\s*(?:i|/|,|\+|oraz)\s*"
    r"(?:foto?\.?|fot\.?|zdjęci[ae]|zdj\.?|fotografie|autor zdjęć)"
)
_CREDIT = (
    r"(?:autor(?:ka|zy|ki)?\s+(?:zdję(?:ć|cia)|zdj\.|fot(?:ografii|\.)?)|fotograf(?:ia|ie|ował[a]?)?|"
    r"zdjęci[ae](?:\s+autorstwa)?|"
    r"źródło\s+(?:zdję(?:ć|cia)|fot\.)|foto|fot\.?|zdj\.)"
)
_AUTHOR = (
    r"(?:autor(?:ka|zy|ki)?(?:\s+(?:tekstu|artykułu|wpisu|informacji|publikacji))?|tekst|opr\.?|"
    r"oprac\.?|opracowanie|opracował[ay]?(?:\(a\))?|"
    r"(?:dodan[oeay]|opublikowan[oeay]|zamieszczon[oeay]|utworzon[oeay]|wprowadzon[oeay]|"
    r"napisan[oeay]|przygotowan[oeay])\s+przez|"
    r"(?:dodał|opublikował|zamieścił|napisał|przygotował|wprowadził|zredagował|sporządził)(?:a|\(a\))?|opublikował/a)"
)
_LINE = re.compile(
    rf"^[(\[]?\s*(?:(?P<both>{_BOTH})|(?P<credit>{_CREDIT})|"
    rf"(?P<author>{_AUTHOR}))(?P<mark>\s*[:.–-]\s*|\s+)(?P<who>\S.*?)\s*[)\]]?$",
    re.I,
)
_LABEL_ALONE = re.compile(rf"^(?:(?P<both>{_BOTH})|(?P<credit>{_CREDIT})|(?P<author>{_AUTHOR}))\s*:?$", re.I)
_TRAILING_CREDIT = re.compile(
    r"[(\[,;.–-]?\s*(?<!\w)(?:fot(?:\.|o)?|zdj\.|foto\.?|autor zdję(?:cia|"
    r"ć))\s*:?\s*(?P<who>[^()\[\]]{2,70}?)\s*[)\]]?\.?$",
    re.I,
)
_STARTS_BOTH = re.compile(_BOTH, re.I)
_NEXT_LABEL = re.compile(rf"\s*(?:[,;|/•]|\s)\s*(?=(?:{_CREDIT}|{_AUTHOR})\s*[:.])", re.I)
_DATE_TAIL = re.compile(r"[,;|]?\s*(?:w\s+dniu|dnia|dn\.|data\b.*?)?\s*\d{1,4}[./-]\d.*$", re.I)

_CAPITAL = "A-ZĄĆĘŁŃÓŚŹŻÄÖÜŠČŽ"
_WORD = rf"(?:[{_CAPITAL}][\w'’.]*|[{_CAPITAL}]\.|von|van|de|da)"
_PERSON = re.compile(rf"^{_WORD}(?:[ -]{{1,3}}{_WORD}|\s*[-–]\s*{_WORD}){{0,4}}$")
_PEOPLE = re.compile(r"\s*(?:,|;|\s+i\s+|\s+oraz\s+|&)\s*")
_INITIALS = re.compile(rf"^[{_CAPITAL}]\.\s?[{_CAPITAL}]\.(?:\s?[{_CAPITAL}]\.)?$")
_MACHINE = re.compile(
    r"^(?:admin\w*|super ?user|webmaster|wordpress|joomla\w*|redaktor|redakcja|user\d*|root|test|"
    r"moderator|editor|author|"
    r"biuro|sekretariat|informatyk|it|web)$",
    re.I,
)
_NOT_A_PERSON = re.compile(r"@|https?:|www\.|\d|\b(?:tel|fax|e-?mail|kontakt|sp\. z o\.o|s\.a\.)\b", re.I)


@dataclass(frozen=True, kw_only=True)
class Byline:
    """What one line says about its makers; the whole line is about nothing else."""

    author: str | None = None
    credit: str | None = None
    awaits: str = ""
    """ "author" or "credit" for a label whose value stands on the next line."""


def byline(text: str) -> Byline | None:
    """Read "Autor: …", "Opr. …", "fot. …", "Autor zdjęć: …", "Tekst i foto: …"; None for any other line."""
    if len(text) > 160 or not _LOOKS.match(text):
        return None
    author = credit = None
    for piece in (text,) if _STARTS_BOTH.match(text) else _NEXT_LABEL.split(text):
        match = _LINE.match(piece)
        if match is None:
            alone = _LABEL_ALONE.match(text)
            if alone and text.endswith(":"):
                return Byline(awaits="credit" if alone["credit"] else "author")
            if author is None and credit is None:
                return None
            continue
        who = match["who"]
        if (
            not match["mark"].strip()
            and not (match["credit"] or "").lower().startswith(("fot", "zdj"))
            and not _named(match)
        ):
            return None
        if match["both"]:
            author = author or person(who)
            credit = credit or person(who) or _credit(who)
        elif match["credit"]:
            if not match["mark"].strip() and match["credit"].lower().startswith(("zdjęci", "fotograf")):
                return None  # "Zdjęcia z wydarzenia …" is a sentence
            credit = credit or _credit(who)
        else:
            author = author or person(who)
    return Byline(author=author, credit=credit) if author or credit else None


_LOOKS = re.compile(r"^[(\[]?\s*(?:aut|tek|opr|dod|opu|zam|utw|wpr|nap|prz|zre|spo|fot|zdj|źró)", re.I)


def _named(match: re.Match[str]) -> bool:
    """ "Dodano przez Jan Nowak": the label is a verb, no colon is needed."""
    return " " in (match["author"] or "") or (match["author"] or "").lower().rstrip(".") in ("opr", "oprac")


def person(text: str) -> str | None:
    """A person's name, or several; None for accounts, offices' boxes, addresses and sentences."""
    text = _DATE_TAIL.sub("", text).partition("/")[0].partition(" | ")[0].strip(" ,;:–-")
    if len(text) > 1 and text.endswith(".") and not _INITIALS.match(text) and not re.search(r"\b\w\.$", text):
        text = text[:-1]
    if not 3 <= len(text) <= 80 or _NOT_A_PERSON.search(text) or _MACHINE.match(text):
        return None
    if all(_PERSON.match(name) for name in _PEOPLE.split(text)):
        return text
    return None


def _credit(text: str) -> str | None:
    text = text.strip(" ,;:–-()[]")
    text = text[:-1] if text.endswith(".") and not re.search(r"\b\w{1,4}\.$", text) else text
    if not 2 <= len(text) <= 80 or re.search(r"@|https?:|\btel\b", text, re.I):
        return None
    if not re.match(rf"[{_CAPITAL}\d„\"]|arch|www\.|mat\.|zasoby|own|wł", text):
        return None
    if len(text.split()) > 9 or re.search(r"[.!?]\s+\w{4,}", text):
        return None
    return text


def trailing_credit(text: str) -> tuple[str, str | None]:
    """A caption without the credit it ends with, and the credit: "Otwarcie targów (fot. J. Nowak)"."""
    small = text.lower()
    match = _TRAILING_CREDIT.search(text) if "fot" in small or "zdj" in small else None
    if match is None:
        return text, None
    credit = _credit(match["who"])
    return (text[: match.start()].rstrip(" ,;–-("), credit) if credit else (text, None)


def signature(text: str) -> str | None:
    """The initials that alone make an article's last line."""
    return text if _INITIALS.match(text) else None


def from_linked_data(objects: Iterable[Mapping[str, Any]]) -> tuple[str, Evidence] | None:
    """The person named as author in JSON-LD; organisations and accounts are none."""
    for item in objects:
        authors = item.get("author")
        for author in authors if isinstance(authors, list) else [authors]:
            name = author.get("name") if isinstance(author, dict) else author
            if isinstance(author, dict) and str(author.get("@type", "Person")).lower() != "person":
                continue
            if isinstance(name, str) and " " in name.strip() and (who := person(name)):
                return who, Evidence(raw=clean(name), method="json-ld author", sure="medium")
    return None
