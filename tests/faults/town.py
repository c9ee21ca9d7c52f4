"""Three small offices over two days: plates, copies, calls; then an edit, a new deadline, a move, a loss, news."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.faults.web import FaultWeb, listing, page, redirect, response, story

HOSTS = ("raz.test", "dwa.test", "trzy.test")
ARTICLES = 10
"""Of each office on the first day."""
_PLATE = (
    "Projekt jest współfinansowany ze środków Europejskiego Funduszu Społecznego Plus i realizowany przez nasz urząd"
    " wspólnie z partnerami z całego województwa."
)


def town(*, second_day: bool = False) -> FaultWeb:
    """The web of the three offices, not yet served."""
    web = FaultWeb()
    for number, host in enumerate(HOSTS):
        web.site(host, {f"/news,{n},x.html": _article(host, number, n) for n in range(ARTICLES)})
        if second_day:
            _change(web, host, number)
    return web


def _article(host: str, number: int, n: int) -> str:
    date = f"{n + 1}.0{number + 1}.2026"
    if n == 7:  # the same at all three
        return story("wspólna", date=date)
    if n == 8:
        return _call(host, date, "20 marca 2026 r.")
    text = story(f"{host}-{n}", date=date)
    return text.replace("</div></main>", f"<p>{_PLATE}</p></div></main>") if 3 <= n <= 6 else text


def _call(host: str, date: str, closes: str) -> str:
    return page(
        f"Nabór wniosków o staże {host}",
        f"Urząd {host} ogłasza nabór wniosków o organizację staży. Wnioski przyjmujemy od 2 marca 2026 r. do {closes}",
        f"Pula środków urzędu {host} wynosi 250 000 zł, a na jedną osobę przypada do 12 000 zł.",
        date=date,
    )


def _change(web: FaultWeb, host: str, number: int) -> None:
    targets = [f"/news,{n},x.html" for n in range(ARTICLES)]
    web.put(host, targets[1], response(status=404))
    web.put(host, targets[2], story(f"{host}-2").replace("bezpłatny", "bezpłatny także dla osób spoza powiatu"))
    web.put(host, targets[8], _call(host, f"9.0{number + 1}.2026", "31 marca 2026 r."))
    moved = "/news,99,przeniesiona.html"
    web.put(host, moved, _article(host, number, 9))
    web.put(host, targets[9], redirect(moved, 301))
    fresh = "/news,10,nowa.html"
    web.put(host, fresh, story(f"{host}-10", date=f"20.0{number + 1}.2026"))
    web.put(host, "/news.html", listing(fresh, *(one for one in targets if one != targets[1]), moved))


@contextmanager
def served(web: FaultWeb) -> Iterator[int]:
    """Its port, while a process of its own serves it: this one stays without threads and may be forked."""
    parent = os.getpid()
    read, write = os.pipe()
    server = os.fork()
    if not server:
        os.close(read)
        with web:
            os.write(write, str(web.port).encode())
            os.close(write)
            while os.getppid() == parent:
                time.sleep(0.5)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as told:
        port = int(told.read())
    try:
        yield port
    finally:
        os.kill(server, signal.SIGKILL)
        os.waitpid(server, 0)


def offices() -> list[dict[str, Any]]:
    return town().offices
