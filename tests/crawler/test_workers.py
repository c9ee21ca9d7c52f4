"""Workers that die, hang and trip, beside others that go on."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from multiprocessing import forkserver
from typing import Any

import pytest

from crawler.workers import Ended, TookTooLong, Tripped, Workers


def work(word: str) -> Any:
    if word == "trip":
        raise ValueError("potknięcie")
    if word == "die":
        os._exit(3)
    while word == "hang":
        pass
    return bytearray(3 << 30) if word == "take all memory" else os.getpid()


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers(work, number=2, seconds=0.3, begin=int, preload="crawler.workers")
    yield made
    made.close()


def asked(workers: Workers, then: Callable[[Workers], Awaitable[Any]]) -> Any:
    async def whole() -> Any:
        return await then(workers)

    return asyncio.run(whole())


@pytest.mark.parametrize(
    ("word", "end", "said"),
    [
        ("trip", Tripped, "ValueError: potknięcie"),
        ("take all memory", Tripped, "MemoryError"),
        ("die", Ended, "ended with 3"),
        ("hang", TookTooLong, "not done within 0.3 s"),
    ],
)
def test_what_befalls_one_task_is_told_and_the_next_is_done(
    workers: Workers, word: str, end: type[Exception], said: str
) -> None:
    async def both(workers: Workers) -> int:
        with pytest.raises(end, match=said):
            await workers.do(word)
        return int(await workers.do("well"))

    assert asked(workers, both) > 0


def test_a_worker_that_others_told_to_end_goes_on_and_one_they_killed_costs_no_task(workers: Workers) -> None:
    async def struck(workers: Workers) -> set[int]:
        worker = await workers.do("well")
        os.kill(worker, signal.SIGTERM)
        still = {await workers.do("well") for _ in range(4)}
        assert worker in still
        os.kill(worker, signal.SIGKILL)
        return set(await asyncio.gather(*(workers.do("well") for _ in range(8)))) - {worker}

    assert asked(workers, struck)


def test_when_the_fork_server_is_gone_tasks_are_done_all_the_same(workers: Workers) -> None:
    async def orphaned(workers: Workers) -> int:
        worker = await workers.do("well")
        os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)  # type: ignore[attr-defined]
        os.kill(worker, signal.SIGKILL)
        return len(await asyncio.gather(*(workers.do("well") for _ in range(8))))

    assert asked(workers, orphaned) == 8


def test_closing_ends_what_is_under_way(workers: Workers) -> None:
    async def closed(workers: Workers) -> None:
        hanging = asyncio.ensure_future(workers.do("hang"))
        await workers.do("well")
        workers.close()
        with pytest.raises(Ended):
            await hanging

    asked(workers, closed)
