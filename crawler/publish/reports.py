"""Where a reader tells that a record is wrong; the address names the record."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

REPORTS = "WIESCI_REPORTS"
"""An e-mail address, or the address of a form; overrules "reports" of the plugin's settings in the metadata."""


def report_address(datasette: Any, *, record: str, title: str, page: str) -> str:
    """The link "zgłoś błąd" of one record, `articles/0123…`; `page` is its whole address here."""
    configured = (os.environ.get(REPORTS) or (datasette.plugin_config("wiesci") or {}).get("reports") or "").strip()
    if configured.startswith(("http://", "https://")):
        joined = "&" if urlsplit(configured).query else "?"
        return f"{configured}{joined}{urlencode({'rekord': record, 'strona': page})}"
    if "@" in configured:
        subject = f"Wieści: błąd w {record}"
        body = f"Rekord: {record}\nTytuł: {title}\nStrona: {page}\n\nCo jest nie tak:\n"
        address = quote(configured.removeprefix("mailto:"), safe="@.+-_")
        return f"mailto:{address}?subject={quote(subject)}&body={quote(body)}"
    return f"{datasette.urls.path('/-/o-danych')}?{urlencode({'rekord': record})}#kontakt"
