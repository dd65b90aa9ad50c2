"""Holds the notes that an EPUB carries as data against the source, and against the book's own footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from uuid import NAMESPACE_URL, uuid5

from publisher.model.blocks import CodeBlock, Worded, walk
from publisher.model.book import FoundAnnotation, FoundAnnotations
from publisher.model.inlines import OBJECT, told_text
from publisher.model.publication import Note, Publication
from publisher.verification.compare import longest_increasing
from publisher.verification.normalise import normalise
from publisher.verification.pages import Fault

_MARKS = re.compile(r"^(?:•|\d+\.)\s+", re.MULTILINE)


def annotation_faults(found: FoundAnnotations | None, publication: Publication) -> Iterator[Fault]:
    """What is wrong with the notes as data: missing, added, doubled, out of order, or saying something else."""
    notes = {note.id: note for note in publication.notes}
    if found is None:
        if notes:
            message = f"holds none of its {len(notes)} notes as data (META-INF/annotations.json); build it again"
            yield "annotation-missing", message, None, None
        return
    there: dict[str, FoundAnnotation] = {}
    for item in found.items:
        if item.note not in notes:
            yield (
                "annotation-added",
                f"has an annotation {item.id} of no note: {item.note or 'it names none'}",
                None,
                None,
            )
        elif item.note in there:
            yield "annotation-added", f"has the note {item.note} as data twice", item.note, None
        else:
            there[item.note] = item
    for id, note in notes.items():
        if id not in there:
            yield "annotation-missing", f"does not hold the note {id} as data", id, None
        else:
            for problem in _altered(there[id], note, publication, found.generated):
                yield "annotation-altered", f"has the note {id} as data otherwise: {problem}", id, None
    if publication.metadata.identifier not in found.about:
        yield "annotation-altered", "holds annotations of another publication", None, None
    yield from _in_order(list(there), found.footnotes)


def _in_order(there: Sequence[str], footnotes: Sequence[str]) -> Iterator[Fault]:
    """Annotations stand in the order of the book's footnotes."""
    places = {id: place for place, id in enumerate(footnotes)}
    known = [id for id in there if id in places]
    kept = set(longest_increasing([places[id] for id in known]))
    for id in known:
        if places[id] not in kept:
            yield "annotation-order", f"has the note {id} as data out of the footnotes' order", id, None
    for id in there:
        if id not in places:
            yield "annotation-altered", f"has the note {id} as data, but not as a footnote", id, None


def _altered(found: FoundAnnotation, note: Note, publication: Publication, generated: str) -> Iterator[str]:
    """In which ways an annotation differs from its note. One without a date is as old as the whole set."""
    id = uuid5(NAMESPACE_URL, f"{publication.metadata.identifier}#{note.id}").urn
    if found.id != id:
        yield f"its id is {found.id}, not {id}"
    if found.creator != note.by.name:
        yield f"it is by {found.creator or 'nobody'}, not by {note.by.name}"
    day = note.date.isoformat() if note.date else generated[:10]
    if found.created[:10] != day:
        yield f"it was made on {found.created or 'no day'}, not on {day}"
    if found.motivation != "commenting":
        yield f"its motivation is {found.motivation or 'not given'}, not commenting"
    if found.lang.lower() != note.lang.lower():
        yield f"its language is {found.lang or 'not given'}, not {note.lang}"
    if note.kind not in found.tags:
        yield f"its tags do not tell its kind, {note.kind}"
    if _plain(found.text) != _plain(_words(note)):
        yield f"it reads “{_short(found.text)}”"
    yield from _misplaced(found, note)


def _words(note: Note) -> str:
    """All that a note says, block by block."""
    said = []
    for node in walk(note.blocks):
        if isinstance(node, Worded):
            said.append(told_text(node.inlines))
        elif isinstance(node, CodeBlock):
            said.append(node.code)
    return "\n".join(said)


def _plain(text: str) -> str:
    """Words without the marks of lists."""
    return normalise(_MARKS.sub("", text))


def _misplaced(found: FoundAnnotation, note: Note) -> Iterator[str]:
    """Whether the selectors lead to the words that the note is on."""
    if found.problem:
        yield found.problem
        return
    if note.target.element is not None:
        if found.on != note.target.element:
            yield f"it is on {found.on or 'nothing'}, not on {note.target.element}"
        return
    wanted = _spaced(note.target.quote)
    for words in (found.selected, found.quoted):
        if words is None:
            yield "nothing selects its words"
        elif _spaced(words) != wanted:
            yield f"it is on “{_short(words)}”, not on “{_short(note.target.quote)}”"


def _spaced(text: str) -> str:
    """Words as they are compared, whatever stands for formulas and pictures aside."""
    return normalise(text.replace(OBJECT, " ").replace("\n", " "))


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 80 else words[:79] + "…"
