"""The suite as a whole: its order, and that Ctrl-C means the same wherever it is started.

Files that take long begin first, so that no worker waits for the other at the end.
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

LONG = (
    "tests/publish/test_accessible.py",
    "tests/crawler/test_demo.py",
    "tests/year/test_year.py",
    "tests/faults/test_writers.py",
    "tests/faults/test_kills.py",
    "tests/faults/test_network.py",
    "tests/publish/test_visit.py",
    "tests/benchmarks/test_visiting.py",
    "tests/faults/test_migrations.py",
    "tests/faults/test_full_disk.py",
    "tests/publish/test_long_lists.py",
    "tests/publish/test_newsstand.py",
)


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell has it for what it starts in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    order = {config.rootpath / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(Path(item.path), len(LONG)))
