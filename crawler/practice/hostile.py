"""Bodies no office would send on purpose: a bomb, a hundred thousand attributes, a PDF under a false name."""

from __future__ import annotations

import functools
import struct
import zlib
from collections.abc import Callable, Mapping

Made = tuple[bytes, str, dict[str, str]]
BOMB_MEGABYTES = 300
MEGABYTE = bytes(1 << 20)


@functools.cache
def gzip_bomb() -> Made:
    """About 300 kB that unpack to 300 MB of NULs.

    After a full flush equal megabytes give equal bytes, so one of them is packed and repeated.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packer.compress(b"")
    packed = packer.compress(MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(BOMB_MEGABYTES):
        checksum = zlib.crc32(MEGABYTE, checksum)
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    end = packer.flush() + struct.pack("<II", checksum, BOMB_MEGABYTES << 20)
    body = head + packed * BOMB_MEGABYTES + end
    return body, "text/html; charset=utf-8", {"Content-Encoding": "gzip"}


@functools.cache
def attributes() -> Made:
    """One tag with 100,000 attributes."""
    many = " ".join(f'data-a{n}="{n}"' for n in range(100_000))
    head = "<!DOCTYPE html><html><head><title>Aktualność</title></head>"
    body = f"{head}<body><div {many}><p>Treść.</p></div></body></html>"
    return body.encode(), "text/html; charset=utf-8", {}


def pdf_as_html() -> Made:
    return small_file("ogloszenie.pdf")[0], "text/html; charset=utf-8", {}


def plain_as_gzip() -> Made:
    """Plain text that calls itself gzip."""
    body = "<!DOCTYPE html><html><body><p>Ta strona nie jest spakowana, choć nagłówek tak twierdzi.</p></body></html>"
    return body.encode(), "text/html; charset=utf-8", {"Content-Encoding": "gzip"}


MADE: Mapping[str, Callable[[], Made]] = {
    "gzip_bomb": gzip_bomb,
    "attributes": attributes,
    "pdf_as_html": pdf_as_html,
    "plain_as_gzip": plain_as_gzip,
}

TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "zip": "application/zip",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
}
SIGNS = {
    "pdf": b"%PDF-1.4\n",
    "png": b"\x89PNG\r\n\x1a\n",
    "gif": b"GIF89a",
    "jpg": b"\xff\xd8\xff\xe0",
    "zip": b"PK\x05\x06",
}
SIGN_OF = {"jpeg": "jpg", "docx": "zip", "xlsx": "zip", "odt": "zip"}


def small_file(name: str) -> tuple[bytes, str]:
    """A few bytes with the right first ones, always the same for the same name, and their media type."""
    ending = name.rpartition(".")[2].lower()
    sign = SIGNS.get(SIGN_OF.get(ending, ending), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    return sign + b"\x00\x01" + name.encode() + b"\n", TYPES.get(ending, "application/octet-stream")
