"""What was taken down is looked for once more before anything leaves the house."""

from __future__ import annotations

from pathlib import Path

from crawler.database import Connection, DatabaseProblem
from crawler.suppression import Suppressions


def refuse_taken_down(connection: Connection, news: Path) -> None:
    """Raise DatabaseProblem when the list beside the database names something that it still shows."""
    listed = Suppressions.beside(news)
    if not listed:
        return
    applied = dict(connection.execute("SELECT id, since FROM applied_suppressions"))
    if any(rule.id not in applied for rule in listed.rules):
        raise DatabaseProblem(f"{news}: a take-down is listed but not applied yet; wiesci rebuild applies it")
    offices = {office for (office,) in connection.execute("SELECT DISTINCT office FROM articles")}
    shown = [office for office in sorted(offices) if listed.office(office)]
    if any(rule.kind == "address" for rule in listed.rules):
        shown += [
            url
            for (url,) in connection.execute("SELECT url FROM addresses UNION ALL SELECT url FROM articles")
            if listed.address(url)
        ]
    if shown:
        raise DatabaseProblem(
            f"{news} still shows {shown[0]}, which was taken down; nothing was published. wiesci rebuild applies it"
        )
