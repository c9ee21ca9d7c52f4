"""What readers of the public server are given: the current edition, each answer wholly from one edition.

Every edition has a Datasette of its own. A request is handed to the current one and stays with it to its end, its inner
requests too; when a new edition is there, it is opened and tried, and takes over in one assignment. The one before is
closed when its last reader has left.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
from datasette.database import WriteTask

from crawler.database import DatabaseProblem
from crawler.publish.public.editions import Edition, current, held
from crawler.publish.public.making import Making
from crawler.publish.safety import Application, Receive, Scope, Send

LOOK = 2.0
"""Seconds between two looks for a new edition."""
TRIED = ("/", "/pliki")
"""Pages that an edition must show before readers get it."""


class Opened:
    """An edition that is being read."""

    def __init__(self, edition: Edition, desk: Callable[[Edition], Any]) -> None:
        self.edition = edition
        self.readers = 0
        self.retired = False
        self._held = ExitStack()
        self._held.enter_context(held(edition))
        try:
            self._desk = desk(edition)
            self.application: Application = self._desk.app()
        except BaseException:
            self._held.close()
            raise

    async def tried(self) -> str | None:
        """What is wrong with it, or None."""
        for path in TRIED:
            answer = await self._desk.client.get(path)
            if answer.status_code != 200:
                return f"{path} answers {answer.status_code}"
        return None

    async def close(self) -> None:
        """Ends its threads, then closes what they had open."""
        for database in self._desk.databases.values():
            if database._write_thread is not None:
                database._write_queue.put(WriteTask(_end, None, None))
                await asyncio.to_thread(database._write_thread.join)
        await asyncio.to_thread(self._desk.executor.shutdown)
        for database in self._desk.databases.values():
            database.close()
        self._held.close()


def _end(connection: Any) -> None:
    """Ends the thread that runs it, which otherwise waits for tasks for ever."""
    connection.close()
    raise SystemExit


class Newsstand:
    """The application. `desk` makes the Datasette of an edition; `making` makes a new edition of what has changed."""

    def __init__(
        self,
        public: Path,
        desk: Callable[[Edition], Any],
        *,
        making: Making | None = None,
        look: float = LOOK,
    ) -> None:
        self._public = public
        self._desk = desk
        self._making = making
        self._look = look
        self._opened: Opened | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._watching: asyncio.Task[None] | None = None
        self._refused: str | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        opened = self._opened
        if scope["type"] != "http" or opened is None:
            raise RuntimeError("the newsstand is not open")
        opened.readers += 1
        try:
            await opened.application(scope, receive, send)
        finally:
            opened.readers -= 1
            self._leave(opened)

    async def renew(self) -> None:
        """Let readers have the current edition, if they do not have it yet and it can be read."""
        edition = current(self._public)
        if edition is None or edition.id in (self._refused, self._opened and self._opened.edition.id):
            return
        new = Opened(edition, self._desk)
        wrong = await new.tried()
        if wrong:
            self._refused = edition.id
            await new.close()
            raise DatabaseProblem(f"{edition.folder} cannot be served ({wrong}); the edition before stays")
        old, self._opened = self._opened, new
        if old is not None:
            old.retired = True
            self._leave(old)

    def _leave(self, opened: Opened) -> None:
        if opened.retired and not opened.readers:
            opened.retired = False
            closing = asyncio.ensure_future(opened.close())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self.renew()
                    if self._opened is None:
                        raise DatabaseProblem(f"{self._public}: there is no edition; wiesci publish makes one")
                except DatabaseProblem as error:
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                self._watching = asyncio.ensure_future(self._watch())
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._look)
            try:
                await self.renew()
                if self._making is not None and self._opened is not None:
                    await self._making(self._opened.edition)
            except (DatabaseProblem, OSError) as error:
                click.echo(f"wiesci: {error}", err=True)

    async def _close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching
        if self._making is not None:
            await self._making.end()
        for closing in list(self._closing):
            await closing
        if self._opened is not None:
            await self._opened.close()
            self._opened = None
