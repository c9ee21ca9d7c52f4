"""A sample of the year's days over real Scrapy, sockets and worker processes; its tables must be the simulated ones.

python -m tests.year.loopback DATA SEED OFFICES INSTANT…
"""

from __future__ import annotations

import asyncio
import pickle
import sys
import threading
from collections.abc import Sequence
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

from scrapy.crawler import AsyncCrawlerProcess

from crawler import registry
from crawler.crawling import practice_settings, settings_with
from crawler.registry import Register
from crawler.run import Run
from normalize.model import Office
from tests.crawler.made import SetClock
from tests.year.budget import Lists
from tests.year.driving import LIMITS
from tests.year.history import START
from tests.year.log import Log
from tests.year.offices import PROFILES
from tests.year.site import SimulatedWeb
from tests.year.year import sites_of

LOG = "log.pickle"
"""In the data folder: the requests as they arrived at the server, and the lists that were due."""


class Server(ThreadingHTTPServer):
    """The simulated web on a local port, at the instant that its clock shows."""

    daemon_threads = True
    request_queue_size = 128
    """Without a delay all that waits is sent at once; of connections beyond the queue each would wait for seconds."""

    def __init__(self, web: SimulatedWeb, clock: SetClock) -> None:
        self.web = web
        self.clock = clock
        self.one_at_a_time = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up when they have what they want; anything else is news."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        host = (self.headers.get("Host") or "").partition(":")[0]
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.server.one_at_a_time:
            reply = self.server.web.answer(host, self.path, headers, self.server.clock())
        if reply.dropped:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.status != 304:
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:
        """The log is kept by the web, not printed."""


def crawl(data: Path, register: Register, web: SimulatedWeb, log: Log, instants: Sequence[datetime]) -> Lists:
    """Every run with the project's own settings for the practice web; the clock stands still within a run."""
    clock, lists = SetClock(), Lists()
    with Server(web, clock) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        settings = {
            **practice_settings(server.server_address[1]),
            "RETRY_TIMES": 2,
            "WIESCI_TIME_SCALE": 0.0,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,  # as on the live web
            "DOWNLOAD_TIMEOUT": 60,
        }
        process = AsyncCrawlerProcess(settings_with(settings))
        families: dict[str, list[Office]] = {}
        for office in register.select():
            families.setdefault(office.family, []).append(office)

        async def whole() -> None:
            for at in instants:
                clock.at = at
                log.began.append(at)
                log.ended.append(at)
                lists.note(data, at, web.list_pages(at))
                with Run(data=data, register=register, command="year", clock=clock, limits=LIMITS) as run:
                    await run.resume()
                    await asyncio.gather(
                        *(process.crawl(family, run=run, offices=some) for family, some in families.items())
                    )
                    if run.problem is not None:
                        raise run.problem
                    await run.finish("finished")

        task = asyncio.get_event_loop().create_task(whole())
        task.add_done_callback(lambda _: _stop())
        process.start(stop_after_crawl=False, install_signal_handlers=False)
        task.result()
        server.shutdown()
    return lists


def _stop() -> None:
    from twisted.internet import reactor

    cast(Any, reactor).stop()


def main() -> None:
    data, seed, offices = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    instants = [datetime.fromisoformat(one) for one in sys.argv[4:]]
    profiles = PROFILES[:offices]
    log = Log()
    web = SimulatedWeb(sites_of(profiles, seed, (instants[-1] - START).days + 1), watch=log.watch)
    lists = crawl(data, registry.load(practice=[one.line for one in profiles]), web, log, instants)
    (data / LOG).write_bytes(pickle.dumps((log, lists)))


if __name__ == "__main__":
    main()
