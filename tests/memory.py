"""What this process holds in memory, from Linux's own account.

Not `ru_maxrss`: a child begins with the peak of the process that started it.
"""

from __future__ import annotations

from pathlib import Path

_STATUS = Path("/proc/self/status")


def resident() -> int:
    """Megabytes held now."""
    return _kilobytes("VmRSS") // 1024


def peak() -> int:
    """Megabytes held at most, since the program began or since `forget_peak`."""
    return _kilobytes("VmHWM") // 1024


def forget_peak() -> None:
    """Let the peak be counted from now on."""
    Path("/proc/self/clear_refs").write_text("5")


def _kilobytes(name: str) -> int:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1])
