"""Characters as documents of the 2000s write them: by HTML's names, and in the character set that a `meta` tells.

XML knows neither. A parser of XML that follows no DTD leaves out what stands behind such a name, and so would lose the
letters of books that others made. https://html.spec.whatwg.org/multipage/named-characters.html
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5

from lxml import etree

_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))
_DECLARED = re.compile(rb"<!ENTITY\s+([^\s%]+)")
_TOLD = re.compile(rb"<meta\b[^>]*\bcharset=[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_HEAD = 2048


def numbered(data: bytes) -> bytes:
    """A document with HTML's named characters as numbers. What it declares by itself is left as it is."""
    declared = set(_DECLARED.findall(data)) if b"<!ENTITY" in data else set[bytes]()

    def number(match: re.Match[bytes]) -> bytes:
        name = match[1].decode()
        meant = html5.get(f"{name};")
        if meant is None or name in _XML or match[1] in declared:
            return match[0]
        return "".join(f"&#{ord(character)};" for character in meant).encode()

    return _NAMED.sub(number, data)


def as_utf8(data: bytes) -> bytes:
    """A document as UTF-8 where it is none and has no XML declaration: from what its `meta` tells; else as it is."""
    if data.startswith((b"<?xml", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        told = _TOLD.search(data, 0, _HEAD)
        try:
            return data.decode(told[1].decode() if told else "cp1252", "replace").encode()
        except LookupError:
            return data.decode("cp1252", "replace").encode()
    return data


def mended(data: bytes) -> etree._Element | None:
    """A document as XML, mended where it is badly written; None for what holds no element. No entity or address is
    ever followed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:  # mending ends where there is nothing at all
        return None
