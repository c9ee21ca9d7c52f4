"""The account of a run, an office a row: made anew from the ledger and from what was understood."""

from __future__ import annotations

import json
from collections.abc import Collection

from crawler import signs, tallies, verdicts
from crawler.archive import Archive
from crawler.database import Connection
from crawler.outcomes import CONFIRMING, POSTPONED, PUT_OFF
from crawler.rows import Row, insert, selected, upsert

DROPPED = ("bad_link", "out_of_scope", "gone", "robots", "duplicate", "suppressed")
"""Outcomes of addresses that were rightly left alone."""
INTERRUPTED = "interrupted: before its list was read"
"""Detail of an office that had no more of its ways tried: that is nothing it failed in."""


def account(db: Connection, run: str, archive: Archive, offices: Collection[str]) -> set[str]:
    """Make one run's rows anew from the ledger and from what was understood; the offices they tell of."""
    row_id, command, started, finished, outcome = archive.run(run)
    upsert(
        db,
        "runs",
        {"id": row_id, "command": command, "started": started, "finished": finished, "outcome": outcome},
        key="id",
    )
    effects: dict[str, dict[str, int]] = {}
    for office, effect, count in db.execute(
        "SELECT office, coalesce(effect, 'dropped'), count(*) FROM understood WHERE run = ? GROUP BY 1, 2", (run,)
    ):
        effects.setdefault(office, {})[effect] = count
    failures = tallies.failures(archive.connection, run)
    unchanged = tallies.unchanged(archive.connection, run)
    before = dict(db.execute("SELECT office, signs FROM office_runs WHERE run = ?", (run,)))
    shown = signs.read(db, archive, run, {office: json.loads(told) for office, told in before.items()})
    db.execute("DELETE FROM office_runs WHERE run = ?", (run,))
    told_of = {office: visits for office, visits in tallies.tally(archive.connection, run).items() if office in offices}
    for office, visits in told_of.items():
        if office in failures:
            shown.setdefault(office, {})["trouble"] = failures[office]
        if not any(purpose == "list" for purpose, _ in visits):
            shown.setdefault(office, {})["unread"] = "not asked for"
        elif outcome == "interrupted" and ("pages", "read") not in visits:
            shown.setdefault(office, {}).update(unread="postponed", trouble=INTERRUPTED)
        elif failures.get(office, "").startswith(POSTPONED) and ("pages", "read") not in visits:
            shown.setdefault(office, {})["unread"] = "postponed"
        told = signs.written(shown.get(office, {}))
        said = effects.get(office, {})
        pages = visits.get(("pages", "read"), 0)
        teasers = visits.get(("teasers", "sighted"), 0)
        articles = {word: count for (purpose, word), count in visits.items() if purpose == "article"}
        postponed = sum(count for (_, word), count in visits.items() if word in PUT_OFF)
        left_alone = sum(articles.get(word, 0) for word in DROPPED)
        well = sum(articles.get(word, 0) for word in (*CONFIRMING, *PUT_OFF))
        insert(
            db,
            "office_runs",
            [
                {
                    "run": run,
                    "office": office,
                    "pages": pages,
                    "teasers": teasers,
                    "new": said.get("new", 0),
                    "changed": said.get("changed", 0),
                    "same": said.get("same", 0) + unchanged.get(office, 0),
                    "dropped": said.get("dropped", 0) + left_alone,
                    "failed": sum(articles.values()) - left_alone - well,
                    "postponed": postponed,
                    "outcome": "",  # the verdict below says
                    "detail": failures.get(office),
                    "signs": told,
                }
            ],
        )
        verdicts.rejudge(db, office, run, further=before.get(office) != told)
    if (
        outcome == "finished"
        and db.execute(
            "SELECT 1 FROM office_runs WHERE run = ? AND outcome = 'failed'"
            " AND (detail LIKE '%volume: %' OR detail LIKE '%fill rate: %')",
            (run,),
        ).fetchone()
    ):
        db.execute("UPDATE runs SET outcome = 'failed' WHERE id = ?", (run,))
    return set(told_of)


def office_runs(db: Connection, run: str) -> list[Row]:
    """The account of one run, an office a row."""
    return selected(db, "SELECT * FROM office_runs WHERE run = ? ORDER BY office", (run,))
