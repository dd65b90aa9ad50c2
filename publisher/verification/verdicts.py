"""What verifying an edition found: a verdict for every file, every finding, and where each unit stands in each file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from publisher.model.artefacts import Artefact, Unit
from publisher.model.extract import Evidence
from publisher.model.findings import Finding, Severity
from publisher.model.publication import Publication
from publisher.model.source import Position
from publisher.verification.checks import Comparison, Discrepancy
from publisher.verification.conformance import Examination
from publisher.verification.coverage import BOOKS


class Verdict(Enum):
    """What may be said of a file, or of a whole edition."""

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    NOT_VERIFIED = "not verified"


@dataclass(frozen=True)
class Verified:
    """One file of a build. `comparison` is None for what carries no text of its own (a style sheet, a font) and for
    what could not be read; `reason` then says why it is not verified. `sound` is how that is known which sounds in a
    file of text; `opinion` what a second opinion said of the sound, in words."""

    artefact: Artefact
    comparison: Comparison | None
    discrepancies: tuple[Discrepancy, ...] = ()
    reason: str = ""
    sound: Evidence | None = None
    opinion: str = ""

    @property
    def textual(self) -> bool:
        """Whether it says anything, so that it has to agree with the source."""
        return self.comparison is not None or bool(self.reason)

    @property
    def evidence(self) -> Evidence | None:
        """How what it says is known."""
        return self.comparison.extract.evidence if self.comparison else None

    @property
    def verdict(self) -> Verdict:
        """Nothing is called consistent that was not read, nor on the artefact's own word alone."""
        if any(one.finding.severity is Severity.ERROR for one in self.discrepancies):
            return Verdict.INCONSISTENT
        if self.reason or Evidence.DECLARED in (self.evidence, self.sound):
            return Verdict.NOT_VERIFIED
        return Verdict.CONSISTENT

    @property
    def grade(self) -> str:
        """The evidence in words: that for its text and, where it has one of its own, that for its sound."""
        words = self.evidence.value if self.evidence else ""
        return f"{words}, sound {self.sound.value}" if self.sound else words

    @property
    def errors(self) -> int:
        """How many errors were found in it."""
        return sum(1 for one in self.discrepancies if one.finding.severity is Severity.ERROR)

    @cached_property
    def held(self) -> frozenset[str]:
        """The ids of the units that it must hold."""
        return frozenset(unit.id for unit in self.comparison.expected) if self.comparison else frozenset()

    @cached_property
    def faulty(self) -> frozenset[str | None]:
        """The ids of the units that something is wrong with."""
        return frozenset(one.unit for one in self.discrepancies)

    def proven(self, part: str | None = None) -> int:
        """How many of the units that it must hold (those of a part) were found in it without fault."""
        if self.comparison is None:
            return 0
        return sum(
            1
            for unit in self.comparison.expected
            if part in (None, unit.part) and unit.id in self.comparison.places and unit.id not in self.faulty
        )

    def expected(self, part: str | None = None) -> int:
        """How many units (of a part) it must hold."""
        return sum(1 for unit in self.comparison.expected if part in (None, unit.part)) if self.comparison else 0


@dataclass(frozen=True, slots=True)
class Listening:
    """What hearing found: for each audio file its verdict, for each EPUB with overlays what is wrong with its sound,
    how that is known, and what a second opinion said of it; and what there is to say about people's recordings."""

    files: Mapping[str, Verified] = field(default_factory=dict)
    overlays: Mapping[str, tuple[Discrepancy, ...]] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    opinions: Mapping[str, str] = field(default_factory=dict)
    recorded: tuple[Discrepancy, ...] = ()


def sounds(artefact: Artefact) -> bool:
    """Whether a file has a sound to be heard, or says when words sound."""
    if artefact.format in BOOKS:
        return artefact.alone
    return artefact.format == "audio" or artefact.variant == "read-aloud"


@dataclass(frozen=True, slots=True)
class Verification:
    """An edition verified. `discrepancies` hold those of all files and of the edition as a whole, errors first.

    `root` is the folder that holds the edition's: a report names sources below it, the same on every machine.
    `examinations` are those by outside validators, empty where they were not asked.
    """

    name: str
    publication: Publication
    files: tuple[Verified, ...]
    discrepancies: tuple[Discrepancy, ...]
    units: tuple[Unit, ...]
    positions: Mapping[str, Position]
    root: str = ""
    examinations: tuple[Examination, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings alone."""
        return tuple(one.finding for one in self.discrepancies)

    @property
    def verdict(self) -> Verdict:
        """Consistent only where every file that says anything is."""
        if any(one.finding.severity is Severity.ERROR for one in self.discrepancies):
            return Verdict.INCONSISTENT
        unsure = any(file.verdict is Verdict.NOT_VERIFIED for file in self.files)
        return Verdict.NOT_VERIFIED if unsure else Verdict.CONSISTENT

    @property
    def texts(self) -> tuple[Verified, ...]:
        """The files that say anything."""
        return tuple(file for file in self.files if file.textual)

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity."""
        return {one.value: sum(1 for finding in self.findings if finding.severity is one) for one in Severity}

    @property
    def all_units(self) -> list[Unit]:
        """Every unit of the edition, with those that only single files hold (figures on the plain page) at the end."""
        expected = (unit for file in self.texts if file.comparison for unit in file.comparison.expected)
        found = {unit.id: unit for unit in expected} | {unit.id: unit for unit in self.units}
        order = {unit.id: number for number, unit in enumerate(self.units)}
        return sorted(found.values(), key=lambda unit: order.get(unit.id, len(order)))

    def path(self, position: Position) -> str:
        """A position's file, below the root."""
        return position.path.removeprefix(f"{self.root}/") if self.root else position.path

    def places(self, unit: str) -> dict[str, str]:
        """Where a unit stands, by the file's name."""
        found = ((file.artefact.name, file.comparison.places.get(unit)) for file in self.files if file.comparison)
        return {name: place for name, place in found if place is not None}
