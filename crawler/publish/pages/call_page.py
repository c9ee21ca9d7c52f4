"""The page of a call: where it stands today, and its life over the articles and revisions that speak of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from datasette.utils import tilde_encode

from crawler.publish.labels import label
from crawler.publish.pages import calls_shown, reports
from crawler.publish.pages.calls_shown import ShownCall, shown
from crawler.publish.pages.corrected import Corrected, corrections
from crawler.publish.pages.methods import told
from crawler.publish.pages.revised import changes
from crawler.publish.when import local_day, moment

MOST = 100
_CALL = (
    "SELECT calls.*, offices.name AS office_name FROM calls JOIN offices ON offices.id = calls.office"
    " WHERE calls.id = :id"
)
_SAID = f"""
SELECT call_articles.event, call_articles.raw, articles.id AS article, articles.title, articles.published,
  articles.first_seen, articles.gone
FROM call_articles JOIN articles ON articles.id = call_articles.article WHERE call_articles.call = :id
ORDER BY coalesce(articles.published, articles.first_seen), articles.id LIMIT {MOST}
"""
_REVISED = f"""
SELECT revisions.article, revisions.seen, revisions.changes FROM call_articles
JOIN revisions ON revisions.article = call_articles.article
WHERE call_articles.call = :id AND revisions.changes LIKE '%deadline_extended%'
ORDER BY revisions.seen DESC, revisions.id DESC LIMIT {MOST}
"""
_PROGRAMME = "SELECT id, name FROM programmes WHERE id = :programme"
_OTHERS = "SELECT id FROM calls WHERE office = :office AND id != :id AND (closes >= :day OR closes IS NULL)"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing in a call's life: a day of its own, what an article said of it, or a deadline moved on a page."""

    day: str
    """`2022-06-01`, a month, or "" where no day is known."""
    what: str
    when: str
    article: str | None = None
    title: str = ""
    words: str = ""
    said: bool = False
    """An article said it, in these words; else it is a day, or a page that was changed."""
    event: str = ""
    future: bool = False


@dataclass(frozen=True, kw_only=True)
class CallPage:
    row: Any
    call: ShownCall
    steps: Sequence[Step]
    articles: Sequence[Any]
    programme: Any
    how: str
    corrected: Sequence[Corrected]
    others: Sequence[ShownCall]
    report: str

    @property
    def heading(self) -> str:
        """Its title, which mostly says by itself that it is one of a call."""
        return self.call.title if "nabór" in self.call.title.lower() else f"Nabór: {self.call.title}"


async def read(datasette: Any, database: Any, id: str, *, day: str, request: Any) -> CallPage | None:
    """None where there is no such call."""
    row = (await database.execute(_CALL, {"id": id})).first()
    if row is None:
        return None
    said = (await database.execute(_SAID, {"id": id})).rows
    revised = (await database.execute(_REVISED, {"id": id})).rows
    programme = None
    if row["programme"]:
        programme = (await database.execute(_PROGRAMME, {"programme": row["programme"]})).first()
    call = (await shown(database, [row], day))[0]
    others = await calls_shown.open_calls(database, _OTHERS, {"office": row["office"], "id": id}, day)
    page = datasette.absolute_url(request, datasette.urls.row(database.name, "calls", tilde_encode(id)))
    return CallPage(
        row=row,
        call=call,
        steps=_steps(row, said, revised, day),
        articles=said,
        programme=programme,
        how=told(row["method"]),
        corrected=await corrections(database, [one["article"] for one in said], call=row),
        others=others[:5],
        report=reports.report_address(datasette, record=f"calls/{id}", title=call.title, page=page),
    )


def _steps(row: Any, said: Sequence[Any], revised: Sequence[Any], day: str) -> list[Step]:
    steps = []
    for one in said:
        steps.append(
            Step(
                day=(one["published"] or local_day(one["first_seen"]))[:10],
                when=moment((one["published"] or local_day(one["first_seen"]))[:10]),
                what=label("calls", "event", one["event"]) or one["event"],
                article=one["article"],
                title=one["title"] or "",
                words=one["raw"],
                said=True,
                event=one["event"],
            )
        )
    for article, seen, before, after in _moved(row["closes"], revised):
        noticed = local_day(seen)
        what = f"na stronie zmieniono termin: {moment(before)} → {moment(after)}"
        steps.append(Step(day=noticed, when=moment(noticed), what=what, article=article, event="extended"))
    for value, what in ((row["opens"], "początek składania"), (row["closes"], "ostatni dzień składania")):
        if value:
            steps.append(Step(day=value[:10], when=moment(value), what=what, future=value[:10] > day))
    return sorted(steps, key=lambda step: (step.day.startswith("--"), step.day, not step.article))


def _moved(closes: str | None, revised: Sequence[Any]) -> list[tuple[str, str, str, str]]:
    """(article, seen, before, after) of the changes that led to this deadline: a page may tell of several calls."""
    wanted = {closes[:10]} if closes else set[str]()
    moved = []
    for one in revised:
        for change in changes(one["changes"]):
            before, after = change.values
            if change.kind == "deadline_extended" and after[:10] in wanted and before:
                wanted.add(before[:10])
                moved.append((one["article"], one["seen"], before, after))
    return moved
