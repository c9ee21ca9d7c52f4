"""A loopback server of raw sockets, for the HTTP that no honest server speaks; hosts are told apart by Host."""

from __future__ import annotations

import itertools
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    host: str
    target: str
    at: float
    """Monotonic seconds."""
    headers: Mapping[str, str]


@dataclass
class Wire:
    """One connection with its request read; what is written goes out as it is."""

    connection: socket.socket
    asked: Asked
    count: int
    """How often this address was asked for, this time included."""
    closing: threading.Event

    sent: dict[tuple[str, str], int] = field(default_factory=dict)

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)
        at = (self.asked.host, self.asked.target)
        self.sent[at] = self.sent.get(at, 0) + len(data)

    def drip(self, data: bytes, every: float) -> None:
        for n in range(len(data)):
            self.send(data[n : n + 1])
            if self.closing.wait(every):
                return


Answer = bytes | Callable[[Wire], None]


def response(
    body: bytes | str = b"",
    content_type: str | None = HTML,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    length: int | None = None,
) -> bytes:
    """A whole answer; `length`: what Content-Length claims."""
    body = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
    if content_type:
        lines.append(f"Content-Type: {content_type}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def redirect(to: str, status: int = 302) -> bytes:
    return response(status=status, headers={"Location": to})


def page(title: str, *paragraphs: str, head: str = "", date: str = "5 marca 2026") -> str:
    """An article as the siew family's sites show one."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="pl"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body><main>'
        f'<h1>{title}</h1><span class="date">{date}</span><div class="news-content">{body}</div></main></body></html>'
    )


def story(number: int | str, title: str | None = None, **options: str) -> str:
    """A good article, unlike any other of another number."""
    return page(
        title or f"Wiadomość {number}",
        f"Powiatowe centrum numer {number} zaprasza mieszkańców na dzień otwarty pod hasłem {number}-{number}.",
        f"Doradcy ze stanowiska {number} opowiedzą o stażach, szkoleniach i o tym, jak napisać życiorys.",
        f"Zapisy przyjmuje sekretariat w pokoju {number}; udział jest bezpłatny, a liczba miejsc ograniczona.",
        **options,
    )


def listing(*hrefs: str, extra: str = "") -> str:
    links = "".join(f'<li><a href="{href}">Aktualność {n}</a></li>' for n, href in enumerate(hrefs))
    return f'<!DOCTYPE html><html lang="pl"><body><ul>{links}</ul>{extra}</body></html>'


def feed(*links: str) -> str:
    items = "".join(f"<item><title>Wpis {n}</title><link>{link}</link></item>" for n, link in enumerate(links))
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Wpisy</title>{items}</channel></rss>'


def sitemap(*named: str, index: bool = False) -> str:
    """A sitemap of these addresses; of these sitemaps, when it is an index."""
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    entries = "".join(f"<{inner}><loc>{one}</loc><lastmod>2024-03-05</lastmod></{inner}>" for one in named)
    return f'<?xml version="1.0"?><{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{outer}>'


@dataclass
class FaultWeb:
    """Answers by host and address; what is not there is a 404, robots.txt too."""

    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)
    offices: list[dict[str, Any]] = field(default_factory=list)
    sent: dict[tuple[str, str], int] = field(default_factory=dict)
    """(host, target) -> bytes that an answer written piece by piece could get rid of."""
    port: int = 0
    tls: ssl.SSLContext | None = None
    """Where given, https is spoken on a port of its own."""
    tls_port: int = 0

    def office(self, host: str, *, family: str = "siew", **fields: Any) -> str:
        """Adds an office on this host; its list is /news.html (siew) or /feed/ (wordpress)."""
        line = {
            "id": host.partition(".")[0],
            "kind": "other",
            "name": f"Urząd {host}",
            "family": family,
            "url": f"http://{host}/news.html",
        }
        if family == "wordpress":
            line |= {"url": f"http://{host}/", "feed": f"http://{host}/feed/"}
        self.offices.append(line | fields)
        return host

    def put(self, host: str, target: str, answer: Answer | str) -> None:
        self.answers[host, target] = response(answer) if isinstance(answer, str) else answer

    def site(self, host: str, articles: Mapping[str, Answer | str], *, extra: str = "", **fields: Any) -> None:
        """An office whose list names these articles, with their answers."""
        self.office(host, **fields)
        self.put(host, "/news.html", listing(*articles, extra=extra))
        for target, answer in articles.items():
            self.put(host, target, answer)

    def asked(self, host: str, target: str | None = None) -> list[Asked]:
        return [one for one in self.log if one.host == host and target in (None, one.target)]

    def gaps(self, host: str) -> list[float]:
        """Seconds between this host's requests, in order."""
        times = [one.at for one in self.asked(host)]
        return [after - before for before, after in itertools.pairwise(times)]

    def __enter__(self) -> Self:
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener, None), daemon=True).start()
        self._secured = socket.create_server(("127.0.0.1", 0))
        self.tls_port = self._secured.getsockname()[1]
        if self.tls is not None:
            threading.Thread(target=self._accept, args=(self._secured, self.tls), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._listener.close()
        self._secured.close()

    def _accept(self, listener: socket.socket, tls: ssl.SSLContext | None) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection, tls), daemon=True).start()

    def _serve(self, plain: socket.socket, tls: ssl.SSLContext | None) -> None:
        with plain, ExitStack() as stack:
            try:
                plain.settimeout(60)
                connection = stack.enter_context(tls.wrap_socket(plain, server_side=True)) if tls else plain
                received = b""
                while b"\r\n\r\n" not in received:
                    more = connection.recv(65536)
                    if not more:
                        return
                    received += more
                head = received.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
                host = headers.get("host", "").partition(":")[0]
                asked = Asked(host, head[0].split(" ")[1], time.monotonic(), headers)
                self.log.append(asked)
                answer = self.answers.get((host, asked.target)) or self.answers.get((host, "*"))
                if answer is None:
                    answer = response("<html><body><h1>404</h1></body></html>", status=404)
                if isinstance(answer, bytes):
                    connection.sendall(answer)
                else:
                    answer(Wire(connection, asked, len(self.asked(host, asked.target)), self._closing, self.sent))
            except OSError:  # the crawler may hang up at any time
                return
