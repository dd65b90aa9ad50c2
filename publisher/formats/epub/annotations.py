"""The commentary as data: every note as a W3C Web Annotation, in `META-INF/annotations.json`.

The model is the Web Annotation Data Model (https://www.w3.org/TR/annotation-model/), the profile and the place EPUB
Annotations 1.0, a draft (https://www.w3.org/TR/epub-anno-10/). Where the draft asks for less than the model (one body,
one target, plain text), that is what is written, so that both are met.

An annotation's id is made of the edition's identifier and the note's id, so it stays the same from build to build and
from edition to edition; its body's `id` is the place in the book where the same note stands as a footnote.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from publisher import __version__
from publisher.formats.epub.documents import XHTML, Homes, Page
from publisher.model.blocks import Block, CodeBlock, List, Node, Numbering, Worded, children
from publisher.model.inlines import told_text
from publisher.model.publication import Creator, Note, Publication
from publisher.rendering.dates import modified
from publisher.rendering.markup import direction

NAME = "META-INF/annotations.json"
CONTEXTS = ("http://www.w3.org/ns/anno.jsonld", "https://www.w3.org/ns/epub-anno.jsonld")
HTML_FRAGMENTS = "http://tools.ietf.org/rfc/rfc3236"
"""What the draft names for the fragments of (X)HTML."""

GENERATOR = uuid5(NAMESPACE_URL, "concordant-publisher").urn
"""The program that writes them; it has no address of its own."""

AROUND = 32
"""Characters of context on either side of a quotation; more where that many do not make it unique."""

_UNNAMED = frozenset(f"{{{XHTML}}}{name}" for name in ("figure", "table", "img", "ul", "ol", "dl"))
"""Elements that nothing names but their captions."""
_WORDS = frozenset(f"{{{XHTML}}}{name}" for name in "a abbr code del em mark span strong sub sup u".split())
_CALLS = frozenset(("note-call", "footnote-call"))


def annotation_set(publication: Publication, pages: Sequence[Page]) -> bytes | None:
    """The notes of all layers as an AnnotationSet, in the order of the book; None where there are none.

    `pages` are rendered; where a note's words run over several blocks, the element around these may be given an id.
    """
    if not publication.notes:
        return None
    finder = _Finder(pages)
    metadata = publication.metadata
    publisher = metadata.publisher or publication.imprint.publisher
    about = {
        "dc:identifier": [metadata.identifier],
        "dc:title": metadata.title,
        "dc:creator": [creator.name for creator in metadata.creators],
        "dc:publisher": publisher,
        "dc:date": str(metadata.date.year) if metadata.date else "",
    }
    made = {
        "@context": [*CONTEXTS],
        "id": _urn(publication, "annotations"),
        "type": "AnnotationSet",
        "title": "; ".join(dict.fromkeys(layer.title for layer in publication.layers if layer.notes)),
        "generator": {"id": GENERATOR, "type": "Software", "name": f"Concordant Publisher {__version__}"},
        "generated": _instant(modified(publication)),
        "about": {name: value for name, value in about.items() if value},
        "items": [_annotation(publication, note, finder) for note in finder.in_order(publication.notes)],
    }
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def _annotation(publication: Publication, note: Note, finder: _Finder) -> dict[str, Any]:
    works = {reference.key: reference for reference in publication.references}
    sources = [works[key].url or works[key].short for key in note.sources if key in works]
    annotation: dict[str, Any] = {
        "id": _urn(publication, note.id),
        "type": "Annotation",
        "motivation": "commenting",
        "created": _instant(_midnight(note.date) if note.date else modified(publication)),
        "creator": _creator(publication, note.by),
        "body": _body(publication, note, finder),
        "target": finder.target(note),
    }
    if sources:
        annotation["dcterms:references"] = sources
    return annotation


def _body(publication: Publication, note: Note, finder: _Finder) -> dict[str, Any]:
    """The note's words; its tags are its kind and, where there are several layers, its layer."""
    body: dict[str, Any] = {
        "id": f"{finder.home(note.id)}#{note.id}",
        "type": "TextualBody",
        "format": "text/plain",
        "language": note.lang,
        "value": plain_words(note.blocks),
        "tags": [note.kind, *((note.layer,) if len(publication.layers) > 1 else ())],
    }
    return body | ({"textDirection": "rtl"} if direction(note.lang) == "rtl" else {})


def _creator(publication: Publication, creator: Creator) -> dict[str, str]:
    """The source does not say who is a person: whoever bears the publisher's name is none."""
    publishers = (publication.metadata.publisher, publication.imprint.publisher)
    kind = "Organization" if creator.name in publishers else "Person"
    return {"id": _urn(publication, f"editor {creator.name}"), "type": kind, "name": creator.name}


def _urn(publication: Publication, name: str) -> str:
    return uuid5(NAMESPACE_URL, f"{publication.metadata.identifier}#{name}").urn


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain_words(blocks: Iterable[Block]) -> str:
    """Blocks as plain text: an empty line between them, items with their marks, formulas and pictures in words."""
    return "\n\n".join(part for block in blocks if (part := "\n".join(_lines(block))))


def _lines(block: Node) -> Iterator[str]:
    match block:
        case List():
            for number, item in enumerate(block.items, block.start):
                mark = "•" if block.numbering is Numbering.BULLET else f"{number}."
                lines = [line for inner in item.blocks for line in _lines(inner)]
                yield from (f"{mark} {line}" if not place else line for place, line in enumerate(lines))
        case CodeBlock():
            yield block.code.strip("\n")
        case Worded():
            yield told_text(block.inlines)
        case _:
            for inner in children(block):
                yield from _lines(inner)


@dataclass
class _Text:
    """The text content of a page's body: where each element begins and ends in it, and which characters are calls."""

    page: Page
    characters: str = ""
    spans: dict[etree._Element, tuple[int, int]] = field(default_factory=dict)
    calls: set[int] = field(default_factory=set)

    def fill(self) -> _Text:
        """Go through the page."""
        pieces: list[str] = []
        self._enter(self.page.root.find(f"{{{XHTML}}}body"), pieces, 0)
        self.characters = "".join(pieces)
        return self

    def _enter(self, element: Any, pieces: list[str], at: int) -> int:
        begin = at
        pieces.append(element.text or "")
        at += len(pieces[-1])
        for child in element:
            if isinstance(child.tag, str):
                at = self._enter(child, pieces, at)
            pieces.append(child.tail or "")
            at += len(pieces[-1])
        self.spans[element] = (begin, at)
        if _CALLS & set(element.get("class", "").split()):
            self.calls.update(range(begin, at))
        return at

    def trimmed(self, begin: int, end: int) -> tuple[int, int]:
        """A stretch without the calls and white space at its ends."""
        while begin < end and (begin in self.calls or self.characters[begin].isspace()):
            begin += 1
        while begin < end and (end - 1 in self.calls or self.characters[end - 1].isspace()):
            end -= 1
        return begin, end


class _Finder:
    """Finds the notes' targets in rendered pages."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.homes = Homes(pages)
        self._texts: dict[str, _Text] = {}

    def home(self, id: str) -> str:
        """The name of the document that holds an id."""
        return self.homes[id].document.name

    def in_order(self, notes: Sequence[Note]) -> list[Note]:
        """Notes as they stand in the book."""
        order = {id: place for place, id in enumerate(self.homes)}
        there = [note for note in notes if self.homes[note.id]]
        return sorted(there, key=lambda note: order[note.id])

    def target(self, note: Note) -> dict[str, Any]:
        """Where a note belongs: its document, the element there, and the words in it."""
        if note.target.element is not None:
            return self._whole(note.target.element)
        page = self.homes[note.target.ranges[0].block]
        text = self._text(page)
        marked = [span for span in text.spans if note.id in span.get("data-notes", "").split()]
        if marked:
            begin, end = min(text.spans[span][0] for span in marked), max(text.spans[span][1] for span in marked)
            around = self._around(page, marked, note)
        else:  # a title's words are not marked
            around = self._element(page, note.target.ranges[0].block)
            first = text.spans[around][0]
            begin, end = first + note.target.ranges[0].start, first + note.target.ranges[-1].end
        begin, end = text.trimmed(begin, end)
        offset = text.spans[around][0]
        position = {"type": "TextPositionSelector", "start": begin - offset, "end": end - offset}
        fragment = {**_fragment(around.get("id", "")), "refinedBy": position}
        return {"source": page.document.name, "selector": [fragment, _quote(text.characters, begin, end)]}

    def _whole(self, id: str) -> dict[str, Any]:
        """A whole element, by its id; where words name it (a heading's, a caption's), by these too."""
        page = self.homes[id]
        text = self._text(page)
        element = self._element(page, id)
        named = next(
            (inner for inner in element.iter(f"{{{XHTML}}}figcaption", f"{{{XHTML}}}caption")),
            element if element.tag not in _UNNAMED else None,
        )
        selectors: list[dict[str, Any]] = [_fragment(id)]
        if named is not None:
            begin, end = text.trimmed(*text.spans[named])
            if begin < end:
                selectors.append(_quote(text.characters, begin, end))
        return {"source": page.document.name, "selector": selectors}

    def _text(self, page: Page) -> _Text:
        name = page.document.name
        if name not in self._texts:
            self._texts[name] = _Text(page).fill()
        return self._texts[name]

    def _element(self, page: Page, id: str) -> etree._Element:
        return next(element for element in page.root.iter("*") if element.get("id") == id)

    def _around(self, page: Page, marked: Sequence[etree._Element], note: Note) -> etree._Element:
        """The nearest block with an id that holds all of the marked words; the one around them is given one."""
        shared = set(marked[0].iterancestors()).intersection(*(span.iterancestors() for span in marked[1:]))
        nearest = next(element for element in marked[0].iterancestors() if element in shared)
        for element in (nearest, *nearest.iterancestors()):
            if element.tag == f"{{{XHTML}}}body":
                break
            if element.get("id") and element.tag not in _WORDS:
                return element
        id = f"{note.id}-around"
        while id in self.homes:
            id += "-x"
        block = next(e for e in (nearest, *nearest.iterancestors()) if e.tag not in _WORDS)
        block.set("id", block.get("id", id))
        self.homes[block.get("id", id)] = page
        return block


def _fragment(id: str) -> dict[str, Any]:
    return {"type": "FragmentSelector", "conformsTo": HTML_FRAGMENTS, "value": id}


def _quote(text: str, begin: int, end: int) -> dict[str, Any]:
    """The words with as much around them as makes them unique in their document."""
    length = AROUND
    while length < 512 and text.count(text[max(0, begin - length) : end + length]) > 1:
        length *= 2
    return {
        "type": "TextQuoteSelector",
        "exact": text[begin:end],
        "prefix": text[max(0, begin - length) : begin],
        "suffix": text[end : end + length],
    }
