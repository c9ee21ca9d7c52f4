"""Ctrl-C and SIGTERM at any instant are an interruption, also in the middle of a statement."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from crawler.database import DatabaseProblem, explained
from crawler.folder import locked


def asked(data: Path, function: Callable[[], int]) -> Any:
    """What a statement gives that calls this function."""
    connection = pysqlite3.connect(":memory:")
    connection.create_function("called", 0, function)
    try:
        with locked(data), explained(data / "news.db"):
            return connection.execute("SELECT called()").fetchone()[0]
    finally:
        connection.close()


def told(number: int) -> Callable[[], int]:
    def function() -> int:
        os.kill(os.getpid(), number)
        return 1

    return function


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_within_a_statement_is_an_interruption(tmp_path: Path, number: int) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        asked(tmp_path, told(number))
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_a_function_that_fails_by_itself_is_a_problem_also_after_an_interruption(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        asked(tmp_path, told(signal.SIGTERM))
    with pytest.raises(DatabaseProblem, match="user-defined function"):
        asked(tmp_path, lambda: 1 // 0)


@pytest.mark.parametrize(
    ("begun", "code", "said"), [("", 3, "wiesci: interrupted before anything was begun"), ("b()", 9, "put in order")]
)
def test_ctrl_c_before_a_command_has_begun_ends_with_one_line(begun: str, code: int, said: str) -> None:
    lines = [
        "import os, signal, sys",
        "from crawler.interrupts import begun as b, end_at_once",
        "end_at_once()",
        begun,
        "try:",
        "    os.kill(os.getpid(), signal.SIGINT)",
        "except KeyboardInterrupt:",
        "    print('put in order', file=sys.stderr)",
        "    sys.exit(9)",
    ]
    ended = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr.strip()) == (code, said)
