"""An office that gives less than it used to is named, its run has failed, and the exit code says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler import health, health_table, migrations, registry, signs, suppression
from crawler.database import DatabaseProblem, open_database
from crawler.folder import locked
from crawler.frontier import Frontier
from crawler.publish.snapshot import publish
from crawler.standings import Report, Standing
from crawler.verdicts import judge
from crawler.visits import Visit
from normalize.model import Teaser
from tests.crawler.made import OFFICES, START, Bench, article, contents, register

LIST = "http://lipowo.praca.test/lista"


def page(number: int) -> str:
    return f"http://lipowo.praca.test/-/artykul-{number}"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def run(bench: Bench, teasers: int, *pages: Any) -> dict[str, Any]:
    """One more run, a day later: a list of so many teasers, and these pages; the account it gave."""
    bench.clock.forward(days=1)
    bench.run = bench.archive.begin_run("wiesci crawl")
    bench.sight(*map(page, range(teasers)))
    for one in pages:
        bench.save(one, body=f"{one.url} {bench.clock.at}")
    bench.archive.end_run(bench.run, "finished")
    bench.store.catch_up(bench.archive)
    (row,) = bench.store.office_runs(bench.run)
    return row


def outcome(bench: Bench) -> str:
    return str(bench.rows("SELECT outcome FROM runs WHERE id = ?", bench.run)[0][0])


def test_a_list_that_holds_over_40_percent_less_than_usual_fails_the_run(bench: Bench) -> None:
    for teasers in (20, 21, 20):
        assert run(bench, teasers)["outcome"] == "well"
    assert outcome(bench) == "finished"
    row = run(bench, 11)
    assert (row["outcome"], row["usual"]) == ("failed", 20)
    assert "volume: 11 teasers" in row["detail"]
    assert outcome(bench) == "failed"
    assert run(bench, 12)["outcome"] == "well"


def test_a_field_that_was_filled_and_is_empty_now_fails_the_run(bench: Bench) -> None:
    run(bench, 9, *(article(page(n), f"Treść {n}.") for n in range(5)))
    row = run(bench, 9, *(article(page(n), f"Treść {n}.", published=None) for n in range(5, 9)))
    assert row["outcome"] == "failed"
    assert "fill rate: published fell from 100% to 0" in row["detail"]
    assert outcome(bench) == "failed"


def test_one_or_two_pages_without_a_field_are_no_proof_until_further_ones_follow(bench: Bench) -> None:
    run(bench, 9, *(article(page(n), f"Treść {n}.") for n in range(5)))
    assert run(bench, 9, article(page(5), "Piąta.", published=None))["outcome"] == "well"
    assert run(bench, 9, article(page(6), "Szósta.", published=None))["outcome"] == "well"
    assert run(bench, 9)["outcome"] == "well"
    assert run(bench, 9, article(page(7), "Siódma.", published=None))["outcome"] == "failed"


def test_what_pages_may_lack_by_what_they_tell_needs_more_proof() -> None:
    def told(before: int, had: int, now: int, name: str = "attachments") -> tuple[str, ...]:
        return judge({"filled": {name: [now, 0]}}, [{"filled": {name: [before, had]}}]).failures

    assert told(8, 4, 12) == ()
    assert told(40, 20, 5) == ()
    assert told(40, 20, 20) == ("fill rate: attachments fell from 50% to 0",)
    assert told(40, 40, 5) == ("fill rate: attachments fell from 100% to 0",)
    assert told(40, 19, 40) == ()
    assert told(5, 5, 3, "published") == ("fill rate: published fell from 100% to 0",)
    assert told(5, 5, 2, "published") == ()


def test_a_rebuild_judges_every_run_as_it_was_judged(bench: Bench, tmp_path: Path) -> None:
    from crawler.store import Store

    run(bench, 20, *(article(page(n), f"Treść {n}.") for n in range(5)))
    run(bench, 20, *(article(page(n), f"Treść {n}.", published=None) for n in range(5, 9)))
    run(bench, 9)
    run(bench, 20, article(page(2), "Treść 2, zmieniona."))
    with Store.open(tmp_path / "again" / "news.db", bench.register) as store:
        for capture in bench.archive.article_offices():
            ((record,),) = bench.rows("SELECT record FROM understood WHERE capture = ?", capture)
            store.save(bench.archive.held(capture), "article", record, archive=bench.archive)
        store.catch_up(bench.archive)
        assert contents(store) == contents(bench.store)


def test_small_lists_and_another_address_of_the_list_are_not_called_a_fall() -> None:
    small = {"list": LIST, "teasers": 4}
    assert judge({"list": LIST, "teasers": 1}, [small, small]).failures == ()
    feed = {"list": LIST + "/feed", "teasers": 50}
    told = judge({"list": LIST, "teasers": 10}, [feed])
    assert told.failures == ()
    assert told.warnings[0].startswith("way: ")


def test_the_band_is_made_of_the_latest_runs() -> None:
    past = [{"list": LIST, "teasers": 10}] * 12 + [{"list": LIST, "teasers": 50}] * 8
    assert judge({"list": LIST, "teasers": 8}, past).usual == 10


def test_pages_built_otherwise_are_noticed() -> None:
    one = signs.sketch([b'<div class="news item"><h1 class="title">A</h1><p>B</p></div>'])
    same = signs.sketch([b'<div class="item news"><h1 class="title">C</h1><p>D</p><p>E</p></div>'])
    other = signs.sketch([b'<section id="x"><h2 class="naglowek">A</h2><span class="tresc">B</span></section>'])
    assert signs.likeness(one, same) == 1.0
    assert signs.likeness(one, other) < 0.5
    told = judge({"sketch": other}, [{"sketch": one}])
    assert told.warnings[0].startswith("structure: ")


def test_server_trouble_and_pages_that_are_no_articles_are_warnings() -> None:
    told = judge({"answers": {"asked": 4, "unreachable": 3, "refused": 0}, "unusable": {"bot_protection": 5}}, [])
    assert told.failures == ()
    assert [warning.partition(":")[0] for warning in told.warnings] == ["server", "pages"]


def test_a_report_of_today_knows_silence_freshness_and_completeness(bench: Bench) -> None:
    days = [f"2026-02-{day:02d}" for day in range(1, 29, 3)]
    run(bench, 10, *(article(page(n), f"Treść {n}.", published=day) for n, day in enumerate(days)))
    assert standing(bench).state == "well"
    bench.clock.forward(days=13)
    assert standing(bench).troubles[0].startswith("freshness: nothing new for 13 days; it usually publishes every 3")
    bench.clock.forward(days=10)
    assert (standing(bench).state, standing(bench).troubles[0][:8]) == ("failed", "silence:")


def test_what_a_list_announces_is_compared_with_what_is_held(bench: Bench) -> None:
    bench.archive._db.execute(
        "INSERT INTO announced (run, office, total, deep, at) VALUES (?, 'pup-lipowo', 412, 1, '')", (bench.run,)
    )
    bench.sight(page(1))
    bench.save(article(page(1), "Treść."))
    bench.store.catch_up(bench.archive)
    assert standing(bench).troubles == ("completeness: its list announces 412, held are 1",)


def test_what_lists_named_and_is_not_held_is_listed_with_its_reason(bench: Bench) -> None:
    urls = [page(n) for n in range(5)]
    kept = bench.sight(*urls)
    named = [(Teaser(url=url, title="Tytuł"), (kept.capture, n)) for n, url in enumerate(urls)]
    Frontier(bench.archive).meet(named, "pup-lipowo", bench.clock.at)
    bench.archive._db.execute(
        "INSERT INTO announced (run, office, total, deep, at) VALUES (?, 'pup-lipowo', 5, 1, '')", (bench.run,)
    )
    bench.save(article(urls[0], "Treść."))
    bench.save(None, url=urls[1])
    gone = Visit(office="pup-lipowo", purpose="article", url=urls[2], outcome="gone", status=404)
    bench.archive.note(bench.run, gone)
    bench.store.catch_up(bench.archive)
    assert [(one.url, one.outcome) for one in standing(bench).missing] == [
        (urls[1], "soft_404"),
        (urls[2], "gone"),
        (urls[3], None),
        (urls[4], None),
    ]
    assert standing(bench).troubles == (
        "completeness: its list announces 5, held are 1; 4 more are named: 1 gone, 2 not visited yet, 1 soft_404",
    )
    bench.save(article(urls[3], "Inna treść.", title="Targi pracy"))
    suppression.add(bench.folder, "address", [urls[4]], clock=bench.clock)
    bench.store.suppressions = suppression.Suppressions.beside(bench.folder / "news.db")
    bench.store.catch_up(bench.archive)
    assert [one.url for one in standing(bench).missing] == [urls[1], urls[2]]


def test_an_office_never_crawled_is_no_failure_but_no_run_at_all_is(bench: Bench) -> None:
    report = health.report(bench.folder / "news.db", bench.register, bench.clock.at)
    assert {one.state for one in report.offices} == {"never"}
    assert report.exit_code == 3
    run(bench, 5)
    report = health.report(bench.folder / "news.db", bench.register, bench.clock.at)
    assert report.exit_code == 0


def test_a_missed_run_is_noticed(bench: Bench) -> None:
    run(bench, 5)
    bench.clock.forward(hours=30)
    late = health.report(bench.folder / "news.db", bench.register, bench.clock.at, overdue=timedelta(hours=26))
    assert late.overdue is not None
    assert "26 h" in late.overdue
    assert late.exit_code == 1


@pytest.mark.parametrize(
    ("met", "told"),
    [
        (("timeout", "timeout", "timeout"), "timeout"),
        (("timeout", "server_trouble", "server_trouble"), "timeout"),  # after some, the rest was not asked any more
        (("server_trouble", "server_trouble", "server_trouble"), "server_trouble"),
        (("asked_to_wait", "asked_to_wait", "asked_to_wait"), "asked_to_wait"),
    ],
)
def test_a_server_that_is_down_is_reported_once(
    tmp_path: Path, met: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        {**OFFICES[0], "id": f"pup-{name}", "url": f"http://{name}.praca.test/aktualnosci"}
        for name in ("lipowo", "debno", "brzoza", "klon")
    ]
    bench = Bench(tmp_path)
    bench.store.close()
    bench.register = registry.load(practice=lines)
    from crawler.store import Store

    bench.store = Store.open(tmp_path / "news.db", bench.register)
    bench.sight(page(1))
    for line, word in zip(lines[1:], met, strict=True):
        visit = Visit(office=line["id"], purpose="list", url=line["url"], outcome=word, detail="30 s")
        bench.archive.note(bench.run, visit)
    bench.archive.end_run(bench.run, "finished")
    bench.store.catch_up(bench.archive)
    report = health.report(tmp_path / "news.db", bench.register, bench.clock.at)
    (outage,) = report.outages
    assert (outage.server, outage.outcome, len(outage.offices)) == ("praca.test", told, 3)
    assert {one.troubles for one in report.failed} == {("with its server praca.test",)}
    assert {one.outage for one in report.failed} == {"praca.test"}
    assert report.exit_code == 1
    health_table.show(report)
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == f"server praca.test: {told}, 3 offices"
    assert not [line for line in shown if line.startswith("pup-")]
    assert "failed 3" in shown[-1]
    health_table.show(report, everything=True)
    assert len([one for one in capsys.readouterr().out.splitlines() if "with its server praca.test" in one]) == 3
    bench.close()


def test_the_views_answer_in_datasette(bench: Bench) -> None:
    run(bench, 9, *(article(page(n), f"Treść {n}.") for n in range(5)))
    assert bench.rows("SELECT outcome, articles FROM office_health WHERE office = 'pup-lipowo'") == [("well", 5)]
    assert dict(bench.rows("SELECT field, rate FROM fill_rates"))["published"] == 1.0
    assert json.loads(bench.rows("SELECT signs FROM office_runs")[0][0])["teasers"] == 9


def standing(bench: Bench) -> Standing:
    report = health.report(bench.folder / "news.db", register(), bench.clock.at)
    return next(one for one in report.offices if one.office == "pup-lipowo")


def test_a_copy_for_readers_is_not_replaced_while_an_office_has_fallen(bench: Bench, tmp_path: Path) -> None:
    run(bench, 20)
    file = tmp_path / "public" / "news.db"
    publish(tmp_path / "news.db", file)
    before = file.read_bytes()
    run(bench, 11)
    with pytest.raises(health.SourcesFailed, match=r"pup-lipowo: volume: 11 teasers"):
        publish(tmp_path / "news.db", file)
    assert file.read_bytes() == before
    publish(tmp_path / "news.db", file, even_so=True)
    run(bench, 20)
    publish(tmp_path / "news.db", file)


def test_a_run_that_only_visits_articles_says_nothing_of_the_offices_list(bench: Bench) -> None:
    run(bench, 20)
    run(bench, 11)  # it has fallen: failed
    bench.clock.forward(days=1)
    bench.run = bench.archive.begin_run("wiesci crawl --due")
    bench.save(article(page(1), "Treść."), body="inna")
    bench.archive.end_run(bench.run, "finished")
    bench.store.catch_up(bench.archive)
    (row,) = bench.store.office_runs(bench.run)
    assert (row["outcome"], row["teasers"]) == ("well", 0)
    assert outcome(bench) == "finished"
    (standing,) = [one for one in _report(bench).offices if one.office == "pup-lipowo"]
    assert standing.state == "failed"  # as the last run that read the list said
    assert standing.last_well != bench.run


def only_articles(bench: Bench, *bodies: str) -> dict[str, Any]:
    """One more run, a day later, that reads no list: pages with these bodies."""
    bench.clock.forward(days=1)
    bench.run = bench.archive.begin_run("wiesci crawl --due")
    for number, body in enumerate(bodies):
        bench.save(article(page(number), f"Treść {number} z {bench.clock.at}."), body=body)
    bench.archive.end_run(bench.run, "finished")
    bench.store.catch_up(bench.archive)
    (row,) = bench.store.office_runs(bench.run)
    return row


def test_pages_built_otherwise_that_only_visits_of_articles_met_are_told_then_and_by_the_next_walk(
    bench: Bench,
) -> None:
    old, new = (
        "".join(f"<{tag} class='{name}{word}'>" for word in "abcdefgh")
        for tag, name in (("div", "wpis-"), ("section", "news-"))
    )
    run(bench, 9)
    assert only_articles(bench, old + "1", old + "2")["warnings"] is None
    run(bench, 9)
    assert standing(bench).state == "well"
    assert "structure: " in only_articles(bench, new + "1", new + "2")["warnings"]
    assert [one.partition(":")[0] for one in standing(bench).troubles] == ["structure"]
    only_articles(bench, new + "3")
    assert [one.partition(":")[0] for one in standing(bench).troubles] == ["structure"]
    run(bench, 9)
    assert [one.partition(":")[0] for one in standing(bench).troubles] == ["structure"]
    run(bench, 9)
    assert standing(bench).state == "well"


def test_a_run_that_was_killed_is_told_until_the_next_one_has_ended(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    run(bench, 9)
    assert _report(bench).unfinished is None
    bench.clock.forward(days=1)
    killed = bench.archive.begin_run("wiesci crawl --due")
    found = _report(bench)
    assert (found.last_run, found.last_outcome, found.exit_code) == (killed, "did not end", 3)
    health_table.show(found)
    assert "killed: the run of 2026-03-04T08:01 (wiesci crawl --due) did not end" in capsys.readouterr().out
    assert found.as_dict()["unfinished"] == found.unfinished
    run(bench, 9)
    assert (_report(bench).unfinished, _report(bench).exit_code) == (None, 0)


def test_a_run_under_way_was_not_killed(bench: Bench) -> None:
    run(bench, 9)
    bench.archive.begin_run("wiesci crawl --due")
    with locked(bench.folder):
        assert _report(bench).unfinished is None
    assert _report(bench).unfinished is not None


def test_what_was_put_off_is_no_failure_and_is_told_with_its_server(bench: Bench) -> None:
    run(bench, 20)
    bench.clock.forward(days=1)
    bench.run = bench.archive.begin_run("wiesci crawl --due")
    for url, purpose in ((LIST, "list"), (page(1), "article"), (page(2), "article")):
        bench.archive.note(
            bench.run,
            Visit(
                office="pup-lipowo",
                purpose=purpose,  # type: ignore[arg-type]
                url=url,
                outcome="over_budget",
                detail="praca.test: 20 requests on 2026-03-04",
            ),
        )
    bench.archive.end_run(bench.run, "finished")
    bench.store.catch_up(bench.archive)
    (row,) = bench.store.office_runs(bench.run)
    assert (row["outcome"], row["postponed"], row["failed"]) == ("postponed", 3, 0)
    found = _report(bench)
    assert [(one.outcome, one.addresses, one.offices) for one in found.postponed] == [("over_budget", 3, 1)]
    assert found.exit_code == 0
    assert json.loads(json.dumps(found.as_dict()))["postponed"][0]["detail"].startswith("praca.test: 20 requests")


def test_an_office_whose_list_an_interruption_left_unread_has_not_failed(bench: Bench) -> None:
    run(bench, 9)
    bench.clock.forward(days=1)
    bench.run = bench.archive.begin_run("wiesci crawl")
    failed = Visit(office="pup-lipowo", purpose="list", url=LIST, outcome="layout_changed", status=200)
    bench.archive.note(bench.run, failed)
    bench.archive.end_run(bench.run, "interrupted")
    bench.store.catch_up(bench.archive)
    (row,) = bench.store.office_runs(bench.run)
    assert (row["outcome"], row["detail"]) == ("postponed", "interrupted: before its list was read")
    assert not _report(bench).failed


def test_an_office_tells_when_its_lists_are_due_and_why_then(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    run(bench, 20)
    Frontier(bench.archive).walks.complete("pup-lipowo", bench.clock(), deep=False, unsorted=False)
    (standing,) = [one for one in _report(bench).offices if one.office == "pup-lipowo"]
    assert standing.lists_due == "2026-03-03T20:01:00.000Z"
    assert standing.habit == "when it publishes is not known yet; its lists are read about every 12 h"
    health_table.show(_report(bench), everything=True)
    assert "lists due 2026-03-03T20:01 (when it publishes is not known yet" in capsys.readouterr().out


def _report(bench: Bench) -> Report:
    return health.report(bench.folder / "news.db", bench.register, bench.clock())


def test_a_database_of_an_older_version_is_not_told_of_as_a_damaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the timer of health finds it after an update, before the next crawl."""
    steps = migrations._steps

    def before(name: str) -> Any:
        known = steps(name)
        known._migrations = [step for step in known._migrations if step.name < "news_0003"]
        return known

    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "_steps", before)
        open_database(tmp_path / "news.db", "news").close()
    with pytest.raises(DatabaseProblem, match="was made by an older version") as told:
        health.report(tmp_path / "news.db", register(), START)
    assert "damaged" not in str(told.value)
