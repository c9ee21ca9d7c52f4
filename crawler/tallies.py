"""What a run came to, counted from the archive's visits: by office, purpose and outcome."""

from __future__ import annotations

from crawler.database import Connection
from crawler.outcomes import CONFIRMING, LEFT_OVER, PUT_OFF

_GOOD = ", ".join(f"'{outcome}'" for outcome in CONFIRMING)


def tally(log: Connection, run: str) -> dict[str, dict[tuple[str, str], int]]:
    """Addresses visited in a run: office -> (purpose, outcome) -> count.

    Beside them ("pages", "read"): list pages read; ("teasers", "sighted"): the addresses they named.
    """
    counts: dict[str, dict[tuple[str, str], int]] = {}
    for office, purpose, outcome, count in log.execute(
        "SELECT office, purpose, outcome, count(DISTINCT address) FROM visits WHERE run = ?"
        " GROUP BY office, purpose, outcome",
        (run,),
    ):
        counts.setdefault(office, {})[purpose, outcome] = count
    for office, count in log.execute(
        "SELECT office, count(DISTINCT address) FROM visits WHERE run = ? AND purpose = 'list'"
        f" AND outcome IN ({_GOOD}) GROUP BY office",
        (run,),
    ):
        counts.setdefault(office, {})["pages", "read"] = count
    for office, count in log.execute(
        "SELECT v.office, count(DISTINCT s.address) FROM visits v JOIN sightings s ON s.list_capture = v.capture"
        " WHERE v.run = ? AND v.purpose = 'list' GROUP BY v.office",
        (run,),
    ):
        counts.setdefault(office, {})["teasers", "sighted"] = count
    return counts


def unchanged(log: Connection, run: str) -> dict[str, int]:
    """Office -> how many of its articles' addresses this run confirmed without anything new.

    By a visit that brought no new capture, or by a list alone that named them.
    """
    return dict(
        log.execute(
            "SELECT office, count(*) FROM (SELECT office, address FROM visits WHERE run = :run"
            " AND purpose = 'article' AND outcome IN ('same', 'unchanged') UNION SELECT v.office, s.address"
            " FROM visits v JOIN sightings s ON s.list_capture = v.capture WHERE v.run = :run"
            " AND v.purpose = 'list' AND NOT EXISTS (SELECT 1 FROM visits a WHERE a.run = :run"
            " AND a.purpose = 'article' AND a.address = s.address)) AS quiet WHERE NOT EXISTS"
            " (SELECT 1 FROM visits n WHERE n.run = :run AND n.address = quiet.address AND n.outcome = 'stored')"
            " GROUP BY office",
            {"run": run},
        )
    )


def failures(log: Connection, run: str) -> dict[str, str]:
    """Office -> why its list could not be read in this run: the words of the last list visit that failed."""
    return dict(
        log.execute(
            "SELECT office, outcome || coalesce(': ' || detail, '') FROM visits WHERE run = ? AND purpose = 'list'"
            f" AND outcome NOT IN ({_GOOD}, ?) ORDER BY sequence",
            (run, LEFT_OVER),
        )
    )


def postponed(log: Connection, run: str) -> dict[tuple[str, str], tuple[int, int]]:
    """(outcome, detail) -> how many addresses, of how many offices, a run left for later of its own accord."""
    words = ", ".join(f"'{outcome}'" for outcome in PUT_OFF)
    return {
        (outcome, detail): (addresses, offices)
        for outcome, detail, addresses, offices in log.execute(
            "SELECT outcome, coalesce(detail, ''), count(DISTINCT address), count(DISTINCT office) FROM visits"
            f" WHERE run = ? AND outcome IN ({words}) GROUP BY 1, 2 ORDER BY 1, 2",
            (run,),
        )
    }
