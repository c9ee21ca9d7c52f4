"""Ctrl-C and SIGTERM as one exception, also where SQLite would take it for an error of its own."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from crawler.exits import UNUSABLE

_WITHIN_SQL = "user-defined function raised exception"
"""What SQLite makes of an exception that a signal raises in a function that it calls."""

_told = threading.Event()


@contextmanager
def as_ctrl_c() -> Iterator[None]:
    """SIGTERM raises KeyboardInterrupt as Ctrl-C does, unless something else has been made of either."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    defaults = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    ours = {number: default for number, default in defaults.items() if signal.getsignal(number) is default}
    _told.clear()
    for number in ours:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, default in ours.items():
            signal.signal(number, default)


def end_at_once() -> None:
    """Until a command has begun there is nothing to put in order."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _at_once)


def begun() -> None:
    """From now on Ctrl-C raises KeyboardInterrupt."""
    if signal.getsignal(signal.SIGINT) is _at_once:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def caused(error: Exception) -> bool:
    """Whether this complaint of SQLite's is in truth an interruption."""
    return _told.is_set() and _WITHIN_SQL in str(error)


def _at_once(number: int, frame: FrameType | None) -> None:
    os.write(2, b"wiesci: interrupted before anything was begun\n")
    os._exit(UNUSABLE)


def _interrupt(number: int, frame: FrameType | None) -> None:
    _told.set()
    raise KeyboardInterrupt
