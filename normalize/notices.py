"""Which lines are the site's own words around an article: notices, buttons, breadcrumbs, gallery headings, plates."""

from __future__ import annotations

import functools
import re
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "notices.tsv"
_FILE_NAME = re.compile(
    r"^(?:[\w()%+.-]+\.(?:jpe?g|png|gif|webp|bmp|svg)|(?:DSC|IMG|DSCN|DSCF|P\d|WP|FB_IMG|Resizer)[ _-]?\d[\w ._-]*|"
    r"[A-Za-z0-9ĄĆĘŁŃÓŚŹŻąćęłńóśźż.+-]+(?:_[A-Za-z0-9ĄĆĘŁŃÓŚŹŻąćęłńóśźż.+-]+)+|(?:DSC ?\d+ ?[\d.]*)+|"
    r"[A-Za-z0-9-]{80,}|(?:logo|logotyp|baner|banner|ikona|obrazek|infografika)[ _-]?\w*)$"
)
_CONTACT = re.compile(
    r"^(?:(?:ul|al|pl|os)\. ?[A-ZĄĆĘŁŃÓŚŹŻ0-9]|\d{2}-\d{3} [A-ZĄĆĘŁŃÓŚŹŻ]|(?:tel|t|fax|faks|f|tel/fax|"
    r"tel\./fax|telefon|e-?mail|www|nip|regon|krs|centrala|"
    r"sekretariat|infolinia)\b[ .:/]|(?:nip|regon|krs|tel/fax|tel|fax|e-?mail)\s*:?$|"
    r"[\w.+-]+@[\w.-]+$|(?:https?://)?www\.[\w./-]+$|\+?[\d ()/-]{7,}$|"
    r"[A-Z]{2}:PL-\d|.{0,70}\b(?:ul|al|pl|os)\. ?[A-ZĄĆĘŁŃÓŚŹŻ0-9].{2,40}\d{2}-\d{3} [A-ZĄĆĘŁŃÓŚŹŻ][\w -]{2,30}$|"
    r".{0,40}\bNIP:? ?[\d-]{10,}\b)",
    re.I,
)
_PLATE = re.compile(
    r"^(?:(?:zadanie|projekt|inwestycja|przedsięwzięcie|kampania)\s+(?:publiczne\s+)?)?(?:do|współ|"
    r"s)?finansowan[oaey]\s+"
    r"(?:w\s+\d+\s?%\s+|w\s+całości\s+)?(?:ze?\s+(?:środków|budżetu|funduszu|państwow)|przez|w\s+ramach)\b",
    re.I,
)
_SOURCE = re.compile(r"^\(?(?:źródło|źr\.|tekst|materiał(?:y)?(?:\s+prasow[ey])?|inf\. pras\.)\s*:\s*\S.{1,80}$", re.I)
_OFFICE_HOLDER = re.compile(
    r"^(?:\(-\)\s*)?(?:(?:z\s+up(?:\.|oważnienia)|p\.\s?o\.|zastępc[ay]|wice)\s*)*(?:dyrektor\w*|"
    r"starost\w+|wicestarost\w+|marszał\w+|"
    r"wicemarszał\w+|kierownik\w*|prezes\w*|prezydent\w*|burmistrz\w*|wójt\w*|wojewod\w+)\b[^.:;!?]{0,70}$",
    re.I,
)
_SUMMARY = re.compile(r"streszczeni\w+ (?:od|z|wygenerowan\w+ przez) (?:AI|sztuczn)", re.I)


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """By how they apply; for text in small letters, which is much quicker to try many phrases on than any case."""
    words: dict[str, list[str]] = {}
    for row in _DATA.read_text(encoding="utf-8").splitlines():
        if not row.startswith("#"):
            how, _, phrase = row.partition("\t")
            words.setdefault(how, []).append(r"\s+".join(map(re.escape, phrase.lower().split())))
    end = {"whole": r"[\s.…:!»›>]*$", "gallery": r"[\s.…:!]*(?:\(\d+\))?$"}
    return {
        how: re.compile(
            r"^[\s»›<«|•×+-]*(?:" + "|".join(sorted(phrases, key=len, reverse=True)) + ")" + end.get(how, "")
        )
        for how, phrases in words.items()
    }


def is_notice(text: str) -> bool:
    """A button, a loading or cookie notice, a breadcrumb, a counter, gallery help."""
    patterns, small = _patterns(), text.lower()
    return (len(text) <= 80 and patterns["whole"].match(small) is not None) or (
        patterns["begins"].match(small) is not None
    )


def is_gallery_heading(text: str) -> bool:
    return len(text) <= 60 and _patterns()["gallery"].match(text.lower()) is not None


def begins_plate(text: str) -> bool:
    """The first line of a plate that names who paid."""
    return _PLATE.match(text) is not None


def is_source(text: str) -> bool:
    """Whence the text was taken: "Źródło: …"."""
    return _SOURCE.match(text) is not None


def is_office_holder(text: str) -> bool:
    """The office that stands over a signature: "Dyrektor Powiatowego Urzędu Pracy"."""
    return len(text) <= 110 and _OFFICE_HOLDER.match(text) is not None


def is_file_name(text: str) -> bool:
    """A picture's file name or a machine's token that stands where a text should: "IN_SITU_LOGOS", "DSC 0266"."""
    if len(text) > 80:
        return " " not in text
    return _FILE_NAME.match(text) is not None


def is_contact(text: str) -> bool:
    """A line of an address plate: street, postcode, phone, e-mail, NIP, REGON."""
    return len(text) <= 120 and _CONTACT.match(text) is not None


def is_summary_toggle(text: str) -> bool:
    """A toggle of the machine summary on praca.gov.pl; what stands between two of them are not the office's words."""
    return len(text) <= 120 and _SUMMARY.search(text) is not None
