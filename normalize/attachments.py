"""Files a page offers: label, type and declared size, from links and from the lines around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from normalize.layout import Line
from normalize.model import Attachment
from normalize.page import Page
from normalize.words import clean

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "rtf": "application/rtf",
    "txt": "text/plain",
    "csv": "text/csv",
    "xml": "application/xml",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ics": "text/calendar",
}
_UNITS = {"b": 1, "kb": 1024, "kib": 1024, "mb": 1024**2, "mib": 1024**2, "gb": 1024**3, "bajtów": 1, "bajty": 1}
_EXTENSIONS = "|".join(sorted(MEDIA_TYPES, key=len, reverse=True))
_SIZE = r"(?P<number>\d{1,4}(?:[ \u00a0]\d{3})*(?:[.,]\d{1,3})?)\s*(?P<unit>[kmg]i?b|bajt(?:ów|y)|b)(?![\w])"
SIZE = re.compile(_SIZE, re.I)
_TYPED_SIZE = re.compile(
    rf"[(\[]?\s*(?:(?:plik|format|rozmiar)\s*:?\s*)?(?:(?<![\w.])\.?(?P<type>{_EXTENSIONS})\b)?\s*[,;/|"
    rf"–-]?\s*(?:(?:rozmiar|wielkość)(?:\s+pliku)?\s*:?\s*)?{_SIZE}\s*[)\]]?",
    re.I,
)
_ENDS_IN_SIZE = re.compile(r"\d\s*(?:[kmg]i?b|bajt\w*|b)\s*[)\]]?[ .,;]*$", re.I)
_BRACKETED_TYPE = re.compile(rf"[(\[]\s*(?:plik\s+)?\.?(?P<type>{_EXTENSIONS})\s*[)\]]", re.I)
_SIZE_BEHIND = re.compile(rf"\W*{_TYPED_SIZE.pattern}", re.I)
_TYPE_BEHIND = re.compile(rf"\s*{_BRACKETED_TYPE.pattern}", re.I)
_NAMED_FILE = re.compile(rf"\.(?P<type>{_EXTENSIONS})(?![\w])", re.I)
_TYPE_IN_SLUG = re.compile(rf"-\d*-?(?P<type>{_EXTENSIONS})\d*$", re.I)
_FILE_ADDRESS = re.compile(
    rf"\.(?P<type>{_EXTENSIONS})(?:$|[/?])|^/documents/(?:d/|\d+/)|^/attachment/|/download(?:/|$)|/pobierz(?:/|$)|"
    r"[?&](?:task=(?:document\.)?download|download(?:_id)?=|file(?:_id)?=)|/wpfd_file/|/item/download/",
    re.I,
)
_VAGUE = re.compile(
    rf"^(?:pobierz(?:\s+(?:plik|dokument|załącznik))?|plik|dokument|załącznik|zobacz|otwórz|tutaj|tu|"
    rf"link|download|{_EXTENSIONS})\W*$",
    re.I,
)
HEADING = re.compile(
    r"^(?:załącznik(?:i)?|do pobrania|pliki(?: do pobrania)?|dokumenty(?: do pobrania)?|materiały(?: do pobrania)?|"
    r"(?:lista|wykaz) załączników|pliki cyfrowe|prezentacje|załączone (?:pliki|dokumenty))\s*(?:\(\d+\))?\s*:?$",
    re.I,
)
_LABEL_BEFORE = re.compile(r"^[^:]{3,40}:(?=\s|$)")
_LEFTOVER = re.compile(
    r"(?:pobierz|pobierania|plik(?:u)?|załącznik(?:\s+nr\s+\d+)?|dokument|rozmiar|liczba pobrań|"
    r"pobrań|otwiera się w nowym oknie|"
    r"nowe okno|data dodania|link)|[\W\d_]",
    re.I,
)


def declared_bytes(text: str) -> int | None:
    """The size that a label states, KB = 1024: "PDF 1005 KB" -> 1029120, "1,2 MB" -> 1258291."""
    match = SIZE.search(text)
    if match is None:
        return None
    number = match["number"].replace(" ", "").replace("\u00a0", "").replace(",", ".")
    return int(float(number) * _UNITS[match["unit"].lower()])


def media_type(address: str, words: str) -> str | None:
    """The type by the address's extension (also one inside or glued to a slug), else by the words."""
    path = unquote(urlsplit(address).path)
    for pattern, text in (
        (_FILE_ADDRESS, path),
        (_TYPED_SIZE, words),
        (_BRACKETED_TYPE, words),
        (_NAMED_FILE, words),
        (_TYPE_IN_SLUG, path),
    ):
        for match in pattern.finditer(text):
            if match["type"]:
                return MEDIA_TYPES[match["type"].lower()]
    return None


def is_file(href: str, element: HtmlElement | None = None) -> bool:
    """Whether a link's address is a file's."""
    try:
        parts = urlsplit(href)
    except ValueError:  # "http://[" and the like: nothing is behind such a link
        return False
    if _FILE_ADDRESS.search(parts.path + ("?" + parts.query if parts.query else "")):
        return True
    return element is not None and "file-download" in (element.get("class") or "")


def label(text: str) -> str:
    """A label without type and size: "Regulamin (PDF 1005 KB)" -> "Regulamin"."""
    text = _BRACKETED_TYPE.sub(" ", _TYPED_SIZE.sub(" ", text))
    return clean(text).strip(" -–—,;:|•[]") or clean(text)


def in_line(line: Line, page: Page) -> list[Attachment]:
    """The files that one line offers, in order."""
    found: list[Attachment] = []
    if not line.links:
        return found
    files = [(element, words) for element, words in line.links if is_file(element.get("href") or "", element)]
    if not files and SIZE.search(line.text) and len(line.links) == 1 and _TYPED_SIZE.search(line.text):
        files = [line.links[0]]
    position = 0
    for index, (element, words) in enumerate(files):
        address = page.join(element.get("href") or "")
        start = line.text.find(words, position)
        end = start + len(words)
        following = files[index + 1][1] if index + 1 < len(files) else None
        stop = line.text.find(following, end) if following else len(line.text)
        tail = line.text[end : stop if stop >= 0 else len(line.text)]
        size = _SIZE_BEHIND.match(tail) or _TYPE_BEHIND.match(tail)
        raw = words + tail[: size.end()] if size else words
        position = end
        if address is None:
            continue
        name = label(words)
        if _VAGUE.match(name):
            before = label(line.text[:start]).removesuffix(":").strip()
            name = before if 3 <= len(before) <= 300 and index == 0 else clean(element.get("title") or "") or name
        found.append(
            Attachment(
                url=address,
                label=name[:500],
                media_type=media_type(address, raw),
                declared_bytes=declared_bytes(raw),
                raw=clean(raw)[:500],
            )
        )
    return found


def unlinked(line: Line) -> Attachment | None:
    """A line that names a file with type and size but has no link: the address stays empty."""
    if not _ENDS_IN_SIZE.search(line.text[-14:]):
        return None
    match = _TYPED_SIZE.search(line.text)
    if (
        line.links
        or match is None
        or match["type"] is None
        or match.end() < len(line.text.rstrip(" .;,"))
        or match.start() < 3
    ):
        return None
    if len(line.text) > 300:
        return None
    return Attachment(
        url="",
        label=label(line.text),
        media_type=media_type("", line.text),
        declared_bytes=declared_bytes(line.text),
        raw=line.text,
    )


def only_files(line: Line, files: Sequence[Attachment]) -> bool:
    """Whether a line says nothing but which files it offers."""
    rest = line.text
    for file in files:
        rest = rest.replace(file.raw, " ", 1)
    for element, words in line.links:
        if is_file(element.get("href") or "", element):
            rest = rest.replace(words, " ", 1)
    rest = _LABEL_BEFORE.sub("", rest)
    rest = _LEFTOVER.sub("", _TYPED_SIZE.sub(" ", rest))
    named = sum(len(file.raw) for file in files)
    return len(rest) <= 3 or (
        len(rest) * 4 <= named and not line.text.rstrip().endswith((".", "!")) and line.kind in ("li", "row")
    )


def from_bare_links(links: Iterable[HtmlElement], page: Page) -> list[Attachment]:
    """Files behind links without words: an icon's title or alternative text names them."""
    found = []
    for element in links:
        href = element.get("href") or ""
        address = page.join(href) if is_file(href, element) else None
        if address is None:
            continue
        image = element.find(".//img")
        words = (
            element.get("title") or element.get("aria-label") or (image.get("alt") if image is not None else None) or ""
        )
        name = clean(words) or unquote(urlsplit(address).path.rstrip("/").rpartition("/")[2])
        found.append(
            Attachment(
                url=address,
                label=label(name)[:500],
                media_type=media_type(address, name),
                declared_bytes=declared_bytes(words),
                raw=name[:500],
            )
        )
    return found


def distinct(files: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Each address once; a later mention only supplies what the first one lacks."""
    kept: dict[str, Attachment] = {}
    for file in files:
        key = file.url or "\0" + file.raw
        before = kept.get(key)
        if before is None or (before.declared_bytes is None and file.declared_bytes is not None):
            kept[key] = file
    return tuple(kept.values())
