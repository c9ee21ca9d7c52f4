"""Worker processes that may be killed in the middle of their work, one thread of this process beside each."""

from __future__ import annotations

import asyncio
import atexit
import multiprocessing
import os
import queue
import resource
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

_MEMORY = 1_200 * 1024 * 1024
"""Address space of a worker, bytes: what a hostile page may take before it is the only one to suffer."""
_TASKS = 2_000
"""After so many a worker is replaced, whatever it may have gathered."""
_START = 60.0
"""Seconds in which a worker must be there."""
_PAUSES = (0.0, 0.05, 0.2, 1.0)
"""Seconds between the tries to start one: a fork server that was ended stands for an instant among the living, and
refuses; the first start after its end brings another."""
_STILL = 6
"""A worker that computes has its seconds of processor time; one that only waits is given up after so many times that
long by the clock, so that a busy machine makes no page the worse."""


class Ended(Exception):
    """The worker ended without an answer, twice with the same task; the message says how."""


class TookTooLong(Exception):
    """The worker was stopped in the middle of the task."""


class Tripped(Exception):
    """The work raised what it does not name; the message says what."""


class NoWorker(Exception):
    """This machine lets no process be started."""


class Workers:
    """Has `work(*arguments)` done in processes of their own, as many at once as there are.

    `begin` is called in each new one. Not pebble or concurrent.futures: there one shared queue with its locks serves
    all, and the death of one worker at a wrong moment breaks or halts the others.
    """

    def __init__(
        self, work: Callable[..., Any], *, number: int, seconds: float, begin: Callable[[], object], preload: str
    ) -> None:
        self._work = work
        self._seconds = seconds
        self._begin = begin
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([preload])
        self._idle: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()
        self._all: set[_Worker] = set()
        self._closed = False
        self._threads = ThreadPoolExecutor(number, thread_name_prefix="worker")
        atexit.register(self.close)  # before multiprocessing waits for processes that wait for this one
        for _ in range(number):
            self._idle.put(None)
            self._threads.submit(self._begun)

    async def do(self, *arguments: Any) -> Any:
        """What the work gives. Raises Ended, TookTooLong, Tripped, NoWorker."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._done, arguments)
        except asyncio.CancelledError:
            if self._closed:  # before its turn came
                raise Ended("no worker is started any more") from None
            raise

    def close(self) -> None:
        """End the workers, whatever they are at."""
        atexit.unregister(self.close)
        self._closed = True
        for worker in tuple(self._all):
            worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in tuple(self._all):
            self._let_go(worker)

    def _begun(self) -> None:
        """Start a worker before it is needed; if it cannot be, whoever needs it is told."""
        worker = self._idle.get()
        try:
            worker = worker or self._new()
        except NoWorker:
            worker = None
        finally:
            self._idle.put(worker)

    def _done(self, arguments: tuple[Any, ...]) -> Any:
        worker = self._idle.get()
        try:
            for last in (False, True):
                worker = worker or self._new()
                try:
                    return worker.answer(arguments, self._seconds)
                except Ended:  # of its task, or stopped by someone else: a task that ends its worker does so twice
                    worker = self._let_go(worker)
                    if last or self._closed:
                        raise
                except TookTooLong:
                    worker = self._let_go(worker)
                    raise
        finally:
            if worker is not None and worker.tasks >= _TASKS:
                worker = self._let_go(worker)
            self._idle.put(worker)

    def _new(self) -> _Worker:
        if self._closed:
            raise Ended("no worker is started any more")
        for pause in (*_PAUSES, None):
            try:
                worker = self._started()
                break
            except (OSError, EOFError) as error:
                if pause is None or self._closed:
                    raise NoWorker(f"no process can be started ({error})") from error
                time.sleep(pause)
        self._all.add(worker)
        if self._closed:
            worker.kill()
        return worker

    def _started(self) -> _Worker:
        return _Worker(self._context, self._work, self._begin, self._seconds)

    def _let_go(self, worker: _Worker) -> _Worker | None:
        """None: what stands in its place until one is needed."""
        self._all.discard(worker)
        worker.close()
        return None


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, context: Any, work: Callable[..., Any], begin: Callable[[], object], seconds: float) -> None:
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, work, begin, seconds), daemon=True)
        self.tasks = 0
        self._there = False
        # The fork server, where this starts it, begins without Ctrl-C as well: it is the parent's to answer.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
            self._there = True
        except BaseException:
            self._ours.close()
            raise
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            theirs.close()
        if not self._ours.poll(_START):
            self.kill()
        try:
            self._ours.recv()
        except (EOFError, OSError):
            self.close()
            raise

    def answer(self, arguments: tuple[Any, ...], seconds: float) -> Any:
        self.tasks += 1
        try:
            self._ours.send(arguments)
            if not self._ours.poll(_STILL * seconds):
                raise TookTooLong(f"no answer within {_STILL * seconds:g} s")
            word, told = self._ours.recv()
        except (EOFError, OSError) as error:
            self._there = False
            self._process.join(5)
            if self._process.exitcode == -signal.SIGPROF:
                raise TookTooLong(f"not done within {seconds:g} s") from error
            raise Ended(f"the worker ended with {self._process.exitcode}") from error
        if word == "raised":
            raise Tripped(told)
        return told

    def kill(self) -> None:
        if self._there:  # its own number: where the fork server has been ended, multiprocessing takes it for dead
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Kill it and let go of it."""
        self.kill()
        self._there = False
        self._process.join(5)
        self._ours.close()


def _serve(ours: Connection, work: Callable[..., Any], begin: Callable[[], object], seconds: float) -> None:
    """The life of a worker: Ctrl-C and SIGTERM are its parent's to answer, whose end is its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    begin()
    try:
        ours.send("ready")
        while True:
            arguments = ours.recv()
            signal.setitimer(signal.ITIMER_PROF, seconds)
            try:
                answer = ("done", work(*arguments))
            except Exception as error:  # noqa: BLE001  whatever a page trips is that page's end alone, and is told
                answer = ("raised", f"{type(error).__name__}: {error}"[:300])
            signal.setitimer(signal.ITIMER_PROF, 0)
            ours.send(answer)
    except (EOFError, OSError):
        os._exit(0)
