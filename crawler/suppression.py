"""data/suppressed.db: what was taken down at someone's request, and whether a page is among it."""

from __future__ import annotations

import functools
import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import unquote

import msgspec

from crawler import moves
from crawler.database import explained, open_database, open_for_reading, transaction
from crawler.instants import Clock, instant, now
from normalize import words
from normalize.identity import address
from normalize.model import Article, Evidence

SUPPRESSED = "suppressed.db"
Kind = Literal["address", "office", "content", "phrase"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_MARK = "/suppressed"


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """One thing taken down: salted hashes of it, or the folded phrase."""

    id: str
    kind: Kind
    salt: str
    value: str
    since: str
    reason: str | None = None
    purge: bool = False
    """The archive's bodies go as well."""


class Suppressions:
    """The list, earliest first. Every question is answered with the earliest suppression that applies, or None."""

    def __init__(self, rules: Iterable[Suppression] = ()) -> None:
        self.rules: tuple[Suppression, ...] = tuple(sorted(rules, key=lambda rule: (rule.since, rule.id)))
        self._salts = {kind: sorted({rule.salt for rule in self.rules if rule.kind == kind}) for kind in KINDS}
        self._by_value: dict[tuple[Kind, str], Suppression] = {}
        for rule in self.rules:
            self._by_value.setdefault((rule.kind, rule.value), rule)
        self._phrases = [(_phrase(rule.value), rule) for rule in self.rules if rule.kind == "phrase"]

    def __bool__(self) -> bool:
        return bool(self.rules)

    @classmethod
    def beside(cls, database: Path) -> Suppressions:
        """The list in the folder of this database; empty where there is none. Raises DatabaseProblem."""
        return cls.read(database.parent / SUPPRESSED)

    @classmethod
    def read(cls, path: Path) -> Suppressions:
        """The list in this file; empty where there is none. Raises DatabaseProblem."""
        if not path.exists():
            return cls()
        connection = open_for_reading(path)
        try:
            with explained(path):
                return cls(_rules(connection))
        finally:
            connection.close()

    def address(self, url: str) -> Suppression | None:
        return self._hashed("address", address(url))

    def office(self, office: str) -> Suppression | None:
        return self._hashed("office", office)

    def content(self, text: str) -> Suppression | None:
        return self._hashed("content", content_words(text)) if self._salts["content"] else None

    def phrase(self, *texts: str) -> Suppression | None:
        if not self._phrases:
            return None
        hay = _hay(texts)
        return next((rule for pattern, rule in self._phrases if pattern.search(hay)), None)

    def of(self, article: Article, office: str, *urls: str) -> Suppression | None:
        """Whether what was understood of one capture is to be hidden by its office, its text or its words."""
        if not self.rules:
            return None
        found = [self.office(office), self.content(article.text)]
        if self._phrases:
            found.append(self.phrase(*urls, *strings(msgspec.to_builtins(article))))
        return min((rule for rule in found if rule), key=lambda rule: (rule.since, rule.id), default=None)

    def _hashed(self, kind: Kind, value: str) -> Suppression | None:
        found = [self._by_value.get((kind, digest(salt, kind, value))) for salt in self._salts[kind]]
        return min((rule for rule in found if rule), key=lambda rule: (rule.since, rule.id), default=None)


def add(
    data: Path,
    kind: Kind,
    values: Sequence[str],
    *,
    reason: str | None = None,
    purge: bool = False,
    clock: Clock = now,
) -> list[Suppression]:
    """Put these on the list of the folder; those already on it are left as they are. Raises DatabaseProblem."""
    path = data / SUPPRESSED
    listed = Suppressions.read(path)
    since = instant(clock())
    connection = open_database(path, "suppressed")
    added = []
    try:
        with explained(path), transaction(connection):
            for value in values:
                held = _same(listed, kind, value)
                if held is not None and (held.purge or not purge):
                    continue
                salt = held.salt if held else secrets.token_hex(8)
                rule = _made(kind, salt, value, held.since if held else since, reason, purge)
                _write(connection, [rule])
                added.append(rule)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    return added


def merge(data: Path, other: Path) -> int:
    """Add what another list holds (a restored backup's): the union, nothing is ever taken off. How many were new."""
    theirs = Suppressions.read(other)
    ours = {rule.id: rule for rule in Suppressions.read(data / SUPPRESSED).rules}
    missing = [rule for rule in theirs.rules if rule.id not in ours or (rule.purge and not ours[rule.id].purge)]
    if missing:
        connection = open_database(data / SUPPRESSED, "suppressed")
        try:
            with explained(data / SUPPRESSED), transaction(connection):
                _write(connection, missing)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
    return len([rule for rule in missing if rule.id not in ours])


def of_phrase(phrase: str) -> Suppression:
    """The entry that a phrase would be, on no list yet."""
    return _made("phrase", "", phrase, "", None, False)


def digest(salt: str, kind: Kind, value: str) -> str:
    return hashlib.sha256(f"{salt}\n{kind}\n{value}".encode("utf-8", "replace")).hexdigest()


def content_words(text: str) -> str:
    """A text as it is compared: its words alone, folded; bullets, punctuation and white space do not count."""
    return " ".join(re.findall(r"\w+", words.fold(text)))


# What is kept of a hidden capture in news.db: hashes of the keys that join it to its article, and since when.


def stub(article: Article, rule: Suppression) -> Article:
    """What stays of an article that is hidden: nothing that says what it was."""
    return Article(
        url="",
        canonical_url=None,
        keys=tuple(hashed_key(key) for key in article.keys),
        title=None,
        lead=None,
        blocks=(),
        language=None,
        kind="static",
        published=None,
        modified=None,
        author=None,
        photo_credit=None,
        evidence={_MARK: Evidence(raw=rule.since, method=rule.id), **moves.kept_mark(article)},
    )


def hidden_since(article: Article) -> str | None:
    """Since when this article has been hidden; None when it is not."""
    mark = article.evidence.get(_MARK)
    return mark.raw if mark else None


def hidden_by(article: Article) -> str | None:
    """The id of the suppression that hid it."""
    mark = article.evidence.get(_MARK)
    return mark.method if mark else None


def hashed_key(key: str) -> str:
    """An identity key that no longer says which address it is of."""
    return key if key.startswith("#") else "#" + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32]


def hidden_earlier(article: Article, rule: Suppression) -> Article:
    """The same stub, hidden by this suppression if it is the earlier one."""
    mark = article.evidence[_MARK]
    if (mark.raw, mark.method) <= (rule.since, rule.id):
        return article
    return replace(article, evidence={**article.evidence, _MARK: replace(mark, raw=rule.since, method=rule.id)})


def strings(value: Any) -> Iterator[str]:
    """Every string in plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)


def _made(kind: Kind, salt: str, value: str, since: str, reason: str | None, purge: bool) -> Suppression:
    if kind == "phrase":
        salt, told = "", " ".join(words.fold(value).split())
    else:
        told = digest(salt, kind, _plain(kind, value))
    name = hashlib.sha256(f"{kind}\n{salt}\n{told}".encode()).hexdigest()[:16]
    return Suppression(id=name, kind=kind, salt=salt, value=told, since=since, reason=reason, purge=purge)


def _plain(kind: Kind, value: str) -> str:
    return {"address": address, "content": content_words}.get(kind, str)(value)


def _same(listed: Suppressions, kind: Kind, value: str) -> Suppression | None:
    if kind == "phrase":
        told = " ".join(words.fold(value).split())
        return next((rule for rule in listed.rules if rule.kind == "phrase" and rule.value == told), None)
    return listed._hashed(kind, _plain(kind, value))


def _write(connection: Any, rules: Iterable[Suppression]) -> None:
    connection.executemany(
        "INSERT INTO suppressions (id, kind, salt, value, since, reason, purge) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET purge = max(purge, excluded.purge), since = min(since, excluded.since)",
        [(one.id, one.kind, one.salt, one.value, one.since, one.reason, int(one.purge)) for one in rules],
    )


def _rules(connection: Any) -> list[Suppression]:
    return [
        Suppression(id=name, kind=kind, salt=salt, value=value, since=since, reason=reason, purge=bool(purge))
        for name, kind, salt, value, since, reason, purge in connection.execute(
            "SELECT id, kind, salt, value, since, reason, purge FROM suppressions"
        )
    ]


@functools.cache
def _phrase(folded: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(folded)}(?!\w)")


def _hay(texts: Iterable[str]) -> str:
    """Folded texts, and each address among them once more as words: "/-/jan-kowalski" says "jan kowalski"."""
    told = []
    for text in texts:
        told.append(text)
        if "/" in text and " " not in text:
            told.append(re.sub(r"[\W_]+", " ", unquote(text)))
    return " ".join(words.fold(" \n ".join(told)).split())
