"""CSS selectors of the register, matched against one page: an index answers the simple ones, lxml the others."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

_COMPOUND = re.compile(
    r"""^(?P<tag>[a-zA-Z][\w-]*|\*)?(?P<rest>(?:[.#][\w-]+|\[[\w-]+(?:[*^$]?=(?:'[^'\]]*'|"[^"\]]*"|[\w-]+))?\])*)$"""
)
_PART = re.compile(
    r"""(?P<mark>[.#])(?P<name>[\w-]+)|\[(?P<key>[\w-]+)(?:(?P<how>[*^$]?=)['"]?(?P<value>[^'"\]]*)['"]?)?\]"""
)
_SPACED = re.compile(r"\s*(>)\s*|\s+")


@dataclass(frozen=True)
class _Compound:
    """One element of a selector: `div.entry-content[id^='post-']`."""

    tag: str | None
    classes: frozenset[str]
    id: str | None
    attributes: tuple[tuple[str, str, str], ...]
    """Name, one of "" = *= ^= $=, value."""

    def names(self) -> Iterator[str]:
        """What an index files such elements under, the rarest first."""
        if self.id is not None:
            yield f"#{self.id}"
        yield from (f".{name}" for name in sorted(self.classes))
        if self.tag is not None:
            yield self.tag

    def matches(self, element: HtmlElement) -> bool:
        if self.tag is not None and element.tag != self.tag:
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
    names: tuple[str, ...]
    """What must stand in the index for an element to match, its own first: "#id", ".class", "tag"."""

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
    tag = match["tag"].lower() if match["tag"] and match["tag"] != "*" else None
    return _Compound(tag, frozenset(classes), number, tuple(attributes))


@functools.lru_cache(maxsize=4_000)
def compiled(selector: str) -> _Chain | CSSSelector:
    """Raises cssselect's SelectorError for what is no selector."""
    pieces = _SPACED.split(selector.strip())
    names, joints = pieces[0::2], pieces[1::2]
    compounds = [_compound(name) for name in names]
    if all(compounds):
        known = tuple(one for one in reversed(compounds) if one is not None)
        last = known[0]
        said = (last.tag is not None) + len(last.classes) + (last.id is not None) + 2 * len(last.attributes)
        return _Chain(
            known,
            tuple(joint == ">" for joint in reversed(joints)),
            len(known) == said == 1,
            tuple(name for one in known for name in one.names()),
        )
    return CSSSelector(selector, translator="html")


def _lists() -> defaultdict[str, list[HtmlElement]]:
    return defaultdict(list)


@dataclass(frozen=True)
class Index:
    """The elements of one page by "tag", ".class" and "#id", in document order."""

    tree: HtmlElement = field(repr=False)
    filed: defaultdict[str, list[HtmlElement]] = field(default_factory=_lists, repr=False)

    @staticmethod
    def of(tree: HtmlElement) -> Index:
        index = Index(tree)
        filed = index.filed
        for element in tree.iter("*"):
            filed[str(element.tag)].append(element)
            classes = element.get("class")
            if classes:
                names = classes.split()
                for name in names if len(names) == 1 else set(names):
                    filed["." + name].append(element)
            number = element.get("id")
            if number:
                filed["#" + number].append(element)
        return index

    def select(self, selector: str) -> list[HtmlElement]:
        """The elements a selector finds, in document order."""
        chain = compiled(selector)
        if isinstance(chain, CSSSelector):
            return [element for element in chain(self.tree) if isinstance(element, HtmlElement)]
        filed = self.filed
        for name in chain.names:
            if name not in filed:
                return []
        own = next(chain.compounds[0].names(), None)
        likely = list(self.tree.iter("*")) if own is None else filed[own]
        return list(likely) if chain.bare else [element for element in likely if chain.matches(element)]
