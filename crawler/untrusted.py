"""XML of strangers, read as far as it can be: no entity is expanded, nothing is loaded from anywhere."""

from __future__ import annotations

from lxml import etree


def parsed(body: bytes) -> etree._Element | None:
    """The root element; None when there is nothing that could be one."""
    body = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    start = body.find(b"<?xml", 0, 4096)
    if start > 0:
        body = body[start:]  # notices of the software stand before the declaration
    parser = etree.XMLParser(
        encoding=_encoding(body),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def local(node: etree._Element) -> str:
    """The name without its namespace; "" for entities, comments and instructions, whose tag is a function."""
    try:
        tag = node.tag
    except UnicodeDecodeError:  # half a character gets past a forgiving parser, into names too
        return ""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _encoding(body: bytes) -> str | None:
    """UTF-8 where the bytes are UTF-8, whatever the declaration says; None: as declared."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if b"\x00" in body[:64] else "utf-8"
