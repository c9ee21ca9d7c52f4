"""Whether the rows are what was written: a package carries its own sums, which would vouch for a changed text."""

from __future__ import annotations

from pathlib import Path

from crawler import sealing
from crawler.database import Connection, DatabaseProblem

_MOST_NAMED = 5


def refuse_changed(connection: Connection, news: Path) -> None:
    """Raise DatabaseProblem naming what differs from its seal; a published copy has none.

    Within the connection's transaction: a crawl that goes on beside does not count.
    """
    stored = sealing.stored(connection) if (tables := sealing.sealed(connection, "news")) else {}
    if stored.pop(("_shape", ""), None) is None:
        return
    seen = sealing.counted(connection, tables)
    differing = sorted(at for at in stored.keys() | seen.keys() if stored.get(at) != seen.get(at))
    if differing:
        named = ", ".join(f"{table} {key}".strip() for table, key in differing[:_MOST_NAMED])
        more = f" and {len(differing) - _MOST_NAMED} more" if len(differing) > _MOST_NAMED else ""
        raise DatabaseProblem(
            f"{news}: rows have changed since they were written ({named}{more}); nothing was exported, and what was"
            " exported before is as it was. Make news.db anew (wiesci rebuild) and export again."
        )
