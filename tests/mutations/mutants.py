"""Mutants: copies of an artefact with one thing wrong, and whether verification names it.

An operator changes the artefact itself, never its source. A mutant is killed where verification tells one of the
checks that the operator `expects`; any other finding, or none, lets it survive.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from publisher.model.artefacts import Artefact, Unit
from publisher.model.extract import Extract
from publisher.verification.checks import Source, hold_against
from publisher.verification.coverage import Coverage, expected_units
from publisher.verification.verdicts import Verified
from publisher.verifying.books import with_books

T = TypeVar("T")


class Nothing(Exception):  # noqa: N818 - no error: an operator has found nothing to spoil
    """There is nothing to spoil."""


class Chance(Random):
    """Chooses by a seed; raises Nothing where there is nothing to choose from."""

    def choice(self, seq: Sequence[T]) -> T:
        if not len(seq):
            raise Nothing
        return super().choice(seq)

    def sample(self, population: Sequence[T], k: int, **more: Any) -> list[T]:
        if k > len(population):
            raise Nothing
        return super().sample(population, k, **more)

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        if start >= stop if stop is not None else start <= 0:
            raise Nothing
        return super().randrange(start, stop, step)


@dataclass(frozen=True, eq=False)
class Subject:
    """An artefact that operators work on: where it is, what it is held against, the units that it holds.

    `column` is what its mutants count as: `epub`, `html`, `pdf`, `docx`, `mp3`, `m4b`, `vtt`, `overlay`.
    """

    edition: str
    column: str
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

    def place(self, folder: Path) -> Path:
        """Where in a folder a mutant goes; a page has the files beside it that it shows and leads to."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.column == "html":
            for other in self.path.parent.iterdir():
                if other != self.path and not (folder / other.name).exists():
                    (folder / other.name).symlink_to(other)
        return folder / self.path.name


@dataclass(frozen=True, eq=False)
class BookSubject(Subject):
    """An EPUB, whose page list is held against the PDF of the same build, `printed`, where there is one."""

    artefact: Artefact
    printed: Verified | None

    def checks(self, path: Path) -> set[str]:
        comparison = hold_against(self.read(path), self.source, self.coverage)
        book = Verified(self.artefact, comparison, comparison.discrepancies)
        files = [book, *([self.printed] if self.printed else [])]
        verified, *_ = with_books(files, path.parent, self.source.publication)
        return {one.finding.check for one in verified.discrepancies}


@dataclass(frozen=True)
class Operator:
    """One way to spoil an artefact. `mutate` gives the bytes of a mutant, or None where there is nothing to spoil."""

    name: str
    expects: frozenset[str]
    mutate: Callable[[Subject, Random], bytes | None]


@dataclass
class Tally:
    """Killed and made by operator and column; the checks that killed, by column; survivors in words."""

    killed: Counter[tuple[str, str]] = field(default_factory=Counter)
    made: Counter[tuple[str, str]] = field(default_factory=Counter)
    checks: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    survivors: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count what another hunt has brought in."""
        self.killed.update(other.killed)
        self.made.update(other.made)
        for column, checks in other.checks.items():
            self.checks[column].update(checks)
        self.survivors = sorted([*self.survivors, *other.survivors])

    @property
    def operators(self) -> list[str]:
        return sorted({operator for operator, _ in self.made})

    @property
    def columns(self) -> list[str]:
        return sorted({column for _, column in self.made})

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Operators against columns, killed of made; the sums at the end."""
        for operator in self.operators:
            yield operator, *(self._cell([(operator, column)]) for column in self.columns)
        yield "all", *(self._cell([key for key in self.made if key[1] == column]) for column in self.columns)

    def _cell(self, keys: list[tuple[str, str]]) -> str:
        made = sum(self.made[key] for key in keys)
        return f"{sum(self.killed[key] for key in keys)}/{made}" if made else ""

    @property
    def sum(self) -> str:
        """`1234 killed of 1234 mutants, by 105 operators`."""
        killed, made = sum(self.killed.values()), sum(self.made.values())
        return f"{killed} killed of {made} mutants, by {len(self.operators)} operators"

    def table(self) -> Iterator[str]:
        """The rows, for a terminal."""
        width = max(map(len, self.operators), default=0)
        for name, *cells in (("", *self.columns), *self.rows()):
            yield " ".join([name.ljust(width), *(cell.rjust(9) for cell in cells)]).rstrip()
        yield self.sum


def hunt(subject: Subject, operator: Operator, scratch: Path, *, times: int, seed: int) -> Tally:
    """Make at most `times` mutants of a subject with an operator; none where it cannot spoil it.

    What comes out depends on the arguments alone. Survivors are kept in `scratch`/survivors.
    """
    tally = Tally()
    seen = {sha256(subject.path.read_bytes()).digest()}
    for number in range(times):
        random = Chance(f"{seed} {subject.edition} {subject.path.name} {operator.name} {number}")
        try:
            mutant = operator.mutate(subject, random)
        except Nothing:
            continue
        if mutant is None or sha256(mutant).digest() in seen:
            continue
        seen.add(sha256(mutant).digest())
        path = subject.place(scratch / subject.edition / f"{subject.path.stem}-{subject.column}")
        path.write_bytes(mutant)
        told = subject.checks(path)
        tally.made[operator.name, subject.column] += 1
        if right := told & operator.expects:
            tally.killed[operator.name, subject.column] += 1
            tally.checks[subject.column].update(right)
            continue
        kept = scratch / "survivors" / f"{operator.name}-{subject.edition}-{number}-{subject.path.name}"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(mutant)
        tally.survivors.append(
            f"{operator.name}: {subject.edition}, {subject.path.name} as {subject.column} #{number}: "
            f"told {', '.join(sorted(told)) or 'nothing'}, not {' or '.join(sorted(operator.expects))}"
        )
    return tally
