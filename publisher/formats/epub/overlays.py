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

from publisher.formats.epub.documents import EPUB_TYPE, XHTML, Document, Page
from publisher.formats.epub.metadata import clock
from publisher.model.narration import Cue, Narration, Role

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
    """The ids of all pages: on which page each stands, and inside which others."""

    pages: Sequence[Page]

    @cached_property
    def homes(self) -> dict[str, Document]:
        return {id: page.document for page in self.pages for id in page.ids()}

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
    elements = [_own_element(index, cue, narration) for cue in narration.cues]
    following = _next_elements(elements)
    sounds: dict[str, Sound] = {}
    begun: set[str] = set()
    waiting: list[Cue] = []
    last: Sound | None = None
    for cue, element, after in zip(narration.cues, elements, following, strict=True):
        unit = cue.line.unit if cue.line.unit in index.homes else None
        chosen = element
        if chosen is None and unit is not None and (cue.line.role is Role.CODE or unit not in begun):
            chosen = unit
        if chosen is None:
            inside = unit is None or (after is not None and unit in index.around[after])
            if last is None or (inside and after is not None):
                waiting.append(cue)
            else:
                last.cues.append(cue)
            continue
        last = sounds.setdefault(chosen, Sound(chosen, narration))
        last.cues += [*waiting, cue]
        waiting.clear()
        begun |= index.around[chosen]
    if last is not None:
        last.cues += waiting
    return sounds


def _own_element(index: _Index, cue: Cue, narration: Narration) -> str | None:
    """The element of a line's own: the sentence, picture or furniture with its id."""
    line = cue.line
    if narration.mix == "plain" and line.role is Role.ANNOUNCEMENT and line.id.startswith(f"{line.unit}-"):
        # A note's counterpart is announced as the note, whose own words stand elsewhere.
        plain = f"{line.unit}-plain{line.id.removeprefix(line.unit)}"
        if plain in index.homes:
            return plain
    return line.id if line.id in index.homes else None


def _next_elements(elements: Sequence[str | None]) -> list[str | None]:
    """For each place, the first element after it."""
    found: list[str | None] = []
    following: str | None = None
    for element in reversed(elements):
        found.append(following)
        following = element or following
    return found[::-1]


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
