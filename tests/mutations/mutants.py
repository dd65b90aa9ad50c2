"""Mutants: copies of an artefact with one thing wrong, and whether verification names it.

An operator changes the artefact itself, never its source. A mutant is killed where verification tells one of the
checks that the operator `expects`; any other finding, or none, lets it survive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from publisher.model.artefacts import Unit
from publisher.model.extract import Extract
from publisher.verification.checks import Source, hold_against
from publisher.verification.coverage import Coverage, expected_units


@dataclass(frozen=True)
class Subject:
    """An artefact that operators work on: where it is, what it is held against, the units that it holds."""

    edition: str
    path: Path
    source: Source
    coverage: Coverage
    read: Callable[[Path], Extract]

    @property
    def units(self) -> tuple[Unit, ...]:
        return expected_units(self.source.publication, self.coverage)

    def checks(self, path: Path) -> set[str]:
        """The ids of the checks that a file fails, held against this subject's source."""
        comparison = hold_against(self.read(path), self.source, self.coverage)
        return {finding.check for finding in comparison.findings}


@dataclass(frozen=True)
class Operator:
    """One way to spoil an artefact. `mutate` gives the bytes of a mutant, or None where there is nothing to spoil."""

    name: str
    expects: frozenset[str]
    mutate: Callable[[Subject, Random], bytes | None]


@dataclass
class Tally:
    """Killed and made by operator and column; survivors in words."""

    killed: Counter[tuple[str, str]] = field(default_factory=Counter)
    made: Counter[tuple[str, str]] = field(default_factory=Counter)
    survivors: list[str] = field(default_factory=list)

    def table(self) -> Iterator[str]:
        """Operators against columns, killed of made."""
        operators = sorted({operator for operator, _ in self.made})
        columns = sorted({column for _, column in self.made})
        width = max(map(len, operators), default=0)
        yield " ".join([" " * width, *(column.rjust(10) for column in columns)])
        for operator in operators:
            cells = (f"{self.killed[operator, column]}/{self.made[operator, column]}" for column in columns)
            yield " ".join([operator.ljust(width), *(cell.rjust(10) for cell in cells)])
        yield f"{sum(self.killed.values())} killed of {sum(self.made.values())}"


def hunt(
    subjects: Sequence[Subject], operators: Iterable[tuple[str, Operator]], scratch: Path, *, times: int, seed: int
) -> Tally:
    """Make `times` mutants with each operator of each subject that it can spoil. Operators come with their column."""
    tally = Tally()
    operators = tuple(operators)
    for subject in subjects:
        for column, operator in operators:
            if not column.startswith(_kind(subject)):
                continue
            seen: set[bytes] = {subject.path.read_bytes()}
            for number in range(times):
                mutant = operator.mutate(subject, Random(f"{seed} {subject.edition} {operator.name} {number}"))
                if mutant is None or mutant in seen:
                    continue
                seen.add(mutant)
                _try(subject, column, operator, number, mutant, scratch, tally)
    return tally


def _kind(subject: Subject) -> str:
    return subject.path.suffix[1:]


def _try(
    subject: Subject, column: str, operator: Operator, number: int, mutant: bytes, scratch: Path, tally: Tally
) -> None:
    path = scratch / subject.edition / subject.path.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(mutant)
    tally.made[operator.name, column] += 1
    told = subject.checks(path)
    if told & operator.expects:
        tally.killed[operator.name, column] += 1
    else:
        kept = scratch / "survivors" / f"{operator.name}-{subject.edition}-{number}-{path.name}"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(mutant)
        tally.survivors.append(
            f"{operator.name} {subject.edition} {path.name} #{number}: told {sorted(told) or 'nothing'}"
        )
