"""Where a reader tells that a record is wrong; the address names the record."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

REPORTS = "WIESCI_REPORTS"
"""An e-mail address, or the address of a form; overrules "reports" of the plugin's settings in the metadata."""


def report_address(datasette: Any, *, record: str, title: str, page: str) -> str:
    """The link "zgłoś błąd" of one record, `articles/0123…`; `page` is its whole address here."""
    told = configured(datasette)
    if told.startswith(("http://", "https://")):
        joined = "&" if urlsplit(told).query else "?"
        return f"{told}{joined}{urlencode({'zapis': record, 'strona': page})}"
    if "@" in told:
        subject = f"Wieści: błąd w zapisie {record}"
        body = f"Zapis: {record}\nTytuł: {title}\nStrona: {page}\n\nCo jest nie tak:\n"
        address = quote(told.removeprefix("mailto:"), safe="@.+-_")
        return f"mailto:{address}?subject={quote(subject)}&body={quote(body)}"
    return f"{datasette.urls.path('/-/o-danych')}?{urlencode({'zapis': record})}#zglos-blad"


def configured(datasette: Any) -> str:
    """Where the operator wants reports; empty where nothing was said."""
    return str(os.environ.get(REPORTS) or (datasette.plugin_config("wiesci") or {}).get("reports") or "").strip()
