"""One office's lists as they are walked in this run: how far, and whether what is known ends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from crawler.habits import Habit
from normalize.dates import read_day
from normalize.identity import address
from normalize.model import Office, Teaser

PINNED = 3
"""So many items at the head of a list may be older than what follows: they are pinned there."""
_DISORDER = 3
"""So many steps back in time make a list one that is not sorted by date."""
_PART = 4
"""One in so many steps must lead back where days are learned from the articles' pages."""
OVERLAP = 5
"""So many known articles in a row at the end of a page are proof that what follows is known."""
_MOST_REPEATED = 3
"""So many pages in a row without anything unknown end a pass that is not deep."""


@dataclass
class Walk:
    """The state of one walk. A walk that is not `whole` ends at a page whose last articles are known.

    Where an earlier one was not through, it then goes on at the place where that one stopped: `resumed`.
    """

    office: Office
    ways: list[str]
    """List addresses not yet tried."""
    whole: bool = True
    """Goes to the end of the list, within the pages of one run, whatever is known."""
    deep: bool = False
    """Goes to the end however many pages there are."""
    resume: str | None = None
    """Where an unfinished pass goes on, once what is new at the head of the list has been seen."""
    resumed: bool = False
    """It has gone on there."""
    begun: datetime | None = None
    """Since when that pass is under way: what was found since then says nothing of what stands below it."""
    guarded: bool = False
    """The walk before it may have ended anywhere: what it found counts for nothing, at the head as well."""
    stopped: str | None = None
    """The page that the walk before it was to read next."""
    repeated: int = 0
    """Pages in a row, after it went on, that named nothing unknown."""
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
    """Steps back in time."""
    compared: int = 0
    """Articles of a list without dates whose own days could be compared; their steps back are `learned_disorder`."""
    learned_disorder: int = 0
    inserted: bool = False
    """On the last page, of a list without dates, something unknown stands below what is known."""
    _last: date | None = None
    _risen_from: date = date.max
    """Where the days began to go up to `_last`; `_last` itself where they go down."""

    @property
    def unsorted(self) -> bool:
        learned = self.learned_disorder >= _DISORDER and self.learned_disorder * _PART >= self.compared
        return learned or self.disorder >= _DISORDER

    @property
    def since(self) -> datetime | None:
        """What was found since then does not count as known; None: all that was found counts."""
        return self.begun if self.resumed or self.guarded else None

    def see(
        self,
        teasers: Sequence[Teaser],
        known: Sequence[bool] = (),
        days: Callable[[], Mapping[str, date]] = dict,
    ) -> None:
        """Note the order of one more page: dates that go up again, beyond what may be pinned.

        `known`, `days` (address -> its own page's day): by these a list is judged that prints no date itself. What a
        page tells is less sure than what stands in a list: there it takes more to call a list unsorted.
        """
        printed = [read_day(teaser.published_raw) if teaser.published_raw else None for teaser in teasers]
        undated = not any(printed)
        if undated:
            learned = days()
            printed = [learned.get(address(teaser.url)) for teaser in teasers]
        self.inserted = undated and any(not one and sum(known[:place]) >= OVERLAP for place, one in enumerate(known))
        for place, day in enumerate(printed):
            if day is None or (self.pages == 0 and place < PINNED):
                continue
            if self._last is not None:
                back = day > self._risen_from + timedelta(days=1)
                self.disorder += back and not undated
                self.learned_disorder += back and undated
                self.compared += undated
                if not back and day >= self._last:
                    self._last = day
                    continue  # a day later than the one before is no step back; several in a row come to one
            self._last = self._risen_from = day

    def goes_on(self) -> str | None:
        """What is new at the head has been seen: the page at which the unfinished pass goes on, if it was not read."""
        resume, self.resume = self.resume, None
        self.resumed = self.below_known = True
        return resume if resume not in self.met else None

    def ends(self, known: Sequence[bool], before: Sequence[bool] | None = None) -> bool:
        """Whether a page on which these articles are known is the last to be read, or the last of the head.

        Its last ones are the overlap: when all of them are known, so is what stands below. Whatever stands above, what
        is pinned and what is new, has been read. `before`: whether they were known before the unfinished pass began,
        where there is one.
        A pager that leads around in a circle shows nothing but what has been met; new articles alone never push so
        many pages down.
        """
        before = known if before is None else before
        if self.resumed:
            self.repeated = self.repeated + 1 if all(known) else 0
            return not self.deep and (self.settled(before) or self.repeated >= _MOST_REPEATED)
        if self.resume is None and (self.whole or self.unsorted or self.inserted):
            return False
        return self.settled(before)

    def repeats(self, url: str) -> bool:
        """Whether this page, the last one read, may have been kept before by a run that died before it took it in."""
        return (self.guarded and self.pages == 1) or url == self.stopped

    @staticmethod
    def settled(known: Sequence[bool]) -> bool:
        """Whether the overlap of a page is known."""
        return all(known[-OVERLAP:])
