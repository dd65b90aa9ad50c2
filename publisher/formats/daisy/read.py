"""Reads a DAISY 2.02 book as a player with a screen would: its navigation, its text, the order and times of both.

https://daisy.org/activities/standards/daisy/daisy-2/daisy-format-2-02-specification/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from publisher.formats.daisy.opening_read import NCC, Book, classes, local, open_book
from publisher.formats.daisy.smil_read import Presentation, presentation_of
from publisher.formats.document import Document, fragment_of, read_document
from publisher.model.extract import (
    Evidence,
    Extract,
    Fact,
    FoundChapter,
    FoundContents,
    FoundCue,
    FoundEntry,
    FoundLink,
)
from publisher.model.findings import InputError

TELLS = frozenset("cell expansion header layout line number picture script struck".split()) | {"within"}
"""What XHTML 1.0 can tell beside its words."""
_NAMES = frozenset("section article aside figure figcaption header footer".split())
"""Names of newer elements, which books of 2001 have as classes of a `div`."""
_METADATA = {
    "dc:title": "title",
    "dc:creator": "creator",
    "dc:contributor": "contributor",
    "dc:language": "language",
    "dc:date": "date",
    "dc:identifier": "identifier",
    "dc:publisher": "publisher",
    "dc:rights": "rights",
    "dc:description": "description",
    "dc:subject": "subject",
    "ncc:narrator": "narrator",
}


def read(path: Path) -> Extract:
    """Everything in a book, given as its ZIP or its folder. Raises InputError where it is none."""
    with open_book(path) as book:
        return _read(book)


def _read(book: Book) -> Extract:
    played = presentation_of(book)
    texts = tuple(dict.fromkeys(one.document for part in played.sequences for one in part.shown if one.document))
    missing = next((name for name in texts if not book.own_name(name)), None)
    if not texts or missing:
        raise InputError(f"{book.path.name}: there is no {missing or 'text'} in it; build it again")
    documents = {name: _document(book, name) for name in texts}
    links = [link for name, document in documents.items() for link in _resolved(document, name, documents)]
    metadata = {name: played.facts[fact] for fact, name in _METADATA.items() if fact in played.facts}
    cues, chapters = _timed(played)
    return Extract(
        "daisy",
        book.path.name,
        Evidence.EXTRACTED,
        metadata,
        tuple(unit for document in documents.values() for unit in document.units),
        tuple(links),
        tuple(
            replace(note, calls=_calls(note.id, links)) for document in documents.values() for note in document.notes
        ),
        cues,
        chapters,
        chapters[-1].end if chapters else None,
        tuple(_shown(fact, book) for document in documents.values() for fact in document.facts),
        TELLS,
        (FoundContents("toc", NCC, tuple(_entries(played, documents, book))),),
    )


def _document(book: Book, name: str) -> Document:
    root = deepcopy(book.xml(name))
    _as_meant(root)

    def load(address: str) -> str | None:
        at = unquote(address.partition("?")[0].partition("#")[0])
        return book.bytes_of(at).decode("utf-8", "replace") if book.own_name(at) else None

    return read_document(root, name, load)


def _as_meant(root: etree._Element) -> None:
    """Say with roles what DAISY's classes say, and with newer elements what classes name them.

    Beside the title, whose class says so, headings begin at level 1: they are one deeper below a title of level 1.
    """
    for element in root.iter(etree.Element):
        name, known = local(element), classes(element)
        if name == "div" and _NAMES & set(known):
            _renamed(element, next(one for one in known if one in _NAMES))
        if "notebody" in known:
            element.set("role", "doc-footnote")
        elif name == "a" and "noteref" in known:
            element.set("role", "doc-noteref")
            element.attrib.pop("title", "")  # the kind of note, which its own header says
        elif name == "a" and "backlink" in known:
            element.set("role", "doc-backlink")
        elif "footnote-number" in known:
            element.set("aria-hidden", "true")
        elif name == "span" and "task" in known:
            element.set("role", "img")
            element.set("aria-label", element.attrib.pop("title", ""))
        elif name == "p" and "subtitle" in known:
            element.set("role", "doc-subtitle")
        elif name == "img" and "math" in known:
            _renamed(element, "math")
            element.set("alttext", element.get("alt", ""))
        elif name == "span" and "p" in known:
            _renamed(element, "p")
        elif len(name) == 2 and name[0] == "h" and name[1] in "123456789" and "title" not in known:
            _renamed(element, f"h{int(name[1]) + 1}")


def _renamed(element: etree._Element, name: str) -> None:
    space, brace, _ = str(element.tag).rpartition("}")
    element.tag = f"{space}{brace}{name}"


def _resolved(document: Document, at: str, documents: Mapping[str, Document]) -> Iterator[FoundLink]:
    """A document's links, each with whether its target is in the book."""
    for link in document.links:
        target, _, fragment = link.target.partition("#")
        if ":" in target or target.startswith("//"):
            yield link
            continue
        name = unquote(target) or at
        ids = documents[name].ids if name in documents else set()
        yield replace(link, resolves=name in documents and (not fragment or unquote(fragment) in ids))


def _calls(note: str, links: list[FoundLink]) -> tuple[str, ...]:
    return tuple(link.id or "" for link in links if link.calls and fragment_of(link.target) == note)


def _shown(fact: Fact, book: Book) -> Fact:
    """A picture by the digest of its file; as it was written where there is none."""
    if fact.kind != "picture" or not book.own_name(unquote(fact.value)):
        return fact
    return replace(fact, value=sha256(book.bytes_of(unquote(fact.value))).hexdigest())


def _timed(played: Presentation) -> tuple[tuple[FoundCue, ...], tuple[FoundChapter, ...]]:
    """What is shown when, and the parts, in seconds from the begin of the whole."""
    cues: list[FoundCue] = []
    chapters: list[FoundChapter] = []
    begin = 0.0
    for part in played.sequences:
        lasting = max((one.cue.end for one in part.shown if one.cue.end != float("inf")), default=0.0)
        cues += (replace(one.cue, begin=begin + one.cue.begin, end=begin + one.cue.end) for one in part.shown)
        chapters.append(FoundChapter(part.title, begin, begin + lasting))
        begin += lasting
    return tuple(cues), tuple(chapters)


def _entries(played: Presentation, documents: Mapping[str, Document], book: Book) -> Iterator[FoundEntry]:
    """The headings of the navigation, each with the heading that is shown where it leads."""
    headings = {name: _headings(book.xml(name)) for name in documents}
    for point in played.points:
        if point.kind == "heading" and point.document in documents:
            shown = headings[point.document].get(point.element, point.element)
            yield FoundEntry(point.text, f"{point.document}#{shown}", point.level)


def _headings(root: etree._Element) -> dict[str, str]:
    """For each id of a heading or in one, the heading's."""
    found: dict[str, str] = {}
    for heading in root.iter(*(f"{{*}}h{level}" for level in range(1, 7))):
        own = heading.get("id")
        if own:
            found.update((id, own) for element in heading.iter(etree.Element) if (id := element.get("id")))
    return found
