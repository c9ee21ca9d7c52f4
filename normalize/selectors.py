"""CSS selectors of the register, matched against one page: an index answers the simple ones, lxml the others."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

_COMPOUND = re.compile(
    r"""^(?P<tag>[a-zA-Z][\w-]*|\*|:is\([\w,-]+\))?(?P<rest>(?:[.#][\w-]+|\[[\w-]+(?:[*^$]?=(?:'[^'\]]*'|"[^"\]]*"|[\w-]+))?\])*)$"""
)
_PART = re.compile(
    r"""(?P<mark>[.#])(?P<name>[\w-]+)|\[(?P<key>[\w-]+)(?:(?P<how>[*^$]?=)['"]?(?P<value>[^'"\]]*)['"]?)?\]"""
)
_SPACED = re.compile(r"\s*(>)\s*|\s+")
_AFTER_COMMA = re.compile(r"(?<=,)\s+")


@dataclass(frozen=True)
class _Compound:
    """One element of a selector: `div.entry-content[id^='post-']`."""

    tags: frozenset[str]
    """One of them, or any where there is none: `h1`, `:is(h1, h2)`."""
    classes: frozenset[str]
    id: str | None
    attributes: tuple[tuple[str, str, str], ...]
    """Name, one of "" = *= ^= $=, value."""

    def names(self) -> Iterator[str]:
        """What an index files such elements under, the rarest first."""
        if self.id is not None:
            yield f"#{self.id}"
        yield from (f".{name}" for name in sorted(self.classes))
        if len(self.tags) == 1:
            yield from self.tags

    def matches(self, element: HtmlElement) -> bool:
        if self.tags and element.tag not in self.tags:
            return False
        if self.id is not None and element.get("id") != self.id:
            return False
        if self.classes and not self.classes <= set((element.get("class") or "").split()):
            return False
        for name, how, value in self.attributes:
            held = element.get(name)
            if held is None or (how == "=" and held != value) or (how == "*=" and value not in held):
                return False
            if (how == "^=" and not held.startswith(value)) or (how == "$=" and not held.endswith(value)):
                return False
        return True


@dataclass(frozen=True)
class _Chain:
    """Compounds from the last to the first; `child` says for each but the first whether its parent must be the next."""

    compounds: tuple[_Compound, ...]
    child: tuple[bool, ...]
    bare: bool
    """Nothing but one tag, one class or one id: the index's own answer."""
    own: str | None
    """What the index files such elements under: "#id", ".class" or "tag"; None where that is not one thing."""
    names: tuple[str, ...]
    """What must stand in the index for an element to match."""

    def matches(self, element: HtmlElement) -> bool:
        return self.compounds[0].matches(element) and self._above(element, 0)

    def _above(self, element: HtmlElement, done: int) -> bool:
        if done == len(self.child):
            return True
        wanted = self.compounds[done + 1]
        node = element.getparent()
        while node is not None:
            if wanted.matches(node) and self._above(node, done + 1):
                return True
            if self.child[done]:
                return False
            node = node.getparent()
        return False


def _compound(text: str) -> _Compound | None:
    match = _COMPOUND.match(text)
    if match is None or not text:
        return None
    classes: set[str] = set()
    number, attributes = None, []
    for part in _PART.finditer(match["rest"]):
        if part["mark"] == ".":
            classes.add(part["name"])
        elif part["mark"] == "#":
            number = part["name"]
        else:
            attributes.append((part["key"], part["how"] or "", part["value"] or ""))
    tags = (match["tag"] or "*").lower().removeprefix(":is(").removesuffix(")").split(",")
    return _Compound(frozenset(tags) - {"*"}, frozenset(classes), number, tuple(attributes))


@functools.lru_cache(maxsize=4_000)
def compiled(selector: str) -> _Chain | CSSSelector:
    """Raises cssselect's SelectorError for what is no selector."""
    pieces = _SPACED.split(_AFTER_COMMA.sub("", selector.strip()))
    names, joints = pieces[0::2], pieces[1::2]
    compounds = [_compound(name) for name in names]
    if all(compounds):
        known = tuple(one for one in reversed(compounds) if one is not None)
        last = known[0]
        said = len(last.tags) + len(last.classes) + (last.id is not None) + 2 * len(last.attributes)
        return _Chain(
            known,
            tuple(joint == ">" for joint in reversed(joints)),
            len(known) == said == 1,
            next(last.names(), None),
            tuple(name for one in known for name in one.names()),
        )
    return CSSSelector(selector, translator="html")


@functools.lru_cache(maxsize=500)
def _by_name(selectors: tuple[str, ...]) -> Mapping[str | None, tuple[str, ...]]:
    """The selectors by what an index files their elements under; under None those that it cannot answer so."""
    filed: dict[str | None, tuple[str, ...]] = {None: ()}
    for selector in selectors:
        chain = compiled(selector)
        own = chain.own if isinstance(chain, _Chain) else None
        filed[own] = (*filed.get(own, ()), selector)
    return filed


def _lists() -> defaultdict[str, list[HtmlElement]]:
    return defaultdict(list)


@dataclass(frozen=True)
class Index:
    """The elements of one page by "tag", ".class" and "#id", in document order."""

    tree: HtmlElement = field(repr=False)
    filed: defaultdict[str, list[HtmlElement]] = field(default_factory=_lists, repr=False)
    attributes: dict[HtmlElement, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """Of the elements that have any; lxml makes new words of them each time they are asked for."""

    @staticmethod
    def of(tree: HtmlElement) -> Index:
        index = Index(tree)
        filed, attributes = index.filed, index.attributes
        for element in tree.iter("*"):
            filed[str(element.tag)].append(element)
            if told := element.items():
                attributes[element] = held = dict(told)
                if classes := held.get("class"):
                    names = classes.split()
                    for name in names if len(names) < 2 else set(names):
                        filed["." + name].append(element)
                if number := held.get("id"):
                    filed["#" + number].append(element)
        return index

    def told(self, tag: str) -> Iterator[tuple[HtmlElement, Mapping[str, str]]]:
        """The elements of a tag that have attributes, with these, in document order."""
        for element in self.filed.get(tag, ()):
            if told := self.attributes.get(element):
                yield element, told

    def select(self, selector: str) -> list[HtmlElement]:
        """The elements a selector finds, in document order."""
        chain = compiled(selector)
        if isinstance(chain, CSSSelector):
            return [element for element in chain(self.tree) if isinstance(element, HtmlElement)]
        filed = self.filed
        for name in chain.names:
            if name not in filed:
                return []
        likely = list(self.tree.iter("*")) if chain.own is None else filed[chain.own]
        return list(likely) if chain.bare else [element for element in likely if chain.matches(element)]

    def select_any(self, selectors: tuple[str, ...]) -> frozenset[HtmlElement]:
        """All that any of the selectors finds; only those are tried whose last name stands on the page."""
        by_name = _by_name(selectors)
        here: Iterable[str | None] = by_name.keys() & self.filed.keys()
        return frozenset(
            element for name in (None, *here) for selector in by_name[name] for element in self.select(selector)
        )
