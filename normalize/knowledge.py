"""What normalize knows before it sees a page: the gazetteer, the vocabularies, the families' hints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from normalize import organisations, programmes, topics
from normalize.gazetteer import Gazetteer
from normalize.model import Hints


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """Loaded once and passed in: normalize has no state of its own that could change between pages."""

    gazetteer: Gazetteer = field(repr=False)
    programmes: programmes.Vocabulary = field(repr=False)
    organisations: organisations.Vocabulary = field(repr=False)
    topics: topics.Vocabulary = field(repr=False)
    families: Mapping[str, Hints] = field(default_factory=dict)
    """Name of a family to what its register file says about article pages."""

    @staticmethod
    def bundled(families: Mapping[str, Hints] | None = None) -> Knowledge:
        """The knowledge of normalize/data; its files are read at the first call only."""
        return Knowledge(
            gazetteer=Gazetteer.bundled(),
            programmes=programmes.Vocabulary.bundled(),
            organisations=organisations.Vocabulary.bundled(),
            topics=_topics(),
            families=dict(families or {}),
        )


@cache
def _topics() -> topics.Vocabulary:
    return topics.Vocabulary.bundled()
