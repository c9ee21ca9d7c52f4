"""How many are answered at once: who comes on top of that waits; whoever would wait too long is told so."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import MutableMapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from crawler.publish.public.gate import Refusal, refuse
from crawler.publish.safety import Application, Receive, Scope, Send

_GATHERING = re.compile(r"\.(?:csv|excel|xlsx|wholejson|ndjson|parquet|ics)\Z")
"""Addresses whose answer is made of many pages of a list."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    at_once: int = 16
    """Answers that are being made."""
    waiting: int = 400
    patience: float = 20.0
    """Seconds that someone waits for a turn."""
    of_one: int = 64
    """Of one address, being answered or waiting."""
    gathering: int = 2
    """Of those at once, whole lists as files."""


FULL = Refusal(
    status=503, title="Zbyt wielu czytelników naraz", detail="Spróbuj za chwilę.", headers=[("retry-after", "5")]
)
TOO_MANY = Refusal(
    status=429, title="Zbyt wiele pytań naraz", detail="Z tego adresu czeka już wiele pytań; spróbuj za chwilę.",
    headers=[("retry-after", "10")],
)  # fmt: skip


class Crowd:
    """An application that answers so many at once.

    A turn ends when the answer is made, not when it has been read: slow readers take nobody's turn.
    """

    def __init__(self, application: Application, bounds: Bounds | None = None, *, base: str = "/") -> None:
        self._application = application
        self._bounds = bounds or Bounds()
        self._base = base
        self._turns = asyncio.Semaphore(self._bounds.at_once)
        self._gatherings = asyncio.Semaphore(self._bounds.gathering)
        self._present: Counter[str] = Counter()
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        client = (scope.get("client") or ("", 0))[0]
        if self._present[client] >= self._bounds.of_one:
            await refuse(TOO_MANY, scope, send, base=self._base)
            return
        self._present[client] += 1
        try:
            await self._in_turn(scope, receive, send)
        finally:
            self._present[client] -= 1
            if not self._present[client]:
                del self._present[client]

    async def _in_turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._waiting >= self._bounds.waiting:
            await refuse(FULL, scope, send, base=self._base)
            return
        async with AsyncExitStack() as turn:
            self._waiting += 1
            try:
                async with asyncio.timeout(self._bounds.patience):
                    if _GATHERING.search(str(scope["path"])):
                        await turn.enter_async_context(self._gatherings)
                    await turn.enter_async_context(self._turns)
            except TimeoutError:
                await refuse(FULL, scope, send, base=self._base)
                return
            finally:
                self._waiting -= 1

            async def send_and_leave(message: MutableMapping[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    await turn.aclose()
                await send(message)

            await self._application(scope, receive, send_and_leave)
