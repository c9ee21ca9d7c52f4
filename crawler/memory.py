"""Ends a crawl that holds too much memory, by what it holds itself.

Scrapy's own extension looks at `ru_maxrss`; on Linux a process inherits that from the one that started it, so that a
crawl begun by a large program would end at once for what that program held.
"""

from __future__ import annotations

from pathlib import Path

from scrapy.extensions.memusage import MemoryUsage

_STATUS = Path("/proc/self/status")


class OwnMemory(MemoryUsage):
    """MemoryUsage by the resident size of this process where Linux tells it."""

    def get_virtual_size(self) -> int:
        """Bytes."""
        try:
            lines = _STATUS.read_text(encoding="ascii").splitlines()
        except OSError:
            return super().get_virtual_size()
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
