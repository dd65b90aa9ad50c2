"""Media overlays: which words sound when, in the order of the document.

The narration's lines are matched to elements by id. Its announcements belong to no words of the text: each sounds
with the element that it announces or, where that has begun already, with the words before or after it. So every
element is named once and in order, and nothing that is said is lost.

EPUB 3.3, section 9 (https://www.w3.org/TR/epub-33/#sec-media-overlays).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from publisher.formats.epub.documents import EPUB_TYPE, XHTML, Page
from publisher.formats.epub.metadata import clock
from publisher.model.narration import Cue, Narration
from publisher.narration.showing import shown_elements

SMIL = "http://www.w3.org/ns/SMIL"
_TEXTREF = "{http://www.idpf.org/2007/ops}textref"

_STRUCTURES: Mapping[str, str] = {
    f"{{{XHTML}}}aside": "footnote",
    f"{{{XHTML}}}figure": "figure",
    f"{{{XHTML}}}table": "table",
    f"{{{XHTML}}}ul": "list",
    f"{{{XHTML}}}ol": "list",
    f"{{{XHTML}}}tr": "table-row",
    f"{{{XHTML}}}td": "table-cell",
    f"{{{XHTML}}}th": "table-cell",
    f"{{{XHTML}}}li": "list-item",
}
"""What a reader may skip (footnotes) or escape from (tables, lists), by element; the value is its `epub:type`."""


@dataclass(slots=True)
class Sound:
    """What sounds while one element is shown as active: cues of one narration, in the order of sounding."""

    element: str
    narration: Narration
    cues: list[Cue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Moment:
    """A sound placed in its document's audio, in milliseconds."""

    element: str
    begin: int
    end: int


@dataclass(frozen=True)
class _Index:
    """The ids of all pages, and inside which others each stands."""

    pages: Sequence[Page]

    @cached_property
    def around(self) -> dict[str, frozenset[str]]:
        """For each id, itself and the ids of the elements around it."""
        found: dict[str, frozenset[str]] = {}

        def enter(element: etree._Element, outer: frozenset[str]) -> None:
            id = element.get("id")
            inner = outer | {id} if id else outer
            if id:
                found[id] = inner
            for child in element:
                enter(child, inner)

        for page in self.pages:
            enter(page.root, frozenset())
        return found


def match(pages: Sequence[Page], narrations: Sequence[Narration]) -> dict[str, Sound]:
    """The sound of each element by its id. Where two narrations say the same, the first one counts."""
    index = _Index(pages)
    sounds: dict[str, Sound] = {}
    for narration in narrations:
        for id, sound in _matched(index, narration).items():
            sounds.setdefault(id, sound)
    return sounds


def _matched(index: _Index, narration: Narration) -> dict[str, Sound]:
    sounds: dict[str, Sound] = {}
    for cue, element in zip(narration.cues, shown_elements(index.around, narration), strict=True):
        if element is not None:
            sounds.setdefault(element, Sound(element, narration)).cues.append(cue)
    return sounds


def in_order(page: Page, sounds: Mapping[str, Sound]) -> list[Sound]:
    """The sounds of a page in the order of its elements."""
    return [sounds[id] for id in page.ids() if id in sounds]


def overlay(page: Page, moments: Sequence[Moment], audio: str) -> bytes:
    """The SMIL document of a page; `audio` and the page stand in the folder above it."""
    names: dict[str | None, str] = {None: SMIL, "epub": "http://www.idpf.org/2007/ops"}
    root = etree.Element(f"{{{SMIL}}}smil", nsmap=names, version="3.0")  # type: ignore[arg-type]
    body = etree.SubElement(root, f"{{{SMIL}}}body")
    body.set(_TEXTREF, f"../{page.document.name}")
    _fill(body, page.root, _Writing(page.document.name, audio, {moment.element: moment for moment in moments}))
    etree.indent(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


@dataclass(slots=True)
class _Writing:
    """An overlay in the making."""

    document: str
    audio: str
    moments: Mapping[str, Moment]
    count: int = 0

    def par(self, into: etree._Element, id: str) -> None:
        """Add what sounds with an element."""
        moment = self.moments[id]
        self.count += 1
        par = etree.SubElement(into, f"{{{SMIL}}}par", id=f"par-{self.count}")
        etree.SubElement(par, f"{{{SMIL}}}text", src=f"../{self.document}#{id}")
        begin, end = clock(moment.begin), clock(moment.end)
        etree.SubElement(par, f"{{{SMIL}}}audio", src=f"../{self.audio}", clipBegin=begin, clipEnd=end)


def _fill(into: etree._Element, element: etree._Element, writing: _Writing) -> None:
    """Add an element and what is inside it; a structure with more than one sound becomes a `seq` of its own."""
    id = element.get("id")
    kind = _STRUCTURES.get(str(element.tag))
    if id and kind and _sounds_inside(element, writing.moments):
        inner = etree.SubElement(into, f"{{{SMIL}}}seq")
        inner.set(EPUB_TYPE, kind)
        inner.set(_TEXTREF, f"../{writing.document}#{id}")
        into = inner
    if id and id in writing.moments:
        writing.par(into, id)
    for child in element:
        _fill(into, child, writing)


def _sounds_inside(element: etree._Element, sounding: Mapping[str, object]) -> bool:
    return any(inner.get("id") in sounding for inner in element.iter("*"))


def silent(page: Page, sounds: Mapping[str, Sound]) -> Iterator[tuple[str, str, str]]:
    """What a page shows or tells without a sound: id, text and language of each such element."""
    yield from _silent(page.root, sounds, "und")


_TEXTS = frozenset(f"{{{XHTML}}}{name}" for name in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "a", "li", "figcaption"))


def _silent(element: etree._Element, sounds: Mapping[str, Sound], lang: str) -> Iterator[tuple[str, str, str]]:
    lang = element.get("lang") or lang
    id = element.get("id")
    if id in sounds:
        return
    if element.tag == f"{{{XHTML}}}img" and id and element.get("alt"):
        yield id, element.get("alt", ""), lang
    elif element.tag in _TEXTS and id and not _sounds_inside(element, sounds):
        text = " ".join("".join(str(part) for part in element.itertext()).split())
        if text:
            yield id, text, lang
    else:
        for child in element:
            yield from _silent(child, sounds, lang)
