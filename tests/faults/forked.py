"""Crawls that begin in a moment: forked from a process that has everything imported and has started no thread.

What a user's command does, from the lock of the folder to the exit code, happens in the fork. A crawl's workers come
from one fork server, which this process starts once. `fresh` starts one as a user does, with an interpreter of its own.
"""

from __future__ import annotations

import functools
import importlib
import io
import multiprocessing.forkserver
import multiprocessing.resource_tracker
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn, TypeVar, cast

import crawler.crawling  # noqa: F401  imported before the first fork
from crawler import operating, registry
from crawler.crawling import practice_settings, settings_with
from crawler.folder import locked
from crawler.instants import now
from crawler.options import failing
from crawler.run import Limits, Run
from normalize import Knowledge
from tests.faults.driving import PAGES, SETTINGS
from tests.faults.town import offices

Result = TypeVar("Result")
_LONGEST = 300
"""Seconds after which something done apart is taken to hang."""


@dataclass(frozen=True, kw_only=True)
class Crawl:
    """What is to be crawled, when, and into which folder."""

    data: Path
    port: int
    days: int = 0
    """So much later than now."""
    largest_file: int | None = None
    """No file of it may grow beyond so many bytes."""


def crawl(told: Crawl) -> NoReturn:
    """As `wiesci crawl` does it, over the town; ends this process with the command's exit code."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    if told.largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (told.largest_file, told.largest_file))
    later = timedelta(days=told.days)
    operating.Run = functools.partial(Run, clock=lambda: now() + later)  # type: ignore[assignment,misc]
    register = registry.load(practice=offices())

    def command(data: Path) -> int:
        with locked(data):
            settings = settings_with({**practice_settings(told.port), **SETTINGS})
            limits = Limits(list_pages=PAGES)
            return operating.crawl_and_tell(
                data, register, register.select(), settings, limits, command="crawl of the town"
            )

    failing(command)(data=told.data)


def started(told: Crawl, said: Path, *, fresh: bool = False) -> int:
    """The process of a crawl that has just begun; what it says goes to the file `said`."""
    if fresh:
        with said.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.forked"],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
            process._child_created = False  # type: ignore[attr-defined]  # it is waited for here, by its number
        assert process.stdin is not None
        process.stdin.write(pickle.dumps(told))
        process.stdin.close()
        return process.pid
    _serving()
    child = os.fork()
    if not child:
        with _ended():
            os.setsid()
            out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(out, 1)
            os.dup2(out, 2)
            _part_from_parent()
            crawl(told)
    return child


def ended(child: int, within: float) -> int | None:
    """Its exit code (minus the signal that ended it); None when it is still there after so many seconds."""
    deadline = time.monotonic() + within
    while True:
        there, status = os.waitpid(child, os.WNOHANG)
        if there:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            return None
        time.sleep(0.002)


def worked(child: int) -> float | None:
    """Seconds of processor time its first thread has had, which is where the reactor runs; None when it has ended."""
    try:
        state = Path(f"/proc/{child}/stat").read_text().rpartition(") ")[2][0]
        told = Path(f"/proc/{child}/schedstat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state in "ZX" else int(told.split()[0]) / 1e9


def apart(work: Callable[[], Result]) -> Result:
    """What this gives when it is done in a fork: here no thread is started, no database opened."""
    _serving()
    read, write = os.pipe()
    child = os.fork()
    if not child:
        with _ended():
            os.close(read)
            signal.alarm(_LONGEST)
            _part_from_parent()
            with os.fdopen(write, "wb") as told:
                pickle.dump(work(), told)
    os.close(write)
    with os.fdopen(read, "rb") as told:
        given = told.read()
    _, status = os.waitpid(child, 0)
    if status or not given:
        raise RuntimeError(f"what was done apart ended with {os.waitstatus_to_exitcode(status)}")
    return cast(Result, pickle.loads(given))


def warm(told: Crawl) -> None:
    """Crawl once, undisturbed, and import here what that crawl has imported; but nothing that wants a reactor."""

    def crawled() -> list[str]:
        with redirect_stdout(io.StringIO()):
            try:
                crawl(told)
            except SystemExit as end:
                if end.code:
                    raise
        return [name for name in sys.modules if not name.startswith("__")]

    names = apart(crawled)
    reactor = "twisted.internet.reactor"
    assert reactor not in sys.modules
    sys.modules[reactor] = cast(Any, None)  # importing it fails
    for name in names:
        with suppress(ImportError):
            importlib.import_module(name)
    del sys.modules[reactor]


def workers() -> list[int]:
    """The workers that the fork server has started and that are still there."""
    server = multiprocessing.forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    told = Path(f"/proc/{server}/task/{server}/children").read_text()
    return [pid for pid in map(int, told.split()) if worked(pid) is not None]


@contextmanager
def fork_server() -> Iterator[None]:
    """Runs the fork server that all crawls' workers come from."""
    Knowledge.bundled()
    multiprocessing.set_forkserver_preload(["tests.faults.forked"])
    multiprocessing.forkserver.ensure_running()
    try:
        yield
    finally:
        for worker in workers():
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)


def _serving() -> None:
    """Let the fork server have answered, another one where it has ended.

    It ends some time after a crawl was killed in the middle of asking it for a worker, and only this process, whose
    child it is, sees that: a fork would ask in vain.
    """
    deadline = time.monotonic() + _LONGEST
    while True:
        asked = multiprocessing.get_context("forkserver").Process(target=int)
        try:
            asked.start()
        except (OSError, EOFError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            asked.join()
            return


def _part_from_parent() -> None:
    """A fork's own bookkeeper of semaphores; the fork server stays the parent's, which alone may wait for it."""
    server: Any = multiprocessing.forkserver._forkserver  # type: ignore[attr-defined]
    server.ensure_running = lambda: None
    tracker: Any = multiprocessing.resource_tracker._resource_tracker
    tracker._fd = tracker._pid = None


@contextmanager
def _ended() -> Iterator[None]:
    """A fork ends here, whatever happens: it must never go on as its parent."""
    code = 70
    try:
        yield
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001  told, and never passed on to what the parent was doing
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    crawl(pickle.loads(sys.stdin.buffer.read()))
else:
    Knowledge.bundled()  # in the fork server too: its workers have it at once
