"""A DAISY 2.02 book as data: its parts, what is shown while each stretch of sound plays, its navigation.

The sound is the narration's, a file a chapter; so a player that goes on from part to part says what NAME.mp3 says.
https://daisy.org/activities/standards/daisy/daisy-2/daisy-format-2-02-specification/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from lxml import etree

from publisher.formats.daisy.markup import XHTML
from publisher.model.narration import Narration
from publisher.narration.showing import shown_elements
from publisher.narration.tracks import Track

NOTE = "notebody"
"""The class of a note, which players can be told to leave out."""
_HEADINGS = frozenset(f"{{{XHTML}}}h{level}" for level in range(1, 7))


@dataclass(frozen=True, slots=True)
class Moment:
    """The element that is shown from millisecond `begin` up to `end` of its part's sound. `note` is the id of the note
    that it stands in; `number` counts from 1 in its part."""

    number: int
    element: str
    begin: int
    end: int
    note: str | None = None

    @property
    def id(self) -> str:
        """The id of its `par` in the part's SMIL."""
        return f"p{self.number:04}"


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter of the book: its sound, its SMIL, what is shown. `number` counts from 1."""

    number: int
    title: str
    track: Track
    moments: tuple[Moment, ...]

    @property
    def smil(self) -> str:
        return f"part{self.number:04}.smil"

    @property
    def sound(self) -> str:
        return f"part{self.number:04}.mp3"

    @property
    def milliseconds(self) -> int:
        """How long it sounds."""
        return self.track.frames * 1000 // self.track.rate


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the navigation: a heading of `level` 1 to 6, or a note."""

    kind: Literal["heading", "note"]
    level: int
    text: str
    part: Part
    moment: Moment

    @property
    def href(self) -> str:
        return f"{self.part.smil}#{self.moment.id}"


def parts_of(tracks: Sequence[Track], narration: Narration, root: etree._Element) -> tuple[Part, ...]:
    """The parts of a book whose text is the document `root`."""
    around = _around(root)
    elements = dict(zip(map(id, narration.cues), shown_elements(around, narration), strict=True))
    notes = _notes(root)
    return tuple(
        Part(number, track.chapter.title, track, tuple(_moments(track, elements, notes)))
        for number, track in enumerate(tracks, start=1)
    )


def _moments(track: Track, elements: Mapping[int, str | None], notes: Mapping[str, str]) -> Iterator[Moment]:
    """Each lasts until the next begins, pauses included, so that players never seek within a part."""
    shown = [(elements[id(cue)] or "title", round(track.begin(cue) * 1000)) for cue in track.cues]
    runs = [(element, next(run)[1]) for element, run in groupby(shown, key=lambda one: one[0])]
    begins = [0, *(begin for _, begin in runs[1:]), track.frames * 1000 // track.rate]
    for number, (element, _) in enumerate(runs):
        yield Moment(number + 1, element, begins[number], begins[number + 1], notes.get(element))


def _around(root: etree._Element) -> dict[str, frozenset[str]]:
    """For each id, itself and the ids of the elements around it."""
    found: dict[str, frozenset[str]] = {}

    def enter(element: etree._Element, outer: frozenset[str]) -> None:
        own = element.get("id")
        inner = outer | {own} if own else outer
        if own:
            found[own] = inner
        for child in element:
            enter(child, inner)

    enter(root, frozenset())
    return found


def _notes(root: etree._Element) -> dict[str, str]:
    """The note that each id stands in; of notes in notes the outermost."""
    found: dict[str, str] = {}
    for note in root.iter(f"{{{XHTML}}}div"):
        if NOTE in note.get("class", "").split() and note.get("id"):
            for element in note.iter(etree.Element):
                if element.get("id"):
                    found.setdefault(element.get("id", ""), note.get("id", ""))
    return found


def points_of(parts: Sequence[Part], root: etree._Element) -> tuple[Point, ...]:
    """The navigation in the order of hearing: headings and notes, and each part that begins with neither.

    No level is skipped, as 2.1.3 of the specification wants it.
    """
    titles = {id: (heading, _level(heading)) for heading in _headings(root) for id in _ids(heading)}
    labels = {note.get("id", ""): _label(note) for note in root.iter(f"{{{XHTML}}}div") if NOTE in _classes(note)}
    found: list[Point] = []
    told: set[object] = set()
    for part in parts:
        for moment in part.moments:
            heading, level = titles.get(moment.element, (None, 0))
            if heading is not None and moment.note is None and heading not in told:
                told.add(heading)
                found.append(Point("heading", level, _words(heading), part, moment))
            elif moment.note is not None and moment.note not in told:
                told.add(moment.note)
                found.append(Point("note", 0, labels[moment.note], part, moment))
            elif moment.number == 1:
                found.append(Point("heading", 1, part.title, part, moment))
    return tuple(_stepwise(found))


def _stepwise(points: Sequence[Point]) -> Iterator[Point]:
    above = 0
    for point in points:
        if point.kind == "heading":
            above = min(point.level, above + 1)
            yield replace(point, level=above)
        else:
            yield point


def _headings(root: etree._Element) -> Iterator[etree._Element]:
    return (element for element in root.iter(etree.Element) if element.tag in _HEADINGS)


def _ids(heading: etree._Element) -> Iterator[str]:
    return (id for element in heading.iter(etree.Element) if (id := element.get("id")))


def _level(heading: etree._Element) -> int:
    return int(str(heading.tag)[-1])


def _classes(element: etree._Element) -> list[str]:
    return element.get("class", "").split()


def _label(note: etree._Element) -> str:
    """What a note is called: “Note 3”, a footnote's number."""
    numbers = {"note-number", "footnote-number"}
    named = (element for element in note.iter(etree.Element) if numbers & set(_classes(element)))
    found = next(named, None)
    return _words(found) if found is not None else ""


def _words(element: etree._Element) -> str:
    """The words of a heading, calls of notes left out, pictures and formulas told."""
    return " ".join("".join(_told(element)).split())


def _told(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if etree.QName(child).localname == "img":
            yield f" {child.get('alt', '')} "
        elif "call" not in _classes(child):
            yield from _told(child)
        yield child.tail or ""
