"""Bodies no one sends on purpose: bombs of 1 GiB, pages that take parsers minutes, charsets that lie."""

from __future__ import annotations

import random
import struct
import sys
import zlib

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MEGABYTE = bytes(1 << 20)
GIGABYTE = 1024
"""Megabytes."""


def gzip_bomb() -> bytes:
    """After a full flush equal megabytes give equal bytes, so one of them is packed and repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    return head + packed * GIGABYTE + packer.flush() + struct.pack("<II", 0, GIGABYTE << 20 & 0xFFFFFFFF)


def deflate_bomb() -> bytes:
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    packed = packer.compress(MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + packed * GIGABYTE + packer.flush()


def zstd_bomb() -> bytes:
    packer = zstd.ZstdCompressor()
    return b"".join([*(packer.compress(MEGABYTE) for _ in range(GIGABYTE)), packer.flush()])


def brotli_bomb() -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join([*(packer.process(MEGABYTE) for _ in range(GIGABYTE)), packer.finish()])


SENTENCE = "Zażółć gęślą jaźń"
CHARSETS = ("utf-8", "windows-1250", "iso-8859-2", "utf-16", "cp852", "utf-8-sig")
DECLARED = ("", "utf-8", "iso-8859-2", "windows-1250")


def charset_pages() -> dict[tuple[str, str, str], tuple[bytes, str]]:
    """(charset of the bytes, what meta says, what the header says) -> (body, Content-Type): 96 combinations."""
    pages = {}
    for real in CHARSETS:
        for meta in DECLARED:
            for header in DECLARED:
                number = len(pages)
                said = f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">' if meta else ""
                text = (
                    f"<html><head>{said}<title>{SENTENCE} {number}</title></head><body><main>"
                    f"<h1>{SENTENCE} {number}</h1>"
                    f'<div class="news-content"><p>{SENTENCE}: urząd numer {number} ogłasza nabór wniosków o staże.</p>'
                    f"<p>Wnioski składa się w sekretariacie, w godzinach pracy urzędu, do wyczerpania środków puli"
                    f" {number}-{number}.</p></div></main></body></html>"
                )
                content_type = f"text/html; charset={header}" if header else "text/html"
                pages[real, meta, header] = (text.encode(real), content_type)
    return pages


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


def table(rows: int, columns: int) -> str:
    row = "<tr>" + "".join(f"<td>komórka {n}</td>" for n in range(columns)) + "</tr>"
    return "<table>" + row * rows + "</table>"
