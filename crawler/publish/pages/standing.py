"""Where a call stands on a day in Poland, by the same rule as the question "Otwarte nabory". Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from crawler.publish.polish import days_left
from crawler.publish.when import apart, days, moment

State = Literal["open", "planned", "closed", "results", "cancelled", "unannounced", "unknown"]
ENDINGS = ("closed", "cancelled", "results")
_ENDED: Mapping[str, State] = {"closed": "closed", "cancelled": "cancelled", "results": "results"}
OPEN_ENDED_FOR = 365
"""Days after the last word of it in which a call without a deadline counts as open."""
SOON = 7
_NAMES: Mapping[str, str] = {
    "open": "trwa",
    "planned": "jeszcze się nie zaczął",
    "closed": "zakończony",
    "results": "rozstrzygnięty",
    "cancelled": "unieważniony",
    "unannounced": "jeszcze nie ogłoszony",
    "unknown": "nie wiadomo, czy trwa",
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    state: State
    day: str
    left: int | None = None
    """Days until the deadline, 0 on the last one; None where there is no day."""
    until: str | None = None
    """The deadline as the texts give it."""
    starts_in: int | None = None

    @property
    def name(self) -> str:
        return _NAMES[self.state]

    @property
    def soon(self) -> bool:
        return self.state == "open" and self.left is not None and self.left <= SOON

    @property
    def words(self) -> str:
        """ "zostało 5 dni", "ostatni dzień, do 15:30", "zacznie się za 3 dni", "zakończony"."""
        if self.state == "open":
            if self.left == 0 and self.until and "T" in self.until:
                return f"ostatni dzień, do {self.until[11:16]}"
            if self.left is None and self.until:
                return f"trwa do: {moment(self.until)}"
            return days_left(self.left)
        if self.state == "planned" and self.starts_in:
            return f"zacznie się za {days(self.starts_in)}"
        return self.name


def standing(call: Mapping[str, Any] | Any, said: Iterable[tuple[str, str]], day: str) -> Standing:
    """`call`: a row of `calls`; `said`: (event, day of the article) of each of its articles; `day`: `2022-06-01`."""
    told = sorted((when[:10], event) for event, when in said)
    heard = [one for one in told if one[0] <= day]
    opens, closes = call["opens"], call["closes"]
    if not heard:
        return Standing(state="unannounced", day=day, until=closes)
    if call["event"] in ENDINGS:
        ended = [event for _, event in heard if event in ENDINGS]
        if ended or not any(event in ENDINGS for _, event in told):
            return Standing(state=_ENDED[ended[-1] if ended else call["event"]], day=day, until=closes)
    if opens and opens[:10] > day:
        return Standing(state="planned", day=day, until=closes, starts_in=apart(day, opens))
    if closes:
        if not closes.startswith("--") and closes[:10] >= day[: len(closes[:10])]:
            return Standing(state="open", day=day, until=closes, left=apart(day, closes))
        return Standing(state="unknown" if closes.startswith("--") else "closed", day=day, until=closes)
    if call["open_ended"]:
        since = apart(heard[-1][0], day)
        if since is not None and since <= OPEN_ENDED_FOR:
            return Standing(state="open", day=day)
    return Standing(state="unknown", day=day)
