"""An office's habit is learned from what is honestly known, and moves its walks without stretching them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from crawler import rhythm
from crawler.appearances import Appearance, appearance, dull_time, printed_instant
from crawler.frontier import Frontier
from crawler.habits import Habit, learn, learn_from
from crawler.visits import Visit
from normalize.model import Teaser
from normalize.published import WARSAW
from tests.crawler.made import Bench

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def warsaw(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=WARSAW).astimezone(UTC)  # type: ignore[misc, arg-type]


def at(instant: datetime) -> Appearance:
    return Appearance(since=instant, by=instant)


def working_days(hour: int, weeks: int = 8, days: int = 5) -> list[Appearance]:
    """One article on each working day, at this hour in Warsaw, minutes apart from day to day."""
    first = date(2026, 1, 5)
    return [
        at(datetime.combine(first + (7 * week + day) * DAY, time(hour, 5 * day + week), WARSAW).astimezone(UTC))
        for week in range(weeks)
        for day in range(days)
    ]


@pytest.mark.parametrize(
    ("printed", "instant"),
    [
        ("2026-03-05T08:35", warsaw(2026, 3, 5, 8, 35)),
        ("2026-07-05T08:35:10", warsaw(2026, 7, 5, 8, 35, 10)),
        ("2026-03-05T08:35:00+02:00", datetime(2026, 3, 5, 6, 35, tzinfo=UTC)),
        ("2026-03-05T08:35:00Z", datetime(2026, 3, 5, 8, 35, tzinfo=UTC)),
        ("Thu, 05 Mar 2026 08:35:00 +0100", warsaw(2026, 3, 5, 8, 35)),
        ("Thu, 05 Mar 2026 08:35:00 GMT", datetime(2026, 3, 5, 8, 35, tzinfo=UTC)),
        ("Thu, 05 Mar 2026 08:35:00 -0000", datetime(2026, 3, 5, 8, 35, tzinfo=UTC)),
        ("Dodano: czwartek, 5 marca 2026 (8:35)", warsaw(2026, 3, 5, 8, 35)),
        ("5 marca 2026 r., 08:35", warsaw(2026, 3, 5, 8, 35)),
        ("2026-03-05", None),
        ("5 marca 2026", None),
        ("05.03.2026 godz. 8:00–16:00", None),
        ("5 marca 2026 25:10", None),
        ("9:15", None),
        ("", None),
        ("2026-13-45T99:99", None),
    ],
)
def test_an_instant_is_read_only_where_a_day_and_one_time_are_printed(printed: str, instant: datetime | None) -> None:
    assert printed_instant(printed) == instant


def test_the_printed_minute_counts_where_the_lists_do_not_contradict_it() -> None:
    window = (warsaw(2026, 3, 5, 6), warsaw(2026, 3, 5, 12))
    assert appearance("2026-03-05T08:35", None, window) == at(warsaw(2026, 3, 5, 8, 35))
    assert appearance("2026-03-05T08:35", None, None) == at(warsaw(2026, 3, 5, 8, 35))
    dated_back = appearance("2026-03-01T08:35", date(2026, 3, 1), window)
    assert dated_back == Appearance(since=window[0], by=window[1])
    ahead = appearance("2026-03-09T08:35", None, window)
    assert ahead == Appearance(since=window[0], by=window[1])


def test_a_day_without_a_time_is_a_day_long_in_warsaw_also_when_the_clocks_change() -> None:
    spring = appearance("29 marca 2026", date(2026, 3, 29), None)
    autumn = appearance("25 października 2026", date(2026, 10, 25), None)
    assert spring is not None
    assert autumn is not None
    assert (spring.span, autumn.span) == (23 * HOUR, 25 * HOUR)
    within = appearance(None, date(2026, 3, 5), (warsaw(2026, 3, 4, 18), warsaw(2026, 3, 5, 9)))
    assert within == Appearance(since=warsaw(2026, 3, 5), by=warsaw(2026, 3, 5, 9))


def test_midnight_and_the_hour_that_a_system_puts_on_everything_are_no_hours() -> None:
    day = Appearance(since=warsaw(2026, 3, 5), by=warsaw(2026, 3, 6))
    assert appearance("2026-03-05T00:00:00", date(2026, 3, 5), None) == day
    printed = [f"2026-03-{day:02}T10:00:00" for day in range(1, 9)]
    assert dull_time(printed) == time(10)
    assert appearance("2026-03-05T10:00:00", date(2026, 3, 5), None, dull=time(10)) == day
    assert dull_time([f"2026-03-{day:02}T{day + 5:02}:10:00" for day in range(1, 9)]) is None
    assert dull_time(printed[:3]) is None


def test_nothing_known_is_the_usual_pause_at_any_hour() -> None:
    assert learn([]) == Habit()
    assert abs(rhythm.next_list(MONDAY, Habit()) - MONDAY - rhythm.USUAL_LIST) < timedelta(seconds=1)
    assert "not known" in Habit().told()


def test_an_office_is_read_at_a_third_of_its_usual_gap_within_bounds() -> None:
    weekly = [at(MONDAY - 7 * n * DAY) for n in range(10)]
    hourly = [at(MONDAY - n * HOUR) for n in range(40)]
    assert learn(weekly).pause == timedelta(days=7) / 3
    assert learn(hourly).pause == rhythm.SOONEST_LIST
    assert learn([at(MONDAY - 90 * n * DAY) for n in range(10)]).pause == rhythm.LATEST_LIST
    assert learn(weekly[:3]).pause == rhythm.USUAL_LIST


def test_what_comes_within_three_hours_is_one_piece_of_news() -> None:
    thrice = [at(MONDAY - 7 * n * DAY + minutes * HOUR / 60) for n in range(10) for minutes in (0, 10, 25)]
    assert learn(thrice).pause == timedelta(days=7) / 3


def test_weekday_and_hour_are_learned_and_the_walks_move_there() -> None:
    habit = learn(working_days(9))
    assert habit.learned_from == 40
    assert habit.hours[9] == max(habit.hours)
    assert habit.weekdays[5:] == (0.0, 0.0)
    assert habit.told().startswith("publishes Mon to Fri, 8:00-11:00 in Warsaw (learned from 40 articles)")
    evening = warsaw(2026, 3, 3, 18)
    assert warsaw(2026, 3, 4, 9) < rhythm.next_list(evening, habit) <= warsaw(2026, 3, 4, 11)
    before_nine, at_noon = warsaw(2026, 3, 6, 8), warsaw(2026, 3, 6, 12)
    assert rhythm.next_list(before_nine, habit) < warsaw(2026, 3, 6, 12)  # what came is not left until Monday
    assert rhythm.next_list(at_noon, habit) > warsaw(2026, 3, 7, 6)  # half a day in which nothing is expected


def test_walks_far_apart_tell_nothing_of_the_hour() -> None:
    found = [Appearance(since=MONDAY + n * DAY, by=MONDAY + (n + 1) * DAY) for n in range(40)]
    assert learn(found).hours == (1.0,) * 24
    assert learn([Appearance(since=one.since, by=one.since + 7 * DAY) for one in found]).weekdays == (1.0,) * 7


def test_a_whole_archive_taken_in_at_once_teaches_no_hour() -> None:
    assert learn([at(MONDAY)] * 60).learned_from == 0


def test_what_was_learned_long_ago_gives_way() -> None:
    morning = working_days(8, weeks=12)
    shift = 12 * 7 * DAY
    later = [at(one.by + shift + 9 * HOUR) for one in working_days(8, weeks=12)]
    habit = learn([*morning, *later])
    assert max(range(24), key=habit.hours.__getitem__) in (17, 18)  # the clocks change in between


@pytest.mark.parametrize("seed", range(40))
def test_no_office_waits_longer_than_three_days_or_less_than_three_hours_whatever_was_learned(seed: int) -> None:
    chance = random.Random(seed)
    habit = Habit(
        pause=timedelta(hours=chance.choice([3, 5, 12, 40, 72])),
        weekdays=tuple(chance.choice([0.0, 0.0, 7.0, 1.4]) for _ in range(7)),
        hours=tuple(chance.choice([0.0, 0.0, 24.0, 3.0]) for _ in range(24)),
        learned_from=40,
    )
    for _ in range(50):
        now = datetime(2026, 1, 1, tzinfo=UTC) + chance.random() * 365 * DAY
        due = rhythm.next_list(now, habit)
        assert rhythm.SOONEST_LIST <= due - now <= rhythm.LATEST_LIST
        assert due == rhythm.next_list(now, Habit.read(habit.written()))


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_on_the_days_on_which_the_clocks_change_the_walk_is_at_the_local_hour(day: date) -> None:
    """Sundays: of an office that publishes every day at nine."""
    every = [
        at(datetime.combine(date(2026, 1, 5) + n * DAY, time(9, n % 50), WARSAW).astimezone(UTC)) for n in range(60)
    ]
    habit = learn(every)
    noon = datetime.combine(day - DAY, time(12), WARSAW).astimezone(UTC)
    due = rhythm.next_list(noon, habit)
    local = due.astimezone(WARSAW)
    assert (local.date(), local.hour in (7, 8, 9, 10)) == (day, True)


def test_an_order_of_arrival_does_not_matter() -> None:
    found = working_days(9)
    assert learn(found[::-1]) == learn(found)


def test_learned_walks_find_news_sooner_with_no_more_requests() -> None:
    """A year of an office that publishes on working days between eight and fifteen, seen by its walks alone."""
    chance = random.Random(7)
    news = sorted(
        datetime.combine(date(2026, 1, 1) + n * DAY, time(), WARSAW).astimezone(UTC) + chance.uniform(8, 15) * HOUR
        for n in range(365)
        if (date(2026, 1, 1) + n * DAY).weekday() < 5 and chance.random() < 0.7
    )
    flat, learned = _year(news, learning=False), _year(news, learning=True)
    assert learned[0] <= flat[0]
    assert learned[1] < 0.75 * flat[1]
    assert learned[2] <= flat[2] + 1


def _year(news: list[datetime], *, learning: bool) -> tuple[int, float, float]:
    """How many walks; from publication to the walk that finds it: the mean of the hours, and the most."""
    now = before = datetime(2026, 1, 1, 4, tzinfo=UTC)
    seen: list[Appearance] = []
    walks, place = 0, 0
    waited: list[float] = []
    while place < len(news):
        walks += 1
        while place < len(news) and news[place] <= now:
            waited.append((now - news[place]) / HOUR)
            seen.append(Appearance(since=before, by=now))
            place += 1
        habit = learn(seen)
        if not learning:
            habit = Habit(pause=habit.pause)
        before, now = now, rhythm.next_list(now, habit)
    return walks, sum(waited) / len(waited), max(waited)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def _walk(bench: Bench, frontier: Frontier, *slugs: str, fresh: bool = True) -> None:
    office, url = "pup-lipowo", "http://lipowo.praca.test/lista"
    visit = Visit(office=office, purpose="list", url=url, outcome="stored", status=200)
    teasers = [Teaser(url=f"http://lipowo.praca.test/-/{slug}", published_raw="2 marca 2026") for slug in slugs]
    kept = bench.archive.keep(bench.run, visit, " ".join(slugs).encode(), content_type=None, teasers=teasers)
    now = bench.clock()
    frontier.walks.begin(office, now)
    frontier.meet([(one, (kept.capture, n)) for n, one in enumerate(teasers)], office, now, fresh=fresh)
    frontier.walks.complete(office, now, deep=False, unsorted=False)


def test_an_article_came_to_light_between_the_last_walk_without_it_and_the_first_with_it(bench: Bench) -> None:
    frontier, begun = Frontier(bench.archive), bench.clock()
    _walk(bench, frontier, "a")
    bench.clock.forward(hours=5)
    _walk(bench, frontier, "b", "a")
    bench.clock.forward(hours=1)
    _walk(bench, frontier, "b", "a", "stary", fresh=False)
    windows = {where.rsplit("/")[-1]: told for where, told in frontier.windows("pup-lipowo").items()}
    assert windows["a"][:2] == (None, begun)
    assert windows["b"] == (begun, begun + 5 * HOUR, "2 marca 2026")
    assert windows["stary"][0] is None


def test_after_a_walk_that_was_broken_off_nothing_is_said_to_be_new(bench: Bench) -> None:
    frontier = Frontier(bench.archive)
    _walk(bench, frontier, "a")
    bench.clock.forward(hours=5)
    frontier.walks.begin("pup-lipowo", bench.clock())
    bench.clock.forward(hours=5)
    _walk(bench, frontier, "b", "a")
    assert next(iter(frontier.windows("pup-lipowo").values()))[0] is None


def test_pages_and_lists_together_teach_the_habit_which_stays_with_the_walk(bench: Bench) -> None:
    windows = {f"a{n}": (None, MONDAY, None) for n in range(40)}
    published = {
        f"a{n}": (one.by.date().isoformat(), f"Dodano: {one.by.astimezone(WARSAW):%d.%m.%Y %H:%M}")
        for n, one in enumerate(working_days(9))
    }
    habit = learn_from(windows, published)
    assert habit == learn(working_days(9))
    frontier = Frontier(bench.archive)
    frontier.walks.complete("pup-lipowo", MONDAY, deep=False, unsorted=False, habit=habit)
    walked = frontier.walks.of("pup-lipowo")
    assert walked.habit == habit
    assert walked.due == rhythm.next_list(MONDAY, habit)
    assert learn_from(windows, {}) == Habit()  # only that they were all there at the first walk
