"""What kind of article it is (news, call, results, event, job, tender, static), and the rule that said so."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from normalize.model import ArticleKind, Call
from normalize.paragraphs import Paragraphs
from normalize.words import fold

_RULES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "data" / "kinds.toml").read_text(encoding="utf-8"))
_MEETING = "(?:" + "|".join(_RULES["meeting"]) + ")"


def _any_of(table: str, *names: str) -> re.Pattern[str]:
    """Matches the first words that any list of the table knows; the group named like the list tells which."""
    lists = "|".join(f"(?P<{name}>{'|'.join(_RULES[table][name])})" for name in names)
    return re.compile(rf"(?<!\w)(?:{lists})\w*".replace("MEETING", _MEETING))


_TITLE_DECIDES: tuple[tuple[ArticleKind, re.Pattern[str]], ...] = (
    ("tender", _any_of("title", "tender")),
    ("results", _any_of("title", "results")),
    ("job", _any_of("title", "job")),
)
_STATIC = _any_of("whole_title", "static")
_CALL = _any_of("title", "call")
_REPORT = _any_of("title", "report")
_INVITES = _any_of("lead", "invites")
_MEETING_NAMED = re.compile(rf"(?<!\w){_MEETING}")
_AHEAD_OR_REPORTS = _any_of("lead", "ahead", "reports")
_INVITES_OR_REPORTS = _any_of("lead", "invites", "reports")
_LEAD = 1500
"""Characters of the text's beginning that tell what it is about; the rest is detail."""


def kind(title: str | None, paragraphs: Sequence[str], calls: Sequence[Call]) -> tuple[ArticleKind, str]:
    """The kind and its rule: where it fired and on which words ("title: nabor", "calls: extended").

    Tenders, results, vacancies and standing pages are told by the title alone. Then an invitation in the title, a
    call (found or in the title), and of the first paragraphs whichever comes first: an invitation to what is to
    come makes an event, a report of what has been makes news.
    """
    headline = fold(title or (paragraphs[0] if paragraphs else ""))[:300]
    for decided, pattern in _TITLE_DECIDES:
        said = pattern.search(headline)
        if said is not None:
            return decided, f"title: {said.group()}"
    if title is not None and _STATIC.fullmatch(headline.strip(" .:-")):
        return "static", "title: a standing page"
    call, report = _CALL.search(headline), _REPORT.search(headline)
    invites = _INVITES.search(headline)
    if invites is not None and call is None:
        return "event", f"title: {_short(invites)}"
    if calls and all(one.event == "results" for one in calls):
        return "results", "calls: results"
    if call is not None and report is None:
        return "call", f"title: {call.group()}"
    whole = Paragraphs.of(paragraphs)
    lead = fold(whole.text[:_LEAD], whole.low[:_LEAD])
    said = _INVITES_OR_REPORTS.search(lead)
    invited = said is not None and said["invites"] is not None
    if said is None and _MEETING_NAMED.search(headline):
        said = _AHEAD_OR_REPORTS.search(lead)
        invited = said is not None and said["ahead"] is not None
    if calls and report is None and not (invited and _CALL.search(lead) is None):
        return "call", f"calls: {calls[0].event}"
    if report is not None:
        return "news", f"title: {report.group()}"
    if said is None:
        return "news", "nothing else fired"
    return "event" if invited else "news", f"text: {_short(said)}"


def _short(said: re.Match[str]) -> str:
    words = said.group().split()
    return " ".join(words if len(words) <= 6 else [*words[:3], "…", *words[-2:]])
