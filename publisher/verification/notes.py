"""The notes: each there, called from where it belongs, with a way back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from publisher.model.extract import FoundLink, FoundNote
from publisher.verification.case import Case
from publisher.verification.compare import longest_increasing
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.normalise import normalise
from publisher.verification.ties import ExpectedCall, ExpectedNote


def check_notes(case: Case) -> Iterator[Discrepancy]:
    """Notes without their calls, calls elsewhere or out of order, notes without a way back."""
    held = {case.other_names.get(note.id, note.id): note for note in case.extract.notes}
    calls = [link for link in case.extract.links if link.calls]
    if not (held or calls or case.coverage.marks_notes):
        return
    shown = case.shown
    for note in case.source.ties.notes:
        if note.id not in case.must:
            continue
        found = held.get(note.id)
        if found is None:
            yield case.of_note(note, "note-missing", f"note {note.id} is not marked as a note")
        elif found.id != note.id:
            yield from _strange(case, note, found)
        else:
            yield from _tied(case, note, found, shown)
    yield from _calls_in_order(case, calls, shown)


def _tied(case: Case, note: ExpectedNote, found: FoundNote, shown: frozenset[str]) -> Iterator[Discrepancy]:
    for call in note.calls:
        if not _called_here(case, call, shown):
            continue
        if call not in found.calls:
            message = f"note {note.id} is not called where it belongs, at {call}"
            yield case.of_note(note, "note-call-missing", message)
        if call not in found.backlinks:
            message = f"note {note.id} has no way back to {call}"
            yield case.of_note(note, "note-backlink-missing", message, found.place)
    for call in found.calls:
        if call not in note.calls:
            message = f"note {note.id} is called from {call or 'a place'}, which calls another note or none"
            yield case.of_note(note, "note-call-added", message, found.place)


def _strange(case: Case, note: ExpectedNote, found: FoundNote) -> Iterator[Discrepancy]:
    """A note that goes by another name has calls of other names too: they are only counted."""
    if not found.calls:
        yield case.of_note(note, "note-call-missing", f"note {note.id} is not called", found.place)
    if not found.backlinks:
        yield case.of_note(note, "note-backlink-missing", f"note {note.id} has no way back", found.place)


def _called_here(case: Case, call: str, shown: frozenset[str]) -> bool:
    """Whether the artefact holds the unit that a footnote's call stands in; notes are called from the text."""
    belongs = case.source.ties.calls.get(call)
    return belongs is None or belongs.loose or belongs.unit in shown


def _kind(note: ExpectedNote) -> str:
    """`note` or `footnote`: each kind is numbered through."""
    return note.series.partition(" ")[0]


def _calls_in_order(case: Case, calls: Sequence[FoundLink], shown: frozenset[str]) -> Iterator[Discrepancy]:
    """Calls stand in the order of their notes' numbers, and where they belong."""
    for kind in dict.fromkeys(_kind(note) for note in case.source.ties.notes):
        notes = [note for note in case.source.ties.notes if _kind(note) == kind and note.id in case.must]
        notes.sort(key=lambda note: note.number)
        first_calls = [call for note in notes for call in note.calls[:1]]
        numbers = {call: number for number, call in enumerate(first_calls) if _called_here(case, call, shown)}
        there = [link for link in calls if link.id in numbers]
        kept = set(longest_increasing([numbers[link.id or ""] for link in there]))
        owners = {call: note for note in notes for call in note.calls}
        for link in (link for link in calls if link.id in owners):
            owner, number = owners[link.id or ""], numbers.get(link.id or "")
            if number is not None and number not in kept:
                yield case.of_note(owner, "note-order", f"the call of {owner.id} is out of order", link.place)
            elif belongs := case.source.ties.calls.get(link.id or ""):
                yield from _where_it_belongs(case, owner, link, belongs, shown)


def _where_it_belongs(
    case: Case, owner: ExpectedNote, link: FoundLink, belongs: ExpectedCall, shown: frozenset[str]
) -> Iterator[Discrepancy]:
    """A call stands in its block, after its words; that of a note on a whole element, inside it."""
    if link.unit is None or link.unit not in shown:
        return
    if belongs.within:
        if link.unit not in belongs.within:
            message = f"the call of {owner.id} stands in {link.unit}, outside what the note is on"
            yield case.of_note(owner, "note-order", message, link.place)
    elif link.unit != belongs.unit:
        message = f"the call of {owner.id} stands in {link.unit}, not in {belongs.unit}"
        yield case.of_note(owner, "note-order", message, link.place)
    elif link.before is not None and link.unit in case.as_written and not _after(link.before, belongs):
        there, wanted = (" ".join(normalise(text).split(" ")[-5:]) for text in (link.before, belongs.before))
        message = f"the call of {owner.id} stands after “{there}”, not after “{wanted}”"
        yield case.of_note(owner, "note-order", message, link.place)


def _after(before: str, belongs: ExpectedCall) -> bool:
    there, wanted = ("".join(normalise(text.replace("\ufffc", " ")).split()) for text in (before, belongs.before))
    if not belongs.loose:
        return there == wanted
    return there.startswith(wanted) and not re.search(r"\w", there[len(wanted) :])
