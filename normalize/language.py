"""Which language a text is in (pl, en, uk, de), from closed lists of its commonest words."""

from __future__ import annotations

import re
from collections.abc import Sequence

_COMMON = {
    "pl": "i w z na do się nie o że oraz dla jest od przez po ze za są jak lub które który która przy tym tego co "
    "będą będzie także ich pracy może mogą możliwość zapraszamy urząd wniosków być został została u ma roku również",
    "en": "the and of to in is for you that this with are on be as by will your from at or was which have has it an "
    "not can their more our about we all should",
    "uk": "і та в у на що не до за з для це як від або про є які який яка буде при їх також можна але він вона ми ви "
    "під чи у разі щодо праці роботи",
    "de": "der die das und ist nicht ein eine mit für von zu den dem des im sich auf werden wird sie wir oder auch "
    "bei als zur zum aus nach über sind",
}
_SPOKEN_IN: dict[str, tuple[str, ...]] = {}
for _language, _words in _COMMON.items():
    for _word in dict.fromkeys(_words.split()):
        _SPOKEN_IN[_word] = (*_SPOKEN_IN.get(_word, ()), _language)
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
_NOT_UKRAINIAN = re.compile("[ыэъёўЫЭЪЁЎ]")
_POLISH_LETTER = re.compile("[ąćęłńśźżĄĆĘŁŃŚŹŻ]")
_READ = 2500
"""Characters looked at: more would not change the answer."""
_TAIL_LENGTH = 40
"""A shorter foreign line at the end (a name, a slogan) is no tail."""


def of(text: str) -> str | None:
    """`pl`, `en`, `uk` or `de`; None where the text is too short, mixed or of another language."""
    text = text[:_READ]
    polish_letters = sum(map(text.count, "ąćęłńśźż"))
    if polish_letters >= 20 and polish_letters * 40 >= len(text) and "ł" in text:
        return "pl"
    cyrillic = sum(map(len, _CYRILLIC.findall(text)))
    words = _WORD.findall(text.lower())
    letters = sum(map(len, words))
    if cyrillic * 2 > letters:
        return None if _NOT_UKRAINIAN.search(text) or cyrillic < 8 else "uk"
    spoken = [language for word in words if word in _SPOKEN_IN for language in _SPOKEN_IN[word]]
    score = {language: spoken.count(language) for language in _COMMON}
    score["pl"] += polish_letters // 2
    score["de"] += sum(map(text.count, "äößüÄÖÜ")) // 2
    (best, points), (_, next_best) = sorted(score.items(), key=lambda item: -item[1])[:2]
    return best if points >= 2 and points >= next_best * 2 and points * 20 >= len(words) else None


def is_foreign_tail(paragraphs: Sequence[str]) -> int | None:
    """Index of the first paragraph of a foreign-language end of a Polish text; None where there is none.

    The tail holds foreign text of some length and no Polish paragraph; short lines before and within it that
    tell no language (a heading of two words) belong to it when they follow the last Polish paragraph and read
    as ASCII.
    """
    first, foreign = len(paragraphs), 0
    for index in range(len(paragraphs) - 1, -1, -1):
        language = of(paragraphs[index])
        if language == "pl":
            break
        if language is not None:
            first, foreign = index, foreign + len(paragraphs[index])
    else:
        return None
    if foreign < _TAIL_LENGTH:
        return None
    while first - 1 > index and _may_head(paragraphs[first - 1]):
        first -= 1
    return first


def _may_head(line: str) -> bool:
    """A short line without Polish letters, digits or a colon could be the heading of what follows."""
    return (
        len(line) <= 60
        and _POLISH_LETTER.search(line) is None
        and line[:1].isupper()
        and line.isascii()
        and line.replace(" ", "").isalpha()
    )
