"""Holds one artefact against its source: every disagreement becomes a finding that names where to look.

The ids of the checks are stable: `unit-…` for words, `alternative-…` for what pictures say, `note-…`, `link-…`,
`contents-…`, `metadata-…`. Severity is always error: a difference between an artefact and its source is never a matter
of taste.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from publisher.model.artefacts import Unit
from publisher.model.extract import Extract
from publisher.model.findings import Finding
from publisher.verification.case import Case, Source, open_case, source_of
from publisher.verification.contents import check_contents
from publisher.verification.coverage import Coverage
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.links import check_links
from publisher.verification.metadata import check_metadata
from publisher.verification.notes import check_notes
from publisher.verification.stated import check_facts
from publisher.verification.surroundings import check_surroundings
from publisher.verification.wording import check_units

__all__ = ["Comparison", "Discrepancy", "Source", "hold_against", "source_of"]

_CHECKS: tuple[Callable[[Case], Iterator[Discrepancy]], ...] = (
    check_units,
    check_surroundings,
    check_notes,
    check_links,
    check_contents,
    check_facts,
    check_metadata,
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One artefact held against the source: what it had to hold, where each unit was found, and what disagrees."""

    artefact: str
    coverage: Coverage
    extract: Extract
    expected: tuple[Unit, ...]
    places: Mapping[str, str]
    discrepancies: tuple[Discrepancy, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings alone."""
        return tuple(discrepancy.finding for discrepancy in self.discrepancies)


def hold_against(extract: Extract, source: Source, coverage: Coverage) -> Comparison:
    """Compare all that was found in one artefact with all that it must hold."""
    case = open_case(extract, source, coverage)
    discrepancies = tuple(found for check in _CHECKS for found in check(case))
    return Comparison(extract.path, coverage, extract, case.expected, case.places, discrepancies)
