"""The words around the text: none from elsewhere, and every note labelled with what is its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.verification.case import Case, quoted
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.labels import NUMBER, SIGNED, words_alone

_DIVIDED = re.compile(r"(?<=\w)[-\u00ad\u2010]\s*$")
"""The end of a line that divides a word."""


def check_surroundings(case: Case) -> Iterator[Discrepancy]:
    """Words around the text that come from nowhere; notes with other labels than theirs."""
    if not case.coverage.furniture:
        return
    vocabulary = case.source.vocabulary
    around = [unit for unit in case.extract.units if unit.furniture]
    for found in around:
        if not vocabulary.holds(found.text):
            message = f"a {found.role.value} around the text stands in no source: {quoted(found.text)}"
            yield case.of_unit("unit-added", message, None, found.place, found.text)
    for link in case.extract.links:
        if link.back and not vocabulary.holds(link.text):
            message = f"a way back from a note stands in no source: {quoted(link.text)}"
            yield case.of_unit("unit-added", message, None, link.place, link.text)
    yield from _marks(case)
    yield from _seen_alone(case)
    # What a style sheet hides is told to nobody.
    said = {(unit.note, words_alone(unit.text)) for unit in around if unit.note and not unit.hidden}
    labelled = {note.id for note in case.extract.notes} if any(unit.note for unit in around) else set()
    owners = {note.id: note for note in case.source.ties.notes}
    for label in case.source.labels:
        if label.what == SIGNED and "signed" in case.extract.tells:
            continue  # held to as a fact
        if label.what == NUMBER and case.coverage.word:
            continue  # Word counts footnotes itself
        if label.note in labelled and (label.note, words_alone(label.text)) not in said:
            message = f"note {label.note} does not tell its {label.what}, {quoted(label.text)}"
            yield case.of_note(owners[label.note], "note-label", message)
    for note in case.extract.notes:
        announced = case.source.announced.get(note.id)
        if note.name and announced and words_alone(note.name) != announced:
            message = f"note {note.id} is announced as {quoted(note.name)}, not {quoted(announced)}"
            yield case.of_note(owners[note.id], "note-label", message, note.place)


def _marks(case: Case) -> Iterator[Discrepancy]:
    """The marks that call notes show their numbers."""
    owners = {call: note for note in case.source.ties.notes for call in note.calls}
    for link in case.extract.links:
        owner = owners.get(link.id or "")
        if (
            link.calls
            and owner
            and (link.text or not case.coverage.word)
            and words_alone(link.text) != case.source.marks[owner.id]
        ):
            message = f"the mark of {owner.id} shows “{link.text}”, not {case.source.marks[owner.id]}"
            yield case.of_note(owner, "note-label", message, link.place)


def _seen_alone(case: Case) -> Iterator[Discrepancy]:
    """What a page shows to eyes alone: names of the edition and of its parts, numbers of pages; nothing that is told
    otherwise to those who listen."""
    begun = ""
    for fact in case.extract.facts:
        if fact.kind == "otherwise":
            message = f"what a page shows is told otherwise: {fact.value}"
            yield case.of_unit("unit-added", message, None, fact.place, fact.value)
        elif fact.kind == "artifact":
            text = begun + fact.value
            divided = _DIVIDED.search(text)
            begun = text[: divided.start()] if divided else ""
            if not divided and not case.source.names.hold(text):
                yield _strange(case, text, fact.place)
    if begun and not case.source.names.hold(begun):
        yield _strange(case, begun, None)


def _strange(case: Case, text: str, place: str | None) -> Discrepancy:
    message = f"what a page shows beside its text stands in no source: {quoted(text)}"
    return case.of_unit("unit-added", message, None, place, text)
