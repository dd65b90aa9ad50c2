"""The words around the text: none from elsewhere, and every note labelled with what is its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from publisher.model.extract import Fact
from publisher.verification.case import Case, quoted
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.labels import NUMBER, SIGNED, Names, words_alone

_ORDINAL = re.compile(r"\s*\(\d+\)$")
_DIVIDED = re.compile(r"(?<=\w)[-\u00ad\u2010]\s*$")
"""The end of a line that divides a word."""
_PIECES = 12
"""Pieces that one line of a page's furniture may be painted in at most: a font for each script, a line's end."""


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
        # Several ways back from one note are told apart by numbers.
        if link.back and not vocabulary.holds(_ORDINAL.sub("", link.text)):
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
    for fact in (fact for fact in case.extract.facts if fact.kind == "otherwise"):
        message = f"what a page shows is told otherwise: {fact.value}"
        yield case.of_unit("unit-added", message, None, fact.place, fact.value)
    strange: list[Fact] = []
    for fact in _held_by_none([fact for fact in case.extract.facts if fact.kind == "artifact"], case.source.names):
        if strange and strange[-1].place != fact.place:
            yield _strange(case, strange)
            strange = []
        strange.append(fact)
    if strange:
        yield _strange(case, strange)


def _strange(case: Case, pieces: Sequence[Fact]) -> Discrepancy:
    text = " ".join(piece.value.strip() for piece in pieces)
    message = f"what a page shows beside its text stands in no source: {quoted(text)}"
    return case.of_unit("unit-added", message, None, pieces[0].place, text)


def _held_by_none(artifacts: Sequence[Fact], names: Names) -> Iterator[Fact]:
    """The pieces that are none of a name, nor with those after them."""
    at = 0
    while at < len(artifacts):
        texts = [fact.value for fact in artifacts[at : at + _PIECES]]
        held = next((n for n in range(len(texts), 0, -1) if names.hold(_joined(texts[:n]))), 0)
        if not held:
            yield artifacts[at]
        at += held or 1


def _joined(texts: Sequence[str]) -> str:
    """Pieces of a line as one: a hyphen at the end of one divides a word."""
    return "".join(_DIVIDED.sub("", text) for text in texts)
