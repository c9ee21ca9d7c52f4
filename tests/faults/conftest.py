"""One crawl of the whole fault web for all its tests, in whichever worker process they run."""

from __future__ import annotations

import fcntl
import pickle
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.driving import Ended, drive
from tests.faults.sites import MAPPED, SECOND_DAY, SLOW, hosts, second_day
from tests.faults.small import small_web
from tests.faults.web import Asked, FaultWeb


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """What a crawl of two small offices leaves; tests copy its folder and never write to it."""
    with small_web() as web:
        return drive(web, tmp_path_factory.mktemp("small") / "data")


@pytest.fixture
def data(crawled: Ended, tmp_path: Path) -> Path:
    shutil.copytree(crawled.data, tmp_path / "data")
    return tmp_path / "data"


@dataclass(frozen=True)
class Met:
    """The crawls of the fault web and what its server saw of them."""

    first: Ended
    """Everything but the slow servers, in one run."""
    bombs: Ended
    """The bombs alone, so that what they cost can be told from what the others do."""
    slow: Ended
    mapped: Ended
    """Deep walks of the offices that have sitemaps."""
    second: Ended
    """The day after, over the data of the first."""
    log: list[Asked]
    sent: dict[tuple[str, str], int]
    """Bytes that servers which write piece by piece could get rid of."""

    def asked(self, host: str, target: str | None = None) -> list[Asked]:
        return [one for one in self.log if one.host == host and target in (None, one.target)]

    def gaps(self, host: str) -> list[float]:
        return FaultWeb(log=self.log).gaps(host)


@pytest.fixture(scope="session")
def met(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Met:
    alone = worker_id == "master"
    folder = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    with (folder / "faults.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = folder / "faults.pickle"
        if not kept.exists():
            kept.write_bytes(pickle.dumps(_meet(folder / "faults")))
        found = pickle.loads(kept.read_bytes())
    return found


def _meet(folder: Path) -> Met:
    with hosts() as web:
        quick = [line["id"] for line in web.offices if line["id"] not in (*SLOW, *MAPPED)]
        first = drive(web, folder / "first", only=quick)
        slow = drive(web, folder / "slow", only=SLOW, DOWNLOAD_TIMEOUT=2)
        mapped = drive(web, folder / "mapped", only=MAPPED, deep=True)
        log = list(web.log)
        bombs = drive(web, folder / "bombs", only=[line["id"] for line in web.offices if "n10.test" in line["url"]])
        shutil.copytree(first.data, folder / "second")
        second_day(web)
        second = drive(web, folder / "second", only=SECOND_DAY, days=400)
    return Met(first=first, bombs=bombs, slow=slow, mapped=mapped, second=second, log=log, sent=web.sent)
