"""The edition that artefacts are held against, one artefact held against it, and how its faults are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from publisher.model.artefacts import Unit
from publisher.model.extract import Extract, Found
from publisher.model.findings import Finding, Severity
from publisher.model.publication import Publication
from publisher.model.source import Position
from publisher.verification.compare import match
from publisher.verification.coverage import Coverage, expected_units, notes_of
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.expected import units
from publisher.verification.labels import Label, Names, Vocabulary, labels, marks, names_of_notes
from publisher.verification.normalise import normalise
from publisher.verification.ties import ExpectedNote, Ties, ties


@dataclass(frozen=True, slots=True)
class Source:
    """The edition with what holds its units together, worked out once for all artefacts."""

    publication: Publication
    ties: Ties
    vocabulary: Vocabulary
    labels: tuple[Label, ...]
    marks: Mapping[str, str]
    announced: Mapping[str, str]
    names: Names
    series: Mapping[str, str] = field(default_factory=dict)


def source_of(publication: Publication, offered: Iterable[str] = ()) -> Source:
    """The edition as artefacts are held against it. `offered` are names and purposes of the files that it offers."""
    held = ties(publication)
    by_note = {note.id: note.series for note in held.notes}
    series = {unit: by_note[note] for unit, note in held.holders.items()}
    said = units(publication)
    vocabulary = Vocabulary(publication, said, offered)
    cells = {fact.unit for fact in held.facts if fact.kind == "cell"}
    return Source(
        publication,
        held,
        vocabulary,
        tuple(labels(publication)),
        marks(publication),
        names_of_notes(publication),
        Names((*vocabulary.lines, *(normalise(unit.text) for unit in said if unit.id in cells))),
        series,
    )


@dataclass(frozen=True, slots=True)
class Case:
    """One artefact with all that its checks need.

    `matches` leads from the number of an expected unit to that of what was found for it; `there` are the ids of the
    units found by their own ids, `as_written` those of them with the words that they should have, and `ours` whether
    most were; `must` and `shown` are the notes and the units that it must hold; `other_names` leads from the ids that
    its notes go by to ours.
    """

    extract: Extract
    source: Source
    coverage: Coverage
    expected: tuple[Unit, ...]
    matches: Mapping[int, int]
    there: frozenset[str]
    as_written: frozenset[str]
    ours: bool
    must: frozenset[str]
    other_names: Mapping[str, str]
    shown: frozenset[str]

    @property
    def places(self) -> dict[str, str]:
        """Where each unit was found, by its id."""
        return {self.expected[number].id: self.extract.units[at].place for number, at in self.matches.items()}

    def of_unit(self, check: str, message: str, unit: Unit | None, place: str | None, found: str | None) -> Discrepancy:
        """A fault of a unit's words, or of words that no unit has."""
        position = self.source.ties.positions.get(unit.id) if unit else None
        if unit and unit.part == "front":
            position = front_matter(self.source.publication)
        at = f" (at {place})" if place else ""
        finding = self._finding(check, f"{message}{at}", unit.id if unit else None, position)
        part, text = (unit.part, unit.text) if unit else (None, None)
        return Discrepancy(finding, self.extract.path, unit.id if unit else None, part, place, text, found)

    def of_note(self, note: ExpectedNote, check: str, message: str, place: str | None = None) -> Discrepancy:
        """A fault of a note or of what leads to it."""
        finding = self._finding(check, message, note.id, self.source.ties.positions.get(note.id))
        return Discrepancy(finding, self.extract.path, note.id, note.series.split()[0], place)

    def of_id(
        self, check: str, message: str, id: str | None, place: str | None, *, expected: str | None, found: str | None
    ) -> Discrepancy:
        """A fault of something known by an id: a picture, an item, a counterpart."""
        finding = self._finding(check, message, id, self.source.ties.positions.get(id or ""))
        return Discrepancy(finding, self.extract.path, id, None, place, expected, found)

    def of_metadata(self, check: str, message: str, expected: str, found: str) -> Discrepancy:
        """A fault of what the artefact says of itself."""
        finding = self._finding(check, message, None, front_matter(self.source.publication))
        return Discrepancy(finding, self.extract.path, None, "front", "metadata", expected, found)

    def _finding(self, check: str, message: str, unit: str | None, position: Position | None) -> Finding:
        where = f"{self.extract.path} {unit}" if unit else self.extract.path
        told = f"{self.extract.path}: {message}; {self.coverage.remedy}"
        return Finding(check, Severity.ERROR, told, position, where)


def open_case(extract: Extract, source: Source, coverage: Coverage) -> Case:
    """Find each unit that the artefact must hold, and what it goes by."""
    expected = expected_units(source.publication, coverage, source.ties)
    matches = match(expected, extract.units)
    known = [number for number, at in matches.items() if expected[number].id == extract.units[at].id]
    return Case(
        extract,
        source,
        coverage,
        expected,
        matches,
        frozenset(expected[number].id for number in known),
        frozenset(expected[number].id for number in known if _same(expected[number], extract.units[matches[number]])),
        len(known) * 2 > len(matches),
        notes_of(source.publication, coverage, source.ties),
        _other_names(expected, extract, matches, source),
        frozenset(unit.id for unit in expected),
    )


def _same(unit: Unit, found: Found) -> bool:
    return normalise(unit.text) == normalise(found.text)


def front_matter(publication: Publication) -> Position | None:
    """Where the front matter stands: at the head of the file that the first block is in."""
    first = next(iter(publication.blocks()), None)
    return Position(first.position.path, 1) if first else None


def quoted(text: str) -> str:
    """The first words of a text, for a message."""
    words = normalise(text).split(" ")
    return f"“{' '.join(words[:14])}{' …' if len(words) > 14 else ''}”"


def _other_names(
    expected: Sequence[Unit], extract: Extract, matches: Mapping[int, int], source: Source
) -> dict[str, str]:
    """The notes of an artefact that go by ids that the source does not know, by what stands in them."""
    ours = {note.id for note in source.ties.notes}
    names: dict[str, str] = {}
    for number, at in matches.items():
        holder, note = source.ties.holders.get(expected[number].id), extract.units[at].note
        if holder and note and note not in ours:
            names.setdefault(note, holder)
    return names
