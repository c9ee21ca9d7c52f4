"""One office's lists as they are walked in this run: how far, and whether what is known ends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from crawler.habits import Habit
from normalize.dates import read_day
from normalize.model import Office, Teaser

PINNED = 3
"""So many items at the head of a list may be older than what follows: they are pinned there."""
_DISORDER = 3
"""So many steps back in time make a list one that is not sorted by date."""
OVERLAP = 5
"""So many known articles in a row at the end of a page are proof that what follows is known."""


@dataclass
class Walk:
    """The state of one walk. A walk that is not `whole` ends at a page whose last articles are known."""

    office: Office
    ways: list[str]
    """List addresses not yet tried."""
    whole: bool = True
    """Goes to the end of the list: the first walk, a deep one, one after a walk that was broken off."""
    deep: bool = False
    """Goes to the end however many pages there are."""
    resume: str | None = None
    """Where an interrupted deep walk goes on, once what is new at the head of the list has been seen."""
    pages: int = 0
    met: set[str] = field(default_factory=set)
    """Addresses (of pages and articles) already asked for."""
    articles: int = 0
    waiting: int = 0
    """Days for which its lists have been due: of what waits for the same server, the longest waiting goes first."""
    habit: Habit | None = None
    """When the office's news appears, as far as it was known when the walk began."""
    below_known: bool = False
    """A page on which everything was known has been passed: what is unknown below it is not new, only old."""
    sitemaps: int = 0
    """Sitemaps asked for, of those that robots.txt and the indexes name."""
    disorder: int = 0
    _last: date | None = None

    @property
    def unsorted(self) -> bool:
        return self.disorder >= _DISORDER

    def see(self, teasers: Sequence[Teaser]) -> None:
        """Note the order of one more page: dates that go up again, beyond what may be pinned."""
        for place, teaser in enumerate(teasers):
            day = read_day(teaser.published_raw) if teaser.published_raw else None
            if day is None or (self.pages == 0 and place < PINNED):
                continue
            if self._last is not None and day > self._last + timedelta(days=1):
                self.disorder += 1
            self._last = day

    def ends(self, known: Sequence[bool]) -> bool:
        """Whether a page on which these articles are known is the last to be read.

        Its last ones are the overlap: when all of them are known, so is what stands below. Whatever stands above, what
        is pinned and what is new, has been read.
        """
        return not self.whole and not self.unsorted and all(known[-OVERLAP:])
