"""The words around the text: none from elsewhere, and every note labelled with what is its own."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.verification.case import Case, quoted
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.labels import SIGNED, words_alone


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
    # What a style sheet hides is told to nobody.
    said = {(unit.note, words_alone(unit.text)) for unit in around if unit.note and not unit.hidden}
    labelled = {note.id for note in case.extract.notes} if any(unit.note for unit in around) else set()
    owners = {note.id: note for note in case.source.ties.notes}
    for label in case.source.labels:
        if label.what == SIGNED and "signed" in case.extract.tells:
            continue  # held to as a fact
        if label.note in labelled and (label.note, words_alone(label.text)) not in said:
            message = f"note {label.note} does not tell its {label.what}, {quoted(label.text)}"
            yield case.of_note(owners[label.note], "note-label", message)


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
