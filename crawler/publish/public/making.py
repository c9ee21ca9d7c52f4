"""When a running server has a new edition made: by `wiesci publish`, in a process of its own that yields to readers."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from crawler.publish.public.editions import Edition, Stamp, stamp, taken_down

NICENESS = 10
PAUSE = 30.0
"""Seconds at least between two editions, also when something was taken down."""

Publish = Callable[[Path], Awaitable[None]]


class Making:
    """Has an edition made when what it would be made of has changed.

    At most one in `every` seconds; but soon when the list of what was taken down has changed. An edition that could not
    be made is told of, and tried again when its time has come.
    """

    def __init__(
        self,
        data: Path,
        *,
        every: float,
        clock: Callable[[], float] = time.monotonic,
        publish: Publish | None = None,
    ) -> None:
        self._data = data
        self._every = every
        self._clock = clock
        self._publish = publish or by_command
        self._begun: float | None = None
        self._tried: Stamp | None = None
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, edition: Edition) -> None:
        """Begin one if it is time. Returns at once."""
        if self._task is not None and not self._task.done():
            return
        found = stamp(self._data)
        if found == edition.of:
            return
        since = float("inf") if self._begun is None else self._clock() - self._begun
        urgent = taken_down(found) != taken_down(edition.of) and found != self._tried
        if since >= (min(PAUSE, self._every) if urgent else self._every):
            self._begun, self._tried = self._clock(), found
            self._task = asyncio.ensure_future(self._publish(self._data))

    async def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task


async def by_command(data: Path) -> None:
    """Run `wiesci publish`; what it has to say about a failure is passed on."""
    code = "from crawler.cli import main; main()"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, "publish", "--data", str(data)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl+C is for the server, which ends this one itself
    )
    try:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
        _, said = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        raise
    if process.returncode:
        click.echo(f"no new edition; readers see the one before: {said.decode('utf-8', 'replace').strip()}", err=True)
