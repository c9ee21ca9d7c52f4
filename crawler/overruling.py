"""Applies a person's corrections to what the machine understood of one article. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from crawler.correctable import FIELDS
from crawler.corrections import Correction, folded
from crawler.rows import Row
from crawler.written import Known, span
from crawler.written_facts import made, method_of, names_of, part_of, value_of, with_part
from normalize.model import Amount, Article, Evidence, Facts, Programme, When

State = Literal["applied", "needless", "absent", "several", "overruled"]
"""needless: the machine reads the same. absent: what the line names is not there. several: it could mean more than one
value, so it means none. overruled: a later line says something else of it."""

_LISTS = {
    "call": "calls",
    "date": "dates",
    "amount": "amounts",
    "place": "places",
    "programme": "programmes",
    "organisation": "organisations",
    "quantity": "quantities",
}


@dataclass(frozen=True, kw_only=True)
class Ruled:
    """What became of one line."""

    line: Correction
    state: State
    machine: str | None = None
    """What the machine had read, written as a line would write it."""

    def row(self) -> Row:
        """As news.db keeps it; who said so stays in the file."""
        return {
            "id": self.line.id,
            "field": self.line.field,
            "item": self.line.item or None,
            "value": self.line.value,
            "machine": self.machine,
            "state": self.state,
            "reason": self.line.reason,
            "day": self.line.day,
        }


@dataclass
class _Item:
    """One value among several: as the machine read it (None: a line added it), and as it stands."""

    kind: str
    read: Any
    now: Any
    claimed: set[str] = field(default_factory=set)
    """The fields that a line has spoken of; the whole under its own name."""

    def named(self, item: str, known: Known) -> bool:
        """Whether a line's `item` means this value, by its words or by what was read from them."""
        told = {folded(item)}
        reader = span if self.kind == "call" else FIELDS[self.kind].read
        if reader is not None:
            with suppress(ValueError):  # words, then
                told.add(folded(reader(item, known)))
        return bool(told & {folded(name) for name in names_of(self.read or self.now, known) if name})

    def free(self, line: Correction) -> bool:
        """Whether no later line has said otherwise of what this one corrects."""
        if FIELDS[line.field].sort == "part":
            return self.now is not None and line.field not in self.claimed
        return self.kind not in self.claimed if line.value is not None else not self.claimed


def overrule(article: Article, lines: Sequence[Correction], known: Known) -> tuple[Article, tuple[Ruled, ...]]:
    """The article as it is shown, and what became of each line. Their order does not count, only their days do."""
    ordered = sorted(lines, key=lambda line: (line.day, line.id))
    work = _Work(article, known)
    ruled = [work.add(line) for line in ordered if line.adds]
    ruled += [work.rule(line) for line in reversed(ordered) if not line.adds]  # the latest speaks first
    return work.article(), tuple(sorted(ruled, key=lambda one: (one.line.field, one.line.id)))


class _Work:
    def __init__(self, article: Article, known: Known) -> None:
        self._machine = article
        self._known = known
        self._scalars: dict[str, str | None] = {}
        self._spoken: set[str] = set()
        self._items = {
            kind: [_Item(kind, fact, fact) for fact in getattr(article.facts, name)] for kind, name in _LISTS.items()
        }
        self._items["topic"] = [_Item("topic", topic, topic) for topic in article.topics]

    def add(self, line: Correction) -> Ruled:
        assert line.value is not None
        items = self._items[line.field]
        alike = [item for item in items if item.read is None or line.field != "call"]
        if any(value_of(item.now, self._known) == line.value for item in alike):
            return Ruled(line=line, state="needless", machine=line.value)
        items.append(_Item(line.field, None, made(line.field, line.value, self._known)))
        return Ruled(line=line, state="applied")

    def rule(self, line: Correction) -> Ruled:
        wanted = FIELDS[line.field]
        if wanted.sort == "scalar":
            return self._rule_scalar(line)
        items = self._items[wanted.kind]
        meant = [item for item in items if item.named(line.item, self._known)] if line.item else items
        if not meant:
            return Ruled(line=line, state="absent")
        if len(meant) > 1 and not (line.value is None and wanted.sort == "whole"):
            return Ruled(line=line, state="several")
        free = [item for item in meant if item.free(line)]
        for item in free:
            item.claimed.add(line.field)
        before = meant[0].read or meant[0].now
        machine = value_of(before, self._known) if wanted.sort == "whole" else part_of(before, line.field)
        if not free:
            return Ruled(line=line, state="overruled", machine=machine)
        if machine == line.value:
            return Ruled(line=line, state="needless", machine=machine)
        for item in free:
            item.now = self._ruled(item, line)
        if line.field in ("call.opens", "call.closes") and machine is not None:
            self._unname(line.field.removeprefix("call."), machine)
        return Ruled(line=line, state="applied", machine=machine)

    def article(self) -> Article:
        if not self._scalars and all(item.now is item.read for items in self._items.values() for item in items):
            return self._machine
        lists: dict[str, Any] = {
            kind: tuple(item.now for item in items if item.now is not None) for kind, items in self._items.items()
        }
        shown = replace(
            self._machine,
            **cast(Any, self._scalars),
            facts=Facts(**{name: lists[kind] for kind, name in _LISTS.items()}),
            topics=lists["topic"],
        )
        return replace(shown, evidence={**shown.evidence, **{f"/{name}": self._told(name) for name in self._scalars}})

    def _told(self, name: str) -> Evidence:
        """Where a corrected value of the article itself comes from, beside the words that the machine had read."""
        before = self._machine.evidence.get(f"/{name}")
        return Evidence(raw=before.raw if before else "", method=method_of(before.method if before else None))

    def _rule_scalar(self, line: Correction) -> Ruled:
        machine = getattr(self._machine, line.field)
        if line.field in self._spoken:
            return Ruled(line=line, state="overruled", machine=machine)
        self._spoken.add(line.field)
        if machine == line.value:
            return Ruled(line=line, state="needless", machine=machine)
        self._scalars[line.field] = line.value
        return Ruled(line=line, state="applied", machine=machine)

    def _ruled(self, item: _Item, line: Correction) -> Any:
        """The value as the line says; None: taken away."""
        if FIELDS[line.field].sort == "part":
            return None if item.now is None else with_part(item.now, line.field, line.value)
        if line.value is None:
            return None
        new = made(item.kind, line.value, self._known)
        kept = {"mentions": item.now.mentions, "method": method_of(item.read.method if item.read else None)}
        for name in {When: ("role",), Amount: ("role",), Programme: ("number",)}.get(type(new), ()):
            kept[name] = getattr(item.now, name)
        return replace(new, **kept)

    def _unname(self, role: str, machine: str) -> None:
        """A date that was taken for a call's first or last day, and is not, stays as a date that the text names."""
        for item in self._items["date"]:
            fact = item.now
            if isinstance(fact, When) and fact.role == role and machine in (fact.start, fact.end):
                item.now = replace(fact, role="mention", method=method_of(fact.method))
