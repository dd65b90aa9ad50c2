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
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import tinyhtml5  # type: ignore[import-untyped]
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

_HTML = "{http://www.w3.org/1999/xhtml}"
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
_VOID = frozenset("area br col embed hr img input link meta source track wbr".split())
_RAW = frozenset({"style", "script"})
_PAGES = frozenset({".xhtml", ".html", ".htm", ".svg"})
_LARGEST = 64 << 20
"""Bytes of one page in an EPUB, unpacked."""


def active_content(path: Path) -> Iterator[tuple[str, str]]:
    """A check id and what is wrong, for each thing in a page, or in an EPUB's pages, that runs or would come to run."""
    if path.suffix == ".epub":
        yield from _of_book(path)
    elif path.suffix == ".html":
        text = path.read_bytes().decode("utf-8", "replace")
        root = _parsed(text)
        yield from (("active-content", told) for told in _active(root))
        if _written(root) != _written(_parsed(f"<!DOCTYPE html>{_written(root)}")):
            yield "markup-unstable", "is read as another page once it has been written out and read again"


def _of_book(path: Path) -> Iterator[tuple[str, str]]:
    try:
        with zipfile.ZipFile(path) as book:
            for entry in book.infolist():
                if PurePosixPath(entry.filename).suffix in _PAGES and entry.file_size <= _LARGEST:
                    for told in _active(fromstring(book.read(entry), forbid_external=True)):
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


def _parsed(text: str) -> Element:
    root: Element = tinyhtml5.parse(text)
    return root


# What runs -----------------------------------------------------------------------------------------------------------


def _active(root: Element) -> Iterator[str]:
    for element in root.iter():
        tag: object = element.tag
        if not isinstance(tag, str):  # a comment
            continue
        name = tag.rpartition("}")[2]
        attributes = {key.rpartition("}")[2].lower(): value for key, value in element.attrib.items()}
        if name in _REFUSED:
            yield f"holds the element <{name}>"
        if name == "script" and not _our_script(element, attributes):
            yield "holds a script that is in no file of ours"
        if name == "style" and _OUTSIDE.search(element.text or ""):
            yield "holds a style that asks for something from outside"
        if name == "meta" and attributes.get("http-equiv", "").lower() in ("refresh", "set-cookie"):
            yield f"holds a meta element for {attributes['http-equiv']}"
        for key, value in attributes.items():
            yield from _attribute(name, key, value, attributes)


def _our_script(element: Element, attributes: dict[str, str]) -> bool:
    """A file beside the page, or data, which does not run."""
    if attributes.get("type") == "application/ld+json":
        try:
            json.loads(element.text or "")
        except ValueError:
            return False
        return "src" not in attributes
    return "src" in attributes and not (element.text or "").strip()


def _attribute(name: str, key: str, value: str, attributes: dict[str, str]) -> Iterator[str]:
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


def _fetches(name: str, attributes: dict[str, str]) -> bool:
    if name == "link":
        return bool(
            {"stylesheet", "icon", "preload", "modulepreload", "prefetch"} & set(attributes.get("rel", "").split())
        )
    return name in _BY_ITSELF


# What is read otherwise ----------------------------------------------------------------------------------------------


def _written(element: Element) -> str:
    """A tree as HTML. https://html.spec.whatwg.org/multipage/parsing.html#serialising-html-fragments"""
    pieces: list[str] = []
    stack: list[Any] = [element]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            pieces.append(part)
            continue
        after = _escaped(part.tail or "")
        if not isinstance(part.tag, str):  # a comment, which says nothing
            stack.append(after)
            continue
        name = part.tag.rpartition("}")[2]
        attributes = "".join(f' {_key(key)}="{_quoted(value)}"' for key, value in part.attrib.items())
        pieces.append(f"<{name}{attributes}>")
        if name in _VOID and part.tag.startswith(_HTML):
            stack.append(after)
            continue
        text = part.text or ""
        raw = name in _RAW and part.tag.startswith(_HTML)
        # The first line's end in these is not read.
        begin = "\n" if name in ("pre", "textarea", "listing") and text.startswith("\n") else ""
        stack += [after, f"</{name}>", *reversed(part), begin + (text if raw else _escaped(text))]
    return "".join(pieces)


_PREFIXES = {"http://www.w3.org/1999/xlink": "xlink:", "http://www.w3.org/XML/1998/namespace": "xml:"}


def _key(key: str) -> str:
    namespace, _, name = key.removeprefix("{").rpartition("}")
    return _PREFIXES.get(namespace, "") + name


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("\u00a0", "&nbsp;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(value: str) -> str:
    return value.replace("&", "&amp;").replace("\u00a0", "&nbsp;").replace('"', "&quot;")
