"""Small pages for the tests of normalize, and their captures."""

from __future__ import annotations

from datetime import UTC, datetime

from normalize import Article, Capture, Office, Teaser, normalize

FETCHED = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)
URL = "https://urzad.test/aktualnosci/rusza-nabor-na-staze"
PARAGRAPH = (
    "Powiatowy urząd zaprasza pracodawców do współpracy przy organizowaniu staży dla osób, które dopiero zaczynają "
    "pracę i szukają pierwszego doświadczenia."
)
SECOND = (
    "Umowy podpisujemy na bieżąco, a na odpowiedź czeka się zwykle nie dłużej niż dwa tygodnie od złożenia wniosku."
)


def page(body: str, *, title: str = "Rusza nabór na staże - Urząd", head: str = "", charset: str = "utf-8") -> bytes:
    source = f"<!DOCTYPE html><html lang='pl'><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return source.encode(charset)


def article(inside: str, *, heading: str = "<h1>Rusza nabór na staże</h1>", head: str = "") -> bytes:
    """A page with a menu, an article of two paragraphs with `inside` after the first, and a footer."""
    menu = "<nav><ul><li><a href='/'>Start</a></li><li><a href='/urzad'>Urząd</a></li></ul></nav>"
    footer = "<footer><p>© 2026 Urząd</p></footer>"
    text = f"<div class='tresc'>{heading}<p>{PARAGRAPH}</p>{inside}<p>{SECOND}</p></div>"
    return page(menu + text + footer, head=head)


def read(
    body: bytes,
    *,
    url: str = URL,
    content_type: str | None = "text/html",
    fetched: datetime = FETCHED,
    office: Office | None = None,
    teaser: Teaser | None = None,
) -> Article:
    return normalize(
        Capture(url=url, body=body, content_type=content_type, fetched=fetched, office=office, teaser=teaser)
    )
