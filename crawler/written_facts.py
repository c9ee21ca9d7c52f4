"""Values of an article as a line of corrections writes them, and the values that lines make. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from crawler.written import Known, money_of, place_of, precision_of, written_money
from normalize.model import Amount, Call, Fact, Mention, Organisation, Place, Programme, Quantity, Topic, When

METHOD = "correction"
"""How a corrected value was found; behind it stands how the machine had found what it read."""

_NO_WORDS = Known(places={}, levels={}, programmes={}, topics={})


def made(kind: str, value: str, known: Known) -> Any:
    """A value that no machine has read."""
    told: dict[str, Any] = {"mentions": (Mention(raw=""),), "method": METHOD}
    if kind == "topic":
        return Topic(id=value, rule=METHOD)
    if kind == "call":
        return Call(event=cast(Any, value), **told)
    if kind == "programme":
        return Programme(id=value, name=known.programmes[value], **told)
    if kind == "place":
        teryt, level = place_of(value, known)
        return Place(teryt=teryt, level=level, name=known.places[teryt, level], **told)
    if kind == "amount":
        grosze, grosze_to, currency = money_of(value)
        return Amount(grosze=grosze, grosze_to=grosze_to, currency=currency, **told)
    start, stroke, end = value.partition("/")
    return When(
        role="mention",
        start=start or None,
        end=(end or None) if stroke else start,
        precision=precision_of(start or end),
        **told,
    )


def with_part(fact: Any, name: str, value: str | None) -> Any:
    part: Any = value
    if name == "call.amount" and value is not None:
        part = made("amount", value, _NO_WORDS)
    column = {"place": "where"}.get(name.partition(".")[2], name.partition(".")[2])
    told = replace(fact, **{column: part}, sure="high")
    return told if fact.method.startswith(METHOD) else replace(told, method=method_of(fact.method))


def part_of(fact: Any, name: str) -> str | None:
    column = {"place": "where"}.get(name.partition(".")[2], name.partition(".")[2])
    value = getattr(fact, column)
    return value_of(value, _NO_WORDS) if isinstance(value, Fact) else value


def value_of(fact: Any, known: Known) -> str:
    """A value as a line would write it."""
    if isinstance(fact, Call):
        window = "/".join(one or "" for one in (fact.opens, fact.closes))
        return f"{fact.event} {window}" if window != "/" else fact.event
    if isinstance(fact, When):
        return (fact.start or "") if fact.start == fact.end else f"{fact.start or ''}/{fact.end or ''}"
    if isinstance(fact, Amount):
        return written_money(fact.grosze, fact.grosze_to, fact.currency)
    if isinstance(fact, Place):
        return fact.teryt if known.levels.get(fact.teryt) == fact.level else f"{fact.teryt} {fact.level}"
    if isinstance(fact, Topic):
        return fact.id
    if isinstance(fact, Programme):
        return fact.id or fact.name
    if isinstance(fact, Quantity):
        return f"{fact.value} {fact.unit}"
    assert isinstance(fact, Organisation)
    return fact.name


def names_of(fact: Any, known: Known) -> list[str]:
    """By what a line may mean this value."""
    told = [value_of(fact, known)]
    if isinstance(fact, Topic):
        return [*told, fact.raw]
    told += [mention.raw for mention in fact.mentions]
    if isinstance(fact, Call):
        told += [one for one in (fact.opens, fact.closes, fact.event) if one]
    if isinstance(fact, Place | Programme):
        told.append(fact.name)
    if isinstance(fact, Amount):
        told.append(written_money(fact.grosze, fact.grosze_to, fact.currency).rpartition(" ")[0])
    return told


def method_of(machine: str | None) -> str:
    return f"{METHOD}; {machine}" if machine else METHOD
