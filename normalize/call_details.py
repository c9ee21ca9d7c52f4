"""Who a call is for and where one applies, in the page's words."""

from __future__ import annotations

import re
from typing import Final

_WHO: Final = (
    r"(?:osob(?:y|om|a|ie)?|pracodawc[a-z]{1,3}|przedsiebior[a-z]{1,6}|bezrobotn[a-z]{1,3}|mlod[a-z]{1,6}"
    r"|rolni[a-z]{1,5}|organizacj[a-z]{1,3}"
    r"|podmiot[a-z]{1,3}|kobiet[a-z]{0,3}|senior[a-z]{1,3}|cudzoziem[a-z]{1,5}|jednost[a-z]{1,4}|gmin[a-z]{0,3}"
    r"|powiat[a-z]{1,3}|samorzad[a-z]{1,3}"
    r"|student[a-z]{1,3}|uczni[a-z]{1,3}|absolwent[a-z]{1,3}|firm[a-z]{0,2}|mikroprzedsiebior[a-z]{1,6}"
    r"|spoldziel[a-z]{1,4}|mieszka[a-z]{1,6}"
    r"|lokaln[a-z]{1,3}|male|malych|mikro|dlugotrwale|pelnoletni[a-z]{0,3}|wnioskodawc[a-z]{1,3}"
    r"|stowarzysze[a-z]{1,4}|fundacj[a-z]{1,3}"
    r"|instytucj[a-z]{1,3}|zarejestrowan[a-z]{1,3}|pracowni[a-z]{1,5}|rodzic[a-z]{1,4}|opiekun[a-z]{1,4})"
)
_AUDIENCE: Final = re.compile(
    rf"(?<![a-z])(?:(?:skierowan|adresowan|przeznaczon)[a-z]{{1,2}} (?:jest |sa )?(?:do |dla )"
    rf"|(?:nabor|rekrutacj|konkurs|wnios|dotacj|wsparci|dofinansowani|bon|staz"
    rf"|szkole)[a-z]{{0,5}} [^.;]{{0,80}}?(?<![a-z])dla "
    rf"|(?:moga|moze) (?:sie )?(?:ubiegac|starac|wnioskowac|skladac|zglosic|zglaszac|aplikowac|wystapic"
    rf"|wziac udzial)[^.;:]{{0,60}}?[ :]"
    rf"|uprawni(?:eni|one|onymi) (?:do [^.;:]{{1,60}} )?(?:sa|jest)[ :]{{1,2}})(?P<who>{_WHO}(?![a-z]))"
)
_WHO_ENDS: Final = re.compile(
    r"[.;:(\n,!?\"„”|]| - | (?:do dnia|w terminie|od dnia|w wysokosci|mozna|nalezy|w ramach|oglasza|rusza|trwa"
    r"|bedzie|w dniach|od \d|do \d)(?![a-z])"
    r"| na (?!tereni|obszar)| (?:jest|sa|zostal|rozpoczyna|prowadzon)(?![a-z])"
)
_HANDED: Final = re.compile(
    r"(?<![a-z])(?:sklada(?:c|my|nia|nie|ne)|zlozyc|przesyla[a-z]{1,3}|przeslac|dostarcz[a-z]{1,4}"
    r"|przyjmowan[a-z]|przyjmuj[a-z]{1,3}|kierowac"
    r"|nadsyla[a-z]{1,3}|zglasza[a-z]{1,3}|zglosic|wyslac|aplikowac)(?![a-z])"
)
_WHERE: Final = re.compile(
    r"(?<![a-z])(?:(?:wylacznie |osobiscie |tylko )?(?:za posrednictwem|poprzez|przez (?=portal|platform|system"
    r"|stron|generator|formularz|witryn|e-?puap|internet|modul)"
    r"|w siedzibi|w kancelari|w biur|w sekretaria|w punk|w urzedz|w pokoj|w generator|w systemi|na adres"
    r"|na e-?mail|droga (?:elektroniczn|mailow|pocztow)"
    r"|elektronicznie|mailowo|e-mailem|na platformi|pod adresem|osobiscie|listownie|w wersji elektronicznej"
    r"|w formie elektronicznej|na dzienni))"
)
_WHERE_ENDS: Final = re.compile(
    r"[;\n|]|\.(?=\s|$)|,? (?:do dnia|w terminie|od dnia|w dniach|do godz|od godz|w godz|w okresie|najpozniej"
    r"|nie pozniej|lub do|az do|od \d|do \d)(?![a-z])|[(,] ?(?:do|od|w) (?:dnia|\d)| - "
)
_LONGEST: Final = 160


def audience(low: str, text: str) -> str | None:
    """The people or bodies a sentence opens the call to."""
    if " dla " not in low and "mog" not in low and "moze" not in low and "uprawn" not in low and "wan" not in low:
        return None
    match = _AUDIENCE.search(low)
    return None if match is None else _phrase(low, text, match.start("who"), match.end("who"), _WHO_ENDS)


def where(low: str, text: str) -> str | None:
    """How and where papers are handed in, as a sentence says it."""
    if _HANDED.search(low) is None:
        return None
    match = _WHERE.search(low)
    return None if match is None else _phrase(low, text, match.start(), match.end(), _WHERE_ENDS)


def _phrase(low: str, text: str, start: int, least: int, ends: re.Pattern[str]) -> str | None:
    stop = ends.search(low, least)
    end = stop.start() if stop else len(low)
    phrase = text[start:end].strip(" ,–-:")
    return phrase if 3 <= len(phrase) <= _LONGEST else None
