"""Reads an EPUB as a reading system would: container, package, spine, navigation, documents, overlays.

https://www.w3.org/TR/epub-33/
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from lxml import etree, html

from publisher.formats.characters import numbered
from publisher.formats.document import TELLS, Document, fragment_of, read_document
from publisher.model.extract import Evidence, Extract, Fact, Found, FoundContents, FoundEntry, FoundLink, FoundNote
from publisher.model.findings import InputError
from publisher.strangers.containers import Container

_CONTAINER = "META-INF/container.xml"
_OPF = {"opf": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/"}
_DC = (
    "title",
    "creator",
    "contributor",
    "language",
    "date",
    "identifier",
    "publisher",
    "rights",
    "description",
    "subject",
)
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"


@dataclass(frozen=True, slots=True)
class _Item:
    """One entry of the package's manifest; `name` is its path in the container."""

    id: str
    name: str
    media_type: str
    properties: frozenset[str]


def read(path: Path) -> Extract:
    """Everything in an EPUB's spine, in its order. Raises InputError where it is no EPUB."""
    with Container(path, path.name, "EPUB container") as archive:
        return _read(archive, path.name)


def _read(archive: Container, name: str) -> Extract:
    package_name = _package_name(archive, name)
    package = _xml(archive, package_name, name)
    items = {item.id: item for item in _items(package, posixpath.dirname(package_name))}
    spine = [
        items[ref.get("idref", "")] for ref in package.iterfind(".//opf:itemref", _OPF) if ref.get("idref") in items
    ]
    # No document may stand in the spine twice, and one that does is read once.
    documents = {item.name: _document(archive, item, name) for item in dict.fromkeys(spine)}
    for item in _off_the_path(package, items):
        documents[item.name].units = [_hidden(unit) for unit in documents[item.name].units]
    contents: list[FoundContents] = []
    # Navigation is shown by the reading system even where it stands outside the spine.
    for item in items.values():
        if "nav" in item.properties:
            navigation = documents.get(item.name) or _document(archive, item, name)
            contents += [_placed(one, item.name) for one in navigation.contents]
            if item.name not in documents:
                around = [replace(unit, furniture=True) for unit in navigation.units]
                documents[item.name] = Document(around, navigation.links, ids=navigation.ids)
        elif item.media_type == "application/x-dtbncx+xml":
            contents.append(FoundContents("ncx", item.name, tuple(_points(_xml(archive, item.name, name), item.name))))
    covers = {item.name for item in items.values() if "cover-image" in item.properties}
    links = [link for at, document in documents.items() for link in _resolved(document, at, documents)]
    notes = [note for document in documents.values() for note in document.notes]
    return Extract(
        "epub",
        name,
        Evidence.EXTRACTED,
        _metadata(package),
        tuple(unit for document in documents.values() for unit in document.units),
        tuple(links),
        tuple(_called(note, links) for note in notes),
        facts=tuple(_shown(fact, at, archive, covers) for at, document in documents.items() for fact in document.facts),
        tells=TELLS | {"cover"},
        contents=tuple(contents),
    )


def _off_the_path(package: etree._Element, items: dict[str, _Item]) -> Iterator[_Item]:
    """What a reader who pages on never comes to (https://www.w3.org/TR/epub-33/#attrdef-itemref-linear)."""
    for ref in package.iterfind(".//opf:itemref[@linear='no']", _OPF):
        if ref.get("idref") in items:
            yield items[ref.get("idref", "")]


def _hidden(unit: Found) -> Found:
    """A unit off the path; notes are called, so they may stand there."""
    return unit if unit.note else replace(unit, hidden=True)


def _placed(contents: FoundContents, at: str) -> FoundContents:
    """Contents with their targets as units have their places."""
    entries = tuple(replace(entry, target=_place(entry.target, at)) for entry in contents.entries)
    return replace(contents, entries=entries)


def _place(target: str, at: str) -> str:
    name, mark, fragment = target.partition("#")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(at), unquote(name))) if name else at
    return f"{path}{mark}{fragment}"


def _points(ncx: etree._Element, at: str) -> Iterator[FoundEntry]:
    """The contents for older reading systems (https://idpf.org/epub/20/spec/OPF_2.0.1_draft.htm#Section2.4.1)."""
    for point in ncx.iter(f"{_NCX}navPoint"):
        text, content = point.findtext(f"{_NCX}navLabel/{_NCX}text") or "", point.find(f"{_NCX}content")
        if content is not None:
            level = 1 + sum(1 for _ in point.iterancestors(f"{_NCX}navPoint"))
            yield FoundEntry(" ".join(text.split()), _place(content.get("src", ""), at), level)


def _package_name(archive: Container, name: str) -> str:
    """The path of the package document (https://www.w3.org/TR/epub-33/#sec-container-metainf-container.xml)."""
    rootfile = _xml(archive, _CONTAINER, name).find(".//{*}rootfile")
    if rootfile is None or not rootfile.get("full-path"):
        raise InputError(f"{name}: {_CONTAINER} names no package document; build it again")
    return unquote(rootfile.get("full-path", ""))


def _items(package: etree._Element, folder: str) -> Iterator[_Item]:
    for item in package.iterfind(".//opf:manifest/opf:item", _OPF):
        name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        properties = frozenset(item.get("properties", "").split())
        yield _Item(item.get("id", ""), name, item.get("media-type", ""), properties)


def _metadata(package: etree._Element) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(" ".join((element.text or "").split()) for element in package.iterfind(f".//dc:{name}", _OPF))
        for name in _DC
    }


def _document(archive: Container, item: _Item, name: str) -> Document:
    if item.media_type not in ("application/xhtml+xml", "image/svg+xml"):
        return Document()

    def load(address: str) -> str | None:
        path = _place(address.partition("?")[0].partition("#")[0], item.name)
        return archive.read(path).decode("utf-8", "replace") if path in archive.NameToInfo else None

    return read_document(_xml(archive, item.name, name), item.name, load)


def _xml(archive: Container, member: str, name: str) -> etree._Element:
    """A member as XML; as HTML where it is badly written. No entity or address is ever followed."""
    try:
        information = archive.getinfo(member)
    except KeyError as problem:
        raise InputError(f"{name}: there is no {member} in it; build it again") from problem
    data = archive.read(information)
    try:
        return etree.fromstring(
            numbered(data),
            etree.XMLParser(
                resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
            ),
        )
    except etree.XMLSyntaxError:
        try:
            return html.document_fromstring(data)
        except etree.ParserError as problem:
            raise InputError(f"{name}: {member} is neither XML nor HTML: {problem}; build it again") from problem


def _resolved(document: Document, at: str, documents: dict[str, Document]) -> Iterator[FoundLink]:
    """A document's links, each with whether its target is in the book."""
    for link in document.links:
        target, _, fragment = link.target.partition("#")
        if ":" in target or target.startswith("//"):
            yield link
            continue
        name = posixpath.normpath(posixpath.join(posixpath.dirname(at), unquote(target))) if target else at
        ids = documents[name].ids if name in documents else set()
        there = name in documents and (not fragment or fragment in ids or unquote(fragment) in ids)
        yield replace(link, resolves=there)


def _called(note: FoundNote, links: list[FoundLink]) -> FoundNote:
    return replace(
        note, calls=tuple(link.id or "" for link in links if link.calls and fragment_of(link.target) == note.id)
    )


def _shown(fact: Fact, at: str, archive: Container, covers: set[str]) -> Fact:
    """A picture by the digest of its member, that of the cover as such; as it was written where there is none."""
    if fact.kind != "picture":
        return fact
    name = posixpath.normpath(posixpath.join(posixpath.dirname(at), unquote(fact.value)))
    try:
        value = sha256(archive.read(name)).hexdigest()
    except (KeyError, InputError):
        return fact
    return replace(fact, kind="cover", id="cover", value=value) if name in covers else replace(fact, value=value)
