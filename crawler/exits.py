"""Exit codes that a schedule understands."""

from __future__ import annotations

WELL, SOME_FAILED, WRONG_USAGE, UNUSABLE, LOCKED, DISK = range(6)
"""Well · some offices failed, something due was left for later, or a page was unusable · wrong usage · the run is
unusable or was interrupted · another run holds the lock · disk or database."""
