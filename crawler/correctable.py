"""What can be corrected by hand: the closed list of fields, and what each takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from crawler.written import Known, day, moment, money, place, span
from normalize.model import AmountRole, ArticleKind, CallEvent, DateRole


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing that a line may correct.

    scalar: of the article itself. whole: a value among several (taken away, replaced, added). part: of such a value.
    """

    name: str
    sort: Literal["scalar", "whole", "part"]
    about: str
    read: Callable[[str, Known], str] | None = None
    """The value as it is kept; raises ValueError, saying how to write it. None: it can only be taken away."""
    needed: bool = False
    """It cannot be empty."""
    replaced: bool = True
    """Of a whole value: whether another can be put in its place (else: taken away or added)."""

    @property
    def kind(self) -> str:
        """The kind of value it belongs to: "call" of "call.closes"."""
        return self.name.partition(".")[0]


def _words(most: int) -> Callable[[str, Known], str]:
    def read(text: str, known: Known) -> str:
        if len(text) > most:
            raise ValueError(f"longer than {most} characters")
        return text

    return read


def _one_of(*choices: str) -> Callable[[str, Known], str]:
    def read(text: str, known: Known) -> str:
        if text not in choices:
            raise ValueError(f"'{text}' is not one of {', '.join(choices)}")
        return text

    return read


def _programme(text: str, known: Known) -> str:
    if text not in known.programmes:
        raise ValueError(f"'{text}' is no programme we know; write its id, one of normalize/data/programmes.toml")
    return text


def _topic(text: str, known: Known) -> str:
    if text not in known.topics:
        raise ValueError(f"'{text}' is no topic; one of {', '.join(sorted(known.topics))}")
    return text


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field(name="title", sort="scalar", about="the title", read=_words(500)),
        Field(name="lead", sort="scalar", about="the lead paragraph", read=_words(5000)),
        Field(name="kind", sort="scalar", about="its kind", read=_one_of(*get_args(ArticleKind)), needed=True),
        Field(name="language", sort="scalar", about="language of the text", read=_one_of("pl", "en", "uk", "de")),
        Field(name="published", sort="scalar", about="day of publication", read=day),
        Field(name="modified", sort="scalar", about="when the office says it was changed", read=moment),
        Field(name="author", sort="scalar", about="who signed it", read=_words(200)),
        Field(name="photo_credit", sort="scalar", about="who took the pictures", read=_words(200)),
        Field(name="call", sort="whole", about="a call; added as announced, extended, closed, cancelled or results",
              read=_one_of(*get_args(CallEvent)), replaced=False),
        Field(name="call.opens", sort="part", about="its first day", read=moment),
        Field(name="call.closes", sort="part", about="its last day", read=moment),
        Field(name="call.open_ended", sort="part", about="why it has no last day", read=_one_of("funds", "notice")),
        Field(name="call.event", sort="part", about="what it is now", read=_one_of(*get_args(CallEvent)), needed=True),
        Field(name="call.audience", sort="part", about="whom it is for", read=_words(500)),
        Field(name="call.amount", sort="part", about="its money", read=money),
        Field(name="call.programme", sort="part", about="id of its programme", read=_programme),
        Field(name="call.place", sort="part", about="where to apply", read=_words(500)),
        Field(name="date", sort="whole", about="a date or a span", read=span),
        Field(name="date.role", sort="part", about="what it is of", read=_one_of(*get_args(DateRole)), needed=True),
        Field(name="amount", sort="whole", about="an amount of money", read=money),
        Field(name="amount.role", sort="part", about="what it is", read=_one_of(*get_args(AmountRole)), needed=True),
        Field(name="place", sort="whole", about="a place, by its TERYT code", read=place),
        Field(name="programme", sort="whole", about="a programme, by its id", read=_programme),
        Field(name="topic", sort="whole", about="a topic, by its id", read=_topic, replaced=False),
        Field(name="organisation", sort="whole", about="an organisation; can only be taken away"),
        Field(name="quantity", sort="whole", about="a count; can only be taken away"),
    )
}  # fmt: skip
