"""Runs normalize() beside the reactor, in worker processes that can be killed, a bounded number at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from crawler.archive import Archive
from crawler.database import DatabaseProblem
from crawler.holes import hole
from crawler.registry import Register
from crawler.store import Saved, Store
from crawler.visits import Held
from crawler.workers import Ended, NoWorker, TookTooLong, Tripped, Workers
from normalize import Knowledge, Unusable, normalize
from normalize.model import Capture, Hints


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What a worker made of a capture: an Article as JSON, or why there is none."""

    outcome: str
    record: bytes | None = None
    detail: str | None = None


def understand(capture: Capture, family: str | None, hints: Hints | None) -> Understood:
    """normalize() as a worker calls it; everything that comes back is plain data."""
    families = {family: hints} if family and hints else {}
    try:
        article = normalize(capture, Knowledge.bundled(families=families))
    except Unusable as unusable:
        return Understood(outcome=unusable.reason, detail=unusable.detail or None)
    except (MemoryError, RecursionError) as error:
        return Understood(outcome="too_complex", detail=type(error).__name__)
    return Understood(outcome="article", record=msgspec.json.encode(article))


class Understanding:
    """Takes captures one by one and hands what they say to the store, in whatever order workers finish."""

    def __init__(
        self,
        archive: Archive,
        store: Store,
        register: Register,
        *,
        workers: int = 2,
        time_out: float = 5.0,
        waiting: int = 32,
        saved: Callable[[Held, Saved], None] | None = None,
    ) -> None:
        self._archive = archive
        self._store = store
        self._register = register
        self._time_out = time_out
        self._saved = saved
        self._places = asyncio.Semaphore(waiting)
        self._under_way: set[asyncio.Task[None]] = set()
        self._failed: list[BaseException] = []
        self._workers = Workers(
            understand, number=workers, seconds=time_out, begin=Knowledge.bundled, preload="crawler.understanding"
        )

    async def offer(self, capture: int) -> None:
        """Have the capture understood; waits while as many as may be are under way. Raises what the store raised."""
        self._raise()
        await self._places.acquire()
        task = asyncio.get_running_loop().create_task(self._understand(capture))
        self._under_way.add(task)
        task.add_done_callback(self._done)

    async def drain(self, within: float | None = None) -> None:
        """Wait until everything offered is in the store; or so many seconds: the rest is left to the next start."""
        if within is not None and self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=within)
            for task in late:
                task.cancel()
        while self._under_way:
            await asyncio.wait(self._under_way)
        self._raise()

    async def give_up(self) -> None:
        """Let go of what was offered and is not in the store yet; what stopped it has been told or will be."""
        while self._under_way:
            for task in self._under_way:
                task.cancel()
            await asyncio.wait(self._under_way)

    def close(self) -> None:
        self._workers.close()

    async def _understand(self, capture: int) -> None:
        held = self._archive.held(capture)
        office = self._register.offices.get(held.office)
        if office is None:
            made = Understood(outcome="office_unknown", detail=held.office)
        elif (left := hole(self._archive.connection, capture)) is not None:
            made = Understood(outcome="article", record=left)
        else:
            hints = self._register.families[office.family].hints
            page = Capture(
                url=held.url,
                body=held.body,
                content_type=held.content_type,
                fetched=held.clock or held.fetched,
                office=office,
                teaser=held.teaser,
            )
            made = await self._in_a_worker(page, office.family, hints)
        saved = self._store.save(held, made.outcome, made.record, made.detail, archive=self._archive)
        if self._saved is not None:
            self._saved(held, saved)

    async def _in_a_worker(self, page: Capture, family: str, hints: Hints) -> Understood:
        try:
            made: Understood = await self._workers.do(page, family, hints)
        except TookTooLong as error:
            return Understood(outcome="time_out", detail=str(error))
        except Ended as error:
            return Understood(outcome="too_complex", detail=str(error))
        except Tripped as error:  # one page lost, and said to be; the run goes on
            return Understood(outcome="not_understood", detail=str(error))
        except NoWorker as error:
            raise DatabaseProblem(f"{error}; free some memory and run the same command again") from error
        return made

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._places.release()
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._failed.append(error)

    def _raise(self) -> None:
        if self._failed:
            raise self._failed[0]
