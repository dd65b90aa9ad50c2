"""What in finished pages could run, or would be read as something else: they are parsed again by another parser.

The writers escape whatever the manuscript says, and raw HTML comes in by an allow-list. This looks at what came of it,
as browsers see it: with the HTML standard's own algorithm, which mends broken markup in ways that have carried scripts
past many a filter. A page whose tree is another once it has been written out and read again (mutation XSS) is told.
https://html.spec.whatwg.org/multipage/parsing.html
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from selectolax.lexbor import LexborHTMLParser

_REFUSED = frozenset(
    "animate applet base embed fencedframe foreignObject form frame frameset handler iframe isindex listener marquee"
    " noembed noframes noscript object param plaintext portal set template xmp".split()
)
"""Elements that run, fetch or send, or that are read otherwise where scripts run; our writers use none."""
_BY_ITSELF = frozenset(
    {"audio", "embed", "iframe", "image", "img", "input", "script", "source", "track", "use", "video"}
)
"""Elements that fetch what they name without being asked."""
_ADDRESSES = frozenset(
    {"action", "background", "cite", "data", "formaction", "href", "poster", "src", "srcset", "ping"}
)
_SENDING = frozenset({"action", "formaction", "ping", "srcdoc", "background", "manifest"})
_DANGEROUS = frozenset({"about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source"})
_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*):", re.IGNORECASE)
_STRIPPED = re.compile(r"^[\x00-\x20]+|[\t\n\r]")
"""What a browser leaves out of an address before it reads it. https://url.spec.whatwg.org/#url-parsing"""
_OUTSIDE = re.compile(r"@import|url\(\s*['\"]?\s*(?!#)[^)]*:|expression\s*\(|url\(\s*['\"]?\s*//", re.IGNORECASE)
_TEXTS = frozenset({"script", "style"})
"""Elements whose text is looked at."""
_FIRST_LINES = re.compile(r"(<(?:pre|textarea|listing)(?: [^>]*)?>)\n+")
"""In these a parser passes over the first line's end, which is not put back when they are written."""
_PAGES = frozenset({".xhtml", ".html", ".htm", ".svg"})
_LARGEST = 64 << 20
"""Bytes of one page in an EPUB, unpacked."""


def active_content(path: Path) -> Iterator[tuple[str, str]]:
    """A check id and what is wrong, for each thing in a page, or in an EPUB's pages, that runs or would come to run."""
    if path.suffix == ".epub":
        yield from _of_book(path)
    elif path.suffix == ".html":
        page = LexborHTMLParser(path.read_bytes().decode("utf-8", "replace"))
        yield from (("active-content", told) for told in _active(_of_page(page)))
        # https://html.spec.whatwg.org/multipage/parsing.html#serialising-html-fragments
        written = page.html or ""
        if _written(LexborHTMLParser(written)) != _written(page):
            yield "markup-unstable", "is read as another page once it has been written out and read again"


def _of_book(path: Path) -> Iterator[tuple[str, str]]:
    try:
        with zipfile.ZipFile(path) as book:
            for entry in book.infolist():
                if PurePosixPath(entry.filename).suffix in _PAGES and entry.file_size <= _LARGEST:
                    for told in _active(_of_document(book.read(entry))):
                        yield "active-content", f"{told} (in {entry.filename})"
    except (
        zipfile.BadZipFile,
        OSError,
        zlib.error,
        ParseError,
        DefusedXmlException,
        NotImplementedError,
        RuntimeError,
    ):
        return  # what cannot be read is told by the reader


class _Element(NamedTuple):
    """An element by its name without prefix, its attributes likewise, and the text that it begins with."""

    name: str
    attributes: Mapping[str, str]
    text: str


def _of_page(page: LexborHTMLParser) -> Iterator[_Element]:
    """The elements of a page, but those within a template, which is refused whole."""
    for node in page.root.traverse() if page.root else ():
        attributes = {key.rpartition(":")[2].lower(): value or "" for key, value in node.attributes.items()}
        yield _Element(node.tag or "", attributes, node.text(deep=False) if node.tag in _TEXTS else "")


def _of_document(data: bytes) -> Iterator[_Element]:
    """The elements of a page in an EPUB.

    Raises ParseError, DefusedXmlException.
    """
    for element in fromstring(data, forbid_external=True).iter():
        tag: object = element.tag
        if isinstance(tag, str):  # no comment
            attributes = {key.rpartition("}")[2].lower(): value for key, value in element.attrib.items()}
            yield _Element(tag.rpartition("}")[2], attributes, element.text or "")


def _written(page: LexborHTMLParser) -> str:
    return _FIRST_LINES.sub(r"\1", page.html or "")


# What runs -----------------------------------------------------------------------------------------------------------


def _active(elements: Iterable[_Element]) -> Iterator[str]:
    for name, attributes, text in elements:
        if name in _REFUSED:
            yield f"holds the element <{name}>"
        if name == "script" and not _our_script(attributes, text):
            yield "holds a script that is in no file of ours"
        if name == "style" and _OUTSIDE.search(text):
            yield "holds a style that asks for something from outside"
        if name == "meta" and attributes.get("http-equiv", "").lower() in ("refresh", "set-cookie"):
            yield f"holds a meta element for {attributes['http-equiv']}"
        for key, value in attributes.items():
            yield from _attribute(name, key, value, attributes)


def _our_script(attributes: Mapping[str, str], text: str) -> bool:
    """A file beside the page, or data, which does not run."""
    if attributes.get("type") == "application/ld+json":
        try:
            json.loads(text)
        except ValueError:
            return False
        return "src" not in attributes
    return "src" in attributes and not text.strip()


def _attribute(name: str, key: str, value: str, attributes: Mapping[str, str]) -> Iterator[str]:
    if key.startswith("on"):
        yield f"has a script in the attribute {key} of <{name}>"
    elif key in _SENDING:
        yield f"has the attribute {key} of <{name}>"
    elif key == "style" and _OUTSIDE.search(value):
        yield f"has a style of <{name}> that asks for something from outside"
    elif key in _ADDRESSES:
        address = _STRIPPED.sub("", value)
        scheme = _SCHEME.match(address)
        if scheme and scheme["scheme"].lower() in _DANGEROUS:
            yield f"has the address {value[:40]} in <{name}>"
        elif (scheme or address.startswith(("//", "\\\\", "/\\"))) and _fetches(name, attributes):
            yield f"fetches {value[:80]} from outside"


def _fetches(name: str, attributes: Mapping[str, str]) -> bool:
    if name == "link":
        return bool(
            {"stylesheet", "icon", "preload", "modulepreload", "prefetch"} & set(attributes.get("rel", "").split())
        )
    return name in _BY_ITSELF
