"""The place that a reader names in a filter, in any case: "Łomży", "woj. podlaskie", "powiat bielski (śląskie)"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

from datasette.views.base import DatasetteError

from crawler.publish import typed
from normalize.gazetteer import Adjectives, Gazetteer

Level = Literal["voivodeship", "powiat", "town"]
_SAID = re.compile(
    r"^(?:(?P<voivodeship>woj\.|woj |wojewodztw\w* )|(?P<powiat>pow\.|pow |powia[tc]\w* |powiecie )"
    r"|(?P<town>m\. ?st\.|m\.|miast\w* |miescie )) *(?=\S)"
)
_BEFORE = re.compile(r"^(?:w|we|z|ze) (?=\S)")
_WITHIN = re.compile(r" \(.*\)$")
MOST = 20
"""Of the places that are offered where several fit."""


class SeveralPlaces(DatasetteError):  # type: ignore[misc]
    """The words name several places: the reader chooses, nothing is guessed."""

    def __init__(self, value: str, argument: str, choices: Mapping[str, str]) -> None:
        super().__init__(f"„{value[:60]}” może znaczyć różne miejsca. Wybierz jedno z nich.", status=400)
        self.argument = argument
        self.choices = choices
        """Code -> name."""


def code(known: Mapping[str, str], value: str, argument: str) -> str:
    """The code of the one place of this name; the words themselves where there is none. Raises SeveralPlaces."""
    found = fitting(known, value)
    if len(found) > 1:
        raise SeveralPlaces(value, argument, {code: known[code] for code in found[:MOST]})
    return found[0] if found else value


def fitting(known: Mapping[str, str], value: str) -> Sequence[str]:
    """The codes of the places that the words name in the first of these readings that is of any.

    The whole name; the name without "powiat" or "województwo"; a town's in another case; a region's; a powiat's or
    voivodeship's in another case; a part of a name. `known`: code -> name of the places there are.
    """
    if value in known:
        return [value]
    sought = _BEFORE.sub("", _plain(value), count=1)
    said = _SAID.match(sought)
    level = said.lastgroup if said else None
    bare = sought[said.end() :] if said else sought
    names = {code: name for code, name in known.items() if level in (None, _level(code, name))}
    whole = {code: _plain(name) for code, name in names.items()}
    short = {code: _SAID.sub("", _WITHIN.sub("", name), count=1) for code, name in whole.items()}
    towns, regions, powiats, voivodeships = (_forms()[kind].get(bare, ()) for kind in _KINDS)
    readings = (
        [code for code, name in whole.items() if name == sought],
        [code for code, name in short.items() if name == bare],
        towns if level in (None, "town") else (),
        [code for code in regions if code in names],
        [code for code in (*voivodeships, *powiats) if code in names],
        [code for code, name in whole.items() if bare and bare in name],
    )
    return next((found for reading in readings if (found := [code for code in reading if code in known])), [])


_KINDS = ("town", "region", "powiat", "voivodeship")


@cache
def _forms() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Kind of name -> its forms in all cases -> codes; a town that is no powiat has the code of its own."""
    gazetteer = Gazetteer.bundled()
    forms: dict[str, dict[str, list[str]]] = {kind: {} for kind in _KINDS}

    def add(kind: str, spelled: Sequence[str], codes: Sequence[str]) -> None:
        filed = forms[kind].setdefault(_plain(" ".join(spelled)), [])
        filed.extend(code for code in codes if code not in filed)

    for first, several in gazetteer.names.items():
        for form in several:
            add("town" if form.level == "town" else "region", (first, *form.rest), [form.teryt])
    adjectives: Mapping[str, Adjectives] = {"powiat": gazetteer.powiats, "voivodeship": gazetteer.voivodeships}
    for kind, filed in adjectives.items():
        for first, rests in filed.items():
            for rest, codes in rests:
                add(kind, (first, *rest), codes)
    return forms


def _level(code: str, name: str) -> Level:
    if len(code) == 2:
        return "voivodeship"
    return "powiat" if name.startswith("powiat ") else "town"


def _plain(text: str) -> str:
    return " ".join(typed.folded(text).replace("-", " ").split())
