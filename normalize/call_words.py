"""The words of a call for applications in one sentence: is there one, what happens to it, does it end at all.

All patterns read a plain (folded) line and are bounded.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from normalize.model import CallEvent
from normalize.words import Sought

_PAPERS: Final = r"(?:wnios[a-z]{1,6}|zgloszen[a-z]{0,4}|ofert[a-z]{0,3}|aplikacj[a-z]{0,4}|formularz[a-z]{0,4})"
_HANDING: Final = (
    r"(?:sklada[a-z]{1,5}|zlozyc|przyjm[a-z]{2,7}|nadsyla[a-z]{1,4}|przesyla[a-z]{1,4}|przeslac|dostarcz[a-z]{1,4}"
    r"|zglasza[a-z]{1,4})"
)
_ROUND: Final = r"(?:nab(?:or|oru|orze|orem|ory|orow|orach|orami|orom)|rekrutacj[a-z]{1,3})(?![a-z])"
_SUBJECT: Final = re.compile(
    rf"(?<![a-z])(?:{_ROUND}|{_HANDING}[^;]{{1,50}}?{_PAPERS}(?![a-z])|{_PAPERS}[^;]{{1,50}}?{_HANDING}(?![a-z])"
    r"|termin[a-z]{0,4} (?:zgloszen|aplikowania|skladania|nadsylania|przyjmowania)|zgloszenia|zapis(?:y|ow)(?![a-z])"
    r"|aplikowa[a-z]{1,3}(?![a-z])|konkurs[a-z]{0,4}(?![a-z])|o (?:srodki|wsparcie|dofinansowanie"
    r"|dotacj[ea])[^;]{0,40}ubiega)"
)
_HINTS: Final = (
    "nabor", "rekrutac", "wnios", "zglosz", "zglasz", "konkurs", "ofert", "aplik", "zapis", "formularz", "ubiega",
    "wyczerpania", "wynik", "list",
)  # fmt: skip
_OTHER_BUSINESS: Final = re.compile(
    r"(?<![a-z])(?:sprawozda|rozlicze|deklaracj|uwagi|uwag(?![a-z])|konsultacj|ankiet|faktur|zeznan|skladek"
    r"|skladk|podat"
    r"|zwolnien lekar|oplat[ya]? )"
)
_ANNOUNCED: Final = Sought(
    ("nabor", "rekrutacj", "konkurs", "skladania", "przyjmowanie"),
    re.compile(
        r"(?<![a-z])(?:oglasza[a-z]{0,4}|oglosil[a-z]{0,3}|rusza(?:ja|my)?|ruszyl[a-z]{0,3}|rozpoczyna[a-z]{0,4}"
        r"|rozpoczal|rozpoczel[a-z]{1,4}|wznawia[a-z]{0,4}"
        r"|wznowieni[a-z]{1,2}|uruchamia[a-z]{0,4}|uruchomil[a-z]{0,3}|trwa(?:ja)?|startuje[a-z]{0,2}|wystartowal[a-z]{0,2}"
        r"|prowadzi(?:my)?|informuje[a-z]{0,2} o|zaprasza[a-z]{0,3})(?![a-z])[^;]{1,90}?"
        rf"(?<![a-z])(?:{_ROUND}|konkurs(?![a-z])|skladania (?:wnioskow|ofert|zgloszen|aplikacji)"
        rf"|przyjmowanie (?:wnioskow|zgloszen))"
        rf"|{_ROUND}[^;]{{0,40}}?(?<![a-z])(?:rusza|ruszyl|trwa|rozpocz|startuje|potrwa|prowadzon)"
    ),
)
_HEADLINE: Final = re.compile(
    rf"\W{{0,3}}(?:[a-z]{{1,9}} )?{_ROUND} (?:wnioskow|kandydat|zgloszen|uzupelniajac|uczestni|ofert|partner|na "
    rf"|do |ciagl|otwart|formularz)"
)
_PAST: Final = re.compile(
    r"(?<![a-z])(?:w ramach (?:[a-z]{1,15} ){0,2}nabor|poprzedni|ubieglorocz|zeszloroczn|w wyniku nabor"
    r"|po zakonczeniu|w (?:najblizsz|kolejn|przyszl|nastepn)[a-z]{1,3} (?:nabor|konkurs))"
)
_LATER: Final = re.compile(
    r"(?<![a-z])(?:nastapi|zostan[ae]|bedzie|beda|planowan[a-z]{1,3}|poznamy|po rozstrzygnieciu)(?![a-z])"
)
_RESULTS: Final = Sought(
    ("wynik", "rozstrzyg", "list", "laurea", "wylonion"),
    re.compile(
        r"(?<![a-z])(?:wynik(?:i|ow|ami|ach)? (?:[a-z]{1,15} ){0,2}?(?:nabor|konkurs|ocen|rekrutacj|losowani|podzial"
        r"|postepowani|przetarg)"
        r"|rozstrzygni[a-z]{1,6}|rozstrzygn[a-z]{1,6}|list[aeyi] (?:rankingow|wnioskow|ofert|osob zakwalif|podmiotow"
        r"|projektow|laureat)"
        r"|laureac[iy]|wylonion[a-z]{1,3})"
    ),
)
_ANY_ROUND: Final = rf"(?:{_ROUND}|konkurs[a-z]{{0,4}}(?![a-z])|przyjmowani[a-z]{{1,2}}(?![a-z]))"
_TERM: Final = rf"(?:termin[a-z]{{0,4}}(?![a-z])|zapis[a-z]{{1,3}}(?![a-z])|{_ANY_ROUND})"
_CANCELLED: Final = Sought(
    ("odwol", "uniewazni", "anul"),
    re.compile(
        rf"(?<![a-z])(?:{_ANY_ROUND}[^;]{{0,60}}?(?<![a-z])(?:odwolan[yae]|uniewaznion[yae]|anulowan[yae])(?![a-z])"
        rf"|(?:odwoluj|odwolal|uniewazni|anuluj|anulowa|odwolani)[a-z]{{0,5}} [^;]{{0,60}}?{_ANY_ROUND})"
    ),
)
_EXTENDED: Final = Sought(
    ("wydluz", "przedluz", "prolong", "przesuni", "zmian", "nowy termin", "nowa termin"),
    re.compile(
        rf"(?<![a-z])(?:(?:wydluz|przedluz|prolong)[a-z]{{1,7}}(?![a-z])[^;]{{0,60}}?(?<![a-z]){_TERM}"
        rf"|{_TERM}[^;]{{0,90}}?(?<![a-z])(?:wydluz|przedluz|prolong|przesuni)[a-z]{{1,7}}"
        r"|zmian[aey] terminu (?:nabor|skladan|zakoncz|zgloszen|przyjmow)|now[ya] termin (?:nabor|skladan|zgloszen"
        r"|przyjmow))"
    ),
)
_CLOSED: Final = Sought(
    ("koncz", "zamk", "zamyka", "wstrzym", "zawiesz", "koniec"),
    re.compile(
        rf"(?<![a-z])(?:{_ROUND}[^;]{{0,50}}?(?<![a-z])(?:zakonczon[yae]|zakonczyl[a-z]{{0,2}}|zamkniet[yae]"
        rf"|wstrzyman[yae]|zawieszon[yae])(?![a-z])"
        rf"|(?:zakonczyl|zamyka|wstrzymuj|wstrzyma|zawiesza|konczy)[a-z]{{0,4}} [^;]{{0,40}}?{_ANY_ROUND}|koniec naboru"
        r"|o (?:zakonczeniu|zamknieciu|wstrzymaniu) (?:nabor|rekrutacj|przyjmowan))"
    ),
)
_FUNDS: Final = re.compile(r"do (?:czasu |momentu )?wyczerpania(?! (?:limitu )?(?:wolnych )?miejsc)")
_NOTICE: Final = Sought(
    ("ciagl", "do odwolania"),
    re.compile(
        rf"{_ROUND} (?:[a-z]{{1,15}} ){{0,4}}?(?:ciagl|w trybie ciaglym|w sposob ciagly)|(?:trwa|prowadzon|przyjm"
        rf"|sklada)[a-z]{{0,7}} [^;]{{0,60}}?do odwolania|w (?:trybie|sposob) ciagly"
    ),
)
_DAYS: Final = re.compile(
    r"(?:potrwa|bedzie trwal[a-z]?|trwa|przyjmowane beda|wydluz[a-z]{1,6}|przedluz[a-z]{1,6})[^;]{0,40}? "
    r"(?:przez|o) (?P<next>(?:kolejn|najblizsz)(?:ych|e) )?(?P<count>\d{1,3}) dni(?! roboczych| robocze)(?![a-z])"
)
ATTACHED: Final = re.compile(r"(?<![a-z])w zalacz(?:eniu|niku|nikach|onym pliku)(?![a-z])")


_GATHERING: Final = Sought(
    ("konferencj", "seminari", "warsztat", "spotkani", "targ", "forum", "webinar", "kongres", "gal"),
    re.compile(
        r"(?<![a-z])(?:konferencj|seminari|warsztat|spotkani|targ(?:i|ow|ach)(?![a-z])|forum|webinar|kongres"
        r"|gal[aei](?![a-z]))"
    ),
)
_ABOUT: Final = Sought(("nabor", "rekrutacj", "konkurs"), re.compile(rf"(?<![a-z])(?:{_ROUND}|konkurs)"))
_FUNDED: Final = re.compile(rf"(?<![a-z])(?:{_ROUND}|konkurs|wnios(?!kodaw)|dofinansowan|dotacj)")
_SIGN_UP: Final = re.compile(rf"(?<![a-z])(?:wnios|ofert|aplik|konkurs|{_ROUND})")
_JOB_OR_TENDER: Final = Sought(
    ("przetarg", "zapytani", "zamowieni", "rozeznani", "oferta pracy", "szacowani", "stanowisk"),
    re.compile(
        r"(?<![a-z])(?:przetarg|zapytani[a-z]{1,2} ofertow|zamowieni[a-z]{1,2} publiczn|rozeznani[a-z]{1,2} rynku"
        r"|oferta pracy|szacowani[a-z]{1,2} wartosci"
        r"|(?:woln[a-z]{1,2} )?stanowisk[a-z]{1,2} (?:urzednicz|pracy:|kierownicz)|woln[a-z]{1,2} stanowisk)"
    ),
)


_PROJECT_PLATE: Final = re.compile(
    r"\W{0,3}(?:(?:nazwa |tytul )?(?:projekt|zadani)[a-z]{0,2}(?![a-z])"
    r"(?: ?:| pn| [„\"]| (?:jest |zostal )?(?:wspol|do)?(?:finans|realiz))"
    r"|(?:calkowita )?wartosc (?:calkowita|projektu|zadania)|okres realizacji"
    r"|(?:cel|beneficjent|lider)[a-z]{0,2} projektu"
    r"|(?:kwota )?dofinansowani[ea] (?:projektu|zadania|z (?:unii|ue|budzetu|europejsk|efs|funduszy))"
    r"|(?:wspol|do|s)finansowan)"
)


def project_plate(low: str) -> bool:
    """A block that presents a project: its name, its value, who pays."""
    return _PROJECT_PLATE.match(low) is not None


def job_or_tender(opening: str) -> bool:
    """A vacancy or a purchase of the office itself: neither is a call."""
    return _JOB_OR_TENDER.search(opening) is not None


def gathering(opening: str) -> bool:
    """The news invites to a meeting: signing up for it is no call."""
    title = opening.partition("\n")[0]
    return any(_GATHERING.search(words) and not _FUNDED.search(words) for words in (title, opening))


def sign_up(sentence: str) -> bool:
    """Only people are announced ("zgłoszenia", "zapisy"), no papers handed in for money."""
    return _SIGN_UP.search(sentence) is None


def hinted(low: str) -> bool:
    """Whether a line can speak of a call at all."""
    for hint in _HINTS:  # noqa: SIM110 - any() takes twice the time, and each paragraph comes here
        if hint in low:
            return True
    return False


def subject(sentence: str) -> re.Match[str] | None:
    """The words that make it a call: the round itself, or papers being handed in; None for reports, taxes, comments."""
    match = _SUBJECT.search(sentence)
    return None if match is None or _OTHER_BUSINESS.search(sentence) else match


def other_business(sentence: str) -> bool:
    """Reports, taxes, comments on a draft: they have deadlines, but nobody applies."""
    return _OTHER_BUSINESS.search(sentence) is not None


def announcement(sentence: str) -> re.Match[str] | None:
    """The words that announce a call even without a date."""
    if _PAST.search(sentence) or _OTHER_BUSINESS.search(sentence):
        return None
    return _ANNOUNCED.search(sentence) or _HEADLINE.match(sentence)


def event(sentence: str, *, dated: bool) -> tuple[CallEvent, re.Match[str]] | None:
    """What the sentence says has happened to a call, other than that it is open; `dated`: it states a deadline."""
    for kind, pattern in _EVENTS:
        match = pattern.search(sentence)
        if (
            match is not None
            and not (kind == "results" and _LATER.search(sentence))
            and not (kind == "closed" and dated and "z dniem" not in sentence)
        ):
            return kind, match
    return None


def about_calls(opening: str) -> bool:
    """The news is about rounds or a contest: its windows are theirs."""
    return _ABOUT.search(opening) is not None


def listed(sentence: str) -> bool:
    """Results that need no further word of the call: the list of those who got in."""
    return _LISTED.search(sentence) is not None


_LISTED: Final = Sought(
    ("list", "wynik"),
    re.compile(r"(?<![a-z])list[aey] (?:rankingow|osob zakwalif)|wynik(?:i|ow) (?:nabor|podzial|rekrutacj|konkurs)"),
)
_EVENTS: Final[tuple[tuple[CallEvent, Sought], ...]] = (
    ("cancelled", _CANCELLED),
    ("extended", _EXTENDED),
    ("closed", _CLOSED),
    ("results", _RESULTS),
)


def open_end(sentence: str) -> tuple[Literal["funds", "notice"], re.Match[str]] | None:
    """Whether applications are taken until the money runs out, or until further notice."""
    match = _FUNDS.search(sentence) if "wyczerpania" in sentence else None
    if match is not None:
        return "funds", match
    match = _NOTICE.search(sentence)
    if match is None and "do odwolania" in sentence and _SUBJECT.search(sentence):
        match = re.search("do odwolania", sentence)
    return None if match is None else ("notice", match)


def lasting(sentence: str) -> tuple[int, re.Match[str]] | None:
    """ "nabór potrwa przez kolejnych 14 dni": the days it goes on from the day of the news."""
    match = _DAYS.search(sentence) if " dni" in sentence else None
    if match is None or (_SUBJECT.search(sentence) is None and match["next"] is None):
        return None
    return (int(match["count"]), match) if match["next"] else None
