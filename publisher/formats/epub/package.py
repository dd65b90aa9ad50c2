"""The package: EbookLib makes the package document, the NCX and a first container; this module completes them.

EbookLib 0.20 leaves out the language and direction of the package document, names a prefix that nothing uses, says
that the NCX has no depth, and its container differs at every run. Its return value only hints at failure, so what it
wrote is read back and compared before anything is published.

EPUB 3.3, section 5 (https://www.w3.org/TR/epub-33/#sec-package-doc).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from ebooklib import epub  # type: ignore[import-untyped]
from lxml import etree

from publisher.formats.epub.container import read_container, write_container
from publisher.model.findings import EngineError

FOLDER = "EPUB"
"""The folder of the container that holds the publication."""

_OPF = "http://www.idpf.org/2007/opf"
_NCX = "http://www.daisy.org/z3986/2005/ncx/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PACKAGE_DOCUMENT = f"{FOLDER}/content.opf"
_NCX_DOCUMENT = f"{FOLDER}/toc.ncx"


@dataclass(frozen=True, slots=True)
class Item:
    """A resource of the package. `content` is its bytes, or the file that holds them (sound is never read whole).

    `overlay` is the id of the media overlay item that reads it; `href` is relative to the package document.
    """

    id: str
    href: str
    media_type: str
    content: bytes | Path
    properties: tuple[str, ...] = ()
    overlay: str | None = None


@dataclass(frozen=True, slots=True)
class Meta:
    """One entry of the package's metadata. `name` is `dc:…`, a property such as `schema:accessMode`, or `name=…`."""

    name: str
    value: str
    id: str | None = None
    refines: str | None = None
    scheme: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents, for the NCX of older reading systems."""

    label: str
    href: str
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """All that one EPUB consists of. `spine` holds ids of items in reading order; `modified` is in UTC."""

    identifier: str
    title: str
    lang: str
    direction: str
    modified: datetime
    metadata: tuple[Meta, ...]
    items: tuple[Item, ...]
    spine: tuple[str, ...]
    contents: tuple[Entry, ...]
    cover: str | None = None
    more: Mapping[str, bytes] = field(default_factory=dict)
    """Files of the container outside the package, by full name (`META-INF/…`)."""


def write_package(path: Path, package: Package) -> None:
    """Write an EPUB. Raises EngineError where EbookLib fails or loses something, OSError where the disk refuses."""
    entries: dict[str, bytes | Path] = dict(_written_by_ebooklib(package))
    for item in package.items:
        name = f"{FOLDER}/{item.href}"
        if isinstance(item.content, Path):
            entries[name] = item.content
        elif entries.get(name) != item.content:
            raise EngineError("EbookLib", f"{item.href} is missing from what was written, or is not as it was given")
    for name, finish in ((_PACKAGE_DOCUMENT, _finish_package_document), (_NCX_DOCUMENT, _finish_ncx)):
        document = entries.get(name)
        if not isinstance(document, bytes):
            raise EngineError("EbookLib", f"{name} is missing from what was written")
        entries[name] = finish(document, package)
    entries.update(package.more)
    write_container(path, entries)


def _written_by_ebooklib(package: Package) -> dict[str, bytes]:
    """The entries of EbookLib's container; items with their content in a file are empty in it."""
    written = BytesIO()
    options = {
        "mtime": package.modified.astimezone(UTC),
        "raise_exceptions": True,
        "epub2_guide": False,
        "play_order": {"enabled": True, "start_from": 1},
    }
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            done = epub.write_epub(written, _book(package), options)
        if not done:
            raise EngineError("EbookLib", "it gave up without saying why")
        return read_container(written.getvalue())
    except (epub.EpubException, etree.LxmlError, ValueError, TypeError, KeyError, AttributeError, Warning) as problem:
        raise EngineError("EbookLib", f"it cannot write the package: {problem}") from problem


def _book(package: Package) -> epub.EpubBook:
    book = epub.EpubBook()
    book.FOLDER_NAME = FOLDER
    book.set_identifier(package.identifier)
    book.title = package.title
    book.language = package.lang
    book.direction = package.direction
    for meta in package.metadata:
        _add(book, meta)
    if package.cover:
        book.add_metadata(None, "meta", "", {"name": "cover", "content": package.cover})
    for item in package.items:
        content = b"" if isinstance(item.content, Path) else item.content
        member = epub.EpubItem(item.id, item.href, item.media_type, content)
        member.properties = list(item.properties)
        member.media_overlay = item.overlay
        book.add_item(member)
    book.add_item(epub.EpubNcx("ncx", _NCX_DOCUMENT.removeprefix(f"{FOLDER}/")))
    book.spine = list(package.spine)
    book.toc = list(_ncx_entries(package.contents))
    return book


def _add(book: epub.EpubBook, meta: Meta) -> None:
    attributes = {
        key: value
        for key, value in (
            ("id", meta.id),
            ("refines", f"#{meta.refines}" if meta.refines else None),
            ("scheme", meta.scheme),
            (_XML_LANG, meta.lang),
        )
        if value is not None
    }
    if meta.name.startswith("dc:"):
        book.add_metadata("DC", meta.name.removeprefix("dc:"), meta.value, attributes)
    else:
        book.add_metadata(None, "meta", meta.value, {"property": meta.name, **attributes})


def _ncx_entries(entries: Sequence[Entry], prefix: str = "entry") -> Iterator[object]:
    for number, entry in enumerate(entries, 1):
        link = epub.Link(entry.href, entry.label, f"{prefix}-{number}")
        yield (link, list(_ncx_entries(entry.entries, f"{prefix}-{number}"))) if entry.entries else link


def _finish_package_document(document: bytes, package: Package) -> bytes:
    root = etree.fromstring(document)
    root.set(_XML_LANG, package.lang)
    root.set("dir", package.direction)
    # The prefixes in use (a11y, dcterms, marc, media, schema) are reserved: they need no declaration.
    if "prefix" in root.attrib:
        del root.attrib["prefix"]
    expected = {item.id: item.href for item in package.items}
    manifest = {item.get("id"): item.get("href") for item in root.iter(f"{{{_OPF}}}item") if item.get("id") != "ncx"}
    spine = [reference.get("idref") for reference in root.iter(f"{{{_OPF}}}itemref")]
    if manifest != expected or spine != list(package.spine):
        raise EngineError("EbookLib", "the manifest or the spine is not as it was given")
    return _serialised(root)


def _finish_ncx(document: bytes, package: Package) -> bytes:
    root = etree.fromstring(document)
    root.set(_XML_LANG, package.lang)
    for meta in root.iter(f"{{{_NCX}}}meta"):
        if meta.get("name") == "dtb:depth":
            meta.set("content", str(_depth(package.contents)))
    return _serialised(root)


def _depth(entries: Sequence[Entry]) -> int:
    return 1 + max((_depth(entry.entries) for entry in entries), default=0) if entries else 0


def _serialised(root: etree._Element) -> bytes:
    etree.indent(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
